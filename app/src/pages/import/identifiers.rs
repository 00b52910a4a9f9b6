//! By what an import recognises people (R5, B7–B9, B16): groups joined by OR, the fields of one joined by AND; on the
//! same screen as the mapping (B20), and only of fields that are mapped (B8).

use domain::PersonField;
use domain::import::{
    DraftChange, DraftView, Identifies, MappingProblem, Target, effective_identifiers, group_problem, mapped_fields,
    may_identify, usual_identifiers,
};
use leptos::prelude::*;

use super::draft::Draft;
use crate::components::{Icon, focus_after};

/// The id of the button that adds a group: it is always there.
const ADD_ID: &str = "add-identifier";

/// What makes a row someone who is here already, with the ways to change it.
#[component]
pub fn Identifiers(draft: Draft) -> impl IntoView {
    let adding = RwSignal::new(false);
    let groups = Memo::new(move |_| draft.view.with(shown_groups));
    let usual = Memo::new(move |_| draft.view.with(|view| view.settings.identifiers == usual_identifiers()));
    let problem = move || {
        draft.view.with(|view| {
            let of_group = |p: &MappingProblem| matches!(p, MappingProblem::Identifier(_));
            view.problems.iter().find(|p| of_group(p)).map(|p| p.sentence(&[]))
        })
    };
    view! {
        <section class="stack-sm" aria-labelledby="identifiers-title">
            <div class="row between">
                <h2 id="identifiers-title">"Unique identifiers"</h2>
                <Show when=move || !usual.get()>
                    <button type="button" class="link sm" on:click=move |_| save(draft, Vec::new())>
                        "Use the usual ones"
                    </button>
                </Show>
            </div>
            <p class="hint">
                "A row is someone you already have when one of these matches. Fields joined by AND must all match. Capitals, spaces and the form of a link do not matter; an empty value matches nobody."
            </p>
            <p class="field-error" role="alert">{problem}</p>
            <div class="ident">
                {move || {
                    let groups = groups.get();
                    let only = groups.len() < 2;
                    let none = groups.is_empty()
                        .then(|| view! { <span class="hint">"None yet: choose a column for Email or LinkedIn URL."</span> });
                    let list = groups
                        .into_iter()
                        .enumerate()
                        .map(|(i, group)| {
                            let or = (i > 0).then(|| view! { <span class="join">"OR"</span> });
                            view! { {or}<Group draft group only/> }
                        })
                        .collect_view();
                    view! { {none}{list} }
                }}
                <button
                    type="button"
                    class="chip dashed"
                    id=ADD_ID
                    aria-expanded=move || adding.get().to_string()
                    aria-controls="new-identifier"
                    on:click=move |_| adding.update(|adding| *adding = !*adding)
                >
                    <Icon name="plus"/>
                    "Identifier"
                </button>
            </div>
            <Show when=move || adding.get()>
                <NewGroup
                    draft
                    close=move |()| {
                        adding.set(false);
                        focus_after(ADD_ID);
                    }
                />
            </Show>
            <Show when=move || !usual.get()>
                <p class="hint">
                    <Icon name="info"/>
                    "People who share an address under other identifiers stay apart, marked as a shared mailbox."
                </p>
            </Show>
        </section>
    }
    .into_any()
}

/// Saves the groups; the button that did it goes with what it changed.
fn save(draft: Draft, groups: Vec<Vec<Target>>) {
    draft.save(DraftChange::Identifiers(groups));
    focus_after(ADD_ID);
}

/// The groups as people see them: a column of profiles stands for both kinds of profile.
fn shown_groups(view: &DraftView) -> Vec<Vec<Target>> {
    let navigator = Target::Field(PersonField::LinkedinUrlSalesNav);
    let mapped = mapped_fields(&view.settings);
    let mut groups = effective_identifiers(&view.settings);
    groups.retain(|group| *group != [navigator.clone()] || mapped.contains(&navigator));
    groups
}

/// One group, with the button that takes it away.
#[component]
fn Group(draft: Draft, group: Vec<Target>, only: bool) -> impl IntoView {
    let names: Vec<String> =
        draft.view.with_untracked(|view| group.iter().map(|target| target.label_among(&view.fields)).collect());
    let label = format!("Remove {}", names.join(" and "));
    let parts = names
        .into_iter()
        .enumerate()
        .map(|(i, name)| {
            let and = (i > 0).then(|| view! { <span class="join">"AND"</span> });
            view! { {and}{name} }
        })
        .collect_view();
    let remove = move |_| {
        let profile = group == [Target::Field(PersonField::LinkedinUrl)];
        let navigator = [Target::Field(PersonField::LinkedinUrlSalesNav)];
        let rest = draft.view.with_untracked(|view| {
            let mut groups = view.settings.identifiers.clone();
            groups.retain(|other| *other != group && !(profile && other[..] == navigator));
            groups
        });
        save(draft, rest);
    };
    view! {
        <span class=if only { "ident-group still" } else { "ident-group" }>
            {parts}
            {(!only).then(|| view! { <button type="button" aria-label=label on:click=remove><Icon name="x"/></button> })}
        </span>
    }
    .into_any()
}

/// The choice of the fields of a new group; what cannot identify anyone is there with the reason.
#[component]
fn NewGroup(draft: Draft, #[prop(into)] close: Callback<()>) -> impl IntoView {
    let picked = RwSignal::new(Vec::<Target>::new());
    let choices = draft.view.with_untracked(|view| {
        let choice = |target: Target| {
            let why = match may_identify(&target, &view.fields) {
                Identifies::Never(why) => Some(why),
                Identifies::Alone | Identifies::Together | Identifies::Name => None,
            };
            (target.label_among(&view.fields), why, target)
        };
        mapped_fields(&view.settings).into_iter().map(choice).collect::<Vec<_>>()
    });
    let problem = Memo::new(move |_| picked.with(|picked| draft.view.with(|view| group_problem(picked, &view.fields))));
    let boxes = choices
        .into_iter()
        .enumerate()
        .map(|(i, (label, why, target))| {
            let id = format!("identifier-{i}");
            let toggle = move |event| {
                let on = event_target_checked(&event);
                picked.update(|picked| {
                    picked.retain(|other| *other != target);
                    if on {
                        picked.push(target.clone());
                    }
                });
            };
            view! {
                <div class="stack-sm">
                    <label class="check" for=id.clone()>
                        <input
                            type="checkbox"
                            id=id.clone()
                            disabled=why.is_some()
                            aria-describedby=why.map(|_| format!("{id}-why"))
                            on:change=toggle
                        />
                        {label}
                    </label>
                    {why.map(|why| view! { <span class="hint" id=format!("{id}-why")>{why}</span> })}
                </div>
            }
        })
        .collect_view();
    let add = move |_| {
        let mut groups = draft.view.with_untracked(|view| view.settings.identifiers.clone());
        groups.push(picked.get_untracked());
        draft.save(DraftChange::Identifiers(groups));
        close.run(());
    };
    view! {
        <fieldset class="stack-sm" id="new-identifier">
            <legend class="section-title mb3">"New identifier: all of these must match"</legend>
            <div class="row choices">{boxes}</div>
            <p class="hint" role="status">{move || picked.with(|picked| !picked.is_empty()).then(|| problem.get())}</p>
            <div class="row">
                <button type="button" class="btn sm primary" disabled=move || problem.with(Option::is_some) on:click=add>"Add"</button>
                <button type="button" class="btn sm" on:click=move |_| close.run(())>"Cancel"</button>
            </div>
        </fieldset>
    }
    .into_any()
}
