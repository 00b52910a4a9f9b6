//! One person, one contact: merge, take it back, keep two people apart.
//!
//! `crowd` brings the people into one transaction and reads everything that stands about them as one picture; `plan`
//! and `back` are pure functions from picture to picture, shared by the preview and by what is written.

mod again;
mod back;
mod crowd;
pub(crate) mod found_by;
mod lists;
mod plan;
mod preview;
mod separate;
mod undo;
mod words;

#[cfg(test)]
mod algebra;
use domain::Act;
use domain::ids::{ContactId, MergeId};
use domain::merge::{MergeChoices, MergeRefused, Merged, MergedMany, PairToMerge};
use store::contact_history::{self, NewEvent};
use store::merges::{self, MergeEvent};
use store::{Tx, audit, picture, to_match};

use self::back::Journal;
use self::crowd::{Crowd, Found};
use crate::contacts::history;
use crate::{Actor, Engine, Error, Result, groups, people};

/// How often a transaction is tried again whose people somebody else changed or held.
const TRIES: usize = 10;

/// The numbers of a merge, reserved before its transaction begins.
#[derive(Clone, Copy)]
struct Numbers {
    merge: MergeId,
    batch: i64,
    events: i64,
}

impl Engine {
    /// Makes two contacts one (B13): either id, also one that was merged before, says who is meant.
    ///
    /// # Errors
    /// Refuses people who are one already, who are deleted, or whom someone separated (R16).
    pub async fn merge(
        &self,
        actor: &Actor,
        first: ContactId,
        second: ContactId,
        choices: &MergeChoices,
    ) -> Result<Merged> {
        actor.may(Act::HandleDuplicates)?;
        let batch = self.store().reserve("merge_batch", 1).await?;
        self.merge_one(actor, batch, first, second, choices).await
    }

    /// Makes several pairs one each, in the order given, under one number; whoever became somebody else on the way is
    /// followed. A pair that cannot be merged is listed and does not stop the others.
    ///
    /// # Errors
    /// When the database fails; what was done until then stands.
    pub async fn merge_many(&self, actor: &Actor, pairs: &[PairToMerge]) -> Result<MergedMany> {
        actor.may(Act::HandleDuplicates)?;
        let batch = self.store().reserve("merge_batch", 1).await?;
        let mut done = MergedMany { batch, ..MergedMany::default() };
        for pair in pairs {
            match self.merge_one(actor, batch, pair.first, pair.second, &pair.choices).await {
                Ok(merged) => done.merged.push(merged),
                Err(error @ (Error::Refused(_) | Error::NotFound(_))) => done.refused.push(MergeRefused {
                    first: pair.first,
                    second: pair.second,
                    why: error.into_problem().message,
                }),
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    /// Who a contact is now: itself, or the one it was merged into.
    ///
    /// # Errors
    /// When there is no such contact.
    pub async fn resolve_contact(&self, actor: &Actor, contact: ContactId) -> Result<ContactId> {
        actor.may(Act::Look)?;
        crowd::root(&mut self.store().read().await?, actor.workspace, contact).await
    }

    async fn merge_one(
        &self,
        actor: &Actor,
        batch: i64,
        first: ContactId,
        second: ContactId,
        choices: &MergeChoices,
    ) -> Result<Merged> {
        let merge = MergeId(self.store().reserve("merge_event", 1).await?);
        let events = contact_history::reserve(self.store(), 2).await?;
        let numbers = Numbers { merge, batch, events };
        for _ in 0..TRIES {
            match self.try_merge(actor, numbers, first, second, choices).await {
                Err(error) if may_try_again(&error) => {}
                Ok(None) => {}
                Ok(Some(done)) => return Ok(done),
                Err(error) => return Err(error),
            }
        }
        Err(Error::conflict(
            "Someone else is changing these people right now. Nothing was merged; try again in a moment.",
        ))
    }

    async fn try_merge(
        &self,
        actor: &Actor,
        numbers: Numbers,
        first: ContactId,
        second: ContactId,
        choices: &MergeChoices,
    ) -> Result<Option<Merged>> {
        let workspace = actor.workspace;
        let now = self.now();
        let mut tx = self.store().write().await?;
        let groups = groups::load(&mut tx, workspace, false).await?;
        let (rules, guard) = crowd::rules(&mut tx, workspace).await?;
        let Found::Locked(crowd) = Crowd::locked(&mut tx, workspace, &[first, second], rules).await? else {
            return Ok(None);
        };
        let (a, b) = two(&crowd)?;
        if let Some(why) = words::refusal(&crowd.picture, a, b) {
            return Err(Error::conflict(why));
        }
        let campaigns = crowd::campaigns_of(&mut tx, workspace, &crowd).await?;
        let facts = crowd::facts(rules, guard, &campaigns, now);
        let (survivor, loser) = plan::order(&crowd.picture, a, b, choices.survivor);
        let done = plan::plan(&crowd.picture, survivor, loser, choices, &facts);
        let journal = Journal::new(crowd.merges.iter().map(|m| m.id).collect(), &crowd.picture, &done.after);
        let mut after = done.after;
        let standing = crowd.merges.iter().map(|m| (m.survivor, &m.journal));
        found_by::settle(&mut after, &crowd.people, standing.chain([(survivor, &journal)]), &groups);
        let changes = crowd.picture.changes_to(&after);
        picture::write(&mut tx, workspace, &changes, people::folded, now).await?;
        let event = MergeEvent {
            id: numbers.merge,
            survivor,
            loser,
            choices: serde_json::to_string(choices)?,
            journal: serde_json::to_string(&journal)?,
            created_at: now,
            undone_at: None,
        };
        merges::add(&mut tx, workspace, &event, numbers.batch, actor.user).await?;
        // the loser is compared with nobody: its keys go
        to_match::ask(&mut tx, workspace, &[survivor, loser]).await?;
        note(&mut tx, actor, numbers.events, [history::MERGE, history::MERGED_INTO], survivor, loser, now).await?;
        let detail = format!("{survivor} {loser}");
        audit::record(&mut tx, self.event(actor, "contact.merge", numbers.merge.to_string(), &detail)).await?;
        tx.commit().await?;
        let paused = done.leads.iter().filter(|l| l.paused).count() as u64;
        Ok(Some(Merged { id: numbers.merge, survivor, loser, paused }))
    }
}

/// The two people of a crowd.
fn two(crowd: &Crowd) -> Result<(ContactId, ContactId)> {
    match crowd.roots[..] {
        [a, b] => Ok((a, b)),
        _ => Err(Error::conflict("These two are one contact already. Nothing was changed.")),
    }
}

/// Whether the same transaction may well work when it is tried again: somebody held the people, or took an identifier
/// that nobody had.
fn may_try_again(error: &Error) -> bool {
    matches!(error, Error::Store(error) if error.is_busy() || matches!(error, store::Error::Conflict))
}

/// Both people's histories tell of it; each entry names the other.
async fn note(
    tx: &mut Tx,
    actor: &Actor,
    first: i64,
    [survivors, losers]: [&'static str; 2],
    survivor: ContactId,
    loser: ContactId,
    now: i64,
) -> Result<()> {
    let events = vec![
        NewEvent { id: first, contact: survivor, kind: survivors, detail: loser.to_string() },
        NewEvent { id: first + 1, contact: loser, kind: losers, detail: survivor.to_string() },
    ];
    Ok(contact_history::add(tx, actor.workspace, actor.user, events, now).await?)
}
