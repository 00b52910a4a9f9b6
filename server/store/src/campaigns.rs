//! Campaigns and their counters.

use domain::campaign::ClassCounts;
use domain::ids::{CampaignId, UserId, WorkspaceId};
use domain::{LeadStatus, StatusClass};

use crate::{Arg, Error, Result, Sql, Tx};

/// A campaign as it is stored, with its owner's name.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// The member who runs it.
    pub owner: String,
    /// Since when it is archived, Unix milliseconds.
    pub archived_at: Option<i64>,
    /// When it last changed, Unix milliseconds.
    pub updated_at: i64,
}

type Row = (i64, String, String, Option<i64>, i64);

const CAMPAIGN: &str = "SELECT c.id, c.name, u.name, c.archived_at, c.updated_at FROM campaign c \
                        JOIN user_account u ON u.id = c.owner_id WHERE c.workspace_id = ";

fn campaign((id, name, owner, archived_at, updated_at): Row) -> Campaign {
    Campaign { id: CampaignId(id), name, owner, archived_at, updated_at }
}

/// Adds a campaign.
///
/// # Errors
/// As the database says.
pub async fn add(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CampaignId,
    name: &str,
    name_key: &str,
    owner: UserId,
    now: i64,
) -> Result<()> {
    let row =
        [Arg::from(id.0), workspace.0.into(), name.into(), name_key.into(), owner.0.into(), now.into(), now.into()];
    tx.execute(
        Sql::new("INSERT INTO campaign (id, workspace_id, name, name_key, owner_id, created_at, updated_at) VALUES ")
            .list(row),
    )
    .await?;
    Ok(())
}

/// One campaign.
///
/// # Errors
/// As the database says.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: CampaignId) -> Result<Option<Campaign>> {
    Ok(tx.optional(Sql::new(CAMPAIGN).arg(workspace.0).push(" AND c.id = ").arg(id.0)).await?.map(campaign))
}

/// Locks a campaign until commit: nobody archives it, brings it back or adds a lead to it meanwhile. Comes last, after
/// people and counters; read in a new statement what you want to know of it.
///
/// # Errors
/// As the database says.
pub async fn lock(tx: &mut Tx, workspace: WorkspaceId, id: CampaignId) -> Result<()> {
    let lock = tx.dialect().for_update();
    let _: Option<(i64,)> = tx
        .optional(
            Sql::new("SELECT id FROM campaign WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND id = ")
                .arg(id.0)
                .push(lock),
        )
        .await?;
    Ok(())
}

/// The oldest campaign of this folded name; for the command line.
///
/// # Errors
/// As the database says.
pub async fn by_name(tx: &mut Tx, workspace: WorkspaceId, name_key: &str) -> Result<Option<Campaign>> {
    let sql =
        Sql::new(CAMPAIGN).arg(workspace.0).push(" AND c.name_key = ").arg(name_key).push(" ORDER BY c.id LIMIT 1");
    Ok(tx.optional(sql).await?.map(campaign))
}

/// Some campaigns, by id.
///
/// # Errors
/// As the database says.
pub async fn among(tx: &mut Tx, workspace: WorkspaceId, ids: &[CampaignId]) -> Result<Vec<Campaign>> {
    let before = Sql::new(CAMPAIGN).arg(workspace.0).push(" AND c.id IN ");
    Ok(tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?.into_iter().map(campaign).collect())
}

/// Open or archived campaigns, newest change first; at most a thousand.
///
/// # Errors
/// As the database says.
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, archived: bool) -> Result<Vec<Campaign>> {
    let sql = Sql::new(CAMPAIGN)
        .arg(workspace.0)
        .push(if archived { " AND c.archived_at IS NOT NULL" } else { " AND c.archived_at IS NULL" })
        .push(" ORDER BY c.updated_at DESC, c.id DESC LIMIT 1000");
    Ok(tx.all(sql).await?.into_iter().map(campaign).collect())
}

/// How many campaigns are open, and how many archived.
///
/// # Errors
/// As the database says.
pub async fn totals(tx: &mut Tx, workspace: WorkspaceId) -> Result<(u64, u64)> {
    let (all, archived): (i64, i64) = tx
        .one(Sql::new("SELECT count(*), count(archived_at) FROM campaign WHERE workspace_id = ").arg(workspace.0))
        .await?;
    Ok(((all - archived).cast_unsigned(), archived.cast_unsigned()))
}

/// Gives a campaign another name.
///
/// # Errors
/// As the database says.
pub async fn rename(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CampaignId,
    name: &str,
    name_key: &str,
    now: i64,
) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE campaign SET name = $1, name_key = $2, updated_at = $3 WHERE workspace_id = $4 AND id = $5")
            .bind(name)
            .bind(name_key)
            .bind(now)
            .bind(workspace.0)
            .bind(id.0),
    )
    .await?;
    Ok(())
}

/// Archives a campaign, or brings it back.
///
/// # Errors
/// As the database says.
pub async fn set_archived(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CampaignId,
    archived_at: Option<i64>,
    now: i64,
) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE campaign SET archived_at = $1, updated_at = $2 WHERE workspace_id = $3 AND id = $4")
            .bind(archived_at)
            .bind(now)
            .bind(workspace.0)
            .bind(id.0),
    )
    .await?;
    Ok(())
}

/// Marks a campaign as changed.
///
/// # Errors
/// As the database says.
pub async fn touch(tx: &mut Tx, workspace: WorkspaceId, id: CampaignId, now: i64) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE campaign SET updated_at = $1 WHERE workspace_id = $2 AND id = $3")
            .bind(now)
            .bind(workspace.0)
            .bind(id.0),
    )
    .await?;
    Ok(())
}

/// The names of a campaign's variables.
///
/// # Errors
/// As the database says.
pub async fn variables(tx: &mut Tx, workspace: WorkspaceId, id: CampaignId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = tx
        .all(
            Sql::new("SELECT name FROM campaign_variable WHERE workspace_id = $1 AND campaign_id = $2 ORDER BY name")
                .bind(workspace.0)
                .bind(id.0),
        )
        .await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Remembers that a campaign's leads have these variables.
///
/// # Errors
/// As the database says.
pub async fn add_variables(tx: &mut Tx, workspace: WorkspaceId, id: CampaignId, names: &[String]) -> Result<()> {
    let rows = names.iter().map(|n| vec![Arg::from(workspace.0), id.0.into(), n.as_str().into()]).collect();
    tx.insert("INSERT INTO campaign_variable (workspace_id, campaign_id, name)", rows, " ON CONFLICT DO NOTHING")
        .await?;
    Ok(())
}

/// The counters of one campaign, by status.
///
/// # Errors
/// As the database says.
pub async fn counts(tx: &mut Tx, workspace: WorkspaceId, id: CampaignId) -> Result<Vec<(LeadStatus, u64)>> {
    let rows: Vec<(String, i64)> = tx
        .all(
            Sql::new("SELECT status, leads FROM lead_count WHERE workspace_id = $1 AND campaign_id = $2")
                .bind(workspace.0)
                .bind(id.0),
        )
        .await?;
    rows.into_iter().map(|(status, n)| Ok((read_status(&status)?, n.cast_unsigned()))).collect()
}

/// The counters of every campaign of a workspace, by class.
///
/// # Errors
/// As the database says.
pub async fn class_counts(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(CampaignId, ClassCounts)>> {
    let rows: Vec<(i64, String, i64)> = tx
        .all(
            Sql::new("SELECT campaign_id, status, leads FROM lead_count WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" ORDER BY campaign_id"),
        )
        .await?;
    let mut out: Vec<(CampaignId, ClassCounts)> = Vec::new();
    for (id, status, n) in rows {
        let class: StatusClass = read_status(&status)?.class();
        if out.last().is_none_or(|(last, _)| last.0 != id) {
            out.push((CampaignId(id), ClassCounts::default()));
        }
        if let Some((_, counts)) = out.last_mut() {
            counts.add(class, n.cast_unsigned());
        }
    }
    Ok(out)
}

/// Moves the counters of a campaign, in the transaction that moves its leads.
///
/// # Errors
/// As the database says.
pub async fn add_counts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CampaignId,
    deltas: &[(LeadStatus, i64)],
) -> Result<()> {
    let mut deltas: Vec<(LeadStatus, i64)> = deltas.iter().copied().filter(|(_, n)| *n != 0).collect();
    // one order for everyone, so that two transactions never wait for each other's second counter
    deltas.sort_by_key(|(status, _)| status.word());
    for (status, delta) in deltas {
        tx.execute(
            Sql::new("INSERT INTO lead_count (workspace_id, campaign_id, status, leads) VALUES ")
                .list([Arg::from(workspace.0), id.0.into(), status.word().into(), delta.into()])
                .push(
                    " ON CONFLICT (workspace_id, campaign_id, status) \
                     DO UPDATE SET leads = lead_count.leads + excluded.leads",
                ),
        )
        .await?;
    }
    Ok(())
}

pub(crate) fn read_status(word: &str) -> Result<LeadStatus> {
    word.parse().map_err(|_| Error::Unreadable("lead.status"))
}
