//! The team's own fields, and which contacts have a value in them.

use domain::ids::{ContactId, FieldId, WorkspaceId};
use domain::{CustomField, FieldKind};

use crate::{Arg, Error, Result, Sql, Tx};

/// How many fields a workspace may have: each is a column that someone has to look through.
pub const MOST: usize = 200;

type Row = (i64, String, String, String);

const FIELD: &str = "SELECT id, name, kind, options FROM field WHERE workspace_id = ";

fn field((id, name, kind, options): Row) -> Result<CustomField> {
    Ok(CustomField {
        id: FieldId(id),
        name,
        kind: kind.parse::<FieldKind>().map_err(|_| Error::Unreadable("field.kind"))?,
        options: serde_json::from_str(&options).map_err(|_| Error::Unreadable("field.options"))?,
    })
}

fn options(field: &CustomField) -> Result<Arg> {
    Ok(Arg::from(serde_json::to_string(&field.options).map_err(|_| Error::Unreadable("field.options"))?))
}

/// The fields of a workspace, oldest first.
///
/// # Errors
/// As the database says.
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<CustomField>> {
    let sql = Sql::new(FIELD).arg(workspace.0).push(" AND removed_at IS NULL ORDER BY id");
    tx.all::<Row>(sql).await?.into_iter().map(field).collect()
}

/// The fields that were removed and can come back, with the moment, newest first.
///
/// # Errors
/// As the database says.
pub async fn removed(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(CustomField, i64)>> {
    let rows: Vec<(i64, String, String, String, i64)> = tx
        .all(
            Sql::new("SELECT id, name, kind, options, removed_at FROM field WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND removed_at IS NOT NULL ORDER BY removed_at DESC, id DESC"),
        )
        .await?;
    rows.into_iter().map(|(id, name, kind, options, at)| Ok((field((id, name, kind, options))?, at))).collect()
}

/// Adds a field.
///
/// # Errors
/// `Error::Conflict` when another field has the name.
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, field: &CustomField, name_key: &str, now: i64) -> Result<()> {
    let row = [
        Arg::from(field.id.0),
        workspace.0.into(),
        field.name.as_str().into(),
        name_key.into(),
        field.kind.word().into(),
        options(field)?,
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

/// Writes the name and the options of a field; its kind stays, because its values are of that kind. Says whether there
/// is such a field.
///
/// # Errors
/// `Error::Conflict` when another field has the name.
pub async fn update(
    tx: &mut Tx,
    workspace: WorkspaceId,
    field: &CustomField,
    name_key: &str,
    now: i64,
) -> Result<bool> {
    let values = [Arg::from(field.name.as_str()), name_key.into(), options(field)?, now.into()];
    let sql = Sql::new("UPDATE field SET (name, name_key, options, updated_at) = ").list(values);
    let sql = sql.push(" WHERE workspace_id = ").arg(workspace.0).push(" AND id = ").arg(field.id.0);
    Ok(tx.execute(sql).await? > 0)
}

/// Removes a field, or brings it back. A removed one gives its name away: `name_key` is then one that no field has.
///
/// # Errors
/// `Error::Conflict` when another field has the name by now.
pub async fn set_removed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: FieldId,
    at: Option<i64>,
    name_key: &str,
) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE field SET removed_at = ")
            .arg(at)
            .push(", name_key = ")
            .arg(name_key)
            .push(" WHERE workspace_id = ")
            .arg(workspace.0)
            .push(" AND id = ")
            .arg(id.0),
    )
    .await?;
    Ok(())
}

/// What a contact's custom values look like, as JSON, when they hold this field: its id in quotes cannot stand anywhere
/// else, because a quote inside of a value is escaped.
fn held(id: FieldId) -> String {
    format!("%\"{}\":%", id.to_string().replace('_', "\\_"))
}

/// How many live contacts have a value in a field. It reads every contact: only for someone who is about to remove it.
///
/// # Errors
/// As the database says.
pub async fn people(tx: &mut Tx, workspace: WorkspaceId, id: FieldId) -> Result<u64> {
    let (n,): (i64,) = tx
        .one(
            Sql::new(
                "SELECT count(*) FROM contact WHERE merged_into IS NULL AND deleted_at IS NULL AND workspace_id = ",
            )
            .arg(workspace.0)
            .push(" AND custom LIKE ")
            .arg(held(id))
            .push(" ESCAPE '\\'"),
        )
        .await?;
    Ok(n.cast_unsigned())
}

/// Contacts of any state, after an id, that have a value in a field: the id and the values.
///
/// # Errors
/// As the database says.
pub async fn having(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: FieldId,
    after: ContactId,
    limit: i64,
) -> Result<Vec<(ContactId, String)>> {
    let rows: Vec<(i64, String)> = tx
        .all(
            Sql::new("SELECT id, custom FROM contact WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND id > ")
                .arg(after.0)
                .push(" AND custom LIKE ")
                .arg(held(id))
                .push(" ESCAPE '\\' ORDER BY id LIMIT ")
                .arg(limit),
        )
        .await?;
    Ok(rows.into_iter().map(|(id, custom)| (ContactId(id), custom)).collect())
}

/// Writes the custom values of contacts, and nothing else of them.
///
/// # Errors
/// As the database says.
pub async fn write_values(tx: &mut Tx, workspace: WorkspaceId, values: Vec<(ContactId, String)>) -> Result<()> {
    for (id, custom) in values {
        tx.execute(
            Sql::new("UPDATE contact SET custom = $1 WHERE workspace_id = $2 AND id = $3")
                .bind(custom)
                .bind(workspace.0)
                .bind(id.0),
        )
        .await?;
    }
    Ok(())
}

/// Fields that were removed before a moment, in any workspace.
///
/// # Errors
/// As the database says.
pub async fn removed_before(tx: &mut Tx, before: i64) -> Result<Vec<(WorkspaceId, FieldId)>> {
    let rows: Vec<(i64, i64)> = tx
        .all(Sql::new("SELECT workspace_id, id FROM field WHERE removed_at < ").arg(before).push(" ORDER BY id"))
        .await?;
    Ok(rows.into_iter().map(|(workspace, id)| (WorkspaceId(workspace), FieldId(id))).collect())
}

/// Forgets a field that no contact has a value in any more.
///
/// # Errors
/// As the database says.
pub async fn forget(tx: &mut Tx, workspace: WorkspaceId, id: FieldId) -> Result<()> {
    tx.execute(Sql::new("DELETE FROM field WHERE workspace_id = $1 AND id = $2").bind(workspace.0).bind(id.0)).await?;
    Ok(())
}
