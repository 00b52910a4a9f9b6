//! Where a contact came from and what happened to it (B1).

use std::collections::HashMap;

use domain::ids::{ContactId, UserId, WorkspaceId};
use domain::{SourceKind, contact::SourceLine, ids::ImportId};
use sqlx::FromRow;

use crate::{Arg, Error, Result, Sql, Store, Tx};

/// Something that happened to a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Its id.
    pub id: i64,
    /// To whom.
    pub contact: ContactId,
    /// What, in a word.
    pub kind: &'static str,
    /// More, as JSON; for what two people had to do with each other: the id of the other.
    pub detail: String,
}

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Event {
    /// To whom: the contact, or one that it has taken in.
    pub contact_id: i64,
    /// What, in a word.
    pub kind: String,
    /// Who did it.
    pub actor_id: i64,
    /// More, as JSON.
    pub detail: String,
    /// When.
    pub created_at: i64,
}

/// Reserves the numbers of so many events, before the transaction that writes them.
///
/// # Errors
/// As the database says.
pub async fn reserve(store: &Store, count: usize) -> Result<i64> {
    store.reserve("contact_event", i64::try_from(count).unwrap_or(i64::MAX)).await
}

/// Notes what happened to some contacts.
///
/// # Errors
/// As the database says.
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, actor: UserId, events: Vec<NewEvent>, now: i64) -> Result<()> {
    let rows = events
        .into_iter()
        .map(|e| {
            vec![
                Arg::from(e.id),
                workspace.0.into(),
                e.contact.0.into(),
                e.kind.into(),
                actor.0.into(),
                e.detail.into(),
                now.into(),
            ]
        })
        .collect();
    tx.insert("INSERT INTO contact_event (id, workspace_id, contact_id, kind, actor_id, detail, created_at)", rows, "")
        .await?;
    Ok(())
}

/// The last hundred events of a contact and of those it has taken in, newest first.
///
/// # Errors
/// As the database says.
pub async fn events(tx: &mut Tx, workspace: WorkspaceId, contact: ContactId) -> Result<Vec<Event>> {
    tx.all(
        Sql::new(
            "SELECT contact_id, kind, actor_id, detail, created_at FROM contact_event \
             WHERE workspace_id = $1 AND contact_id IN \
             (SELECT id FROM contact WHERE workspace_id = $1 AND (id = $2 OR merged_into = $2)) \
             ORDER BY id DESC LIMIT 100",
        )
        .bind(workspace.0)
        .bind(contact.0),
    )
    .await
}

/// A contact that was taken into another.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TakenIn {
    /// Who.
    pub loser_id: i64,
    /// By whose hand.
    pub actor_id: i64,
    /// When.
    pub created_at: i64,
    /// When it was taken back.
    pub undone_at: Option<i64>,
}

/// Whom a contact has taken in, newest first.
///
/// # Errors
/// As the database says.
pub async fn taken_in(tx: &mut Tx, workspace: WorkspaceId, contact: ContactId) -> Result<Vec<TakenIn>> {
    tx.all(
        Sql::new(
            "SELECT loser_id, actor_id, created_at, undone_at FROM merge_event \
             WHERE workspace_id = $1 AND survivor_id = $2 ORDER BY id DESC LIMIT 100",
        )
        .bind(workspace.0)
        .bind(contact.0),
    )
    .await
}

/// By which ways a contact came in: kind, number and moment, newest first.
///
/// # Errors
/// As the database says.
pub async fn sources(tx: &mut Tx, workspace: WorkspaceId, contact: ContactId) -> Result<Vec<(SourceKind, i64, i64)>> {
    let rows: Vec<(String, i64, i64)> = tx
        .all(
            Sql::new(
                "SELECT kind, source_id, created_at FROM contact_source WHERE workspace_id = $1 AND contact_id = $2 \
                 ORDER BY created_at DESC, kind, source_id DESC LIMIT 50",
            )
            .bind(workspace.0)
            .bind(contact.0),
        )
        .await?;
    rows.into_iter()
        .map(|(kind, id, at)| Ok((kind.parse().map_err(|_| Error::Unreadable("contact_source.kind"))?, id, at)))
        .collect()
}

/// What sources are called: the file, the form, the member, the contact that was merged in.
#[derive(Debug, Default)]
pub struct SourceNames(HashMap<(SourceKind, i64), String>);

impl SourceNames {
    /// A source in words.
    pub fn line(&self, kind: SourceKind, id: i64, at: i64) -> SourceLine {
        SourceLine {
            kind,
            name: self.0.get(&(kind, id)).cloned().unwrap_or_default(),
            import: (kind == SourceKind::Import).then_some(ImportId(id)),
            at,
        }
    }
}

/// What these sources are called, one query a kind.
///
/// # Errors
/// As the database says.
pub async fn source_names(tx: &mut Tx, workspace: WorkspaceId, sources: &[(SourceKind, i64)]) -> Result<SourceNames> {
    let mut names = SourceNames::default();
    for &kind in SourceKind::ALL {
        let ids: Vec<Arg> = sources.iter().filter(|(k, _)| *k == kind).map(|(_, id)| (*id).into()).collect();
        if ids.is_empty() {
            continue;
        }
        let before = Sql::new(match kind {
            SourceKind::Import => "SELECT id, file_name FROM import WHERE workspace_id = ",
            SourceKind::Form => "SELECT id, name FROM form WHERE workspace_id = ",
            SourceKind::Manual | SourceKind::Api => {
                "SELECT u.id, u.name FROM user_account u JOIN member m ON m.user_id = u.id WHERE m.workspace_id = "
            }
            SourceKind::Merge => {
                "SELECT m.id, CASE WHEN c.first_name = '' AND c.last_name = '' THEN c.email \
                 ELSE trim(c.first_name || ' ' || c.last_name) END FROM merge_event m \
                 JOIN contact c ON c.id = m.loser_id WHERE m.workspace_id = "
            }
        });
        let column = match kind {
            SourceKind::Import | SourceKind::Form => " AND id IN ",
            SourceKind::Manual | SourceKind::Api => " AND u.id IN ",
            SourceKind::Merge => " AND m.id IN ",
        };
        let rows: Vec<(i64, String)> = tx.among(before.arg(workspace.0).push(column), ids, "").await?;
        names.0.extend(rows.into_iter().map(|(id, name)| ((kind, id), name)));
    }
    Ok(names)
}
