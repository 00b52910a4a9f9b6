//! The worker: takes jobs one after the other until it is told to stop. A job that breaks, even by a panic, is tried
//! again and at last given up; the worker goes on.

use std::ops::ControlFlow;
use std::time::Duration;

use domain::ids::{ImportId, JobId, UserId, WorkspaceId};
use domain::import::ImportState;
use store::jobs::{self, Held, Job};
use store::{Tx, audit, import_undo, imports};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::{Actor, Engine, Error, Result};

/// A worker that has not renewed its lease for so long is taken for dead.
pub(crate) const LEASE_MS: i64 = 30_000;
/// How often the lease is renewed by what takes long and writes no batches.
const RENEW_EVERY: Duration = Duration::from_secs(2);
/// How often a worker looks for jobs that another process asked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often what was deleted long ago is looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);

/// How often a job that somebody waits for may break before it is given up.
const TRIES: i64 = 3;
/// The same where the database was only busy or full: a batch that it gave up left nothing.
const BUSY_TRIES: i64 = 20;
/// What nobody waits for is never given up, but tried ever more seldom, down to this.
const LONGEST_PAUSE_MS: i64 = 60 * 60 * 1_000;

/// The kinds of job.
pub(crate) const DRY_RUN: &str = "dryRun";
pub(crate) const IMPORT: &str = "import";
pub(crate) const MATCH: &str = "match";
pub(crate) const SCAN: &str = "scan";
pub(crate) const UNDO_IMPORT: &str = "undoImport";
pub(crate) const WAITING: &str = "waiting";

/// How the work on a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Stopped,
    /// The server is closing; the job goes on at the next start.
    Closing,
    /// Another worker has the job.
    Lost,
}

impl Engine {
    /// Works until `stop` turns true; then ends the batch at hand and gives its job back for the next start.
    pub async fn work(&self, mut stop: watch::Receiver<bool>) {
        let mut swept = None::<Instant>;
        while !*stop.borrow() {
            if swept.is_none_or(|at| at.elapsed() > SWEEP_EVERY) {
                swept = Some(Instant::now());
                let engine = self.clone();
                if let Err(error) = guarded(async move { engine.sweep().await }).await {
                    tracing::error!(
                        error = causes(&error),
                        "what was deleted long ago could not be swept; it is tried again later"
                    );
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
                    tracing::error!(error = causes(&error), "the worker goes on after an error");
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
        }
    }

    /// Does one job if there is one; says whether there was.
    ///
    /// # Errors
    /// Why the job broke off. It is tried again, or was given up and says so where people look.
    pub async fn work_once(&self, stop: &watch::Receiver<bool>) -> Result<bool> {
        let now = self.now();
        // an idle worker leaves the one writer alone
        if !jobs::any_ready(&mut self.store().read().await?, now).await? && !self.ask_due().await? {
            return Ok(false);
        }
        let mut tx = self.store().write().await?;
        let Some(job) = jobs::claim(&mut tx, now, now + LEASE_MS).await? else { return Ok(false) };
        tx.commit().await?;
        let (engine, claimed, stop) = (self.clone(), job.clone(), stop.clone());
        if let Err(error) = guarded(async move { engine.do_job(&claimed, &stop).await }).await {
            self.broke(&job, &error).await?;
            return Err(error);
        }
        Ok(true)
    }

    async fn do_job(&self, job: &Job, stop: &watch::Receiver<bool>) -> Result<()> {
        let workspace = WorkspaceId(job.workspace_id);
        let import = ImportId(job.subject_id);
        let ended = match job.kind.as_str() {
            IMPORT => return self.take_rows(job, workspace, import, stop).await,
            UNDO_IMPORT => return self.take_import_back(job, workspace, import, stop).await,
            WAITING => return self.let_in(job, workspace, stop).await,
            DRY_RUN => self.while_held(job, stop, self.count_dry_run(job, workspace, import)).await?,
            MATCH => self.while_held(job, stop, self.match_waiting(job, workspace)).await?,
            SCAN => self.while_held(job, stop, self.scan_job(job, workspace)).await?,
            #[cfg(test)]
            tests::PANIC => panic!("as the test asked"),
            _ => return Err(Error::Fault("nobody knows how to do this job")),
        };
        match ended {
            ControlFlow::Continue(done) => done,
            ControlFlow::Break(End::Closing) => self.release_job(job).await,
            ControlFlow::Break(End::Stopped) => self.finish_job(job).await,
            ControlFlow::Break(End::Done | End::Lost) => Ok(()),
        }
    }

    /// Does a part of a job that may take longer than its lease: the job is kept meanwhile. The part is dropped where it
    /// stands when the job is lost, somebody asks to stop it, or the server is closing.
    pub(crate) async fn while_held<T>(
        &self,
        job: &Job,
        stop: &watch::Receiver<bool>,
        part: impl Future<Output = T>,
    ) -> Result<ControlFlow<End, T>> {
        // both are driven at once: the part may hold the one writer that the renewal waits for
        tokio::select! {
            biased;
            done = part => Ok(ControlFlow::Continue(done)),
            () = closing(stop.clone()) => Ok(ControlFlow::Break(End::Closing)),
            end = self.keep_renewing(job) => Ok(ControlFlow::Break(end?)),
        }
    }

    /// Keeps a job until it is not to be gone on with.
    async fn keep_renewing(&self, job: &Job) -> Result<End> {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            let mut tx = match self.store().write().await {
                Ok(tx) => tx,
                Err(error) if error.is_busy() => continue,
                Err(error) => return Err(error.into()),
            };
            let held = jobs::keep(&mut tx, job, self.now() + LEASE_MS).await?;
            tx.commit().await?;
            match held {
                Held::GoOn => {}
                Held::StopAsked => return Ok(End::Stopped),
                Held::Lost => return Ok(End::Lost),
            }
        }
    }

    /// Notes that a job broke. What somebody waits for is given up after a few times, and says so.
    async fn broke(&self, job: &Job, error: &Error) -> Result<()> {
        let busy = matches!(error, Error::Store(error) if passes(error));
        let waited_for = !matches!(job.kind.as_str(), MATCH | SCAN | WAITING);
        let mut tx = self.store().write().await?;
        let now = self.now();
        let Some(failures) = jobs::broke(&mut tx, job).await? else { return Ok(()) };
        tracing::warn!(kind = job.kind, job = job.id, failures, "a job broke off");
        if !waited_for {
            let pause = LEASE_MS.saturating_mul(1 << failures.clamp(0, 10)).min(LONGEST_PAUSE_MS);
            jobs::keep(&mut tx, job, now + pause).await?;
        } else if failures >= if busy { BUSY_TRIES } else { TRIES } {
            self.give_up(&mut tx, job, busy, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Gives a job up, and says so where people look for what came of it.
    async fn give_up(&self, tx: &mut Tx, job: &Job, busy: bool, now: i64) -> Result<()> {
        let (workspace, id) = (WorkspaceId(job.workspace_id), ImportId(job.subject_id));
        let sentence = if busy {
            "The database was busy or its disk full for too long. What was done before is safe; try again later."
        } else {
            "A fault on the server broke this off several times. What was done before is safe; try again, and if it \
             happens again, tell whoever runs the server."
        };
        match job.kind.as_str() {
            IMPORT => {
                let was = [ImportState::Queued, ImportState::Running];
                imports::move_state(tx, workspace, id, &was, ImportState::Failed, sentence, now).await?;
                let nobody = Actor::on_behalf(UserId(0), workspace);
                let state = ImportState::Failed.word();
                audit::record(tx, self.event(&nobody, "import.end", id.to_string(), state)).await?;
            }
            DRY_RUN => {
                if let Some(import) = imports::get(tx, workspace, id).await? {
                    let sentence = serde_json::to_string(sentence)?;
                    imports::save_dry_run(tx, workspace, id, &import.dry_run_key, &sentence, 0).await?;
                }
            }
            UNDO_IMPORT => {
                if let Some(mut undo) = import_undo::get(tx, workspace, id).await? {
                    undo.problem = sentence.to_owned();
                    import_undo::save(tx, workspace, &undo).await?;
                }
            }
            _ => {}
        }
        Ok(jobs::give_up(tx, job).await?)
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

    pub(crate) async fn release_job(&self, job: &Job) -> Result<()> {
        let mut tx = self.store().write().await?;
        jobs::release(&mut tx, job).await?;
        Ok(tx.commit().await?)
    }
}

/// Whether a batch may well work when it is tried again later.
fn passes(error: &store::Error) -> bool {
    error.is_busy() || matches!(error, store::Error::Full(_))
}

/// An error with its causes, in their own words: what a database adds to them may name people, so it is left out.
pub(crate) fn causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Waits until the server is closing; for ever where nobody can say so any more.
async fn closing(mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Runs something on a task of its own, so that a panic in it is an error like others.
async fn guarded<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work).await.unwrap_or_else(|_| Err(Error::Fault("a job panicked")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;

    /// The kind of a job that panics.
    pub(super) const PANIC: &str = "panic";

    /// A worker runs on a task of its own.
    #[test]
    fn the_worker_can_be_spawned() {
        fn spawnable<T: Send>(_: impl FnOnce(Engine, watch::Receiver<bool>) -> T) {}
        spawnable(|engine, stop| async move { engine.work(stop).await });
    }

    /// A panic ends neither the worker nor the process: the job is tried a few times and given up, others are done.
    #[tokio::test]
    async fn a_job_that_panics_is_given_up_and_the_worker_goes_on() {
        let folder = std::env::temp_dir().join(format!("onefold_panic_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let now = std::sync::atomic::AtomicI64::new(1_000);
        let clock = Clock::new(move || now.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        let url = format!("sqlite://{}", folder.join("test.db").display());
        let engine = Engine::open(&url, &folder, clock).await.unwrap();
        let actor = engine.owner_of("Panic").await.unwrap();
        let (_stop, go_on) = watch::channel(false);
        let job = engine.reserve_job().await.unwrap();
        let mut tx = engine.store().write().await.unwrap();
        jobs::ask(&mut tx, job, actor.workspace, PANIC, 1, engine.now()).await.unwrap();
        tx.commit().await.unwrap();
        for _ in 0..TRIES {
            assert!(matches!(engine.work_once(&go_on).await, Err(Error::Fault("a job panicked"))));
        }
        assert!(matches!(engine.work_once(&go_on).await, Ok(false)), "given up");
        engine.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
