//! “Why not?”: two typed people, their score and its parts.

use domain::suspect::{SuspectPart, TypedPerson, WhyNot};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::card::{bits, percent};
use crate::components::{Banner, Dialog, Icon, ScoreBar};
use crate::server_fns::duplicates::compare_typed_people;

/// A field of a typed person: its name, and where its text lies.
type Field = (&'static str, &'static str, fn(&mut TypedPerson) -> &mut String);

const FIELDS: [Field; 8] = [
    ("first", "First name", |p| &mut p.first_name),
    ("last", "Last name", |p| &mut p.last_name),
    ("email", "Email", |p| &mut p.email),
    ("company", "Company", |p| &mut p.company),
    ("phone", "Phone", |p| &mut p.phone),
    ("linkedin", "LinkedIn URL", |p| &mut p.linkedin),
    ("city", "City", |p| &mut p.city),
    ("born", "Date of birth", |p| &mut p.date_of_birth),
];

/// The dialog.
#[component]
pub fn WhyNotDialog(close: Callback<()>) -> impl IntoView {
    let (one, other) = (RwSignal::new(TypedPerson::default()), RwSignal::new(TypedPerson::default()));
    let answer = RwSignal::new(None::<WhyNot>);
    let refused = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        spawn_local(async move {
            match compare_typed_people(one.get_untracked(), other.get_untracked()).await {
                Ok(found) => {
                    refused.try_set(None);
                    answer.try_set(Some(found));
                }
                Err(failure) => _ = refused.try_set(Some(failure.0.message)),
            }
        });
    };
    view! {
        <Dialog labelled_by="why-not-title" on_close=close>
            <header>
                <h2 id="why-not-title">"Why are these two not suspects?"</h2>
                <button type="button" class="btn sm square ghost" aria-label="Close" on:click=move |_| close.run(())>
                    <Icon name="x"/>
                </button>
            </header>
            <form on:submit=submit>
                <div class="dialog-body stack roomy">
                    <p class="muted">"Type two people as far as you know them. The score and its parts are those that two such contacts would have here."</p>
                    <div class="two-people">
                        <Typed legend="One" prefix="one" person=one/>
                        <Typed legend="The other" prefix="other" person=other/>
                    </div>
                    {move || refused.get().map(|text| view! { <Banner class="fail" alert=true>{text}</Banner> })}
                    <div role="status">{move || answer.get().map(|answer| view! { <Answer answer/> })}</div>
                </div>
                <footer>
                    <span class="spacer"></span>
                    <button type="submit" class="btn primary">"Compare"</button>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Typed(legend: &'static str, prefix: &'static str, person: RwSignal<TypedPerson>) -> impl IntoView {
    let fields = FIELDS
        .into_iter()
        .map(|(name, label, place)| {
            let id = format!("{prefix}-{name}");
            view! {
                <div class="field">
                    <label for=id.clone()>{label}</label>
                    <input
                        class="input"
                        id=id
                        autocomplete="off"
                        maxlength="300"
                        on:input=move |event| person.update(|person| *place(person) = event_target_value(&event))
                    />
                </div>
            }
        })
        .collect_view();
    view! { <fieldset class="stack-sm"><legend>{legend}</legend>{fields}</fieldset> }.into_any()
}

#[component]
fn Answer(answer: WhyNot) -> impl IntoView {
    let WhyNot { parts, bits: sum, probability, band, same_identifier, meets } = answer;
    let verdict = match (&same_identifier, band, meets) {
        (Some(kind), ..) => format!("They share an identifier ({kind}): an import takes them for one person at once."),
        (None, Some(band), true) => format!("They would be listed under “{}”.", band.label()),
        (None, Some(_), false) => {
            "They would be listed, but have nothing in common by which one would be found for the other.".to_owned()
        }
        (None, None, _) => "They would not be listed: the evidence is too weak.".to_owned(),
    };
    let lines = parts
        .iter()
        .map(|SuspectPart { words, bits: weight }| view! { <span>{words.clone()}" "<b>{bits(*weight)}</b></span> })
        .collect_view();
    view! {
        <div class="stack-sm">
            <p><strong>{verdict}</strong></p>
            <p class="parts">
                {lines}
                <span>"= "<b>{format!("{sum:.1}")}</b></span>
                <span class="faint">{format!("{} of such pairs are one person", percent(probability))}</span>
            </p>
            <ScoreBar parts/>
        </div>
    }
    .into_any()
}
