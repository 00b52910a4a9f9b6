//! Merges everything obvious, after some of it was shown.

use domain::suspect::SuspectEntry;
use leptos::prelude::*;

use super::desk::use_desk;
use crate::components::Confirm;
use crate::format::{counted, num};

/// Entries named before everything obvious is merged.
const SAMPLE: usize = 5;

/// The button and its question; not there for a single entry.
#[component]
pub fn MergeAll(total: Signal<u64>, entries: Signal<Vec<SuspectEntry>>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let desk = use_desk();
    let words = move || format!("Merge all {}…", num(total.get()));
    view! {
        <Show when=move || { total.get() > 1 }>
            <button type="button" class="btn sm" disabled=move || desk.off() on:click=move |_| asking.set(true)>{words}</button>
        </Show>
        {move || {
            // what is asked about is what was there when the question came up
            asking.get().then(|| {
                let (total, sample) = (total.get_untracked(), entries.with_untracked(|entries| sample(entries)));
                view! { <Question total sample asking/> }
            })
        }}
    }
    .into_any()
}

fn sample(entries: &[SuspectEntry]) -> Vec<String> {
    let named = |p: &domain::suspect::SuspectPerson| match p.email.is_empty() {
        true => p.name.clone(),
        false => format!("{} ({})", p.name, p.email),
    };
    entries.iter().take(SAMPLE).map(|e| e.people.iter().map(named).collect::<Vec<_>>().join(" and ")).collect()
}

#[component]
fn Question(total: u64, sample: Vec<String>, asking: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let text = format!(
        "{} will be merged, each into the contact that was here first; newer filled values win. You can take it back afterwards.",
        counted(total, "entry", "entries"),
    );
    let shown = if sample.len() as u64 == total { "They are:" } else { "Some of them:" };
    let yes = move |()| {
        asking.set(false);
        desk.merge_obvious(total);
    };
    let lines = sample.into_iter().map(|line| view! { <li><span class="breakable">{line}</span></li> }).collect_view();
    view! {
        <Confirm
            title="Merge all obvious ones?"
            text=text
            yes=format!("Merge all {}", num(total))
            on_yes=yes
            on_close=move |()| asking.set(false)
        >
            <p class="mt4">{shown}</p>
            <ul class="lines sm">{lines}</ul>
        </Confirm>
    }
    .into_any()
}
