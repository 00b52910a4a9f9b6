//! Keys of Duplication Handling: `j` and `k` go from entry to entry, `p` previews, `1` and `2` say who survives, `m`
//! merges, `s` separates, `u` takes the last decision back, `/` searches.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, KeyboardEvent};

use super::desk::Desk;
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
    match event.key().as_str() {
        "j" => step(true),
        "k" => step(false),
        "p" => click("preview"),
        "m" => click("merge"),
        "s" => click("separate"),
        // the one on the left survives already
        "2" => click("flip"),
        "1" => focus(current().and_then(|card| card.query_selector("[data-act=flip]").ok().flatten())),
        "u" => desk.undo(),
        "/" => {
            event.prevent_default();
            focus(document().get_element_by_id("search"));
        }
        _ => {}
    }
}

/// The entry that has the focus.
fn current() -> Option<Element> {
    document().active_element()?.closest(".pair-card").ok().flatten()
}

/// Presses the last button of this act: the one inside an open preview knows its choices.
fn click(act: &str) {
    let Some(card) = current() else { return };
    let Ok(buttons) = card.query_selector_all(&format!("[data-act={act}]:not([disabled])")) else { return };
    let last = buttons.length().checked_sub(1).and_then(|last| buttons.item(last));
    if let Some(button) = last.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        // the entry goes with the decision: its neighbour has the focus then
        if act == "merge" || act == "separate" {
            step(true);
        }
        button.click();
    }
}

fn step(down: bool) {
    let Ok(cards) = document().query_selector_all(".pair-card") else { return };
    let all: Vec<Element> =
        (0..cards.length()).filter_map(|i| cards.item(i)).filter_map(|node| node.dyn_into().ok()).collect();
    let place = current().and_then(|card| all.iter().position(|other| *other == card));
    let next = match (place, down) {
        (None, _) => Some(0),
        (Some(place), true) => Some(place + 1).filter(|next| *next < all.len()),
        (Some(place), false) => place.checked_sub(1),
    };
    focus(next.and_then(|next| all.get(next).cloned()));
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
