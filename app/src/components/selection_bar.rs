use leptos::prelude::*;

use super::{Icon, Selection, focus_pick_page};
use crate::format::num;

/// What can be done to the ticked lines (children), with their count, the way to tick all that match, and to tick none. In
/// the flow above the table, so that it never covers a focused row.
#[component]
pub fn SelectionBar<Id>(
    /// Lines of this page.
    on_page: u64,
    /// Lines that match the filter.
    matching: u64,
    selection: RwSignal<Selection<Id>>,
    children: Children,
) -> impl IntoView
where
    Id: Ord + Copy + Send + Sync + 'static,
{
    let clear = move |_| {
        selection.set(Selection::default());
        focus_pick_page();
    };
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
            <button type="button" class="btn sm square ghost" aria-label="Clear selection" title="Clear selection" on:click=clear>
                <Icon name="x"/>
            </button>
            <span class="num" role="status"><strong>{move || num(selection.with(|selection| selection.count(matching)))}</strong>" selected "</span>
            {all}
            <span class="spacer"></span>
            {children()}
        </div>
    }
}
