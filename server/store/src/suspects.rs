//! Pairs of contacts that may be one person.

use domain::ids::{ContactId, ImportId, WorkspaceId};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

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

/// Notes a pair that no import has found, the smaller id first; one that is there, or that someone separated, stays as
/// it was decided.
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
            "INSERT INTO suspect (workspace_id, first_contact_id, second_contact_id, state, reason, created_at, \
             updated_at) SELECT c.workspace_id, c.id, $3, 'open', $4, $5, $5 FROM contact c \
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
    Ok(())
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

/// Takes the open pairs of some contacts off the list, and says what they were.
///
/// # Errors
/// As the database says.
pub async fn take_off(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for chunk in ids.chunks(1_000) {
        for side in [" AND first_contact_id IN ", " AND second_contact_id IN "] {
            let sql = Sql::new("DELETE FROM suspect WHERE state = 'open' AND workspace_id = ").arg(workspace.0);
            kept.extend(tx.all(sql.push(side).list(chunk.iter().map(|id| id.0)).push(KEPT)).await?);
        }
    }
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
