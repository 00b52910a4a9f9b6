use leptos::prelude::*;

use super::Icon;

/// The head of a column that sorts: a link, so that the order stands in the address.
#[component]
pub fn SortHead(
    /// `ascending`, `descending` or `none`.
    #[prop(into)]
    order: Signal<&'static str>,
    /// Where the list is sorted by this column, or turned round.
    #[prop(into)]
    href: Signal<String>,
    class: &'static str,
    #[prop(into)] label: String,
) -> impl IntoView {
    let icon = move || match order.get() {
        "none" => view! { <Icon name="updown"/> },
        "ascending" => view! { <Icon name="chevron-up"/> },
        _ => view! { <Icon name="chevron-down"/> },
    };
    view! {
        <th scope="col" class=class aria-sort=move || order.get()>
            <a class="sort" data-noscroll="" href=move || href.get()>{label}" "{icon}</a>
        </th>
    }
}
