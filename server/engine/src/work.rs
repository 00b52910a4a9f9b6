//! The worker: takes jobs one after the other until it is told to stop.

use std::time::Duration;

use domain::ids::{ImportId, JobId, WorkspaceId};
use store::jobs::{self, Job};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::{Engine, Result};

/// A worker that has not renewed its lease for so long is taken for dead.
pub(crate) const LEASE_MS: i64 = 30_000;
/// How often a worker looks for jobs that another process asked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often what was deleted long ago is looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);

/// The kinds of job.
pub(crate) const DRY_RUN: &str = "dryRun";
pub(crate) const IMPORT: &str = "import";
pub(crate) const MATCH: &str = "match";
pub(crate) const SCAN: &str = "scan";
pub(crate) const UNDO_IMPORT: &str = "undoImport";
pub(crate) const WAITING: &str = "waiting";

impl Engine {
    /// Works until `stop` turns true; then ends the batch at hand and gives its job back for the next start.
    pub async fn work(&self, mut stop: watch::Receiver<bool>) {
        let mut swept = None::<Instant>;
        while !*stop.borrow() {
            if swept.is_none_or(|at| at.elapsed() > SWEEP_EVERY) {
                swept = Some(Instant::now());
                if let Err(error) = self.sweep().await {
                    tracing::error!(?error, "what was deleted long ago could not be swept; it is tried again later");
                }
            }
            match self.work_once(&stop).await {
                Ok(true) => {}
                Ok(false) => {
                    tokio::select! {
                        () = self.0.wake.notified() => {}
                        () = tokio::time::sleep(LOOK_EVERY) => {}
                        _ = stop.changed() => {}
                    }
                }
                Err(error) => {
                    tracing::error!(?error, "a job failed");
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
        }
    }

    /// Does one job if there is one; says whether there was.
    ///
    /// # Errors
    /// As the database says; the job is then taken again after its lease.
    pub async fn work_once(&self, stop: &watch::Receiver<bool>) -> Result<bool> {
        let now = self.now();
        // an idle worker leaves the one writer alone
        if !jobs::any_ready(&mut self.store().read().await?, now).await? && !self.ask_due().await? {
            return Ok(false);
        }
        let mut tx = self.store().write().await?;
        let Some(job) = jobs::claim(&mut tx, now, now + LEASE_MS).await? else { return Ok(false) };
        tx.commit().await?;
        let workspace = WorkspaceId(job.workspace_id);
        let import = ImportId(job.subject_id);
        match job.kind.as_str() {
            DRY_RUN => self.count_dry_run(&job, workspace, import).await?,
            IMPORT => self.take_rows(&job, workspace, import, stop).await?,
            MATCH => self.match_waiting(&job, workspace).await?,
            SCAN => self.scan_job(&job, workspace).await?,
            UNDO_IMPORT => self.take_import_back(&job, workspace, import, stop).await?,
            WAITING => self.let_in(&job, workspace, stop).await?,
            kind => tracing::error!(kind, "nobody knows how to do this job"),
        }
        Ok(true)
    }

    pub(crate) async fn reserve_job(&self) -> Result<JobId> {
        Ok(JobId(self.store().reserve("job", 1).await?))
    }

    pub(crate) fn wake_worker(&self) {
        self.0.wake.notify_one();
    }

    pub(crate) async fn finish_job(&self, job: &Job) -> Result<()> {
        let mut tx = self.store().write().await?;
        jobs::finish(&mut tx, job).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A worker runs on a task of its own.
    #[test]
    fn the_worker_can_be_spawned() {
        fn spawnable<T: Send>(_: impl FnOnce(Engine, watch::Receiver<bool>) -> T) {}
        spawnable(|engine, stop| async move { engine.work(stop).await });
    }
}
