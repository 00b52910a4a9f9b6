//! Where a person is in the list. What was decided goes away with the focus in it; the entry that comes to stand there
//! has the focus then, so that the next key is about what a person sees.

use domain::suspect::SuspectPage;
use leptos::ev::FocusEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use super::keys::neighbour;
use crate::list_keys::focus;

/// The attribute of an entry's element with its key.
const KEY: &str = "data-entry";
/// The attribute of the list with the entry that had the focus last, and with its number.
const LAST: &str = "data-last";
const LAST_NUMBER: &str = "data-last-number";

/// Notes which entry has the focus now.
pub fn remember(event: &FocusEvent) {
    let card = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(card) = card.and_then(|target| target.closest(".pair-card").ok().flatten()) else { return };
    let (Some(queue), Some(key)) = (queue(), card.get_attribute(KEY)) else { return };
    let number = cards().iter().position(|other| *other == card).unwrap_or_default();
    let _ = queue.set_attribute(LAST, &key);
    let _ = queue.set_attribute(LAST_NUMBER, &number.to_string());
}

/// Gives the focus back whenever the list was read again and what had it is gone.
pub fn keep(list: Signal<Option<SuspectPage>>) {
    Effect::new(move |again: Option<()>| {
        list.track();
        if again.is_some() {
            // the elements follow the list within this turn of the browser
            request_animation_frame(restore);
        }
    });
}

fn restore() {
    let lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    let Some(queue) = queue().filter(|_| lost) else { return };
    let (Some(key), Some(number)) = (queue.get_attribute(LAST), queue.get_attribute(LAST_NUMBER)) else { return };
    let cards = cards();
    let same = cards.iter().find(|card| card.get_attribute(KEY).as_deref() == Some(&key));
    let there = number.parse::<usize>().ok().and_then(|number| cards.get(number));
    let card = same.or(there).or(cards.last()).cloned();
    focus(card.or_else(|| document().get_element_by_id("main")));
}

fn queue() -> Option<Element> {
    document().get_element_by_id("queue")
}

fn cards() -> Vec<Element> {
    let first = document().query_selector("#queue .pair-card").ok().flatten();
    std::iter::successors(first, |card| neighbour(card, true)).collect()
}
