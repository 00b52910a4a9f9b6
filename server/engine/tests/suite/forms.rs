//! Registration forms: what the team makes, what a stranger can do with them, and what they never learn.

use std::sync::Arc;

use domain::contact::{
    ContactChange, ContactField, ContactFilter, ContactQuery, ContactSelection, ContactSort, HistoryWhat,
};
use domain::form::{FormField, FormRow, FormSettings, NewForm, Registration};
use domain::ids::{CampaignId, ContactId};
use domain::lead::{LeadChange, LeadSelection};
use domain::{FieldKind, LeadStatus, Outcome, PersonField, ProblemKind, Role};
use engine::{Actor, Registered};
use store::{Sql, Store};

use crate::support::{Place, on_both};

fn ask(fields: &[PersonField]) -> Vec<FormField> {
    fields.iter().map(|&field| FormField { field: ContactField::Person(field), required: false }).collect()
}

fn form(campaign: Option<CampaignId>) -> NewForm {
    let fields = ask(&[PersonField::FirstName, PersonField::LastName, PersonField::City]);
    let settings = FormSettings { title: "Join us".to_owned(), fields, ..FormSettings::default() };
    NewForm { name: "Web".to_owned(), campaign, settings }
}

async fn made(place: &Place, form: NewForm) -> anyhow::Result<FormRow> {
    place.engine.add_form(&place.actor, form).await?;
    Ok(place.engine.list_forms(&place.actor).await?.remove(0))
}

/// What a browser sends: with the number of a page that was opened for it.
async fn filled(place: &Place, form: &FormRow, answers: &[(&str, &str)]) -> anyhow::Result<Registration> {
    let page = place.engine.public_form(&form.token).await?.unwrap();
    let answers = answers.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Ok(Registration { nonce: page.nonce, answers, agreed: page.consent_print })
}

async fn send(place: &Place, form: &FormRow, answers: &[(&str, &str)]) -> anyhow::Result<Registered> {
    let sent = filled(place, form, answers).await?;
    Ok(place.engine.register(&form.token, &sent).await?)
}

async fn everyone(place: &Place) -> anyhow::Result<Vec<(ContactId, String, String, String)>> {
    let query =
        ContactQuery { filter: ContactFilter::default(), sort: ContactSort::Added, reverse: true, cursor: None };
    let page = place.engine.list_contacts(&place.actor, &query).await?;
    let value = |row: &domain::contact::ContactRow, field| row.person.get(field).to_owned();
    Ok(page
        .rows
        .iter()
        .map(|row| {
            use PersonField::{City, Email, FirstName};
            (row.id, value(row, Email), value(row, FirstName), value(row, City))
        })
        .collect())
}

async fn counts(place: &Place) -> anyhow::Result<(u64, u64)> {
    let row = place.engine.list_forms(&place.actor).await?.remove(0);
    Ok((row.taken, row.left_out.iter().map(|(_, n)| n).sum()))
}

#[test]
fn whoever_registers_is_found_or_made_and_fills_blanks_only() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "Newsletter").await?;
        place.import(None, "email,first name\nann@x.example,Ann\n", |_| {}).await?;
        let mut asked = form(Some(campaign));
        asked.settings.tags = vec!["web".to_owned()];
        asked.settings.consent = "Write to me once a month.".to_owned();
        let form = made(&place, asked.clone()).await?;

        let ann = [("email", " ANN@x.example "), ("firstName", "Someone else"), ("city", "Lund")];
        assert_eq!(send(&place, &form, &ann).await?, Registered::Done);
        assert_eq!(send(&place, &form, &[("email", "bea@x.example"), ("firstName", "Bea")]).await?, Registered::Done);
        let people = everyone(&place).await?;
        let of = |n: usize| (people[n].1.as_str(), people[n].2.as_str(), people[n].3.as_str());
        assert_eq!((people.len(), of(0)), (2, ("ann@x.example", "Ann", "Lund")), "a stranger fills blanks only");
        assert_eq!(of(1), ("bea@x.example", "Bea", ""));
        let leads = place.leads(campaign).await?;
        assert_eq!(leads.len(), 2);
        assert!(leads.iter().all(|lead| lead.status == LeadStatus::ToLaunch && lead.tags == ["web"]));
        assert_eq!(counts(&place).await?, (2, 0));

        let panel = place.engine.get_contact(&place.actor, people[1].0).await?;
        let agreed = panel.history.iter().find_map(|line| match &line.what {
            HistoryWhat::Agreed { text, form } => Some((text.as_str(), form.as_str())),
            _ => None,
        });
        assert_eq!(agreed, Some(("Write to me once a month.", "Web")));
        assert!(panel.history.iter().any(|l| matches!(&l.what, HistoryWhat::Came(source) if source.name == "Web")));

        asked.settings.trusted = true;
        place.engine.update_form(&place.actor, form.id, asked).await?;
        send(&place, &form, &[("email", "ann@x.example"), ("firstName", "Anna"), ("city", " ")]).await?;
        let people = everyone(&place).await?;
        assert_eq!((people[0].2.as_str(), people[0].3.as_str()), ("Anna", "Lund"), "trusted; empty changes nothing");
        place.sound().await
    });
}

#[test]
fn what_is_sent_twice_or_by_many_at_once_is_taken_once() {
    on_both(|place| async move {
        let form = made(&place, form(None)).await?;
        let sent = filled(&place, &form, &[("email", "ann@x.example"), ("city", "Lund")]).await?;
        let (engine, token) = (place.engine.clone(), Arc::new(form.token.clone()));
        let clicks: Vec<_> = (0..6)
            .map(|_| {
                let (engine, token, sent) = (engine.clone(), token.clone(), sent.clone());
                tokio::spawn(async move { engine.register(&token, &sent).await })
            })
            .collect();
        for click in clicks {
            assert_eq!(click.await??, Registered::Done);
        }
        assert_eq!((everyone(&place).await?.len(), counts(&place).await?), (1, (1, 0)));
        // the same person from two pages at once is one contact too
        let two = [
            filled(&place, &form, &[("email", "bea@x.example")]).await?,
            filled(&place, &form, &[("email", "BEA@x.example")]).await?,
        ];
        let posts = two.map(|sent| {
            let (engine, token) = (engine.clone(), token.clone());
            tokio::spawn(async move { engine.register(&token, &sent).await })
        });
        for post in posts {
            assert_eq!(post.await??, Registered::Done);
        }
        assert_eq!((everyone(&place).await?.len(), counts(&place).await?), (2, (3, 0)));
        place.sound().await
    });
}

/// An address that was put right on the same page, or somebody else at the same machine, is a registration of its own.
#[test]
fn other_answers_from_the_same_page_count_too() {
    on_both(|place| async move {
        let form = made(&place, form(None)).await?;
        let mut sent = filled(&place, &form, &[("email", "ann@x.exmaple")]).await?;
        place.engine.register(&form.token, &sent).await?;
        sent.answers = vec![("email".to_owned(), "ann@x.example".to_owned())];
        place.engine.register(&form.token, &sent).await?;
        assert_eq!((everyone(&place).await?.len(), counts(&place).await?), (2, (2, 0)));
        Ok(())
    });
}

/// R9: whoever was deleted here stays so, unless the team trusts the form.
#[test]
fn who_was_deleted_comes_back_by_a_trusted_form_only() {
    on_both(|place| async move {
        place.import(None, "email,first name\nann@x.example,Ann\n", |_| {}).await?;
        let ann = ContactSelection::Ids(vec![everyone(&place).await?[0].0]);
        place.engine.change_contacts(&place.actor, ann, ContactChange::Delete).await?;
        let mut new = form(None);
        let row = made(&place, new.clone()).await?;
        assert_eq!(send(&place, &row, &[("email", "ann@x.example")]).await?, Registered::Done);
        assert!(everyone(&place).await?.is_empty());
        let counted = place.engine.list_forms(&place.actor).await?.remove(0);
        assert_eq!((counted.taken, counted.left_out), (0, vec![(Outcome::SkippedDeleted, 1)]));

        new.settings.trusted = true;
        place.engine.update_form(&place.actor, row.id, new).await?;
        assert_eq!(send(&place, &row, &[("email", "ann@x.example")]).await?, Registered::Done);
        assert_eq!(everyone(&place).await?.len(), 1);
        place.sound().await
    });
}

/// Under the policy of the whole workspace, someone not to contact who is in another campaign is not stored at all.
#[test]
fn whoever_is_kept_out_and_silent_agrees_to_nothing() {
    on_both(|place| async move {
        let other = place.engine.create_campaign(&place.actor, "Other").await?;
        let campaign = place.engine.create_campaign(&place.actor, "Newsletter").await?;
        place.import(Some(other), "email\nann@x.example\n", |_| {}).await?;
        let ann = place.leads(other).await?.remove(0);
        let stop = LeadChange::Status(LeadStatus::Unsubscribed);
        place.engine.change_leads(&place.actor, other, LeadSelection::Ids(vec![ann.id]), stop).await?;
        let store = Store::open(&place.url).await?;
        let mut tx = store.write().await?;
        tx.execute(Sql::new("UPDATE workspace SET default_policy = 'workspace'")).await?;
        tx.commit().await?;
        store.close().await;
        let mut new = form(Some(campaign));
        new.settings.consent = "I agree.".to_owned();
        let row = made(&place, new).await?;
        assert_eq!(send(&place, &row, &[("email", "ann@x.example")]).await?, Registered::Done);
        assert_eq!((place.leads(campaign).await?.len(), counts(&place).await?), (0, (0, 1)));
        let panel = place.engine.get_contact(&place.actor, ann.contact).await?;
        assert!(!panel.history.iter().any(|line| matches!(line.what, HistoryWhat::Agreed { .. })));
        Ok(())
    });
}

/// Known or not, left out or taken, or not to be written to: the answer is the same.
#[test]
fn nobody_learns_who_is_known_here() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "Newsletter").await?;
        let busy = place.engine.create_campaign(&place.actor, "Busy").await?;
        let file = "email,first name\nann@x.example,Ann\nbea@x.example,Bea\n";
        place.import(Some(busy), file, |s| s.status = LeadStatus::InProgress).await?;
        let leads = place.leads(busy).await?;
        let bea = leads.iter().find(|lead| lead.person.get(PersonField::Email) == "bea@x.example").unwrap();
        let stop = LeadChange::Status(LeadStatus::Unsubscribed);
        place.engine.change_leads(&place.actor, busy, LeadSelection::Ids(vec![bea.id]), stop).await?;
        let form = made(&place, form(Some(campaign))).await?;
        for address in ["ann@x.example", "bea@x.example", "new@x.example"] {
            assert_eq!(send(&place, &form, &[("email", address), ("city", "Lund")]).await?, Registered::Done);
        }
        assert_eq!(counts(&place).await?, (2, 1), "Ann is in progress elsewhere");
        let leads = place.leads(campaign).await?;
        let who: Vec<_> = leads.iter().map(|l| (l.person.get(PersonField::Email), l.do_not_contact)).collect();
        assert_eq!(who, [("bea@x.example", true), ("new@x.example", false)], "a form lifts no unsubscribe (R8)");
        let ann = everyone(&place).await?.remove(0);
        assert_eq!(ann.3, "", "who is left out is not changed (R7)");
        place.sound().await
    });
}

#[test]
fn answers_that_cannot_be_used_are_all_named_and_nothing_is_written() {
    on_both(|place| async move {
        let plan = place
            .engine
            .add_field(&place.actor, "Plan", FieldKind::Choices, vec!["Gold".to_owned(), "Silver".to_owned()])
            .await?;
        let seats = place.engine.add_field(&place.actor, "Seats", FieldKind::Number, Vec::new()).await?;
        let mut new = form(None);
        new.settings.consent = "I agree.".to_owned();
        new.settings.fields = vec![
            FormField { field: ContactField::Person(PersonField::LastName), required: true },
            FormField { field: ContactField::Custom(plan.id), required: false },
            FormField { field: ContactField::Custom(seats.id), required: false },
        ];
        let form = made(&place, new).await?;
        let (plan, seats) = (plan.id.to_string(), seats.id.to_string());
        let wrong =
            [("email", "ann(at)x.example"), ("lastName", " "), (&*plan, "Gold"), (&*plan, "Lead"), (&*seats, "x")];
        let mut sent = filled(&place, &form, &wrong).await?;
        let agreed = std::mem::take(&mut sent.agreed);
        let Registered::Invalid(said) = place.engine.register(&form.token, &sent).await? else {
            anyhow::bail!("taken")
        };
        let about: Vec<&str> = said.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(about, ["email", "lastName", &plan, &seats, "consent"]);
        assert_eq!((everyone(&place).await?.len(), counts(&place).await?), (0, (0, 0)));

        // the same page, put right
        sent.agreed = agreed;
        let right =
            [("email", "ann@x.example"), ("lastName", "Lee"), (&*plan, "Gold"), (&*plan, "silver"), (&*seats, "7")];
        sent.answers = right.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert_eq!(place.engine.register(&form.token, &sent).await?, Registered::Done);
        let who = everyone(&place).await?.remove(0).0;
        let panel = place.engine.get_contact(&place.actor, who).await?;
        let values: Vec<&str> = panel.row.custom.values().map(String::as_str).collect();
        assert_eq!(values, ["Gold; Silver", "7"]);

        // the text was changed after the page was opened: nobody has agreed to the new one
        let mut changed = form.form.clone();
        changed.settings.consent = "I agree to everything.".to_owned();
        place.engine.update_form(&place.actor, form.id, changed).await?;
        let Registered::Invalid(said) = place.engine.register(&form.token, &sent).await? else {
            anyhow::bail!("taken")
        };
        assert!(said[0].0 == "consent" && said[0].1.contains("was changed"), "{said:?}");
        place.sound().await
    });
}

#[test]
fn a_form_that_is_closed_leads_nowhere() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "Newsletter").await?;
        let form = made(&place, form(Some(campaign))).await?;
        assert_eq!(form.token.len(), 32, "128 bits");
        let sent = filled(&place, &form, &[("email", "ann@x.example")]).await?;
        place.engine.close_form(&place.actor, form.id, true).await?;
        assert!(place.engine.public_form(&form.token).await?.is_none());
        let closed = place.engine.register(&form.token, &sent).await.unwrap_err().into_problem();
        assert_eq!(closed.kind, ProblemKind::NotFound);
        place.engine.close_form(&place.actor, form.id, false).await?;

        // the campaign is over: people still become contacts
        place.engine.archive_campaign(&place.actor, campaign, true).await?;
        assert!(place.engine.list_forms(&place.actor).await?[0].campaign_archived);
        assert_eq!(place.engine.register(&form.token, &sent).await?, Registered::Done);
        assert_eq!((everyone(&place).await?.len(), place.leads(campaign).await?.len()), (1, 0));
        // the form can still be changed
        let mut kept = form.form.clone();
        kept.name = "Another name".to_owned();
        place.engine.update_form(&place.actor, form.id, kept).await?;
        assert!(place.engine.public_form("").await?.is_none());
        Ok(())
    });
}

#[test]
fn only_admins_make_forms_and_only_of_what_may_be_asked() {
    on_both(|place| async move {
        let actor = &place.actor;
        let row = made(&place, form(None)).await?;
        for role in [Role::Member, Role::Viewer] {
            let other = Actor { role, ..actor.clone() };
            let kind = |result: Result<(), engine::Error>| result.unwrap_err().into_problem().kind;
            assert_eq!(kind(place.engine.add_form(&other, form(None)).await.map(|_| ())), ProblemKind::Forbidden);
            assert_eq!(kind(place.engine.update_form(&other, row.id, form(None)).await), ProblemKind::Forbidden);
            assert_eq!(kind(place.engine.close_form(&other, row.id, true).await), ProblemKind::Forbidden);
        }
        let stranger = place.engine.owner_of("Another team").await?;
        assert!(place.engine.list_forms(&stranger).await?.is_empty());
        let missing = place.engine.update_form(&stranger, row.id, form(None)).await.unwrap_err().into_problem();
        assert_eq!(missing.kind, ProblemKind::NotFound);

        let theirs = place.engine.create_campaign(&stranger, "Theirs").await?;
        let mut refused: Vec<(&str, NewForm)> = vec![("campaign", form(Some(theirs)))];
        refused.push(("name", NewForm { name: " \u{200b}".to_owned(), ..form(None) }));
        let mut id = form(None);
        id.settings.fields = ask(&[PersonField::LinkedinUrl]);
        refused.push(("fields", id));
        let mut long = form(None);
        long.settings.intro = "x".repeat(5_000);
        refused.push(("intro", long));
        for (about, form) in refused {
            let problem = place.engine.add_form(actor, form).await.unwrap_err().into_problem();
            assert_eq!(problem.fields[0].0, about);
        }
        assert_eq!(place.engine.list_forms(actor).await?.len(), 1);
        Ok(())
    });
}
