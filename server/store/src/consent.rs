//! Who must not be contacted, and who was deleted: by identifier, so that both outlive the contact.

use std::collections::HashSet;

use domain::ids::{CampaignId, ChangeId, WorkspaceId};

use crate::identities::KeyBytes;
use crate::{Arg, Result, Sql, Tx};

/// Which of these identifiers are suppressed.
///
/// # Errors
/// As the database says.
pub async fn suppressed(tx: &mut Tx, workspace: WorkspaceId, keys: &[KeyBytes]) -> Result<HashSet<KeyBytes>> {
    let before = Sql::new("SELECT key FROM suppression WHERE workspace_id = ").arg(workspace.0).push(" AND key IN ");
    let rows: Vec<(Vec<u8>,)> = tx.among(before, keys.iter().map(Arg::from).collect(), "").await?;
    Ok(rows.into_iter().filter_map(|(key,)| key.try_into().ok()).collect())
}

/// Why identifiers are suppressed, oldest first: the origin, and since when.
///
/// # Errors
/// As the database says.
pub async fn reasons(tx: &mut Tx, workspace: WorkspaceId, keys: &[KeyBytes]) -> Result<Vec<(String, i64)>> {
    let before = Sql::new("SELECT origin, min(created_at) FROM suppression WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND key IN ");
    let keys = keys.iter().map(Arg::from).collect();
    tx.among(before, keys, " GROUP BY origin ORDER BY 2, 1").await
}

/// The origin of a suppression that stands only because a merge says whose the identifier is.
pub const MERGED: &str = "merge";

/// Suppresses identifiers. There is no opposite on purpose (R8): only what stands because of a merge alone goes when
/// the merge does, and stays as soon as anyone gives another reason.
///
/// # Errors
/// As the database says.
pub async fn suppress(tx: &mut Tx, workspace: WorkspaceId, keys: &[KeyBytes], origin: &str, now: i64) -> Result<()> {
    // each once: PostgreSQL does not touch a row twice in one statement
    let keys: std::collections::BTreeSet<&KeyBytes> = keys.iter().collect();
    let rows = keys.into_iter().map(|k| vec![Arg::from(workspace.0), k.into(), origin.into(), now.into()]).collect();
    tx.insert(
        "INSERT INTO suppression (workspace_id, key, origin, created_at)",
        rows,
        " ON CONFLICT (workspace_id, key) DO UPDATE SET origin = excluded.origin, created_at = excluded.created_at \
         WHERE suppression.origin = 'merge' AND excluded.origin <> 'merge'",
    )
    .await?;
    Ok(())
}

/// Takes back suppressions that stand because of a merge alone.
///
/// # Errors
/// As the database says.
pub async fn take_back_merged(tx: &mut Tx, workspace: WorkspaceId, keys: &[KeyBytes]) -> Result<()> {
    for chunk in keys.chunks(1_000) {
        tx.execute(
            Sql::new("DELETE FROM suppression WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND origin = ")
                .arg(MERGED)
                .push(" AND key IN ")
                .list(chunk),
        )
        .await?;
    }
    Ok(())
}

/// Why and since when these identifiers are suppressed, as far as they are.
///
/// # Errors
/// As the database says.
pub async fn origins(tx: &mut Tx, workspace: WorkspaceId, keys: &[KeyBytes]) -> Result<Vec<(KeyBytes, String, i64)>> {
    let before = Sql::new("SELECT key, origin, created_at FROM suppression WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND key IN ");
    let rows: Vec<(Vec<u8>, String, i64)> = tx.among(before, keys.iter().map(Arg::from).collect(), "").await?;
    Ok(rows.into_iter().filter_map(|(key, origin, at)| Some((key.try_into().ok()?, origin, at))).collect())
}

/// Which of these identifiers were deleted from the whole workspace, or from this campaign.
///
/// # Errors
/// As the database says.
pub async fn deleted(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: Option<CampaignId>,
    keys: &[KeyBytes],
) -> Result<HashSet<KeyBytes>> {
    let before = Sql::new("SELECT key FROM tombstone WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND campaign_id IN ")
        .list([0, campaign.map_or(0, |c| c.0)])
        .push(" AND key IN ");
    let rows: Vec<(Vec<u8>,)> = tx.among(before, keys.iter().map(Arg::from).collect(), "").await?;
    Ok(rows.into_iter().filter_map(|(key,)| key.try_into().ok()).collect())
}

/// Leaves tombstones (R9). Where an earlier deletion left one, that stays: taking the later deletion back does not let the
/// person in again.
///
/// # Errors
/// As the database says.
pub async fn bury(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    keys: &[KeyBytes],
    change: ChangeId,
    now: i64,
) -> Result<()> {
    // each once, and in one order: people share addresses, and two who delete at once must not wait in a circle
    let keys: std::collections::BTreeSet<&KeyBytes> = keys.iter().collect();
    let rows = keys
        .into_iter()
        .map(|k| vec![Arg::from(workspace.0), k.into(), campaign.0.into(), change.0.into(), now.into()])
        .collect();
    tx.insert(
        "INSERT INTO tombstone (workspace_id, key, campaign_id, change_id, created_at)",
        rows,
        " ON CONFLICT (workspace_id, key, campaign_id) DO NOTHING",
    )
    .await?;
    Ok(())
}

/// Takes the tombstones of a deletion back.
///
/// # Errors
/// As the database says.
pub async fn unbury(tx: &mut Tx, workspace: WorkspaceId, change: ChangeId) -> Result<()> {
    tx.execute(
        Sql::new("DELETE FROM tombstone WHERE workspace_id = $1 AND change_id = $2").bind(workspace.0).bind(change.0),
    )
    .await?;
    Ok(())
}

/// A tombstone as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tombstone {
    /// The identifier.
    pub key: KeyBytes,
    /// The campaign it was deleted from; 0 is the whole workspace.
    pub campaign: i64,
    /// The act that deleted it.
    pub change: i64,
    /// When.
    pub at: i64,
}

/// Lets people in again who were deleted, because someone asked for it. Says which tombstones that lifted, so that they
/// can come back.
///
/// # Errors
/// As the database says.
pub async fn allow_again(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: Option<CampaignId>,
    keys: &[KeyBytes],
) -> Result<Vec<Tombstone>> {
    let before = Sql::new("DELETE FROM tombstone WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND campaign_id IN ")
        .list([0, campaign.map_or(0, |c| c.0)])
        .push(" AND key IN ");
    let rows: Vec<(Vec<u8>, i64, i64, i64)> = tx
        .among(before, keys.iter().map(Arg::from).collect(), " RETURNING key, campaign_id, change_id, created_at")
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(key, campaign, change, at)| Some(Tombstone { key: key.try_into().ok()?, campaign, change, at }))
        .collect())
}

/// Puts lifted tombstones back, but for those whose deletion was itself taken back meanwhile.
///
/// # Errors
/// As the database says.
pub async fn put_back(tx: &mut Tx, workspace: WorkspaceId, tombstones: &[Tombstone]) -> Result<()> {
    let mut undone = HashSet::new();
    for (sql, whole) in [
        ("SELECT id FROM bulk_change WHERE undone_at IS NOT NULL AND workspace_id = ", false),
        ("SELECT id FROM contact_change WHERE undone_at IS NOT NULL AND workspace_id = ", true),
    ] {
        let mut ids: Vec<i64> = tombstones.iter().filter(|t| (t.campaign == 0) == whole).map(|t| t.change).collect();
        ids.sort_unstable();
        ids.dedup();
        let before = Sql::new(sql).arg(workspace.0).push(" AND id IN ");
        let rows: Vec<(i64,)> = tx.among(before, ids.into_iter().map(Arg::from).collect(), "").await?;
        undone.extend(rows.into_iter().map(|(id,)| (whole, id)));
    }
    let rows = tombstones
        .iter()
        .filter(|t| !undone.contains(&(t.campaign == 0, t.change)))
        .map(|t| vec![Arg::from(workspace.0), (&t.key).into(), t.campaign.into(), t.change.into(), t.at.into()])
        .collect();
    tx.insert(
        "INSERT INTO tombstone (workspace_id, key, campaign_id, change_id, created_at)",
        rows,
        " ON CONFLICT DO NOTHING",
    )
    .await?;
    Ok(())
}
