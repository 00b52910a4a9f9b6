//! Admin → Forms.

use domain::form::{FormRow, NewForm};
use domain::ids::FormId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::server;
use crate::Failure;

/// The forms, newest first.
#[server(prefix = "/call", endpoint = "list_forms", input = Json)]
pub async fn list_forms() -> Result<Vec<FormRow>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_forms(&actor).await?)
}

/// Makes a form.
#[server(prefix = "/call", endpoint = "add_form", input = Json)]
pub async fn add_form(form: NewForm) -> Result<FormId, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.add_form(&actor, form).await?)
}

/// Changes a form.
#[server(prefix = "/call", endpoint = "update_form", input = Json)]
pub async fn update_form(id: FormId, form: NewForm) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.update_form(&actor, id, form).await?)
}

/// Closes a form, or opens it again.
#[server(prefix = "/call", endpoint = "close_form", input = Json)]
pub async fn close_form(id: FormId, closed: bool) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.close_form(&actor, id, closed).await?)
}
