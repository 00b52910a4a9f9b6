//! 2/4: which column goes where, and what happens to values that are there already.

use domain::Overwrite;
use domain::import::{DraftChange, FileView, MappingProblem, Target, WizardStep};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::Draft;
use super::frame::StepFrame;
use super::identifiers::Identifiers;
use super::mapping_row::MappingRow;
use super::use_cases::{self, TRIM, UseCaseLoader};
use super::words;
use crate::components::{Icon, Switch};
use crate::format::{counted, num};
use crate::server_fns::campaigns::get_campaign;

/// The second step.
#[component]
pub fn FieldsStep(draft: Draft, close: Callback<()>, file: FileView) -> impl IntoView {
    let columns = StoredValue::new(file.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>());
    let unnamed =
        Memo::new(move |_| draft.names.with(|names| names.iter().find(|(_, n)| n.trim().is_empty()).map(|(i, _)| *i)));
    let why_not = Signal::derive(move || {
        let column = columns.with_value(|columns| columns.get(unnamed.get()?).cloned())?;
        Some(format!("Name the new variable for “{column}”, or choose another field for it."))
    });
    let ready = Signal::derive(move || draft.view.with(|view| view.problems.is_empty()) && unnamed.get().is_none());
    view! {
        <StepFrame draft close step=WizardStep::Fields ready why_not next=move |()| draft.go(WizardStep::Cleaning)>
            <Rule draft/>
            <Columns draft file/>
            <Identifiers draft/>
            <Tidying draft/>
        </StepFrame>
    }
    .into_any()
}

/// The rule of the whole import for values that are there already (A32).
#[component]
fn Rule(draft: Draft) -> impl IntoView {
    let now = move || draft.view.with(|view| view.settings.overwrite);
    let updates = move || draft.view.with(|view| view.settings.mode.updates());
    let choice = move |rule: Overwrite| {
        view! {
            <label class="check">
                <input
                    type="radio"
                    name="overwrite"
                    value=rule.word()
                    checked=untrack(now) == rule
                    prop:checked=move || now() == rule
                    disabled=move || !updates()
                    aria-describedby="overwrite-hint"
                    on:change=move |_| draft.save(DraftChange::Overwrite(rule))
                />
                {rule.label()}
            </label>
        }
    };
    view! {
        <fieldset class="stack-sm">
            <legend class="section-title mb3">"If a value is there already"</legend>
            <div class="row choices">{Overwrite::ALL.iter().map(|&rule| choice(rule)).collect_view()}</div>
            <p class="hint" id="overwrite-hint">
                {move || match updates() {
                    true => words::overwrite_consequence(now()),
                    false => "“Create new leads only” changes nobody who is here, so there is nothing to choose.",
                }}
                " An empty cell never clears a value."
            </p>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Columns(draft: Draft, file: FileView) -> impl IntoView {
    let all = file.columns.len() as u64;
    let remembered = file.remembered;
    let imported = move || {
        draft.view.with(|view| view.settings.columns.iter().filter(|column| column.target != Target::Skip).count())
    };
    let variables = RwSignal::new(Vec::<String>::new());
    load_variables(draft, variables);
    let names = StoredValue::new(file.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>());
    let rows = file
        .columns
        .into_iter()
        .enumerate()
        .map(|(index, column)| view! { <MappingRow draft index column names variables/> })
        .collect_view();
    let missing = move || {
        draft.view.with(|view| {
            view.problems.contains(&MappingProblem::NoIdentifier).then(|| MappingProblem::NoIdentifier.sentence(&[]))
        })
    };
    let clashes = move || {
        let n = draft.view.with(|view| {
            view.problems.iter().filter(|problem| matches!(problem, MappingProblem::Clash { .. })).count() as u64
        });
        (n > 0).then(|| format!("{} still to settle.", counted(n, "clash of columns is", "clashes of columns are")))
    };
    let reset = move |_| {
        draft.names.update(|names| names.clear());
        draft.save(DraftChange::ResetColumns);
    };
    view! {
        <section class="stack-sm" aria-labelledby="columns-title">
            <div class="row between">
                <h2 id="columns-title">
                    "Columns "
                    <span class="hint plain num">
                        {move || num(imported() as u64)}" of "{num(all)}" are imported."
                        {remembered.then_some(" Remembered for files with these headers.")}
                    </span>
                </h2>
                <button type="button" class="link sm" on:click=reset>
                    "Reset to suggestions"
                </button>
            </div>
            <p class="field-error" id="mapping-problem" role="alert">{missing}</p>
            <p class="sr" role="status">{clashes}</p>
            <div class="map" role="table" aria-label="Column mapping">
                <div role="rowgroup">
                    <div role="row" class="head">
                        <span role="columnheader">"Column"</span>
                        <span role="columnheader">"First values"</span>
                        <span role="columnheader">"Goes to"</span>
                        <span role="columnheader">"If filled already"</span>
                    </div>
                </div>
                <div role="rowgroup">{rows}</div>
            </div>
        </section>
    }
    .into_any()
}

/// The variables that the campaign has already, to choose from.
fn load_variables(draft: Draft, variables: RwSignal<Vec<String>>) {
    Effect::new(move |_| {
        let Some((campaign, _)) = draft.view.with_untracked(|view| view.campaign.clone()) else { return };
        spawn_local(async move {
            // Without them the list is only shorter: a variable can be named again by hand.
            if let Ok(campaign) = get_campaign(campaign).await {
                variables.try_set(campaign.variables);
            }
        });
    });
}

/// The cleaning of spaces and invisible characters, with what it would change (A70).
#[component]
fn Tidying(draft: Draft) -> impl IntoView {
    let on = Signal::derive(move || draft.view.with(|view| view.settings.trim));
    view! {
        <section class="stack-sm" aria-labelledby="tidy-title">
            <h2 id="tidy-title">"Cleaning"</h2>
            <UseCaseLoader draft let:cases>
                <ul class="uses">
                    <li>
                        <Switch
                            id="trim"
                            checked=on
                            on_change=move |on| draft.save(DraftChange::Trim(on))
                            described_by="trim-does".to_owned()
                        />
                        <div>
                            <label for="trim">{cases.title(TRIM)}</label>
                            <p class="d" id="trim-does">{move || cases.effect(TRIM)}</p>
                        </div>
                        <use_cases::Examples cases id=TRIM/>
                    </li>
                </ul>
            </UseCaseLoader>
            <p class="hint"><Icon name="info"/>"Addresses are compared without spaces and capitals in any case."</p>
        </section>
    }
    .into_any()
}
