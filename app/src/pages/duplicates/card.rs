//! One entry of the list: two people, several, or many of one name.

use domain::ids::ContactId;
use domain::merge::{MergeChoices, PairToMerge};
use domain::suspect::{Band, Decision, NamesakeEntry, SuspectEntry, SuspectPair, SuspectPart, SuspectPerson};
use leptos::prelude::*;

use super::compare::Compare;
use super::desk::{Desk, Staged, use_desk};
use crate::components::{Icon, ScoreBar};
use crate::format::num;

/// A number with a sign and one decimal: `+5.2`, `−1.4`.
pub fn bits(value: f64) -> String {
    let rounded = format!("{:.1}", value.abs());
    match value {
        v if v > 0.0 => format!("+{rounded}"),
        _ if rounded == "0.0" => rounded,
        _ => format!("−{rounded}"),
    }
}

/// A probability as a person reads it.
pub fn percent(probability: f64) -> String {
    match probability {
        p if p >= 0.999 => "over 99.9\u{a0}%".to_owned(),
        // beside the usual threshold of 99 %, a tenth says on which side
        p if p >= 0.985 => format!("{:.1}\u{a0}%", p * 100.0),
        p if p < 0.01 => "under 1\u{a0}%".to_owned(),
        p => format!("{:.0}\u{a0}%", p * 100.0),
    }
}

/// The acts of an entry, as the keys find them.
struct Acts {
    key: String,
    title: String,
    merge: Vec<PairToMerge>,
    separate: Vec<(ContactId, ContactId)>,
}

impl Acts {
    fn of(entry: &SuspectEntry, key: String, title: String) -> Acts {
        let oldest = entry.people[0].id;
        let with = |second| PairToMerge { first: oldest, second, choices: MergeChoices::default() };
        Acts {
            key,
            title,
            merge: entry.people[1..].iter().map(|person| with(person.id)).collect(),
            separate: entry.pairs.iter().map(|pair| (pair.first, pair.second)).collect(),
        }
    }
}

/// Two people or a cluster.
#[component]
pub fn EntryCard(entry: SuspectEntry) -> impl IntoView {
    let desk = use_desk();
    let key = match entry.band {
        Band::Name => {
            format!("{}-{}", entry.people[0].id, entry.people.last().map_or_else(String::new, |p| p.id.to_string()))
        }
        _ => entry.cluster.to_string(),
    };
    let several = entry.people.len() > 2;
    let first = entry.people[0].name.clone();
    let title = match several {
        true => format!("Cluster of {}: {first}", num(entry.people.len() as u64)),
        false => format!("{first} and {}", entry.people[1].name),
    };
    let acts = Acts::of(&entry, key.clone(), first.clone());
    let best = entry.pairs.first().cloned();
    let open = {
        let key = key.clone();
        Memo::new(move |_| desk.open.with(|open| open.as_deref() == Some(&key)))
    };
    let inside = {
        let (entry, key) = (entry.clone(), key.clone());
        move || open.get().then(|| view! { <Inside entry=entry.clone() key=key.clone()/> })
    };
    let head_id = format!("who-{key}");

    view! {
        <article
            class=move || if open.get() { "pair-card open" } else { "pair-card" }
            tabindex="-1"
            aria-labelledby=head_id.clone()
            data-entry=key.clone()
        >
            <div class="head">
                <div>
                    <h3 class="sr" id=head_id.clone()>{title}</h3>
                    <People people=entry.people.clone()/>
                </div>
                {best.as_ref().map(|pair| view! { <Reasons pair=pair.clone()/> })}
                {best.map(|pair| view! { <Score pair/> })}
                <Buttons acts open/>
            </div>
            <StagedLines key=key.clone()/>
            {inside}
        </article>
    }
    .into_any()
}

/// What is staged for an entry, and why it was not done if that was tried.
#[component]
fn StagedLines(key: String) -> impl IntoView {
    let desk = use_desk();
    let line = move |staged: Staged| {
        let Staged { key, words, refused, .. } = staged;
        let class = if refused.is_some() { "staged-line refused" } else { "staged-line" };
        view! {
            <p class=class>
                <Icon name=if refused.is_some() { "warning" } else { "clock" }/>
                <span>"Staged: "{words}{refused.map(|why| format!(". Not done: {why}"))}</span>
                <button type="button" class="btn sm ghost" on:click=move |_| desk.unstage(&key)>"Discard"</button>
            </p>
        }
    };
    move || desk.staged_for(&key).into_iter().map(line).collect_view()
}

#[component]
fn People(people: Vec<SuspectPerson>) -> impl IntoView {
    let more = people.len().saturating_sub(4);
    let lines = people.into_iter().take(4).map(|person| {
        let SuspectPerson { name, email, company, .. } = person;
        let under = match (email == name, email.is_empty(), company.is_empty()) {
            (true, ..) | (_, true, false) => company,
            (_, false, true) => email,
            (_, true, true) => "no address, no company".to_owned(),
            _ => format!("{email}, {company}"),
        };
        view! { <li><b>{name}</b><span>{under}</span></li> }
    });
    view! {
        <ul class="people">
            {lines.collect_view()}
            {(more > 0).then(|| view! { <li><span>{format!("and {} more", num(more as u64))}</span></li> })}
        </ul>
    }
    .into_any()
}

/// The strongest evidence, for and against.
#[component]
fn Reasons(pair: SuspectPair) -> impl IntoView {
    let mut parts: Vec<SuspectPart> = pair.parts.into_iter().filter(|part| part.bits.abs() >= 0.3).collect();
    parts.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
    let shared = pair.shared_row.then(|| {
        view! { <span class="reason for"><Icon name="check"/>"one row of a file had both"</span> }
    });
    let chips = parts.into_iter().take(5).map(|part| {
        let speaks_for = part.bits > 0.0;
        view! {
            <span class=if speaks_for { "reason for" } else { "reason against" }>
                <Icon name=if speaks_for { "check" } else { "x" }/>
                {part.words}
            </span>
        }
    });
    view! { <div class="reasons">{shared}{chips.collect_view()}</div> }.into_any()
}

#[component]
fn Score(pair: SuspectPair) -> impl IntoView {
    view! {
        <div class="score">
            <span><b>{format!("{:.1}", pair.bits)}</b>" score, "{percent(pair.probability)}</span>
            <ScoreBar parts=pair.parts/>
        </div>
    }
}

#[component]
fn Buttons(acts: Acts, open: Memo<bool>) -> impl IntoView {
    let desk = use_desk();
    let Acts { key, title, merge, separate } = acts;
    let refusal = move || desk.refusal.get_value();
    let toggle = {
        let key = key.clone();
        move |_| desk.open.update(|now| *now = (now.as_deref() != Some(&key)).then(|| key.clone()))
    };
    let on_separate = {
        let (key, title) = (key.clone(), title.clone());
        move |_| {
            desk.decide(key.clone(), format!("keep apart {title}"), Decision::Separate(separate.clone()));
        }
    };
    let on_merge = {
        let (key, title) = (key.clone(), title.clone());
        move |_| desk.decide(key.clone(), format!("merge {title}"), Decision::Merge(merge.clone()))
    };
    view! {
        <span class="actions">
            <button
                type="button"
                class="btn sm ghost"
                data-act="preview"
                aria-expanded=move || open.get().to_string()
                aria-label=format!("Preview {title}")
                on:click=toggle
            >
                <Icon name="eye"/>
                "Preview"
            </button>
            <button
                type="button"
                class="btn sm"
                data-act="separate"
                aria-label=format!("Separate {title}")
                title=refusal
                disabled=move || desk.off()
                on:click=on_separate
            >
                <Icon name="separate"/>
                "Separate"
            </button>
            <button
                type="button"
                class="btn sm"
                data-act="merge"
                aria-label=format!("Merge {title}")
                title=refusal
                disabled=move || desk.off()
                on:click=on_merge
            >
                <Icon name="merge"/>
                "Merge"
            </button>
        </span>
    }
    .into_any()
}

/// What an open entry shows: one comparison, or the pairs of a cluster to choose from.
#[component]
fn Inside(entry: SuspectEntry, key: String) -> impl IntoView {
    let people = entry.people.clone();
    let name = move |id: ContactId| {
        people.iter().find(|p| p.id == id).map_or_else(String::new, |p| match p.email.is_empty() {
            true => p.name.clone(),
            false => format!("{} ({})", p.name, p.email),
        })
    };
    if entry.pairs.len() == 1 {
        let pair = entry.pairs[0].clone();
        return view! { <Parts pair=pair.clone()/><Compare pair key/> }.into_any();
    }
    let chosen = RwSignal::new(0_usize);
    let pairs = StoredValue::new(entry.pairs.clone());
    let lines = entry.pairs.iter().enumerate().map(|(i, pair)| {
        let words = format!("{} and {}", name(pair.first), name(pair.second));
        view! {
            <li>
                <button
                    type="button"
                    class="chip"
                    aria-pressed=move || (chosen.get() == i).to_string()
                    on:click=move |_| chosen.set(i)
                >
                    {words}
                    <span class="num">{format!("{:.1}", pair.bits)}</span>
                </button>
            </li>
        }
    });
    view! {
        <ul class="pairs" aria-label="Pairs of this cluster">{lines.collect_view()}</ul>
        {move || {
            pairs
                .with_value(|pairs| pairs.get(chosen.get()).cloned())
                .map(|pair| {
                    let key = format!("{key}:{}-{}", pair.first, pair.second);
                    view! { <Parts pair=pair.clone()/><Compare pair key/> }
                })
        }}
    }
    .into_any()
}

/// The parts in words and numbers: their sum is the score.
#[component]
fn Parts(pair: SuspectPair) -> impl IntoView {
    let parts = pair
        .parts
        .iter()
        .map(|part| view! { <span>{part.words.clone()}" "<b>{bits(part.bits)}</b></span> })
        .collect_view();
    view! {
        <p class="parts">
            {parts}
            <span>"= "<b>{format!("{:.1}", pair.bits)}</b></span>
            <span class="faint">{format!("{} of such pairs are one person", percent(pair.probability))}</span>
        </p>
    }
    .into_any()
}

/// Many people of one name with nothing else in common.
#[component]
pub fn NamesakeCard(entry: NamesakeEntry) -> impl IntoView {
    let desk: Desk = use_desk();
    let NamesakeEntry { key, name, people, some } = entry;
    let title = format!("{name}, {} namesakes", num(people));
    let open = RwSignal::new(false);
    let decide = {
        let (key, name) = (key.clone(), name.clone());
        move |_| {
            desk.decide(format!("name-{key}"), format!("keep all {name} apart"), Decision::KeepNamesakes(key.clone()));
        }
    };
    let entry_key = format!("name-{key}");
    let head_id = format!("name-head-{key}");
    let shown = some.len() as u64;
    view! {
        <article class="pair-card" tabindex="-1" aria-labelledby=head_id.clone() data-entry=entry_key.clone()>
            <div class="head">
                <div>
                    <h3 class="sr" id=head_id.clone()>{title}</h3>
                    <ul class="people">
                        <li><b>{name.clone()}</b><span>{format!("{} people of this name", num(people))}</span></li>
                        <li><span>"Nothing else speaks for any two of them being one"</span></li>
                    </ul>
                </div>
                <div class="reasons"><span class="reason for"><Icon name="check"/>"same name"</span></div>
                <div class="score"></div>
                <span class="actions">
                    <button
                        type="button"
                        class="btn sm ghost"
                        data-act="preview"
                        aria-expanded=move || open.get().to_string()
                        aria-label=format!("Preview {name}")
                        on:click=move |_| open.update(|open| *open = !*open)
                    >
                        <Icon name="eye"/>
                        "Preview"
                    </button>
                    <button
                        type="button"
                        class="btn sm"
                        data-act="separate"
                        title=move || desk.refusal.get_value()
                        disabled=move || desk.off()
                        on:click=decide
                    >
                        <Icon name="separate"/>
                        {format!("Separate all {}", num(people))}
                    </button>
                </span>
            </div>
            <StagedLines key=entry_key.clone()/>
            {move || {
                open.get().then(|| {
                    view! {
                        <div class="namesakes">
                            <People people=some.clone()/>
                            {(people > shown).then(|| view! { <p class="hint">{format!("The first {} of {}.", num(shown), num(people))}</p> })}
                        </div>
                    }
                })
            }}
        </article>
    }
    .into_any()
}
