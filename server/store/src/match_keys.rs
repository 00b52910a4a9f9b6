//! What the matcher looks candidates up by: blocking keys, the keys of exact names, and counts of values.

use std::collections::BTreeMap;

use domain::ids::{ContactId, WorkspaceId};
use sqlx::FromRow;

use crate::contacts::{CONTACT, Contact};
use crate::{Arg, Result, Sql, Tx};

/// How a workspace is scanned, and what the last full scan found out.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Settings {
    /// Probability from which on a pair is listed, in millionths; 0 is the matcher's default.
    pub review_from: i64,
    /// Probability from which on it is obvious, in millionths; 0 is the matcher's default.
    pub obvious_from: i64,
    /// When the last full scan began; none when there was none.
    pub scanned_at: Option<i64>,
    /// What the last full scan expected of any two people here: JSON; empty is unknown.
    pub match_mix: String,
}

/// How a workspace is scanned.
///
/// # Errors
/// As the database says.
pub async fn settings(tx: &mut Tx, workspace: WorkspaceId) -> Result<Settings> {
    let sql = Sql::new("SELECT review_from, obvious_from, scanned_at, match_mix FROM workspace WHERE id = ");
    Ok(tx.optional(sql.arg(workspace.0)).await?.unwrap_or_default())
}

/// Sets from which probability on pairs are listed and obvious, in millionths.
///
/// # Errors
/// As the database says.
pub async fn set_thresholds(tx: &mut Tx, workspace: WorkspaceId, review: i64, obvious: i64) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE workspace SET review_from = $1, obvious_from = $2 WHERE id = $3")
            .bind(review)
            .bind(obvious)
            .bind(workspace.0),
    )
    .await?;
    Ok(())
}

/// Notes that a full scan, begun at `at`, is over.
///
/// # Errors
/// As the database says.
pub async fn set_scanned(tx: &mut Tx, workspace: WorkspaceId, at: i64, mix: &str) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE workspace SET scanned_at = $1, match_mix = $2 WHERE id = $3")
            .bind(at)
            .bind(mix)
            .bind(workspace.0),
    )
    .await?;
    Ok(())
}

/// Workspaces with people whose last full scan (or, without one, whose own beginning) was before `before`.
///
/// # Errors
/// As the database says.
pub async fn to_scan(tx: &mut Tx, before: i64) -> Result<Vec<WorkspaceId>> {
    let rows: Vec<(i64,)> = tx
        .all(
            Sql::new("SELECT w.id FROM workspace w WHERE COALESCE(w.scanned_at, w.created_at) < ")
                .arg(before)
                .push(" AND EXISTS (SELECT 1 FROM contact c WHERE c.workspace_id = w.id) ORDER BY w.id"),
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}

/// Contacts that are somebody, after an id, in order; for comparing all of them.
///
/// # Errors
/// As the database says.
pub async fn live_after(tx: &mut Tx, workspace: WorkspaceId, after: ContactId, limit: i64) -> Result<Vec<Contact>> {
    let sql = Sql::new("SELECT ")
        .push(CONTACT)
        .push(" FROM contact c WHERE c.workspace_id = ")
        .arg(workspace.0)
        .push(" AND c.merged_into IS NULL AND c.deleted_at IS NULL AND c.id > ")
        .arg(after.0)
        .push(" ORDER BY c.id LIMIT ")
        .arg(limit);
    tx.all(sql).await
}

/// Those of some contacts that are somebody: neither merged into another nor deleted.
///
/// # Errors
/// As the database says.
pub async fn live_among(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<Contact>> {
    let before = Sql::new("SELECT ")
        .push(CONTACT)
        .push(" FROM contact c WHERE c.workspace_id = ")
        .arg(workspace.0)
        .push(" AND c.merged_into IS NULL AND c.deleted_at IS NULL AND c.id IN ");
    tx.among(before, ids.iter().map(|id| id.0.into()).collect(), " ORDER BY c.id").await
}

/// How many contacts are somebody.
///
/// # Errors
/// As the database says.
pub async fn count_live(tx: &mut Tx, workspace: WorkspaceId) -> Result<u64> {
    let (n,): (i64,) = tx
        .one(
            Sql::new(
                "SELECT count(*) FROM contact WHERE merged_into IS NULL AND deleted_at IS NULL AND workspace_id = ",
            )
            .arg(workspace.0),
        )
        .await?;
    Ok(n.cast_unsigned())
}

/// Adds blocking keys: sort them, since the rows of a block lie together.
///
/// # Errors
/// As the database says.
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, keys: &[(i64, ContactId)]) -> Result<u64> {
    let rows = keys.iter().map(|(key, id)| vec![Arg::from(workspace.0), (*key).into(), id.0.into()]).collect();
    tx.insert("INSERT INTO match_key (workspace_id, key, contact_id)", rows, " ON CONFLICT DO NOTHING").await
}

/// The keys that some contacts are found by.
///
/// # Errors
/// As the database says.
pub async fn of(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<(i64, ContactId)>> {
    let before = Sql::new("SELECT key, contact_id FROM match_key WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND contact_id IN ");
    let rows: Vec<(i64, i64)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
    Ok(rows.into_iter().map(|(key, id)| (key, ContactId(id))).collect())
}

/// Takes keys away.
///
/// # Errors
/// As the database says.
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, keys: &[(i64, ContactId)]) -> Result<()> {
    for chunk in keys.chunks(1_000) {
        tx.execute(
            Sql::new("DELETE FROM match_key WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND (key, contact_id) IN (VALUES ")
                .rows(chunk.iter().map(|(key, id)| vec![Arg::from(*key), id.0.into()]))
                .push(")"),
        )
        .await?;
    }
    Ok(())
}

/// How many contacts have each of these keys, and the first of them.
///
/// # Errors
/// As the database says.
pub async fn sizes(tx: &mut Tx, workspace: WorkspaceId, keys: &[i64]) -> Result<Vec<(i64, i64, ContactId)>> {
    let before = Sql::new("SELECT key, count(*), MIN(contact_id) FROM match_key WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND key IN ");
    let rows: Vec<(i64, i64, i64)> =
        tx.among(before, keys.iter().map(|k| (*k).into()).collect(), " GROUP BY key").await?;
    Ok(rows.into_iter().map(|(key, people, first)| (key, people, ContactId(first))).collect())
}

/// Which of these rows are there already.
///
/// # Errors
/// As the database says.
pub async fn among(tx: &mut Tx, workspace: WorkspaceId, keys: &[i64]) -> Result<Vec<(i64, ContactId)>> {
    let before =
        Sql::new("SELECT key, contact_id FROM match_key WHERE workspace_id = ").arg(workspace.0).push(" AND key IN ");
    let rows: Vec<(i64, i64)> =
        tx.among(before, keys.iter().map(|k| (*k).into()).collect(), " ORDER BY key, contact_id").await?;
    Ok(rows.into_iter().map(|(key, id)| (key, ContactId(id))).collect())
}

/// The first people of a block.
///
/// # Errors
/// As the database says.
pub async fn people_of(tx: &mut Tx, workspace: WorkspaceId, key: i64, limit: i64) -> Result<Vec<ContactId>> {
    let rows: Vec<(i64,)> = tx
        .all(
            Sql::new(
                "SELECT m.contact_id FROM match_key m JOIN contact c ON c.id = m.contact_id WHERE m.workspace_id = ",
            )
            .arg(workspace.0)
            .push(" AND m.key = ")
            .arg(key)
            .push(" AND c.merged_into IS NULL AND c.deleted_at IS NULL ORDER BY m.contact_id LIMIT ")
            .arg(limit),
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}

/// Forgets every key and count of a workspace, before a full scan writes them anew.
///
/// # Errors
/// As the database says.
pub async fn forget(tx: &mut Tx, workspace: WorkspaceId) -> Result<()> {
    tx.execute(Sql::new("DELETE FROM match_key WHERE workspace_id = ").arg(workspace.0)).await?;
    tx.execute(Sql::new("DELETE FROM match_term WHERE workspace_id = ").arg(workspace.0)).await?;
    Ok(())
}

/// How many people have each of these values.
///
/// # Errors
/// As the database says.
pub async fn terms(tx: &mut Tx, workspace: WorkspaceId, terms: &[i64]) -> Result<Vec<(i64, i64)>> {
    let before =
        Sql::new("SELECT term, people FROM match_term WHERE workspace_id = ").arg(workspace.0).push(" AND term IN ");
    tx.among(before, terms.iter().map(|t| (*t).into()).collect(), "").await
}

/// Adds to the counts of values.
///
/// # Errors
/// As the database says.
pub async fn add_terms(tx: &mut Tx, workspace: WorkspaceId, terms: &[(i64, i64)]) -> Result<()> {
    tx.insert(
        "INSERT INTO match_term (workspace_id, term, people)",
        term_rows(workspace, terms),
        " ON CONFLICT (workspace_id, term) DO UPDATE SET people = match_term.people + excluded.people",
    )
    .await?;
    Ok(())
}

/// Writes the counts of values, whatever they were: writing them twice is writing them once.
///
/// # Errors
/// As the database says.
pub async fn set_terms(tx: &mut Tx, workspace: WorkspaceId, terms: &[(i64, i64)]) -> Result<()> {
    tx.insert(
        "INSERT INTO match_term (workspace_id, term, people)",
        term_rows(workspace, terms),
        " ON CONFLICT (workspace_id, term) DO UPDATE SET people = excluded.people",
    )
    .await?;
    Ok(())
}

fn term_rows(workspace: WorkspaceId, terms: &[(i64, i64)]) -> Vec<Vec<Arg>> {
    terms.iter().map(|(term, n)| vec![Arg::from(workspace.0), (*term).into(), (*n).into()]).collect()
}

/// Takes people from the counts of values, as far as these are kept: that of one person is not.
///
/// # Errors
/// As the database says.
pub async fn take_terms(tx: &mut Tx, workspace: WorkspaceId, terms: &[(i64, i64)]) -> Result<()> {
    let mut by_count: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (term, people) in terms {
        by_count.entry(*people).or_default().push(*term);
    }
    for (people, terms) in by_count {
        for chunk in terms.chunks(1_000) {
            tx.execute(
                Sql::new("UPDATE match_term SET people = people - ")
                    .arg(people)
                    .push(" WHERE workspace_id = ")
                    .arg(workspace.0)
                    .push(" AND people >= ")
                    .arg(people)
                    .push(" AND term IN ")
                    .list(chunk.iter().copied()),
            )
            .await?;
        }
    }
    Ok(())
}
