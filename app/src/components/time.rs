use leptos::prelude::*;

use crate::format::{self, Zone};

/// A moment, as people and machines read it: in UTC, and saying so, until the script runs and knows the reader's own
/// clock. The full one, with its zone, stands in the tooltip.
#[component]
pub fn Time(
    /// Unix milliseconds.
    at: i64,
    /// Only the day.
    #[prop(optional)]
    day: bool,
) -> impl IntoView {
    let zone = RwSignal::new(Zone::Utc);
    Effect::new(move |_| zone.set(own_zone(at)));
    let text = move || if day { zone.get().date(at) } else { zone.get().date_time(at) };
    view! { <time datetime=format::machine_time(at) title=move || zone.get().exact(at)>{text}</time> }
}

/// How far this browser's clock is ahead of UTC at that moment: summer time is not the same all year.
fn own_zone(at: i64) -> Zone {
    let moment = js_sys::Date::new(&(at as f64).into());
    Zone::Local(-moment.get_timezone_offset() as i32)
}
