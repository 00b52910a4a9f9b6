//! People whom an import left out, and who come in when the campaign that kept them out is done with them (A68).

use std::collections::HashSet;

use domain::ids::{CampaignId, ContactId, ImportId, UserId, WorkspaceId};
use domain::{LeadStatus, StatusClass};
use sqlx::FromRow;

use crate::{Arg, Result, Sql, Tx};

/// Somebody who waits to come into a campaign.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Waiting {
    /// Where they come in.
    pub campaign_id: i64,
    /// Who.
    pub contact_id: i64,
    /// The import that left them out.
    pub import_id: i64,
    /// The row of its file that is taken again.
    pub row_number: i64,
    /// The member who asked for it.
    pub actor_id: i64,
}

impl Waiting {
    /// Who, typed.
    pub fn contact(&self) -> ContactId {
        ContactId(self.contact_id)
    }

    /// The import, typed.
    pub fn import(&self) -> ImportId {
        ImportId(self.import_id)
    }

    /// The member who asked, typed.
    pub fn actor(&self) -> UserId {
        UserId(self.actor_id)
    }
}

/// Lets somebody wait, to be looked at at once; says whether they did not wait for this campaign already.
///
/// # Errors
/// As the database says.
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, waiting: &Waiting, now: i64) -> Result<bool> {
    let row = vec![
        Arg::from(workspace.0),
        waiting.campaign_id.into(),
        waiting.contact_id.into(),
        waiting.import_id.into(),
        waiting.row_number.into(),
        waiting.actor_id.into(),
        now.into(),
        now.into(),
    ];
    let touched = tx
        .insert(
            "INSERT INTO waiting_lead (workspace_id, campaign_id, contact_id, import_id, row_number, actor_id, \
             created_at, look_at)",
            vec![row],
            " ON CONFLICT DO NOTHING",
        )
        .await?;
    Ok(touched == 1)
}

/// Which of some people wait for a campaign.
///
/// # Errors
/// As the database says.
pub async fn among(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    ids: &[ContactId],
) -> Result<HashSet<ContactId>> {
    let before = Sql::new("SELECT contact_id FROM waiting_lead WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND campaign_id = ")
        .arg(campaign.0)
        .push(" AND contact_id IN ");
    let rows: Vec<(i64,)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}

/// Nobody of these waits for the campaign any more. Says who did.
///
/// # Errors
/// As the database says.
pub async fn remove(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    ids: &[ContactId],
) -> Result<HashSet<ContactId>> {
    let before = Sql::new("DELETE FROM waiting_lead WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND campaign_id = ")
        .arg(campaign.0)
        .push(" AND contact_id IN ");
    let ids = ids.iter().map(|id| id.0.into()).collect();
    let rows: Vec<(i64,)> = tx.among(before, ids, " RETURNING contact_id").await?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}

/// Nobody waits because of this import any more. Says how many did.
///
/// # Errors
/// As the database says.
pub async fn remove_of_import(tx: &mut Tx, workspace: WorkspaceId, import: ImportId) -> Result<u64> {
    tx.execute(
        Sql::new("DELETE FROM waiting_lead WHERE workspace_id = $1 AND import_id = $2")
            .bind(workspace.0)
            .bind(import.0),
    )
    .await
}

/// The workspaces in which it is time to look.
///
/// # Errors
/// As the database says.
pub async fn to_look(tx: &mut Tx, now: i64) -> Result<Vec<WorkspaceId>> {
    let sql = Sql::new("SELECT DISTINCT workspace_id FROM waiting_lead WHERE look_at <= ").arg(now);
    let rows: Vec<(i64,)> = tx.all(sql.push(" ORDER BY workspace_id")).await?;
    Ok(rows.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}

/// Everyone of a workspace was looked at who was to be by `now`; the next look is at `next`.
///
/// # Errors
/// As the database says.
pub async fn looked(tx: &mut Tx, workspace: WorkspaceId, now: i64, next: i64) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE waiting_lead SET look_at = $1 WHERE look_at <= $2 AND workspace_id = $3")
            .bind(next)
            .bind(now)
            .bind(workspace.0),
    )
    .await?;
    Ok(())
}

/// Somebody is to be looked at at once, whatever they wait for.
///
/// # Errors
/// As the database says.
pub async fn look_now(tx: &mut Tx, workspace: WorkspaceId, contact: ContactId, now: i64) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE waiting_lead SET look_at = $1 WHERE workspace_id = $2 AND contact_id = $3")
            .bind(now)
            .bind(workspace.0)
            .bind(contact.0),
    )
    .await?;
    Ok(())
}

/// Those whose wait may be over, by import and row, after a row: no other campaign is writing to them, or it is sure
/// by now that they do not come in. Whoever waits for an archived campaign, or because of an import that is running,
/// waits on.
///
/// # Errors
/// As the database says.
pub async fn due(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (import, row): (ImportId, i64),
    limit: i64,
) -> Result<Vec<Waiting>> {
    let active = LeadStatus::ALL.iter().filter(|status| status.class() == StatusClass::Active);
    tx.all(
        Sql::new(
            "SELECT w.campaign_id, w.contact_id, w.import_id, w.row_number, w.actor_id FROM waiting_lead w \
             JOIN campaign here ON here.id = w.campaign_id JOIN contact p ON p.id = w.contact_id \
             JOIN import i ON i.id = w.import_id WHERE w.workspace_id = ",
        )
        .arg(workspace.0)
        .push(" AND (w.import_id, w.row_number) > ")
        .list([import.0, row])
        .push(
            " AND here.archived_at IS NULL AND i.state NOT IN ('queued', 'running') \
             AND (p.do_not_contact <> 0 OR p.deleted_at IS NOT NULL \
             OR EXISTS (SELECT 1 FROM lead l WHERE l.workspace_id = w.workspace_id AND l.contact_id = w.contact_id \
             AND l.campaign_id = w.campaign_id) \
             OR NOT EXISTS (SELECT 1 FROM lead l JOIN campaign c ON c.id = l.campaign_id \
             WHERE l.workspace_id = w.workspace_id AND l.contact_id = w.contact_id \
             AND l.campaign_id <> w.campaign_id AND c.archived_at IS NULL AND l.status IN ",
        )
        .list(active.map(|status| status.word()))
        .push(")) ORDER BY w.import_id, w.row_number LIMIT ")
        .arg(limit),
    )
    .await
}
