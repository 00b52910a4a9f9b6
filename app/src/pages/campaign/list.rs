//! The lead list of one campaign: toolbar, table, pages.

use domain::campaign::CampaignRow;
use domain::lead::LeadPage;
use leptos::prelude::*;

use super::bulk::BulkBar;
use super::columns::{ColumnChooser, Columns};
use super::filters::Filters;
use super::head::ImportButton;
use super::selection::Selection;
use super::table::LeadTable;
use super::view::ListView;
use crate::components::{Empty, FailureBanner, Pager, SearchBox};
use crate::format::num;
use crate::server_fns::leads::list_leads;
use crate::state::use_refresh;

/// The list as the address says it. Old rows stay while new ones load.
#[component]
pub fn LeadList(
    row: CampaignRow,
    variables: Vec<String>,
    tags: Vec<String>,
    view: Memo<ListView>,
    go: Callback<ListView>,
    selection: RwSignal<Selection>,
    columns: Columns,
) -> impl IntoView {
    let campaign = row.id;
    if row.leads.total() == 0 {
        let import = view! { <ImportButton campaign/> };
        return view! {
            <Empty title="No leads in this campaign yet" action=import.into_any()>
                "Leads are the people this campaign writes to. Import a file and Onefold tells you, before anything is saved, who is new, who is known and who is being written to elsewhere."
            </Empty>
        }
        .into_any();
    }
    let refresh = use_refresh();
    let query = Memo::new(move |_| view.with(|view| view.query.clone()));
    let leads = Resource::new(move || (query.get(), refresh.follow()), |(query, _)| list_leads(query));
    let search = Memo::new(move |_| query.with(|query| query.filter.search.clone()));
    let on_search = move |text: String| go.run(view.get_untracked().filtered(|filter| filter.search = text));
    let caption = format!("Leads of {}", row.name);
    let chooser = variables.clone();
    let shown = Signal::derive(move || columns.shown(&variables));
    let filter_tags = tags.clone();
    let bar = move || {
        let page = leads.get().and_then(Result::ok)?;
        let filter = query.with(|query| query.filter.clone());
        let bulk_tags = tags.clone();
        let open = move || !selection.with(Selection::is_empty);
        let bar = move || view! { <BulkBar campaign filter=filter.clone() page=page.clone() tags=bulk_tags.clone() selection/> };
        Some(view! { <Show when=open>{bar()}</Show> })
    };
    view! {
        <div class="toolbar">
            <SearchBox label="Search leads" value=search on_search/>
            <Filters view tags=filter_tags go/>
            <span class="spacer"></span>
            <ColumnChooser columns variables=chooser/>
        </div>
        <Transition>{bar}</Transition>
        <Transition fallback=|| view! { <p class="pad muted" role="status">"Loading leads…"</p> }>
            {move || leads.get().map(|page| match page {
                Ok(page) => view! { <Lines page view shown selection caption=caption.clone()/> }.into_any(),
                Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
            })}
        </Transition>
    }
    .into_any()
}

/// The table with its pages, or the word that nobody matches.
#[component]
fn Lines(
    page: LeadPage,
    view: Memo<ListView>,
    shown: Signal<Vec<super::columns::Column>>,
    selection: RwSignal<Selection>,
    caption: String,
) -> impl IntoView {
    let LeadPage { matching, total, first, .. } = page;
    if page.rows.is_empty() {
        let all = view.get_untracked().filtered(|filter| *filter = Default::default()).address();
        let clear = view! { <a class="btn" href=all data-noscroll="">"Show all leads"</a> };
        return view! {
            <Empty title="No lead matches" action=clear.into_any()>
                {format!("None of the {} leads of this campaign fits the search and the filters.", num(total))}
            </Empty>
        }
        .into_any();
    }
    let last = first + page.rows.len() as u64 - 1;
    let now = view.get_untracked();
    let previous = page.previous.clone().map(|cursor| now.at(cursor).address());
    let next = page.next.clone().map(|cursor| now.at(cursor).address());
    let in_campaign = (matching != total).then(|| {
        view! {
            " "<span class="faint desktop-only">{format!("matching, {} in campaign", num(total))}</span>
        }
    });
    view! {
        <LeadTable page view columns=shown selection caption/>
        <Pager previous next>{format!("{}–{} of {}", num(first), num(last), num(matching))}{in_campaign}</Pager>
    }
    .into_any()
}
