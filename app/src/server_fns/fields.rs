//! Admin → Fields.

use domain::custom::FieldUse;
use domain::ids::FieldId;
use domain::{CustomField, FieldKind};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::server;
use crate::Failure;

/// The team's own fields, and those that can come back.
#[server(prefix = "/call", endpoint = "list_fields", input = Json)]
pub async fn list_fields() -> Result<FieldUse, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_fields(&actor).await?)
}

/// Adds a field.
#[server(prefix = "/call", endpoint = "add_field", input = Json)]
pub async fn add_field(name: String, kind: FieldKind, options: Vec<String>) -> Result<CustomField, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.add_field(&actor, &name, kind, options).await?)
}

/// Gives a field another name and other options.
#[server(prefix = "/call", endpoint = "update_field", input = Json)]
pub async fn update_field(field: FieldId, name: String, options: Vec<String>) -> Result<CustomField, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.update_field(&actor, field, &name, options).await?)
}

/// How many contacts have a value in a field.
#[server(prefix = "/call", endpoint = "count_field", input = Json)]
pub async fn count_field(field: FieldId) -> Result<u64, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.count_field(&actor, field).await?)
}

/// Removes a field; it can come back for thirty days.
#[server(prefix = "/call", endpoint = "remove_field", input = Json)]
pub async fn remove_field(field: FieldId) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.remove_field(&actor, field).await?)
}

/// Brings a removed field back.
#[server(prefix = "/call", endpoint = "restore_field", input = Json)]
pub async fn restore_field(field: FieldId) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.restore_field(&actor, field).await?)
}
