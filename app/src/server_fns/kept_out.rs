//! The rows that an import left out: where they came from, and what can be done about each.

use domain::ids::{CampaignId, ImportId};
use domain::import::{RemovedThere, RowActs, RowTag};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::server;
use crate::Failure;

/// The tags that most of the people carry who were left out.
#[server(prefix = "/call", endpoint = "get_import_row_tags", input = Json)]
pub async fn get_import_row_tags(import: ImportId) -> Result<Vec<RowTag>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.get_import_row_tags(&actor, import).await?)
}

/// Takes the person of a row out of the campaign that kept the row out; the answer can be taken back.
#[server(prefix = "/call", endpoint = "remove_there", input = Json)]
pub async fn remove_there(import: ImportId, row: u64, campaign: CampaignId) -> Result<RemovedThere, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.remove_there(&actor, import, row, campaign).await?)
}

/// Lets the person of a row wait until nothing keeps them out any more.
#[server(prefix = "/call", endpoint = "wait_to_come_in", input = Json)]
pub async fn wait_to_come_in(import: ImportId, row: u64) -> Result<Option<RowActs>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.wait_to_come_in(&actor, import, row).await?)
}

/// The person of a row no longer waits.
#[server(prefix = "/call", endpoint = "stop_waiting", input = Json)]
pub async fn stop_waiting(import: ImportId, row: u64) -> Result<Option<RowActs>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.stop_waiting(&actor, import, row).await?)
}
