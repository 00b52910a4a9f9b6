//! The job that compares new and changed contacts with everyone they may be: by the blocks of their keys, so that it
//! finds what a full scan would find.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::ids::{ContactId, WorkspaceId};
use matching::{BlockKey, Frequencies, Profile};
use store::contacts::{self, Contact};
use store::jobs::{Held, Job};
use store::suspects::SCORE;
use store::{Tx, jobs, match_keys, suspects, to_match};

use super::index::{Asked, are_together, is_exact_name, keys, name_key, sizes};
use super::judge::{Folded, Judge, folded};
use super::pairs::{self, Found};
use super::{read_mix, thresholds};
use crate::work::LEASE_MS;
use crate::{Engine, Error, Result};

/// Contacts compared in one go.
const CHUNK: i64 = 400;
/// How often a transaction is tried that somebody else may be in the way of.
pub(super) const TRIES: usize = 10;

/// Whether a transaction may well work when it is tried again: somebody was in its way.
pub(super) fn was_busy<T>(done: &Result<T>) -> bool {
    matches!(done, Err(Error::Store(error)) if error.is_busy())
}

/// What a chunk found.
#[derive(Default)]
struct Comparison {
    found: Vec<Found>,
    /// Everyone whose pairs may be written: the chunk, whom they may be, and the clusters of both; in order.
    around: Vec<ContactId>,
}

impl Engine {
    /// Compares everyone who waits, in chunks; what is not done when it is stopped waits on.
    pub(crate) async fn match_waiting(&self, job: &Job, workspace: WorkspaceId) -> Result<()> {
        while self.match_chunk(job, workspace).await? {}
        self.finish_job(job).await
    }

    /// Compares one chunk; says whether to go on with the next.
    async fn match_chunk(&self, job: &Job, workspace: WorkspaceId) -> Result<bool> {
        let asked = self.asked(workspace).await?;
        if asked.waiting.is_empty() {
            return Ok(false);
        }
        let mut indexed = self.index(job, workspace, &asked).await;
        for _ in 1..TRIES {
            if !was_busy(&indexed) {
                break;
            }
            indexed = self.index(job, workspace, &asked).await;
        }
        if indexed? != Held::GoOn {
            return Ok(false);
        }
        let mut tx = self.store().read().await?;
        let compared = compare_chunk(&mut tx, workspace, &asked).await?;
        drop(tx);
        let mut written = self.write_chunk(job, workspace, &asked, &compared).await;
        for _ in 1..TRIES {
            if !was_busy(&written) {
                break;
            }
            written = self.write_chunk(job, workspace, &asked, &compared).await;
        }
        Ok(written? == Held::GoOn)
    }

    /// Those whose turn it is.
    async fn asked(&self, workspace: WorkspaceId) -> Result<Asked> {
        let mut tx = self.store().read().await?;
        let mut asked = Asked { waiting: to_match::waiting(&mut tx, workspace, CHUNK).await?, ..Asked::default() };
        let ids = asked.ids();
        let live = contacts::live(&mut tx, workspace, &ids).await?;
        let everyone = contacts::among(&mut tx, workspace, &ids).await?;
        let (live, gone): (Vec<Contact>, Vec<Contact>) =
            everyone.into_iter().partition(|contact| live.binary_search(&contact.id).is_ok());
        asked.live = folded(&mut tx, workspace, &live).await?;
        asked.gone = folded(&mut tx, workspace, &gone).await?;
        Ok(asked)
    }

    /// Writes what was found about those who are still somebody.
    async fn write_chunk(
        &self,
        job: &Job,
        workspace: WorkspaceId,
        asked: &Asked,
        compared: &Comparison,
    ) -> Result<Held> {
        let now = self.now();
        let mut tx = self.store().write().await?;
        let held = jobs::keep(&mut tx, job, now + LEASE_MS).await?;
        if held != Held::GoOn {
            return Ok(held);
        }
        contacts::lock(&mut tx, workspace, &compared.around).await?;
        let live = contacts::live(&mut tx, workspace, &compared.around).await?;
        let (found, again) = pairs::to_list(&mut tx, workspace, compared.found.clone(), &live).await?;
        let there: HashSet<(i64, i64)> = found.iter().map(|f| (f.first, f.second)).collect();
        let locked = |id: &i64| compared.around.binary_search(&ContactId(*id)).is_ok();
        let gone: Vec<(ContactId, ContactId)> = suspects::of_contacts(&mut tx, workspace, &asked.ids())
            .await?
            .into_iter()
            .map(|s| (s.first_contact_id, s.second_contact_id))
            // a pair that came meanwhile is that of someone who was asked for again
            .filter(|pair| !there.contains(pair) && locked(&pair.0) && locked(&pair.1))
            .map(|(a, b)| (ContactId(a), ContactId(b)))
            .collect();
        suspects::remove_open(&mut tx, workspace, &gone).await?;
        suspects::reopen(&mut tx, workspace, &again, now).await?;
        // clusters are worked out when all pairs are there; until then each is its own
        let rows = found.into_iter().map(|f| {
            let home = if f.band == matching::Band::Name { 0 } else { f.first };
            f.suspect(home)
        });
        suspects::put(&mut tx, workspace, rows.collect(), now).await?;
        pairs::settle(&mut tx, workspace, &compared.around, now).await?;
        to_match::compared(&mut tx, workspace, &asked.waiting).await?;
        tx.commit().await?;
        Ok(held)
    }
}

/// Compares everyone of a chunk with everyone they share a key with.
async fn compare_chunk(tx: &mut Tx, workspace: WorkspaceId, asked: &Asked) -> Result<Comparison> {
    let settings = match_keys::settings(tx, workspace).await?;
    let people = &asked.live.profiles;
    let wanted: BTreeSet<i64> = people.iter().flat_map(keys).map(|(key, _)| key).collect();
    let sizes = sizes(tx, workspace, wanted.iter().copied()).await?;
    let blocks = Blocks::load(tx, workspace, &wanted, &sizes).await?;
    let open = suspects::of_contacts(tx, workspace, &asked.ids()).await?;
    // what somebody said is scored too, whether or not they share a key
    let said: BTreeSet<(i64, i64)> =
        open.iter().filter(|s| s.reason != SCORE).map(|s| (s.first_contact_id, s.second_contact_id)).collect();
    let mut others: BTreeSet<i64> = blocks.0.values().flatten().copied().collect();
    others.extend(said.iter().flat_map(|(a, b)| [*a, *b]));
    let others: Vec<ContactId> = others.into_iter().map(ContactId).collect();
    let there = match_keys::live_among(tx, workspace, &others).await?;
    let Folded { profiles, sharing } = folded(tx, workspace, &there).await?;
    let everyone: HashMap<i64, Profile> = profiles.into_iter().map(|p| (p.id(), p)).collect();
    let frequencies = frequencies(tx, workspace, &settings.match_mix, everyone.values()).await?;

    let mut pairs = blocks.pairs(people, &everyone);
    pairs.extend(&said);
    let judge = Judge { sharing: &sharing, frequencies: &frequencies, thresholds: &thresholds(&settings) };
    let names: BTreeSet<i64> = sizes
        .iter()
        .filter(|(key, (people, _))| is_exact_name(**key) && are_together(*people))
        .map(|(key, _)| *key)
        .collect();
    let together = |id: i64| everyone.get(&id).and_then(name_key).is_some_and(|name| names.contains(&name));
    let mut compared = Comparison::default();
    for (a, b) in pairs {
        let (Some(one), Some(other)) = (everyone.get(&a), everyone.get(&b)) else { continue };
        // whoever is listed for the name alone has exactly the same
        let grouped = together(a) && together(b);
        compared.found.extend(judge.found(one, other, said.contains(&(a, b)), grouped)?);
    }
    let mut around: Vec<ContactId> = asked.ids();
    around.extend(compared.found.iter().flat_map(|f| [ContactId(f.first), ContactId(f.second)]));
    around.extend(open.iter().flat_map(|s| [ContactId(s.first_contact_id), ContactId(s.second_contact_id)]));
    compared.around = pairs::around(tx, workspace, around).await?;
    Ok(compared)
}

/// The people by the keys under which they are compared.
struct Blocks(HashMap<i64, Vec<i64>>);

impl Blocks {
    /// Loads those of some keys that are not too large.
    async fn load(
        tx: &mut Tx,
        workspace: WorkspaceId,
        wanted: &BTreeSet<i64>,
        sizes: &HashMap<i64, (i64, ContactId)>,
    ) -> Result<Blocks> {
        let small = |key: &&i64| {
            let people = sizes.get(*key).map_or(0, |(people, _)| *people);
            usize::try_from(people).is_ok_and(|people| people <= BlockKey::from_i64(**key).largest_block())
        };
        let small: Vec<i64> = wanted.iter().filter(small).copied().collect();
        let mut blocks: HashMap<i64, Vec<i64>> = HashMap::new();
        for (key, id) in match_keys::among(tx, workspace, &small).await? {
            blocks.entry(key).or_default().push(id.0);
        }
        Ok(Blocks(blocks))
    }

    /// Each of some people with everyone they share a key with.
    fn pairs(&self, people: &[Profile], everyone: &HashMap<i64, Profile>) -> BTreeSet<(i64, i64)> {
        // a row may be stale: who changed since is found by other keys now, and waits
        let theirs: HashMap<i64, BTreeSet<i64>> =
            everyone.iter().map(|(id, person)| (*id, keys(person).map(|(key, _)| key).collect())).collect();
        let mut pairs = BTreeSet::new();
        for person in people {
            for (key, _) in keys(person) {
                let others = self.0.get(&key).into_iter().flatten();
                let others =
                    others.filter(|id| **id != person.id() && theirs.get(id).is_some_and(|k| k.contains(&key)));
                pairs.extend(others.map(|id| (person.id().min(*id), person.id().max(*id))));
            }
        }
        pairs
    }
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
