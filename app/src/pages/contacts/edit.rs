//! One field of the panel: its value, and the input that takes its place. Enter saves, Esc cancels.

use domain::contact::{ContactField, Edited};
use domain::custom::{join_choices, split_choices};
use domain::ids::ContactId;
use domain::{CustomField, FieldKind, PersonField};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::{html, web_sys};

use super::acts::use_contact_acts;
use crate::components::{Icon, Time};
use crate::list_keys::focus;
use crate::server_fns::contacts::edit_contact;
use crate::state::use_refresh;

/// How a field is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A line, with what a phone's keyboard should offer.
    Line(&'static str),
    /// A web address, shown as a link.
    Link,
    /// A day.
    Day,
    /// One of these, or nothing.
    One(Vec<(String, String)>),
    /// Any of these.
    Any(Vec<String>),
}

impl Kind {
    /// Of a field that everyone has.
    pub fn of_person(field: PersonField) -> Self {
        match field {
            PersonField::Email => Kind::Line("email"),
            PersonField::Phone => Kind::Line("tel"),
            PersonField::LinkedinUrl | PersonField::LinkedinUrlSalesNav => Kind::Link,
            _ => Kind::Line("text"),
        }
    }

    /// Of a field of the team's own.
    pub fn of_custom(field: &CustomField) -> Self {
        match field.kind {
            FieldKind::Text => Kind::Line("text"),
            FieldKind::Number => Kind::Line("decimal"),
            FieldKind::Date => Kind::Day,
            FieldKind::YesNo => Kind::One(
                [("yes", "Yes"), ("no", "No")].map(|(value, words)| (value.to_owned(), words.to_owned())).into(),
            ),
            FieldKind::Choice => {
                Kind::One(field.options.iter().map(|option| (option.clone(), option.clone())).collect())
            }
            FieldKind::Choices => Kind::Any(field.options.clone()),
            FieldKind::Url => Kind::Link,
        }
    }
}

/// Which field is being typed, and which one gets the focus back: when its input goes, and once more when the panel was
/// read again after a change.
#[derive(Clone, Copy)]
pub struct Editing {
    open: RwSignal<Option<(ContactId, ContactField)>>,
    back: RwSignal<Option<Back>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Back {
    to: (ContactId, ContactField),
    /// The panel is being read again.
    awaited: bool,
}

impl Editing {
    /// Nothing is being typed.
    pub fn new() -> Self {
        Editing { open: RwSignal::new(None), back: RwSignal::new(None) }
    }

    /// The panel was read again: from the next frame on the focus is the person's own.
    pub fn read_again(self) {
        if self.back.get_untracked().is_some() {
            request_animation_frame(move || {
                self.back.try_set(None);
            });
        }
    }

    fn close(self, to: (ContactId, ContactField), awaited: bool) {
        self.back.set(Some(Back { to, awaited }));
        self.open.set(None);
    }
}

/// Label and value; a click or Enter on the value opens its input.
#[component]
pub fn FieldLine(
    contact: ContactId,
    field: ContactField,
    label: String,
    value: String,
    kind: Kind,
    /// Where the value came from, and when.
    origin: Option<(String, i64)>,
    may: bool,
    editing: Editing,
) -> impl IntoView {
    let here = (contact, field);
    let is_open = Memo::new(move |_| editing.open.get() == Some(here));
    let shown = match &kind {
        Kind::One(options) => {
            options.iter().find(|(known, _)| *known == value).map_or_else(|| value.clone(), |(_, words)| words.clone())
        }
        _ => value.clone(),
    };
    let link = matches!(kind, Kind::Link).then(|| web_address(&value)).flatten();
    let (words, typed) = (StoredValue::new((label.clone(), shown, origin, link)), StoredValue::new((kind, value)));
    let name = StoredValue::new(label.clone());
    view! {
        <dt>{label}</dt>
        <dd>
            {move || {
                if is_open.get() {
                    let (kind, value) = typed.get_value();
                    view! { <Input here label=name.get_value() value kind editing/> }.into_any()
                } else {
                    let (label, shown, origin, link) = words.get_value();
                    view! { <Value here label shown origin link may editing/> }.into_any()
                }
            }}
        </dd>
    }
}

/// An address that may be a link: nothing but the web.
fn web_address(value: &str) -> Option<String> {
    let with_scheme = if value.contains("://") { value.to_owned() } else { format!("https://{value}") };
    let web = with_scheme.starts_with("https://") || with_scheme.starts_with("http://");
    (web && !value.is_empty()).then_some(with_scheme)
}

#[component]
fn Value(
    here: (ContactId, ContactField),
    label: String,
    shown: String,
    origin: Option<(String, i64)>,
    link: Option<String>,
    may: bool,
    editing: Editing,
) -> impl IntoView {
    let node = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(button) = node.get()
            && let Some(back) = editing.back.get_untracked().filter(|back| back.to == here)
        {
            if !back.awaited {
                editing.back.set(None);
            }
            let _ = button.focus();
        }
    });
    let open = move |_| editing.open.set(Some(here));
    let text = if shown.is_empty() {
        view! { <span class="none">{if may { "Add" } else { "empty" }}</span> }.into_any()
    } else {
        view! { <span>{shown.clone()}</span> }.into_any()
    };
    let body = if may {
        let words = if shown.is_empty() { format!("Add {label}") } else { format!("Edit {label}: {shown}") };
        view! { <button type="button" class="value" node_ref=node aria-label=words title="Click to change" on:click=open>{text}</button> }.into_any()
    } else {
        text
    };
    view! {
        <span class="held">
            {body}
            {link.map(|link| view! {
                <a class="btn sm square ghost" href=link target="_blank" rel="noopener noreferrer" aria-label=format!("Open {label}") title="Open in a new tab"><Icon name="external"/></a>
            })}
        </span>
        {origin.map(|(origin, at)| view! { <span class="origin" title=origin.clone()>{origin.clone()}", "<Time at day=true/></span> })}
    }
}

/// Why a value was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    Words(String),
    Taken(ContactId, String),
}

#[component]
fn Input(here: (ContactId, ContactField), label: String, value: String, kind: Kind, editing: Editing) -> impl IntoView {
    let (contact, field) = here;
    let (acts, refresh) = (use_contact_acts(), use_refresh());
    let text = RwSignal::new(value.clone());
    let refusal = RwSignal::new(None::<Refusal>);
    let busy = RwSignal::new(false);
    let name = StoredValue::new(label.clone());
    let form = NodeRef::<html::Form>::new();
    Effect::new(move |_| {
        if let Some(form) = form.get() {
            let control = form.query_selector("input, select").ok().flatten();
            // as in a table: what is typed replaces, unless someone moves the caret first
            if let Some(line) = control.as_ref().and_then(|control| control.dyn_ref::<web_sys::HtmlInputElement>()) {
                line.select();
            }
            focus(control);
        }
    });
    let close = move || editing.close(here, false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let edited = edit_contact(contact, field, text.get_untracked()).await;
            busy.try_set(false);
            match edited {
                Ok(Edited::Saved { change }) => {
                    editing.close(here, true);
                    refresh.ring();
                    acts.offer(format!("{} changed.", name.get_value()), change);
                }
                Ok(Edited::Unchanged) => close(),
                Ok(Edited::Taken { by, name }) => {
                    refusal.try_set(Some(Refusal::Taken(by, name)));
                }
                Err(failure) => {
                    refusal.try_set(Some(Refusal::Words(failure.to_string())));
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
    let error = move || {
        refusal.get().map(|refusal| match refusal {
            Refusal::Words(words) => view! { {words} }.into_any(),
            Refusal::Taken(by, name) => view! {
                "This belongs to "<a class="link" href=format!("/contacts/{by}")>{name}</a>
                ". Nothing was saved; the two are listed as duplicate suspects."
            }
            .into_any(),
        })
    };
    view! {
        <form class="edit" node_ref=form novalidate on:submit=submit on:keydown=key>
            <Control label value kind text refused=Signal::derive(move || refusal.with(Option::is_some))/>
            <span class="row keep">
                <button type="submit" class="btn sm primary">"Save"</button>
                <button type="button" class="btn sm" on:click=move |_| close()>"Cancel"</button>
            </span>
            <p class="field-error" id="edit-error" role="alert">{error}</p>
        </form>
    }
}

/// The input that fits the field.
#[component]
pub fn Control(
    label: String,
    value: String,
    kind: Kind,
    text: RwSignal<String>,
    refused: Signal<bool>,
    /// The id of the sentence about what is wrong.
    #[prop(into, default = "edit-error".to_owned())]
    error_id: String,
) -> impl IntoView {
    let invalid = move || refused.get().then_some("true");
    let typed = move |event: web_sys::Event| text.set(event_target_value(&event));
    match kind {
        Kind::Line(mode) => view! {
            <input class="input sm" type="text" inputmode=mode autocomplete="off" maxlength="2000" aria-label=label aria-describedby=error_id aria-invalid=invalid value=value prop:value=move || text.get() on:input=typed/>
        }
        .into_any(),
        Kind::Link => view! {
            <input class="input sm" type="text" inputmode="url" autocomplete="off" maxlength="2000" aria-label=label aria-describedby=error_id aria-invalid=invalid value=value prop:value=move || text.get() on:input=typed/>
        }
        .into_any(),
        Kind::Day => view! {
            <input class="input sm" type="date" aria-label=label aria-describedby=error_id aria-invalid=invalid value=value prop:value=move || text.get() on:input=typed/>
        }
        .into_any(),
        Kind::One(options) => {
            // one that is no option any more stays until someone chooses another
            let gone = (!value.is_empty() && !options.iter().any(|(known, _)| *known == value)).then(|| value.clone());
            let option = |value: String, words: String| {
                let known = value.clone();
                view! { <option value=value selected=move || text.with_untracked(|text| *text == known)>{words}</option> }
            };
            view! {
                <select class="select sm" aria-label=label aria-describedby=error_id aria-invalid=invalid on:change=typed>
                    {option(String::new(), "Not known".to_owned())}
                    {gone.map(|gone| option(gone.clone(), gone))}
                    {options.into_iter().map(|(value, words)| option(value, words)).collect_view()}
                </select>
            }
            .into_any()
        }
        Kind::Any(options) => {
            let all = StoredValue::new(options.clone());
            let line = move |option: String| {
                let (known, words) = (option.clone(), option.clone());
                let set = move |event| {
                    let on = event_target_checked(&event);
                    text.update(|text| {
                        let chosen: Vec<String> = split_choices(text).map(str::to_owned).collect();
                        let holds = |one: &String| if *one == option { on } else { chosen.contains(one) };
                        *text = all.with_value(|all| join_choices(all.iter().filter(|one| holds(one)).map(String::as_str)));
                    });
                };
                let checked = move || text.with(|text| split_choices(text).any(|part| part == known));
                view! { <label class="check"><input type="checkbox" prop:checked=checked on:change=set/><span>{words}</span></label> }
            };
            view! { <div class="stack-sm" role="group" aria-label=label>{options.into_iter().map(line).collect_view()}</div> }
                .into_any()
        }
    }
}
