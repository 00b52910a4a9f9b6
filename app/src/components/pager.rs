use leptos::prelude::*;

/// The foot of a list: what is shown (children), and links to the pages before and after.
#[component]
pub fn Pager(
    /// Address of the page before; none at the start.
    #[prop(into)]
    previous: Signal<Option<String>>,
    /// Address of the page after; none at the end.
    #[prop(into)]
    next: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    // A link stays the same element from page to page, so that it keeps the focus.
    let link = |href: Signal<Option<String>>, text: &'static str, rel: &'static str| {
        let off = move || href.with(Option::is_none).then_some("true");
        view! { <a class="btn sm" role="link" href=move || href.get() rel=rel aria-disabled=off>{text}</a> }
    };
    view! {
        <nav class="pager" aria-label="Pages">
            <span>{children()}</span>
            <span class="row">{link(previous, "Previous", "prev")}{link(next, "Next", "next")}</span>
        </nav>
    }
}
