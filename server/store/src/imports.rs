//! Imports: the draft, the running import and the history are one row.

use domain::ids::{CampaignId, ImportId, UserId, WorkspaceId};
use domain::import::{ImportState, WizardStep};
use domain::{OutcomeCounts, UnknownWord};
use sqlx::FromRow;

use crate::{Arg, Error, Result, Sql, Tx};

/// An import as it is stored; JSON columns are the engine's to read.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Where the leads go; none makes contacts only.
    pub campaign: Option<CampaignId>,
    /// Who made it.
    pub created_by: UserId,
    /// Where it stands.
    pub state: ImportState,
    /// The step of the wizard.
    pub step: WizardStep,
    /// `domain::import::ImportSettings` as JSON.
    pub settings: String,
    /// The name the file had; empty before the upload.
    pub file_name: String,
    /// Where it is, relative to the uploads folder, by a name of our own.
    pub file_path: String,
    /// Its size.
    pub file_bytes: i64,
    /// What the person corrected in the detection, as JSON; empty for nothing.
    pub detection: String,
    /// `sheet::Inspection` as JSON; empty before the upload.
    pub inspection: String,
    /// The import whose left-out rows this one takes.
    pub again_of: Option<ImportId>,
    /// `domain::import::DryRun` as JSON; empty before it is ready, a sentence in quotes when refused.
    pub dry_run: String,
    /// What the dry run was computed for.
    pub dry_run_key: String,
    /// Data rows.
    pub total_rows: i64,
    /// Rows that have their outcome.
    pub done_rows: i64,
    /// Outcomes so far.
    pub counts: OutcomeCounts,
    /// Imported leads that are not begun yet elsewhere.
    pub pending_elsewhere: i64,
    /// Values that did not fit their field and were left out.
    pub skipped_values: i64,
    /// Why it could not go on.
    pub problem: String,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
    /// When rows began to be taken.
    pub started_at: Option<i64>,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// Whether every row kept what it replaced, so that the import can be taken back.
    pub journaled: bool,
}

#[derive(FromRow)]
struct Raw {
    id: i64,
    campaign_id: Option<i64>,
    created_by: i64,
    state: String,
    step: String,
    settings: String,
    file_name: String,
    file_path: String,
    file_bytes: i64,
    detection: String,
    inspection: String,
    again_of: Option<i64>,
    dry_run: String,
    dry_run_key: String,
    total_rows: i64,
    done_rows: i64,
    counts: String,
    pending_elsewhere: i64,
    skipped_values: i64,
    problem: String,
    created_at: i64,
    updated_at: i64,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    journaled: i64,
}

const IMPORT: &str = "SELECT id, campaign_id, created_by, state, step, settings, file_name, file_path, file_bytes, \
    detection, inspection, again_of, dry_run, dry_run_key, total_rows, done_rows, counts, pending_elsewhere, skipped_values, problem, \
    created_at, updated_at, started_at, finished_at, journaled FROM import WHERE workspace_id = ";

fn import(raw: Raw) -> Result<Import> {
    let word = |_: UnknownWord| Error::Unreadable("import.state or import.step");
    Ok(Import {
        id: ImportId(raw.id),
        campaign: raw.campaign_id.map(CampaignId),
        created_by: UserId(raw.created_by),
        state: raw.state.parse().map_err(word)?,
        step: raw.step.parse().map_err(word)?,
        settings: raw.settings,
        file_name: raw.file_name,
        file_path: raw.file_path,
        file_bytes: raw.file_bytes,
        detection: raw.detection,
        inspection: raw.inspection,
        again_of: raw.again_of.map(ImportId),
        dry_run: raw.dry_run,
        dry_run_key: raw.dry_run_key,
        total_rows: raw.total_rows,
        done_rows: raw.done_rows,
        counts: serde_json::from_str(&raw.counts).map_err(|_| Error::Unreadable("import.counts"))?,
        pending_elsewhere: raw.pending_elsewhere,
        skipped_values: raw.skipped_values,
        problem: raw.problem,
        created_at: raw.created_at,
        updated_at: raw.updated_at,
        started_at: raw.started_at,
        finished_at: raw.finished_at,
        journaled: raw.journaled != 0,
    })
}

/// Adds a draft.
///
/// # Errors
/// As the database says.
pub async fn add(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ImportId,
    campaign: Option<CampaignId>,
    by: UserId,
    settings: &str,
    now: i64,
) -> Result<()> {
    let row = [
        Arg::from(id.0),
        workspace.0.into(),
        campaign.map(|c| c.0).into(),
        by.0.into(),
        ImportState::Draft.word().into(),
        WizardStep::Upload.word().into(),
        settings.into(),
        now.into(),
        now.into(),
    ];
    let empty = ["", "", "", "", "", "", ""].map(Arg::from);
    let zero = [Arg::from(0_i64), 0_i64.into(), 0_i64.into(), 0_i64.into(), "{}".into()];
    tx.execute(
        Sql::new(
            "INSERT INTO import (id, workspace_id, campaign_id, created_by, state, step, settings, created_at, \
             updated_at, file_name, file_path, detection, inspection, dry_run, dry_run_key, problem, file_bytes, \
             total_rows, done_rows, pending_elsewhere, counts) VALUES ",
        )
        .list(row.into_iter().chain(empty).chain(zero)),
    )
    .await?;
    Ok(())
}

/// One import.
///
/// # Errors
/// As the database says.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: ImportId) -> Result<Option<Import>> {
    tx.optional(Sql::new(IMPORT).arg(workspace.0).push(" AND id = ").arg(id.0)).await?.map(import).transpose()
}

/// One import, which nobody else changes until commit: two tabs may save at once.
///
/// # Errors
/// As the database says.
pub async fn get_for_update(tx: &mut Tx, workspace: WorkspaceId, id: ImportId) -> Result<Option<Import>> {
    let lock = tx.dialect().for_update();
    let sql = Sql::new(IMPORT).arg(workspace.0).push(" AND id = ").arg(id.0).push(lock);
    tx.optional(sql).await?.map(import).transpose()
}

/// The newest draft that someone has open for a campaign (or for contacts only).
///
/// # Errors
/// As the database says.
pub async fn open_draft(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: Option<CampaignId>,
    by: UserId,
) -> Result<Option<ImportId>> {
    let sql =
        Sql::new("SELECT id FROM import WHERE workspace_id = ").arg(workspace.0).push(" AND created_by = ").arg(by.0);
    let sql = match campaign {
        Some(campaign) => sql.push(" AND campaign_id = ").arg(campaign.0),
        None => sql.push(" AND campaign_id IS NULL"),
    };
    let row: Option<(i64,)> = tx.optional(sql.push(" AND state = 'draft' ORDER BY id DESC LIMIT 1")).await?;
    Ok(row.map(|(id,)| ImportId(id)))
}

/// The history: imports before an id, newest first.
///
/// # Errors
/// As the database says.
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, before: Option<ImportId>, limit: i64) -> Result<Vec<Import>> {
    let sql = Sql::new(IMPORT)
        .arg(workspace.0)
        .push(" AND id < ")
        .arg(before.map_or(i64::MAX, |id| id.0))
        .push(" ORDER BY id DESC LIMIT ")
        .arg(limit);
    tx.all(sql).await?.into_iter().map(import).collect()
}

/// Settings, as JSON, and counts of the newest imports that took rows and were not taken back.
///
/// # Errors
/// As the database says.
pub async fn newest_counts(tx: &mut Tx, workspace: WorkspaceId, limit: i64) -> Result<Vec<(String, OutcomeCounts)>> {
    let sql = Sql::new("SELECT settings, counts FROM import WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND done_rows > 0 AND state IN ('running', 'done', 'failed', 'stopped') ORDER BY id DESC LIMIT ")
        .arg(limit);
    let rows: Vec<(String, String)> = tx.all(sql).await?;
    rows.into_iter()
        .map(|(settings, counts)| {
            Ok((settings, serde_json::from_str(&counts).map_err(|_| Error::Unreadable("import.counts"))?))
        })
        .collect()
}

/// Writes a draft back whole: the wizard changes one thing at a time, the row is small. Says whether it still was a
/// draft.
///
/// # Errors
/// As the database says.
pub async fn save_draft(tx: &mut Tx, workspace: WorkspaceId, import: &Import, now: i64) -> Result<bool> {
    let touched = tx
        .execute(
            Sql::new(
                "UPDATE import SET step = $1, settings = $2, file_name = $3, file_path = $4, file_bytes = $5, \
                 detection = $6, inspection = $7, again_of = $8, dry_run = $9, dry_run_key = $10, total_rows = $11, \
                 problem = $12, updated_at = $13 WHERE workspace_id = $14 AND id = $15 AND state = 'draft'",
            )
            .bind(import.step.word())
            .bind(import.settings.as_str())
            .bind(import.file_name.as_str())
            .bind(import.file_path.as_str())
            .bind(import.file_bytes)
            .bind(import.detection.as_str())
            .bind(import.inspection.as_str())
            .bind(import.again_of.map(|i| i.0))
            .bind(import.dry_run.as_str())
            .bind(import.dry_run_key.as_str())
            .bind(import.total_rows)
            .bind(import.problem.as_str())
            .bind(now)
            .bind(workspace.0)
            .bind(import.id.0),
        )
        .await?;
    Ok(touched == 1)
}

/// Asks for a dry run, unless this very one is asked for already. Touches nothing that a person chose.
///
/// # Errors
/// As the database says.
pub async fn ask_dry_run(tx: &mut Tx, workspace: WorkspaceId, id: ImportId, key: &str) -> Result<bool> {
    let touched = tx
        .execute(
            Sql::new(
                "UPDATE import SET dry_run_key = $1, dry_run = '', done_rows = 0 \
                 WHERE workspace_id = $2 AND id = $3 AND state = 'draft' AND dry_run_key <> $1",
            )
            .bind(key)
            .bind(workspace.0)
            .bind(id.0),
        )
        .await?;
    Ok(touched == 1)
}

/// Keeps the result of a dry run, unless the draft asks for another one by now.
///
/// # Errors
/// As the database says.
pub async fn save_dry_run(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ImportId,
    key: &str,
    result: &str,
    done: i64,
) -> Result<()> {
    tx.execute(
        Sql::new(
            "UPDATE import SET dry_run = $1, done_rows = $2 WHERE workspace_id = $3 AND id = $4 \
             AND dry_run_key = $5 AND state = 'draft'",
        )
        .bind(result)
        .bind(done)
        .bind(workspace.0)
        .bind(id.0)
        .bind(key),
    )
    .await?;
    Ok(())
}

/// Moves an import from one of some states to another; says whether it was in one of them.
///
/// # Errors
/// As the database says.
pub async fn move_state(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ImportId,
    from: &[ImportState],
    to: ImportState,
    problem: &str,
    now: i64,
) -> Result<bool> {
    let finished = if to.is_busy() { Arg::Int(None) } else { Arg::from(now) };
    let mut sql = Sql::new("UPDATE import SET state = ")
        .arg(to.word())
        .push(", problem = ")
        .arg(problem)
        .push(", updated_at = ")
        .arg(now)
        .push(", finished_at = ");
    sql = sql.arg(finished);
    if to == ImportState::Running {
        sql = sql.push(", started_at = COALESCE(started_at, ").arg(now).push(")");
    }
    if to == ImportState::Queued {
        // a run that begins now keeps what it replaces; one that an older version began did not
        sql = sql.push(
            ", done_rows = CASE WHEN state = 'draft' THEN 0 ELSE done_rows END, \
             journaled = CASE WHEN state = 'draft' THEN 1 ELSE journaled END",
        );
    }
    let touched = tx
        .execute(
            sql.push(" WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND id = ")
                .arg(id.0)
                .push(" AND state IN ")
                .list(from.iter().map(|s| s.word())),
        )
        .await?;
    Ok(touched == 1)
}

/// Marks an ended import as taken back; says whether it had ended and was not taken back before.
///
/// # Errors
/// As the database says.
pub async fn set_undone(tx: &mut Tx, workspace: WorkspaceId, id: ImportId, now: i64) -> Result<bool> {
    let ended = [ImportState::Done, ImportState::Stopped, ImportState::Failed];
    let touched = tx
        .execute(
            Sql::new("UPDATE import SET undone_at = ")
                .arg(now)
                .push(", updated_at = ")
                .arg(now)
                .push(", state = ")
                .arg(ImportState::Undone.word())
                .push(" WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND id = ")
                .arg(id.0)
                .push(" AND state IN ")
                .list(ended.iter().map(|s| s.word())),
        )
        .await?;
    Ok(touched == 1)
}

/// Saves how far a running import is; in the transaction that wrote the batch. Says whether it still was where the
/// caller took it up, at `from` rows: otherwise somebody else has gone on with it, and nothing may be written.
///
/// # Errors
/// As the database says.
pub async fn save_progress(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ImportId,
    (from, done): (i64, i64),
    counts: &OutcomeCounts,
    (pending_elsewhere, skipped_values): (i64, i64),
    now: i64,
) -> Result<bool> {
    let counts = serde_json::to_string(counts).map_err(|_| Error::Unreadable("import.counts"))?;
    let touched = tx
        .execute(
            Sql::new(
                "UPDATE import SET done_rows = $1, counts = $2, pending_elsewhere = $3, skipped_values = $4, \
                 updated_at = $5 WHERE workspace_id = $6 AND id = $7 AND state = 'running' AND done_rows = $8",
            )
            .bind(done)
            .bind(counts)
            .bind(pending_elsewhere)
            .bind(skipped_values)
            .bind(now)
            .bind(workspace.0)
            .bind(id.0)
            .bind(from),
        )
        .await?;
    Ok(touched == 1)
}

/// Saves how many rows an import takes, when those that are meant are others than when it was asked for.
///
/// # Errors
/// As the database says.
pub async fn save_total(tx: &mut Tx, workspace: WorkspaceId, id: ImportId, total: i64) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE import SET total_rows = $1 WHERE workspace_id = $2 AND id = $3")
            .bind(total)
            .bind(workspace.0)
            .bind(id.0),
    )
    .await?;
    Ok(())
}

/// Saves the counts of an import that has ended, when some of its rows were decided once more; the caller has locked it.
///
/// # Errors
/// As the database says.
pub async fn save_counts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ImportId,
    counts: &OutcomeCounts,
    (pending_elsewhere, skipped_values): (i64, i64),
    now: i64,
) -> Result<()> {
    let counts = serde_json::to_string(counts).map_err(|_| Error::Unreadable("import.counts"))?;
    tx.execute(
        Sql::new(
            "UPDATE import SET counts = $1, pending_elsewhere = $2, skipped_values = $3, updated_at = $4 \
             WHERE workspace_id = $5 AND id = $6",
        )
        .bind(counts)
        .bind(pending_elsewhere)
        .bind(skipped_values)
        .bind(now)
        .bind(workspace.0)
        .bind(id.0),
    )
    .await?;
    Ok(())
}

/// Throws a draft away. Says whether there was one.
///
/// # Errors
/// As the database says.
pub async fn delete_draft(tx: &mut Tx, workspace: WorkspaceId, id: ImportId) -> Result<bool> {
    let touched = tx
        .execute(
            Sql::new("DELETE FROM import WHERE workspace_id = $1 AND id = $2 AND state = 'draft'")
                .bind(workspace.0)
                .bind(id.0),
        )
        .await?;
    Ok(touched == 1)
}

/// Whether an import of the workspace has this file.
///
/// # Errors
/// As the database says.
pub async fn has_file(tx: &mut Tx, workspace: WorkspaceId, path: &str) -> Result<bool> {
    let sql = Sql::new("SELECT id FROM import WHERE workspace_id = $1 AND file_path = $2 LIMIT 1");
    Ok(tx.optional::<(i64,)>(sql.bind(workspace.0).bind(path)).await?.is_some())
}

/// Those of some files that an import has, in whatever workspace; for the sweep.
///
/// # Errors
/// As the database says.
pub async fn files_among(tx: &mut Tx, paths: &[String]) -> Result<Vec<String>> {
    let before = Sql::new("SELECT file_path FROM import WHERE file_path IN ");
    let rows: Vec<(String,)> = tx.among(before, paths.iter().map(|p| p.as_str().into()).collect(), "").await?;
    Ok(rows.into_iter().map(|(path,)| path).collect())
}

/// How columns with these headers were mapped last time, as JSON.
///
/// # Errors
/// As the database says.
pub async fn remembered_columns(tx: &mut Tx, workspace: WorkspaceId, headers: &[u8; 16]) -> Result<Option<String>> {
    let row: Option<(String,)> = tx
        .optional(
            Sql::new("SELECT columns FROM mapping_memory WHERE workspace_id = $1 AND headers = $2")
                .bind(workspace.0)
                .bind(headers),
        )
        .await?;
    Ok(row.map(|(columns,)| columns))
}

/// Remembers how columns with these headers were mapped.
///
/// # Errors
/// As the database says.
pub async fn remember_columns(
    tx: &mut Tx,
    workspace: WorkspaceId,
    headers: &[u8; 16],
    columns: &str,
    now: i64,
) -> Result<()> {
    tx.execute(
        Sql::new("INSERT INTO mapping_memory (workspace_id, headers, columns, updated_at) VALUES ")
            .list([Arg::from(workspace.0), headers.into(), columns.into(), now.into()])
            .push(
                " ON CONFLICT (workspace_id, headers) \
                 DO UPDATE SET columns = excluded.columns, updated_at = excluded.updated_at",
            ),
    )
    .await?;
    Ok(())
}
