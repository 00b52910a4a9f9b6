//! Single keys, the dialog that lists them, and the palette: what a person who does not reach for the mouse has on every
//! page. `keys` says which key does what on which page; the listener here, the pages and the dialog all ask it.

mod help;
pub mod keys;
mod palette;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, KeyboardEvent};
use leptos_router::hooks::use_location;

use crate::list_keys::focus;
use crate::state::{may_press, single_keys};
use help::HelpDialog;
use keys::Does;
use palette::Palette;

/// What is open over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// The list of keys.
    Help,
    /// The palette.
    Palette,
}

/// Listens for the keys of every page and shows the dialog and the palette. Belongs to the layout; `single` is whether
/// single keys act, with the way to change that.
#[component]
pub fn Shortcuts(open: RwSignal<Option<Over>>, single: Signal<bool>, set_single: Callback<bool>) -> impl IntoView {
    Effect::new(move |_| {
        let listener = window_event_listener(ev::keydown, move |event| press(&event, open));
        on_cleanup(move || listener.remove());
    });
    let close = Callback::new(move |()| open.set(None));
    // Whoever went somewhere by the palette is there with the focus too, once the page is.
    let location = use_location();
    let went = StoredValue::new(false);
    Effect::new(move |_| {
        location.pathname.track();
        location.search.track();
        if went.get_value() {
            went.set_value(false);
            request_animation_frame(|| focus(document().get_element_by_id("main")));
        }
    });
    move || {
        open.get().map(|over| match over {
            Over::Help => view! { <HelpDialog single set_single close/> }.into_any(),
            Over::Palette => view! { <Palette open single set_single went/> }.into_any(),
        })
    }
}

fn press(event: &KeyboardEvent, open: RwSignal<Option<Over>>) {
    if keys::is_palette(event) {
        return turn_palette(event, open);
    }
    if !may_press(event) || !single_keys() {
        return;
    }
    if meant(event).is_some_and(|does| run(does, open)) {
        event.prevent_default();
    }
}

/// What a key does on the page that is shown.
pub fn meant(event: &KeyboardEvent) -> Option<Does> {
    keys::here().does(&event.key())
}

/// Does what is the same on every page, and says whether it was that; the rest its page does.
fn run(does: Does, open: RwSignal<Option<Over>>) -> bool {
    match does {
        Does::Help => open.set(Some(Over::Help)),
        Does::Palette => open.set(Some(Over::Palette)),
        Does::Search => focus(document().get_element_by_id("search")),
        Does::Create => press_create(),
        Does::NextLine => step(true),
        Does::LineBefore => step(false),
        // a link of its own accord, and what list_keys and Duplication Handling do
        Does::Open | Does::Close | Does::NextEntry | Does::EntryBefore | Does::Preview => return false,
        Does::Merge | Does::Separate | Does::First | Does::Second | Does::Undo => return false,
    }
    true
}

/// Opens the palette, or closes it; over another dialog it stays away. Works while someone types, too.
fn turn_palette(event: &KeyboardEvent, open: RwSignal<Option<Over>>) {
    let now = open.get_untracked();
    let other = document().query_selector("dialog[open]").ok().flatten().is_some() && now != Some(Over::Palette);
    if other || event.default_prevented() {
        return;
    }
    event.prevent_default();
    open.set(if now == Some(Over::Palette) { None } else { Some(Over::Palette) });
}

/// The button in the head of the page that makes something new.
const CREATE: &str = "#main .page-head .actions .btn.primary";

fn press_create() {
    if let Some(button) = html(document().query_selector(CREATE).ok().flatten()) {
        // so that the dialog gives the focus back to it
        let _ = button.focus();
        button.click();
    }
}

/// Goes from line to line of the table on the page: to the link that names a line, or else to the first thing in it that
/// can be used.
fn step(down: bool) {
    let lines = "#main .table-wrap tbody tr";
    let line = document().active_element().and_then(|active| active.closest(lines).ok().flatten());
    let next = match line {
        Some(line) if down => line.next_element_sibling(),
        Some(line) => line.previous_element_sibling(),
        None => {
            let open = document().query_selector(&format!("{lines}:has(.name > a[aria-current])")).ok().flatten();
            open.or_else(|| document().query_selector(lines).ok().flatten())
        }
    };
    focus(next.and_then(|line| {
        let inside = ["th .name > a", "th a", "a[href], button:not([disabled])"];
        inside.iter().find_map(|what| line.query_selector(what).ok().flatten())
    }));
}

fn html(element: Option<Element>) -> Option<HtmlElement> {
    element.and_then(|element| element.dyn_into().ok())
}
