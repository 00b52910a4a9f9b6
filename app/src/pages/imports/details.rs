//! View details: every row that did not simply go in, with the reason and what it met (A44–A46, A67).

use domain::ids::ImportId;
use domain::import::{ImportSummary, RowPage, RowQuery};
use domain::{DuplicatePolicy, Outcome};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

use super::again::{AgainMenu, NotStarted};
use super::paging::Place;
use super::rows::Rows;
use super::tag_filter::TagFilter;
use crate::Failure;
use crate::address::address;
use crate::components::{Banner, FailureBanner, Icon, Pager, SearchBox, Time};
use crate::format::{counted, num};
use crate::pages::import::words;
use crate::server_fns::imports::{count_again, get_import_summary, import_rows};
use crate::state::{no_such_page, use_id, use_refresh};

/// What the address asks for.
#[derive(Clone, Default, PartialEq)]
struct Wanted {
    outcomes: Vec<Outcome>,
    search: String,
    tag: String,
    place: Place,
}

impl Wanted {
    fn of(params: &ParamsMap) -> Wanted {
        let outcomes = params.get("outcomes").unwrap_or_default();
        Wanted {
            outcomes: outcomes.split(',').filter_map(|word| word.parse().ok()).collect(),
            search: params.get("q").unwrap_or_default(),
            tag: params.get("tag").unwrap_or_default(),
            place: Place::of(params),
        }
    }

    /// All pages of it.
    fn shown(&self, import: ImportId) -> RowQuery {
        RowQuery {
            import,
            outcomes: self.outcomes.clone(),
            search: self.search.clone(),
            tag: self.tag.clone(),
            after: 0,
        }
    }

    /// The outcomes as the address writes them.
    fn words(&self) -> String {
        self.outcomes.iter().map(|outcome| outcome.word()).collect::<Vec<_>>().join(",")
    }

    /// The address with one outcome added or taken away, from the first page.
    fn toggled(&self, path: &str, outcome: Outcome) -> String {
        let mut next = self.clone();
        match next.outcomes.iter().position(|&other| other == outcome) {
            Some(at) => _ = next.outcomes.remove(at),
            None => next.outcomes.push(outcome),
        }
        address(path, &[("outcomes", &next.words()), ("q", &self.search), ("tag", &self.tag)])
    }
}

/// The page of View details. Filter, search and page are in the address.
#[component]
pub fn RowDetailsPage() -> impl IntoView {
    let import = use_id::<ImportId>("import");
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let summary = Resource::new(
        move || import.get(),
        |import| async move { get_import_summary(import.ok_or_else(no_such_page)?).await },
    );
    let refresh = use_refresh();
    let rows = Resource::new(
        move || (import.get(), wanted.get(), refresh.follow()),
        |(import, wanted, _)| async move {
            let import = import.ok_or_else(no_such_page)?;
            let after = wanted.place.after.parse().unwrap_or(0);
            import_rows(RowQuery { after, ..wanted.shown(import) }).await
        },
    );
    let shown = Signal::derive(move || wanted.with(|wanted| import.get().map(|import| wanted.shown(import))));
    let looser = Resource::new(
        move || (shown.get(), refresh.follow()),
        |(shown, _)| async move { count_again(shown.ok_or_else(no_such_page)?).await },
    );
    let by_tag = move |tag: &str| {
        let path = path_of(import.get()?);
        wanted.with(|w| Some(address(&path, &[("outcomes", &w.words()), ("q", &w.search), ("tag", tag)])))
    };
    let tag = Signal::derive(move || wanted.with(|wanted| wanted.tag.clone()));
    view! {
        <Title text="Import details"/>
        <main class="main" id="main" tabindex="-1">
            <Transition>
                {move || Suspend::new(async move {
                    match summary.await {
                        Ok(summary) => view! { <Head summary wanted looser/> }.into_any(),
                        Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
                    }
                })}
            </Transition>
            <TagFilter import tag href=by_tag/>
            <Transition>
                {move || Suspend::new(async move {
                    match (rows.await, import.get_untracked()) {
                        (Ok(page), Some(import)) => view! { <Page import page wanted=wanted.get_untracked()/> }.into_any(),
                        (Err(failure), Some(_)) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
                        // The head says so already.
                        (_, None) => ().into_any(),
                    }
                })}
            </Transition>
        </main>
    }
    .into_any()
}

fn path_of(import: ImportId) -> String {
    format!("/imports/{import}/details")
}

#[component]
fn Head(
    summary: ImportSummary,
    wanted: Memo<Wanted>,
    /// How many each looser policy would let in, of the rows shown.
    looser: Resource<Result<Vec<(DuplicatePolicy, u64)>, Failure>>,
) -> impl IntoView {
    let ImportSummary { import, excluded_by, .. } = summary;
    let (id, campaign) = (import.id, import.campaign.clone());
    let campaign_id = campaign.as_ref().map(|(id, _)| *id);
    let counts = StoredValue::new(import.counts.clone());
    let total: u64 = import.counts.all().filter(|(outcome, _)| outcome.is_detail()).map(|(_, n)| n).sum();
    let elsewhere = import.counts.of(Outcome::ActiveElsewhere);
    let refused = RwSignal::new(None);
    let csv = move || address(&format!("/imports/{id}/rows.csv"), &[("outcomes", &wanted.get().words())]);
    let place = campaign.map_or_else(|| "as contacts".to_owned(), |(_, name)| format!("into {name}"));
    let shown = Signal::derive(move || wanted.with(|wanted| wanted.shown(id)));
    let policy = import.settings.policy;
    let who = excluded_by.iter().take(3).map(|by| format!("{} in {}", num(by.count), by.name)).collect::<Vec<_>>();
    view! {
        <header class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol>
                    <li><a href="/imports">"Imports"</a></li>
                    <li><a href=format!("/imports/{id}")>{import.file_name.clone()}</a></li>
                    <li><span aria-current="page">"Details"</span></li>
                </ol>
            </nav>
            <h1>{counted(total, "row to look at", "rows to look at")}</h1>
            <div class="actions">
                <Transition>
                    {move || Suspend::new(async move {
                        let looser = looser.await.unwrap_or_default();
                        view! { <AgainMenu shown campaign=campaign_id looser refused/> }
                    })}
                </Transition>
                <a class="btn" href=csv download rel="external"><Icon name="download"/>"Download CSV"</a>
            </div>
            <p class="lede sm">
                "Imported by "{import.by.clone()}" "{place}", "<Time at=import.created_at/>". "{policy.label()}
                ". The file has your original columns plus the reason, and imports again as it is."
            </p>
        </header>
        <div class="pad stack-sm">
            <NotStarted refused/>
            {(elsewhere > 0)
                .then(|| {
                    let title = counted(elsewhere, "lead is being worked on in another campaign", "leads are being worked on in other campaigns");
                    view! {
                        <Banner class="conflict" title>
                            {(!who.is_empty()).then(|| format!("{}. ", who.join(", ")))}
                            "Writing to them now would overlap. Wait until they end there, or take them out of that campaign first."
                        </Banner>
                    }
                })}
        </div>
        <Toolbar import=id counts total wanted/>
    }
    .into_any()
}

#[component]
fn Toolbar(
    import: ImportId,
    counts: StoredValue<domain::OutcomeCounts>,
    total: u64,
    wanted: Memo<Wanted>,
) -> impl IntoView {
    let path = StoredValue::new(path_of(import));
    let navigate = use_navigate();
    let search = move |text: String| {
        let (words, tag) = wanted.with_untracked(|wanted| (wanted.words(), wanted.tag.clone()));
        let to = address(&path.get_value(), &[("outcomes", &words), ("q", text.trim()), ("tag", &tag)]);
        navigate(&to, NavigateOptions { replace: true, scroll: false, ..Default::default() });
    };
    let all = move || wanted.with(|wanted| address(&path.get_value(), &[("q", &wanted.search), ("tag", &wanted.tag)]));
    let chips = counts
        .get_value()
        .all()
        .filter(|(outcome, n)| outcome.is_detail() && *n > 0)
        .map(|(outcome, n)| {
            let href = move || wanted.with(|wanted| wanted.toggled(&path.get_value(), outcome));
            let current = move || wanted.with(|wanted| wanted.outcomes.contains(&outcome)).then_some("true");
            view! {
                <a class="chip" href=href aria-current=current>
                    <Icon name=words::outcome_icon(outcome)/>
                    {outcome.label()}
                    " "
                    <span class="num">{num(n)}</span>
                </a>
            }
        })
        .collect_view();
    view! {
        <div class="toolbar">
            <SearchBox
                label="Name or email"
                value=Signal::derive(move || wanted.with(|wanted| wanted.search.clone()))
                on_search=search
            />
            <nav class="row" aria-label="Reason">
                <a class="chip" href=all aria-current=move || wanted.with(|wanted| wanted.outcomes.is_empty()).then_some("true")>
                    "All "
                    <span class="num">{num(total)}</span>
                </a>
                {chips}
            </nav>
        </div>
    }
    .into_any()
}

#[component]
fn Page(import: ImportId, page: RowPage, wanted: Wanted) -> impl IntoView {
    let path = path_of(import);
    let outcomes = wanted.words();
    let params = [("outcomes", outcomes.as_str()), ("q", wanted.search.as_str()), ("tag", wanted.tag.as_str())];
    let next = page.next.map(|next| wanted.place.next(&path, &params, &next.to_string()));
    let previous = wanted.place.previous(&path, &params);
    let (shown, matching) = (page.rows.len() as u64, page.matching);
    let before = wanted.place.pages_before() * 50;
    let range = match shown {
        0 => "No rows".to_owned(),
        _ => format!("{}–{} of {}", num(before + 1), num(before + shown), num(matching)),
    };
    view! {
        {match shown {
            0 => view! { <p class="pad muted" role="status">"No row matches. Take a filter or the search away."</p> }.into_any(),
            _ => view! { <Rows rows=page.rows/> }.into_any(),
        }}
        <Pager previous next>{range}</Pager>
    }
    .into_any()
}
