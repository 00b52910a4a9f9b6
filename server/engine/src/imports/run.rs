//! The job that takes the rows of an import: in file order, in short transactions, resumable and stoppable.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::{ImportId, UserId, WorkspaceId};
use domain::import::{ImportSettings, ImportState};
use domain::{Outcome, OutcomeCounts, Role, SourceKind};
use store::import_rows::{self, ImportRow, Which};
use store::jobs::{self, Held, Job};
use store::{audit, campaigns, fields, imports, tags, team};
use tokio::sync::watch;
use tokio::time::Instant;

use super::again;
use super::batch;
use super::decide::Rules;
use super::overlay::{Overlay, Scope};
use super::plan::{Incoming, Plan};
use super::reader::{self, Reading, Source};
use super::write::{self, Destination};
use crate::work::{End, LEASE_MS};
use crate::{Actor, Batches, Engine, Error, Result};

/// How long a batch may hold the write lock: a click never waits longer for an import (design: writing safely).
const BATCH_TIME: Duration = Duration::from_millis(50);

/// Everything a run needs, frozen when it starts.
pub(super) struct Run {
    pub import: imports::Import,
    pub settings: ImportSettings,
    pub actor: Actor,
    pub plan: Arc<Plan>,
    pub source: Source,
}

impl Run {
    /// How many rows it takes.
    fn rows(&self) -> i64 {
        match &self.source.only {
            Some(only) => i64::try_from(only.len()).unwrap_or(i64::MAX),
            None => self.import.total_rows,
        }
    }

    /// An import is done when every row of its file has an outcome, and not before.
    fn check_whole(&self, done: i64) -> Result<()> {
        let rows = self.rows();
        if done == rows {
            return Ok(());
        }
        Err(Error::refused(format!(
            "The file was read to its end, but {done} rows were found where there were {rows} before the import. \
             What was imported is kept; upload the file again to import the rest."
        )))
    }
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
        let (state, problem) = match self.take_all(job, &run, stop).await {
            Ok(End::Lost) => return Ok(()),
            Ok(End::Closing) => return self.release_job(job).await,
            Ok(End::Done) => (ImportState::Done, String::new()),
            Ok(End::Stopped) => (ImportState::Stopped, String::new()),
            // what the person can do something about; with a fault of ours the job goes on where it was
            Err(error) if error.is_refusal() || matches!(error, Error::Sheet(_)) => {
                (ImportState::Failed, error.into_problem().message)
            }
            Err(error) => return Err(error),
        };
        self.end_run(job, &run, state, &problem).await
    }

    /// Writes how a run ended, if its job is still ours.
    async fn end_run(&self, job: &Job, run: &Run, state: ImportState, problem: &str) -> Result<()> {
        let (workspace, id) = (run.actor.workspace, run.import.id);
        let mut tx = self.store().write().await?;
        let now = self.now();
        if jobs::keep(&mut tx, job, now + LEASE_MS).await? == Held::Lost {
            return Ok(());
        }
        let busy = [ImportState::Queued, ImportState::Running];
        imports::move_state(&mut tx, workspace, id, &busy, state, problem, now).await?;
        if let Some(campaign) = run.import.campaign.filter(|_| state == ImportState::Done) {
            campaigns::touch(&mut tx, workspace, campaign, now).await?;
        }
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
            Some(first) => Some(Arc::new(again::rows_to_take(&mut tx, workspace, &import, first).await?)),
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

    /// Takes a queued import up, if its job is still ours and nobody has stopped it yet; an end otherwise.
    async fn begin_run(&self, job: &Job, run: &Run) -> Result<Option<End>> {
        let workspace = run.actor.workspace;
        let mut tx = self.store().write().await?;
        let now = self.now();
        match jobs::keep(&mut tx, job, now + LEASE_MS).await? {
            Held::GoOn => {}
            Held::StopAsked => return Ok(Some(End::Stopped)),
            Held::Lost => return Ok(Some(End::Lost)),
        }
        if let Some(campaign) = run.import.campaign {
            self.open_campaign(&mut tx, &run.actor, campaign).await?;
            campaigns::add_variables(&mut tx, workspace, campaign, &run.plan.variables()).await?;
        }
        if run.rows() != run.import.total_rows {
            imports::save_total(&mut tx, workspace, run.import.id, run.rows()).await?;
        }
        let queued = [ImportState::Queued];
        imports::move_state(&mut tx, workspace, run.import.id, &queued, ImportState::Running, "", now).await?;
        tx.commit().await?;
        Ok(None)
    }

    async fn take_all(&self, job: &Job, run: &Run, stop: &watch::Receiver<bool>) -> Result<End> {
        if let Some(end) = self.begin_run(job, run).await? {
            return Ok(end);
        }
        let filling = self.fill_groups(run.actor.workspace, run.plan.groups());
        match self.while_held(job, stop, filling).await? {
            ControlFlow::Continue(filled) => filled?,
            ControlFlow::Break(end) => return Ok(end),
        }
        let rules = Rules::new(&run.settings, run.import.campaign.is_some());
        let source = (SourceKind::Import, run.import.id.0);
        let scope = Scope { campaign: run.import.campaign, status: run.settings.status, source, journal: true };
        let mut overlay = Overlay::new(rules, &run.plan, scope);
        let mut rows = reader::read(run.source.clone(), run.plan.clone());
        let recalled = self.while_held(job, stop, self.recall(run, &mut overlay, &mut rows)).await?;
        let mut left = match recalled {
            ControlFlow::Continue(left) => left?,
            ControlFlow::Break(end) => return Ok(end),
        };
        let mut state = Progress {
            skipped_values: run.import.skipped_values,
            done: run.import.done_rows,
            counts: run.import.counts.clone(),
            pending_elsewhere: run.import.pending_elsewhere,
        };
        let mut tags = TagIds::default();
        let mut size = self.0.batches.first;
        let mut ended = false;
        while !ended || !left.is_empty() {
            while left.len() < size && !ended {
                match self.while_held(job, stop, rows.next()).await? {
                    ControlFlow::Continue(chunk) => match chunk? {
                        Some(chunk) => left.extend(chunk),
                        None => ended = true,
                    },
                    ControlFlow::Break(end) => return Ok(end),
                }
            }
            if *stop.borrow() {
                return Ok(End::Closing);
            }
            let rest = left.split_off(left.len().min(size));
            let batch = std::mem::replace(&mut left, rest);
            if batch.is_empty() {
                continue;
            }
            tags.ensure(self, run, &batch).await?;
            let started = Instant::now();
            match self.take_batch(job, run, &mut overlay, batch, &mut state, &tags).await? {
                Held::GoOn => {}
                Held::StopAsked => return Ok(End::Stopped),
                Held::Lost => return Ok(End::Lost),
            }
            size = self.0.batches.next(size, started.elapsed());
        }
        run.check_whole(state.done)?;
        Ok(End::Done)
    }

    /// Goes over the rows that an earlier run took, so that the overlay knows whom this file has brought. Returns the
    /// first rows that were not taken yet.
    async fn recall(&self, run: &Run, overlay: &mut Overlay<'_>, rows: &mut Reading) -> Result<Vec<Incoming>> {
        let mut to_recall = run.import.done_rows;
        let mut after = 0;
        while to_recall > 0 {
            let Some(mut chunk) = rows.next().await? else { break };
            let known = chunk.len().min(usize::try_from(to_recall).unwrap_or(usize::MAX));
            let fresh = chunk.split_off(known);
            let mut tx = self.store().read().await?;
            let limit = i64::try_from(known).unwrap_or(i64::MAX);
            let kept =
                import_rows::page(&mut tx, run.actor.workspace, run.import.id, &Which::default(), after, limit).await?;
            if kept.len() != chunk.len() {
                return Err(Error::Fault("rows that were taken before are missing"));
            }
            for (row, kept) in chunk.iter().zip(&kept) {
                if kept.row_number.unsigned_abs() != row.number {
                    return Err(Error::Fault("the rows of a file are not those that were taken before"));
                }
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

    /// Takes one batch, unless the job is not to be gone on with: then nothing of it is written.
    async fn take_batch(
        &self,
        job: &Job,
        run: &Run,
        overlay: &mut Overlay<'_>,
        batch: Vec<Incoming>,
        state: &mut Progress,
        tags: &TagIds,
    ) -> Result<Held> {
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
        let mut tx = self.store().write().await?;
        let now = self.now();
        // whoever holds the job's row holds it until commit: from here on nobody else can take the import over
        let held = jobs::keep(&mut tx, job, now + LEASE_MS).await?;
        if held != Held::GoOn {
            return Ok(held);
        }
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
        let done = (state.done, next.done);
        if !imports::save_progress(&mut tx, workspace, id, done, &next.counts, extra, now).await? {
            return Ok(Held::Lost);
        }
        tx.commit().await?;
        *state = next;
        Ok(Held::GoOn)
    }
}

/// What became of a stored row, and whether its person came in by it.
pub(super) fn took(row: &ImportRow) -> Result<(Outcome, bool)> {
    let outcome: Outcome = row.outcome.parse().map_err(|_| Error::Fault("a stored outcome is unreadable"))?;
    let wrote = matches!(outcome, Outcome::Created | Outcome::Updated | Outcome::Unchanged)
        || (outcome == Outcome::Suppressed && matches!(row.reason.as_str(), "stored" | "here"));
    Ok((outcome, wrote))
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

impl Batches {
    /// Half or double the batch, so that it takes about `BATCH_TIME`.
    pub(super) fn next(&self, size: usize, took: Duration) -> usize {
        if took > BATCH_TIME * 3 / 2 {
            (size / 2).max(self.smallest)
        } else if took < BATCH_TIME / 2 {
            (size * 2).min(self.largest)
        } else {
            size
        }
    }
}
