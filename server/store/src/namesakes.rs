//! Names that so many people have that each is one entry of the list, not a pair for any two of them (B10).

use std::collections::HashSet;

use domain::ids::WorkspaceId;
use sqlx::FromRow;

use crate::{Arg, Result, Sql, Tx};

/// A name that many people have.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Namesake {
    /// The key of exactly this first and last name.
    pub key: i64,
    /// The name, as one of them writes it.
    pub name: String,
    /// How many people.
    pub people: i64,
}

/// Replaces the list of names that many people have.
///
/// # Errors
/// As the database says.
pub async fn replace(tx: &mut Tx, workspace: WorkspaceId, names: Vec<Namesake>, now: i64) -> Result<()> {
    let there: Vec<(i64,)> =
        tx.all(Sql::new("SELECT key FROM namesake WHERE workspace_id = ").arg(workspace.0)).await?;
    let still: HashSet<i64> = names.iter().map(|name| name.key).collect();
    let gone: Vec<i64> = there.into_iter().map(|(key,)| key).filter(|key| !still.contains(key)).collect();
    remove(tx, workspace, &gone).await?;
    put(tx, workspace, names, now).await
}

/// Takes names from the list that few people have by now.
///
/// # Errors
/// As the database says.
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, keys: &[i64]) -> Result<()> {
    for chunk in keys.chunks(1_000) {
        tx.execute(
            Sql::new("DELETE FROM namesake WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND key IN ")
                .list(chunk.iter().copied()),
        )
        .await?;
    }
    Ok(())
}

/// Writes names that many people have, whether they are in the list or not. Where there are fewer people than someone
/// kept apart, so many are kept apart: the next who comes is new.
///
/// # Errors
/// As the database says.
pub async fn put(tx: &mut Tx, workspace: WorkspaceId, names: Vec<Namesake>, now: i64) -> Result<()> {
    let rows = names
        .into_iter()
        .map(|n| vec![Arg::from(workspace.0), n.key.into(), n.name.into(), n.people.into(), now.into()])
        .collect();
    tx.insert(
        "INSERT INTO namesake (workspace_id, key, name, people, created_at)",
        rows,
        " ON CONFLICT (workspace_id, key) DO UPDATE SET name = excluded.name, people = excluded.people, \
         kept_apart = CASE WHEN excluded.people < namesake.kept_apart THEN excluded.people ELSE namesake.kept_apart END",
    )
    .await?;
    Ok(())
}

/// Keeps the people of a name apart, as many as there are now; or, with `apart` false, asks about them again. Says
/// whether there is such a name.
///
/// # Errors
/// As the database says.
pub async fn keep(tx: &mut Tx, workspace: WorkspaceId, key: i64, apart: bool) -> Result<bool> {
    let sql = Sql::new(if apart {
        "UPDATE namesake SET kept_apart = people WHERE workspace_id = "
    } else {
        "UPDATE namesake SET kept_apart = 0 WHERE workspace_id = "
    });
    Ok(tx.execute(sql.arg(workspace.0).push(" AND key = ").arg(key)).await? > 0)
}

/// Names that many people have and nobody has decided about, the most frequent first, after a place.
///
/// # Errors
/// As the database says.
pub async fn open(tx: &mut Tx, workspace: WorkspaceId, after: Option<(i64, i64)>, limit: i64) -> Result<Vec<Namesake>> {
    let mut sql = Sql::new("SELECT key, name, people FROM namesake WHERE people > kept_apart AND workspace_id = ")
        .arg(workspace.0);
    if let Some((people, key)) = after {
        sql = sql.push(" AND (-people, key) > ").list([-people, key]);
    }
    tx.all(sql.push(" ORDER BY people DESC, key LIMIT ").arg(limit)).await
}
