//! One choice from a list, bound to what the server last said.

use leptos::prelude::*;

/// A select with its label above, or, with `bare`, with the label only for those who do not see the table around it.
#[component]
pub fn Select(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    /// Value and words of each option.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    #[prop(optional)] bare: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// The id of what says more, such as what is wrong.
    #[prop(optional, into)]
    described_by: MaybeProp<String>,
) -> impl IntoView {
    let now = value.get_untracked();
    let choices = move || {
        options
            .get()
            .into_iter()
            .map(|(word, text)| {
                let first = word == now;
                let own = word.clone();
                // The attribute is for the page as the server writes it, the property for every change after.
                view! { <option value=word selected=first prop:selected=move || value.get() == own>{text}</option> }
            })
            .collect_view()
    };
    let select = view! {
        <select
            class=if bare { "select sm" } else { "select" }
            id=id.clone()
            autocomplete="off"
            aria-label=move || bare.then(|| label.get())
            aria-describedby=move || described_by.get()
            disabled=move || disabled.get()
            on:change=move |event| on_change.run(event_target_value(&event))
        >
            {choices}
        </select>
    };
    match bare {
        true => select.into_any(),
        false => view! { <div class="field"><label for=id>{move || label.get()}</label>{select}</div> }.into_any(),
    }
}
