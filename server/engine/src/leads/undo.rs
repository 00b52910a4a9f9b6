//! Taking a bulk act back: what was changed since is kept and counted (R13), and nobody becomes active whom the guard
//! would refuse today (A52).

use std::collections::HashMap;

use domain::ids::{CampaignId, ChangeId, ContactId};
use domain::lead::Changed;
use domain::{Act, LeadStatus, StatusClass};
use store::lead_list::Picked;
use store::{Tx, audit, campaigns, changes, consent, contacts, picture, tags};

use super::edit::{self, Edit};
use super::{TRIES, cut_off, guard, may_try_again, moved};
use crate::contacts::KEPT_MS;
use crate::{Actor, Engine, Error, Result};

const BATCH: i64 = 2_000;

/// What came of a batch.
#[derive(Default)]
struct Undone {
    count: u64,
    ended: u64,
}

/// One batch of an undo, and what everyone in it asks about the campaign.
struct Batch<'a> {
    actor: &'a Actor,
    campaign: CampaignId,
    archived: bool,
    now: i64,
}

impl Engine {
    /// Takes a bulk act back, for thirty days.
    ///
    /// # Errors
    /// Refuses when it was taken back already, and when it is too old.
    pub async fn undo_change(&self, actor: &Actor, change: ChangeId) -> Result<Changed> {
        actor.may(Act::EditCampaigns)?;
        let now = self.now();
        let mut done = Changed { change, count: 0, kept: 0, ended: 0 };
        let (mut after, mut tries) = (0, 0);
        loop {
            match self.undo_next(actor, change, after, now).await {
                Ok(None) => return Ok(done),
                Ok(Some((last, found, undone))) => {
                    (after, tries) = (last, 0);
                    done.count += undone.count;
                    done.ended += undone.ended;
                    done.kept += found.saturating_sub(undone.count);
                }
                Err(error) if may_try_again(&error) && tries < TRIES => tries += 1,
                Err(error) => return Err(cut_off(error, done.count, "are as they were")),
            }
        }
    }

    /// One batch in one transaction: the last lead looked at, how many were found and what became of them; none at the
    /// end. The act is marked there: what a crash has cut off is taken back by asking again.
    async fn undo_next(
        &self,
        actor: &Actor,
        change: ChangeId,
        after: i64,
        now: i64,
    ) -> Result<Option<(i64, u64, Undone)>> {
        let workspace = actor.workspace;
        let mut tx = self.store().write().await?;
        // the act first, then people: an act that is still running waits, and stops when it finds itself taken back
        let found = changes::get_for_update(&mut tx, workspace, change).await?.ok_or(Error::NotFound("change"))?;
        if found.undone_at.is_some() {
            return if after > 0 { Ok(None) } else { Err(Error::conflict("This was taken back already.")) };
        }
        if found.created_at < now - KEPT_MS {
            return Err(Error::conflict("This was done more than thirty days ago and cannot be taken back any more."));
        }
        if after == 0 {
            audit::record(&mut tx, self.event(actor, "leads.undo", change.to_string(), &found.kind)).await?;
        }
        let batch = changes::kept(&mut tx, workspace, change, after, BATCH).await?;
        let Some(last) = batch.last().map(|lead| lead.id) else {
            changes::set_undone(&mut tx, workspace, change, now).await?;
            if found.kind == "delete" {
                consent::unbury(&mut tx, workspace, change).await?;
            }
            tx.commit().await?;
            return Ok(None);
        };
        let campaign = CampaignId(found.campaign_id);
        let archived = self.campaign(&mut tx, actor, campaign).await?.archived_at.is_some();
        let undone = Batch { actor, campaign, archived, now }.take_back(&mut tx, &found, &batch).await?;
        campaigns::touch(&mut tx, workspace, campaign, now).await?;
        // `touch` has waited for whoever archives it or brings it back
        if self.campaign(&mut tx, actor, campaign).await?.archived_at.is_some() != archived {
            return Err(moved());
        }
        tx.commit().await?;
        Ok(Some((last, batch.len() as u64, undone)))
    }
}

impl Batch<'_> {
    async fn take_back(&self, tx: &mut Tx, change: &changes::Change, batch: &[Picked]) -> Result<Undone> {
        let workspace = self.actor.workspace;
        let (batch, people) = people_now(tx, self.actor, batch).await?;
        let tag = || change.detail.parse::<i64>().map_err(|_| Error::Fault("a stored tag is unreadable"));
        // a person who was merged since has the tag once more: of those who took them in
        let of_leads = |count: u64| Undone { count: count.min(batch.len() as u64), ended: 0 };
        match change.kind.as_str() {
            "status" => {
                let set = change.detail.parse().map_err(|_| Error::Fault("a stored status is unreadable"))?;
                Ok(of_leads(self.statuses(tx, set, &batch).await?))
            }
            "addTag" => Ok(of_leads(tags::remove(tx, workspace, tag()?, &people).await?)),
            "removeTag" => {
                let tag = tag()?;
                let pairs: Vec<_> = people.into_iter().map(|person| (person, tag)).collect();
                Ok(of_leads(tags::add(tx, workspace, &pairs, None).await?))
            }
            edit::VARIABLE => {
                let edit: Edit = serde_json::from_str(&change.detail)?;
                Ok(of_leads(edit::take_back(tx, workspace, self.campaign, &edit, &batch, self.now).await?))
            }
            _ => self.deleted(tx, batch).await,
        }
    }

    /// Whether each of some people may become active here.
    async fn who_may_not(&self, tx: &mut Tx, leads: &[&Picked]) -> Result<Vec<ContactId>> {
        let mut people: Vec<ContactId> = leads.iter().map(|lead| ContactId(lead.contact_id)).collect();
        people.sort_unstable();
        people.dedup();
        if self.archived || people.is_empty() {
            return Ok(people);
        }
        let refused = guard::who_may_not(tx, self.actor.workspace, self.campaign, &people).await?;
        people.retain(|person| refused.contains(person));
        Ok(people)
    }

    /// Each lead goes back to the status it had, if it still has the one that the act gave it.
    async fn statuses(&self, tx: &mut Tx, set: LeadStatus, batch: &[Picked]) -> Result<u64> {
        let mut by_status: HashMap<LeadStatus, Vec<&Picked>> = HashMap::new();
        for lead in batch {
            by_status.entry(guard::status_of(lead)?).or_default().push(lead);
        }
        let active = |status: LeadStatus| status.class() == StatusClass::Active;
        // from one active status to another nobody becomes active
        let asked: Vec<&Picked> = by_status
            .iter()
            .filter(|(old, _)| active(**old) && !active(set))
            .flat_map(|(_, leads)| leads.iter().copied())
            .collect();
        let refused = self.who_may_not(tx, &asked).await?;
        let mut undone = 0;
        for &old in LeadStatus::ALL {
            let refused = if active(old) && !active(set) { &refused[..] } else { &[] };
            let ids: Vec<i64> = by_status
                .get(&old)
                .into_iter()
                .flatten()
                .filter(|lead| refused.binary_search(&ContactId(lead.contact_id)).is_err())
                .map(|lead| lead.id)
                .collect();
            let workspace = self.actor.workspace;
            let changed = changes::set_status(tx, workspace, &ids, Some(set), old, self.now).await?.len() as u64;
            let n = i64::try_from(changed).unwrap_or(i64::MAX);
            campaigns::add_counts(tx, workspace, self.campaign, &[(set, -n), (old, n)]).await?;
            undone += changed;
        }
        Ok(undone)
    }

    /// Deleted leads come back; those whose people may not be active here by now, as done.
    async fn deleted(&self, tx: &mut Tx, mut batch: Vec<Picked>) -> Result<Undone> {
        let workspace = self.actor.workspace;
        // someone who was deleted meanwhile has no leads; who was merged is followed already
        let live = contacts::live(tx, workspace, &guard::people_of(&batch)).await?;
        batch.retain(|lead| live.binary_search(&ContactId(lead.contact_id)).is_ok());
        let mut active = Vec::new();
        for lead in &batch {
            if guard::status_of(lead)?.class() == StatusClass::Active {
                active.push(lead);
            }
        }
        let refused = self.who_may_not(tx, &active).await?;
        let refused = |lead: &Picked| refused.binary_search(&ContactId(lead.contact_id)).is_ok();
        let ending: Vec<i64> = active.into_iter().filter(|lead| refused(lead)).map(|lead| lead.id).collect();
        for lead in batch.iter_mut().filter(|lead| ending.contains(&lead.id)) {
            LeadStatus::Done.word().clone_into(&mut lead.status);
        }
        let back = changes::put_back(tx, workspace, self.campaign, &batch, self.now).await?;
        batch.retain(|lead| back.contains(&lead.id));
        let mut deltas: HashMap<LeadStatus, i64> = HashMap::new();
        for lead in &batch {
            *deltas.entry(guard::status_of(lead)?).or_default() += 1;
        }
        let deltas: Vec<_> = deltas.into_iter().collect();
        campaigns::add_counts(tx, workspace, self.campaign, &deltas).await?;
        let ended = batch.iter().filter(|lead| ending.contains(&lead.id)).count() as u64;
        Ok(Undone { count: batch.len() as u64, ended })
    }
}

/// The leads with the contacts that their people are now: whoever was merged since is followed. And everyone whose own
/// tags the act touched: the contacts of then, and those that they are now. All of them are locked, in the order of
/// everyone, and looked at again: a merge that was under way is over by then, and none begins.
async fn people_now(tx: &mut Tx, actor: &Actor, batch: &[Picked]) -> Result<(Vec<Picked>, Vec<ContactId>)> {
    let then = guard::people_of(batch);
    let seen = picture::standing(tx, actor.workspace, &then).await?;
    let mut people: Vec<ContactId> = then.iter().copied().chain(seen.values().filter_map(|(into, ..)| *into)).collect();
    people.sort_unstable();
    people.dedup();
    contacts::lock(tx, actor.workspace, &people).await?;
    let standing = picture::standing(tx, actor.workspace, &people).await?;
    let into = |id: ContactId| standing.get(&id).and_then(|(into, ..)| *into);
    for id in &then {
        if seen.get(id).and_then(|(into, ..)| *into) != into(*id) || into(*id).is_some_and(|root| into(root).is_some())
        {
            return Err(moved());
        }
    }
    let now = |id: ContactId| into(id).unwrap_or(id);
    let followed = batch.iter().map(|l| Picked { contact_id: now(ContactId(l.contact_id)).0, ..l.clone() }).collect();
    Ok((followed, people))
}
