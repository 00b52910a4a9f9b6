//! Leads: who is in which campaign.

use std::collections::{HashMap, HashSet};

use domain::LeadStatus;
use domain::ids::{CampaignId, ContactId, ImportId, LeadId, WorkspaceId};
use domain::lead::OtherCampaign;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::campaigns::read_status;
use crate::{Arg, Result, Sql, Tx};

/// A lead as the duplicate checks see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    /// The lead.
    pub id: LeadId,
    /// Where.
    pub campaign: CampaignId,
    /// Where it stands there.
    pub status: LeadStatus,
    /// Whether that campaign is archived.
    pub archived: bool,
}

/// A lead to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Lead {
    /// Its id.
    pub id: LeadId,
    /// Where.
    pub campaign: CampaignId,
    /// Whose.
    pub contact: ContactId,
    /// Where it stands.
    pub status: LeadStatus,
    /// The campaign's variables, as a JSON object of texts.
    pub variables: String,
    /// What brought it.
    pub import: Option<ImportId>,
}

/// The campaigns that some people are in, oldest lead first.
///
/// # Errors
/// As the database says.
pub async fn memberships(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<HashMap<ContactId, Vec<Membership>>> {
    let before = Sql::new(
        "SELECT l.contact_id, l.id, l.campaign_id, l.status, CASE WHEN c.archived_at IS NULL THEN 0 ELSE 1 END \
         FROM lead l JOIN campaign c ON c.id = l.campaign_id WHERE l.workspace_id = ",
    )
    .arg(workspace.0)
    .push(" AND l.contact_id IN ");
    // 0 and 1 in a CASE are int4 on PostgreSQL
    let rows: Vec<(i64, i64, i64, String, i32)> =
        tx.among(before, ids.iter().map(|id| id.0.into()).collect(), " ORDER BY l.id").await?;
    let mut out: HashMap<ContactId, Vec<Membership>> = HashMap::new();
    for (contact, id, campaign, status, archived) in rows {
        out.entry(ContactId(contact)).or_default().push(Membership {
            id: LeadId(id),
            campaign: CampaignId(campaign),
            status: read_status(&status)?,
            archived: archived != 0,
        });
    }
    Ok(out)
}

/// Adds leads, in the order given. The counters are the caller's to move, in the same transaction.
///
/// # Errors
/// `Error::Conflict` when a campaign has the person already (R6).
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, leads: Vec<Lead>, now: i64) -> Result<()> {
    let rows = leads
        .into_iter()
        .map(|l| {
            vec![
                Arg::from(l.id.0),
                workspace.0.into(),
                l.campaign.0.into(),
                l.contact.0.into(),
                l.status.word().into(),
                l.variables.into(),
                l.import.map(|i| i.0).into(),
                now.into(),
                now.into(),
            ]
        })
        .collect();
    tx.insert(
        "INSERT INTO lead (id, workspace_id, campaign_id, contact_id, status, variables, import_id, created_at, \
         updated_at)",
        rows,
        "",
    )
    .await?;
    Ok(())
}

/// The variables of some people's leads in one campaign, as JSON objects.
///
/// # Errors
/// As the database says.
pub async fn variables(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    ids: &[ContactId],
) -> Result<HashMap<ContactId, (LeadId, String)>> {
    let before = Sql::new("SELECT contact_id, id, variables FROM lead WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND campaign_id = ")
        .arg(campaign.0)
        .push(" AND contact_id IN ");
    let rows: Vec<(i64, i64, String)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
    Ok(rows.into_iter().map(|(contact, id, variables)| (ContactId(contact), (LeadId(id), variables))).collect())
}

/// Writes the variables of leads that are there; each is given once.
///
/// # Errors
/// As the database says.
pub async fn set_variables(tx: &mut Tx, workspace: WorkspaceId, leads: Vec<(LeadId, String)>, now: i64) -> Result<()> {
    let rows = leads.into_iter().map(|(id, variables)| vec![Arg::from(id.0), variables.into()]).collect();
    let before = Sql::new("UPDATE lead SET variables = v.column2, updated_at = ").arg(now);
    tx.update_from(before, rows, (" AS v WHERE lead.id = v.column1 AND lead.workspace_id = ", workspace.0.into()))
        .await?;
    Ok(())
}

/// The other campaigns of a person, with their owners.
///
/// # Errors
/// As the database says.
pub async fn elsewhere(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contact: ContactId,
    not: CampaignId,
) -> Result<Vec<OtherCampaign>> {
    let rows: Vec<(i64, String, String, String, Option<i64>)> = tx
        .all(
            Sql::new(
                "SELECT c.id, c.name, u.name, l.status, c.archived_at FROM lead l \
                 JOIN campaign c ON c.id = l.campaign_id JOIN user_account u ON u.id = c.owner_id \
                 WHERE l.workspace_id = $1 AND l.contact_id = $2 AND l.campaign_id <> $3 ORDER BY l.id DESC",
            )
            .bind(workspace.0)
            .bind(contact.0)
            .bind(not.0),
        )
        .await?;
    rows.into_iter()
        .map(|(id, name, owner, status, archived)| {
            Ok(OtherCampaign {
                id: CampaignId(id),
                name,
                owner,
                status: read_status(&status)?,
                archived: archived.is_some(),
            })
        })
        .collect()
}

/// A lead as it is stored, whole: what a deletion keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct Kept {
    /// The lead.
    pub id: i64,
    /// Where.
    pub campaign_id: i64,
    /// Whose.
    pub contact_id: i64,
    /// Where it stands there.
    pub status: String,
    /// The campaign's variables, as a JSON object of texts.
    pub variables: String,
    /// What brought it.
    pub import_id: Option<i64>,
    /// When it was added.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

/// Takes some people out of every campaign, and says what was there, in order of the leads. The counters are the
/// caller's to move, in the same transaction.
///
/// # Errors
/// As the database says.
pub async fn take_out(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<Kept>> {
    let before = Sql::new("DELETE FROM lead WHERE workspace_id = ").arg(workspace.0).push(" AND contact_id IN ");
    let tail = " RETURNING id, campaign_id, contact_id, status, variables, import_id, created_at, updated_at";
    let mut kept: Vec<Kept> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), tail).await?;
    kept.sort_unstable_by_key(|lead| lead.id);
    Ok(kept)
}

/// Puts leads back as they were, where the campaign does not have the person again by now. Says which came back.
///
/// # Errors
/// As the database says.
pub async fn put_back(tx: &mut Tx, workspace: WorkspaceId, leads: &[Kept]) -> Result<HashSet<LeadId>> {
    let mut back = HashSet::new();
    for chunk in leads.chunks(500) {
        let rows = chunk.iter().map(|l| {
            vec![
                Arg::from(l.id),
                workspace.0.into(),
                l.campaign_id.into(),
                l.contact_id.into(),
                l.status.as_str().into(),
                l.variables.as_str().into(),
                l.import_id.into(),
                l.created_at.into(),
                l.updated_at.into(),
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
        back.extend(found.into_iter().map(|(id,)| LeadId(id)));
    }
    Ok(back)
}

/// The names of the campaigns that some people are in, oldest lead first.
///
/// # Errors
/// As the database says.
pub async fn campaign_names(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<HashMap<ContactId, Vec<String>>> {
    let before = Sql::new(
        "SELECT l.contact_id, c.name FROM lead l JOIN campaign c ON c.id = l.campaign_id WHERE l.workspace_id = ",
    )
    .arg(workspace.0)
    .push(" AND l.contact_id IN ");
    let rows: Vec<(i64, String)> =
        tx.among(before, ids.iter().map(|id| id.0.into()).collect(), " ORDER BY l.id").await?;
    let mut out: HashMap<ContactId, Vec<String>> = HashMap::new();
    for (contact, name) in rows {
        out.entry(ContactId(contact)).or_default().push(name);
    }
    Ok(out)
}
