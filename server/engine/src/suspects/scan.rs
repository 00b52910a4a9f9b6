//! The full scan: everyone against everyone, in memory, from time to time and on demand.

use std::collections::{BTreeMap, HashMap};

use domain::ids::{ContactId, WorkspaceId};
use matching::{Frequencies, Profile, Scan, Thresholds};
use store::jobs::Job;
use store::namesakes::{self, Namesake};
use store::{audit, jobs, match_keys, suspects};

use super::pairs::{self, Found};
use super::{parts, profiles, thresholds, write_mix};
use crate::work::{LEASE_MS, SCAN};
use crate::{Actor, Engine, Error, Result};

/// Contacts read at a time.
const PAGE: i64 = 4_000;
/// Rows written in one transaction: about 50 ms.
const ROWS: usize = 4_000;

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

impl Engine {
    /// Asks for a full scan.
    ///
    /// # Errors
    /// When the caller may not decide about duplicates.
    pub async fn ask_scan(&self, actor: &Actor) -> Result<()> {
        actor.may(domain::Act::HandleDuplicates)?;
        let job = self.reserve_job().await?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        jobs::ask(&mut tx, job, actor.workspace, SCAN, actor.workspace.0, now).await?;
        audit::record(&mut tx, self.event(actor, "suspects.scan", actor.workspace.to_string(), "")).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    pub(crate) async fn scan_job(&self, job: &Job, workspace: WorkspaceId) -> Result<()> {
        self.scan_everyone(workspace, Some(job)).await?;
        self.finish_job(job).await
    }

    /// Compares everyone now; for the command line.
    ///
    /// # Errors
    /// When the caller may not decide about duplicates.
    pub async fn scan_now(&self, actor: &Actor) -> Result<ScanSummary> {
        actor.may(domain::Act::HandleDuplicates)?;
        self.scan_everyone(actor.workspace, None).await
    }

    async fn scan_everyone(&self, workspace: WorkspaceId, job: Option<&Job>) -> Result<ScanSummary> {
        let began = self.now();
        let waiting = {
            let mut tx = self.store().read().await?;
            match_keys::waiting(&mut tx, workspace, i64::MAX).await?
        };
        let scanned = self.compare_everyone(workspace).await?;
        let summary = ScanSummary {
            contacts: scanned.people.len(),
            candidates: scanned.scan.candidates,
            pairs: scanned.scan.pairs.len(),
            namesakes: scanned.scan.namesakes.len(),
        };
        self.write_index(workspace, &scanned, job).await?;
        self.write_suspects(workspace, scanned, began, job).await?;
        let mut tx = self.store().write().await?;
        match_keys::compared(&mut tx, workspace, &waiting).await?;
        match_keys::want_changed(&mut tx, workspace, began).await?;
        tx.commit().await?;
        tracing::info!(contacts = summary.contacts, candidates = summary.candidates, pairs = summary.pairs, "scanned");
        Ok(summary)
    }

    async fn compare_everyone(&self, workspace: WorkspaceId) -> Result<Scanned> {
        let mut tx = self.store().read().await?;
        let thresholds = thresholds(&match_keys::settings(&mut tx, workspace).await?);
        let mut people: Vec<Profile> = Vec::new();
        let mut after = ContactId(0);
        loop {
            let page = match_keys::live_after(&mut tx, workspace, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            people.extend(profiles(&mut tx, workspace, &page).await?);
        }
        drop(tx);
        let mut scanned = tokio::task::spawn_blocking(move || compare(people, &thresholds))
            .await
            .map_err(|_| Error::Fault("the scan was interrupted"))??;
        // one of each group lends the name
        let some: Vec<ContactId> = scanned.scan.namesakes.iter().map(|g| ContactId(g.ids[0])).collect();
        let mut tx = self.store().read().await?;
        let named = match_keys::live_among(&mut tx, workspace, &some).await?;
        scanned.names = named.into_iter().map(|c| (c.id.0, c.person.display_name())).collect();
        Ok(scanned)
    }

    /// Writes keys and counts anew, so that what comes after is compared by the same ones.
    async fn write_index(&self, workspace: WorkspaceId, scanned: &Scanned, job: Option<&Job>) -> Result<()> {
        let mut keys: Vec<(i64, ContactId)> = Vec::with_capacity(scanned.people.len() * 10);
        let mut terms: HashMap<i64, i64> = HashMap::new();
        for person in &scanned.people {
            keys.extend(person.blocking_keys().into_iter().map(|key| (key.as_i64(), ContactId(person.id()))));
            for term in person.term_keys() {
                *terms.entry(term).or_default() += 1;
            }
        }
        keys.sort_unstable();
        keys.dedup();
        // a value of one person is what is assumed of a value that is not there
        let mut terms: Vec<(i64, i64)> = terms.into_iter().filter(|(_, people)| *people > 1).collect();
        terms.sort_unstable();
        let mut tx = self.store().write().await?;
        match_keys::forget(&mut tx, workspace).await?;
        tx.commit().await?;
        for chunk in keys.chunks(ROWS) {
            let mut tx = self.renewed(job).await?;
            match_keys::add(&mut tx, workspace, chunk).await?;
            tx.commit().await?;
        }
        for chunk in terms.chunks(ROWS) {
            let mut tx = self.renewed(job).await?;
            match_keys::add_terms(&mut tx, workspace, chunk).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn write_suspects(
        &self,
        workspace: WorkspaceId,
        scanned: Scanned,
        began: i64,
        job: Option<&Job>,
    ) -> Result<()> {
        let ids: Vec<ContactId> = scanned.people.iter().map(|p| ContactId(p.id())).collect();
        let separated: BTreeMap<(i64, i64), i64> = {
            let mut tx = self.store().read().await?;
            let rows = suspects::separated_among(&mut tx, workspace, &ids).await?;
            rows.into_iter().map(|(a, b, weight)| ((a, b), weight)).collect()
        };
        let mix = write_mix(scanned.scan.mix)?;
        let (found, again) = pairs::without_separated(scanned.found, &separated);
        let graph: Vec<matching::Pair> = found.iter().map(Found::pair).collect();
        let apart: Vec<(i64, i64)> = separated.into_keys().collect();
        let home = pairs::clusters(&graph, &apart);
        let mut rows: Vec<_> = found
            .into_iter()
            .map(|f| {
                let cluster = home.get(&(f.first, f.second)).copied().unwrap_or(f.first);
                f.suspect(cluster)
            })
            .collect();
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(ROWS));
            let mut tx = self.renewed(job).await?;
            suspects::put(&mut tx, workspace, std::mem::replace(&mut rows, rest), self.now()).await?;
            tx.commit().await?;
        }
        let groups = scanned.scan.namesakes.iter().map(|group| Namesake {
            key: name_key(&scanned.people, group.ids[0]),
            name: scanned.names.get(&group.ids[0]).cloned().unwrap_or_default(),
            people: i64::try_from(group.ids.len()).unwrap_or(i64::MAX),
        });
        let now = self.now();
        let mut tx = self.renewed(job).await?;
        suspects::reopen(&mut tx, workspace, &again, now).await?;
        suspects::remove_unseen(&mut tx, workspace, began).await?;
        namesakes::replace(&mut tx, workspace, groups.collect(), now).await?;
        match_keys::set_scanned(&mut tx, workspace, began, &mix).await?;
        Ok(tx.commit().await?)
    }

    /// A transaction to write in, in which the job is kept for longer.
    async fn renewed(&self, job: Option<&Job>) -> Result<store::Tx> {
        let mut tx = self.store().write().await?;
        if let Some(job) = job {
            jobs::keep(&mut tx, job, self.now() + LEASE_MS).await?;
        }
        Ok(tx)
    }
}

/// The blocking key of a person's name.
fn name_key(people: &[Profile], id: i64) -> i64 {
    let person = people.binary_search_by_key(&id, Profile::id).ok().map(|place| &people[place]);
    let key = person.and_then(|p| p.blocking_keys().into_iter().find(|key| key.is_name()));
    key.map_or(id, matching::BlockKey::as_i64)
}

fn compare(people: Vec<Profile>, thresholds: &Thresholds) -> Result<Scanned> {
    let scan = matching::scan(&people, thresholds);
    let frequencies = Frequencies::of(&people).with_mix(scan.mix);
    let place: HashMap<i64, &Profile> = people.iter().map(|p| (p.id(), p)).collect();
    let mut found = Vec::with_capacity(scan.pairs.len());
    for pair in &scan.pairs {
        let (Some(one), Some(other)) = (place.get(&pair.a), place.get(&pair.b)) else { continue };
        let comparison = matching::compare(one, other, &frequencies, thresholds);
        found.push(Found {
            first: pair.a,
            second: pair.b,
            bits: pair.bits,
            probability: pair.probability,
            band: pair.band,
            parts: serde_json::to_string(&parts(&comparison))?,
        });
    }
    drop(place);
    Ok(Scanned { people, names: HashMap::new(), scan, found })
}
