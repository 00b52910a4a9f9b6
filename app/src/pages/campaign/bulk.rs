//! What can be done to the ticked leads; everything here can be taken back.

use domain::ids::{CampaignId, LeadId};
use domain::lead::{Changed, LeadChange, LeadFilter, LeadPage, LeadSelection};
use domain::tag::TAG_CHARACTERS;
use domain::{Act, LeadStatus, ProblemKind};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Icon, Menu, MenuItem, Selection, StatusBadge, Toasts, use_toasts};
use crate::format::{counted, num};
use crate::server_fns::leads::{change_leads, undo_change};
use crate::state::{Refresh, use_refresh, use_session};

/// In the flow above the table, so that it never covers a focused row.
#[component]
pub fn BulkBar(
    campaign: CampaignId,
    filter: LeadFilter,
    page: LeadPage,
    tags: Vec<String>,
    selection: RwSignal<Selection<LeadId>>,
) -> impl IntoView {
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let may = use_session().may(Act::EditCampaigns);
    let on_page = page.rows.len() as u64;
    let matching = page.matching;
    let act = Callback::new(move |change: LeadChange| {
        let chosen = selection.with_untracked(|selection| to_server(selection, &filter, matching));
        spawn_local(async move {
            match change_leads(campaign, chosen, change.clone()).await {
                Ok(changed) => {
                    selection.set(Selection::default());
                    refresh.ring();
                    tell(&change, &changed, toasts, refresh);
                }
                Err(failure) => {
                    toasts.fail(&failure);
                    // The list on the screen is out of date: show what there is now.
                    if failure.0.kind == ProblemKind::Conflict {
                        refresh.ring();
                    }
                }
            }
        });
    });
    let count = move || selection.with(|selection| selection.count(matching));
    let all = move || {
        (selection.get() != Selection::Matching && matching > on_page).then(|| {
            view! {
                <button type="button" class="link" on:click=move |_| selection.set(Selection::Matching)>
                    {format!("Select all {}", num(matching))}
                </button>
            }
        })
    };
    view! {
        <div class="bulk-bar" role="region" aria-label="Selection">
            <button type="button" class="btn sm square ghost" aria-label="Clear selection" title="Clear selection" on:click=move |_| selection.set(Selection::default())>
                <Icon name="x"/>
            </button>
            <span class="num" role="status"><strong>{move || num(count())}</strong>" selected "</span>
            {all}
            <span class="spacer"></span>
            {may.then(|| view! { <BulkActs act tags/> })}
        </div>
    }
}

#[component]
fn BulkActs(act: Callback<LeadChange>, tags: Vec<String>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let known = tags.clone();
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let tag = text.get_untracked().trim().to_owned();
        if !tag.is_empty() {
            act.run(LeadChange::AddTag(tag));
        }
    };
    let status = move |status: LeadStatus| {
        view! {
            <MenuItem menu="bulk-status" on_choose=move |()| act.run(LeadChange::Status(status))><StatusBadge status/></MenuItem>
        }
    };
    let remove = move |tag: String| {
        let words = tag.clone();
        view! { <MenuItem menu="bulk-untag" icon="x" on_choose=move |()| act.run(LeadChange::RemoveTag(tag.clone()))>{words}</MenuItem> }
    };
    view! {
        <Menu id="bulk-status" icon="play" class="btn sm ghost" text=|| "Set status">
            <ul>{LeadStatus::ALL.iter().map(|&one| status(one)).collect_view()}</ul>
        </Menu>
        <Menu id="bulk-tag" icon="tag" class="btn sm ghost" text=|| "Add tag" popover_class="wide">
            <form on:submit=add>
                <div class="field">
                    <label for="bulk-tag-text">"Tag"</label>
                    <input class="input sm" id="bulk-tag-text" type="text" list="bulk-tags" autocomplete="off" maxlength=TAG_CHARACTERS.to_string() required prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
                    <datalist id="bulk-tags">{known.into_iter().map(|tag| view! { <option value=tag></option> }).collect_view()}</datalist>
                </div>
                <button type="submit" class="btn sm primary">"Add to the selected people"</button>
            </form>
        </Menu>
        {(!tags.is_empty()).then(|| view! {
            <Menu id="bulk-untag" icon="minus" class="btn sm ghost" text=|| "Remove tag">
                <ul>{tags.into_iter().map(remove).collect_view()}</ul>
            </Menu>
        })}
        <button type="button" class="btn sm ghost" on:click=move |_| act.run(LeadChange::Delete)><Icon name="x-circle"/>"Delete"</button>
    }
}

/// What the server is told: ids of one page, or the filter with the count that the person saw.
fn to_server(selection: &Selection<LeadId>, filter: &LeadFilter, matching: u64) -> LeadSelection {
    match selection {
        Selection::Some(leads) => LeadSelection::Ids(leads.iter().copied().collect()),
        Selection::Matching => LeadSelection::Matching { filter: filter.clone(), expected: matching },
    }
}

/// Says what a bulk act did and offers to take it back.
fn tell(change: &LeadChange, changed: &Changed, toasts: Toasts, refresh: Refresh) {
    let leads = counted(changed.count, "lead", "leads");
    let mut text = match change {
        LeadChange::Status(status) => format!("{leads} set to {}.", status.label()),
        LeadChange::AddTag(tag) => format!("Tag “{tag}” added to the people of {leads}."),
        LeadChange::RemoveTag(tag) => format!("Tag “{tag}” taken from the people of {leads}."),
        LeadChange::Delete => format!("{leads} deleted."),
    };
    if changed.kept > 0 {
        text.push_str(&format!(
            " {} left as before: in progress in another campaign, or changed meanwhile.",
            counted(changed.kept, "lead was", "leads were"),
        ));
    }
    if changed.count == 0 {
        return toasts.say(text);
    }
    let handle = changed.change;
    toasts.offer(text, "Undo", move || {
        spawn_local(async move {
            match undo_change(handle).await {
                Ok(Changed { count, kept, .. }) => {
                    refresh.ring();
                    let mut text = format!("Taken back for {}.", counted(count, "lead", "leads"));
                    if kept > 0 {
                        text.push_str(&format!(" {} changed since and kept.", counted(kept, "lead was", "leads were")));
                    }
                    toasts.say(text);
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
}
