//! Brings the people of a merge into one transaction: found, locked, and read whole.

use std::collections::BTreeSet;

use domain::ids::{ContactId, WorkspaceId};
use domain::{DuplicatePolicy, StatusClass};
use matching::EmailRules;
use store::picture::{self, Key, Picture};
use store::{Tx, campaigns, contacts, identities, merges, team};

use super::back::{Journal, Standing};
use super::plan::{Facts, all_keys};
use crate::{Error, Result};

/// Some people as they stand, with those they have taken in; locked until commit when that was asked for.
pub(super) struct Crowd {
    /// Who they are now, each once, in the order asked for.
    pub roots: Vec<ContactId>,
    /// Everyone that is one of them: the roots and whom they have taken in.
    pub people: Vec<ContactId>,
    /// The merges by which they were taken in.
    pub merges: Vec<Standing>,
    /// Everything that stands about them.
    pub picture: Picture,
}

/// What locking people gave.
pub(super) enum Found {
    /// The people, who stay as they are until commit.
    Locked(Box<Crowd>),
    /// What was found first had changed before it was locked: try again.
    Moved,
}

async fn look(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId], rules: EmailRules) -> Result<Crowd> {
    let mut roots: Vec<ContactId> = Vec::new();
    for &id in ids {
        let root = root(tx, workspace, id).await?;
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    let mut people: BTreeSet<ContactId> = roots.iter().copied().collect();
    people.extend(picture::absorbed(tx, workspace, &roots).await?);
    let people: Vec<ContactId> = people.into_iter().collect();
    let stored = merges::standing_of(tx, workspace, &people).await?;
    let mut standing = Vec::with_capacity(stored.len());
    let mut others: BTreeSet<ContactId> = BTreeSet::new();
    for merge in stored {
        let journal: Journal = serde_json::from_str(&merge.journal)?;
        let suspects = journal.changes.suspects.iter().map(|c| (c.key, c.before.as_ref().and_then(|r| r.origin)));
        let separated = journal.changes.separated.iter().map(|c| (c.key, c.before.as_ref().and_then(|r| r.origin)));
        for (key, about) in suspects.chain(separated) {
            others.extend([key.0, key.1]);
            others.extend(about.iter().flat_map(|(a, b)| [*a, *b]));
        }
        standing.push(Standing {
            id: merge.id,
            survivor: merge.survivor,
            loser: merge.loser,
            at: merge.created_at,
            journal,
        });
    }
    let others: Vec<ContactId> = others.into_iter().collect();
    let mut found = picture::load(tx, workspace, &people, &others).await?;
    let mut keys: BTreeSet<Key> = BTreeSet::new();
    for &id in &people {
        keys.extend(all_keys(&found, id, rules));
    }
    for merge in &standing {
        // an identifier that was taken off the person since may still be in a journal
        keys.extend(merge.journal.changes.identities.iter().map(|c| c.key));
        keys.extend(merge.journal.changes.suppressions.iter().map(|c| c.key));
    }
    let keys: Vec<Key> = keys.into_iter().collect();
    picture::load_identifiers(tx, workspace, &keys, &mut found).await?;
    Ok(Crowd { roots, people, merges: standing, picture: found })
}

/// Who a contact is now.
///
/// # Errors
/// When there is no such contact.
pub(super) async fn root(tx: &mut Tx, workspace: WorkspaceId, id: ContactId) -> Result<ContactId> {
    let mut id = id;
    // paths are compressed, so this is one step; the count keeps a broken one from going round
    for _ in 0..64 {
        let found = picture::standing(tx, workspace, &[id]).await?;
        match found.get(&id).ok_or(Error::NotFound("contact"))?.0 {
            Some(next) => id = next,
            None => return Ok(id),
        }
    }
    Err(Error::Fault("merged contacts go round in a circle"))
}

impl Crowd {
    /// Reads people without locking anyone: for a preview.
    pub async fn seen(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId], rules: EmailRules) -> Result<Crowd> {
        look(tx, workspace, ids, rules).await
    }

    /// Locks people and reads them: first their identifiers in key order, then everyone concerned in id order, as
    /// every path does (design: writing safely).
    pub async fn locked(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId], rules: EmailRules) -> Result<Found> {
        let first = look(tx, workspace, ids, rules).await?;
        let owned: Vec<([u8; 16], ContactId)> = first.picture.identities.iter().map(|(k, id)| (k.0, *id)).collect();
        let owners = identities::claim(tx, workspace, &owned).await?;
        let concerned: Vec<ContactId> = first.picture.contacts.keys().copied().collect();
        contacts::lock(tx, workspace, &concerned).await?;
        let then = look(tx, workspace, ids, rules).await?;
        let same = first.roots == then.roots
            && first.people == then.people
            && first.picture.contacts.keys().eq(then.picture.contacts.keys())
            && first.picture.identities.keys().eq(then.picture.identities.keys())
            && owners.len() == owned.len();
        Ok(if same { Found::Locked(Box::new(then)) } else { Found::Moved })
    }
}

/// How addresses become keys in a workspace, and whether only one campaign at a time may write to a person.
pub(super) async fn rules(tx: &mut Tx, workspace: WorkspaceId) -> Result<(EmailRules, bool)> {
    let found = team::workspace_by_id(tx, workspace).await?.ok_or(Error::Fault("the workspace is gone"))?;
    Ok((EmailRules { fold_gmail: found.fold_gmail }, found.default_policy != DuplicatePolicy::Campaign))
}

/// The campaigns that some people are in, or were before they were merged.
pub(super) async fn campaigns_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    crowd: &Crowd,
) -> Result<Vec<campaigns::Campaign>> {
    let before = crowd.merges.iter().flat_map(|m| &m.journal.changes.leads).filter_map(|c| c.before.as_ref());
    let ids: BTreeSet<_> = crowd.picture.leads.values().chain(before).map(|l| l.campaign).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    Ok(campaigns::among(tx, workspace, &ids).await?)
}

/// What a plan needs to know beside the people.
pub(super) fn facts(rules: EmailRules, guard: bool, campaigns: &[campaigns::Campaign], now: i64) -> Facts {
    let archived = campaigns.iter().filter(|c| c.archived_at.is_some()).map(|c| c.id).collect();
    Facts { rules, archived, guard, now }
}

/// Whether a status is one of those that somebody is writing under; for warnings.
pub(super) fn is_active(status: domain::LeadStatus) -> bool {
    status.class() == StatusClass::Active
}
