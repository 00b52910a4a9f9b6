use leptos::prelude::*;

use super::{Icon, Menu};

/// A filter that is on, with the way to take it off.
#[component]
pub fn FilterChip(
    name: &'static str,
    #[prop(into)] value: String,
    #[prop(into)] on_remove: Callback<()>,
) -> impl IntoView {
    let label = format!("Remove filter: {name} is {value}");
    view! {
        <span class="chip-group">
            <span>{name}</span>
            <b>{value}</b>
            <button type="button" aria-label=label on:click=move |_| on_remove.run(())><Icon name="x"/></button>
        </span>
    }
}

/// A menu of boxes: which of these values are let through.
#[component]
pub fn FilterMenu(
    #[prop(into)] id: String,
    icon: &'static str,
    name: &'static str,
    /// What the list of boxes is called.
    label: &'static str,
    /// Value and words.
    options: Vec<(String, String)>,
    #[prop(into)] chosen: Signal<Vec<String>>,
    #[prop(into)] on_change: Callback<(String, bool)>,
) -> impl IntoView {
    let line = move |(value, words): (String, String)| {
        let known = value.clone();
        view! {
            <li>
                <label class="item">
                    <input
                        type="checkbox"
                        prop:checked=move || chosen.with(|chosen| chosen.contains(&known))
                        on:change=move |event| on_change.run((value.clone(), event_target_checked(&event)))
                    />
                    {words}
                </label>
            </li>
        }
    };
    view! {
        <Menu id icon class="chip dashed" text=move || name>
            <ul aria-label=label>{options.into_iter().map(line).collect_view()}</ul>
        </Menu>
    }
}
