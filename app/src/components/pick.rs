use leptos::html;
use leptos::prelude::*;

use super::Selection;
use crate::list_keys::focus;

/// The box in the head of a list: ticks the page, or nothing.
#[component]
pub fn PickPage<Id>(ids: Signal<Vec<Id>>, selection: RwSignal<Selection<Id>>) -> impl IntoView
where
    Id: Ord + Copy + Send + Sync + 'static,
{
    let every = move || {
        selection.with(|selection| ids.with(|ids| !ids.is_empty() && ids.iter().all(|&id| selection.holds(id))))
    };
    let partial = move || !every() && selection.with(|selection| !selection.is_empty());
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = node.get() {
            input.set_indeterminate(partial());
        }
    });
    let pick = move |event| {
        let on = event_target_checked(&event);
        selection.set(if on { ids.with_untracked(|ids| Selection::of_page(ids)) } else { Selection::default() });
    };
    view! {
        <label class="pick">
            <input type="checkbox" node_ref=node class:partial=partial aria-label="Select this page" prop:checked=every on:change=pick/>
        </label>
    }
}

/// What has the focus once a bar of acts is gone with the selection: the box in the head of the list.
pub fn focus_pick_page() {
    request_animation_frame(|| {
        let lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
        if lost {
            focus(document().query_selector("#main thead .pick input").ok().flatten());
        }
    });
}

/// The box of one line.
#[component]
pub fn PickLine<Id>(
    id: Id,
    /// What the line is called.
    #[prop(into)]
    name: String,
    ids: Signal<Vec<Id>>,
    selection: RwSignal<Selection<Id>>,
) -> impl IntoView
where
    Id: Ord + Copy + Send + Sync + 'static,
{
    let pick = move |event| {
        selection.update(|selection| ids.with_untracked(|ids| selection.set(id, event_target_checked(&event), ids)));
    };
    view! {
        <label class="pick">
            <input type="checkbox" aria-label=format!("Select {name}") prop:checked=move || selection.with(|selection| selection.holds(id)) on:change=pick/>
        </label>
    }
}
