//! The full scan: everyone against everyone, in memory, from time to time and on demand.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use domain::ids::{ContactId, WorkspaceId};
use matching::{Frequencies, Profile, Scan, Thresholds};
use store::jobs::{Held, Job};
use store::namesakes::{self, Namesake};
use store::to_match::Waiting;
use store::{Tx, audit, contacts, jobs, match_keys, suspects, to_match};

use super::index::{keys, name_key};
use super::judge::{Folded, Judge, folded};
use super::matching_job::{TRIES, was_busy};
use super::pairs::{self, Found};
use super::{thresholds, write_mix};
use crate::work::{LEASE_MS, SCAN};
use crate::{Actor, Engine, Error, Result};

/// Contacts read at a time.
const PAGE: i64 = 4_000;
/// Rows written in one transaction: about 50 ms.
const ROWS: usize = 4_000;
/// Pairs written in one transaction: their people are held meanwhile, so they are fewer.
const PAIRS: usize = 500;

/// What a full scan did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanSummary {
    /// Contacts compared.
    pub contacts: usize,
    /// Pairs that were looked at.
    pub candidates: usize,
    /// Pairs that are listed.
    pub pairs: usize,
    /// Names that many people have.
    pub namesakes: usize,
}

/// Everyone of a workspace, and what the matcher found among them.
struct Scanned {
    people: Vec<Profile>,
    names: HashMap<i64, String>,
    scan: Scan,
    found: Vec<Found>,
}

/// Everyone of a workspace as they were read, and what has been said of them.
struct Everyone {
    folded: Folded,
    said: BTreeSet<(i64, i64)>,
    thresholds: Thresholds,
}

impl Engine {
    /// Asks for a full scan. While there is one, there is one more after it.
    ///
    /// # Errors
    /// When the caller may not decide about duplicates.
    pub async fn ask_scan(&self, actor: &Actor) -> Result<()> {
        actor.may(domain::Act::HandleDuplicates)?;
        let job = self.reserve_job().await?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        jobs::ask_once(&mut tx, job, actor.workspace, SCAN, actor.workspace.0, now).await?;
        audit::record(&mut tx, self.event(actor, "suspects.scan", actor.workspace.to_string(), "")).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    pub(crate) async fn scan_job(&self, job: &Job, workspace: WorkspaceId) -> Result<()> {
        if self.scan_everyone(workspace, Some(job)).await?.is_none() {
            tracing::info!("a scan was stopped, or another worker has it");
        }
        // one that another worker has is not ours to end, and stays
        self.finish_job(job).await
    }

    /// Compares everyone now; for the command line.
    ///
    /// # Errors
    /// When the caller may not decide about duplicates.
    pub async fn scan_now(&self, actor: &Actor) -> Result<ScanSummary> {
        actor.may(domain::Act::HandleDuplicates)?;
        self.scan_everyone(actor.workspace, None).await?.ok_or(Error::Fault("a scan without a job cannot be stopped"))
    }

    /// Compares everyone; none when it was stopped, or another worker has the job by now.
    async fn scan_everyone(&self, workspace: WorkspaceId, job: Option<&Job>) -> Result<Option<ScanSummary>> {
        let began = self.now();
        let waiting = {
            let mut tx = self.store().read().await?;
            to_match::waiting(&mut tx, workspace, i64::MAX).await?
        };
        let Some(mut scanned) = self.compare_everyone(workspace, job).await? else { return Ok(None) };
        let summary = ScanSummary {
            contacts: scanned.people.len(),
            candidates: scanned.scan.candidates,
            pairs: scanned.found.len(),
            namesakes: scanned.scan.namesakes.len(),
        };
        let found = std::mem::take(&mut scanned.found);
        let written = self.write_index(workspace, &scanned, job).await?
            && self.write_pairs(workspace, &scanned, found, job).await?
            && self.remove_unseen(workspace, began, job).await?;
        if !written {
            return Ok(None);
        }
        let (mix, names) = (write_mix(scanned.scan.mix)?, namesakes_of(&scanned));
        if !self.write(workspace, job, &Write::End { began, mix, names, waiting }).await? {
            return Ok(None);
        }
        tracing::info!(contacts = summary.contacts, candidates = summary.candidates, pairs = summary.pairs, "scanned");
        Ok(Some(summary))
    }

    async fn compare_everyone(&self, workspace: WorkspaceId, job: Option<&Job>) -> Result<Option<Scanned>> {
        let mut tx = self.store().read().await?;
        let thresholds = thresholds(&match_keys::settings(&mut tx, workspace).await?);
        let said = suspects::said(&mut tx, workspace).await?.into_iter().map(|(a, b)| (a.0, b.0)).collect();
        let mut everyone = Everyone { folded: Folded::default(), said, thresholds };
        let mut after = ContactId(0);
        loop {
            let page = match_keys::live_after(&mut tx, workspace, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            let more = folded(&mut tx, workspace, &page).await?;
            everyone.folded.profiles.extend(more.profiles);
            everyone.folded.sharing.extend(more.sharing);
            if !self.still_ours(workspace, job).await? {
                return Ok(None);
            }
        }
        drop(tx);
        let mut work = tokio::task::spawn_blocking(move || compare(everyone));
        let mut scanned = loop {
            // nobody else is to think that this worker is dead, however long it takes
            let wait = Duration::from_millis(LEASE_MS.unsigned_abs() / 3);
            match tokio::time::timeout(wait, &mut work).await {
                Ok(done) => break done.map_err(|_| Error::Fault("the scan was interrupted"))??,
                Err(_) if self.still_ours(workspace, job).await? => {}
                Err(_) => return Ok(None),
            }
        };
        // one of each group lends the name
        let some: Vec<ContactId> = scanned.scan.namesakes.iter().map(|g| ContactId(g.ids[0])).collect();
        let mut tx = self.store().read().await?;
        let named = contacts::among(&mut tx, workspace, &some).await?;
        scanned.names = named.into_iter().map(|c| (c.id.0, c.person.display_name())).collect();
        Ok(Some(scanned))
    }

    /// Writes keys and counts anew, so that what comes after is compared by the same ones.
    async fn write_index(&self, workspace: WorkspaceId, scanned: &Scanned, job: Option<&Job>) -> Result<bool> {
        let mut rows: Vec<(i64, ContactId)> = Vec::with_capacity(scanned.people.len() * 11);
        let mut terms: HashMap<i64, i64> = HashMap::new();
        for person in &scanned.people {
            rows.extend(keys(person));
            for term in person.term_keys() {
                *terms.entry(term).or_default() += 1;
            }
        }
        rows.sort_unstable();
        rows.dedup();
        // a value of one person is what is assumed of a value that is not there
        let mut terms: Vec<(i64, i64)> = terms.into_iter().filter(|(_, people)| *people > 1).collect();
        terms.sort_unstable();
        if !self.write(workspace, job, &Write::Forget).await? {
            return Ok(false);
        }
        for chunk in rows.chunks(ROWS) {
            if !self.write(workspace, job, &Write::Keys(chunk)).await? {
                return Ok(false);
            }
        }
        for chunk in terms.chunks(ROWS) {
            if !self.write(workspace, job, &Write::Terms(chunk)).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn write_pairs(
        &self,
        workspace: WorkspaceId,
        scanned: &Scanned,
        found: Vec<Found>,
        job: Option<&Job>,
    ) -> Result<bool> {
        let ids: Vec<ContactId> = scanned.people.iter().map(|p| ContactId(p.id())).collect();
        let separated: BTreeMap<(i64, i64), i64> = {
            let mut tx = self.store().read().await?;
            let rows = suspects::separated_among(&mut tx, workspace, &ids).await?;
            rows.into_iter().map(|(a, b, weight)| ((a, b), weight)).collect()
        };
        let (found, _) = pairs::without_separated(found, &separated);
        let graph: Vec<matching::Pair> = found.iter().map(Found::pair).collect();
        let apart: Vec<(i64, i64)> = separated.into_keys().collect();
        let home = pairs::clusters(&graph, &apart);
        for chunk in found.chunks(PAIRS) {
            if !self.write(workspace, job, &Write::Pairs(chunk, &home)).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Removes the open pairs that were not found again.
    async fn remove_unseen(&self, workspace: WorkspaceId, began: i64, job: Option<&Job>) -> Result<bool> {
        let most = i64::try_from(PAIRS).unwrap_or(i64::MAX);
        loop {
            let pairs = suspects::unseen(&mut self.store().read().await?, workspace, began, most).await?;
            if pairs.is_empty() {
                return Ok(true);
            }
            if !self.write(workspace, job, &Write::Unseen(&pairs, began)).await? {
                return Ok(false);
            }
        }
    }

    /// Writes in one transaction and keeps the job for longer; tried again when others were in the way. False when the
    /// job is not ours to do any more: then nothing was written.
    async fn write(&self, workspace: WorkspaceId, job: Option<&Job>, write: &Write<'_>) -> Result<bool> {
        let mut done = self.try_write(workspace, job, write).await;
        for _ in 1..TRIES {
            if !was_busy(&done) {
                break;
            }
            done = self.try_write(workspace, job, write).await;
        }
        done
    }

    async fn try_write(&self, workspace: WorkspaceId, job: Option<&Job>, write: &Write<'_>) -> Result<bool> {
        let now = self.now();
        let mut tx = self.store().write().await?;
        if let Write::End { began, mix, .. } = write {
            // first the workspace, then the job: as whoever asks for a scan
            match_keys::set_scanned(&mut tx, workspace, *began, mix).await?;
        }
        if let Some(job) = job
            && jobs::keep(&mut tx, job, now + LEASE_MS).await? != Held::GoOn
        {
            return Ok(false);
        }
        write.run(&mut tx, workspace, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn still_ours(&self, workspace: WorkspaceId, job: Option<&Job>) -> Result<bool> {
        Ok(job.is_none() || self.write(workspace, job, &Write::Nothing).await?)
    }
}

/// What a scan writes in one transaction.
enum Write<'a> {
    /// Nothing but that it goes on.
    Nothing,
    /// Takes all keys and counts away.
    Forget,
    Keys(&'a [(i64, ContactId)]),
    Terms(&'a [(i64, i64)]),
    /// Pairs that were found, with the clusters of all.
    Pairs(&'a [Found], &'a BTreeMap<(i64, i64), i64>),
    /// Open pairs that were not found again since the scan began.
    Unseen(&'a [(ContactId, ContactId)], i64),
    /// That the scan is over: who changed since it began is compared again.
    End {
        began: i64,
        mix: String,
        names: Vec<Namesake>,
        waiting: Vec<Waiting>,
    },
}

impl Write<'_> {
    async fn run(&self, tx: &mut Tx, workspace: WorkspaceId, now: i64) -> Result<()> {
        match self {
            Write::Nothing => {}
            Write::Forget => match_keys::forget(tx, workspace).await?,
            Write::Keys(rows) => drop(match_keys::add(tx, workspace, rows).await?),
            Write::Terms(rows) => match_keys::set_terms(tx, workspace, rows).await?,
            Write::Pairs(found, home) => {
                let live = held(tx, workspace, found.iter().flat_map(|f| [f.first, f.second])).await?;
                let (found, again) = pairs::to_list(tx, workspace, found.to_vec(), &live).await?;
                suspects::reopen(tx, workspace, &again, now).await?;
                let rows = found.into_iter().map(|f| {
                    let cluster = home.get(&(f.first, f.second)).copied().unwrap_or(f.first);
                    f.suspect(cluster)
                });
                suspects::put(tx, workspace, rows.collect(), now).await?;
            }
            Write::Unseen(pairs, began) => {
                held(tx, workspace, pairs.iter().flat_map(|(a, b)| [a.0, b.0])).await?;
                suspects::remove_unseen(tx, workspace, pairs, *began).await?;
            }
            Write::End { began, names, waiting, .. } => {
                namesakes::replace(tx, workspace, names.clone(), now).await?;
                to_match::compared(tx, workspace, waiting).await?;
                to_match::ask_changed(tx, workspace, *began).await?;
            }
        }
        Ok(())
    }
}

/// Holds people until commit, so that nobody else writes about them, and says who of them is somebody.
async fn held(tx: &mut Tx, workspace: WorkspaceId, ids: impl Iterator<Item = i64>) -> Result<Vec<ContactId>> {
    let ids: BTreeSet<ContactId> = ids.map(ContactId).collect();
    let ids: Vec<ContactId> = ids.into_iter().collect();
    contacts::lock(tx, workspace, &ids).await?;
    Ok(contacts::live(tx, workspace, &ids).await?)
}

/// The names that many people have, by their keys.
fn namesakes_of(scanned: &Scanned) -> Vec<Namesake> {
    let key = |id: i64| {
        let place = scanned.people.binary_search_by_key(&id, Profile::id).ok()?;
        name_key(&scanned.people[place])
    };
    let groups = scanned.scan.namesakes.iter();
    let named = groups.filter_map(|group| {
        let first = *group.ids.first()?;
        let name = scanned.names.get(&first).cloned().unwrap_or_default();
        Some(Namesake { key: key(first)?, name, people: i64::try_from(group.ids.len()).unwrap_or(i64::MAX) })
    });
    named.collect()
}

/// What is listed of everyone: what the matcher finds, and what somebody said.
fn compare(everyone: Everyone) -> Result<Scanned> {
    let Everyone { folded: Folded { profiles: people, sharing }, said, thresholds } = everyone;
    let scan = matching::scan(&people, &thresholds);
    let frequencies = Frequencies::of(&people).with_mix(scan.mix);
    let judge = Judge { sharing: &sharing, frequencies: &frequencies, thresholds: &thresholds };
    let together: BTreeSet<i64> = scan.namesakes.iter().flat_map(|group| group.ids.iter().copied()).collect();
    let mut wanted: BTreeSet<(i64, i64)> = scan.pairs.iter().map(|pair| (pair.a, pair.b)).collect();
    wanted.extend(&said);
    let place: HashMap<i64, &Profile> = people.iter().map(|p| (p.id(), p)).collect();
    // the matcher lists nobody for a name beside an address in common; where that says nothing, the name does
    let name = |id| place.get(&id).and_then(|person| name_key(person));
    wanted.extend(sharing.pairs().into_iter().filter(|(a, b)| name(*a).is_some() && name(*a) == name(*b)));
    let mut found = Vec::with_capacity(wanted.len());
    for (a, b) in wanted {
        let (Some(one), Some(other)) = (place.get(&a), place.get(&b)) else { continue };
        // whoever is listed for the name alone has exactly the same
        let grouped = together.contains(&a) && together.contains(&b);
        found.extend(judge.found(one, other, said.contains(&(a, b)), grouped)?);
    }
    drop(place);
    Ok(Scanned { people, names: HashMap::new(), scan, found })
}
