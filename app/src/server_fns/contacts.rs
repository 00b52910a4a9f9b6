//! The contacts page: pages, one contact, edits, bulk acts and their undo.

use domain::Person;
use domain::contact::{
    AddUndone, Added, ContactChange, ContactChoices, ContactField, ContactPage, ContactPanel, ContactQuery,
    ContactSelection, ContactsChanged, ContactsUndone, Deletion, Edited, Lookalike, NewContact,
};
use domain::ids::{ChangeId, ContactId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::server;
use crate::Failure;

/// One page of the workspace's contacts.
#[server(prefix = "/call", endpoint = "list_contacts", input = Json)]
pub async fn list_contacts(query: ContactQuery) -> Result<ContactPage, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_contacts(&actor, &query).await?)
}

/// The tags, campaigns and fields to choose from.
#[server(prefix = "/call", endpoint = "get_contact_choices", input = Json)]
pub async fn get_contact_choices() -> Result<ContactChoices, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.get_contact_choices(&actor).await?)
}

/// Everything the side panel shows of one contact, or of the one that took it in.
#[server(prefix = "/call", endpoint = "get_contact", input = Json)]
pub async fn get_contact(contact: ContactId) -> Result<ContactPanel, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.get_contact(&actor, contact).await?)
}

/// Changes one field of a contact; the answer can be taken back.
#[server(prefix = "/call", endpoint = "edit_contact", input = Json)]
pub async fn edit_contact(contact: ContactId, field: ContactField, value: String) -> Result<Edited, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.edit_contact(&actor, contact, field, &value).await?)
}

/// Tags contacts, or deletes them; the answer can be taken back.
#[server(prefix = "/call", endpoint = "change_contacts", input = Json)]
pub async fn change_contacts(selection: ContactSelection, change: ContactChange) -> Result<ContactsChanged, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.change_contacts(&actor, selection, change).await?)
}

/// Takes an act on contacts back; what was changed since is kept and said.
#[server(prefix = "/call", endpoint = "undo_contact_change", input = Json)]
pub async fn undo_contact_change(change: ChangeId) -> Result<ContactsUndone, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.undo_contact_change(&actor, change).await?)
}

/// Who is there already and may be the person that is being typed.
#[server(prefix = "/call", endpoint = "find_lookalikes", input = Json)]
pub async fn find_lookalikes(person: Person) -> Result<Vec<Lookalike>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.find_lookalikes(&actor, &person).await?)
}

/// Adds someone by hand, or merges them into who they are already.
#[server(prefix = "/call", endpoint = "add_contact", input = Json)]
pub async fn add_contact(contact: NewContact) -> Result<Added, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.add_contact(&actor, contact).await?)
}

/// Takes an addition back.
#[server(prefix = "/call", endpoint = "undo_added", input = Json)]
pub async fn undo_added(change: ChangeId) -> Result<AddUndone, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.undo_added(&actor, change).await?)
}

/// What was deleted lately and can be brought back.
#[server(prefix = "/call", endpoint = "list_deletions", input = Json)]
pub async fn list_deletions() -> Result<Vec<Deletion>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_deletions(&actor).await?)
}
