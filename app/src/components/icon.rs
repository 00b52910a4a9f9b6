use leptos::prelude::*;

/// A picture of the sprite `style/assets/icons.svg`; words stand beside it or in the label of its button.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! { <svg class="icon" aria-hidden="true"><use_ href=format!("/icons.svg#i-{name}")></use_></svg> }
}

/// The mark of the product. Its address is computed on purpose: the macro writes the tag of a picture without anything
/// computed as it stands in the source, and `use` cannot stand there.
#[component]
pub fn Mark(#[prop(optional)] big: bool) -> impl IntoView {
    let href = "/icons.svg#i-mark".to_owned();
    view! { <svg class=if big { "mark big" } else { "mark" } aria-hidden="true"><use_ href=href></use_></svg> }
}
