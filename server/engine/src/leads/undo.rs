//! Taking a bulk act back: what was changed since is kept and counted (R13).

use domain::ids::{CampaignId, ChangeId, ContactId};
use domain::lead::Changed;
use domain::{Act, DuplicatePolicy, LeadStatus};
use store::lead_list::Picked;
use store::{Tx, audit, campaigns, changes, consent, contacts, leads, picture, tags, team};

use crate::{Actor, Engine, Error, Result};

const BATCH: i64 = 2_000;

impl Engine {
    /// Takes a bulk act back.
    ///
    /// # Errors
    /// Refuses when it was taken back already.
    pub async fn undo_change(&self, actor: &Actor, change: ChangeId) -> Result<Changed> {
        actor.may(Act::EditCampaigns)?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        let found = changes::get(&mut tx, actor.workspace, change).await?.ok_or(Error::NotFound("change"))?;
        if found.undone_at.is_some() {
            return Err(Error::conflict("This was taken back already."));
        }
        changes::set_undone(&mut tx, actor.workspace, change, now).await?;
        if found.kind == "delete" {
            consent::unbury(&mut tx, actor.workspace, change).await?;
        }
        audit::record(&mut tx, self.event(actor, "leads.undo", change.to_string(), &found.kind)).await?;
        tx.commit().await?;

        let campaign = CampaignId(found.campaign_id);
        let mut done = Changed { change, count: 0, kept: 0 };
        let mut after = 0;
        loop {
            let mut tx = self.store().write().await?;
            let batch = changes::kept(&mut tx, actor.workspace, change, after, BATCH).await?;
            let Some(last) = batch.last().map(|l| l.id) else { return Ok(done) };
            after = last;
            let undone = undo_batch(&mut tx, actor, campaign, &found, &batch, now).await?;
            campaigns::touch(&mut tx, actor.workspace, campaign, now).await?;
            tx.commit().await?;
            done.count += undone;
            done.kept += batch.len() as u64 - undone;
        }
    }
}

async fn undo_batch(
    tx: &mut Tx,
    actor: &Actor,
    campaign: CampaignId,
    change: &changes::Change,
    batch: &[Picked],
    now: i64,
) -> Result<u64> {
    let (batch, people) = people_now(tx, actor, batch).await?;
    let batch = &batch[..];
    let tag = || change.detail.parse::<i64>().map_err(|_| Error::Fault("a stored tag is unreadable"));
    match change.kind.as_str() {
        "status" => {
            let set: LeadStatus = change.detail.parse().map_err(|_| Error::Fault("a stored status is unreadable"))?;
            undo_status(tx, actor, campaign, set, batch, now).await
        }
        "addTag" => Ok(tags::remove(tx, actor.workspace, tag()?, &people).await?),
        "removeTag" => {
            let tag = tag()?;
            Ok(tags::add(tx, actor.workspace, &people.into_iter().map(|c| (c, tag)).collect::<Vec<_>>(), None).await?)
        }
        _ => {
            // someone who was deleted meanwhile has no leads; who was merged is followed already
            let live = contacts::live(tx, actor.workspace, &people).await?;
            let mut there: Vec<Picked> =
                batch.iter().filter(|l| live.binary_search(&ContactId(l.contact_id)).is_ok()).cloned().collect();
            hold_the_busy(tx, actor, campaign, &mut there).await?;
            let back = changes::put_back(tx, actor.workspace, campaign, &there, now).await?;
            let returned: Vec<Picked> = there.iter().filter(|l| back.contains(&l.id)).cloned().collect();
            let mut deltas = std::collections::HashMap::new();
            for lead in &returned {
                let status: LeadStatus =
                    lead.status.parse().map_err(|_| Error::Fault("a stored status is unreadable"))?;
                *deltas.entry(status).or_insert(0) += 1;
            }
            let deltas: Vec<_> = deltas.into_iter().collect();
            campaigns::add_counts(tx, actor.workspace, campaign, &deltas).await?;
            Ok(returned.len() as u64)
        }
    }
}

/// A52: whom another campaign has begun to write to meanwhile comes back held, where the workspace lets only one write.
async fn hold_the_busy(tx: &mut Tx, actor: &Actor, campaign: CampaignId, there: &mut [Picked]) -> Result<()> {
    let workspace = team::workspace_by_id(tx, actor.workspace).await?.ok_or(Error::Fault("the workspace is gone"))?;
    if workspace.default_policy == DuplicatePolicy::Campaign {
        return Ok(());
    }
    let is_moving = |lead: &Picked| lead.status.parse().is_ok_and(LeadStatus::is_moving);
    let people: Vec<ContactId> = there.iter().filter(|l| is_moving(l)).map(|l| ContactId(l.contact_id)).collect();
    let members = leads::memberships(tx, actor.workspace, &people).await?;
    for lead in there.iter_mut().filter(|l| is_moving(l)) {
        let others = members.get(&ContactId(lead.contact_id)).into_iter().flatten();
        if others.filter(|m| m.campaign != campaign && !m.archived).any(|m| m.status.is_moving()) {
            LeadStatus::Paused.word().clone_into(&mut lead.status);
        }
    }
    Ok(())
}

/// The leads with the contacts that their people are now: whoever was merged since is followed. And everyone whose own
/// tags the act touched: the contacts of then, and those that they are now.
async fn people_now(tx: &mut Tx, actor: &Actor, batch: &[Picked]) -> Result<(Vec<Picked>, Vec<ContactId>)> {
    let then: Vec<ContactId> = batch.iter().map(|l| ContactId(l.contact_id)).collect();
    let standing = picture::standing(tx, actor.workspace, &then).await?;
    let now = |id: ContactId| standing.get(&id).and_then(|(into, ..)| *into).unwrap_or(id);
    let followed = batch.iter().map(|l| Picked { contact_id: now(ContactId(l.contact_id)).0, ..l.clone() }).collect();
    let mut people: Vec<ContactId> = then.iter().flat_map(|id| [*id, now(*id)]).collect();
    people.sort_unstable();
    people.dedup();
    Ok((followed, people))
}

/// Each lead goes back to the status it had, if it still has the one that the act gave it.
async fn undo_status(
    tx: &mut Tx,
    actor: &Actor,
    campaign: CampaignId,
    set: LeadStatus,
    batch: &[Picked],
    now: i64,
) -> Result<u64> {
    let mut undone = 0;
    for &old in LeadStatus::ALL {
        let ids: Vec<i64> = batch.iter().filter(|l| l.status == old.word()).map(|l| l.id).collect();
        if ids.is_empty() {
            continue;
        }
        let changed = changes::set_status(tx, actor.workspace, &ids, Some(set), old, now).await?.len() as u64;
        let n = i64::try_from(changed).unwrap_or(i64::MAX);
        campaigns::add_counts(tx, actor.workspace, campaign, &[(set, -n), (old, n)]).await?;
        undone += changed;
    }
    Ok(undone)
}
