//! What a merge would do, for the reviewer (B12): the plan itself, in words.

use std::collections::{BTreeSet, HashMap};

use domain::Act;
use domain::ids::{CampaignId, ContactId};
use domain::merge::{FieldPreview, LeadPreview, MergeChoices, MergePerson, MergePreview};
use store::picture::Picture;
use store::{campaigns, contacts, merges, tags};

use super::crowd::{self, Crowd};
use super::plan::{self, MergePlan};
use super::{two, words};
use crate::{Actor, Engine, Result};

impl Engine {
    /// What merging two contacts would do, without doing it.
    ///
    /// # Errors
    /// When one is not there, or both are one already.
    pub async fn preview_merge(
        &self,
        actor: &Actor,
        first: ContactId,
        second: ContactId,
        choices: &MergeChoices,
    ) -> Result<MergePreview> {
        actor.may(Act::Look)?;
        let workspace = actor.workspace;
        let mut tx = self.store().read().await?;
        let (rules, guard) = crowd::rules(&mut tx, workspace).await?;
        let crowd = Crowd::seen(&mut tx, workspace, &[first, second], rules).await?;
        let (a, b) = two(&crowd)?;
        let campaigns = crowd::campaigns_of(&mut tx, workspace, &crowd).await?;
        let facts = crowd::facts(rules, guard, &campaigns, self.now());
        let (survivor, loser) = plan::order(&crowd.picture, a, b, choices.survivor);
        let plan = plan::plan(&crowd.picture, survivor, loser, choices, &facts);
        let both = [survivor, loser];
        let mut sources = contacts::sources(&mut tx, workspace, survivor).await?;
        for source in contacts::sources(&mut tx, workspace, loser).await? {
            if !sources.iter().any(|s| (s.import, &s.label) == (source.import, &source.label)) {
                sources.push(source);
            }
        }
        sources.sort_by_key(|s| std::cmp::Reverse(s.at));
        let names: BTreeSet<String> =
            tags::of_contacts(&mut tx, workspace, &both).await?.into_values().flatten().collect();
        let own = merges::field_names(&mut tx, workspace).await?;
        let mut fields: Vec<FieldPreview> = plan
            .fields
            .iter()
            .map(|f| FieldPreview {
                field: f.field,
                label: words::label(f.field, &own),
                survivor: f.survivor.clone(),
                loser: f.loser.clone(),
                result: f.result().to_owned(),
                from: f.from,
                differs: f.survivor != f.loser,
            })
            .collect();
        fields.sort_by_key(|f| !f.differs);
        Ok(MergePreview {
            survivor: person(&crowd.picture, survivor),
            loser: person(&crowd.picture, loser),
            fields,
            leads: leads(&plan, &campaigns),
            tags: names.into_iter().collect(),
            sources,
            addresses: plan
                .after
                .addresses
                .iter()
                .filter(|((id, _), _)| *id == survivor)
                .map(|(_, row)| row.value.clone())
                .collect(),
            do_not_contact: plan.after.contacts.get(&survivor).is_some_and(|c| c.do_not_contact),
            warnings: warnings(&crowd.picture, &plan, &campaigns),
            refusal: words::refusal(&crowd.picture, a, b),
        })
    }
}

fn person(picture: &Picture, id: ContactId) -> MergePerson {
    let row = picture.contacts.get(&id);
    MergePerson {
        id,
        name: words::name(picture, id),
        email: row.map(|r| r.person.get(domain::PersonField::Email).to_owned()).unwrap_or_default(),
        created_at: row.map_or(0, |r| r.created_at),
        do_not_contact: row.is_some_and(|r| r.do_not_contact),
    }
}

fn leads(plan: &MergePlan, campaigns: &[campaigns::Campaign]) -> Vec<LeadPreview> {
    let names: HashMap<CampaignId, &str> = campaigns.iter().map(|c| (c.id, c.name.as_str())).collect();
    plan.leads
        .iter()
        .map(|l| LeadPreview {
            campaign: l.campaign,
            name: names.get(&l.campaign).copied().unwrap_or_default().to_owned(),
            survivor: l.survivor,
            loser: l.loser,
            result: l.result,
            paused: l.paused,
        })
        .collect()
}

fn warnings(before: &Picture, plan: &MergePlan, campaigns: &[campaigns::Campaign]) -> Vec<String> {
    let name =
        |id: CampaignId| campaigns.iter().find(|c| c.id == id).map_or_else(|| id.to_string(), |c| c.name.clone());
    let mut out = Vec::new();
    for lead in plan.leads.iter().filter(|l| l.paused) {
        out.push(format!(
            "Two campaigns would be writing to one person, so {} is paused for them. Nothing is sent by merging.",
            name(lead.campaign)
        ));
    }
    let silent = |id| before.contacts.get(&id).is_some_and(|c| c.do_not_contact);
    if silent(plan.survivor) != silent(plan.loser) {
        out.push(
            "One of the two must not be contacted. That holds for the merged contact and for every address of theirs."
                .to_owned(),
        );
        if plan.leads.iter().any(|l| crowd::is_active(l.result)) {
            out.push("The merged contact is active in a campaign, and nothing will be sent to them there.".to_owned());
        }
    }
    if plan.after.contacts.get(&plan.survivor).is_some_and(|c| c.shared_mailbox) {
        out.push("One of the addresses is a mailbox that several contacts share.".to_owned());
    }
    out
}
