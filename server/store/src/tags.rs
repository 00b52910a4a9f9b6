//! Tags: free labels on contacts.

use std::collections::HashMap;

use domain::ids::{ContactId, ImportId, WorkspaceId};

use crate::{Arg, Result, Sql, Store, Tx};

/// A tag, with the folded name by which it is one tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// The tags of these names, made where they are not there; `names` are (name, folded name).
///
/// # Errors
/// As the database says.
pub async fn ensure(store: &Store, workspace: WorkspaceId, names: &[(String, String)]) -> Result<HashMap<String, i64>> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let first = store.reserve("tag", i64::try_from(names.len()).unwrap_or(i64::MAX)).await?;
    let mut tx = store.write().await?;
    let rows = names
        .iter()
        .zip(first..)
        .map(|((name, key), id)| vec![Arg::from(id), workspace.0.into(), name.as_str().into(), key.as_str().into()])
        .collect();
    tx.insert("INSERT INTO tag (id, workspace_id, name, name_key)", rows, " ON CONFLICT DO NOTHING").await?;
    let before =
        Sql::new("SELECT name_key, id FROM tag WHERE workspace_id = ").arg(workspace.0).push(" AND name_key IN ");
    let rows: Vec<(String, i64)> =
        tx.among(before, names.iter().map(|(_, key)| key.as_str().into()).collect(), "").await?;
    tx.commit().await?;
    Ok(rows.into_iter().collect())
}

/// The tags of some contacts, each list in the order of the names.
///
/// # Errors
/// As the database says.
pub async fn of_contacts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<HashMap<ContactId, Vec<String>>> {
    let before = Sql::new(
        "SELECT ct.contact_id, t.name FROM contact_tag ct JOIN tag t ON t.id = ct.tag_id WHERE ct.workspace_id = ",
    )
    .arg(workspace.0)
    .push(" AND ct.contact_id IN ");
    let rows: Vec<(i64, String)> =
        tx.among(before, ids.iter().map(|id| id.0.into()).collect(), " ORDER BY t.name_key").await?;
    let mut out: HashMap<ContactId, Vec<String>> = HashMap::new();
    for (id, name) in rows {
        out.entry(ContactId(id)).or_default().push(name);
    }
    Ok(out)
}

/// The names of every tag of a workspace, at most 500.
///
/// # Errors
/// As the database says.
pub async fn names(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = tx
        .all(
            Sql::new("SELECT name FROM tag WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" ORDER BY name_key LIMIT 500"),
        )
        .await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// The name of a tag; empty when it is gone.
///
/// # Errors
/// As the database says.
pub async fn name(tx: &mut Tx, workspace: WorkspaceId, tag: i64) -> Result<String> {
    let row: Option<(String,)> = tx
        .optional(Sql::new("SELECT name FROM tag WHERE workspace_id = $1 AND id = $2").bind(workspace.0).bind(tag))
        .await?;
    Ok(row.map(|(name,)| name).unwrap_or_default())
}

/// The names of some tags, as far as they are there.
///
/// # Errors
/// As the database says.
pub async fn names_of(tx: &mut Tx, workspace: WorkspaceId, tags: &[i64]) -> Result<HashMap<i64, String>> {
    let before = Sql::new("SELECT id, name FROM tag WHERE workspace_id = ").arg(workspace.0).push(" AND id IN ");
    let rows: Vec<(i64, String)> = tx.among(before, tags.iter().map(|tag| (*tag).into()).collect(), "").await?;
    Ok(rows.into_iter().collect())
}

/// Tags contacts; those that have the tag keep it. `import` is what put it on, so that undoing it takes just those off.
///
/// # Errors
/// As the database says.
pub async fn add(
    tx: &mut Tx,
    workspace: WorkspaceId,
    pairs: &[(ContactId, i64)],
    import: Option<ImportId>,
) -> Result<u64> {
    let import = import.map(|i| i.0);
    let rows =
        pairs.iter().map(|(c, t)| vec![Arg::from(workspace.0), c.0.into(), (*t).into(), import.into()]).collect();
    let insert = "INSERT INTO contact_tag (workspace_id, contact_id, tag_id, import_id)";
    tx.insert(insert, rows, " ON CONFLICT DO NOTHING").await
}

/// Which of these contacts have the tag.
///
/// # Errors
/// As the database says.
pub async fn having(tx: &mut Tx, workspace: WorkspaceId, tag: i64, ids: &[ContactId]) -> Result<Vec<ContactId>> {
    let before = Sql::new("SELECT contact_id FROM contact_tag WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND tag_id = ")
        .arg(tag)
        .push(" AND contact_id IN ");
    let rows: Vec<(i64,)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}

/// Which of these contacts have the tag, in order, and the import that put it on.
///
/// # Errors
/// As the database says.
pub async fn put_on(
    tx: &mut Tx,
    workspace: WorkspaceId,
    tag: i64,
    ids: &[ContactId],
) -> Result<Vec<(ContactId, Option<ImportId>)>> {
    let before = Sql::new("SELECT contact_id, import_id FROM contact_tag WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND tag_id = ")
        .arg(tag)
        .push(" AND contact_id IN ");
    let mut rows: Vec<(i64, Option<i64>)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
    rows.sort_unstable();
    Ok(rows.into_iter().map(|(id, import)| (ContactId(id), import.map(ImportId))).collect())
}

/// Takes a tag from contacts.
///
/// # Errors
/// As the database says.
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, tag: i64, ids: &[ContactId]) -> Result<u64> {
    let mut removed = 0;
    for chunk in ids.chunks(1_000) {
        removed += tx
            .execute(
                Sql::new("DELETE FROM contact_tag WHERE workspace_id = ")
                    .arg(workspace.0)
                    .push(" AND tag_id = ")
                    .arg(tag)
                    .push(" AND contact_id IN ")
                    .list(chunk.iter().map(|id| id.0)),
            )
            .await?;
    }
    Ok(removed)
}
