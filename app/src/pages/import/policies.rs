//! The three policies of step 4, each with its own count.

use domain::import::{DraftChange, DryRun, PolicyPreview, RowExample};
use domain::{DuplicatePolicy, Outcome};
use leptos::prelude::*;

use super::draft::Draft;
use super::words::{self, PolicyLine};
use crate::components::{CardRadio, Icon, OutcomeBar, Segment};
use crate::format::num;

/// The radio group, and examples of what the chosen policy does not simply take.
#[component]
pub fn Policies(draft: Draft, count: Memo<Option<DryRun>>, campaign: Option<String>) -> impl IntoView {
    let chosen = Memo::new(move |_| draft.view.with(|view| view.settings.policy));
    let card = move |policy: DuplicatePolicy| {
        // Not of the memo: a refused choice must turn the card back.
        let checked = Signal::derive(move || draft.view.with(|view| view.settings.policy == policy));
        let preview = Memo::new(move |_| count.with(|run| run.as_ref().and_then(|run| run.of(policy).cloned())));
        view! {
            <CardRadio
                name="policy"
                value=policy.word()
                title=policy.label()
                sentence=words::policy_sentence(policy)
                checked
                on_select=move |()| draft.save(DraftChange::Policy(policy))
            >
                <span class="live">
                    {move || match preview.get() {
                        Some(preview) => view! { <Live preview/> }.into_any(),
                        None => view! { <span class="l faint">"Counting…"</span> }.into_any(),
                    }}
                </span>
                <span class="eg hint"><b>"Example: "</b>{words::policy_example(policy)}</span>
            </CardRadio>
        }
    };
    let examples = Memo::new(move |_| count.with(|run| run.as_ref().and_then(|run| run.of(chosen.get())).cloned()));
    let legend = campaign.map(|name| view! { <p class="sr">"Whom to leave out of the import into "{name}</p> });
    view! {
        {legend}
        <div class="cards rows">{DuplicatePolicy::ALL.iter().map(|&policy| card(policy)).collect_view()}</div>
        {move || {
            examples
                .get()
                .filter(|preview| !preview.examples.is_empty())
                .map(|preview| view! { <Examples preview/> })
        }}
    }
    .into_any()
}

/// What one policy would do: a bar and its numbers.
#[component]
fn Live(preview: PolicyPreview) -> impl IntoView {
    let lines = words::policy_lines(&preview.counts);
    let segments = lines
        .iter()
        .map(|line| Segment { class: line.class, count: line.count, label: line.label.clone() })
        .collect::<Vec<_>>();
    let lines = lines
        .into_iter()
        .map(|PolicyLine { class, icon, count, label }| {
            view! {
                <span class="l">
                    <span class=format!("swatch {class}")></span>
                    <Icon name=icon/>
                    <span><b>{num(count)}</b>" "{label}</span>
                </span>
            }
        })
        .collect_view();
    view! { <OutcomeBar segments/>{lines} }
}

/// The first rows that would not simply go in, by cause.
#[component]
fn Examples(preview: PolicyPreview) -> impl IntoView {
    let PolicyPreview { counts, examples, .. } = preview;
    let causes = counts
        .all()
        .map(|(outcome, n)| {
            let of_cause: Vec<_> = examples.iter().filter(|example| example.outcome == outcome).cloned().collect();
            (!of_cause.is_empty()).then(|| view! { <Cause outcome count=n examples=of_cause/> })
        })
        .collect_view();
    view! {
        <details class="examples">
            <summary class="link sm">"Examples of what does not simply go in, by cause"</summary>
            {causes}
        </details>
    }
    .into_any()
}

#[component]
fn Cause(outcome: Outcome, count: u64, examples: Vec<RowExample>) -> impl IntoView {
    let lines = examples
        .into_iter()
        .map(|example| {
            view! {
                <li>
                    <span><strong>{example.who}</strong>" "<span class="sub">"row "{num(example.row)}</span></span>
                    <span class="sub">{example.why}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <h2 class="cause"><Icon name=words::outcome_icon(outcome)/>{outcome.label()}" "<span class="num">{num(count)}</span></h2>
        <ul class="lines">{lines}</ul>
    }
    .into_any()
}

/// Which policy fits what someone wants (A72, A73).
#[component]
pub fn Recommendation(draft: Draft) -> impl IntoView {
    let wish = RwSignal::new(None::<usize>);
    let options = words::INTENTS
        .iter()
        .enumerate()
        .map(|(i, (want, _, _))| view! { <option value=i.to_string()>{*want}</option> })
        .collect_view();
    let answer = move || {
        wish.get().and_then(|i| words::INTENTS.get(i)).map(|&(_, policy, sentence)| {
            view! {
                {sentence}
                " "
                <button type="button" class="link" on:click=move |_| draft.save(DraftChange::Policy(policy))>"Choose it"</button>
            }
        })
    };
    view! {
        <div class="row recommendation sm">
            <label for="wish" class="muted">"Not sure? I want to"</label>
            <select
                class="select sm"
                id="wish"
                autocomplete="off"
                on:change=move |event| wish.set(event_target_value(&event).parse().ok())
            >
                <option value="">"choose what you want"</option>
                {options}
            </select>
            <p class="hint" role="status">{answer}</p>
        </div>
    }
    .into_any()
}
