//! The campaign list and one campaign's head.

use domain::campaign::{Archived, CampaignList, CampaignView, Unarchived};
use domain::ids::CampaignId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::server;
use crate::Failure;

/// The campaigns whose name contains `search`, open or archived ones, with counts.
#[server(prefix = "/call", endpoint = "list_campaigns", input = Json)]
pub async fn list_campaigns(search: String, archived: bool) -> Result<CampaignList, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_campaigns(&actor, &search, archived).await?)
}

/// Makes a campaign that the caller owns.
#[server(prefix = "/call", endpoint = "create_campaign", input = Json)]
pub async fn create_campaign(name: String) -> Result<CampaignId, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.create_campaign(&actor, &name).await?)
}

/// The head of one campaign's page.
#[server(prefix = "/call", endpoint = "get_campaign", input = Json)]
pub async fn get_campaign(campaign: CampaignId) -> Result<CampaignView, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.get_campaign(&actor, campaign).await?)
}

/// Gives a campaign another name.
#[server(prefix = "/call", endpoint = "rename_campaign", input = Json)]
pub async fn rename_campaign(campaign: CampaignId, name: String) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.rename_campaign(&actor, campaign, &name).await?)
}

/// Archives a campaign; with `end_active` its active leads become done first (A78).
#[server(prefix = "/call", endpoint = "archive_campaign", input = Json)]
pub async fn archive_campaign(campaign: CampaignId, end_active: bool) -> Result<Archived, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.archive_campaign(&actor, campaign, end_active).await?)
}

/// Brings an archived campaign back; leads of people whom another campaign writes to are ended.
#[server(prefix = "/call", endpoint = "unarchive_campaign", input = Json)]
pub async fn unarchive_campaign(campaign: CampaignId) -> Result<Unarchived, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.unarchive_campaign(&actor, campaign).await?)
}
