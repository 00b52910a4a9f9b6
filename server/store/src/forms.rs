//! Registration forms and what was sent by them.

use domain::Outcome;
use domain::form::{FormRow, FormSettings, NewForm};
use domain::ids::{CampaignId, FormId, UserId, WorkspaceId};
use sqlx::FromRow;

use crate::{Arg, Error, Result, Sql, Tx};

/// A form as the public page needs it.
#[derive(Debug, Clone)]
pub struct OpenForm {
    /// Its id.
    pub id: FormId,
    /// The workspace it belongs to.
    pub workspace: WorkspaceId,
    /// What the team calls it.
    pub name: String,
    /// The campaign people go to; none also when that campaign is archived.
    pub campaign: Option<CampaignId>,
    /// What it asks and says.
    pub settings: FormSettings,
}

#[derive(FromRow)]
struct Open {
    id: i64,
    workspace_id: i64,
    name: String,
    campaign_id: Option<i64>,
    settings: String,
}

#[derive(FromRow)]
struct Line {
    id: i64,
    token: String,
    name: String,
    settings: String,
    campaign_id: Option<i64>,
    campaign: Option<String>,
    archived_at: Option<i64>,
    closed_at: Option<i64>,
}

fn settings(text: &str) -> Result<FormSettings> {
    serde_json::from_str(text).map_err(|_| Error::Unreadable("form.settings"))
}

fn written(settings: &FormSettings) -> Result<Arg> {
    Ok(Arg::from(serde_json::to_string(settings).map_err(|_| Error::Unreadable("form.settings"))?))
}

/// The forms of a workspace, newest first, without their counts.
///
/// # Errors
/// As the database says.
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<FormRow>> {
    let lines: Vec<Line> = tx
        .all(
            Sql::new(
                "SELECT f.id, f.token, f.name, f.settings, f.campaign_id, c.name AS campaign, c.archived_at, f.closed_at \
                 FROM form f LEFT JOIN campaign c ON c.id = f.campaign_id AND c.workspace_id = f.workspace_id \
                 WHERE f.workspace_id = $1 ORDER BY f.id DESC",
            )
            .bind(workspace.0),
        )
        .await?;
    lines
        .into_iter()
        .map(|line| {
            let settings = settings(&line.settings)?;
            Ok(FormRow {
                id: FormId(line.id),
                token: line.token,
                form: NewForm { name: line.name, campaign: line.campaign_id.map(CampaignId), settings },
                campaign: line.campaign.unwrap_or_default(),
                campaign_archived: line.archived_at.is_some(),
                closed: line.closed_at.is_some(),
                taken: 0,
                left_out: Vec::new(),
                last_at: None,
            })
        })
        .collect()
}

/// How often each outcome came of the forms of a workspace, and when last.
///
/// # Errors
/// As the database says.
pub async fn outcomes(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(FormId, Outcome, u64, i64)>> {
    let rows: Vec<(i64, String, i64, i64)> = tx
        .all(
            Sql::new(
                "SELECT form_id, outcome, count(*), max(created_at) FROM form_post WHERE workspace_id = $1 \
                 GROUP BY form_id, outcome",
            )
            .bind(workspace.0),
        )
        .await?;
    rows.into_iter()
        .map(|(form, outcome, n, at)| {
            let outcome = outcome.parse().map_err(|_| Error::Unreadable("form_post.outcome"))?;
            Ok((FormId(form), outcome, n.cast_unsigned(), at))
        })
        .collect()
}

/// The form that a public address leads to, unless it is closed.
///
/// # Errors
/// As the database says.
pub async fn open(tx: &mut Tx, token: &str) -> Result<Option<OpenForm>> {
    let found: Option<Open> = tx
        .optional(
            Sql::new(
                "SELECT f.id, f.workspace_id, f.name, c.id AS campaign_id, f.settings \
                 FROM form f LEFT JOIN campaign c \
                 ON c.id = f.campaign_id AND c.workspace_id = f.workspace_id AND c.archived_at IS NULL \
                 WHERE f.token = $1 AND f.closed_at IS NULL",
            )
            .bind(token),
        )
        .await?;
    let Some(form) = found else { return Ok(None) };
    Ok(Some(OpenForm {
        id: FormId(form.id),
        workspace: WorkspaceId(form.workspace_id),
        name: form.name,
        campaign: form.campaign_id.map(CampaignId),
        settings: settings(&form.settings)?,
    }))
}

/// Adds a form under an id and a token.
///
/// # Errors
/// As the database says.
pub async fn add(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (id, token): (FormId, &str),
    form: &NewForm,
    by: UserId,
    now: i64,
) -> Result<()> {
    let row = [
        Arg::from(id.0),
        workspace.0.into(),
        token.into(),
        form.name.as_str().into(),
        written(&form.settings)?,
        form.campaign.map(|c| c.0).into(),
        by.0.into(),
        now.into(),
        now.into(),
    ];
    let insert = "INSERT INTO form \
                  (id, workspace_id, token, name, settings, campaign_id, created_by, created_at, updated_at) VALUES ";
    tx.execute(Sql::new(insert).list(row)).await?;
    Ok(())
}

/// Changes a form; its address stays. Says whether there is such a form.
///
/// # Errors
/// As the database says.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, id: FormId, form: &NewForm, now: i64) -> Result<bool> {
    let values =
        [Arg::from(form.name.as_str()), written(&form.settings)?, form.campaign.map(|c| c.0).into(), now.into()];
    let sql = Sql::new("UPDATE form SET (name, settings, campaign_id, updated_at) = ").list(values);
    let sql = sql.push(" WHERE workspace_id = ").arg(workspace.0).push(" AND id = ").arg(id.0);
    Ok(tx.execute(sql).await? > 0)
}

/// Closes a form, or opens it again. Says whether there is such a form.
///
/// # Errors
/// As the database says.
pub async fn set_closed(tx: &mut Tx, workspace: WorkspaceId, id: FormId, at: Option<i64>, now: i64) -> Result<bool> {
    let sql = Sql::new("UPDATE form SET (closed_at, updated_at) = ").list([Arg::from(at), now.into()]);
    let sql = sql.push(" WHERE workspace_id = ").arg(workspace.0).push(" AND id = ").arg(id.0);
    Ok(tx.execute(sql).await? > 0)
}

/// Notes what was sent by the page's own number. False when it was noted before: then it was sent twice. Whoever sends
/// it at the same moment waits here for the other to end.
///
/// # Errors
/// As the database says.
pub async fn note_post(
    tx: &mut Tx,
    workspace: WorkspaceId,
    form: FormId,
    nonce: &[u8; 16],
    outcome: Outcome,
    now: i64,
) -> Result<bool> {
    let row = [Arg::from(workspace.0), form.0.into(), nonce.into(), now.into(), outcome.word().into()];
    let insert = "INSERT INTO form_post (workspace_id, form_id, nonce, created_at, outcome) VALUES ";
    Ok(tx.execute(Sql::new(insert).list(row).push(" ON CONFLICT DO NOTHING")).await? > 0)
}

/// Says what became of something that was noted.
///
/// # Errors
/// As the database says.
pub async fn set_outcome(
    tx: &mut Tx,
    workspace: WorkspaceId,
    form: FormId,
    nonce: &[u8; 16],
    outcome: Outcome,
) -> Result<()> {
    let sql = Sql::new("UPDATE form_post SET outcome = $1 WHERE workspace_id = $2 AND form_id = $3 AND nonce = $4");
    tx.execute(sql.bind(outcome.word()).bind(workspace.0).bind(form.0).bind(nonce)).await?;
    Ok(())
}
