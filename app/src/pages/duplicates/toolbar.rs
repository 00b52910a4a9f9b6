//! Above the list of suspects: search, bands, staging, and when everyone was compared last.

use domain::suspect::{Band, ScanState, SuspectCounts, SuspectQuery, SuspectState};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::desk::use_desk;
use super::settings::Thresholds;
use super::{PATH, counts};
use crate::address::address;
use crate::components::Icon;
use crate::components::{Menu, SearchBox, Switch, Time, use_toasts};
use crate::format::{counted, num};
use crate::server_fns::duplicates::ask_scan;
use crate::state::{computed, use_refresh};

/// How often the state is asked for while people are compared.
const LOOK: std::time::Duration = std::time::Duration::from_secs(2);

/// The toolbar. It stays as it is while the list is read again; `tick` asks for the state alone.
#[component]
pub fn Toolbar(state: Signal<Option<SuspectState>>, asked: Memo<SuspectQuery>, tick: RwSignal<u32>) -> impl IntoView {
    let desk = use_desk();
    let search = Memo::new(move |_| asked.with(|asked| asked.search.clone()));
    let band = Memo::new(move |_| asked.with(|asked| asked.band));
    let navigate = use_navigate();
    let on_search = Callback::new(move |text: String| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        let band = band.get_untracked().map_or("", Band::word);
        navigate(&address(PATH, &[("band", band), ("q", &text)]), options);
    });
    let chip = move |which: Option<Band>, label: &'static str, n: fn(&SuspectCounts) -> u64| {
        let href = move || search.with(|q| address(PATH, &[("band", which.map_or("", Band::word)), ("q", q)]));
        let current = move || (band.get() == which).then_some("true");
        let number = move || num(n(&counts(state)));
        view! { <a class="chip" href=href aria-current=current>{label}" "<span class="num">{number}</span></a> }
    };
    let limits = computed(move || state.with(|state| state.map(|state| (state.review_from, state.obvious_from))));
    let stages = move |on| desk.stages.set(on);
    let may_not = Signal::derive(move || desk.refusal.with_value(Option::is_some));
    view! {
        <div class="toolbar">
            <SearchBox label="Search suspects" value=search on_search/>
            <div class="row" role="group" aria-label="Band">
                {chip(None, "All", SuspectCounts::open)}
                {chip(Some(Band::Obvious), Band::Obvious.label(), |counts| counts.obvious)}
                {chip(Some(Band::Review), Band::Review.label(), |counts| counts.review)}
                {chip(Some(Band::Name), Band::Name.label(), |counts| counts.name)}
            </div>
            <span class="spacer"></span>
            <label class="row sm" for="stage">
                <Switch id="stage" checked=desk.stages on_change=stages disabled=may_not/>
                "Stage decisions"
            </label>
            <div class="row scan-line">
                <ScanLine state tick/>
                <Menu id="thresholds" icon="settings" class="btn sm square ghost" label="What is listed">
                    {move || limits.get().map(|(review_from, obvious_from)| view! { <Thresholds review_from obvious_from/> })}
                </Menu>
            </div>
        </div>
    }
    .into_any()
}

/// When everyone was compared last, and the button that does it now.
#[component]
fn ScanLine(state: Signal<Option<SuspectState>>, tick: RwSignal<u32>) -> impl IntoView {
    let desk = use_desk();
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let asked = RwSignal::new(false);
    let rescan = move |_| {
        asked.set(true);
        spawn_local(async move {
            match ask_scan().await {
                Ok(()) => toasts.say("Everyone is compared with everyone. The list follows when that is done."),
                Err(failure) => toasts.fail(&failure),
            }
            tick.try_update(|n| *n = n.wrapping_add(1));
            asked.try_set(false);
        });
    };
    let scan = computed(move || state.with(|state| state.map(|state| state.scan).unwrap_or_default()));
    let running = computed(move || scan.with(|scan| scan.running || scan.waiting > 0));
    // Only this line is asked for while people are compared; the list is read again when there is something new in it.
    Effect::new(move |before: Option<Option<SuspectState>>| {
        let now = state.get();
        if let (Some(now), Some(before)) = (now, before.flatten()) {
            let ended = is_running(&before.scan) && !is_running(&now.scan);
            if ended || before.counts != now.counts {
                refresh.ring();
            }
        }
        if running.get_untracked() {
            let wait = set_timeout_with_handle(move || tick.update(|n| *n = n.wrapping_add(1)), LOOK);
            on_cleanup(move || {
                if let Ok(wait) = wait {
                    wait.clear();
                }
            });
        }
        now
    });
    let words = move || {
        let scan = scan.get();
        let people = counted(scan.contacts, "contact", "contacts");
        match (is_running(&scan), scan.scanned_at) {
            (true, _) => view! { "Comparing…" }.into_any(),
            (false, None) => view! { {people}", compared as they came" }.into_any(),
            (false, Some(at)) => view! { "Last scan "<Time at/>", "{people} }.into_any(),
        }
    };
    view! {
        <span class="hint" role="status">{words}</span>
        <button type="button" class="btn sm" disabled=move || running.get() || asked.get() || desk.off() on:click=rescan>
            <Icon name="refresh"/>
            "Scan again"
        </button>
    }
    .into_any()
}

fn is_running(scan: &ScanState) -> bool {
    scan.running || scan.waiting > 0
}
