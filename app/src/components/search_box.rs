use std::time::Duration;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Icon;

/// A search field. It tells what was typed once the typing pauses; without the script, Enter asks for `?q=`.
#[component]
pub fn SearchBox(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_search: Callback<String>,
    #[prop(default = "search")] id: &'static str,
) -> impl IntoView {
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let cancel = move || {
        if let Some(handle) = pending.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    let typed = StoredValue::new(value.get_untracked());
    let search = move |text: String| {
        cancel();
        typed.set_value(text.clone());
        let wait = set_timeout_with_handle(
            move || {
                pending.try_set_value(None);
                on_search.try_run(typed.try_get_value().unwrap_or_default());
            },
            Duration::from_millis(250),
        );
        pending.set_value(wait.ok());
    };
    // What the address says, unless the person is ahead of it.
    let shown = move || {
        let value = value.get();
        if pending.with_value(Option::is_none) {
            typed.set_value(value);
        }
        typed.get_value()
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        cancel();
        on_search.run(typed.get_value());
    };
    view! {
        <form class="search" role="search" method="get" on:submit=submit>
            <Icon name="search"/>
            <input
                class="input"
                id=id
                type="search"
                name="q"
                autocomplete="off"
                aria-label=label.clone()
                placeholder=label
                value=value.get_untracked()
                prop:value=shown
                on:input=move |event| search(event_target_value(&event))
            />
        </form>
    }
}
