//! What a list with a panel adds to the keys of every page: Esc closes the panel.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::shortcuts::keys::Does;
use crate::shortcuts::meant;
use crate::state::may_press;

/// Listens while the list is on the screen; off inside inputs, dialogs and popovers. Esc is no letter: it acts also where
/// the member switched single keys off.
pub fn on_escape(close: Callback<()>) {
    let press = move |event: KeyboardEvent| {
        if may_press(&event) && meant(&event) == Some(Does::Close) {
            close.try_run(());
        }
    };
    Effect::new(move |_| {
        let listener = window_event_listener(ev::keydown, press);
        on_cleanup(move || listener.remove());
    });
}

/// Moves the focus, if what should have it is there.
pub fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
