//! Bulk acts on leads, with what stood before, so that each can be taken back (R13).

use domain::LeadStatus;
use domain::ids::{CampaignId, ChangeId, UserId, WorkspaceId};
use sqlx::FromRow;

use crate::lead_list::Picked;
use crate::{Arg, Result, Sql, Tx};

/// A bulk act as it is stored.
#[derive(Debug, Clone, FromRow)]
pub struct Change {
    /// In which campaign.
    pub campaign_id: i64,
    /// `status`, `addTag`, `removeTag` or `delete`.
    pub kind: String,
    /// The status or the tag's id.
    pub detail: String,
    /// When it was taken back.
    pub undone_at: Option<i64>,
}

/// Notes a bulk act.
///
/// # Errors
/// As the database says.
pub async fn add(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChangeId,
    campaign: CampaignId,
    actor: UserId,
    (kind, detail): (&str, &str),
    now: i64,
) -> Result<()> {
    let row = [
        Arg::from(id.0),
        workspace.0.into(),
        campaign.0.into(),
        actor.0.into(),
        kind.into(),
        detail.into(),
        now.into(),
    ];
    tx.execute(
        Sql::new("INSERT INTO bulk_change (id, workspace_id, campaign_id, actor_id, kind, detail, created_at) VALUES ")
            .list(row),
    )
    .await?;
    Ok(())
}

/// Keeps leads as they stand before a bulk act touches them.
///
/// # Errors
/// As the database says.
pub async fn keep(tx: &mut Tx, workspace: WorkspaceId, change: ChangeId, leads: &[Picked]) -> Result<()> {
    let rows = leads
        .iter()
        .map(|l| {
            vec![
                Arg::from(workspace.0),
                change.0.into(),
                l.id.into(),
                l.contact_id.into(),
                l.status.as_str().into(),
                l.variables.as_str().into(),
                l.import_id.into(),
                l.created_at.into(),
                l.updated_at.into(),
            ]
        })
        .collect();
    tx.insert(
        "INSERT INTO bulk_change_lead (workspace_id, change_id, lead_id, contact_id, status, variables, import_id, \
         created_at, updated_at)",
        rows,
        "",
    )
    .await?;
    Ok(())
}

/// A bulk act, and whether it was taken back; locked until commit.
///
/// # Errors
/// As the database says.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: ChangeId) -> Result<Option<Change>> {
    tx.optional(
        Sql::new("SELECT campaign_id, kind, detail, undone_at FROM bulk_change WHERE workspace_id = $1 AND id = $2")
            .bind(workspace.0)
            .bind(id.0),
    )
    .await
}

/// The leads of a bulk act as they stood before it, after an id.
///
/// # Errors
/// As the database says.
pub async fn kept(
    tx: &mut Tx,
    workspace: WorkspaceId,
    change: ChangeId,
    after: i64,
    limit: i64,
) -> Result<Vec<Picked>> {
    tx.all(
        Sql::new(
            "SELECT lead_id AS id, contact_id, status, variables, import_id, created_at, updated_at \
             FROM bulk_change_lead WHERE workspace_id = $1 AND change_id = $2 AND lead_id > $3 ORDER BY lead_id LIMIT $4",
        )
        .bind(workspace.0)
        .bind(change.0)
        .bind(after)
        .bind(limit),
    )
    .await
}

/// Marks a bulk act as taken back.
///
/// # Errors
/// As the database says.
pub async fn set_undone(tx: &mut Tx, workspace: WorkspaceId, id: ChangeId, now: i64) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE bulk_change SET undone_at = $1 WHERE workspace_id = $2 AND id = $3")
            .bind(now)
            .bind(workspace.0)
            .bind(id.0),
    )
    .await?;
    Ok(())
}

/// Sets the status of leads, but only where it still is `from` (when given): later edits are kept. Says which changed.
///
/// # Errors
/// As the database says.
pub async fn set_status(
    tx: &mut Tx,
    workspace: WorkspaceId,
    leads: &[i64],
    from: Option<LeadStatus>,
    to: LeadStatus,
    now: i64,
) -> Result<Vec<i64>> {
    let mut changed = Vec::new();
    for chunk in leads.chunks(1_000) {
        let mut sql = Sql::new("UPDATE lead SET status = ")
            .arg(to.word())
            .push(", updated_at = ")
            .arg(now)
            .push(" WHERE workspace_id = ")
            .arg(workspace.0)
            .push(" AND id IN ")
            .list(chunk.iter().copied());
        if let Some(from) = from {
            sql = sql.push(" AND status = ").arg(from.word());
        }
        let rows: Vec<(i64,)> = tx.all(sql.push(" RETURNING id")).await?;
        changed.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(changed)
}

/// Takes leads out of their campaign; `keep` has them.
///
/// # Errors
/// As the database says.
pub async fn delete_leads(tx: &mut Tx, workspace: WorkspaceId, leads: &[i64]) -> Result<()> {
    for chunk in leads.chunks(1_000) {
        tx.execute(
            Sql::new("DELETE FROM lead WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND id IN ")
                .list(chunk.iter().copied()),
        )
        .await?;
    }
    Ok(())
}

/// Puts deleted leads back where the campaign does not have the person again by now. Says which leads came back.
///
/// # Errors
/// As the database says.
pub async fn put_back(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    leads: &[Picked],
    now: i64,
) -> Result<Vec<i64>> {
    let mut back = Vec::new();
    for chunk in leads.chunks(500) {
        let rows = chunk.iter().map(|l| {
            vec![
                Arg::from(l.id),
                workspace.0.into(),
                campaign.0.into(),
                l.contact_id.into(),
                l.status.as_str().into(),
                l.variables.as_str().into(),
                l.import_id.into(),
                l.created_at.into(),
                now.into(),
            ]
        });
        let found: Vec<(i64,)> = tx
            .all(
                Sql::new(
                    "INSERT INTO lead (id, workspace_id, campaign_id, contact_id, status, variables, import_id, \
                     created_at, updated_at) VALUES ",
                )
                .rows(rows)
                .push(" ON CONFLICT DO NOTHING RETURNING id"),
            )
            .await?;
        back.extend(found.into_iter().map(|(id,)| id));
    }
    Ok(back)
}
