use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::Icon;
use crate::Failure;

type Act = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    text: String,
    bad: bool,
    /// The icon, the words and what they do.
    act: Option<(&'static str, &'static str, Act)>,
}

/// Says in passing what happened, from anywhere in the app.
#[derive(Clone, Copy)]
pub struct Toasts(RwSignal<Option<Toast>>);

impl Toasts {
    /// One for the whole app, in context.
    pub fn provide() {
        provide_context(Toasts(RwSignal::new(None)));
    }

    /// Says what was done.
    pub fn say(&self, text: impl Into<String>) {
        self.0.set(Some(Toast { text: text.into(), bad: false, act: None }));
    }

    /// Says why something was not done.
    pub fn fail(&self, failure: &Failure) {
        self.0.set(Some(Toast { text: failure.0.message.clone(), bad: true, act: None }));
    }

    /// Says what was done, with a way to take it back. The page that offers it may be gone by then: `act` must hold
    /// nothing of it.
    pub fn offer(&self, text: impl Into<String>, label: &'static str, act: impl Fn() + Send + Sync + 'static) {
        self.0.set(Some(Toast { text: text.into(), bad: false, act: Some(("undo", label, Arc::new(act))) }));
    }

    /// Says what happened, with the way there. The page that says so may be gone by then: `act` must hold nothing of it.
    pub fn lead(&self, text: impl Into<String>, label: &'static str, act: impl Fn() + Send + Sync + 'static) {
        let act: Act = Arc::new(act);
        self.0.set(Some(Toast { text: text.into(), bad: false, act: Some(("arrow-right", label, act)) }));
    }
}

/// The app's one place for passing words.
pub fn use_toasts() -> Toasts {
    expect_context()
}

/// Where the words appear: for ten seconds, and for as long as someone points at them or has the focus in them.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let Toasts(toast) = use_toasts();
    let held = RwSignal::new(false);
    Effect::new(move |_| {
        if toast.with(Option::is_none) || held.get() {
            return;
        }
        let wait = set_timeout_with_handle(move || toast.set(None), Duration::from_secs(10));
        on_cleanup(move || {
            if let Ok(wait) = wait {
                wait.clear();
            }
        });
    });
    let close = move || {
        toast.set(None);
        held.set(false);
    };
    view! {
        <div
            class="toasts"
            role="status"
            on:pointerenter=move |_| held.set(true)
            on:pointerleave=move |_| held.set(false)
            on:focusin=move |_| held.set(true)
            on:focusout=move |_| held.set(false)
        >
            {move || {
                toast.get().map(|Toast { text, bad, act }| {
                    let act = act.map(|(icon, label, act)| {
                        let run = move |_| {
                            close();
                            act();
                        };
                        view! { <button type="button" class="btn sm" on:click=run><Icon name=icon/>{label}</button> }
                    });
                    view! {
                        <div class=if bad { "toast bad" } else { "toast good" }>
                            <Icon name=if bad { "warning" } else { "check" }/>
                            <span>{text}</span>
                            {act}
                            <button type="button" class="btn sm square ghost" aria-label="Dismiss" on:click=move |_| close()>
                                <Icon name="x"/>
                            </button>
                        </div>
                    }
                })
            }}
        </div>
    }
}
