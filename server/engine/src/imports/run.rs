//! The job that takes the rows of an import: in file order, in short transactions, resumable and stoppable.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::{ImportId, UserId, WorkspaceId};
use domain::import::{ImportSettings, ImportState};
use domain::{Outcome, OutcomeCounts, Role, SourceKind};
use store::import_rows::{self, ImportRow, Which};
use store::jobs::{self, Held, Job};
use store::{audit, campaigns, fields, imports, tags, team};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::batch;
use super::decide::Rules;
use super::overlay::{Overlay, Scope};
use super::plan::{Incoming, Plan};
pub(super) use super::reader::CHUNK;
use super::reader::{self, Source};
use super::write::{self, Destination};
use crate::work::LEASE_MS;
use crate::{Actor, Engine, Error, Result};

/// How long a batch may hold the write lock: a click never waits longer for an import (design: writing safely).
const BATCH_TIME: Duration = Duration::from_millis(50);
/// Rows of the largest batch.
const BATCH_ROWS: usize = 4_000;
/// A stop or a lost lease is noticed so often, not once a batch.
pub(super) const RENEW: Duration = Duration::from_millis(500);
/// How often a job is taken up again when the database was busy or full, before it is called failed.
pub(super) const TRIES: i64 = 20;

/// Everything a run needs, frozen when it starts.
pub(super) struct Run {
    pub import: imports::Import,
    pub settings: ImportSettings,
    pub actor: Actor,
    pub plan: Arc<Plan>,
    pub source: Source,
}

/// How a run ended.
pub(super) enum End {
    Done,
    Stopped,
    /// The server is closing; the job goes on at the next start.
    Closing,
    Lost,
}

impl Engine {
    pub(crate) async fn take_rows(
        &self,
        job: &Job,
        workspace: WorkspaceId,
        id: ImportId,
        stop: &watch::Receiver<bool>,
    ) -> Result<()> {
        let Some(run) = self.load_run(workspace, id).await? else { return self.finish_job(job).await };
        if !run.import.state.is_busy() {
            return self.finish_job(job).await;
        }
        let ended = self.take_all(job, &run, stop).await;
        let now = self.now();
        let (state, problem) = match ended {
            Ok(End::Lost) => return Ok(()),
            Ok(End::Closing) => {
                let mut tx = self.store().write().await?;
                jobs::release(&mut tx, job).await?;
                return Ok(tx.commit().await?);
            }
            Ok(End::Done) => (ImportState::Done, String::new()),
            Ok(End::Stopped) => (ImportState::Stopped, String::new()),
            // a batch that the database gave up left nothing: the job goes on where it was
            Err(Error::Store(error)) if job.attempts < TRIES && passes(&error) => {
                let mut tx = self.store().write().await?;
                jobs::release(&mut tx, job).await?;
                tx.commit().await?;
                return Err(error.into());
            }
            Err(error) => (ImportState::Failed, error.into_problem().message),
        };
        let mut tx = self.store().write().await?;
        let busy = [ImportState::Queued, ImportState::Running];
        imports::move_state(&mut tx, workspace, id, &busy, state, &problem, now).await?;
        audit::record(&mut tx, self.event(&run.actor, "import.end", id.to_string(), state.word())).await?;
        jobs::finish(&mut tx, job).await?;
        Ok(tx.commit().await?)
    }

    /// What a run needs; none when the import is gone.
    pub(super) async fn load_run(&self, workspace: WorkspaceId, id: ImportId) -> Result<Option<Run>> {
        let mut tx = self.store().read().await?;
        let Some(import) = imports::get(&mut tx, workspace, id).await? else { return Ok(None) };
        let Some(place) = team::workspace_by_id(&mut tx, workspace).await? else { return Ok(None) };
        if import.inspection.is_empty() {
            return Ok(None);
        }
        let settings: ImportSettings = serde_json::from_str(&import.settings)?;
        let inspection: sheet::Inspection = serde_json::from_str(&import.inspection)?;
        let only = match import.again_of {
            Some(first) => Some(Arc::new(super::again::left_out(&mut tx, workspace, first).await?)),
            None => None,
        };
        let source = Source {
            path: self.upload_path(&import.file_path),
            dialect: inspection.dialect,
            limits: self.0.limits,
            only,
        };
        let fields = fields::list(&mut tx, workspace).await?;
        let plan = Arc::new(Plan::new(&settings, &place, fields));
        let actor = Actor {
            user: UserId(import.created_by.0),
            workspace,
            role: Role::Member,
            user_name: String::new(),
            workspace_name: place.name,
        };
        Ok(Some(Run { import, settings, actor, plan, source }))
    }

    async fn take_all(&self, job: &Job, run: &Run, stop: &watch::Receiver<bool>) -> Result<End> {
        let workspace = run.actor.workspace;
        self.fill_groups(workspace, run.plan.groups()).await?;
        let mut tx = self.store().write().await?;
        imports::move_state(
            &mut tx,
            workspace,
            run.import.id,
            &[ImportState::Queued],
            ImportState::Running,
            "",
            self.now(),
        )
        .await?;
        if let Some(campaign) = run.import.campaign {
            campaigns::add_variables(&mut tx, workspace, campaign, &run.plan.variables()).await?;
        }
        tx.commit().await?;

        let rules = Rules::new(&run.settings, run.import.campaign.is_some());
        let source = (SourceKind::Import, run.import.id.0);
        let scope = Scope { campaign: run.import.campaign, status: run.settings.status, source, journal: true };
        let mut overlay = Overlay::new(rules, &run.plan, scope);
        let mut rows = reader::read(run.source.clone(), run.plan.clone());
        let mut left = self.recall(run, &mut overlay, &mut rows).await?;
        let mut state = Progress {
            skipped_values: run.import.skipped_values,
            done: run.import.done_rows,
            counts: run.import.counts.clone(),
            pending_elsewhere: run.import.pending_elsewhere,
        };
        let mut tags = TagIds::default();
        let mut size = CHUNK;
        let mut ended = false;
        let mut renewed = Instant::now();
        while !ended || !left.is_empty() {
            while left.len() < size && !ended {
                match rows.recv().await {
                    Some(chunk) => left.extend(chunk?),
                    None => ended = true,
                }
            }
            if *stop.borrow() {
                return Ok(End::Closing);
            }
            if renewed.elapsed() > RENEW {
                match self.renew(job).await? {
                    Held::GoOn => renewed = Instant::now(),
                    Held::StopAsked => return Ok(End::Stopped),
                    Held::Lost => return Ok(End::Lost),
                }
            }
            let rest = left.split_off(left.len().min(size));
            let batch = std::mem::replace(&mut left, rest);
            if batch.is_empty() {
                continue;
            }
            tags.ensure(self, run, &batch).await?;
            let started = Instant::now();
            self.take_batch(run, &mut overlay, batch, &mut state, &tags).await?;
            size = next_size(size, started.elapsed());
        }
        if let Some(campaign) = run.import.campaign {
            let mut tx = self.store().write().await?;
            campaigns::touch(&mut tx, workspace, campaign, self.now()).await?;
            tx.commit().await?;
        }
        Ok(End::Done)
    }

    pub(super) async fn renew(&self, job: &Job) -> Result<Held> {
        let mut tx = self.store().write().await?;
        let held = jobs::keep(&mut tx, job, self.now() + LEASE_MS).await?;
        tx.commit().await?;
        Ok(held)
    }

    /// Goes over the rows that an earlier run took, so that the overlay knows whom this file has brought. Returns the
    /// first rows that were not taken yet.
    async fn recall(
        &self,
        run: &Run,
        overlay: &mut Overlay<'_>,
        rows: &mut mpsc::Receiver<std::result::Result<Vec<Incoming>, sheet::SheetError>>,
    ) -> Result<Vec<Incoming>> {
        let mut to_recall = run.import.done_rows;
        let mut after = 0;
        while to_recall > 0 {
            let Some(chunk) = rows.recv().await else { break };
            let mut chunk = chunk?;
            let known = chunk.len().min(usize::try_from(to_recall).unwrap_or(usize::MAX));
            let fresh = chunk.split_off(known);
            let mut tx = self.store().read().await?;
            let limit = i64::try_from(known).unwrap_or(i64::MAX);
            let kept =
                import_rows::page(&mut tx, run.actor.workspace, run.import.id, &Which::default(), after, limit).await?;
            for (row, kept) in chunk.iter().zip(&kept) {
                let (outcome, wrote) = took(kept)?;
                overlay.recall(row, kept.contact(), outcome, wrote);
                after = kept.row_number;
            }
            to_recall -= limit;
            if !fresh.is_empty() {
                return Ok(fresh);
            }
        }
        Ok(Vec::new())
    }

    async fn take_batch(
        &self,
        run: &Run,
        overlay: &mut Overlay<'_>,
        batch: Vec<Incoming>,
        state: &mut Progress,
        tags: &TagIds,
    ) -> Result<()> {
        let count = i64::try_from(batch.len()).unwrap_or(i64::MAX);
        let first_contact = self.store().reserve("contact", count).await?;
        let first_lead = self.store().reserve("lead", count).await?;
        let to = Destination {
            workspace: run.actor.workspace,
            source: (SourceKind::Import, run.import.id.0),
            campaign: run.import.campaign,
            status: run.settings.status,
            tags: &tags.by_key,
            import_tags: &tags.import,
            first_lead,
        };
        let now = self.now();
        let mut tx = self.store().write().await?;
        let taken = batch::take(&mut tx, &to, overlay, batch, first_contact, now).await?;
        let mut next = state.clone();
        taken.rows.iter().for_each(|(_, taken)| next.counts.add(taken.decision.outcome));
        next.done += count;
        next.pending_elsewhere += i64::try_from(taken.pending_elsewhere).unwrap_or(0);
        let (workspace, id) = (run.actor.workspace, run.import.id);
        write::write_rows(&mut tx, workspace, id, &taken.rows).await?;
        let skipped =
            taken.rows.iter().filter(|(_, t)| t.decision.takes()).map(|(row, _)| row.skipped.len()).sum::<usize>();
        next.skipped_values += i64::try_from(skipped).unwrap_or(0);
        let extra = (next.pending_elsewhere, next.skipped_values);
        imports::save_progress(&mut tx, workspace, id, next.done, &next.counts, extra, now).await?;
        tx.commit().await?;
        *state = next;
        Ok(())
    }
}

/// What became of a stored row, and whether its person came in by it.
pub(super) fn took(row: &ImportRow) -> Result<(Outcome, bool)> {
    let outcome: Outcome = row.outcome.parse().map_err(|_| Error::Fault("a stored outcome is unreadable"))?;
    let wrote = matches!(outcome, Outcome::Created | Outcome::Updated | Outcome::Unchanged)
        || (outcome == Outcome::Suppressed && matches!(row.reason.as_str(), "stored" | "here"));
    Ok((outcome, wrote))
}

/// Whether a batch may well work when it is tried again later.
pub(super) fn passes(error: &store::Error) -> bool {
    error.is_busy() || matches!(error, store::Error::Full(_))
}

/// How far a run is.
#[derive(Clone)]
struct Progress {
    skipped_values: i64,
    done: i64,
    counts: OutcomeCounts,
    pending_elsewhere: i64,
}

/// Ids of the tags that rows bring, made before the batch that needs them.
#[derive(Default)]
pub(super) struct TagIds {
    pub by_key: HashMap<String, i64>,
    pub import: Vec<i64>,
}

impl TagIds {
    pub async fn ensure(&mut self, engine: &Engine, run: &Run, batch: &[Incoming]) -> Result<()> {
        let mut missing: Vec<(String, String)> = Vec::new();
        for name in
            run.settings.tags.iter().chain(batch.iter().filter(|row| row.refused.is_none()).flat_map(|row| &row.tags))
        {
            let key = matching::fold_search(name);
            if !key.is_empty() && !self.by_key.contains_key(&key) && !missing.iter().any(|(_, k)| *k == key) {
                missing.push((name.clone(), key));
            }
        }
        self.by_key.extend(tags::ensure(engine.store(), run.actor.workspace, &missing).await?);
        if self.import.is_empty() {
            let keys = run.settings.tags.iter().map(|t| matching::fold_search(t));
            self.import = keys.filter_map(|key| self.by_key.get(&key).copied()).collect();
        }
        Ok(())
    }
}

/// Half or double the batch, so that it takes about `BATCH_TIME`.
pub(super) fn next_size(size: usize, took: Duration) -> usize {
    if took > BATCH_TIME * 3 / 2 {
        (size / 2).max(50)
    } else if took < BATCH_TIME / 2 {
        (size * 2).min(BATCH_ROWS)
    } else {
        size
    }
}
