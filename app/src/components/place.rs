use leptos::prelude::*;

use crate::format::num;

/// Which part of a list a page is: `51–100 of 240`, and of how many in all where a filter is on.
#[component]
pub fn Place(
    /// The position of the first line, from 1.
    first: u64,
    /// Lines of this page.
    shown: usize,
    /// Lines that match the filter.
    matching: u64,
    /// Lines without the filter.
    total: u64,
    /// What the list is of: `workspace`.
    whole: &'static str,
) -> impl IntoView {
    let last = first + (shown as u64).saturating_sub(1);
    let of_all = (matching != total)
        .then(|| view! { " "<span class="faint desktop-only">{format!("matching, {} in {whole}", num(total))}</span> });
    view! { {format!("{}–{} of {}", num(first), num(last), num(matching))}{of_all} }
}
