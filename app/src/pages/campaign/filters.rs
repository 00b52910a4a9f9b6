//! Which leads are listed: by status and by tag. The choice stands in the address.

use domain::LeadStatus;
use leptos::prelude::*;

use super::view::ListView;
use crate::components::{FilterChip, FilterMenu, Menu, StatusBadge};

/// What is chosen as chips that can be removed, and two menus to choose from.
#[component]
pub fn Filters(view: Memo<ListView>, tags: Vec<String>, go: Callback<ListView>) -> impl IntoView {
    let statuses = Memo::new(move |_| view.with(|view| view.query.filter.statuses.clone()));
    let chosen_tags = Memo::new(move |_| view.with(|view| view.query.filter.tags.clone()));
    let set_status = move |status: LeadStatus, on: bool| {
        go.run(view.get_untracked().filtered(|filter| {
            filter.statuses.retain(|known| *known != status);
            if on {
                filter.statuses.push(status);
            }
        }));
    };
    let set_tag = move |tag: &str, on: bool| {
        go.run(view.get_untracked().filtered(|filter| {
            filter.tags.retain(|known| known != tag);
            if on {
                filter.tags.push(tag.to_owned());
            }
        }));
    };
    let status_line = move |status: LeadStatus| {
        view! {
            <li>
                <label class="item">
                    <input type="checkbox" prop:checked=move || statuses.with(|chosen| chosen.contains(&status)) on:change=move |event| set_status(status, event_target_checked(&event))/>
                    <StatusBadge status/>
                </label>
            </li>
        }
    };
    let status_chip = move || {
        let chosen = statuses.get();
        let words: Vec<_> = chosen.iter().map(|status| status.label()).collect();
        (!chosen.is_empty()).then(|| view! {
            <FilterChip name="Status" value=words.join(" or ") on_remove=move |()| go.run(view.get_untracked().filtered(|filter| filter.statuses.clear()))/>
        })
    };
    let tag_chip = move || {
        let chosen = chosen_tags.get();
        (!chosen.is_empty()).then(|| view! {
            <FilterChip name="Tag" value=chosen.join(" or ") on_remove=move |()| go.run(view.get_untracked().filtered(|filter| filter.tags.clear()))/>
        })
    };
    view! {
        {status_chip}
        {tag_chip}
        <Menu id="filter-status" icon="filter" class="chip dashed" text=|| "Status">
            <ul aria-label="Show leads with any of these statuses">{LeadStatus::ALL.iter().map(|&one| status_line(one)).collect_view()}</ul>
        </Menu>
        {(!tags.is_empty()).then(|| view! {
            <FilterMenu
                id="filter-tag"
                icon="tag"
                name="Tag"
                label="Show leads with any of these tags"
                options=tags.into_iter().map(|tag| (tag.clone(), tag)).collect()
                chosen=chosen_tags
                on_change=move |(tag, on): (String, bool)| set_tag(&tag, on)
            />
        })}
    }
}
