//! What an import would do: the real code over the whole file, for the three policies side by side, writing nothing.

use domain::Act;
use domain::DuplicatePolicy;
use domain::Outcome;
use domain::SourceKind;
use domain::ids::{ContactId, ImportId, WorkspaceId};
use domain::import::{DryRun, DryRunState, ImportState, PolicyPreview, RowExample};
use matching::KeyKind;
use store::jobs::{self, Held, Job};
use store::{identities, imports};

use super::decide::Rules;
use super::known::{Known, holders, sorted_keys};
use super::overlay::{Overlay, Scope};
use super::reasons;
use super::run::Run;
use crate::work::{DRY_RUN, LEASE_MS};
use crate::{Actor, Engine, Error, Result};

/// Examples kept per outcome.
const EXAMPLES: usize = 3;
/// Rows between two looks at the lease and two saves of the progress.
const SAVE_EVERY: u64 = 20_000;
/// Rows that are looked up together.
const LOOK_UP: usize = 1_000;

impl Engine {
    /// What the import would do. Starts the count when the settings have changed since the last one.
    ///
    /// # Errors
    /// When there is no such draft.
    pub async fn dry_run(&self, actor: &Actor, import: ImportId) -> Result<DryRunState> {
        actor.may(Act::Import)?;
        let mut tx = self.store().read().await?;
        let mut found = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        drop(tx);
        if found.state != ImportState::Draft {
            return Ok(DryRunState::Refused("This import has been started already. See it under Imports.".to_owned()));
        }
        let key = dry_run_key(&found)?;
        if found.dry_run_key != key {
            let job = self.reserve_job().await?;
            let mut tx = self.store().write().await?;
            if imports::ask_dry_run(&mut tx, actor.workspace, import, &key).await? {
                jobs::ask(&mut tx, job, actor.workspace, DRY_RUN, import.0, self.now()).await?;
            }
            tx.commit().await?;
            self.wake_worker();
            found.dry_run = String::new();
            found.done_rows = 0;
        }
        let rows = u64::try_from(found.total_rows).unwrap_or(0);
        if found.dry_run.is_empty() {
            return Ok(DryRunState::Running { done: u64::try_from(found.done_rows).unwrap_or(0).min(rows), rows });
        }
        if let Ok(refusal) = serde_json::from_str::<String>(&found.dry_run) {
            return Ok(DryRunState::Refused(refusal));
        }
        Ok(DryRunState::Ready(serde_json::from_str(&found.dry_run)?))
    }

    /// What an import with these settings would do, at once; for the command line.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn dry_run_now(&self, actor: &Actor, import: ImportId) -> Result<DryRun> {
        actor.may(Act::Import)?;
        let run = self.load_run(actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let (dry_run, _) = self.count(&run, None).await?;
        dry_run.ok_or(Error::Fault("a dry run was stopped"))
    }

    pub(crate) async fn count_dry_run(&self, job: &Job, workspace: WorkspaceId, id: ImportId) -> Result<()> {
        let Some(run) = self.load_run(workspace, id).await? else { return self.finish_job(job).await };
        if run.import.state != ImportState::Draft {
            return self.finish_job(job).await;
        }
        let key = run.import.dry_run_key.clone();
        let counted = self.count(&run, Some(job)).await;
        let (result, done) = match counted {
            Ok((Some(dry_run), done)) => (serde_json::to_string(&dry_run)?, done),
            // another count was asked for, or another worker has this one
            Ok((None, _)) => return Ok(()),
            Err(Error::Store(error)) => return Err(error.into()),
            Err(error) => (serde_json::to_string(&error.into_problem().message)?, 0),
        };
        let mut tx = self.store().write().await?;
        imports::save_dry_run(&mut tx, workspace, id, &key, &result, i64::try_from(done).unwrap_or(0)).await?;
        jobs::finish(&mut tx, job).await?;
        Ok(tx.commit().await?)
    }

    /// Saves how far a count is, and says whether its job is still ours.
    async fn keep_count(&self, job: &Job, run: &Run, done: u64) -> Result<Held> {
        let mut tx = self.store().write().await?;
        let held = jobs::keep(&mut tx, job, self.now() + LEASE_MS).await?;
        let (id, key) = (run.import.id, run.import.dry_run_key.as_str());
        imports::save_dry_run(&mut tx, run.actor.workspace, id, key, "", i64::try_from(done).unwrap_or(0)).await?;
        tx.commit().await?;
        Ok(held)
    }

    async fn count(&self, run: &Run, job: Option<&Job>) -> Result<(Option<DryRun>, u64)> {
        let workspace = run.actor.workspace;
        let campaign = run.import.campaign;
        self.fill_groups(workspace, run.plan.groups()).await?;
        let mut runs: Vec<(Overlay<'_>, PolicyPreview)> = DuplicatePolicy::ALL
            .iter()
            .map(|&policy| {
                let rules = Rules { policy, ..Rules::new(&run.settings, campaign.is_some()) };
                let preview =
                    PolicyPreview { policy, counts: Default::default(), examples: Vec::new(), pending_elsewhere: 0 };
                let source = (SourceKind::Import, run.import.id.0);
                let scope = Scope { campaign, status: run.settings.status, source, journal: false };
                (Overlay::new(rules, &run.plan, scope), preview)
            })
            .collect();
        let (mut deleted, mut suppressed, mut done) = (0, 0, 0);
        // ids of people who are not there yet: below all real ones
        let mut next_stranger = -1;
        let mut file = super::reader::read(run.source.clone(), run.plan.clone());
        let mut pending = Vec::new();
        loop {
            let ended = match file.recv().await {
                Some(chunk) => {
                    pending.extend(chunk?);
                    false
                }
                None => true,
            };
            if pending.len() < LOOK_UP && !ended {
                continue;
            }
            if pending.is_empty() {
                break;
            }
            let rows = std::mem::take(&mut pending);
            let keys = sorted_keys(&rows);
            let mut tx = self.store().read().await?;
            let owners = identities::owners(&mut tx, workspace, &keys).await?;
            let found = (owners, holders(&mut tx, workspace, &rows).await?);
            let updates = run.settings.mode.updates();
            let known = Known::load(&mut tx, workspace, campaign, &keys, found, updates, &run.plan).await?;
            for row in &rows {
                deleted += u64::from(row.keys.iter().any(|(_, k)| known.deleted.contains(k)));
                let first = next_stranger;
                next_stranger -= 1;
                for (i, (overlay, preview)) in runs.iter_mut().enumerate() {
                    let taken = overlay.take(row, &known, ContactId(first));
                    let outcome = taken.decision.outcome;
                    suppressed += u64::from(i == 0 && outcome == Outcome::Suppressed);
                    preview.counts.add(outcome);
                    let enough = preview.examples.iter().filter(|e| e.outcome == outcome).count() >= EXAMPLES;
                    if outcome.is_detail() && !enough {
                        let why = reasons::sentence(outcome, &taken.decision.reason, taken.matched, None);
                        preview.examples.push(RowExample {
                            row: row.number,
                            who: row.person.display_name(),
                            outcome,
                            why,
                        });
                    }
                }
            }
            for (overlay, preview) in &mut runs {
                preview.pending_elsewhere += overlay.changes.pending_elsewhere;
                overlay.carry_on();
            }
            let before = done / SAVE_EVERY;
            done += rows.len() as u64;
            drop(tx);
            if done / SAVE_EVERY != before
                && let Some(job) = job
                && self.keep_count(job, run, done).await? != Held::GoOn
            {
                return Ok((None, done));
            }
        }
        let policies = runs.into_iter().map(|(_, preview)| preview).collect();
        Ok((Some(DryRun { rows: done, policies, deleted, suppressed }), done))
    }
}

/// What the counts depend on; not the policy, of which all are counted.
pub(super) fn dry_run_key(import: &imports::Import) -> Result<String> {
    let mut settings: domain::import::ImportSettings = serde_json::from_str(&import.settings)?;
    settings.policy = DuplicatePolicy::Campaign;
    settings.tags.clear();
    let text = format!("{}\n{}\n{}", serde_json::to_string(&settings)?, import.file_path, import.inspection.len());
    let key = matching::Key::of(KeyKind::Text, &text);
    Ok(key.as_bytes().iter().map(|b| format!("{b:02x}")).collect())
}
