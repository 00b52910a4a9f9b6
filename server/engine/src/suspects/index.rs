//! The keys that contacts are found by, kept true as they come, change and go, and who has to be looked at again for it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::ids::{ContactId, WorkspaceId};
use matching::{BlockKey, BlockKind, NAMESAKES_TOGETHER, Profile};
use store::jobs::{Held, Job};
use store::namesakes::{self, Namesake};
use store::to_match::{self, Waiting};
use store::{Tx, contacts, jobs, match_keys};

use super::judge::Folded;
use crate::work::LEASE_MS;
use crate::{Engine, Result};

/// Everyone of a chunk, as they were read.
#[derive(Default)]
pub(super) struct Asked {
    /// Everyone who waited, also those who are nobody any more.
    pub waiting: Vec<Waiting>,
    /// Those of them who are somebody.
    pub live: Folded,
    /// Those whose contact is still there, but nobody any more: merged or deleted.
    pub gone: Folded,
}

impl Asked {
    /// Their ids, in order.
    pub fn ids(&self) -> Vec<ContactId> {
        let mut ids: Vec<ContactId> = self.waiting.iter().map(Waiting::contact).collect();
        ids.sort_unstable();
        ids
    }
}

/// The keys of a person as they are stored.
pub(super) fn keys(person: &Profile) -> impl Iterator<Item = (i64, ContactId)> {
    let id = ContactId(person.id());
    person.blocking_keys().into_iter().map(move |key| (key.as_i64(), id))
}

/// Whether a key is that of exactly one first and last name: its people are namesakes.
pub(super) fn is_exact_name(key: i64) -> bool {
    key.cast_unsigned() >> 58 == BlockKind::ExactName as u64
}

/// The key of a person's exact name; none where a name is missing.
pub(super) fn name_key(person: &Profile) -> Option<i64> {
    person.blocking_keys().into_iter().map(BlockKey::as_i64).find(|key| is_exact_name(*key))
}

/// Whether so many people of a name are one entry of the list.
pub(super) fn are_together(people: i64) -> bool {
    usize::try_from(people).is_ok_and(|people| people >= NAMESAKES_TOGETHER)
}

/// Whether the people of a key are listed otherwise from now on, because one more or less has it: their block is
/// compared no more, or again; or they are listed together, or no more.
fn turns(key: i64, before: i64, after: i64) -> bool {
    // of an exact name, so many are compared that are not listed together
    let most = BlockKey::from_i64(key).largest_block();
    let are_compared = |people| usize::try_from(people).is_ok_and(|people| people <= most);
    are_compared(before) != are_compared(after)
}

/// What the keys of a chunk become.
struct Changes {
    added: Vec<(i64, ContactId)>,
    removed: Vec<(i64, ContactId)>,
    /// Who had none yet.
    new: BTreeSet<ContactId>,
}

impl Changes {
    fn of(asked: &Asked, stored: Vec<(i64, ContactId)>) -> Changes {
        let stored: BTreeSet<(i64, ContactId)> = stored.into_iter().collect();
        let wanted: BTreeSet<(i64, ContactId)> = asked.live.profiles.iter().flat_map(keys).collect();
        let known: BTreeSet<ContactId> = stored.iter().map(|(_, id)| *id).collect();
        let ids = asked.waiting.iter().map(Waiting::contact);
        Changes {
            added: wanted.difference(&stored).copied().collect(),
            removed: stored.difference(&wanted).copied().collect(),
            new: ids.filter(|id| !known.contains(id)).collect(),
        }
    }

    /// By how many people each key has more or fewer.
    fn by_key(&self) -> BTreeMap<i64, i64> {
        let mut by = BTreeMap::new();
        for (key, _) in &self.added {
            *by.entry(*key).or_insert(0) += 1;
        }
        for (key, _) in &self.removed {
            *by.entry(*key).or_insert(0) -= 1;
        }
        by
    }

    /// The exact names that came or went, and those of everyone: an edit may write one otherwise.
    fn names(&self, asked: &Asked) -> BTreeSet<i64> {
        let gone = self.removed.iter().map(|(key, _)| *key).filter(|key| is_exact_name(*key));
        gone.chain(asked.live.profiles.iter().filter_map(name_key)).collect()
    }
}

fn terms<'p>(people: impl Iterator<Item = &'p Profile>) -> Vec<(i64, i64)> {
    let mut terms: BTreeMap<i64, i64> = BTreeMap::new();
    for term in people.flat_map(Profile::term_keys) {
        *terms.entry(term).or_default() += 1;
    }
    terms.into_iter().collect()
}

impl Engine {
    /// Brings the keys of a chunk up to date, so that they find each other and are found, and counts the values of who
    /// is new. Names that many people have by now, or no more, are listed so, and whoever has to be looked at again
    /// waits.
    pub(super) async fn index(&self, job: &Job, workspace: WorkspaceId, asked: &Asked) -> Result<Held> {
        let mut tx = self.store().write().await?;
        let held = jobs::keep(&mut tx, job, self.now() + LEASE_MS).await?;
        if held != Held::GoOn {
            return Ok(held);
        }
        let ids = asked.ids();
        let changes = Changes::of(asked, match_keys::of(&mut tx, workspace, &ids).await?);
        let by = changes.by_key();
        let sizes = sizes(&mut tx, workspace, by.keys().copied()).await?;
        match_keys::remove(&mut tx, workspace, &changes.removed).await?;
        match_keys::add(&mut tx, workspace, &changes.added).await?;
        let is_new = |person: &&Profile| changes.new.contains(&ContactId(person.id()));
        match_keys::add_terms(&mut tx, workspace, &terms(asked.live.profiles.iter().filter(is_new))).await?;
        let counted = asked.gone.profiles.iter().filter(|person| !is_new(person));
        match_keys::take_terms(&mut tx, workspace, &terms(counted)).await?;
        let turned: Vec<i64> = by
            .iter()
            .map(|(key, by)| (*key, sizes.get(key).map_or(0, |(people, _)| *people), *by))
            .filter(|(key, before, by)| turns(*key, *before, before + by))
            .map(|(key, ..)| key)
            .collect();
        let mut again: Vec<ContactId> =
            match_keys::among(&mut tx, workspace, &turned).await?.into_iter().map(|(_, id)| id).collect();
        again.retain(|id| ids.binary_search(id).is_err());
        to_match::look_again(&mut tx, workspace, &again).await?;
        list_names(&mut tx, workspace, changes.names(asked), self.now()).await?;
        tx.commit().await?;
        Ok(held)
    }
}

/// Lists those of some names that many people have, as the first of them writes it, and no others.
async fn list_names(tx: &mut Tx, workspace: WorkspaceId, names: BTreeSet<i64>, now: i64) -> Result<()> {
    let sizes = sizes(tx, workspace, names.iter().copied()).await?;
    let many = |key: &i64| sizes.get(key).copied().filter(|(people, _)| are_together(*people));
    let first: Vec<ContactId> = names.iter().filter_map(|key| Some(many(key)?.1)).collect();
    let called: HashMap<ContactId, String> =
        contacts::among(tx, workspace, &first).await?.into_iter().map(|c| (c.id, c.person.display_name())).collect();
    let (mut listed, mut few) = (Vec::new(), Vec::new());
    for key in names {
        match many(&key) {
            Some((people, first)) => {
                let name = called.get(&first).cloned().unwrap_or_default();
                listed.push(Namesake { key, name, people });
            }
            None => few.push(key),
        }
    }
    namesakes::remove(tx, workspace, &few).await?;
    Ok(namesakes::put(tx, workspace, listed, now).await?)
}

/// How many people have each of some keys, and the first of them.
pub(super) async fn sizes(
    tx: &mut Tx,
    workspace: WorkspaceId,
    keys: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, (i64, ContactId)>> {
    let keys: Vec<i64> = keys.collect();
    let sizes = match_keys::sizes(tx, workspace, &keys).await?;
    Ok(sizes.into_iter().map(|(key, people, first)| (key, (people, first))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_looked_at_again_when_a_block_passes_its_limit_either_way() {
        let ann = matching::Person { first_name: "Ann".to_owned(), last_name: "Lee".to_owned(), ..Default::default() };
        let profile = Profile::of(&ann);
        let name = name_key(&profile).unwrap();
        let turned: Vec<bool> = [(3, 4), (4, 5), (5, 4), (5, 6)].map(|(from, to)| turns(name, from, to)).to_vec();
        assert_eq!(turned, [false, true, true, false]);
        let block = profile.blocking_keys().into_iter().find(|key| key.is_name()).unwrap();
        let limit = i64::try_from(block.largest_block()).unwrap();
        let turned = [(limit - 1, limit), (limit, limit + 1), (limit + 1, limit)];
        assert_eq!(turned.map(|(from, to)| turns(block.as_i64(), from, to)), [false, true, true]);
    }
}
