//! Taking merges back, also one in the middle of a chain.

use std::collections::HashMap;

use domain::Act;
use domain::ids::{CampaignId, MergeId};
use domain::merge::{MergeChoices, Survivor, UndoReport, UndoneMany};
use matching::EmailRules;
use store::picture::Picture;
use store::{Tx, audit, contact_history, merges, picture, to_match};

use super::again::{edit_again, edits_since};
use super::back::{Journal, Later, Standing, show_what_is_owned, take_back};
use super::crowd::{self, Crowd, Found};
use super::plan::{Facts, plan};
use super::{TRIES, found_by, may_try_again, note, words};
use crate::contacts::history;
use crate::{Actor, Engine, Error, Result, groups, people};

/// A merge that is done anew because one beneath it was taken back.
struct Again {
    id: MergeId,
    journal: Journal,
}

impl Engine {
    /// Takes a merge back. What changed since is kept and listed; merges that were done on top of it are done anew.
    ///
    /// # Errors
    /// Refuses when it was taken back already, or when the person is deleted.
    pub async fn undo_merge(&self, actor: &Actor, merge: MergeId) -> Result<UndoReport> {
        actor.may(Act::HandleDuplicates)?;
        let events = contact_history::reserve(self.store(), 2).await?;
        for _ in 0..TRIES {
            match self.try_undo(actor, merge, events).await {
                Err(error) if may_try_again(&error) => {}
                Ok(None) => {}
                Ok(Some(report)) => return Ok(report),
                Err(error) => return Err(error),
            }
        }
        Err(Error::conflict(
            "Someone else is changing these people right now. Nothing was taken back; try again in a moment.",
        ))
    }

    /// Takes back every merge of one click that still stands, newest first. One that cannot be taken back is listed and
    /// does not stop the others.
    ///
    /// # Errors
    /// When the database fails; what was taken back until then is.
    pub async fn undo_batch(&self, actor: &Actor, batch: i64) -> Result<UndoneMany> {
        actor.may(Act::HandleDuplicates)?;
        let mut tx = self.store().read().await?;
        let ids = merges::of_batch(&mut tx, actor.workspace, batch).await?;
        drop(tx);
        let mut done = UndoneMany::default();
        for id in ids {
            match self.undo_merge(actor, id).await {
                Ok(report) => done.undone.push(report),
                Err(error) if error.is_refusal() => done.refused.push(error.into_problem().message),
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    async fn try_undo(&self, actor: &Actor, id: MergeId, events: i64) -> Result<Option<UndoReport>> {
        let workspace = actor.workspace;
        let now = self.now();
        let mut tx = self.store().write().await?;
        let groups = groups::load(&mut tx, workspace, false).await?;
        let event = standing(&mut tx, actor, id).await?;
        let (rules, guard) = crowd::rules(&mut tx, workspace).await?;
        let Found::Locked(crowd) = Crowd::locked(&mut tx, workspace, &[event.loser], rules).await? else {
            return Ok(None);
        };
        // once more, now that nobody else can be taking it back
        let event = standing(&mut tx, actor, id).await?;
        let root = crowd.picture.root(event.loser);
        if crowd.picture.contacts.get(&root).is_none_or(|row| row.deleted_at.is_some()) {
            return Err(Error::conflict(words::gone(&crowd.picture, root)));
        }
        let target =
            crowd.merges.iter().find(|m| m.id == id).ok_or(Error::Fault("a merge that stands is not in its person"))?;
        let campaigns = crowd::campaigns_of(&mut tx, workspace, &crowd).await?;
        let facts = crowd::facts(rules, guard, &campaigns, now);
        let choices = choices_of(&mut tx, actor, &crowd.merges).await?;
        let (mut after, later, again) = without(&crowd.picture, target, &crowd.merges, &choices, rules, &facts);
        let left = crowd.merges.iter().filter(|m| m.id != id).map(|m| {
            let anew = again.iter().find(|a| a.id == m.id).map(|a| &a.journal);
            (m.survivor, anew.unwrap_or(&m.journal))
        });
        found_by::settle(&mut after, &crowd.people, left, &groups);
        let changes = crowd.picture.changes_to(&after);
        picture::write(&mut tx, workspace, &changes, people::folded, now).await?;
        for merge in again {
            merges::set_journal(&mut tx, workspace, merge.id, &serde_json::to_string(&merge.journal)?).await?;
        }
        merges::set_undone(&mut tx, workspace, id, now).await?;
        let survivor = after.root(event.survivor);
        to_match::ask(&mut tx, workspace, &[survivor, event.loser]).await?;
        note(
            &mut tx,
            actor,
            events,
            [history::UNDO_MERGE, history::UNDO_MERGED_INTO],
            event.survivor,
            event.loser,
            now,
        )
        .await?;
        let detail = format!("{} {}", event.survivor, event.loser);
        audit::record(&mut tx, self.event(actor, "contact.undoMerge", id.to_string(), &detail)).await?;
        let names: HashMap<CampaignId, String> = campaigns.into_iter().map(|c| (c.id, c.name)).collect();
        let fields = merges::field_names(&mut tx, workspace).await?;
        tx.commit().await?;
        Ok(Some(UndoReport {
            id,
            survivor: event.survivor,
            loser: event.loser,
            kept: words::kept(&later, &after, &names, &fields),
        }))
    }
}

/// A merge that stands.
async fn standing(tx: &mut Tx, actor: &Actor, id: MergeId) -> Result<merges::MergeEvent> {
    let event = merges::get(tx, actor.workspace, id).await?.ok_or(Error::NotFound("merge"))?;
    if event.undone_at.is_some() {
        return Err(Error::conflict("This merge was taken back already. Nothing was changed."));
    }
    Ok(event)
}

async fn choices_of(tx: &mut Tx, actor: &Actor, standing: &[Standing]) -> Result<HashMap<MergeId, MergeChoices>> {
    let losers: Vec<_> = standing.iter().map(|m| m.loser).collect();
    merges::standing_of(tx, actor.workspace, &losers)
        .await?
        .into_iter()
        .map(|m| Ok((m.id, serde_json::from_str(&m.choices)?)))
        .collect()
}

/// The picture as it would stand without one merge. The merges on top of it are taken back from the newest, and done
/// anew from the oldest with the same choices; what was edited in between is edited again.
fn without(
    now: &Picture,
    target: &Standing,
    standing: &[Standing],
    choices: &HashMap<MergeId, MergeChoices>,
    rules: EmailRules,
    facts: &Facts,
) -> (Picture, Vec<Later>, Vec<Again>) {
    let mut above: Vec<&Standing> = standing.iter().filter(|m| m.journal.beneath.contains(&target.id)).collect();
    // a merge on top of another one has all that the other has beneath it, and the other
    above.sort_by_key(|m| std::cmp::Reverse(m.journal.beneath.len()));
    let mut picture = now.clone();
    let mut edits = Vec::new();
    for merge in &above {
        edits.push(edits_since(&picture, &merge.journal.changes));
        picture = take_back(&picture, merge, rules).0;
    }
    let (mut picture, later) = take_back(&picture, target, rules);
    let mut again = Vec::new();
    for (merge, edits) in above.iter().zip(&edits).rev() {
        let choices = choices.get(&merge.id).cloned().unwrap_or_default();
        // the ids are those of then: nobody who is on top can be merged into anyone beneath
        let (survivor, loser) = (picture.root(merge.survivor), picture.root(merge.loser));
        if survivor == loser {
            continue;
        }
        let choices = MergeChoices { survivor: Survivor::Is(survivor), ..choices };
        let done = plan(&picture, survivor, loser, &choices, &Facts { now: merge.at, ..facts.clone() });
        let beneath = merge.journal.beneath.iter().copied().filter(|id| *id != target.id).collect();
        let journal = Journal::new(beneath, &picture, &done.after);
        again.push(Again { id: merge.id, journal });
        picture = done.after;
        edit_again(&mut picture, edits);
        show_what_is_owned(&mut picture, now, survivor, rules);
    }
    (picture, later, again)
}
