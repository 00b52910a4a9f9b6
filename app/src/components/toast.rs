use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::reactive::send_wrapper_ext::SendOption;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, FocusEvent, HtmlElement};

use super::Icon;
use crate::Failure;

type Act = Arc<dyn Fn() + Send + Sync>;
/// What a toast offers: the icon, the words and what they do.
type ShownAct = (&'static str, &'static str, Act);

/// So many are shown; an older one makes room.
const SHOWN: usize = 3;

#[derive(Clone)]
struct Toast {
    /// Tells it from others of the same words.
    number: u32,
    text: String,
    bad: bool,
    act: Option<ShownAct>,
}

/// The words that are said now, newest first.
#[derive(Clone, Default)]
struct Queue {
    said: u32,
    toasts: Vec<Toast>,
}

impl Queue {
    /// Adds one. Of those before it, one without an act makes room first: an offer is not lost to a plain sentence.
    fn push(&mut self, text: String, bad: bool, act: Option<ShownAct>) {
        self.said = self.said.wrapping_add(1);
        if self.toasts.len() >= SHOWN {
            let plain = self.toasts.iter().rposition(|toast| toast.act.is_none());
            self.toasts.remove(plain.unwrap_or(self.toasts.len() - 1));
        }
        self.toasts.insert(0, Toast { number: self.said, text, bad, act });
    }

    fn remove(&mut self, number: u32) {
        self.toasts.retain(|toast| toast.number != number);
    }
}

/// Says in passing what happened, from anywhere in the app.
#[derive(Clone, Copy)]
pub struct Toasts(RwSignal<Queue>);

impl Toasts {
    /// One for the whole app, in context.
    pub fn provide() {
        provide_context(Toasts(RwSignal::new(Queue::default())));
    }

    /// Says what was done.
    pub fn say(&self, text: impl Into<String>) {
        self.push(text.into(), false, None);
    }

    /// Says why something was not done.
    pub fn fail(&self, failure: &Failure) {
        self.push(failure.to_string(), true, None);
    }

    /// Says what was done, with a way to take it back. The page that offers it may be gone by then: `act` must hold
    /// nothing of it.
    pub fn offer(&self, text: impl Into<String>, label: &'static str, act: impl Fn() + Send + Sync + 'static) {
        self.push(text.into(), false, Some(("undo", label, Arc::new(act))));
    }

    /// Says what happened, with the way there. The page that says so may be gone by then: `act` must hold nothing of it.
    pub fn lead(&self, text: impl Into<String>, label: &'static str, act: impl Fn() + Send + Sync + 'static) {
        self.push(text.into(), false, Some(("arrow-right", label, Arc::new(act))));
    }

    fn push(&self, text: String, bad: bool, act: Option<ShownAct>) {
        self.0.update(|queue| queue.push(text, bad, act));
    }
}

/// The app's one place for passing words.
pub fn use_toasts() -> Toasts {
    expect_context()
}

/// Where the words appear: each for ten seconds, and for as long as someone points at them or has the focus in them. When
/// one goes by its own buttons, the focus returns to where it came from.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let Toasts(queue) = use_toasts();
    let held = RwSignal::new(false);
    let came_from = StoredValue::new(SendOption::<Element>::new_local(None));
    let enter = move |event: FocusEvent| {
        let before = event.related_target().and_then(|target| target.dyn_into::<Element>().ok());
        let from_a_toast = before.as_ref().is_some_and(|before| before.closest(".toasts").ok().flatten().is_some());
        if !from_a_toast {
            came_from.update_value(|kept| **kept = before);
        }
        held.set(true);
    };
    let close = Callback::new(move |number: u32| {
        queue.update(|queue| queue.remove(number));
        held.set(false);
        return_focus(came_from.try_update_value(|kept| Option::take(kept)).flatten());
    });
    view! {
        <div
            class="toasts"
            role="status"
            on:pointerenter=move |_| held.set(true)
            on:pointerleave=move |_| held.set(false)
            on:focusin=enter
            on:focusout=move |_| held.set(false)
        >
            <For each=move || queue.with(|queue| queue.toasts.clone()) key=|toast| toast.number let:toast>
                <OneToast toast queue held close/>
            </For>
        </div>
    }
}

#[component]
fn OneToast(toast: Toast, queue: RwSignal<Queue>, held: RwSignal<bool>, close: Callback<u32>) -> impl IntoView {
    let Toast { number, text, bad, act } = toast;
    Effect::new(move |_| {
        if held.get() {
            return;
        }
        let gone = move || queue.update(|queue| queue.remove(number));
        let wait = set_timeout_with_handle(gone, Duration::from_secs(10));
        on_cleanup(move || {
            if let Ok(wait) = wait {
                wait.clear();
            }
        });
    });
    let act = act.map(|(icon, label, act)| {
        let run = move |_| {
            close.run(number);
            act();
        };
        view! { <button type="button" class="btn sm" on:click=run><Icon name=icon/>{label}</button> }
    });
    view! {
        <div class=if bad { "toast bad" } else { "toast good" }>
            <Icon name=if bad { "warning" } else { "check" }/>
            <span>{text}</span>
            {act}
            <button type="button" class="btn sm square ghost" aria-label="Dismiss" on:click=move |_| close.run(number)>
                <Icon name="x"/>
            </button>
        </div>
    }
}

/// The focus was on a button that is gone: it goes back to where it was, or to the page.
fn return_focus(before: Option<Element>) {
    let before = before.filter(|before| before.is_connected()).or_else(|| document().get_element_by_id("main"));
    if let Some(before) = before.and_then(|before| before.dyn_into::<HtmlElement>().ok()) {
        let _ = before.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer() -> Option<ShownAct> {
        Some(("undo", "Undo", Arc::new(|| ())))
    }

    fn words(queue: &Queue) -> Vec<&str> {
        queue.toasts.iter().map(|toast| toast.text.as_str()).collect()
    }

    #[test]
    fn a_plain_sentence_takes_no_offer_away() {
        let mut queue = Queue::default();
        queue.push("deleted".to_owned(), false, offer());
        queue.push("said".to_owned(), false, None);
        assert_eq!(words(&queue), ["said", "deleted"]);
        queue.push("tagged".to_owned(), false, offer());
        queue.push("said again".to_owned(), false, None);
        assert_eq!(words(&queue), ["said again", "tagged", "deleted"]);
        queue.push("refused".to_owned(), true, None);
        assert_eq!(words(&queue), ["refused", "tagged", "deleted"]);
        for text in ["third", "fourth"] {
            queue.push(text.to_owned(), false, offer());
        }
        assert_eq!(words(&queue), ["fourth", "third", "tagged"]);
        let number = queue.toasts[1].number;
        queue.remove(number);
        assert_eq!(words(&queue), ["fourth", "tagged"]);
    }
}
