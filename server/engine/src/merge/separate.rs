//! Two people who were taken for one (B15): kept apart on every path until someone takes that back (R16).

use domain::Act;
use domain::ids::{ContactId, WorkspaceId};
use store::contact_history::{self, NewEvent};
use store::picture::{self, Picture, SeparatedRow, pair};
use store::{Tx, audit, to_match};

use super::crowd::{self, Crowd, Found};
use super::plan::{is_open, settle_pairs};
use super::{TRIES, may_try_again, two};
use crate::contacts::history;
use crate::{Actor, Engine, Error, Result, groups, people};

impl Engine {
    /// Says that two contacts are two people. The pair leaves the list and is not asked about again without new
    /// evidence.
    ///
    /// # Errors
    /// Refuses two ids of one person: take the merge back instead.
    pub async fn separate(&self, actor: &Actor, first: ContactId, second: ContactId) -> Result<()> {
        self.decide(actor, first, second, true).await
    }

    /// Takes back that two contacts are two people: the pair waits for a decision again.
    ///
    /// # Errors
    /// Refuses when they are not kept apart.
    pub async fn undo_separate(&self, actor: &Actor, first: ContactId, second: ContactId) -> Result<()> {
        self.decide(actor, first, second, false).await
    }

    async fn decide(&self, actor: &Actor, first: ContactId, second: ContactId, apart: bool) -> Result<()> {
        actor.may(Act::HandleDuplicates)?;
        let events = contact_history::reserve(self.store(), 2).await?;
        for _ in 0..TRIES {
            match self.try_decide(actor, first, second, apart, events).await {
                Err(error) if may_try_again(&error) => {}
                Ok(false) => {}
                Ok(true) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Err(Error::conflict(
            "Someone else is changing these people right now. Nothing was changed; try again in a moment.",
        ))
    }

    async fn try_decide(
        &self,
        actor: &Actor,
        first: ContactId,
        second: ContactId,
        apart: bool,
        events: i64,
    ) -> Result<bool> {
        let workspace = actor.workspace;
        let now = self.now();
        let mut tx = self.store().write().await?;
        groups::load(&mut tx, workspace, false).await?;
        let Some((before, a, b)) = locked(&mut tx, workspace, first, second).await? else { return Ok(false) };
        if [a, b].iter().any(|id| before.contacts.get(id).is_none_or(|row| row.deleted_at.is_some())) {
            return Err(Error::conflict("One of the two was deleted. Bring them back first; nothing was changed."));
        }
        let key = pair(a, b);
        // one that is asked about again is decided again
        let asked_again = apart && is_open(&before, key);
        if before.separated.contains_key(&key) == apart && !asked_again {
            return Err(Error::conflict(if apart {
                "These two are kept apart already. Nothing was changed."
            } else {
                "These two are not kept apart. Nothing was changed."
            }));
        }
        let mut after = before.clone();
        if apart {
            let weight = after.suspects.get(&key).map_or(0, |row| row.weight);
            let origin = after.separated.get(&key).and_then(|row| row.origin);
            let row = SeparatedRow { weight, actor: actor.user, created_at: now, origin };
            after.separated.insert(key, row);
            settle_pairs(&mut after, a);
            // their cluster may fall apart
            to_match::ask(&mut tx, workspace, &[a, b]).await?;
        } else {
            after.separated.remove(&key);
            settle_pairs(&mut after, a);
            to_match::ask(&mut tx, workspace, &[a, b]).await?;
        }
        picture::write(&mut tx, workspace, &before.changes_to(&after), people::folded, now).await?;
        let kind = if apart { history::SEPARATE } else { history::UNDO_SEPARATE };
        let said = vec![
            NewEvent { id: events, contact: a, kind, detail: b.to_string() },
            NewEvent { id: events + 1, contact: b, kind, detail: a.to_string() },
        ];
        contact_history::add(&mut tx, workspace, actor.user, said, now).await?;
        let action = if apart { "contact.separate" } else { "contact.undoSeparate" };
        audit::record(&mut tx, self.event(actor, action, format!("{} {}", key.0, key.1), "")).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn locked(
    tx: &mut Tx,
    workspace: WorkspaceId,
    first: ContactId,
    second: ContactId,
) -> Result<Option<(Picture, ContactId, ContactId)>> {
    let (rules, _) = crowd::rules(tx, workspace).await?;
    let Found::Locked(crowd) = Crowd::locked(tx, workspace, &[first, second], rules).await? else { return Ok(None) };
    let (a, b) = two(&crowd).map_err(|_| {
        Error::conflict(
            "These two are one contact: they were merged. Take the merge back in the Merged list first; nothing was \
             changed.",
        )
    })?;
    Ok(Some((crowd.picture, a, b)))
}
