//! The list of suspects, by band. Entries keep their elements while the list is read again, so that an open preview and
//! the focus stay where they are.

use domain::suspect::{Band, NamesakeEntry, SuspectEntry, SuspectPage, SuspectQuery, SuspectState};
use leptos::prelude::*;

use super::bulk::MergeAll;
use super::card::{EntryCard, NamesakeCard, percent};
use super::{PATH, counts, place};
use crate::Failure;
use crate::address::address;
use crate::components::{Empty, FailureBanner, Icon, Pager};
use crate::format::{counted, num};
use crate::pages::imports::Place;
use crate::state::computed;

/// What is read of the server: none while another list is shown.
type Page = Resource<Option<Result<SuspectPage, Failure>>>;

/// What the middle of the page shows.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Nothing,
    List,
    Refused(Failure),
}

/// The list, or why there is none. Stands inside a `Transition`.
#[component]
pub fn Suspects(
    page: Page,
    state: Signal<Option<SuspectState>>,
    asked: Memo<SuspectQuery>,
    place: Memo<Place>,
) -> impl IntoView {
    let found = computed(move || page.get().flatten());
    let list = computed(move || found.with(|found| found.as_ref().and_then(|found| found.as_ref().ok().cloned())));
    let shown = computed(move || {
        found.with(|found| match found.as_ref()? {
            Err(failure) => Some(Shown::Refused(failure.clone())),
            Ok(page) => Some(if entries(page) == 0 { Shown::Nothing } else { Shown::List }),
        })
    });
    move || {
        shown.get().map(|shown| match shown {
            Shown::Refused(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
            Shown::Nothing => view! { <Nothing state asked/> }.into_any(),
            Shown::List => view! { <List list state asked place/> }.into_any(),
        })
    }
}

/// How many entries a page has.
fn entries(page: &SuspectPage) -> usize {
    page.sections.iter().map(|section| section.entries.len() + section.namesakes.len()).sum()
}

#[component]
fn List(
    list: Signal<Option<SuspectPage>>,
    state: Signal<Option<SuspectState>>,
    asked: Memo<SuspectQuery>,
    place: Memo<Place>,
) -> impl IntoView {
    let bands = computed(move || {
        let filled = |page: &SuspectPage| {
            let some = page.sections.iter().filter(|s| !s.entries.is_empty() || !s.namesakes.is_empty());
            some.map(|section| section.band).collect::<Vec<_>>()
        };
        list.with(|list| list.as_ref().map(filled).unwrap_or_default())
    });
    let paged = Memo::new(move |_| asked.with(|asked| asked.band.is_some()));
    place::keep(list);
    view! {
        <div class="queue" id="queue" on:focusin=|event| place::remember(&event)>
            <For each=move || bands.get() key=|band| *band let:band>
                <Section band list state asked/>
            </For>
        </div>
        {move || paged.get().then(|| view! { <Pages list asked place/> })}
    }
    .into_any()
}

/// The ways to the pages of one band.
#[component]
fn Pages(list: Signal<Option<SuspectPage>>, asked: Memo<SuspectQuery>, place: Memo<Place>) -> impl IntoView {
    let next = Signal::derive(move || {
        let next = list.with(|list| list.as_ref()?.sections.iter().find_map(|section| section.next.clone()))?;
        Some(asked.with(|asked| place.with(|place| place.next(PATH, &params(asked), &next))))
    });
    let previous = Signal::derive(move || asked.with(|asked| place.with(|place| place.previous(PATH, &params(asked)))));
    let shown = move || {
        let shown = list.with(|list| list.as_ref().map_or(0, entries));
        counted(shown as u64, "entry on this page", "entries on this page")
    };
    view! { <Pager previous next>{shown}</Pager> }
}

fn params(asked: &SuspectQuery) -> [(&str, &str); 2] {
    [("band", asked.band.map_or("", Band::word)), ("q", &asked.search)]
}

#[component]
fn Section(
    band: Band,
    list: Signal<Option<SuspectPage>>,
    state: Signal<Option<SuspectState>>,
    asked: Memo<SuspectQuery>,
) -> impl IntoView {
    let entries = computed(move || section(list, band, |section| section.entries.clone()));
    let namesakes = computed(move || section(list, band, |section| section.namesakes.clone()));
    let more = computed(move || section(list, band, |section| section.next.is_some()));
    let total = computed(move || {
        let counts = list.with(|list| list.as_ref().map(|list| list.counts).unwrap_or_default());
        match band {
            Band::Obvious => counts.obvious,
            Band::Review => counts.review,
            Band::Name => counts.name,
        }
    });
    let hint = move || {
        let state = state.get();
        match (band, state) {
            (Band::Obvious, Some(state)) => {
                format!("at least {} of such pairs are one person", percent(state.obvious_from))
            }
            (Band::Review, Some(state)) => format!("from {}: someone should look", percent(state.review_from)),
            (Band::Name, _) => "too little else speaks for it".to_owned(),
            (_, None) => String::new(),
        }
    };
    let all = Memo::new(move |_| asked.with(|asked| asked.band.is_none()));
    let everything = move || {
        (all.get() && more.get()).then(|| {
            let words = format!("Show all {}", num(total.get()));
            view! { <a class="btn sm" href=address(PATH, &[("band", band.word())])>{words}</a> }
        })
    };
    view! {
        <section class="queue-band" aria-labelledby=format!("band-{band}")>
            <div class="band">
                <h2 id=format!("band-{band}")>{band.label()}" "<span class="faint num">{move || num(total.get())}</span></h2>
                <span class="hint">{hint}</span>
                {(band == Band::Obvious).then(|| view! { <MergeAll total entries/> })}
            </div>
            <For each=move || namesakes.get() key=|entry: &NamesakeEntry| format!("{entry:?}") let:entry>
                <NamesakeCard entry/>
            </For>
            <For each=move || entries.get() key=|entry: &SuspectEntry| format!("{entry:?}") let:entry>
                <EntryCard entry/>
            </For>
            {everything}
        </section>
    }
    .into_any()
}

/// Something of one band's section; the default where the section is gone.
fn section<T: Default>(
    list: Signal<Option<SuspectPage>>,
    band: Band,
    of: fn(&domain::suspect::SuspectSection) -> T,
) -> T {
    list.with(|list| {
        let sections = list.as_ref().map(|list| list.sections.as_slice()).unwrap_or_default();
        sections.iter().find(|section| section.band == band).map(of).unwrap_or_default()
    })
}

#[component]
fn Nothing(state: Signal<Option<SuspectState>>, asked: Memo<SuspectQuery>) -> impl IntoView {
    let people = computed(move || state.with(|state| state.map_or(0, |state| state.scan.contacts)));
    let others = computed(move || {
        asked.with(|asked| !asked.search.is_empty() || asked.band.is_some()) && counts(state).open() > 0
    });
    move || {
        if others.get() {
            let action = view! { <a class="btn" href=PATH>"Show all"</a> };
            return view! {
                <Empty title="Nothing here under this filter" action=action.into_any()>
                    "There are suspects, but none that fit the search or the band you chose."
                </Empty>
            }
            .into_any();
        }
        if people.get() == 0 {
            let action =
                view! { <a class="btn primary" href="/campaigns"><Icon name="campaign"/>"Go to campaigns"</a> };
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
}
