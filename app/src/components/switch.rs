use leptos::prelude::*;

/// An on-off switch; what it is for stands in a `label` with its id.
#[component]
pub fn Switch(
    #[prop(into)] id: String,
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// The id of what says more, such as why it is disabled.
    #[prop(optional, into)]
    described_by: Option<String>,
) -> impl IntoView {
    view! {
        <input
            class="switch"
            type="checkbox"
            role="switch"
            id=id
            checked=checked.get_untracked()
            prop:checked=move || checked.get()
            disabled=move || disabled.get()
            aria-describedby=described_by
            on:change=move |event| on_change.run(event_target_checked(&event))
        />
    }
}
