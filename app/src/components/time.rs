use leptos::prelude::*;

use crate::format;

/// A moment, as people and machines read it. The full one stands in the tooltip.
#[component]
pub fn Time(
    /// Unix milliseconds.
    at: i64,
    /// Only the day.
    #[prop(optional)]
    day: bool,
) -> impl IntoView {
    let text = if day { format::date(at) } else { format::date_time(at) };
    view! { <time datetime=format::machine_time(at) title=format!("{} UTC", format::date_time(at))>{text}</time> }
}
