//! What every step of the dialog shares: its head with the stepper, its body, its foot.

use domain::import::WizardStep;
use leptos::html;
use leptos::prelude::*;

use super::draft::Draft;
use super::drop::keep_files_out;
use super::words;
use crate::components::{Banner, Icon, Stepper};

/// The id of the heading that names the dialog.
pub const TITLE_ID: &str = "import-title";

/// The id of the body of a step.
pub const BODY_ID: &str = "import-step";

/// The head of the dialog when there are no steps any more.
#[component]
pub fn PlainHead(#[prop(into)] title: String, close: Callback<()>) -> impl IntoView {
    view! {
        <header>
            <div class="row between dialog-top">
                <h1 id=TITLE_ID>{title}</h1>
                <button type="button" class="btn square ghost" aria-label="Close" title="Close" on:click=move |_| close.run(())>
                    <Icon name="x"/>
                </button>
            </div>
        </header>
    }
    .into_any()
}

/// One step of the wizard. Children are its body; `ready` lets Continue on, `next` is what Continue does.
#[component]
pub fn StepFrame(
    draft: Draft,
    step: WizardStep,
    close: Callback<()>,
    #[prop(into)] ready: Signal<bool>,
    #[prop(into)] next: Callback<()>,
    /// The words of the button that goes on.
    #[prop(default = "Continue")]
    next_text: &'static str,
    /// What keeps the step from going on, where it is not always the same.
    #[prop(optional, into)]
    why_not: MaybeProp<String>,
    /// More for the foot, at its start.
    #[prop(optional)]
    lead: Option<AnyView>,
    /// More for the foot, before Continue.
    #[prop(optional)]
    foot: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let body = NodeRef::<html::Div>::new();
    // The first step shown leaves the focus to the dialog; every later one takes it, so that Continue leads somewhere.
    Effect::new(move |_| {
        if let Some(body) = body.get()
            && draft.moved.get_value()
        {
            let _ = body.focus();
        }
    });
    let name = draft.view.with_untracked(|view| view.campaign.as_ref().map(|(_, name)| name.clone()));
    let title = match name {
        Some(name) => view! { "Import leads " <span class="faint">"into "{name}</span> }.into_any(),
        None => view! { "Import contacts" }.into_any(),
    };
    let before = WizardStep::ALL.iter().copied().rev().find(|&other| other < step);
    let hint = move || (!ready.get()).then(|| why_not.get().unwrap_or_else(|| words::step_hint(step).to_owned()));
    if step != WizardStep::Upload {
        keep_files_out();
    }
    view! {
        <header>
            <div class="row between dialog-top">
                <h1 id=TITLE_ID>{title}</h1>
                <button
                    type="button"
                    class="btn square ghost"
                    aria-label="Close, the draft is kept"
                    title="Close, the draft is kept"
                    on:click=move |_| close.run(())
                >
                    <Icon name="x"/>
                </button>
            </div>
            <Stepper current=step on_step=move |step| draft.go(step)/>
        </header>
        <div
            class="dialog-body stack roomy"
            id=BODY_ID
            node_ref=body
            tabindex="0"
            role="group"
            aria-label=format!("Step {} of 4: {}", step.number(), step.label())
        >
            {move || {
                draft
                    .refused
                    .get()
                    .map(|sentence| view! { <Banner class="fail" alert=true title="Not saved">{sentence}</Banner> })
            }}
            {children()}
        </div>
        <footer>
            {before
                .map(|before| {
                    view! { <button type="button" class="btn" on:click=move |_| draft.go(before)>"Back"</button> }
                })}
            {lead}
            <span class="spacer"></span>
            <SavedAt draft/>
            <span class="hint" id="step-hint">{hint}</span>
            {foot}
            <button
                type="button"
                class="btn primary"
                aria-describedby="step-hint"
                disabled=move || !ready.get()
                on:click=move |_| next.run(())
            >
                {next_text}
            </button>
        </footer>
    }
    .into_any()
}

/// "Draft saved 10:42", in the person's own time: the server does not know it, so it appears once the script runs.
#[component]
fn SavedAt(draft: Draft) -> impl IntoView {
    let text = RwSignal::new(String::new());
    Effect::new(move |_| {
        let saved = draft.view.with(|view| view.saved_at);
        let when = js_sys::Date::new(&(saved as f64).into());
        text.set(match draft.saving.get() {
            true => "Saving…".to_owned(),
            false => format!("Draft saved {:02}:{:02}", when.get_hours(), when.get_minutes()),
        });
    });
    view! { <span class="hint">{move || text.get()}</span> }
}
