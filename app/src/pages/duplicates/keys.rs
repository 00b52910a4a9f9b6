//! Keys of Duplication Handling: what the table of `shortcuts::keys` says of its entries.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, KeyboardEvent};

use super::desk::Desk;
use crate::list_keys::focus;
use crate::shortcuts::keys::Does;
use crate::shortcuts::meant;
use crate::state::{may_press, single_keys};

/// Listens while the page is on the screen.
pub fn listen(desk: Desk) {
    Effect::new(move |_| {
        let listener = window_event_listener(ev::keydown, move |event| press(&event, desk));
        on_cleanup(move || listener.remove());
    });
}

fn press(event: &KeyboardEvent, desk: Desk) {
    if !may_press(event) || !single_keys() {
        return;
    }
    match meant(event) {
        Some(Does::NextEntry) => step(true),
        Some(Does::EntryBefore) => step(false),
        Some(Does::Preview) => _ = click("preview"),
        Some(Does::Merge) => decide("merge", desk),
        Some(Does::Separate) => decide("separate", desk),
        // the one on the left survives already
        Some(Does::Second) => _ = click("flip"),
        Some(Does::First) => focus(current().and_then(|card| card.query_selector("[data-act=flip]").ok().flatten())),
        Some(Does::Undo) => desk.undo(),
        _ => {}
    }
}

/// The entry that has the focus.
fn current() -> Option<Element> {
    document().active_element()?.closest(".pair-card").ok().flatten()
}

/// Decides about the entry with the focus, and goes on: a staged entry stays, so the next one gets the focus; one that
/// goes away leaves its place to the next (`place`).
fn decide(act: &str, desk: Desk) {
    if click(act) && desk.stages.get_untracked() {
        step(true);
    }
}

/// Presses the button of this act, the one inside an open preview if there is one: it knows its choices.
fn click(act: &str) -> bool {
    let Some(card) = current() else { return false };
    let inside = card.query_selector(&format!(".compare [data-act={act}]:not([disabled])")).ok().flatten();
    let outside = || card.query_selector(&format!("[data-act={act}]:not([disabled])")).ok().flatten();
    let button = inside.or_else(outside).and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let Some(button) = &button {
        button.click();
    }
    button.is_some()
}

fn step(down: bool) {
    let next = match current() {
        None => document().query_selector(".pair-card").ok().flatten(),
        Some(card) => neighbour(&card, down),
    };
    focus(next);
}

/// The entry below or above, also across the edge of a band.
pub fn neighbour(card: &Element, down: bool) -> Option<Element> {
    let beside = |of: &Element| if down { of.next_element_sibling() } else { of.previous_element_sibling() };
    let mut other = beside(card);
    while let Some(found) = other {
        if found.matches(".pair-card").unwrap_or(false) {
            return Some(found);
        }
        other = beside(&found);
    }
    let band = beside(&card.closest(".queue-band").ok().flatten()?)?;
    let edge = if down { ".pair-card" } else { ".pair-card:last-of-type" };
    band.query_selector(edge).ok().flatten()
}
