//! Makes a form, or changes one.

use domain::contact::{ContactChoices, ContactField};
use domain::form::{ASKABLE, FormField, FormRow, FormSettings, NewForm};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Dialog, FieldError, FormProblem, Switch, TagInput, invalid, use_toasts};
use crate::server_fns::forms::{add_form, update_form};
use crate::state::use_refresh;

/// The inputs that have a sentence of their own.
const KNOWN: [&str; 7] = ["name", "title", "intro", "fields", "campaign", "consent", "thanks"];

/// Whether a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    field: ContactField,
    on: RwSignal<bool>,
    required: RwSignal<bool>,
}

/// The form; without a `row` it makes one.
#[component]
pub fn FormDialog(
    #[prop(optional)] row: Option<FormRow>,
    choices: ContactChoices,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let id = row.as_ref().map(|row| row.id);
    let old = row.as_ref().map(|row| row.form.clone()).unwrap_or_else(first);
    let [name, title, intro, consent, thanks] = {
        let s = &old.settings;
        [&old.name, &s.title, &s.intro, &s.consent, &s.thanks].map(|text| RwSignal::new(text.clone()))
    };
    let campaign = RwSignal::new(old.campaign.map(|id| id.to_string()).unwrap_or_default());
    let tags = RwSignal::new(old.settings.tags.clone());
    let trusted = RwSignal::new(old.settings.trusted);
    let asked = questions(&choices, &old.settings.fields);
    let list: StoredValue<Vec<Asked>> = StoredValue::new(asked.iter().map(|(_, asked)| *asked).collect());
    let problem = FormProblem::none();
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let fields = list.with_value(|list| {
            let on = list.iter().filter(|asked| asked.on.get_untracked());
            on.map(|asked| FormField { field: asked.field, required: asked.required.get_untracked() }).collect()
        });
        let form = NewForm {
            name: name.get_untracked(),
            campaign: campaign.with_untracked(|campaign| campaign.parse().ok()),
            settings: FormSettings {
                title: title.get_untracked(),
                intro: intro.get_untracked(),
                fields,
                consent: consent.get_untracked(),
                thanks: thanks.get_untracked(),
                tags: tags.get_untracked(),
                trusted: trusted.get_untracked(),
            },
        };
        let words = form.name.trim().to_owned();
        spawn_local(async move {
            let saved = match id {
                Some(id) => update_form(id, form).await,
                None => add_form(form).await.map(|_| ()),
            };
            busy.try_set(false);
            match saved {
                Ok(()) => {
                    on_close.run(());
                    refresh.ring();
                    let done = if id.is_some() { "changed" } else { "is open. Share its address" };
                    toasts.say(format!("Form “{words}” {done}."));
                }
                Err(failure) => problem.refuse(&failure, "form"),
            }
        });
    };
    let chosen = old.campaign;
    let archived = row.filter(|row| row.campaign_archived).and_then(|row| Some((row.form.campaign?, row.campaign)));
    let campaigns = choices
        .campaigns
        .iter()
        .cloned()
        .chain(archived.map(|(id, name)| (id, format!("{name} (archived)"))))
        .map(|(id, name)| view! { <option value=id.to_string() selected=chosen == Some(id)>{name}</option> })
        .collect_view();
    let changing = id.is_some();
    let known = KNOWN.map(str::to_owned).to_vec();
    view! {
        <Dialog labelled_by="form-title" on_close>
            <header><h2 id="form-title">{if changing { "Change form" } else { "New form" }}</h2></header>
            <form on:submit=submit novalidate>
                <div class="dialog-body stack">
                    <div class="pairs">
                        <Text id="form-name" about="name" label="Name, for your team" text=name problem/>
                        <Text id="form-heading" about="title" label="Heading of the page" text=title problem/>
                    </div>
                    <Area id="form-intro" about="intro" label="Text below the heading" text=intro problem/>
                    <Questions asked problem/>
                    <div class="pairs">
                        <div class="field">
                            <label for="form-campaign">"Campaign"</label>
                            <select class="select" id="form-campaign" aria-describedby="form-campaign-hint form-campaign-error" on:change=move |event| campaign.set(event_target_value(&event))>
                                <option value="">"None: contacts only"</option>
                                {campaigns}
                            </select>
                            <p class="hint" id="form-campaign-hint">"Under the duplicate policy of your workspace: whom it keeps out is counted, not taken."</p>
                            <FieldError id="form-campaign-error" wrong=problem.about("campaign")/>
                        </div>
                        <div class="field">
                            <label for="form-tags">"Tags"</label>
                            <TagInput id="form-tags" tags on_change=move |list| tags.set(list)/>
                        </div>
                    </div>
                    <Area id="form-consent" about="consent" label="Text to agree to" text=consent problem
                        hint="With a box that must be ticked. The history of each contact keeps the text. Leave empty to ask for nothing."/>
                    <Area id="form-thanks" about="thanks" label="Text afterwards" text=thanks problem/>
                    <div class="row keep">
                        <Switch id="form-trusted" checked=trusted on_change=move |on| trusted.set(on) described_by="form-trusted-hint".to_owned()/>
                        <div>
                            <label for="form-trusted">"Answers replace what is known"</label>
                            <p class="hint" id="form-trusted-hint">"Off, they fill in only what is empty, and who was deleted here stays deleted: on a public page anyone can type anything."</p>
                        </div>
                    </div>
                    <FieldError id="form-error" wrong=problem.about_none_of(known)/>
                </div>
                <footer>
                    <span class="spacer"></span>
                    <button type="button" class="btn" on:click=move |_| on_close.run(())>"Cancel"</button>
                    <button type="submit" class="btn primary">{if changing { "Save" } else { "Make form" }}</button>
                </footer>
            </form>
        </Dialog>
    }
}

/// What a new form asks before anyone chooses.
fn first() -> NewForm {
    let name = |field| FormField { field: ContactField::Person(field), required: false };
    let fields = [domain::PersonField::FirstName, domain::PersonField::LastName].map(name).to_vec();
    NewForm { settings: FormSettings { fields, ..FormSettings::default() }, ..NewForm::default() }
}

/// Everything that can be asked beside the address, with its name.
fn questions(choices: &ContactChoices, asked: &[FormField]) -> Vec<(String, Asked)> {
    let everyone = ASKABLE.iter().map(|&field| (field.label().to_owned(), ContactField::Person(field)));
    let own = choices.fields.iter().map(|field| (field.name.clone(), ContactField::Custom(field.id)));
    everyone
        .chain(own)
        .map(|(label, field)| {
            let now = asked.iter().find(|asked| asked.field == field);
            let on = RwSignal::new(now.is_some());
            (label, Asked { field, on, required: RwSignal::new(now.is_some_and(|asked| asked.required)) })
        })
        .collect()
}

#[component]
fn Questions(asked: Vec<(String, Asked)>, problem: FormProblem) -> impl IntoView {
    let line = |(label, asked): (String, Asked)| {
        let Asked { on, required, .. } = asked;
        view! {
            <li>
                <label class="check">
                    <input type="checkbox" prop:checked=move || on.get() on:change=move |event| on.set(event_target_checked(&event))/>
                    <span>{label.clone()}</span>
                </label>
                <label class="check" class:faint=move || !on.get()>
                    <input type="checkbox" aria-label=format!("{label} is required") disabled=move || !on.get() prop:checked=move || required.get() on:change=move |event| required.set(event_target_checked(&event))/>
                    <span aria-hidden="true">"Required"</span>
                </label>
            </li>
        }
    };
    view! {
        <fieldset class="field plain-group">
            <legend class="label">"Questions"</legend>
            <p class="hint">"Every form asks for the email address."</p>
            <ul class="ask-list">{asked.into_iter().map(line).collect_view()}</ul>
            <FieldError id="form-fields-error" wrong=problem.about("fields")/>
        </fieldset>
    }
}

#[component]
fn Text(
    id: &'static str,
    about: &'static str,
    label: &'static str,
    text: RwSignal<String>,
    problem: FormProblem,
) -> impl IntoView {
    let wrong = problem.about(about);
    let error_id = format!("{id}-error");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input class="input" id=id type="text" autocomplete="off" maxlength="120" aria-describedby=error_id.clone() aria-invalid=invalid(wrong) prop:value=move || text.get() on:input=move |event| { text.set(event_target_value(&event)); problem.clear(); }/>
            <FieldError id=error_id wrong/>
        </div>
    }
}

#[component]
fn Area(
    id: &'static str,
    about: &'static str,
    label: &'static str,
    text: RwSignal<String>,
    problem: FormProblem,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let wrong = problem.about(about);
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <textarea class="input" id=id rows="3" maxlength="4000" aria-describedby=format!("{hint_id} {error_id}") aria-invalid=invalid(wrong) prop:value=move || text.get() on:input=move |event| { text.set(event_target_value(&event)); problem.clear(); }></textarea>
            <p class="hint" id=hint_id>{hint}</p>
            <FieldError id=error_id wrong/>
        </div>
    }
}
