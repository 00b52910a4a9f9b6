//! Pairs of contacts that may be one person, with their scores, and the names that many people have.

use domain::ids::{ContactId, ImportId, WorkspaceId};
use domain::suspect::Band;
use sqlx::FromRow;

use crate::{Arg, Result, Sql, Tx, merges, separated, to_match};

pub use crate::suspects_kept::{Kept, note, put_back, take_off};

/// Notes that one row of an import named two contacts; a pair that is there stays as it was decided.
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
                first.0.into(),
                now.into(),
            ]
        })
        .collect();
    tx.insert(
        "INSERT INTO suspect (workspace_id, first_contact_id, second_contact_id, state, reason, import_id, \
         cluster_id, created_at)",
        rows,
        " ON CONFLICT DO NOTHING",
    )
    .await?;
    Ok(())
}

/// The reason of pairs that the matcher found; others were named by a row of an import.
pub const SCORE: &str = "score";

/// A pair as it is stored.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Suspect {
    /// The contact with the smaller id.
    pub first_contact_id: i64,
    /// The other one.
    pub second_contact_id: i64,
    /// Why it is there: [`SCORE`], or what an import said.
    pub reason: String,
    /// The band's word.
    pub band: String,
    /// The match weight in thousandths of a bit.
    pub weight: i64,
    /// The probability in millionths.
    pub probability: i64,
    /// The evidence: JSON.
    pub parts: String,
    /// The smallest contact of the cluster; 0 where only the name speaks for the pair.
    pub cluster_id: i64,
}

const COLUMNS: &str =
    "s.first_contact_id, s.second_contact_id, s.reason, s.band, s.weight, s.probability, s.parts, s.cluster_id";

/// Writes the scores of pairs: new ones are open; one that is open is brought up to date; a decision stands.
///
/// # Errors
/// As the database says.
pub async fn put(tx: &mut Tx, workspace: WorkspaceId, pairs: Vec<Suspect>, now: i64) -> Result<()> {
    let rows = pairs
        .into_iter()
        .map(|p| {
            vec![
                Arg::from(workspace.0),
                p.first_contact_id.into(),
                p.second_contact_id.into(),
                "open".into(),
                p.reason.into(),
                p.band.into(),
                p.weight.into(),
                p.probability.into(),
                p.parts.into(),
                p.cluster_id.into(),
                now.into(),
                now.into(),
            ]
        })
        .collect();
    tx.insert(
        "INSERT INTO suspect (workspace_id, first_contact_id, second_contact_id, state, reason, band, weight, \
         probability, parts, cluster_id, created_at, updated_at)",
        rows,
        " ON CONFLICT (workspace_id, first_contact_id, second_contact_id) DO UPDATE SET band = excluded.band, \
         weight = excluded.weight, probability = excluded.probability, parts = excluded.parts, \
         cluster_id = excluded.cluster_id, updated_at = excluded.updated_at WHERE suspect.state = 'open'",
    )
    .await?;
    Ok(())
}

/// Asks again about pairs that were separated, because there is more evidence than there was then. What speaks for
/// such a pair now is written by [`put`] after it.
///
/// # Errors
/// As the database says.
pub async fn reopen(tx: &mut Tx, workspace: WorkspaceId, pairs: &[(ContactId, ContactId)], now: i64) -> Result<()> {
    for chunk in pairs.chunks(1_000) {
        tx.execute(
            Sql::new("UPDATE suspect SET state = 'open', updated_at = ")
                .arg(now)
                .push(", reason = CASE reason WHEN 'byHand' THEN 'score' ELSE reason END WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND state = 'separated' AND (first_contact_id, second_contact_id) IN (VALUES ")
                .rows(chunk.iter().map(|(a, b)| vec![Arg::from(a.0), b.0.into()]))
                .push(")"),
        )
        .await?;
    }
    Ok(())
}

/// Open pairs that a full scan, begun at `since`, did not find again. What an import said is none of them.
///
/// # Errors
/// As the database says.
pub async fn unseen(
    tx: &mut Tx,
    workspace: WorkspaceId,
    since: i64,
    limit: i64,
) -> Result<Vec<(ContactId, ContactId)>> {
    let rows: Vec<(i64, i64)> = tx
        .all(
            Sql::new("SELECT first_contact_id, second_contact_id FROM suspect WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND state = 'open' AND reason = ")
                .arg(SCORE)
                .push(" AND updated_at < ")
                .arg(since)
                .push(" ORDER BY first_contact_id, second_contact_id LIMIT ")
                .arg(limit),
        )
        .await?;
    Ok(rows.into_iter().map(|(a, b)| (ContactId(a), ContactId(b))).collect())
}

/// The open pairs that somebody said, such as an import, and no score.
///
/// # Errors
/// As the database says.
pub async fn said(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(ContactId, ContactId)>> {
    let rows: Vec<(i64, i64)> = tx
        .all(
            Sql::new("SELECT first_contact_id, second_contact_id FROM suspect WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND state = 'open' AND reason <> ")
                .arg(SCORE)
                .push(" ORDER BY first_contact_id, second_contact_id"),
        )
        .await?;
    Ok(rows.into_iter().map(|(a, b)| (ContactId(a), ContactId(b))).collect())
}

/// Removes those of some open pairs that a full scan, begun at `since`, still has not found again.
///
/// # Errors
/// As the database says.
pub async fn remove_unseen(
    tx: &mut Tx,
    workspace: WorkspaceId,
    pairs: &[(ContactId, ContactId)],
    since: i64,
) -> Result<()> {
    for chunk in pairs.chunks(1_000) {
        tx.execute(
            Sql::new("DELETE FROM suspect WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND state = 'open' AND reason = ")
                .arg(SCORE)
                .push(" AND updated_at < ")
                .arg(since)
                .push(" AND (first_contact_id, second_contact_id) IN (VALUES ")
                .rows(chunk.iter().map(|(a, b)| vec![Arg::from(a.0), b.0.into()]))
                .push(")"),
        )
        .await?;
    }
    Ok(())
}

/// Removes open pairs.
///
/// # Errors
/// As the database says.
pub async fn remove_open(tx: &mut Tx, workspace: WorkspaceId, pairs: &[(ContactId, ContactId)]) -> Result<()> {
    for chunk in pairs.chunks(1_000) {
        let list = chunk.iter().map(|(a, b)| vec![Arg::from(a.0), b.0.into()]);
        tx.execute(
            Sql::new("DELETE FROM suspect WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND state = 'open' AND (first_contact_id, second_contact_id) IN (VALUES ")
                .rows(list)
                .push(")"),
        )
        .await?;
    }
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

/// Open pairs after one, in the order of their contacts; for going through all of them.
///
/// # Errors
/// As the database says.
pub async fn after(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: (ContactId, ContactId),
    limit: i64,
) -> Result<Vec<Suspect>> {
    tx.all(
        Sql::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM suspect s WHERE s.workspace_id = ")
            .arg(workspace.0)
            .push(" AND s.state = 'open' AND (s.first_contact_id, s.second_contact_id) > ")
            .list([after.0.0, after.1.0])
            .push(" ORDER BY s.first_contact_id, s.second_contact_id LIMIT ")
            .arg(limit),
    )
    .await
}

/// The open pairs that some contacts are in.
///
/// # Errors
/// As the database says.
pub async fn of_contacts(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<Suspect>> {
    let mut found = Vec::new();
    for side in [" AND s.first_contact_id IN ", " AND s.second_contact_id IN "] {
        let before = Sql::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM suspect s WHERE s.workspace_id = ")
            .arg(workspace.0)
            .push(" AND s.state = 'open'")
            .push(side);
        let rows: Vec<Suspect> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
        found.extend(rows);
    }
    found.sort_by_key(|s| (s.first_contact_id, s.second_contact_id));
    found.dedup_by_key(|s| (s.first_contact_id, s.second_contact_id));
    Ok(found)
}

/// The open pairs of some clusters, the surest first.
///
/// # Errors
/// As the database says.
pub async fn of_clusters(tx: &mut Tx, workspace: WorkspaceId, clusters: &[ContactId]) -> Result<Vec<Suspect>> {
    let before = Sql::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM suspect s WHERE s.workspace_id = ")
        .arg(workspace.0)
        .push(" AND s.state = 'open' AND s.cluster_id IN ");
    let ids = clusters.iter().map(|id| id.0.into()).collect();
    tx.among(before, ids, " ORDER BY s.probability DESC, s.first_contact_id, s.second_contact_id").await
}

/// The band of a cluster is that of its weakest pair: 0 obvious, 1 review, 2 name.
const WEAKEST: &str = "MAX(CASE s.band WHEN 'obvious' THEN 0 WHEN 'review' THEN 1 ELSE 2 END)";

/// The band as `WEAKEST` counts it.
const fn rank(band: Band) -> i64 {
    match band {
        Band::Obvious => 0,
        Band::Review => 1,
        Band::Name => 2,
    }
}

/// Narrows to pairs one of whose contacts has all the words in its search column.
fn held(mut sql: Sql, words: &[String]) -> Sql {
    if !words.is_empty() {
        sql = sql
            .push(" AND EXISTS (SELECT 1 FROM contact c WHERE c.id IN (s.first_contact_id, s.second_contact_id)")
            .and_holds_all("c.search", words)
            .push(")");
    }
    sql
}

/// Clusters of a band, the surest first, after a place: each with its highest probability. In the band `name` every
/// pair is an entry of its own: see [`name_pairs`].
///
/// # Errors
/// As the database says.
pub async fn clusters(
    tx: &mut Tx,
    workspace: WorkspaceId,
    band: Band,
    words: &[String],
    after: Option<(i64, ContactId)>,
    limit: i64,
) -> Result<Vec<(i64, ContactId)>> {
    let sql = Sql::new("SELECT MAX(s.probability), s.cluster_id FROM suspect s WHERE s.workspace_id = ")
        .arg(workspace.0)
        .push(" AND s.state = 'open' AND s.cluster_id <> 0");
    let mut sql = held(sql, words).push(" GROUP BY s.cluster_id HAVING ").push(WEAKEST).push(" = ").arg(rank(band));
    if let Some((probability, cluster)) = after {
        sql = sql.push(" AND (-MAX(s.probability), s.cluster_id) > ").list([-probability, cluster.0]);
    }
    let sql = sql.push(" ORDER BY MAX(s.probability) DESC, s.cluster_id LIMIT ").arg(limit);
    let rows: Vec<(i64, i64)> = tx.all(sql).await?;
    Ok(rows.into_iter().map(|(probability, id)| (probability, ContactId(id))).collect())
}

/// Pairs for which only the name speaks, the surest first, after a place.
///
/// # Errors
/// As the database says.
pub async fn name_pairs(
    tx: &mut Tx,
    workspace: WorkspaceId,
    words: &[String],
    after: Option<(i64, ContactId, ContactId)>,
    limit: i64,
) -> Result<Vec<Suspect>> {
    let sql = Sql::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM suspect s WHERE s.workspace_id = ")
        .arg(workspace.0)
        .push(" AND s.state = 'open' AND s.band = 'name'");
    let mut sql = held(sql, words);
    if let Some((probability, first, second)) = after {
        sql = sql.push(" AND (-s.probability, s.first_contact_id, s.second_contact_id) > ").list([
            -probability,
            first.0,
            second.0,
        ]);
    }
    tx.all(sql.push(" ORDER BY s.probability DESC, s.first_contact_id, s.second_contact_id LIMIT ").arg(limit)).await
}

/// How many clusters of each rank (0 obvious, 1 review) and pairs of the band `name` are open.
///
/// # Errors
/// As the database says.
pub async fn count_open(tx: &mut Tx, workspace: WorkspaceId) -> Result<[u64; 3]> {
    let rows: Vec<(i64, i64)> = tx
        .all(
            Sql::new("SELECT entry.band, count(*) FROM (SELECT CAST(")
                .push(WEAKEST)
                .push(" AS BIGINT) AS band FROM suspect s WHERE s.workspace_id = ")
                .arg(workspace.0)
                .push(
                    " AND s.state = 'open' AND s.cluster_id <> 0 GROUP BY s.cluster_id) AS entry GROUP BY entry.band",
                ),
        )
        .await?;
    let (names,): (i64,) = tx
        .one(
            Sql::new("SELECT count(*) FROM suspect WHERE state = 'open' AND band = 'name' AND workspace_id = ")
                .arg(workspace.0),
        )
        .await?;
    let (namesakes,): (i64,) = tx
        .one(Sql::new("SELECT count(*) FROM namesake WHERE people > kept_apart AND workspace_id = ").arg(workspace.0))
        .await?;
    let of = |rank| rows.iter().find(|(r, _)| *r == rank).map_or(0, |(_, n)| n.cast_unsigned());
    Ok([of(0), of(1), (names + namesakes).cast_unsigned()])
}

/// The pairs that were separated among some contacts, with the weight they had then.
///
/// # Errors
/// As the database says.
pub async fn separated_among(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<(i64, i64, i64)>> {
    let before =
        Sql::new("SELECT first_contact_id, second_contact_id, weight FROM separated_pair WHERE workspace_id = ")
            .arg(workspace.0)
            .push(" AND first_contact_id IN ");
    let mut found: Vec<(i64, i64, i64)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
    let there: std::collections::HashSet<i64> = ids.iter().map(|id| id.0).collect();
    found.retain(|(_, second, _)| there.contains(second));
    found.sort_unstable();
    Ok(found)
}

/// How many pairs are kept apart, and how many merges stand, of those that are listed.
///
/// # Errors
/// As the database says.
pub async fn count_decided(tx: &mut Tx, workspace: WorkspaceId) -> Result<(u64, u64)> {
    Ok((separated::count(tx, workspace).await?, merges::count(tx, workspace).await?))
}

/// Asks for contacts to be compared with the others, because they are new or changed; in the transaction that changes
/// them.
///
/// # Errors
/// As the database says.
pub async fn want_matching(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    to_match::ask(tx, workspace, ids).await
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
