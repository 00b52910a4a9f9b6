//! Contacts that are new or changed and wait to be compared.

use domain::ids::{ContactId, WorkspaceId};

use crate::{Arg, Result, Sql, Tx};

/// Asks for contacts to be compared; those that wait already go on waiting.
///
/// # Errors
/// As the database says.
pub async fn ask(tx: &mut Tx, workspace: WorkspaceId, contacts: &[ContactId]) -> Result<()> {
    let rows = contacts.iter().map(|id| vec![Arg::from(workspace.0), id.0.into()]).collect();
    tx.insert("INSERT INTO contact_to_match (workspace_id, contact_id)", rows, " ON CONFLICT DO NOTHING").await?;
    Ok(())
}

/// Nobody needs to compare these any more: they are no contacts of their own.
///
/// # Errors
/// As the database says.
pub async fn drop(tx: &mut Tx, workspace: WorkspaceId, contacts: &[ContactId]) -> Result<()> {
    for chunk in contacts.chunks(1_000) {
        tx.execute(
            Sql::new("DELETE FROM contact_to_match WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND contact_id IN ")
                .list(chunk.iter().map(|id| id.0)),
        )
        .await?;
    }
    Ok(())
}
