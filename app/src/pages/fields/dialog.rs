//! Adds a field, or changes its name and options.

use domain::{CustomField, FieldKind};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Dialog, FieldError, FormProblem, invalid, use_toasts};
use crate::server_fns::fields::{add_field, update_field};
use crate::state::use_refresh;

/// The form; without a `field` it adds one.
#[component]
pub fn FieldDialog(
    #[prop(optional)] field: Option<CustomField>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let old = field.as_ref().map(|field| field.id);
    let name = RwSignal::new(field.as_ref().map(|field| field.name.clone()).unwrap_or_default());
    let kind = RwSignal::new(field.as_ref().map_or(FieldKind::Text, |field| field.kind));
    let options = RwSignal::new(field.as_ref().map(|field| field.options.join("\n")).unwrap_or_default());
    let problem = FormProblem::none();
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let lines = options.with_untracked(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
        spawn_local(async move {
            let saved = match old {
                Some(id) => update_field(id, name.get_untracked(), lines).await,
                None => add_field(name.get_untracked(), kind.get_untracked(), lines).await,
            };
            busy.try_set(false);
            match saved {
                Ok(field) => {
                    on_close.run(());
                    refresh.ring();
                    let done = if old.is_some() { "changed" } else { "added" };
                    toasts.say(format!("Field “{}” {done}.", field.name));
                }
                Err(failure) => problem.refuse(&failure, "name"),
            }
        });
    };
    let (name_problem, options_problem) = (problem.about("name"), problem.about("options"));
    let kinds = FieldKind::ALL
        .iter()
        .map(|&one| view! { <option value=one.word() selected=move || kind.get_untracked() == one>{one.label()}</option> })
        .collect_view();
    let choose = move |event| {
        if let Ok(chosen) = event_target_value(&event).parse() {
            kind.set(chosen);
        }
    };
    let changing = old.is_some();
    view! {
        <Dialog labelled_by="field-title" class="small" on_close>
            <header><h2 id="field-title">{if changing { "Change field" } else { "Add field" }}</h2></header>
            <form on:submit=submit novalidate>
                <div class="dialog-body stack">
                    <div class="field">
                        <label for="field-name">"Name"</label>
                        <input class="input" id="field-name" type="text" autocomplete="off" maxlength="60" aria-describedby="field-name-error" aria-invalid=invalid(name_problem) value=name.get_untracked() on:input=move |event| { name.set(event_target_value(&event)); problem.clear(); }/>
                        <FieldError id="field-name-error" wrong=name_problem/>
                    </div>
                    <div class="field">
                        <label for="field-kind">"Type"</label>
                        <select class="select" id="field-kind" disabled=changing aria-describedby="field-kind-hint" on:change=choose>{kinds}</select>
                        <p class="hint" id="field-kind-hint">{if changing { "The type stays: contacts have values of it." } else { "It cannot be changed later." }}</p>
                    </div>
                    {move || kind.get().has_options().then(|| view! {
                        <div class="field">
                            <label for="field-options">"Options, one a line"</label>
                            <textarea class="input tall" id="field-options" rows="5" aria-describedby="field-options-hint field-options-error" aria-invalid=invalid(options_problem) prop:value=move || options.get() on:input=move |event| { options.set(event_target_value(&event)); problem.clear(); }></textarea>
                            <p class="hint" id="field-options-hint">{changing.then_some("Whoever has an option that you take away keeps it until someone changes it.")}</p>
                            <FieldError id="field-options-error" wrong=options_problem/>
                        </div>
                    })}
                </div>
                <footer>
                    <span class="spacer"></span>
                    <button type="button" class="btn" on:click=move |_| on_close.run(())>"Cancel"</button>
                    <button type="submit" class="btn primary">{if changing { "Save" } else { "Add field" }}</button>
                </footer>
            </form>
        </Dialog>
    }
}
