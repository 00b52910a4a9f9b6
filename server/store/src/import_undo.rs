//! Taking an import back: how far it is, what was kept, and what the database knows of the people it is about.

use std::collections::{HashMap, HashSet};

use domain::ids::{CampaignId, ContactId, ImportId, LeadId, UserId, WorkspaceId};
use sqlx::FromRow;

use crate::{Arg, Result, Sql, Tx, suspects};

/// The undo of an import as it is stored.
#[derive(Debug, Clone, FromRow)]
pub struct ImportUndo {
    /// Of which import.
    pub import_id: i64,
    /// Who asked.
    pub actor_id: i64,
    /// Rows from this number on are done: the newest come first.
    pub row_number: i64,
    /// Rows done.
    pub rows_done: i64,
    /// Contacts removed.
    pub contacts: i64,
    /// Leads removed.
    pub leads: i64,
    /// Values restored.
    pub restored: i64,
    /// Things kept, because they changed since.
    pub kept: i64,
    /// Why it could not go on.
    pub problem: String,
    /// When it was asked for.
    pub asked_at: i64,
    /// When it ended.
    pub finished_at: Option<i64>,
}

const UNDO: &str = "SELECT import_id, actor_id, row_number, rows_done, contacts, leads, restored, kept, problem, \
                    asked_at, finished_at FROM import_undo WHERE workspace_id = ";

/// Notes that an import is to be taken back, or that one which could not go on is tried again.
///
/// # Errors
/// As the database says.
pub async fn start(tx: &mut Tx, workspace: WorkspaceId, import: ImportId, by: UserId, now: i64) -> Result<()> {
    let row = [workspace.0, import.0, by.0, i64::MAX, 0, 0, 0, 0, 0].map(Arg::from);
    tx.execute(
        Sql::new(
            "INSERT INTO import_undo (workspace_id, import_id, actor_id, row_number, rows_done, contacts, leads, \
             restored, kept, problem, asked_at) VALUES ",
        )
        .list(row.into_iter().chain([Arg::from(""), now.into()]))
        .push(" ON CONFLICT (workspace_id, import_id) DO UPDATE SET problem = ''"),
    )
    .await?;
    Ok(())
}

/// The undo of an import, if it was asked for.
///
/// # Errors
/// As the database says.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, import: ImportId) -> Result<Option<ImportUndo>> {
    tx.optional(Sql::new(UNDO).arg(workspace.0).push(" AND import_id = ").arg(import.0)).await
}

/// The undos of some imports.
///
/// # Errors
/// As the database says.
pub async fn among(tx: &mut Tx, workspace: WorkspaceId, imports: &[ImportId]) -> Result<HashMap<ImportId, ImportUndo>> {
    let before = Sql::new(UNDO).arg(workspace.0).push(" AND import_id IN ");
    let rows: Vec<ImportUndo> = tx.among(before, imports.iter().map(|i| i.0.into()).collect(), "").await?;
    Ok(rows.into_iter().map(|row| (ImportId(row.import_id), row)).collect())
}

/// Saves how far an undo is; in the transaction that did the batch.
///
/// # Errors
/// As the database says.
pub async fn save(tx: &mut Tx, workspace: WorkspaceId, undo: &ImportUndo) -> Result<()> {
    tx.execute(
        Sql::new(
            "UPDATE import_undo SET row_number = $1, rows_done = $2, contacts = $3, leads = $4, restored = $5, \
             kept = $6, problem = $7, finished_at = $8 WHERE workspace_id = $9 AND import_id = $10",
        )
        .bind(undo.row_number)
        .bind(undo.rows_done)
        .bind(undo.contacts)
        .bind(undo.leads)
        .bind(undo.restored)
        .bind(undo.kept)
        .bind(undo.problem.as_str())
        .bind(undo.finished_at)
        .bind(workspace.0)
        .bind(undo.import_id),
    )
    .await?;
    Ok(())
}

/// Something that was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Kept {
    /// Whose.
    pub contact_id: i64,
    /// What: `contact`, `lead`, `consent`, `field:…` or `variable:…`.
    pub what: String,
    /// Why, as a code.
    pub why: String,
    /// Whom it is about, in words.
    pub who: String,
}

/// Notes what was kept; says how much of it was new.
///
/// # Errors
/// As the database says.
pub async fn keep(tx: &mut Tx, workspace: WorkspaceId, import: ImportId, kept: Vec<Kept>) -> Result<u64> {
    let rows = kept
        .into_iter()
        .map(|k| {
            vec![
                Arg::from(workspace.0),
                import.0.into(),
                k.contact_id.into(),
                k.what.into(),
                k.why.into(),
                k.who.into(),
            ]
        })
        .collect();
    let insert = "INSERT INTO import_undo_kept (workspace_id, import_id, contact_id, what, why, who)";
    tx.insert(insert, rows, " ON CONFLICT DO NOTHING").await
}

/// What was kept, after a position, in order.
///
/// # Errors
/// As the database says.
pub async fn kept(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    (contact, what): (i64, &str),
    limit: i64,
) -> Result<Vec<Kept>> {
    tx.all(
        Sql::new(
            "SELECT contact_id, what, why, who FROM import_undo_kept WHERE workspace_id = $1 AND import_id = $2 \
             AND (contact_id > $3 OR (contact_id = $3 AND what > $4)) ORDER BY contact_id, what LIMIT $5",
        )
        .bind(workspace.0)
        .bind(import.0)
        .bind(contact)
        .bind(what)
        .bind(limit),
    )
    .await
}

/// What was kept already of some contacts.
///
/// # Errors
/// As the database says.
pub async fn kept_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    ids: &[ContactId],
) -> Result<HashSet<(ContactId, String)>> {
    let before = Sql::new("SELECT contact_id, what FROM import_undo_kept WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND import_id = ")
        .arg(import.0)
        .push(" AND contact_id IN ");
    let rows: Vec<(i64, String)> = tx.among(before, args(ids), "").await?;
    Ok(rows.into_iter().map(|(id, what)| (ContactId(id), what)).collect())
}

fn args(ids: &[ContactId]) -> Vec<Arg> {
    ids.iter().map(|id| id.0.into()).collect()
}

/// A lead as it stands, locked until commit.
#[derive(Debug, Clone, FromRow)]
pub struct StandingLead {
    /// Its id.
    pub id: i64,
    /// Whose.
    pub contact_id: i64,
    /// Where.
    pub campaign_id: i64,
    /// Its status.
    pub status: String,
    /// Its variables, as a JSON object.
    pub variables: String,
}

/// The leads of some people, in every campaign; locked until commit.
///
/// # Errors
/// As the database says.
pub async fn leads(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<HashMap<LeadId, StandingLead>> {
    let lock = tx.dialect().for_update();
    let before = Sql::new("SELECT id, contact_id, campaign_id, status, variables FROM lead WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND contact_id IN ");
    let rows: Vec<StandingLead> = tx.among(before, args(ids), lock).await?;
    Ok(rows.into_iter().map(|lead| (LeadId(lead.id), lead)).collect())
}

/// A way by which a contact came.
#[derive(Debug, Clone, FromRow)]
pub struct Source {
    /// Whose.
    pub contact_id: i64,
    /// Which way.
    pub kind: String,
    /// The import, form or user.
    pub source_id: i64,
    /// When.
    pub created_at: i64,
    /// The campaign it took them to, if any.
    pub campaign_id: Option<i64>,
}

/// Every way by which some contacts came.
///
/// # Errors
/// As the database says.
pub async fn sources(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<Source>> {
    let before = Sql::new(
        "SELECT s.contact_id, s.kind, s.source_id, s.created_at, COALESCE(i.campaign_id, f.campaign_id) AS campaign_id \
         FROM contact_source s \
         LEFT JOIN import i ON s.kind = 'import' AND i.id = s.source_id AND i.workspace_id = s.workspace_id \
         LEFT JOIN form f ON s.kind = 'form' AND f.id = s.source_id AND f.workspace_id = s.workspace_id \
         WHERE s.workspace_id = ",
    )
    .arg(workspace.0)
    .push(" AND s.contact_id IN ");
    tx.among(before, args(ids), "").await
}

/// Which of these contacts are nobody of their own any more: merged into another, or deleted.
///
/// # Errors
/// As the database says.
pub async fn gone(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<HashMap<ContactId, (Option<ContactId>, Option<i64>)>> {
    let before = Sql::new("SELECT id, merged_into, deleted_at FROM contact WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND id IN ");
    let after = " AND (merged_into IS NOT NULL OR deleted_at IS NOT NULL)";
    let rows: Vec<(i64, Option<i64>, Option<i64>)> = tx.among(before, args(ids), after).await?;
    Ok(rows.into_iter().map(|(id, merged, deleted)| (ContactId(id), (merged.map(ContactId), deleted))).collect())
}

/// Which of these contacts somebody did something with that a removal would lose: an edit, a decision about a pair, a
/// merge, a bulk act on one of their leads that can still be taken back.
///
/// # Errors
/// As the database says.
pub async fn held(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<HashSet<ContactId>> {
    const QUERIES: [(&str, &str, &str); 9] = [
        ("SELECT contact_id FROM contact_event WHERE workspace_id = ", " AND contact_id IN ", ""),
        ("SELECT contact_id FROM contact_change_row WHERE workspace_id = ", " AND contact_id IN ", ""),
        ("SELECT first_contact_id FROM separated_pair WHERE workspace_id = ", " AND first_contact_id IN ", ""),
        ("SELECT second_contact_id FROM separated_pair WHERE workspace_id = ", " AND second_contact_id IN ", ""),
        ("SELECT survivor_id FROM merge_event WHERE workspace_id = ", " AND survivor_id IN ", ""),
        ("SELECT loser_id FROM merge_event WHERE workspace_id = ", " AND loser_id IN ", ""),
        (
            "SELECT first_contact_id FROM suspect WHERE workspace_id = ",
            " AND first_contact_id IN ",
            " AND state <> 'open'",
        ),
        (
            "SELECT second_contact_id FROM suspect WHERE workspace_id = ",
            " AND second_contact_id IN ",
            " AND state <> 'open'",
        ),
        (
            "SELECT l.contact_id FROM bulk_change_lead l JOIN bulk_change b ON b.id = l.change_id \
             WHERE l.workspace_id = ",
            " AND l.contact_id IN ",
            " AND b.undone_at IS NULL",
        ),
    ];
    let mut held = HashSet::new();
    for (before, column, after) in QUERIES {
        let before = Sql::new(before).arg(workspace.0).push(column);
        let rows: Vec<(i64,)> = tx.among(before, args(ids), after).await?;
        held.extend(rows.into_iter().map(|(id,)| ContactId(id)));
    }
    Ok(held)
}

/// The tags of some contacts, each with the import that put it on.
///
/// # Errors
/// As the database says.
pub async fn tags(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<Vec<(ContactId, i64, Option<ImportId>)>> {
    let before = Sql::new("SELECT contact_id, tag_id, import_id FROM contact_tag WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND contact_id IN ");
    let rows: Vec<(i64, i64, Option<i64>)> = tx.among(before, args(ids), "").await?;
    Ok(rows.into_iter().map(|(id, tag, by)| (ContactId(id), tag, by.map(ImportId))).collect())
}

/// Takes the tags off that an import put on some contacts.
///
/// # Errors
/// As the database says.
pub async fn remove_tags(tx: &mut Tx, workspace: WorkspaceId, import: ImportId, ids: &[ContactId]) -> Result<()> {
    for chunk in ids.chunks(1_000) {
        tx.execute(
            Sql::new("DELETE FROM contact_tag WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND import_id = ")
                .arg(import.0)
                .push(" AND contact_id IN ")
                .list(chunk.iter().map(|id| id.0)),
        )
        .await?;
    }
    Ok(())
}

/// Forgets that some contacts came by a way.
///
/// # Errors
/// As the database says.
pub async fn remove_source(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (kind, source): (&str, i64),
    ids: &[ContactId],
) -> Result<()> {
    for chunk in ids.chunks(1_000) {
        tx.execute(
            Sql::new("DELETE FROM contact_source WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND kind = ")
                .arg(kind)
                .push(" AND source_id = ")
                .arg(source)
                .push(" AND contact_id IN ")
                .list(chunk.iter().map(|id| id.0)),
        )
        .await?;
    }
    Ok(())
}

/// Removes contacts and everything that hangs on them, as if they had never been there. Their identities and leads are
/// the caller's to settle first; nobody may be `held`. What the matcher finds them by goes when their turn comes, so
/// that it looks at the others again.
///
/// # Errors
/// As the database says.
pub async fn remove_contacts(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    const ROWS: [(&str, &str); 7] = [
        ("DELETE FROM contact_address WHERE workspace_id = ", " AND contact_id IN "),
        ("DELETE FROM contact_source WHERE workspace_id = ", " AND contact_id IN "),
        ("DELETE FROM contact_tag WHERE workspace_id = ", " AND contact_id IN "),
        ("DELETE FROM group_key WHERE workspace_id = ", " AND contact_id IN "),
        ("DELETE FROM suspect WHERE workspace_id = ", " AND first_contact_id IN "),
        ("DELETE FROM suspect WHERE workspace_id = ", " AND second_contact_id IN "),
        ("DELETE FROM contact WHERE workspace_id = ", " AND id IN "),
    ];
    suspects::take_off(tx, workspace, ids).await?;
    for (delete, column) in ROWS {
        for chunk in ids.chunks(1_000) {
            let sql = Sql::new(delete).arg(workspace.0).push(column).list(chunk.iter().map(|id| id.0));
            tx.execute(sql).await?;
        }
    }
    Ok(())
}

impl StandingLead {
    /// Where it is.
    pub fn campaign(&self) -> CampaignId {
        CampaignId(self.campaign_id)
    }
}

impl Source {
    /// The campaign it took them to.
    pub fn campaign(&self) -> Option<CampaignId> {
        self.campaign_id.map(CampaignId)
    }
}
