//! Contacts that wait to be compared: new and changed ones, those that are nobody any more, whose keys have to go, and
//! those whose block has passed its limit.

use std::hash::{BuildHasher, Hasher, RandomState};

use domain::ids::{ContactId, WorkspaceId};
use sqlx::FromRow;

use crate::{Arg, Result, Sql, Tx};

/// A contact that waits, and which asking it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Waiting {
    /// Who.
    pub contact_id: i64,
    /// The number of the asking: another one when someone has asked since.
    pub asked: i64,
}

impl Waiting {
    /// Who.
    pub fn contact(&self) -> ContactId {
        ContactId(self.contact_id)
    }
}

/// A number that no other asking has. It is compared and never sorted, so any will do; a count would begin again
/// when nobody waits.
fn asking() -> i64 {
    RandomState::new().build_hasher().finish().cast_signed()
}

fn rows(workspace: WorkspaceId, contacts: &[ContactId], again: bool) -> Vec<Vec<Arg>> {
    let asked = asking();
    // everyone in one order, so that two who ask for the same do not wait for each other
    let mut ids: Vec<i64> = contacts.iter().map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(|id| vec![Arg::from(workspace.0), id.into(), asked.into(), again.into()]).collect()
}

/// Asks for contacts to be compared, in the transaction that changes them. For those that wait already it is another
/// asking: who is comparing them may have read what was before.
///
/// # Errors
/// As the database says.
pub async fn ask(tx: &mut Tx, workspace: WorkspaceId, contacts: &[ContactId]) -> Result<()> {
    tx.insert(
        "INSERT INTO contact_to_match (workspace_id, contact_id, asked, again)",
        rows(workspace, contacts, false),
        " ON CONFLICT (workspace_id, contact_id) DO UPDATE SET asked = excluded.asked, again = 0",
    )
    .await?;
    Ok(())
}

/// Asks for contacts to be compared again, after all others, because their block has passed its limit.
///
/// # Errors
/// As the database says.
pub async fn look_again(tx: &mut Tx, workspace: WorkspaceId, contacts: &[ContactId]) -> Result<()> {
    tx.insert(
        "INSERT INTO contact_to_match (workspace_id, contact_id, asked, again)",
        rows(workspace, contacts, true),
        " ON CONFLICT (workspace_id, contact_id) DO UPDATE SET asked = excluded.asked",
    )
    .await?;
    Ok(())
}

/// Asks again for everyone who changed or was deleted since a full scan began: it may have read them before.
///
/// # Errors
/// As the database says.
pub async fn ask_changed(tx: &mut Tx, workspace: WorkspaceId, since: i64) -> Result<()> {
    tx.execute(
        Sql::new(
            "INSERT INTO contact_to_match (workspace_id, contact_id, asked, again) SELECT workspace_id, id, $1, 0 \
             FROM contact WHERE workspace_id = $2 AND (updated_at >= $3 OR deleted_at >= $3) \
             ON CONFLICT (workspace_id, contact_id) DO UPDATE SET asked = excluded.asked, again = 0",
        )
        .bind(asking())
        .bind(workspace.0)
        .bind(since),
    )
    .await?;
    Ok(())
}

/// Who waits to be compared, those who only have to be looked at again last.
///
/// # Errors
/// As the database says.
pub async fn waiting(tx: &mut Tx, workspace: WorkspaceId, limit: i64) -> Result<Vec<Waiting>> {
    tx.all(
        Sql::new("SELECT contact_id, asked FROM contact_to_match WHERE workspace_id = ")
            .arg(workspace.0)
            .push(" ORDER BY again, contact_id LIMIT ")
            .arg(limit),
    )
    .await
}

/// How many wait.
///
/// # Errors
/// As the database says.
pub async fn count(tx: &mut Tx, workspace: WorkspaceId) -> Result<u64> {
    let sql = Sql::new("SELECT count(*) FROM contact_to_match WHERE workspace_id = ").arg(workspace.0);
    let (n,): (i64,) = tx.one(sql).await?;
    Ok(n.cast_unsigned())
}

/// Workspaces in which someone waits to be compared.
///
/// # Errors
/// As the database says.
pub async fn workspaces(tx: &mut Tx) -> Result<Vec<WorkspaceId>> {
    let rows: Vec<(i64,)> = tx
        .all(Sql::new(
            "SELECT w.id FROM workspace w \
             WHERE EXISTS (SELECT 1 FROM contact_to_match m WHERE m.workspace_id = w.id) ORDER BY w.id",
        ))
        .await?;
    Ok(rows.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}

/// They were compared as they were when this was read; who was asked for since goes on waiting.
///
/// # Errors
/// As the database says.
pub async fn compared(tx: &mut Tx, workspace: WorkspaceId, waiting: &[Waiting]) -> Result<()> {
    for chunk in waiting.chunks(1_000) {
        tx.execute(
            Sql::new("DELETE FROM contact_to_match WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND (contact_id, asked) IN (VALUES ")
                .rows(chunk.iter().map(|w| vec![Arg::from(w.contact_id), w.asked.into()]))
                .push(")"),
        )
        .await?;
    }
    Ok(())
}
