//! 3/4: use cases that tidy or fill columns. All optional; what they write is a field like any mapped column.

use domain::import::{DraftChange, FileView, UseCaseChoice, UseCaseKind, WizardStep};
use leptos::prelude::*;

use super::draft::Draft;
use super::frame::StepFrame;
use super::select::Select;
use super::use_cases::{Examples, TRIM, UseCaseLoader, UseCases};
use super::words;
use crate::components::Switch;

/// The third step.
#[component]
pub fn CleaningStep(draft: Draft, close: Callback<()>, file: FileView) -> impl IntoView {
    let next = move || draft.go(WizardStep::Duplicates);
    let skip = move |_| {
        draft.save(DraftChange::DisableAll);
        next();
    };
    let foot = view! {
        <button type="button" class="btn" aria-describedby="skip-does" on:click=skip>"Skip"</button>
    }
    .into_any();
    let columns = StoredValue::new(file.columns.into_iter().map(|column| column.name).collect::<Vec<_>>());
    view! {
        <StepFrame draft close step=WizardStep::Cleaning ready=true next=move |()| next() foot>
            <div class="row between">
                <p class="muted">
                    "Optional. Each use case shows what it would change in your file. These are fixed rules: nothing leaves this server. "
                    <span id="skip-does">"Continue runs those that are on; Skip turns all of them off and runs none."</span>
                </p>
                <button type="button" class="btn sm" on:click=move |_| draft.save(DraftChange::DisableAll)>"Disable all"</button>
            </div>
            <UseCaseLoader draft let:cases>
                {UseCaseKind::ALL.iter().map(|&kind| view! { <Kind draft cases kind columns/> }).collect_view()}
            </UseCaseLoader>
        </StepFrame>
    }
    .into_any()
}

/// The use cases of one of the four kinds; nothing when there are none.
#[component]
fn Kind(draft: Draft, cases: UseCases, kind: UseCaseKind, columns: StoredValue<Vec<String>>) -> impl IntoView {
    let mut ids = cases.ids();
    ids.retain(|id| id != TRIM && cases.kind(id) == Some(kind));
    (!ids.is_empty()).then(|| {
        let heading_id = format!("kind-{kind}");
        let title_id = heading_id.clone();
        let lines = ids.into_iter().map(|id| view! { <UseCase draft cases id columns/> }).collect_view();
        view! {
            <section class="stack-sm" aria-labelledby=title_id>
                <h2 id=heading_id>{words::kind_label(kind)}</h2>
                <ul class="uses">{lines}</ul>
            </section>
        }
    })
}

#[component]
fn UseCase(draft: Draft, cases: UseCases, id: String, columns: StoredValue<Vec<String>>) -> impl IntoView {
    let name = StoredValue::new(id.clone());
    let of = move || name.get_value();
    let on = Signal::derive(move || cases.read(&of(), |case| case.on).unwrap_or(false));
    let problem = move || cases.read(&of(), |case| case.problem.clone()).flatten();
    // It may always be switched off, and on once it has what it needs (A34).
    let disabled = Signal::derive(move || problem().is_some() && !on.get());
    let inputs = cases.read_untracked(&id, |case| case.inputs.clone()).unwrap_or_default();
    let about = cases.read_untracked(&id, |case| (case.title.clone(), case.sentence.clone(), case.writes.join(", ")));
    let (title, sentence, writes) = about.unwrap_or_default();

    let send = move |change: &dyn Fn(&mut UseCaseChoice)| {
        let choice = cases.read_untracked(&of(), |case| UseCaseChoice {
            id: case.id.clone(),
            on: case.on,
            inputs: case.inputs.iter().map(|input| input.column).collect(),
        });
        if let Some(mut choice) = choice {
            change(&mut choice);
            draft.save(DraftChange::UseCase(choice));
        }
    };
    let options = Signal::derive(move || {
        let none = (String::new(), "Choose a column".to_owned());
        let all = columns
            .with_value(|all| all.iter().enumerate().map(|(i, c)| (i.to_string(), c.clone())).collect::<Vec<_>>());
        [none].into_iter().chain(all).collect::<Vec<_>>()
    });
    let selects = inputs
        .into_iter()
        .enumerate()
        .map(|(at, input)| {
            let value = Signal::derive(move || {
                let column = cases.read(&of(), |case| case.inputs.get(at).and_then(|input| input.column)).flatten();
                column.map(|column| column.to_string()).unwrap_or_default()
            });
            let label = match input.required {
                true => input.label,
                false => format!("{} (optional)", input.label),
            };
            view! {
                <div class="row input-line">
                    <span class="hint" aria-hidden="true">{label.clone()}</span>
                    <Select
                        id=format!("{id}-input-{at}")
                        label=format!("{title}, column for {label}")
                        bare=true
                        options
                        value
                        on_change=move |word: String| send(&|choice| choice.inputs[at] = word.parse().ok())
                        described_by=format!("{id}-problem")
                    />
                </div>
            }
        })
        .collect_view();
    view! {
        <li>
            <Switch
                id=id.clone()
                checked=on
                disabled
                on_change=move |on| send(&|choice| choice.on = on)
                described_by=format!("{id}-about {id}-problem")
            />
            <div>
                <label for=id.clone()>{title.clone()}</label>
                <p class="d" id=format!("{id}-about")>{sentence}" Writes "{writes}"."</p>
                <div class="stack-sm mt2">{selects}</div>
                <p class="d c-warn" id=format!("{id}-problem")>{problem}</p>
                <p class="d num">{move || problem().is_none().then(|| cases.effect(&of()))}</p>
            </div>
            <Examples cases id=id.clone()/>
        </li>
    }
    .into_any()
}
