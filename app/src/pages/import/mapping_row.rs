//! One column of the file in step 2: where it goes, and what happens to values that are there already.

use domain::import::{ColumnMapping, ColumnView, DraftChange, MappingProblem, Target};
use domain::{Overwrite, PersonField};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::draft::Draft;
use super::select::Select;
use crate::components::{Icon, focus_after};

/// The option that asks for the name of a new variable; no target is written so.
const NEW: &str = "new";
/// Characters of a variable's name that can be typed.
const NAME_CHARACTERS: usize = 60;
/// The option that follows the rule of the import.
const AS_IMPORT: &str = "";

/// A line of the mapping table.
#[component]
pub fn MappingRow(
    draft: Draft,
    index: usize,
    column: ColumnView,
    /// Every column's name, for the sentences.
    names: StoredValue<Vec<String>>,
    /// The campaign's variables.
    variables: RwSignal<Vec<String>>,
) -> impl IntoView {
    let ColumnView { name, samples, suggested } = column;
    let target = Signal::derive(move || draft.view.with(|view| target_of(&view.settings.columns, index)));
    let ignored = move || target.get() == Target::Skip;
    let naming = Memo::new(move |_| draft.names.with(|names| names.contains_key(&index)));
    let clash = Memo::new(move |_| clash_of(&draft.view.with(|view| view.problems.clone()), index));

    let start = StoredValue::new(name.trim().chars().take(NAME_CHARACTERS).collect::<String>());
    let chosen = move |word: String| {
        draft.names.update(|names| match word == NEW {
            true => _ = names.insert(index, start.get_value()),
            false => _ = names.remove(&index),
        });
        if let Ok(target) = word.parse() {
            draft.send_column(index, target);
        }
    };
    let value = Signal::derive(move || if naming.get() { NEW.to_owned() } else { target.get().to_string() });
    let is_suggestion = Memo::new(move |_| target.get() == suggested && suggested != Target::Skip);
    let shown = match samples.is_empty() {
        true => "(empty)".to_owned(),
        false => samples.join(" · "),
    };
    let problem_id = format!("clash-{index}");
    let described_by = {
        let both = format!("mapping-problem {problem_id}");
        Signal::derive(move || match clash.with(Option::is_some) {
            true => both.clone(),
            false => "mapping-problem".to_owned(),
        })
    };
    view! {
        <div role="row" class:ignored=ignored class:clash=move || clash.with(Option::is_some)>
            <span role="cell" class="col">{name.clone()}</span>
            <span role="cell" class="samples" title=shown.clone()>{shown.clone()}</span>
            <span role="cell" class="target">
                <Select
                    id=target_id(index)
                    label=format!("Field for {name}")
                    bare=true
                    options=targets(draft, variables)
                    value
                    on_change=chosen
                    described_by
                />
                <Show when=move || is_suggestion.get()>
                    <span class="suggested"><Icon name="spark"/>"Suggested"</span>
                </Show>
                <Show when=move || naming.get()>
                    <NameVariable draft index/>
                </Show>
            </span>
            <span role="cell"><RuleOfColumn draft index/></span>
            {move || clash.get().map(|clash| view! { <Clash draft index clash names id=problem_id.clone()/> })}
            <FirstFilled draft index names/>
        </div>
    }
    .into_any()
}

fn target_id(index: usize) -> String {
    format!("target-{index}")
}

fn target_of(columns: &[ColumnMapping], index: usize) -> Target {
    columns.get(index).map_or(Target::Skip, |column| column.target.clone())
}

/// The clash that this column is part of: where they go, and which.
fn clash_of(problems: &[MappingProblem], index: usize) -> Option<(Target, Vec<usize>)> {
    problems.iter().find_map(|problem| match problem {
        MappingProblem::Clash { target, columns } if columns.contains(&index) => {
            Some((target.clone(), columns.clone()))
        }
        _ => None,
    })
}

/// Everything a column can go to, as option and words.
fn targets(draft: Draft, variables: RwSignal<Vec<String>>) -> Signal<Vec<(String, String)>> {
    Memo::new(move |_| {
        let option = |target: Target| (target.to_string(), target.label());
        let mut list: Vec<_> = PersonField::ALL.iter().map(|&field| option(Target::Field(field))).collect();
        list.extend([option(Target::FullName), option(Target::Tags)]);
        draft.view.with(|view| {
            list.extend(
                view.fields
                    .iter()
                    .map(|field| (Target::Custom(field.id).to_string(), format!("Your field: {}", field.name))),
            );
        });
        let mut names = variables.get();
        draft.view.with(|view| {
            for column in &view.settings.columns {
                if let Target::Variable(name) = &column.target
                    && !names.contains(name)
                {
                    names.push(name.clone());
                }
            }
        });
        list.extend(names.into_iter().map(|name| {
            let label = format!("Variable: {name}");
            (Target::Variable(name).to_string(), label)
        }));
        // Variables belong to a campaign.
        if draft.view.with(|view| view.campaign.is_some()) {
            list.push((NEW.to_owned(), "New variable…".to_owned()));
        }
        list.push(option(Target::Skip));
        list
    })
    .into()
}

/// The name of a new variable; Enter takes it, and so does going on. Esc leaves the column as it was.
#[component]
fn NameVariable(draft: Draft, index: usize) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let text = move || draft.names.with(|names| names.get(&index).cloned().unwrap_or_default());
    let start = untrack(text);
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
            input.select();
        }
    });
    let close = move || {
        draft.names.update(|names| _ = names.remove(&index));
        focus_after(target_id(index));
    };
    let take = move || {
        let name = untrack(text).trim().to_owned();
        if !name.is_empty() {
            draft.send_column(index, Target::Variable(name));
            close();
        }
    };
    let typed = move |event| draft.names.update(|names| _ = names.insert(index, event_target_value(&event)));
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            take();
        }
        "Escape" => {
            // Not for the dialog: it would close.
            event.prevent_default();
            event.stop_propagation();
            close();
        }
        _ => {}
    };
    view! {
        <span class="row name-variable">
            <input
                class="input sm grow"
                id=format!("variable-{index}")
                node_ref=input
                type="text"
                maxlength=NAME_CHARACTERS.to_string()
                autocomplete="off"
                aria-label="Name of the new variable"
                value=start
                on:input=typed
                on:keydown=key
            />
            <button type="button" class="btn sm" disabled=move || text().trim().is_empty() on:click=move |_| take()>
                "Add"
            </button>
        </span>
    }
    .into_any()
}

/// The column's own rule for values that are there already (A32).
#[component]
fn RuleOfColumn(draft: Draft, index: usize) -> impl IntoView {
    let name = draft
        .view
        .with_untracked(|view| view.file.as_ref().and_then(|file| file.columns.get(index).map(|c| c.name.clone())));
    let name = name.unwrap_or_default();
    let options = Memo::new(move |_| {
        let import = draft.view.with(|view| view.settings.overwrite);
        let mut list = vec![(AS_IMPORT.to_owned(), format!("As above: {}", import.label().to_lowercase()))];
        list.extend(Overwrite::ALL.iter().map(|rule| (rule.word().to_owned(), rule.label().to_owned())));
        list
    });
    let now = move || draft.view.with(|view| view.settings.columns.get(index).and_then(|column| column.overwrite));
    let value = Signal::derive(move || now().map_or(AS_IMPORT, Overwrite::word).to_owned());
    let shown = Memo::new(move |_| {
        draft.view.with(|view| view.settings.mode.updates() && target_of(&view.settings.columns, index) != Target::Skip)
    });
    let on_change = Callback::new(move |word: String| {
        let target = draft.view.with_untracked(|view| target_of(&view.settings.columns, index));
        draft.save(DraftChange::Column(index, ColumnMapping { target, overwrite: word.parse().ok() }));
    });
    view! {
        <Show when=move || shown.get()>
            <Select
                id=format!("rule-{index}")
                label=format!("If {name} is filled already")
                bare=true
                options
                value
                on_change
            />
        </Show>
    }
    .into_any()
}

/// Two columns on one field: the last of them asks which counts (A31), the others say where it asks.
#[component]
fn Clash(
    draft: Draft,
    index: usize,
    clash: (Target, Vec<usize>),
    names: StoredValue<Vec<String>>,
    id: String,
) -> impl IntoView {
    let (target, columns) = clash;
    let label = draft.view.with_untracked(|view| target.label_among(&view.fields));
    if let Some(&last) = columns.last().filter(|&&last| last != index) {
        let others: Vec<usize> = columns.iter().copied().filter(|&other| other != index).collect();
        let goes = if others.len() == 1 { "goes" } else { "go" };
        let (others, last) = (joined(names, &others), joined(names, &[last]));
        let text = format!("{others} {goes} to {label} too. Settle it beside “{last}”, or choose another field here.");
        return view! { <span role="cell" class="note" id=id><Icon name="warning"/>{text}</span> }.into_any();
    }
    let name = names.with_value(|names| names.get(index).cloned()).unwrap_or_default();
    let sentence = joined(names, &columns);
    let together = if columns.len() == 2 { " both" } else { " all" };
    let variable = name.trim().to_owned();
    let has_variables = draft.view.with_untracked(|view| view.campaign.is_some());
    // Both buttons go with the clash.
    let first_filled = move |_| {
        draft.save(DraftChange::FirstFilled(target.clone()));
        focus_after(target_id(index));
    };
    let elsewhere = move |_| {
        let target = Target::Variable(variable.clone());
        draft.save(DraftChange::Column(index, ColumnMapping { target, overwrite: None }));
        focus_after(target_id(index));
    };
    view! {
        <span role="cell" class="note" id=id>
            <Icon name="warning"/>
            {sentence}{together}" go to "{label}". "
            <button type="button" class="link" on:click=first_filled>"Use the first that is filled"</button>
            {has_variables
                .then(|| {
                    view! {
                        " or "
                        <button type="button" class="link" on:click=elsewhere>"make "{name}" a new variable"</button>
                    }
                })}
        </span>
    }
    .into_any()
}

/// What was chosen where several columns go to one field.
#[component]
fn FirstFilled(draft: Draft, index: usize, names: StoredValue<Vec<String>>) -> impl IntoView {
    let together = Memo::new(move |_| {
        draft.view.with(|view| {
            let columns = &view.settings.columns;
            let target = target_of(columns, index);
            let same: Vec<usize> = (0..columns.len()).filter(|&i| columns[i].target == target).collect();
            let chosen = view.settings.first_filled.contains(&target) && same.len() > 1 && same.last() == Some(&index);
            chosen.then(|| (target.label_among(&view.fields), same))
        })
    });
    move || {
        together.get().map(|(label, columns)| {
            let sentence = joined(names, &columns);
            view! {
                <span role="cell" class="note settled">
                    <Icon name="check"/>{sentence}" share "{label}": the first that is filled counts."
                </span>
            }
        })
    }
}

/// "Telefon and Mobil", "A, B and C".
fn joined(names: StoredValue<Vec<String>>, columns: &[usize]) -> String {
    names.with_value(|names| {
        let list: Vec<&str> = columns.iter().filter_map(|&i| names.get(i).map(String::as_str)).collect();
        match list.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => list.concat(),
        }
    })
}
