//! Bulk acts on leads, with what stood before, so that each can be taken back (R13).

use std::collections::HashMap;

use domain::LeadStatus;
use domain::ids::{CampaignId, ChangeId, ContactId, UserId, WorkspaceId};
use sqlx::FromRow;

use crate::lead_list::Picked;
use crate::{Arg, Result, Sql, Tx};

/// A bulk act as it is stored.
#[derive(Debug, Clone, FromRow)]
pub struct Change {
    /// In which campaign.
    pub campaign_id: i64,
    /// `status`, `addTag`, `removeTag`, `delete` or `variable`.
    pub kind: String,
    /// The status, the tag's id, or the variable with its new value.
    pub detail: String,
    /// When it was done.
    pub created_at: i64,
    /// When it was taken back.
    pub undone_at: Option<i64>,
}

/// A bulk act as the list of recent changes shows it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Recent {
    /// The act.
    pub id: i64,
    /// As in `Change`.
    pub kind: String,
    /// As in `Change`.
    pub detail: String,
    /// How many leads it touched.
    pub leads: i64,
    /// Whose act it was, by name.
    pub actor: String,
    /// When it was done.
    pub created_at: i64,
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

/// Keeps leads as they stand before a bulk act touches them, and counts them.
///
/// # Errors
/// As the database says.
pub async fn keep(tx: &mut Tx, workspace: WorkspaceId, change: ChangeId, leads: &[Picked]) -> Result<()> {
    if leads.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(leads.len()).unwrap_or(i64::MAX);
    tx.execute(
        Sql::new("UPDATE bulk_change SET leads = leads + $1 WHERE workspace_id = $2 AND id = $3")
            .bind(count)
            .bind(workspace.0)
            .bind(change.0),
    )
    .await?;
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

/// A bulk act, which nobody else carries on or takes back until commit.
///
/// # Errors
/// As the database says.
pub async fn get_for_update(tx: &mut Tx, workspace: WorkspaceId, id: ChangeId) -> Result<Option<Change>> {
    let lock = tx.dialect().for_update();
    tx.optional(
        Sql::new("SELECT campaign_id, kind, detail, created_at, undone_at FROM bulk_change WHERE workspace_id = ")
            .arg(workspace.0)
            .push(" AND id = ")
            .arg(id.0)
            .push(lock),
    )
    .await
}

/// The bulk acts in a campaign since a moment that changed anything, newest first, at most a hundred.
///
/// # Errors
/// As the database says.
pub async fn recent(tx: &mut Tx, workspace: WorkspaceId, campaign: CampaignId, since: i64) -> Result<Vec<Recent>> {
    tx.all(
        Sql::new(
            "SELECT b.id, b.kind, b.detail, b.leads, u.name AS actor, b.created_at, b.undone_at FROM bulk_change b \
             JOIN user_account u ON u.id = b.actor_id \
             WHERE b.workspace_id = $1 AND b.campaign_id = $2 AND b.created_at >= $3 AND b.leads > 0 \
             ORDER BY b.id DESC LIMIT 100",
        )
        .bind(workspace.0)
        .bind(campaign.0)
        .bind(since),
    )
    .await
}

/// Whose lead each of some acts touched, for those that touched one.
///
/// # Errors
/// As the database says.
pub async fn only_people(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ChangeId],
) -> Result<HashMap<ChangeId, ContactId>> {
    let before = Sql::new("SELECT change_id, min(contact_id) FROM bulk_change_lead WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND change_id IN ");
    let ids = ids.iter().map(|id| id.0.into()).collect();
    let rows: Vec<(i64, i64)> = tx.among(before, ids, " GROUP BY change_id HAVING count(*) = 1").await?;
    Ok(rows.into_iter().map(|(id, contact)| (ChangeId(id), ContactId(contact))).collect())
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

/// What one round of forgetting did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Acts that are gone.
    pub changes: u64,
    /// Whether a further round may find more.
    pub more: bool,
}

/// Forgets bulk acts of before a moment, so that they can be taken back no longer; takes at most so many leads away.
/// What another server is forgetting is passed over.
///
/// # Errors
/// As the database says.
pub async fn forget(tx: &mut Tx, before: i64, limit: i64) -> Result<Forgotten> {
    let skip = tx.dialect().skip_locked();
    let old: Vec<(i64, i64)> = tx
        .all(
            Sql::new("SELECT workspace_id, id FROM bulk_change WHERE created_at < ")
                .arg(before)
                .push(" ORDER BY created_at, id LIMIT ")
                .arg(limit)
                .push(skip),
        )
        .await?;
    let mut done = Forgotten { changes: 0, more: !old.is_empty() };
    let mut left = limit;
    for (workspace, id) in old {
        let gone = tx
            .execute(
                Sql::new(
                    "DELETE FROM bulk_change_lead WHERE workspace_id = $1 AND change_id = $2 AND lead_id IN \
                     (SELECT lead_id FROM bulk_change_lead WHERE workspace_id = $3 AND change_id = $4 \
                     ORDER BY lead_id LIMIT $5)",
                )
                .bind(workspace)
                .bind(id)
                .bind(workspace)
                .bind(id)
                .bind(left),
            )
            .await?;
        left -= i64::try_from(gone).unwrap_or(left);
        if left <= 0 {
            break;
        }
        tx.execute(Sql::new("DELETE FROM bulk_change WHERE workspace_id = $1 AND id = $2").bind(workspace).bind(id))
            .await?;
        done.changes += 1;
    }
    Ok(done)
}
