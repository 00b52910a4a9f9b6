//! Acts on contacts that can be taken back, with what stood before (R13).

use domain::contact::Deletion;
use domain::ids::{ChangeId, ContactId, UserId, WorkspaceId};
use sqlx::FromRow;

use crate::{Arg, Result, Sql, Tx};

/// An act as it is stored.
#[derive(Debug, Clone, FromRow)]
pub struct ContactChange {
    /// `edit`, `addTag`, `removeTag`, `delete` or `take`.
    pub kind: String,
    /// What it needs to be taken back, beside the rows.
    pub detail: String,
    /// When it was done.
    pub created_at: i64,
    /// When it was taken back.
    pub undone_at: Option<i64>,
}

/// Notes an act, with what stood before of each contact (JSON). Its id is reserved from the block of `bulk_change`.
///
/// # Errors
/// As the database says.
pub async fn add(
    tx: &mut Tx,
    (workspace, id): (WorkspaceId, ChangeId),
    by: UserId,
    (kind, detail): (&str, &str),
    contacts: &[(ContactId, String)],
    now: i64,
) -> Result<()> {
    let row = [Arg::from(id.0), workspace.0.into(), by.0.into(), kind.into(), detail.into(), now.into()];
    tx.execute(
        Sql::new("INSERT INTO contact_change (id, workspace_id, actor_id, kind, detail, created_at) VALUES ").list(row),
    )
    .await?;
    keep(tx, workspace, id, contacts.to_vec()).await
}

/// Keeps what stood before an act: JSON by contact.
///
/// # Errors
/// As the database says.
pub async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    change: ChangeId,
    before: Vec<(ContactId, String)>,
) -> Result<()> {
    let rows = before
        .into_iter()
        .map(|(contact, json)| vec![Arg::from(workspace.0), change.0.into(), contact.0.into(), json.into()])
        .collect();
    tx.insert("INSERT INTO contact_change_row (workspace_id, change_id, contact_id, before)", rows, "").await?;
    Ok(())
}

/// An act, which nobody else takes back until commit.
///
/// # Errors
/// As the database says.
pub async fn get_for_update(tx: &mut Tx, workspace: WorkspaceId, id: ChangeId) -> Result<Option<ContactChange>> {
    let lock = tx.dialect().for_update();
    tx.optional(
        Sql::new("SELECT kind, detail, created_at, undone_at FROM contact_change WHERE workspace_id = ")
            .arg(workspace.0)
            .push(" AND id = ")
            .arg(id.0)
            .push(lock),
    )
    .await
}

/// The contacts of an act, with what stood before.
///
/// # Errors
/// As the database says.
pub async fn rows(tx: &mut Tx, workspace: WorkspaceId, id: ChangeId) -> Result<Vec<(ContactId, String)>> {
    kept(tx, workspace, id, ContactId(0), i64::MAX).await
}

/// Drops what stood before, once it stands there again: a contact may go only when nothing points at it.
///
/// # Errors
/// As the database says.
pub async fn remove_rows(tx: &mut Tx, workspace: WorkspaceId, id: ChangeId) -> Result<()> {
    tx.execute(
        Sql::new("DELETE FROM contact_change_row WHERE workspace_id = $1 AND change_id = $2")
            .bind(workspace.0)
            .bind(id.0),
    )
    .await?;
    Ok(())
}

/// What stood before an act, after a contact, in order.
///
/// # Errors
/// As the database says.
pub async fn kept(
    tx: &mut Tx,
    workspace: WorkspaceId,
    change: ChangeId,
    after: ContactId,
    limit: i64,
) -> Result<Vec<(ContactId, String)>> {
    let rows: Vec<(i64, String)> = tx
        .all(
            Sql::new(
                "SELECT contact_id, before FROM contact_change_row \
                 WHERE workspace_id = $1 AND change_id = $2 AND contact_id > $3 ORDER BY contact_id LIMIT $4",
            )
            .bind(workspace.0)
            .bind(change.0)
            .bind(after.0)
            .bind(limit),
        )
        .await?;
    Ok(rows.into_iter().map(|(id, before)| (ContactId(id), before)).collect())
}

/// Marks an act as taken back.
///
/// # Errors
/// As the database says.
pub async fn set_undone(tx: &mut Tx, workspace: WorkspaceId, id: ChangeId, now: i64) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE contact_change SET undone_at = $1 WHERE workspace_id = $2 AND id = $3")
            .bind(now)
            .bind(workspace.0)
            .bind(id.0),
    )
    .await?;
    Ok(())
}

/// Which of these acts are there and were not taken back.
///
/// # Errors
/// As the database says.
pub async fn open(tx: &mut Tx, workspace: WorkspaceId, ids: &[ChangeId]) -> Result<Vec<ChangeId>> {
    let before = Sql::new("SELECT id FROM contact_change WHERE undone_at IS NULL AND workspace_id = ")
        .arg(workspace.0)
        .push(" AND id IN ");
    let rows: Vec<(i64,)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
    Ok(rows.into_iter().map(|(id,)| ChangeId(id)).collect())
}

/// The deletions that are still kept, newest first, at most a hundred; the first contact's id stands for its name.
///
/// # Errors
/// As the database says.
pub async fn deletions(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(Deletion, ContactId)>> {
    let rows: Vec<(i64, String, i64, Option<i64>, i64, i64)> = tx
        .all(
            Sql::new(
                "SELECT d.id, u.name, d.created_at, d.undone_at, count(*), min(r.contact_id) FROM contact_change d \
                 JOIN contact_change_row r ON r.workspace_id = d.workspace_id AND r.change_id = d.id \
                 JOIN user_account u ON u.id = d.actor_id WHERE d.workspace_id = $1 AND d.kind = 'delete' \
                 GROUP BY d.id, u.name, d.created_at, d.undone_at ORDER BY d.id DESC LIMIT 100",
            )
            .bind(workspace.0),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, actor, at, undone_at, contacts, first)| {
            let deletion = Deletion {
                change: ChangeId(id),
                actor,
                at,
                contacts: contacts.cast_unsigned(),
                first: String::new(),
                undone: undone_at.is_some(),
            };
            (deletion, ContactId(first))
        })
        .collect())
}

/// Forgets acts of before a moment, so that they can be taken back no longer. Says how many.
///
/// # Errors
/// As the database says.
pub async fn forget(tx: &mut Tx, before: i64, limit: i64) -> Result<u64> {
    let old: Vec<(i64, i64)> = tx
        .all(
            Sql::new("SELECT workspace_id, id FROM contact_change WHERE created_at < $1 ORDER BY created_at LIMIT $2")
                .bind(before)
                .bind(limit),
        )
        .await?;
    for (workspace, id) in &old {
        for table in [
            "DELETE FROM contact_change_row WHERE workspace_id = $1 AND change_id = $2",
            "DELETE FROM contact_change WHERE workspace_id = $1 AND id = $2",
        ] {
            tx.execute(Sql::new(table).bind(*workspace).bind(*id)).await?;
        }
    }
    Ok(old.len() as u64)
}
