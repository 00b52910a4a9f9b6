//! A workspace to try things in: made only when the database is empty, and only where the server asks for it.

use std::sync::atomic::Ordering;

use domain::contact::ContactField;
use domain::form::{FormField, FormSettings, NewForm, Registration};
use domain::ids::CampaignId;
use domain::lead::{LeadChange, LeadFilter, LeadSelection};
use domain::{DuplicatePolicy, LeadStatus, PersonField};
use store::team::AccountKind;

use crate::{Actor, Engine, Error, NewWorkspace, Result};

/// How to sign in to the demo workspace.
#[derive(Debug, Clone, Copy)]
pub struct DemoSignIn {
    /// The address.
    pub email: &'static str,
    /// The password.
    pub password: &'static str,
}

const SIGN_IN: DemoSignIn = DemoSignIn { email: "mara@fernhill.example", password: "try-onefold-here" };

const FIRST: &[&str] = &[
    "Hanna", "Oskar", "Inês", "Tuğba", "Declan", "Mireille", "Piotr", "Sanne", "Rafael", "Aoife", "Lukas", "Yuki",
    "Camille", "Henrik", "Beatriz", "Georg", "Maja", "Emil", "Priya", "Tomás",
];
/// More than 35, so that seven hundred people have seven hundred names: namesakes are suspects.
const LAST: &[&str] = &[
    "Bergström",
    "Wieland",
    "Carvalho",
    "Işık",
    "O’Rourke",
    "Aubry",
    "Zawadzki",
    "de Wit",
    "Montoya",
    "Brennan",
    "Steiner",
    "Tanabe",
    "Roussel",
    "Solberg",
    "Lemos",
    "Falk",
    "Novak",
    "Sharma",
    "Oliveira",
    "Keller",
    "Moreau",
    "Lindgren",
    "Costa",
    "Hakimi",
    "Nakagawa",
    "Papadakis",
    "Rasmussen",
    "Szabó",
    "Thorvaldsen",
    "Ibáñez",
    "Maurer",
    "Chevalier",
    "Holmberg",
    "Kaczmarek",
    "Fonseca",
    "Weissmann",
    "Abara",
];
const COMPANY: &[&str] = &[
    "Lumen Foods AB",
    "Kantwerk GmbH",
    "Portomar Logística",
    "Bosfor Tekstil",
    "Tidewell Packaging Ltd",
    "Ateliers Aubry",
    "Zelmet S.A.",
    "Cordillera Foods",
    "Brightwater Ltd",
    "Alpenkorn AG",
    "Minato Parts",
    "Fjordtek AS",
    "Azulejo Norte",
];
const TITLE: &[&str] = &["Head of Operations", "Plant Manager", "Purchasing Lead", "COO", "Quality Lead", "Owner"];

impl Engine {
    /// Makes the demo workspace if the database is empty, lets its account sign in from now on, and says how where there
    /// is one. Only for a server that nobody else reaches: the password is known.
    ///
    /// # Errors
    /// As the database says.
    pub async fn demo(&self) -> Result<Option<DemoSignIn>> {
        self.0.demo.store(true, Ordering::Relaxed);
        if !self.needs_set_up().await? || self.adopts_workspaces().await? {
            let there = self.sign_in(SIGN_IN.email, SIGN_IN.password).await?.is_some();
            return Ok(there.then_some(SIGN_IN));
        }
        let new = NewWorkspace {
            workspace: "Fernhill Labs".to_owned(),
            name: "Mara Lindqvist".to_owned(),
            email: SIGN_IN.email.to_owned(),
            password: SIGN_IN.password.to_owned(),
        };
        let (user, workspace) = self.create_workspace(&new, AccountKind::Demo).await?;
        let actor = Actor {
            user,
            workspace,
            role: domain::Role::Owner,
            user_name: "Mara Lindqvist".to_owned(),
            workspace_name: "Fernhill Labs".to_owned(),
        };
        // three campaigns that hold the same 500 people in part, each in another state
        let archive = self.demo_campaign(&actor, "DACH chemicals, 2025", 0..180, LeadStatus::Done).await?;
        self.demo_campaign(&actor, "Q4 Outreach Campaign", 100..600, LeadStatus::InProgress).await?;
        self.demo_campaign(&actor, "Trade fair follow-up, Nuremberg", 580..700, LeadStatus::ToLaunch).await?;
        self.create_campaign(&actor, "Re-engagement Campaign").await?;
        let some = LeadFilter { search: "Hanna".to_owned(), ..LeadFilter::default() };
        let expected = self.matching(&actor, archive, &some).await?;
        let selection = LeadSelection::Matching { filter: some, expected };
        self.change_leads(&actor, archive, selection, LeadChange::Status(LeadStatus::Interested)).await?;
        self.demo_form(&actor).await?;
        Ok(Some(SIGN_IN))
    }

    /// A form on which some who are leads already registered with a private address: they are duplicate suspects.
    async fn demo_form(&self, actor: &Actor) -> Result<()> {
        let asked = [PersonField::FirstName, PersonField::LastName, PersonField::CompanyName, PersonField::Phone];
        let fields = asked.map(|field| FormField { field: ContactField::Person(field), required: false }).to_vec();
        let settings = FormSettings {
            title: "Our monthly letter".to_owned(),
            intro: "What is new in food packaging, once a month.".to_owned(),
            fields,
            consent: "Yes, write to me once a month.".to_owned(),
            thanks: "See you in your inbox.".to_owned(),
            tags: vec!["Newsletter".to_owned()],
            trusted: false,
        };
        self.add_form(actor, NewForm { name: "Newsletter".to_owned(), campaign: None, settings }).await?;
        let Some(form) = self.list_forms(actor).await?.pop() else { return Ok(()) };
        for i in (110..600).step_by(70) {
            let Some(page) = self.public_form(&form.token).await? else { continue };
            let (first, last, company) = names(i);
            let address = format!("{}@mail{i}.example", local_part(first, last));
            // some say more than others: both surer and less sure suspects
            let number = if i % 20 == 0 { phone(i) } else { String::new() };
            let answers = [
                ("email", &*address),
                ("firstName", first),
                ("lastName", last),
                ("companyName", company),
                ("phone", &number),
            ];
            let answers = answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
            self.register(&form.token, &Registration { nonce: page.nonce, answers, agreed: page.consent_print })
                .await?;
        }
        Ok(())
    }

    async fn matching(&self, actor: &Actor, campaign: CampaignId, filter: &LeadFilter) -> Result<u64> {
        let query = domain::lead::LeadQuery {
            campaign,
            filter: filter.clone(),
            sort: domain::lead::LeadSort::Added,
            reverse: false,
            cursor: None,
        };
        Ok(self.list_leads(actor, &query).await?.matching)
    }

    async fn demo_campaign(
        &self,
        actor: &Actor,
        name: &str,
        people: std::ops::Range<usize>,
        status: LeadStatus,
    ) -> Result<CampaignId> {
        let campaign = self.create_campaign(actor, name).await?;
        let mut file = String::from("Email,First name,Last name,Company,Phone,Job title,Country,Icebreaker\n");
        for i in people {
            file.push_str(&person(i));
        }
        let path = self.upload_path(&format!("demo-{}.csv", campaign.0));
        tokio::fs::write(&path, file).await.map_err(|e| Error::file("The demo file could not be written", &e))?;
        let import = self.new_draft(actor, Some(campaign)).await?;
        self.take_file(actor, import, &path).await?;
        let _ = tokio::fs::remove_file(&path).await;
        self.change_settings(actor, import, |settings| {
            settings.policy = DuplicatePolicy::Campaign;
            settings.status = status;
            settings.tags = vec![name.split(',').next().unwrap_or(name).to_owned()];
        })
        .await?;
        self.run_import_now(actor, import).await?;
        Ok(campaign)
    }
}

/// Given name, family name and company of a person.
fn names(i: usize) -> (&'static str, &'static str, &'static str) {
    (FIRST[i % FIRST.len()], LAST[(i / FIRST.len() + i) % LAST.len()], COMPANY[i % COMPANY.len()])
}

fn phone(i: usize) -> String {
    format!("+46 70 1{:02} {:02} {:02}", i / 100 % 100, i % 100, i * 7 % 100)
}

fn local_part(first: &str, last: &str) -> String {
    matching::fold_search(&format!("{first}.{last}")).replace([' ', '’', '\''], "")
}

fn person(i: usize) -> String {
    let (first, last, company) = names(i);
    let title = TITLE[i % TITLE.len()];
    let address = local_part(first, last);
    format!(
        "{address}{i}@{}.example,{first},{last},{company},{},{title},Sweden,\"We met in hall {}, {first}\"\n",
        matching::fold_search(company).split(' ').next().unwrap_or("company"),
        phone(i),
        i % 9 + 1
    )
}
