//! Pairs of contacts that may be one person.

use domain::ids::{ContactId, ImportId, WorkspaceId};

use crate::{Arg, Result, Sql, Tx};

/// Notes pairs, each with the smaller id first; a pair that is there stays as it was decided.
///
/// # Errors
/// As the database says.
pub async fn add(
    tx: &mut Tx,
    workspace: WorkspaceId,
    pairs: &[(ContactId, ContactId)],
    reason: &str,
    import: Option<ImportId>,
    now: i64,
) -> Result<()> {
    let rows = pairs
        .iter()
        .map(|(first, second)| {
            vec![
                Arg::from(workspace.0),
                first.0.into(),
                second.0.into(),
                "open".into(),
                reason.into(),
                import.map(|i| i.0).into(),
                now.into(),
            ]
        })
        .collect();
    tx.insert(
        "INSERT INTO suspect (workspace_id, first_contact_id, second_contact_id, state, reason, import_id, created_at)",
        rows,
        " ON CONFLICT DO NOTHING",
    )
    .await?;
    Ok(())
}

/// The open pairs of a workspace.
///
/// # Errors
/// As the database says.
pub async fn open(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(ContactId, ContactId)>> {
    let rows: Vec<(i64, i64)> = tx
        .all(
            Sql::new(
                "SELECT first_contact_id, second_contact_id FROM suspect WHERE state = 'open' AND workspace_id = ",
            )
            .arg(workspace.0)
            .push(" ORDER BY first_contact_id, second_contact_id"),
        )
        .await?;
    Ok(rows.into_iter().map(|(a, b)| (ContactId(a), ContactId(b))).collect())
}

/// Asks for contacts to be compared with the others, because they are new or changed; in the transaction that changes
/// them.
///
/// # Errors
/// As the database says.
pub async fn want_matching(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    let rows = ids.iter().map(|id| vec![Arg::from(workspace.0), id.0.into()]).collect();
    tx.insert("INSERT INTO contact_to_match (workspace_id, contact_id)", rows, " ON CONFLICT DO NOTHING").await?;
    Ok(())
}

/// Drops the open pairs that an import brought, because the import is taken back; says whom they were of.
///
/// # Errors
/// As the database says.
pub async fn remove_of_import(tx: &mut Tx, workspace: WorkspaceId, import: ImportId) -> Result<Vec<ContactId>> {
    let rows: Vec<(i64, i64)> = tx
        .all(
            Sql::new("DELETE FROM suspect WHERE state = 'open' AND workspace_id = ")
                .arg(workspace.0)
                .push(" AND import_id = ")
                .arg(import.0)
                .push(" RETURNING first_contact_id, second_contact_id"),
        )
        .await?;
    let mut ids: Vec<ContactId> = rows.into_iter().flat_map(|(a, b)| [ContactId(a), ContactId(b)]).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}
