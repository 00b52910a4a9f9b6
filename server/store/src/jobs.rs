//! Work that runs on the server: claimed with a lease, so that another worker takes over when one dies.

use domain::ids::{JobId, WorkspaceId};
use sqlx::FromRow;

use crate::{Arg, Result, Sql, Tx};

/// A job that a worker has claimed.
#[derive(Debug, Clone, FromRow)]
pub struct Job {
    /// Its id.
    pub id: i64,
    /// Whose.
    pub workspace_id: i64,
    /// What kind of work.
    pub kind: String,
    /// On what, such as an import's id.
    pub subject_id: i64,
    /// How often it was claimed, this time included.
    pub attempts: i64,
}

/// Asks for a job, in the transaction that wants it. A finished job of the same kind and subject is asked for anew.
///
/// # Errors
/// As the database says.
pub async fn ask(tx: &mut Tx, id: JobId, workspace: WorkspaceId, kind: &str, subject: i64, now: i64) -> Result<()> {
    tx.execute(
        Sql::new("DELETE FROM job WHERE kind = $1 AND subject_id = $2 AND workspace_id = $3")
            .bind(kind)
            .bind(subject)
            .bind(workspace.0),
    )
    .await?;
    let row = [
        Arg::from(id.0),
        workspace.0.into(),
        kind.into(),
        subject.into(),
        "ready".into(),
        0_i64.into(),
        0_i64.into(),
        0_i64.into(),
        now.into(),
    ];
    tx.execute(
        Sql::new(
            "INSERT INTO job (id, workspace_id, kind, subject_id, state, lease_until, attempts, stop_asked, \
             created_at) VALUES ",
        )
        .list(row),
    )
    .await?;
    Ok(())
}

/// Asks for a job of which there is never more than one: one that waits will do, and one that is being done is done
/// once more after it, since it may have seen what was before. Whoever asks at the same moment waits.
///
/// # Errors
/// As the database says.
pub async fn ask_once(
    tx: &mut Tx,
    id: JobId,
    workspace: WorkspaceId,
    kind: &str,
    subject: i64,
    now: i64,
) -> Result<()> {
    let end = tx.dialect().for_update();
    let _: Option<(i64,)> =
        tx.optional(Sql::new("SELECT id FROM workspace WHERE id = ").arg(workspace.0).push(end)).await?;
    let pending = tx
        .execute(
            Sql::new(
                "UPDATE job SET again = CASE WHEN lease_until >= $1 THEN 1 ELSE again END \
                 WHERE kind = $2 AND subject_id = $3 AND workspace_id = $4 AND state = 'ready'",
            )
            .bind(now)
            .bind(kind)
            .bind(subject)
            .bind(workspace.0),
        )
        .await?;
    if pending > 0 {
        return Ok(());
    }
    ask(tx, id, workspace, kind, subject, now).await
}

/// Whether there is a job that nobody holds.
///
/// # Errors
/// As the database says.
pub async fn any_ready(tx: &mut Tx, now: i64) -> Result<bool> {
    let sql = Sql::new("SELECT id FROM job WHERE state = 'ready' AND lease_until < ").arg(now).push(" LIMIT 1");
    Ok(tx.optional::<(i64,)>(sql).await?.is_some())
}

/// Takes the oldest job that nobody holds, until `lease_until`.
///
/// # Errors
/// As the database says.
pub async fn claim(tx: &mut Tx, now: i64, lease_until: i64) -> Result<Option<Job>> {
    let skip = tx.dialect().skip_locked();
    tx.optional(
        Sql::new("UPDATE job SET lease_until = ")
            .arg(lease_until)
            .push(", attempts = attempts + 1 WHERE id = (SELECT id FROM job WHERE state = 'ready' AND lease_until < ")
            .arg(now)
            .push(" ORDER BY id LIMIT 1")
            .push(skip)
            .push(") RETURNING id, workspace_id, kind, subject_id, attempts"),
    )
    .await
}

/// Keeps a claimed job for longer; says whether it is still ours to do and nobody asked to stop it. `attempts` is the
/// claim's number: a worker that was taken for dead finds that another has it.
///
/// # Errors
/// As the database says.
pub async fn keep(tx: &mut Tx, job: &Job, lease_until: i64) -> Result<Held> {
    let row: Option<(i64,)> = tx
        .optional(
            Sql::new(
                "UPDATE job SET lease_until = $1 WHERE id = $2 AND attempts = $3 AND state = 'ready' \
                 RETURNING stop_asked",
            )
            .bind(lease_until)
            .bind(job.id)
            .bind(job.attempts),
        )
        .await?;
    Ok(match row {
        None => Held::Lost,
        Some((0,)) => Held::GoOn,
        Some(_) => Held::StopAsked,
    })
}

/// What a worker learns when it renews its lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Go on.
    GoOn,
    /// Someone asked to stop.
    StopAsked,
    /// Another worker has it, or it is gone.
    Lost,
}

/// Notes that a job broke, and lets others claim it at once; says how often it broke by now. None when it is not ours
/// any more.
///
/// # Errors
/// As the database says.
pub async fn broke(tx: &mut Tx, job: &Job) -> Result<Option<i64>> {
    let row: Option<(i64,)> = tx
        .optional(
            Sql::new(
                "UPDATE job SET failures = failures + 1, lease_until = 0 WHERE id = $1 AND attempts = $2 \
                 AND state = 'ready' RETURNING failures",
            )
            .bind(job.id)
            .bind(job.attempts),
        )
        .await?;
    Ok(row.map(|(failures,)| failures))
}

/// Gives a job up: nobody claims it again.
///
/// # Errors
/// As the database says.
pub async fn give_up(tx: &mut Tx, job: &Job) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE job SET state = 'failed' WHERE id = $1 AND attempts = $2").bind(job.id).bind(job.attempts),
    )
    .await?;
    Ok(())
}

/// Lets others claim a job at once, such as at a shutdown.
///
/// # Errors
/// As the database says.
pub async fn release(tx: &mut Tx, job: &Job) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE job SET lease_until = 0 WHERE id = $1 AND attempts = $2").bind(job.id).bind(job.attempts),
    )
    .await?;
    Ok(())
}

/// Ends a job, unless it is to be done once more: then it waits for whoever is next.
///
/// # Errors
/// As the database says.
pub async fn finish(tx: &mut Tx, job: &Job) -> Result<()> {
    tx.execute(
        Sql::new(
            "UPDATE job SET state = CASE again WHEN 0 THEN 'done' ELSE state END, \
             lease_until = CASE again WHEN 0 THEN lease_until ELSE 0 END, again = 0 WHERE id = $1 AND attempts = $2",
        )
        .bind(job.id)
        .bind(job.attempts),
    )
    .await?;
    Ok(())
}

/// Asks whoever holds the job of a subject to stop after the batch at hand; says whether there is one.
///
/// # Errors
/// As the database says.
pub async fn ask_to_stop(tx: &mut Tx, workspace: WorkspaceId, kind: &str, subject: i64) -> Result<bool> {
    let touched = tx
        .execute(
            Sql::new(
                "UPDATE job SET stop_asked = 1 WHERE workspace_id = $1 AND kind = $2 AND subject_id = $3 \
                 AND state = 'ready'",
            )
            .bind(workspace.0)
            .bind(kind)
            .bind(subject),
        )
        .await?;
    Ok(touched > 0)
}

/// Whether a job of a subject waits or is being done.
///
/// # Errors
/// As the database says.
pub async fn is_pending(tx: &mut Tx, workspace: WorkspaceId, kind: &str, subject: i64) -> Result<bool> {
    let found: Option<(i64,)> = tx
        .optional(
            Sql::new(
                "SELECT id FROM job WHERE kind = $1 AND subject_id = $2 AND workspace_id = $3 AND state = 'ready' LIMIT 1",
            )
            .bind(kind)
            .bind(subject)
            .bind(workspace.0),
        )
        .await?;
    Ok(found.is_some())
}
