//! What happened to a contact, newest first.

use domain::Act;
use domain::contact::{HistoryLine, HistoryWhat};
use domain::ids::ChangeId;
use leptos::prelude::*;

use super::acts::use_contact_acts;
use super::words;
use crate::components::{Icon, Time};
use crate::state::use_session;

/// The timeline.
#[component]
pub fn History(history: Vec<HistoryLine>) -> impl IntoView {
    view! { <ol class="timeline">{history.into_iter().map(|line| view! { <Line line/> }).collect_view()}</ol> }
}

#[component]
fn Line(line: HistoryLine) -> impl IntoView {
    let HistoryLine { what, actor, at } = line;
    let by = if actor.is_empty() { String::new() } else { format!(" by {actor}") };
    let plain = |icon: &'static str, words: String| (icon, view! { {words} }.into_any());
    let (icon, words) = match what {
        HistoryWhat::Came(source) => {
            let way = words::source(source.kind);
            let words = match source.import {
                Some(import) => {
                    view! { {way}" "<a class="link" href=format!("/imports/{import}")>{source.name}</a> }.into_any()
                }
                None => view! { {way}" "{source.name} }.into_any(),
            };
            ("import", words)
        }
        HistoryWhat::Edited { label, before, after, change } => {
            let words = view! {
                {format!("{label} changed{by}")}
                <div class="sub"><Change before after/></div>
                {change.map(|change| view! { <UndoEdit change label=label.clone()/> })}
            };
            ("fields", words.into_any())
        }
        HistoryWhat::EditUndone { label, value } => {
            let now = if value.is_empty() { "empty".to_owned() } else { value };
            plain("undo", format!("Change of {label} taken back{by}: {now}"))
        }
        HistoryWhat::Tagged(tag) => plain("tag", format!("Tag “{tag}” added{by}")),
        HistoryWhat::Untagged(tag) => plain("tag", format!("Tag “{tag}” removed{by}")),
        HistoryWhat::Deleted => plain("x-circle", format!("Deleted{by}")),
        HistoryWhat::Restored => plain("undo", format!("Brought back{by}")),
        HistoryWhat::TookIn { name, undone, .. } => {
            let sub = undone.then(|| view! { <div class="sub">"Taken back since"</div> });
            ("merge", view! { "Merged with "<strong>{name}</strong>{by}{sub} }.into_any())
        }
        HistoryWhat::MergeUndone { name } => plain("undo", format!("Merge with {name} taken back{by}")),
        HistoryWhat::Separated { name } => plain("separate", format!("Kept apart from {name}{by}")),
        HistoryWhat::SeparationUndone { name } => plain("undo", format!("No longer kept apart from {name}{by}")),
        HistoryWhat::Agreed { text, form } => {
            ("check", view! { {format!("Agreed on the form “{form}”")}<div class="sub">{text}</div> }.into_any())
        }
        HistoryWhat::Waited { campaign, came: true } => {
            plain("clock", format!("Came into {campaign} after waiting{by}"))
        }
        HistoryWhat::Waited { campaign, came: false } => {
            plain("clock", format!("No longer waits for {campaign}: did not come in"))
        }
        HistoryWhat::Other(kind) => plain("info", format!("{kind}{by}")),
    };
    view! { <li><span class="node"><Icon name=icon/></span><div class="breakable">{words}</div><Time at day=true/></li> }
}

#[component]
fn Change(before: String, after: String) -> impl IntoView {
    let now = if after.is_empty() { "cleared".to_owned() } else { after };
    if before.is_empty() {
        view! { "was empty, now "{now} }.into_any()
    } else {
        view! { <del>{before}</del>" "{now} }.into_any()
    }
}

#[component]
fn UndoEdit(change: ChangeId, label: String) -> impl IntoView {
    let acts = use_contact_acts();
    use_session().may(Act::EditContacts).then(|| {
        view! {
            <div class="mt2">
                <button type="button" class="btn sm" aria-label=format!("Undo change of {label}") on:click=move |_| acts.undo(change)>
                    <Icon name="undo"/>"Undo"
                </button>
            </div>
        }
    })
}
