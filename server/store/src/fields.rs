//! The team's own fields of a person.

use domain::ids::{FieldId, WorkspaceId};
use domain::{CustomField, UnknownWord};

use crate::{Arg, Error, Result, Sql, Tx};

/// Every field of a workspace, oldest first.
///
/// # Errors
/// As the database says.
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<CustomField>> {
    let rows: Vec<(i64, String, String, String)> = tx
        .all(
            Sql::new("SELECT id, name, kind, options FROM field WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" ORDER BY id"),
        )
        .await?;
    rows.into_iter()
        .map(|(id, name, kind, options)| {
            Ok(CustomField {
                id: FieldId(id),
                name,
                kind: kind.parse().map_err(|_: UnknownWord| Error::Unreadable("field.kind"))?,
                options: serde_json::from_str(&options).map_err(|_| Error::Unreadable("field.options"))?,
            })
        })
        .collect()
}

/// Adds a field; `name_key` is its folded name, by which it is one field.
///
/// # Errors
/// `Error::Conflict` when the workspace has a field of this name.
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, field: &CustomField, name_key: &str, now: i64) -> Result<()> {
    let row = [
        Arg::from(field.id.0),
        workspace.0.into(),
        field.name.as_str().into(),
        name_key.into(),
        field.kind.word().into(),
        options(field)?.into(),
        now.into(),
        now.into(),
    ];
    tx.execute(
        Sql::new("INSERT INTO field (id, workspace_id, name, name_key, kind, options, created_at, updated_at) VALUES ")
            .list(row),
    )
    .await?;
    Ok(())
}

/// Gives a field another name and other options; its type stays, for there are values of it. Says whether there is one.
///
/// # Errors
/// `Error::Conflict` when the workspace has another field of this name.
pub async fn update(
    tx: &mut Tx,
    workspace: WorkspaceId,
    field: &CustomField,
    name_key: &str,
    now: i64,
) -> Result<bool> {
    let touched = tx
        .execute(
            Sql::new(
                "UPDATE field SET name = $1, name_key = $2, options = $3, updated_at = $4 \
                 WHERE workspace_id = $5 AND id = $6",
            )
            .bind(field.name.as_str())
            .bind(name_key)
            .bind(options(field)?)
            .bind(now)
            .bind(workspace.0)
            .bind(field.id.0),
        )
        .await?;
    Ok(touched == 1)
}

fn options(field: &CustomField) -> Result<String> {
    serde_json::to_string(&field.options).map_err(|_| Error::Unreadable("field.options"))
}
