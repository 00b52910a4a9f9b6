//! What can be done to the ticked leads; everything here can be taken back.

use domain::ids::{CampaignId, LeadId};
use domain::lead::{LeadChange, LeadFilter, LeadPage, LeadSelection};
use domain::tag::TAG_CHARACTERS;
use domain::{Act, LeadStatus};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::acts::use_lead_acts;
use crate::components::{Icon, Menu, MenuItem, Selection, StatusBadge};
use crate::format::num;
use crate::state::use_session;

/// In the flow above the table, so that it never covers a focused row.
#[component]
pub fn BulkBar(
    campaign: CampaignId,
    filter: LeadFilter,
    page: LeadPage,
    tags: Vec<String>,
    selection: RwSignal<Selection<LeadId>>,
    archived: bool,
) -> impl IntoView {
    let acts = use_lead_acts();
    let archived = archived.then(|| "This campaign is archived: bring it back to change its leads.".to_owned());
    let refusal = use_session().refusal(Act::EditCampaigns).or(archived);
    let on_page = page.rows.len() as u64;
    let matching = page.matching;
    let act = Callback::new(move |change: LeadChange| {
        let chosen = selection.with_untracked(|selection| to_server(selection, &filter, matching));
        acts.change(campaign, chosen, change, move || selection.set(Selection::default()));
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
            {match refusal {
                Some(refusal) => view! { <NoActs refusal/> }.into_any(),
                None => view! { <BulkActs act tags/> }.into_any(),
            }}
        </div>
    }
}

/// What could be done, and why it cannot be.
#[component]
fn NoActs(refusal: String) -> impl IntoView {
    let acts = [("play", "Set status"), ("tag", "Add tag"), ("minus", "Remove tag"), ("x-circle", "Delete")];
    let title = refusal.clone();
    let off = move |(icon, words): (&'static str, &'static str)| {
        view! { <button type="button" class="btn sm ghost" disabled title=title.clone()><Icon name=icon/>{words}</button> }
    };
    view! {
        <span class="muted">{refusal}</span>
        {acts.map(off).into_iter().collect_view()}
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
