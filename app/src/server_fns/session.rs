//! Who is signed in.

use domain::session::Session;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::server;
use crate::Failure;

/// What the shell shows of the signed-in member.
#[server(prefix = "/call", endpoint = "get_session", input = Json)]
pub async fn get_session() -> Result<Session, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.get_session(&actor).await?)
}
