//! Duplication Handling: who may be one person, and what was decided about it.

mod card;
mod compare;
mod decided;
mod desk;
mod keys;
mod settings;
mod why_not;

use domain::suspect::{Band, ScanState, SuspectCounts, SuspectPage, SuspectQuery, SuspectSection};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use card::{EntryCard, NamesakeCard, percent};
use decided::{MergedList, SeparatedList};
use desk::{Desk, use_desk};
use settings::Thresholds;
use why_not::WhyNotDialog;

use crate::address::address;
use crate::components::{Confirm, Empty, FailureBanner, Icon, Menu, Pager, SearchBox, Switch, Time, use_toasts};
use crate::format::{counted, num};
use crate::pages::imports::Place;
use crate::server_fns::duplicates::{ask_scan, list_suspects};
use crate::state::use_refresh;

const PATH: &str = "/admin/duplicates";

/// The page: suspects, or one of the two lists of decisions; which one stands in the address.
#[component]
pub fn DuplicatesPage() -> impl IntoView {
    let desk = Desk::provide();
    keys::listen(desk);
    let query = use_query_map();
    let tab = Memo::new(move |_| query.with(|query| query.get("tab")).unwrap_or_default());
    let place = Memo::new(move |_| query.with(Place::of));
    let asked = Memo::new(move |_| {
        query.with(|query| SuspectQuery {
            band: query.get_str("band").and_then(|band| band.parse().ok()),
            search: query.get("q").unwrap_or_default(),
            after: query.get("after").filter(|_| query.get_str("tab").is_none()),
        })
    });
    let refresh = use_refresh();
    let page = Resource::new(move || (asked.get(), refresh.follow()), |(query, _)| list_suspects(query));
    let asking = RwSignal::new(false);
    view! {
        <Title text="Duplication Handling"/>
        <main class="main" id="main" tabindex="-1">
            <header class="page-head">
                <h1>"Duplication Handling"</h1>
                <div class="actions"><HeadActs asking/></div>
            </header>
            <Transition fallback=|| view! { <p class="pad muted" role="status">"Loading suspects…"</p> }>
                {move || {
                    // the lists of decisions follow the address without another page of suspects
                    let (tab, asked, place) = (tab.get(), asked.get(), place.get());
                    Suspend::new(async move {
                        match page.await {
                            Ok(page) => view! { <Content page tab asked place/> }.into_any(),
                            Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </main>
        {move || asking.get().then(|| view! { <WhyNotDialog close=Callback::new(move |()| asking.set(false))/> })}
    }
    .into_any()
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
fn Content(page: SuspectPage, tab: String, asked: SuspectQuery, place: Place) -> impl IntoView {
    let counts = page.counts;
    let body = match tab.as_str() {
        "separated" => view! { <SeparatedList place/> }.into_any(),
        "merged" => view! { <MergedList place/> }.into_any(),
        _ => view! { <Suspects page asked place/> }.into_any(),
    };
    view! {
        <Tabs counts tab/>
        {body}
    }
    .into_any()
}

#[component]
fn Tabs(counts: SuspectCounts, tab: String) -> impl IntoView {
    let link = |name: &'static str, label: &'static str, n: u64| {
        let current = (tab == name).then_some("page");
        view! {
            <li><a href=address(PATH, &[("tab", name)]) aria-current=current>{label}" "<span class="num">{num(n)}</span></a></li>
        }
    };
    view! {
        <nav class="tabs" aria-label="Decisions">
            <ul>
                {link("", "Suspects", counts.open())}
                {link("separated", "Separated", counts.separated)}
                {link("merged", "Merged", counts.merged)}
            </ul>
        </nav>
    }
    .into_any()
}

#[component]
fn Suspects(page: SuspectPage, asked: SuspectQuery, place: Place) -> impl IntoView {
    let SuspectPage { counts, sections, scan, review_from, obvious_from } = page;
    let nothing = counts.open() == 0;
    let filtered = !asked.search.is_empty() || asked.band.is_some();
    let shown: usize = sections.iter().map(|s| s.entries.len() + s.namesakes.len()).sum();
    let band = asked.band;
    let next = sections.iter().find_map(|section| section.next.clone()).filter(|_| band.is_some());
    let word = band.map_or("", Band::word);
    let params = [("band", word), ("q", asked.search.as_str())];
    let next = next.map(|next| place.next(PATH, &params, &next));
    let previous = place.previous(PATH, &params);
    let body = if shown == 0 {
        view! { <Nothing nothing filtered scan/> }.into_any()
    } else {
        let sections = sections
            .into_iter()
            .filter(|s| !s.entries.is_empty() || !s.namesakes.is_empty())
            .map(|section| view! { <Section section counts all=band.is_none() review_from obvious_from/> })
            .collect_view();
        view! {
            <div class="queue">{sections}</div>
            {band.map(|_| view! { <Pager previous next>{counted(shown as u64, "entry on this page", "entries on this page")}</Pager> })}
        }
        .into_any()
    };
    view! {
        <Toolbar counts asked scan review_from obvious_from/>
        {body}
    }
    .into_any()
}

#[component]
fn Toolbar(
    counts: SuspectCounts,
    asked: SuspectQuery,
    scan: ScanState,
    review_from: f64,
    obvious_from: f64,
) -> impl IntoView {
    let desk = use_desk();
    let (band, search) = (asked.band, StoredValue::new(asked.search));
    let navigate = use_navigate();
    let on_search = Callback::new(move |text: String| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&address(PATH, &[("band", band.map_or("", Band::word)), ("q", &text)]), options);
    });
    let chip = |which: Option<Band>, label: &'static str, n: u64| {
        let href = search.with_value(|q| address(PATH, &[("band", which.map_or("", Band::word)), ("q", q)]));
        view! {
            <a class="chip" href=href aria-current=(band == which).then_some("true")>{label}" "<span class="num">{num(n)}</span></a>
        }
    };
    let chips = [
        chip(None, "All", counts.open()),
        chip(Some(Band::Obvious), Band::Obvious.label(), counts.obvious),
        chip(Some(Band::Review), Band::Review.label(), counts.review),
        chip(Some(Band::Name), Band::Name.label(), counts.name),
    ];
    view! {
        <div class="toolbar">
            <SearchBox label="Search suspects" value=Signal::derive(move || search.get_value()) on_search/>
            <div class="row" role="group" aria-label="Band">{chips.into_iter().collect_view()}</div>
            <span class="spacer"></span>
            <label class="row sm" for="stage">
                <Switch id="stage" checked=desk.stages on_change=move |on| desk.stages.set(on) disabled=Signal::derive(move || desk.refusal.with_value(Option::is_some))/>
                "Stage decisions"
            </label>
            <ScanLine scan/>
            <Menu id="thresholds" icon="settings" class="btn sm square ghost" label="What is listed">
                <Thresholds review_from obvious_from/>
            </Menu>
        </div>
    }
    .into_any()
}

/// When everyone was compared last, and the button that does it now.
#[component]
fn ScanLine(scan: ScanState) -> impl IntoView {
    let desk = use_desk();
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let asked = RwSignal::new(false);
    let rescan = move |_| {
        asked.set(true);
        spawn_local(async move {
            match ask_scan().await {
                Ok(()) => toasts.say("Everyone is compared with everyone. The list follows when that is done."),
                Err(failure) => {
                    asked.try_set(false);
                    toasts.fail(&failure);
                }
            }
            refresh.ring();
        });
    };
    let running = scan.running || scan.waiting > 0;
    // the list follows by itself while there is something to follow
    Effect::new(move |_| {
        if running {
            let wait = set_timeout_with_handle(move || refresh.ring(), std::time::Duration::from_secs(2));
            on_cleanup(move || {
                if let Ok(wait) = wait {
                    wait.clear();
                }
            });
        }
    });
    let words = match (running, scan.scanned_at) {
        (true, _) => view! { "Comparing…" }.into_any(),
        (false, None) => view! { {counted(scan.contacts, "contact", "contacts")}", compared as they came" }.into_any(),
        (false, Some(at)) => {
            view! { "Last scan "<Time at/>", "{counted(scan.contacts, "contact", "contacts")} }.into_any()
        }
    };
    view! {
        <span class="hint" role="status">{words}</span>
        <button type="button" class="btn sm" disabled=move || running || asked.get() || desk.off() on:click=rescan>
            <Icon name="refresh"/>
            "Scan again"
        </button>
    }
    .into_any()
}

#[component]
fn Nothing(nothing: bool, filtered: bool, scan: ScanState) -> impl IntoView {
    if filtered && !nothing {
        let action = view! { <a class="btn" href=PATH>"Show all"</a> };
        return view! {
            <Empty title="Nothing here under this filter" action=action.into_any()>
                "There are suspects, but none that fit the search or the band you chose."
            </Empty>
        }
        .into_any();
    }
    if scan.contacts == 0 {
        let action = view! { <a class="btn primary" href="/campaigns"><Icon name="campaign"/>"Go to campaigns"</a> };
        return view! {
            <Empty title="Nobody to compare yet" action=action.into_any()>
                "Once people are imported, those who may be one person under two addresses are listed here, with the reasons."
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty title="Nobody looks like somebody else">
            "New and changed contacts are compared as they come, and everyone with everyone each night. What may be one person is listed here, with the reasons; nothing is merged by itself because of a name."
        </Empty>
    }
    .into_any()
}

#[component]
fn Section(
    section: SuspectSection,
    counts: SuspectCounts,
    all: bool,
    review_from: f64,
    obvious_from: f64,
) -> impl IntoView {
    let SuspectSection { band, entries, namesakes, next } = section;
    let (total, hint) = match band {
        Band::Obvious => (counts.obvious, format!("{} or more of such pairs are one person", percent(obvious_from))),
        Band::Review => (counts.review, format!("from {}: someone should look", percent(review_from))),
        Band::Name => (counts.name, "too little else speaks for it".to_owned()),
    };
    let sample: Vec<String> = entries
        .iter()
        .take(5)
        .map(|e| {
            e.people
                .iter()
                .map(|p| if p.email.is_empty() { p.name.clone() } else { format!("{} ({})", p.name, p.email) })
                .collect::<Vec<_>>()
                .join(" and ")
        })
        .collect();
    let bulk = (band == Band::Obvious && total > 1).then(|| view! { <MergeAll total sample/> });
    let more = (all && next.is_some()).then(|| {
        view! { <a class="btn sm" href=address(PATH, &[("band", band.word())])>{format!("Show all {}", num(total))}</a> }
    });
    view! {
        <section class="queue-band" aria-labelledby=format!("band-{band}")>
            <div class="band">
                <h2 id=format!("band-{band}")>{band.label()}" "<span class="faint num">{num(total)}</span></h2>
                <span class="hint">{hint}</span>
                {bulk}
            </div>
            {namesakes.into_iter().map(|entry| view! { <NamesakeCard entry/> }).collect_view()}
            {entries.into_iter().map(|entry| view! { <EntryCard entry/> }).collect_view()}
            {more}
        </section>
    }
    .into_any()
}

/// Merges everything obvious, after some of it was shown.
#[component]
fn MergeAll(total: u64, sample: Vec<String>) -> impl IntoView {
    let desk = use_desk();
    let asking = RwSignal::new(false);
    let text = format!(
        "{} will be merged, each into the contact that was here first; newer filled values win. You can take it back afterwards.",
        counted(total, "entry", "entries"),
    );
    let shown = if sample.len() as u64 == total { "They are:" } else { "Some of them:" };
    let sample = StoredValue::new(sample);
    let yes = move |()| {
        asking.set(false);
        desk.merge_obvious(total);
    };
    view! {
        <button type="button" class="btn sm" disabled=move || desk.off() on:click=move |_| asking.set(true)>
            {format!("Merge all {}…", num(total))}
        </button>
        {move || {
            asking.get().then(|| {
                view! {
                    <Confirm
                        title="Merge all obvious ones?"
                        text=text.clone()
                        yes=format!("Merge all {}", num(total))
                        on_yes=yes
                        on_close=move |()| asking.set(false)
                    >
                        <p class="mt4">{shown}</p>
                        <ul class="lines sm">
                            {sample.get_value().into_iter().map(|line| view! { <li><span class="breakable">{line}</span></li> }).collect_view()}
                        </ul>
                    </Confirm>
                }
            })
        }}
    }
    .into_any()
}
