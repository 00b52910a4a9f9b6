//! Sets of fields that imports recognise people by, beside the identities (R5): who has which values in them.

use domain::ids::{ContactId, WorkspaceId};

use crate::identities::KeyBytes;
use crate::{Arg, Result, Sql, Tx};

/// Takes the workspace's lock on such sets until commit, before any other lock: shared by everyone who writes contacts,
/// alone by those who must see nobody else write, because no unique key would stop two of them from making twins.
///
/// # Errors
/// As the database says.
pub async fn lock(tx: &mut Tx, workspace: WorkspaceId, alone: bool) -> Result<()> {
    let lock = if alone { tx.dialect().for_update() } else { tx.dialect().for_share() };
    if !lock.is_empty() {
        let sql = Sql::new("SELECT id FROM workspace WHERE id = ").arg(workspace.0).push(lock);
        let _: Option<(i64,)> = tx.optional(sql).await?;
    }
    Ok(())
}

/// Registers a set by the sorted words of its fields: from now on every write of a contact keeps its keys.
///
/// # Errors
/// As the database says.
pub async fn register(tx: &mut Tx, workspace: WorkspaceId, id: i64, fields: &str, now: i64) -> Result<()> {
    tx.execute(
        Sql::new("INSERT INTO identifier_group (id, workspace_id, fields, created_at) VALUES ")
            .list([Arg::from(id), workspace.0.into(), fields.into(), now.into()])
            .push(" ON CONFLICT DO NOTHING"),
    )
    .await?;
    Ok(())
}

/// The sets of a workspace, and whether everyone has their keys in them.
///
/// # Errors
/// As the database says.
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(String, bool)>> {
    let rows: Vec<(String, Option<i64>)> = tx
        .all(
            Sql::new("SELECT fields, filled_at FROM identifier_group WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" ORDER BY fields"),
        )
        .await?;
    Ok(rows.into_iter().map(|(fields, filled)| (fields, filled.is_some())).collect())
}

/// Notes that everyone has their keys in these sets.
///
/// # Errors
/// As the database says.
pub async fn set_filled(tx: &mut Tx, workspace: WorkspaceId, fields: &[String], now: i64) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE identifier_group SET filled_at = ")
            .arg(now)
            .push(" WHERE workspace_id = ")
            .arg(workspace.0)
            .push(" AND fields IN ")
            .list(fields.iter().map(String::as_str)),
    )
    .await?;
    Ok(())
}

/// Who has these keys, of those who are somebody.
///
/// # Errors
/// As the database says.
pub async fn holders(tx: &mut Tx, workspace: WorkspaceId, keys: &[KeyBytes]) -> Result<Vec<(KeyBytes, ContactId)>> {
    let before = Sql::new(
        "SELECT g.key, g.contact_id FROM group_key g JOIN contact c ON c.id = g.contact_id \
         WHERE c.merged_into IS NULL AND c.deleted_at IS NULL AND g.workspace_id = ",
    )
    .arg(workspace.0)
    .push(" AND g.key IN ");
    let rows: Vec<(Vec<u8>, i64)> =
        tx.among(before, keys.iter().map(Arg::from).collect(), " ORDER BY g.contact_id").await?;
    Ok(rows.into_iter().filter_map(|(key, id)| Some((key.try_into().ok()?, ContactId(id)))).collect())
}

/// Gives contacts the keys that they have now, and only those.
///
/// # Errors
/// As the database says.
pub async fn replace(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contacts: &[ContactId],
    keys: &[(KeyBytes, ContactId)],
) -> Result<()> {
    for chunk in contacts.chunks(1_000) {
        tx.execute(
            Sql::new("DELETE FROM group_key WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND contact_id IN ")
                .list(chunk.iter().map(|id| id.0)),
        )
        .await?;
    }
    let rows = keys.iter().map(|(key, id)| vec![Arg::from(workspace.0), key.into(), id.0.into()]).collect();
    tx.insert("INSERT INTO group_key (workspace_id, key, contact_id)", rows, " ON CONFLICT DO NOTHING").await?;
    Ok(())
}

/// The keys of some contacts; for checks.
///
/// # Errors
/// As the database says.
pub async fn of(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<(KeyBytes, ContactId)>> {
    let before = Sql::new("SELECT key, contact_id FROM group_key WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND contact_id IN ");
    let rows: Vec<(Vec<u8>, i64)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
    Ok(rows.into_iter().filter_map(|(key, id)| Some((key.try_into().ok()?, ContactId(id)))).collect())
}
