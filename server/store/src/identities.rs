//! Which contact an identifier belongs to: the one look-up by identifier, and the lock on people (design: writing
//! safely).

use std::collections::HashMap;

use domain::ids::{ContactId, WorkspaceId};

use crate::{Arg, Result, Sql, Tx};

/// The 16 bytes of a canonical identifier.
pub type KeyBytes = [u8; 16];

/// Who owns these identifiers, without locking anyone; for looking, never for deciding what to write.
///
/// # Errors
/// As the database says.
pub async fn owners(tx: &mut Tx, workspace: WorkspaceId, keys: &[KeyBytes]) -> Result<HashMap<KeyBytes, ContactId>> {
    let before =
        Sql::new("SELECT key, contact_id FROM identity WHERE workspace_id = ").arg(workspace.0).push(" AND key IN ");
    let rows: Vec<(Vec<u8>, i64)> = tx.among(before, keys.iter().map(Arg::from).collect(), "").await?;
    Ok(rows.into_iter().filter_map(|(key, id)| Some((key.try_into().ok()?, ContactId(id)))).collect())
}

/// Locks the people behind these identifiers until commit, and says who owns each now. An identifier that nobody owns
/// is claimed for the candidate given with it; what is not kept by then must be given back with `settle`.
///
/// `candidates` must be sorted by key: everyone locks in one order, so that two batches never wait for each other in a
/// circle.
///
/// # Errors
/// As the database says.
pub async fn claim(
    tx: &mut Tx,
    workspace: WorkspaceId,
    candidates: &[(KeyBytes, ContactId)],
) -> Result<HashMap<KeyBytes, ContactId>> {
    debug_assert!(candidates.is_sorted_by(|a, b| a.0 < b.0));
    let rows = candidates.iter().map(|(key, id)| vec![Arg::from(workspace.0), key.into(), id.0.into()]).collect();
    let tail = tx.dialect().lock_existing_identity();
    tx.insert("INSERT INTO identity (workspace_id, key, contact_id)", rows, tail).await?;
    owners(tx, workspace, &candidates.iter().map(|(key, _)| *key).collect::<Vec<_>>()).await
}

/// Gives claimed identifiers to their final owner, or back.
///
/// # Errors
/// As the database says.
pub async fn settle(tx: &mut Tx, workspace: WorkspaceId, owners: &[(KeyBytes, Option<ContactId>)]) -> Result<()> {
    let given = owners.iter().filter_map(|(key, owner)| Some(vec![Arg::from(key), (*owner)?.0.into()])).collect();
    let after = (" AS v WHERE identity.key = v.column1 AND identity.workspace_id = ", Arg::from(workspace.0));
    tx.update_from(Sql::new("UPDATE identity SET contact_id = v.column2"), given, after).await?;
    let back: Vec<KeyBytes> = owners.iter().filter(|(_, owner)| owner.is_none()).map(|(key, _)| *key).collect();
    for chunk in back.chunks(1_000) {
        tx.execute(
            Sql::new("DELETE FROM identity WHERE workspace_id = ").arg(workspace.0).push(" AND key IN ").list(chunk),
        )
        .await?;
    }
    Ok(())
}
