//! Acts on contacts, with what stood before, so that each can be taken back (R13).

use domain::ids::{ChangeId, ContactId, UserId, WorkspaceId};
use sqlx::FromRow;

use crate::{Arg, Result, Sql, Tx};

/// An act as it is stored.
#[derive(Debug, Clone, FromRow)]
pub struct ContactChange {
    /// Which act.
    pub kind: String,
    /// What it needs to be taken back, beside the rows.
    pub detail: String,
    /// When it was taken back.
    pub undone_at: Option<i64>,
}

/// Notes an act, with what stood before of each contact (JSON).
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
    let rows = contacts
        .iter()
        .map(|(contact, before)| vec![Arg::from(workspace.0), id.0.into(), contact.0.into(), before.as_str().into()])
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
        Sql::new("SELECT kind, detail, undone_at FROM contact_change WHERE workspace_id = ")
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
    let rows: Vec<(i64, String)> = tx
        .all(
            Sql::new("SELECT contact_id, before FROM contact_change_row WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND change_id = ")
                .arg(id.0)
                .push(" ORDER BY contact_id"),
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
