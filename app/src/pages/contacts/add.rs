//! Adds someone by hand, and says while they are typed who is there already (B6).

use std::time::Duration;

use domain::contact::{Added, ContactChoices, ContactField, Lookalike, NewContact};
use domain::ids::ChangeId;
use domain::{CustomValues, Person, PersonField};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::edit::{Control, Kind};
use crate::components::{Dialog, FieldError, FormProblem, Icon, TagInput, Toasts, invalid, use_toasts};
use crate::format::counted;
use crate::server_fns::contacts::{add_contact, find_lookalikes, undo_added};
use crate::state::{Refresh, use_refresh};

/// What the dialog asks for of everyone.
const FIELDS: &[PersonField] = &[
    PersonField::Email,
    PersonField::LinkedinUrl,
    PersonField::FirstName,
    PersonField::LastName,
    PersonField::CompanyName,
    PersonField::Phone,
];

/// The form.
#[component]
pub fn AddContact(choices: ContactChoices, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let person = RwSignal::new(Person::default());
    let custom: Vec<_> = choices.fields.into_iter().map(|field| (field, RwSignal::new(String::new()))).collect();
    let typed = StoredValue::new(custom.iter().map(|(field, text)| (field.id, *text)).collect::<Vec<_>>());
    let campaign = RwSignal::new(String::new());
    let tags = RwSignal::new(Vec::<String>::new());
    let problem = FormProblem::none();
    let busy = RwSignal::new(false);
    let lookalikes = RwSignal::new(Vec::<Lookalike>::new());
    follow(person, lookalikes);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let custom: CustomValues = typed.with_value(|typed| {
            let values = typed.iter().map(|(id, text)| (*id, text.get_untracked()));
            values.filter(|(_, text)| !text.trim().is_empty()).collect()
        });
        let contact = NewContact {
            person: person.get_untracked(),
            custom,
            campaign: campaign.with_untracked(|campaign| campaign.parse().ok()),
            tags: tags.get_untracked(),
        };
        let name = contact.person.display_name();
        spawn_local(async move {
            let added = add_contact(contact).await;
            busy.try_set(false);
            match added {
                Ok(Added::New { change, .. }) => {
                    on_close.run(());
                    refresh.ring();
                    tell(format!("{name} added."), change, toasts, refresh);
                }
                Ok(Added::Merged { name, change, .. }) => {
                    on_close.run(());
                    refresh.ring();
                    let text = match change {
                        Some(_) => {
                            format!("{name} was here already and is updated: what you left empty stays as it was.")
                        }
                        None => format!("{name} was here already. Nothing of it was new."),
                    };
                    tell(text, change, toasts, refresh);
                }
                Ok(Added::LeftOut(why)) => {
                    problem.say("campaign", format!("{why} Nothing was saved. Choose another campaign, or none."));
                }
                Err(failure) => problem.refuse(&failure, ""),
            }
        });
    };
    let known: Vec<String> = FIELDS
        .iter()
        .map(|field| field.word().to_owned())
        .chain(custom.iter().map(|(field, _)| ContactField::Custom(field.id).to_string()))
        .chain(["campaign".to_owned()])
        .collect();
    let general = problem.about_none_of(known);
    let campaign_problem = problem.about("campaign");
    let own = FIELDS.iter().map(|&field| view! { <PersonInput field person problem/> }).collect_view();
    let team = custom
        .into_iter()
        .map(|(field, text)| {
            let word = ContactField::Custom(field.id).to_string();
            let error_id = format!("add-{word}-error");
            let wrong = problem.about(word);
            let refused = Signal::derive(move || wrong.with(Option::is_some));
            view! {
                <div class="field">
                    <span class="label" aria-hidden="true">{field.name.clone()}</span>
                    <Control label=field.name.clone() value=String::new() kind=Kind::of_custom(&field) text refused error_id=error_id.clone()/>
                    <FieldError id=error_id wrong/>
                </div>
            }
        })
        .collect_view();
    let campaigns = choices
        .campaigns
        .into_iter()
        .map(|(id, name)| view! { <option value=id.to_string()>{name}</option> })
        .collect_view();
    view! {
        <Dialog labelled_by="add-title" class="narrow" on_close>
            <header><h2 id="add-title">"Add contact"</h2></header>
            <form on:submit=submit novalidate>
                <div class="dialog-body stack">
                    <div class="pairs">{own}</div>
                    <Lookalikes lookalikes/>
                    <div class="pairs">
                    {team}
                    <div class="field">
                        <label for="add-campaign">"Campaign"</label>
                        <select class="select" id="add-campaign" aria-describedby="add-campaign-error" aria-invalid=invalid(campaign_problem) on:change=move |event| campaign.set(event_target_value(&event))>
                            <option value="">"None"</option>
                            {campaigns}
                        </select>
                        <FieldError id="add-campaign-error" wrong=campaign_problem/>
                    </div>
                    <div class="field">
                        <label for="add-tags">"Tags"</label>
                        <TagInput id="add-tags" tags on_change=move |list| tags.set(list)/>
                    </div>
                    </div>
                    <FieldError id="add-error" wrong=general/>
                </div>
                <footer>
                    <span class="spacer"></span>
                    <button type="button" class="btn" on:click=move |_| on_close.run(())>"Cancel"</button>
                    <button type="submit" class="btn primary">
                        {move || if lookalikes.with(|found| found.iter().any(|one| one.by.is_some())) { "Update contact" } else { "Add contact" }}
                    </button>
                </footer>
            </form>
        </Dialog>
    }
}

/// Asks the server who the person may be, once the typing pauses.
fn follow(person: RwSignal<Person>, lookalikes: RwSignal<Vec<Lookalike>>) {
    let identity = Memo::new(move |_| {
        person.with(|person| {
            let mut known = Person::default();
            for field in [PersonField::Email, PersonField::FirstName, PersonField::LastName, PersonField::LinkedinUrl] {
                known.set(field, person.get(field).trim());
            }
            known
        })
    });
    Effect::new(move |_| {
        let asked = identity.get();
        let wait = set_timeout_with_handle(
            move || {
                spawn_local(async move {
                    let found = find_lookalikes(asked.clone()).await.unwrap_or_default();
                    // an answer to what was typed before is no answer
                    if identity.try_with_untracked(|now| *now == asked) == Some(true) {
                        lookalikes.try_set(found);
                    }
                });
            },
            Duration::from_millis(300),
        );
        on_cleanup(move || {
            if let Ok(wait) = wait {
                wait.clear();
            }
        });
    });
}

#[component]
fn PersonInput(field: PersonField, person: RwSignal<Person>, problem: FormProblem) -> impl IntoView {
    let id = format!("add-{field}");
    let error_id = format!("{id}-error");
    let wrong = problem.about(field.word());
    let mode = match field {
        PersonField::Email => "email",
        PersonField::Phone => "tel",
        PersonField::LinkedinUrl => "url",
        _ => "text",
    };
    view! {
        <div class="field">
            <label for=id.clone()>{field.label()}</label>
            <input
                class="input"
                id=id
                type="text"
                inputmode=mode
                autocomplete="off"
                maxlength="2000"
                aria-describedby=error_id.clone()
                aria-invalid=invalid(wrong)
                prop:value=move || person.with(|person| person.get(field).to_owned())
                on:input=move |event| person.update(|person| person.set(field, event_target_value(&event)))
            />
            <FieldError id=error_id wrong/>
        </div>
    }
}

/// Who is there already.
#[component]
fn Lookalikes(lookalikes: RwSignal<Vec<Lookalike>>) -> impl IntoView {
    let line = |one: Lookalike| {
        let place = match one.campaigns {
            0 => "in no campaign".to_owned(),
            n => format!("in {}", counted(n, "campaign", "campaigns")),
        };
        let words = match one.by {
            Some(_) => format!(", {place}: adding will update this contact"),
            None if one.email.is_empty() => format!(", {place}: same name"),
            None => format!(", {place}: same name, different address ({})", one.email),
        };
        let icon = if one.by.is_some() { "merge" } else { "info" };
        view! {
            <li>
                <Icon name=icon/>
                <span class="breakable"><a class="link" href=format!("/contacts/{}", one.contact) target="_blank">{one.name}</a>{words}</span>
            </li>
        }
    };
    view! {
        <div role="status">
            {move || (!lookalikes.with(Vec::is_empty)).then(|| view! {
                <ul class="lookalikes" aria-label="Already here">{lookalikes.get().into_iter().map(line).collect_view()}</ul>
            })}
        </div>
    }
}

/// Says what was done, with the way to take it back.
fn tell(text: String, change: Option<ChangeId>, toasts: Toasts, refresh: Refresh) {
    let Some(change) = change else { return toasts.say(text) };
    toasts.offer(text, "Undo", move || {
        spawn_local(async move {
            match undo_added(change).await {
                Ok(undone) => {
                    refresh.ring();
                    let mut text = if undone.removed {
                        "The contact is gone again."
                    } else {
                        "Taken back: the contact is as before."
                    }
                    .to_owned();
                    if undone.kept > 0 {
                        text = format!(
                            "Taken back, but {} changed since and kept.",
                            counted(undone.kept, "value was", "values were")
                        );
                    }
                    toasts.say(text);
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
}
