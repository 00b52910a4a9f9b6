//! Duplication Handling: who may be one person, and what was decided about it.

mod bulk;
mod card;
mod compare;
mod decided;
mod desk;
mod keys;
mod list;
mod place;
mod settings;
mod toolbar;
mod why_not;

use domain::suspect::{SuspectCounts, SuspectQuery, SuspectState};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use decided::{MergedList, SeparatedList};
use desk::{Desk, use_desk};
use list::Suspects;
use toolbar::Toolbar;
use why_not::WhyNotDialog;

pub use desk::StagedDecisions;

use crate::address::address;
use crate::components::{FailureBanner, Icon, Reading, Skeleton};
use crate::format::{counted, num};
use crate::pages::imports::Place;
use crate::server_fns::duplicates::{get_suspect_state, list_merged, list_separated, list_suspects};
use crate::state::{computed, use_refresh};

const PATH: &str = "/admin/duplicates";

/// Which of the three lists is shown, as the address says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Suspects,
    Separated,
    Merged,
}

impl Tab {
    fn of(word: Option<&str>) -> Tab {
        match word {
            Some("separated") => Tab::Separated,
            Some("merged") => Tab::Merged,
            _ => Tab::Suspects,
        }
    }
}

/// The page: suspects, or one of the two lists of decisions. Each list is read only while it is shown.
#[component]
pub fn DuplicatesPage() -> impl IntoView {
    let desk = Desk::provide();
    keys::listen(desk);
    let query = use_query_map();
    let tab = Memo::new(move |_| query.with(|query| Tab::of(query.get_str("tab"))));
    let place = Memo::new(move |_| query.with(Place::of));
    let asked = Memo::new(move |_| {
        query.with(|query| SuspectQuery {
            band: query.get_str("band").and_then(|band| band.parse().ok()),
            search: query.get("q").unwrap_or_default(),
            after: query.get("after").filter(|_| query.get_str("tab").is_none()),
        })
    });
    let refresh = use_refresh();
    let tick = RwSignal::new(0_u32);
    let state = Resource::new(move || (refresh.follow(), tick.get()), |_| get_suspect_state());
    let shows = move |which: Tab| tab.get() == which;
    let page = Resource::new(
        move || (shows(Tab::Suspects), asked.get(), refresh.follow()),
        async |(on, query, _)| if on { Some(list_suspects(query).await) } else { None },
    );
    let cursor = move || Some(place.get().after).filter(|after| !after.is_empty());
    let separated = Resource::new(
        move || (shows(Tab::Separated), cursor(), refresh.follow()),
        async |(on, after, _)| if on { Some(list_separated(after).await) } else { None },
    );
    let merged = Resource::new(
        move || (shows(Tab::Merged), cursor(), refresh.follow()),
        async |(on, after, _)| if on { Some(list_merged(after).await) } else { None },
    );
    let asking = RwSignal::new(false);
    let reading = Reading::not_yet();
    // the buttons are off then: here everyone can read why
    let refusal = desk.refusal.get_value();
    let around = computed(move || state.get());
    let known = computed(move || around.with(|found| found.as_ref().map(Result::is_ok)));
    let now = computed(move || around.get().and_then(Result::ok));
    let failure = move || around.get().and_then(Result::err);
    view! {
        <Title text="Duplication Handling"/>
        <main class="main" id="main" tabindex="-1" aria-busy=reading.busy()>
            <header class="page-head">
                <h1>"Duplication Handling"</h1>
                <div class="actions"><HeadActs asking/></div>
            </header>
            {refusal.map(|refusal| view! { <p class="hint pad-sm">{refusal}</p> })}
            <Transition set_pending=reading.setter() fallback=|| view! { <Skeleton label="Loading suspects…"/> }>
                {move || {
                    known.get().map(|known| match known {
                        true => view! { <Tabs counts=Signal::derive(move || counts(now)) tab/> }.into_any(),
                        false => {
                            failure().map(|failure| view! { <div class="pad"><FailureBanner failure/></div> }).into_any()
                        }
                    })
                }}
                {move || match tab.get() {
                    Tab::Suspects => {
                        let shown = known.get().filter(|known| *known);
                        shown.map(|_| view! { <Toolbar state=now asked tick/> }).into_any()
                    }
                    _ => ().into_any(),
                }}
                {move || match tab.get() {
                    Tab::Suspects => view! { <Suspects page state=now asked place/> }.into_any(),
                    Tab::Separated => view! { <SeparatedList page=separated place/> }.into_any(),
                    Tab::Merged => view! { <MergedList page=merged place/> }.into_any(),
                }}
            </Transition>
        </main>
        {move || asking.get().then(|| view! { <WhyNotDialog close=Callback::new(move |()| asking.set(false))/> })}
    }
    .into_any()
}

fn counts(state: Signal<Option<SuspectState>>) -> SuspectCounts {
    state.with(|state| state.map(|state| state.counts).unwrap_or_default())
}

/// What is staged, and the questions that need no pair.
#[component]
fn HeadActs(asking: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let waiting = Memo::new(move |_| desk.staged.with(Vec::len));
    let words = move || counted(waiting.get() as u64, "decision", "decisions");
    view! {
        <Show when=move || { waiting.get() > 0 }>
            <span class="staged"><Icon name="clock"/>{words}" not saved"</span>
            <button type="button" class="btn ghost" on:click=move |_| desk.staged.set(Vec::new())>"Discard"</button>
            <button type="button" class="btn primary" disabled=move || desk.off() on:click=move |_| desk.save_staged()>
                "Save "
                {words}
            </button>
        </Show>
        <Show when=move || desk.last.with(Option::is_some)>
            <button type="button" class="btn ghost" id="undo-last" on:click=move |_| desk.undo()>
                <Icon name="undo"/>
                "Undo the last"
            </button>
        </Show>
        <button type="button" class="btn" on:click=move |_| asking.set(true)>
            <Icon name="info"/>
            "Why not?"
        </button>
    }
    .into_any()
}

#[component]
fn Tabs(counts: Signal<SuspectCounts>, tab: Memo<Tab>) -> impl IntoView {
    let link = |which: Tab, name: &'static str, label: &'static str, n: fn(&SuspectCounts) -> u64| {
        let current = move || (tab.get() == which).then_some("page");
        let number = move || counts.with(|counts| num(n(counts)));
        view! {
            <li><a href=address(PATH, &[("tab", name)]) aria-current=current>{label}" "<span class="num">{number}</span></a></li>
        }
    };
    view! {
        <nav class="tabs" aria-label="Decisions">
            <ul>
                {link(Tab::Suspects, "", "Suspects", SuspectCounts::open)}
                {link(Tab::Separated, "separated", "Separated", |counts| counts.separated)}
                {link(Tab::Merged, "merged", "Merged", |counts| counts.merged)}
            </ul>
        </nav>
    }
    .into_any()
}
