use leptos::prelude::*;

/// A picture of the sprite `style/assets/icons.svg`; words stand beside it or in the label of its button.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! { <svg class="icon" aria-hidden="true"><use_ href=format!("/icons.svg#i-{name}")></use_></svg> }
}
