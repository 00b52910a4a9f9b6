//! The job that compares new and changed contacts with everyone they may be: by the blocks of their keys, so that it
//! finds what a full scan would find.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::ids::{ContactId, WorkspaceId};
use matching::{Frequencies, LARGEST_BLOCK, Profile, Thresholds};
use store::jobs::{Held, Job};
use store::namesakes::{self, Namesake};
use store::suspects::SCORE;
use store::{Tx, jobs, match_keys, suspects};

use super::pairs::{self, Found};
use super::{parts, profiles, read_mix, thresholds};
use crate::work::LEASE_MS;
use crate::{Engine, Result};

/// Contacts compared in one go.
const CHUNK: i64 = 400;

/// What a chunk needs and found.
struct Chunk {
    /// Everyone who waited, also those who are nobody any more.
    asked: Vec<ContactId>,
    /// Those of them who are somebody.
    people: Vec<Profile>,
    /// What they and their candidates may be found by.
    everyone: HashMap<i64, Profile>,
    found: Vec<Found>,
    namesakes: Vec<Namesake>,
}

impl Engine {
    /// Compares everyone who waits, in chunks; what is not done when it is stopped waits on.
    pub(crate) async fn match_waiting(&self, job: &Job, workspace: WorkspaceId) -> Result<()> {
        while self.match_chunk(workspace).await? {
            let mut tx = self.store().write().await?;
            let held = jobs::keep(&mut tx, job, self.now() + LEASE_MS).await?;
            tx.commit().await?;
            if held != Held::GoOn {
                return Ok(());
            }
        }
        self.finish_job(job).await
    }

    /// Compares one chunk; says whether there was anyone.
    async fn match_chunk(&self, workspace: WorkspaceId) -> Result<bool> {
        let mut tx = self.store().read().await?;
        let asked = match_keys::waiting(&mut tx, workspace, CHUNK).await?;
        if asked.is_empty() {
            return Ok(false);
        }
        let contacts = match_keys::live_among(&mut tx, workspace, &asked).await?;
        let people = profiles(&mut tx, workspace, &contacts).await?;
        drop(tx);
        self.index(workspace, &people).await?;

        let mut tx = self.store().read().await?;
        let mut chunk = Chunk { asked, people, everyone: HashMap::new(), found: Vec::new(), namesakes: Vec::new() };
        self.compare_chunk(&mut tx, workspace, &mut chunk).await?;
        drop(tx);
        self.write_chunk(workspace, chunk).await?;
        Ok(true)
    }

    /// Adds the keys of people and counts their values, so that they find each other and are found.
    async fn index(&self, workspace: WorkspaceId, people: &[Profile]) -> Result<()> {
        let mut keys: Vec<(i64, ContactId)> = people
            .iter()
            .flat_map(|p| p.blocking_keys().into_iter().map(|key| (key.as_i64(), ContactId(p.id()))))
            .collect();
        keys.sort_unstable();
        let mut tx = self.store().read().await?;
        let there = small_blocks(&mut tx, workspace, keys.iter().map(|(key, _)| *key)).await?;
        // whoever is found by a key already was counted before
        let known: HashSet<ContactId> = there.into_iter().map(|(_, id)| id).collect();
        drop(tx);
        let mut terms: BTreeMap<i64, i64> = BTreeMap::new();
        for person in people.iter().filter(|p| !known.contains(&ContactId(p.id()))) {
            for term in person.term_keys() {
                *terms.entry(term).or_default() += 1;
            }
        }
        let mut tx = self.store().write().await?;
        match_keys::add(&mut tx, workspace, &keys).await?;
        match_keys::add_terms(&mut tx, workspace, &terms.into_iter().collect::<Vec<_>>()).await?;
        Ok(tx.commit().await?)
    }

    async fn compare_chunk(&self, tx: &mut Tx, workspace: WorkspaceId, chunk: &mut Chunk) -> Result<()> {
        let settings = match_keys::settings(tx, workspace).await?;
        let thresholds = thresholds(&settings);
        let keys: BTreeSet<i64> =
            chunk.people.iter().flat_map(Profile::blocking_keys).map(matching::BlockKey::as_i64).collect();
        let rows = small_blocks(tx, workspace, keys.iter().copied()).await?;
        let mut blocks: HashMap<i64, Vec<i64>> = HashMap::new();
        for (key, id) in rows {
            blocks.entry(key).or_default().push(id.0);
        }
        let mut others: Vec<ContactId> = blocks.values().flatten().map(|id| ContactId(*id)).collect();
        // what an import said is scored too, whether or not they share a key
        let asked: Vec<ContactId> = chunk.people.iter().map(|p| ContactId(p.id())).collect();
        let said: Vec<(i64, i64)> = suspects::of_contacts(tx, workspace, &asked)
            .await?
            .into_iter()
            .filter(|s| s.reason != SCORE)
            .map(|s| (s.first_contact_id, s.second_contact_id))
            .collect();
        others.extend(said.iter().flat_map(|(a, b)| [ContactId(*a), ContactId(*b)]));
        others.sort_unstable();
        others.dedup();
        let contacts = match_keys::live_among(tx, workspace, &others).await?;
        chunk.everyone = profiles(tx, workspace, &contacts).await?.into_iter().map(|p| (p.id(), p)).collect();
        let frequencies = frequencies(tx, workspace, &settings.match_mix, chunk.everyone.values()).await?;

        let mut seen: BTreeSet<(i64, i64)> = BTreeSet::new();
        for person in &chunk.people {
            for key in person.blocking_keys() {
                let Some(block) = blocks.get(&key.as_i64()) else { continue };
                // a row may be stale: who changed since is found by other keys now
                let block: Vec<&Profile> = block
                    .iter()
                    .filter_map(|id| chunk.everyone.get(id))
                    .filter(|other| other.blocking_keys().contains(&key))
                    .collect();
                if block.len() > key.largest_block() {
                    continue;
                }
                let pairs = block.iter().filter(|other| other.id() != person.id());
                seen.extend(pairs.map(|other| (person.id().min(other.id()), person.id().max(other.id()))));
            }
        }
        let together = self.namesakes(tx, workspace, chunk).await?;
        seen.extend(&said);
        for (a, b) in seen {
            let (Some(one), Some(other)) = (chunk.everyone.get(&a), chunk.everyone.get(&b)) else { continue };
            let must = said.contains(&(a, b));
            let grouped = together.contains(&a) && together.contains(&b);
            chunk.found.extend(found(one, other, &frequencies, &thresholds, must, grouped)?);
        }
        Ok(())
    }

    /// Finds the names of this chunk that many people have; says who is among them.
    async fn namesakes(&self, tx: &mut Tx, workspace: WorkspaceId, chunk: &mut Chunk) -> Result<HashSet<i64>> {
        let names: BTreeSet<i64> = chunk
            .people
            .iter()
            .flat_map(Profile::blocking_keys)
            .filter(|key| key.is_name())
            .map(matching::BlockKey::as_i64)
            .collect();
        let mut together = HashSet::new();
        let sizes = match_keys::sizes(tx, workspace, &names.into_iter().collect::<Vec<_>>()).await?;
        for (key, size) in sizes {
            if usize::try_from(size).unwrap_or(usize::MAX) < matching::NAMESAKES_TOGETHER {
                continue;
            }
            let ids = match_keys::people_of(tx, workspace, key, 200).await?;
            let contacts = match_keys::live_among(tx, workspace, &ids).await?;
            let profiles = profiles(tx, workspace, &contacts).await?;
            for group in matching::namesakes(profiles.iter()) {
                let name = contacts
                    .iter()
                    .find(|c| c.id.0 == group.ids[0])
                    .map_or_else(String::new, |c| c.person.display_name());
                let people = if contacts.len() == 200 { size } else { group.ids.len() as i64 };
                chunk.namesakes.push(Namesake { key, name, people });
                together.extend(group.ids);
            }
        }
        Ok(together)
    }

    async fn write_chunk(&self, workspace: WorkspaceId, chunk: Chunk) -> Result<()> {
        let now = self.now();
        let mut ids: Vec<ContactId> =
            chunk.found.iter().flat_map(|f| [ContactId(f.first), ContactId(f.second)]).collect();
        ids.extend(&chunk.asked);
        ids.sort_unstable();
        ids.dedup();
        let mut tx = self.store().write().await?;
        let separated = suspects::separated_among(&mut tx, workspace, &ids).await?;
        let separated = separated.into_iter().map(|(a, b, weight)| ((a, b), weight)).collect();
        let (found, again) = pairs::without_separated(chunk.found, &separated);
        let there: HashSet<(i64, i64)> = found.iter().map(|f| (f.first, f.second)).collect();
        let gone: Vec<(ContactId, ContactId)> = suspects::of_contacts(&mut tx, workspace, &chunk.asked)
            .await?
            .into_iter()
            .filter(|s| !there.contains(&(s.first_contact_id, s.second_contact_id)))
            .map(|s| (ContactId(s.first_contact_id), ContactId(s.second_contact_id)))
            .collect();
        suspects::remove_open(&mut tx, workspace, &gone).await?;
        suspects::reopen(&mut tx, workspace, &again, now).await?;
        // clusters are worked out when all pairs are there; until then each is its own
        let rows = found.into_iter().map(|f| {
            let home = if f.band == matching::Band::Name { 0 } else { f.first };
            f.suspect(home)
        });
        suspects::put(&mut tx, workspace, rows.collect(), now).await?;
        pairs::settle(&mut tx, workspace, &ids, now).await?;
        namesakes::put(&mut tx, workspace, chunk.namesakes, now).await?;
        match_keys::compared(&mut tx, workspace, &chunk.asked).await?;
        Ok(tx.commit().await?)
    }
}

/// The rows of those blocks that are not too large to be compared; with room for stale rows.
async fn small_blocks(
    tx: &mut Tx,
    workspace: WorkspaceId,
    keys: impl Iterator<Item = i64>,
) -> Result<Vec<(i64, ContactId)>> {
    let keys: BTreeSet<i64> = keys.collect();
    let sizes = match_keys::sizes(tx, workspace, &keys.into_iter().collect::<Vec<_>>()).await?;
    let most = i64::try_from(LARGEST_BLOCK * 2).unwrap_or(i64::MAX);
    let small: Vec<i64> = sizes.into_iter().filter(|(_, size)| *size <= most).map(|(key, _)| key).collect();
    Ok(match_keys::among(tx, workspace, &small).await?)
}

/// The counts of the values that some people have, and how many pairs are to be expected.
pub(super) async fn frequencies<'a>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    mix: &str,
    people: impl Iterator<Item = &'a Profile>,
) -> Result<Frequencies> {
    let terms: BTreeSet<i64> = people.flat_map(Profile::term_keys).collect();
    let counts = match_keys::terms(tx, workspace, &terms.into_iter().collect::<Vec<_>>()).await?;
    let counts = counts.into_iter().map(|(term, people)| (term, u32::try_from(people).unwrap_or(u32::MAX)));
    Ok(Frequencies::from_counts(match_keys::count_live(tx, workspace).await?, read_mix(mix)?, counts))
}

/// The pair, if it is listed. What an import said is listed for review at least; people who are namesakes and no more
/// are listed together instead.
fn found(
    one: &Profile,
    other: &Profile,
    frequencies: &Frequencies,
    thresholds: &Thresholds,
    must: bool,
    grouped: bool,
) -> Result<Option<Found>> {
    let comparison = matching::compare(one, other, frequencies, thresholds);
    let band = match comparison.band {
        Some(matching::Band::Name) if grouped && !must => None,
        Some(matching::Band::Name) | None if must => Some(matching::Band::Review),
        band => band,
    };
    let Some(band) = band else { return Ok(None) };
    Ok(Some(Found {
        first: one.id().min(other.id()),
        second: one.id().max(other.id()),
        bits: comparison.bits,
        probability: comparison.probability,
        band,
        parts: serde_json::to_string(&parts(&comparison))?,
    }))
}
