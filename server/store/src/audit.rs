//! Who did what: one row per mutation, in the transaction of the mutation (I8).

use domain::ids::{UserId, WorkspaceId};

use crate::{Result, Sql, Tx};

/// One entry.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// Where.
    pub workspace: WorkspaceId,
    /// Who.
    pub actor: UserId,
    /// What, such as `campaign.create`.
    pub action: &'static str,
    /// To what, as an id with its prefix.
    pub subject: String,
    /// More, without personal data.
    pub detail: &'a str,
    /// When.
    pub at: i64,
}

/// Writes an entry.
///
/// # Errors
/// As the database says.
pub async fn record(tx: &mut Tx, event: Event<'_>) -> Result<()> {
    tx.execute(
        Sql::new("INSERT INTO audit_event (workspace_id, actor_id, action, subject, detail, created_at) VALUES ").list(
            [
                crate::Arg::from(event.workspace.0),
                event.actor.0.into(),
                event.action.into(),
                event.subject.into(),
                event.detail.into(),
                event.at.into(),
            ],
        ),
    )
    .await?;
    Ok(())
}

/// How many entries a workspace has of an action and subject; for tests of I8.
///
/// # Errors
/// As the database says.
pub async fn count(tx: &mut Tx, workspace: WorkspaceId, action: &str, subject: &str) -> Result<i64> {
    let (count,): (i64,) = tx
        .one(
            Sql::new("SELECT count(*) FROM audit_event WHERE workspace_id = $1 AND action = $2 AND subject = $3")
                .bind(workspace.0)
                .bind(action)
                .bind(subject),
        )
        .await?;
    Ok(count)
}
