//! What can be done to the ticked contacts; everything here can be taken back.

use domain::Act;
use domain::contact::{ContactChange, ContactFilter, ContactPage, ContactSelection};
use domain::ids::ContactId;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::acts::use_contact_acts;
use crate::components::{Icon, Menu, MenuItem, Selection, SelectionBar, focus_pick_page};
use crate::state::use_session;

/// The bar of the ticked contacts.
#[component]
pub fn BulkBar(
    filter: ContactFilter,
    page: ContactPage,
    tags: Vec<String>,
    selection: RwSignal<Selection<ContactId>>,
) -> impl IntoView {
    let acts = use_contact_acts();
    let may = use_session().may(Act::EditContacts);
    let on_page = page.rows.len() as u64;
    let matching = page.matching;
    let act = Callback::new(move |change: ContactChange| {
        let chosen = selection.with_untracked(|selection| match selection {
            Selection::Some(ids) => ContactSelection::Ids(ids.iter().copied().collect()),
            Selection::Matching => ContactSelection::Matching { filter: filter.clone(), expected: matching },
        });
        acts.change(chosen, change, move || {
            selection.try_set(Selection::default());
            focus_pick_page();
        });
    });
    view! { <SelectionBar on_page matching selection>{may.then(|| view! { <BulkActs act tags/> })}</SelectionBar> }
}

#[component]
fn BulkActs(act: Callback<ContactChange>, tags: Vec<String>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let known = tags.clone();
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let tag = text.get_untracked().trim().to_owned();
        if !tag.is_empty() {
            act.run(ContactChange::AddTag(tag));
        }
    };
    let remove = move |tag: String| {
        let words = tag.clone();
        view! { <MenuItem menu="bulk-untag" icon="x" on_choose=move |()| act.run(ContactChange::RemoveTag(tag.clone()))>{words}</MenuItem> }
    };
    view! {
        <Menu id="bulk-tag" icon="tag" class="btn sm ghost" text=|| "Add tag" popover_class="wide">
            <form on:submit=add>
                <div class="field">
                    <label for="bulk-tag-text">"Tag"</label>
                    <input class="input sm" id="bulk-tag-text" type="text" list="bulk-tags" autocomplete="off" maxlength="60" required prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
                    <datalist id="bulk-tags">{known.into_iter().map(|tag| view! { <option value=tag></option> }).collect_view()}</datalist>
                </div>
                <button type="submit" class="btn sm primary">"Add to the selected contacts"</button>
            </form>
        </Menu>
        {(!tags.is_empty()).then(|| view! {
            <Menu id="bulk-untag" icon="minus" class="btn sm ghost" text=|| "Remove tag">
                <ul>{tags.into_iter().map(remove).collect_view()}</ul>
            </Menu>
        })}
        <button type="button" class="btn sm ghost" on:click=move |_| act.run(ContactChange::Delete)><Icon name="x-circle"/>"Delete"</button>
    }
}
