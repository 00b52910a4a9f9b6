//! What happened to a contact, one by one: the history in its side panel.

use domain::ids::{ContactId, UserId, WorkspaceId};

use crate::{Arg, Result, Sql, Store, Tx};

/// Something that happened to a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactEvent {
    /// To whom.
    pub contact: ContactId,
    /// What, as a word.
    pub kind: &'static str,
    /// More, as a word or an id.
    pub detail: String,
}

/// Reserves the numbers of so many events, before the transaction that writes them.
///
/// # Errors
/// As the database says.
pub async fn reserve(store: &Store, count: usize) -> Result<i64> {
    store.reserve("contact_event", i64::try_from(count).unwrap_or(i64::MAX)).await
}

/// Writes events under numbers that were reserved.
///
/// # Errors
/// As the database says.
pub async fn add(
    tx: &mut Tx,
    workspace: WorkspaceId,
    first: i64,
    events: Vec<ContactEvent>,
    actor: UserId,
    now: i64,
) -> Result<()> {
    let rows = events
        .into_iter()
        .zip(first..)
        .map(|(event, id)| {
            vec![
                Arg::from(id),
                workspace.0.into(),
                event.contact.0.into(),
                event.kind.into(),
                actor.0.into(),
                event.detail.into(),
                now.into(),
            ]
        })
        .collect();
    tx.insert("INSERT INTO contact_event (id, workspace_id, contact_id, kind, actor_id, detail, created_at)", rows, "")
        .await?;
    Ok(())
}

/// The kinds and details of what happened to a contact, newest first.
///
/// # Errors
/// As the database says.
pub async fn of_contact(tx: &mut Tx, workspace: WorkspaceId, contact: ContactId) -> Result<Vec<(String, String)>> {
    tx.all(
        Sql::new("SELECT kind, detail FROM contact_event WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id DESC")
            .bind(workspace.0)
            .bind(contact.0),
    )
    .await
}
