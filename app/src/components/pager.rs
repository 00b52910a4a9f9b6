use leptos::prelude::*;

/// The foot of a list: what is shown (children), and links to the pages before and after.
#[component]
pub fn Pager(
    /// Address of the page before; none at the start.
    #[prop(into)]
    previous: Option<String>,
    /// Address of the page after; none at the end.
    #[prop(into)]
    next: Option<String>,
    children: Children,
) -> impl IntoView {
    let link = |href: Option<String>, text: &'static str, rel: &'static str| match href {
        Some(href) => view! { <a class="btn sm" href=href rel=rel>{text}</a> }.into_any(),
        None => view! { <button type="button" class="btn sm" disabled>{text}</button> }.into_any(),
    };
    view! {
        <nav class="pager" aria-label="Pages">
            <span>{children()}</span>
            <span class="row">{link(previous, "Previous", "prev")}{link(next, "Next", "next")}</span>
        </nav>
    }
}
