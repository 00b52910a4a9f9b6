//! What the palette asks for.

use domain::found::Found;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::server;
use crate::Failure;

/// The first campaigns and contacts that match.
#[server(prefix = "/call", endpoint = "search", input = Json)]
pub async fn search(search: String) -> Result<Found, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.search(&actor, &search).await?)
}
