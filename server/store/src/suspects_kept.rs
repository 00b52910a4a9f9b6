//! Pairs that come and go with their contacts: noted by an edit, taken off with a deletion, put back with its undo.

use domain::ids::{ContactId, WorkspaceId};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::{Arg, Result, Sql, Tx, to_match};

/// Notes a pair that no import has found, the smaller id first; one that is there, or that someone separated, stays as
/// it was decided. It is listed at once, and waits to be scored.
///
/// # Errors
/// As the database says.
pub async fn note(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (first, second): (ContactId, ContactId),
    reason: &str,
    now: i64,
) -> Result<()> {
    let (first, second) = (first.min(second), first.max(second));
    tx.execute(
        Sql::new(
            "INSERT INTO suspect (workspace_id, first_contact_id, second_contact_id, state, reason, cluster_id, \
             created_at, updated_at) SELECT c.workspace_id, c.id, $3, 'open', $4, c.id, $5, $5 FROM contact c \
             WHERE c.workspace_id = $1 AND c.id = $2 AND NOT EXISTS (SELECT 1 FROM separated_pair s \
             WHERE s.workspace_id = $1 AND s.first_contact_id = $2 AND s.second_contact_id = $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind(workspace.0)
        .bind(first.0)
        .bind(second.0)
        .bind(reason)
        .bind(now),
    )
    .await?;
    to_match::ask(tx, workspace, &[first, second]).await
}

/// A pair as it is stored: what a deletion keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct Kept {
    /// The contact with the smaller id.
    pub first_contact_id: i64,
    /// The other one.
    pub second_contact_id: i64,
    /// Why they are a pair.
    pub reason: String,
    /// The import that found them.
    pub import_id: Option<i64>,
    /// When they were found.
    pub created_at: i64,
    /// How sure it is.
    pub band: String,
    /// Its weight in thousandths of a bit.
    pub weight: i64,
    /// Its probability in millionths.
    pub probability: i64,
    /// Its parts, as JSON.
    pub parts: String,
    /// The smallest contact id of its cluster.
    pub cluster_id: i64,
}

const KEPT: &str = " RETURNING first_contact_id, second_contact_id, reason, import_id, created_at, band, weight, \
    probability, parts, cluster_id";

/// Takes the open pairs of some contacts off the list, because they are deleted, and says what they were. The contacts
/// wait for their keys to go, and whoever was suspected to be one of them for a look at who is left.
///
/// # Errors
/// As the database says.
pub async fn take_off(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for chunk in ids.chunks(1_000) {
        for side in [" AND first_contact_id IN ", " AND second_contact_id IN "] {
            let sql = Sql::new("DELETE FROM suspect WHERE state = 'open' AND workspace_id = ").arg(workspace.0);
            kept.extend(tx.all::<Kept>(sql.push(side).list(chunk.iter().map(|id| id.0)).push(KEPT)).await?);
        }
    }
    let mut wait = ids.to_vec();
    wait.extend(kept.iter().flat_map(|pair| [ContactId(pair.first_contact_id), ContactId(pair.second_contact_id)]));
    to_match::ask(tx, workspace, &wait).await?;
    Ok(kept)
}

/// Puts pairs back on the list, unless they are there again.
///
/// # Errors
/// As the database says.
pub async fn put_back(tx: &mut Tx, workspace: WorkspaceId, pairs: &[Kept], now: i64) -> Result<()> {
    let rows = pairs
        .iter()
        .map(|p| {
            vec![
                Arg::from(workspace.0),
                p.first_contact_id.into(),
                p.second_contact_id.into(),
                "open".into(),
                p.reason.as_str().into(),
                p.import_id.into(),
                p.created_at.into(),
                p.band.as_str().into(),
                p.weight.into(),
                p.probability.into(),
                p.parts.as_str().into(),
                p.cluster_id.into(),
                now.into(),
            ]
        })
        .collect();
    tx.insert(
        "INSERT INTO suspect (workspace_id, first_contact_id, second_contact_id, state, reason, import_id, created_at, \
         band, weight, probability, parts, cluster_id, updated_at)",
        rows,
        " ON CONFLICT DO NOTHING",
    )
    .await?;
    Ok(())
}
