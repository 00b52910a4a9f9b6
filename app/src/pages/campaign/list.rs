//! The lead list of one campaign: toolbar, table, pages.

use domain::campaign::CampaignView;
use domain::ids::LeadId;
use domain::lead::{LeadFilter, LeadPage};
use leptos::prelude::*;

use super::bulk::BulkBar;
use super::columns::{ColumnChooser, Columns};
use super::filters::Filters;
use super::head::ImportButton;
use super::table::LeadTable;
use super::view::ListView;
use crate::Failure;
use crate::components::{Empty, FailureBanner, Pager, SearchBox, Selection};
use crate::format::num;
use crate::pages::import::LoadSample;
use crate::state::computed;

/// The list as the address says it, or what a campaign without leads is waiting for. Old rows stay while new ones load:
/// stands inside a `Transition`.
#[component]
pub fn LeadList(
    campaign: Resource<Result<CampaignView, Failure>>,
    leads: Resource<Result<LeadPage, Failure>>,
    view: Memo<ListView>,
    go: Callback<ListView>,
    selection: RwSignal<Selection<LeadId>>,
    columns: Columns,
) -> impl IntoView {
    let campaign = computed(move || campaign.get().and_then(Result::ok));
    let id_and_empty = computed(move || {
        campaign.with(|campaign| campaign.as_ref().map(|campaign| (campaign.row.id, campaign.row.leads.total() == 0)))
    });
    // Read in any case, so that the server waits for both.
    let arrived = computed(move || leads.get().is_some());
    move || {
        let _ = arrived.get();
        let (id, empty) = id_and_empty.get()?;
        if empty {
            let import = view! { <ImportButton campaign=id/><LoadSample campaign=id/> };
            return Some(
                view! {
                    <Empty title="No leads in this campaign yet" action=import.into_any()>
                        "Leads are the people this campaign writes to. Import a file and Onefold tells you, before anything is saved, who is new, who is known and who is being written to elsewhere."
                    </Empty>
                }
                .into_any(),
            );
        }
        Some(view! { <Filled campaign leads view go selection columns/> }.into_any())
    }
}

/// Toolbar, table and pages.
#[component]
fn Filled(
    campaign: Signal<Option<CampaignView>>,
    leads: Resource<Result<LeadPage, Failure>>,
    view: Memo<ListView>,
    go: Callback<ListView>,
    selection: RwSignal<Selection<LeadId>>,
    columns: Columns,
) -> impl IntoView {
    let query = Memo::new(move |_| view.with(|view| view.query.clone()));
    let search = Memo::new(move |_| query.with(|query| query.filter.search.clone()));
    let on_search = move |text: String| go.run(view.get_untracked().filtered(|filter| filter.search = text));
    let variables = computed(move || campaign.get().map(|campaign| campaign.variables).unwrap_or_default());
    let tags = computed(move || campaign.get().map(|campaign| campaign.tags).unwrap_or_default());
    let archived = computed(move || campaign.with(|campaign| campaign.as_ref().is_some_and(|c| c.row.archived)));
    let caption = Signal::derive(move || {
        campaign.with(|campaign| campaign.as_ref().map(|campaign| format!("Leads of {}", campaign.row.name)))
    });
    let shown = Signal::derive(move || variables.with(|variables| columns.shown(variables)));
    view! {
        <div class="toolbar">
            <SearchBox label="Search leads" value=search on_search/>
            {move || view! { <Filters view tags=tags.get() go/> }}
            <span class="spacer"></span>
            {move || view! { <ColumnChooser columns variables=variables.get()/> }}
        </div>
        <Page leads view query tags shown selection caption archived/>
    }
}

/// What the server answered: the parts stay from page to page, so that the focus does, and only rows and numbers change.
#[component]
fn Page(
    leads: Resource<Result<LeadPage, Failure>>,
    view: Memo<ListView>,
    query: Memo<domain::lead::LeadQuery>,
    tags: Signal<Vec<String>>,
    shown: Signal<Vec<super::columns::Column>>,
    selection: RwSignal<Selection<LeadId>>,
    caption: Signal<Option<String>>,
    archived: Signal<bool>,
) -> impl IntoView {
    let some = computed(move || leads.get().map(|page| page.map(|page| !page.rows.is_empty())));
    let page = computed(move || leads.get().and_then(Result::ok));
    let ticked = Memo::new(move |_| !selection.with(|selection| selection.is_empty()));
    let bar = move || {
        page.get().filter(|_| ticked.get()).map(|page| {
            let query = query.get();
            let archived = archived.get();
            view! { <BulkBar campaign=query.campaign filter=query.filter page tags=tags.get() selection archived/> }
        })
    };
    let cursor = move |side: fn(&LeadPage) -> &Option<String>| {
        Signal::derive(move || {
            let cursor = page.with(|page| page.as_ref().and_then(|page| side(page).clone()))?;
            Some(view.with(|view| view.with_lead(None).at(cursor).address()))
        })
    };
    let (previous, next) = (cursor(|page| &page.previous), cursor(|page| &page.next));
    move || {
        some.get().map(|some| match some {
            Ok(true) => view! {
                {bar}
                <LeadTable page view columns=shown selection caption/>
                <Pager previous next>{move || page.get().map(|page| view! { <Place page/> })}</Pager>
            }
            .into_any(),
            Ok(false) => view! { <NobodyMatches page view/> }.into_any(),
            Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
        })
    }
}

/// Which part of the list this page is.
#[component]
fn Place(page: LeadPage) -> impl IntoView {
    let LeadPage { rows, matching, total, first, .. } = page;
    let last = first + (rows.len() as u64).saturating_sub(1);
    let of_all = (matching != total).then(
        || view! { " "<span class="faint desktop-only">{format!("matching, {} in campaign", num(total))}</span> },
    );
    view! { {format!("{}–{} of {}", num(first), num(last), num(matching))}{of_all} }
}

#[component]
fn NobodyMatches(page: Signal<Option<LeadPage>>, view: Memo<ListView>) -> impl IntoView {
    let total = page.get_untracked().map_or(0, |page| page.total);
    let all = view.get_untracked().filtered(|filter| *filter = LeadFilter::default()).address();
    let clear = view! { <a class="btn" href=all data-noscroll="">"Show all leads"</a> };
    view! {
        <Empty title="No lead matches" action=clear.into_any()>
            {format!("None of the {} leads of this campaign fits the search and the filters.", num(total))}
        </Empty>
    }
}
