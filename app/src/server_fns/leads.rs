//! The lead list: pages, one lead, bulk acts, edits of a variable, and their undo.

use domain::ids::{CampaignId, ChangeId, LeadId};
use domain::lead::{Changed, LeadChange, LeadPage, LeadPanel, LeadQuery, LeadSelection, RecentChange};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::server;
use crate::Failure;

/// One page of a campaign's leads.
#[server(prefix = "/call", endpoint = "list_leads", input = Json)]
pub async fn list_leads(query: LeadQuery) -> Result<LeadPage, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_leads(&actor, &query).await?)
}

/// Everything the side panel shows of one lead.
#[server(prefix = "/call", endpoint = "get_lead", input = Json)]
pub async fn get_lead(lead: LeadId) -> Result<LeadPanel, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.get_lead(&actor, lead).await?)
}

/// Sets the status of leads, tags their people, or deletes them; the answer can be taken back.
#[server(prefix = "/call", endpoint = "change_leads", input = Json)]
pub async fn change_leads(
    campaign: CampaignId,
    selection: LeadSelection,
    change: LeadChange,
) -> Result<Changed, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.change_leads(&actor, campaign, selection, change).await?)
}

/// Takes a bulk act back; what was changed since is kept and counted.
#[server(prefix = "/call", endpoint = "undo_change", input = Json)]
pub async fn undo_change(change: ChangeId) -> Result<Changed, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.undo_change(&actor, change).await?)
}

/// Changes one of the campaign's variables for one lead; the answer can be taken back.
#[server(prefix = "/call", endpoint = "edit_variable", input = Json)]
pub async fn edit_variable(lead: LeadId, name: String, value: String) -> Result<Changed, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.edit_variable(&actor, lead, &name, &value).await?)
}

/// What was done to a campaign's leads in the last thirty days, newest first.
#[server(prefix = "/call", endpoint = "list_recent_changes", input = Json)]
pub async fn list_recent_changes(campaign: CampaignId) -> Result<Vec<RecentChange>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_recent_changes(&actor, campaign).await?)
}
