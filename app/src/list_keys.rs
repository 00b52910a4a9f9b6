//! Keys of a list: `/` searches, `j` and `k` go down and up, Enter opens (as on any link), Esc closes the panel.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::state::{may_press, single_keys};

/// Listens while the list is on the screen; off inside inputs, dialogs and popovers, and where the member switched
/// single keys off.
///
/// `list` is the id of the list's frame, whose lines have a link in `.name`.
pub fn listen(list: &'static str, on_escape: Callback<()>) {
    Effect::new(move |_| {
        let listener = window_event_listener(ev::keydown, move |event| press(&event, list, on_escape));
        on_cleanup(move || listener.remove());
    });
}

fn press(event: &KeyboardEvent, list: &str, on_escape: Callback<()>) {
    if !may_press(event) {
        return;
    }
    match event.key().as_str() {
        "Escape" => {
            on_escape.try_run(());
        }
        "/" if single_keys() => {
            event.prevent_default();
            focus(document().get_element_by_id("search"));
        }
        "j" if single_keys() => step(list, true),
        "k" if single_keys() => step(list, false),
        _ => {}
    }
}

fn step(list: &str, down: bool) {
    let body = format!("#{list} tbody");
    let row = document().active_element().and_then(|active| active.closest(&format!("{body} tr")).ok().flatten());
    let link = match row {
        Some(row) => {
            let other = if down { row.next_element_sibling() } else { row.previous_element_sibling() };
            other.and_then(|row| row.query_selector(".name > a").ok().flatten())
        }
        None => [".name > a[aria-current]", ".name > a"]
            .iter()
            .find_map(|link| document().query_selector(&format!("{body} {link}")).ok().flatten()),
    };
    focus(link);
}

/// Moves the focus, if what should have it is there.
pub fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
