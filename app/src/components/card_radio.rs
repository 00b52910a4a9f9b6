use leptos::prelude::*;

/// One choice of a group as a card; the whole card is the label. Children stand below the sentence: what this choice
/// would do (`class="live"`), an example (`class="eg hint"`).
#[component]
pub fn CardRadio(
    /// The group.
    name: &'static str,
    #[prop(into)] value: String,
    #[prop(into)] title: String,
    #[prop(optional, into)] sentence: String,
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_select: Callback<()>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <label class="card-radio">
            <input
                type="radio"
                name=name
                value=value
                checked=checked.get_untracked()
                prop:checked=move || checked.get()
                disabled=move || disabled.get()
                on:change=move |_| on_select.run(())
            />
            <span class="t">{title}</span>
            {(!sentence.is_empty()).then(|| view! { <span class="d">{sentence}</span> })}
            {children.map(|children| children())}
        </label>
    }
}
