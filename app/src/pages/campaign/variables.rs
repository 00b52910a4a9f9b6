//! The campaign's variables of one lead, each to be changed where it stands. Enter saves, Esc cancels.

use domain::Act;
use domain::ids::LeadId;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::{html, web_sys};

use super::acts::use_lead_acts;
use crate::list_keys::focus;
use crate::pages::contacts::{Control, Kind};
use crate::server_fns::leads::edit_variable;
use crate::state::{use_refresh, use_session};

type Place = (LeadId, String);

/// Which variable is being typed, and which one gets the focus back: when its input goes, and once more when the panel
/// was read again after a change.
#[derive(Clone, Copy)]
pub struct Typing {
    open: RwSignal<Option<Place>>,
    back: RwSignal<Option<(Place, bool)>>,
}

impl Typing {
    /// Nothing is being typed.
    pub fn new() -> Self {
        Typing { open: RwSignal::new(None), back: RwSignal::new(None) }
    }

    /// The panel was read again: from the next frame on the focus is the person's own.
    pub fn read_again(self) {
        if self.back.with_untracked(Option::is_some) {
            request_animation_frame(move || {
                self.back.try_set(None);
            });
        }
    }

    fn close(self, place: Place, awaited: bool) {
        self.back.set(Some((place, awaited)));
        self.open.set(None);
    }
}

/// Those that the lead has, and those of the campaign that it may get.
#[component]
pub fn Variables(lead: LeadId, names: Vec<String>, values: Vec<(String, String)>, typing: Typing) -> impl IntoView {
    let may = use_session().may(Act::EditCampaigns);
    let missing = names.into_iter().filter(|name| !values.iter().any(|(known, _)| known == name));
    let mut lines: Vec<(String, String)> = values.clone();
    if may {
        lines.extend(missing.map(|name| (name, String::new())));
        lines.sort();
    }
    let line = move |(name, value): (String, String)| view! { <Line place=(lead, name) value may typing/> };
    view! {
        <section aria-labelledby="p-vars">
            <h3 id="p-vars" class="section-title">"Variables "<span class="hint">"only this campaign"</span></h3>
            {if lines.is_empty() {
                view! { <p class="hint">"No variables. An import adds them from columns of its file."</p> }.into_any()
            } else {
                view! { <dl class="facts editable">{lines.into_iter().map(line).collect_view()}</dl> }.into_any()
            }}
        </section>
    }
}

#[component]
fn Line(place: Place, value: String, may: bool, typing: Typing) -> impl IntoView {
    let name = place.1.clone();
    let is_open = {
        let place = place.clone();
        Memo::new(move |_| typing.open.with(|open| open.as_ref() == Some(&place)))
    };
    let parts = StoredValue::new((place, value));
    view! {
        <dt>{name}</dt>
        <dd>
            {move || {
                let (place, value) = parts.get_value();
                if is_open.get() {
                    view! { <Input place value typing/> }.into_any()
                } else {
                    view! { <Value place value may typing/> }.into_any()
                }
            }}
        </dd>
    }
}

#[component]
fn Value(place: Place, value: String, may: bool, typing: Typing) -> impl IntoView {
    let node = NodeRef::<html::Button>::new();
    let here = StoredValue::new(place.clone());
    Effect::new(move |_| {
        let Some(button) = node.get() else { return };
        let Some((place, awaited)) = typing.back.get_untracked() else { return };
        if here.with_value(|here| *here == place) {
            if !awaited {
                typing.back.set(None);
            }
            let _ = button.focus();
        }
    });
    let name = place.1;
    let words = if value.is_empty() { format!("Add {name}") } else { format!("Edit {name}: {value}") };
    let text = if value.is_empty() {
        view! { <span class="none">{if may { "Add" } else { "empty" }}</span> }.into_any()
    } else {
        view! { <span>{value}</span> }.into_any()
    };
    let open = move |_| typing.open.set(Some(here.get_value()));
    let body = if may {
        view! { <button type="button" class="value" node_ref=node aria-label=words title="Click to change" on:click=open>{text}</button> }.into_any()
    } else {
        text
    };
    view! { <span class="held">{body}</span> }
}

#[component]
fn Input(place: Place, value: String, typing: Typing) -> impl IntoView {
    let (acts, refresh) = (use_lead_acts(), use_refresh());
    let text = RwSignal::new(value.clone());
    let refusal = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let label = place.1.clone();
    let here = StoredValue::new(place);
    let form = NodeRef::<html::Form>::new();
    Effect::new(move |_| {
        if let Some(form) = form.get() {
            let control = form.query_selector("input").ok().flatten();
            // as in a table: what is typed replaces, unless someone moves the caret first
            if let Some(line) = control.as_ref().and_then(|control| control.dyn_ref::<web_sys::HtmlInputElement>()) {
                line.select();
            }
            focus(control);
        }
    });
    let close = move || typing.close(here.get_value(), false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (lead, name) = here.get_value();
        spawn_local(async move {
            let edited = edit_variable(lead, name.clone(), text.get_untracked()).await;
            busy.try_set(false);
            match edited {
                Ok(done) if done.count == 0 => typing.close((lead, name), false),
                Ok(done) => {
                    acts.offer(format!("{name} changed."), done.change);
                    typing.close((lead, name), true);
                    refresh.ring();
                }
                Err(failure) => {
                    refusal.try_set(Some(failure.0.message));
                }
            }
        });
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            close();
        }
    };
    view! {
        <form class="edit" node_ref=form novalidate on:submit=submit on:keydown=key>
            <Control label value kind=Kind::Line("text") text refused=Signal::derive(move || refusal.with(Option::is_some)) error_id="variable-error"/>
            <span class="row keep">
                <button type="submit" class="btn sm primary">"Save"</button>
                <button type="button" class="btn sm" on:click=move |_| close()>"Cancel"</button>
            </span>
            <p class="field-error" id="variable-error" role="alert">{move || refusal.get()}</p>
        </form>
    }
}
