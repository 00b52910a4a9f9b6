//! One campaign: its head and its lead list, with room for the import wizard above them.

mod acts;
mod bulk;
mod changes;
mod columns;
mod filters;
mod head;
mod list;
mod panel;
mod table;
mod variables;
mod view;

use domain::campaign::CampaignView;
use domain::ids::{CampaignId, LeadId};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_navigate, use_query_map};

pub use changes::RecentChangesPage;

use super::campaigns::{Asking, CampaignActs};
use crate::components::{FailureBanner, Selection};
use crate::list_keys as keys;
use crate::server_fns::campaigns::get_campaign;
use crate::server_fns::leads::list_leads;
use crate::state::{no_such_page, use_id, use_refresh};
use columns::Columns;
use head::Head;
use list::LeadList;
use panel::Panel;
use view::ListView;

/// One campaign; the wizard is a child of this route, so the list stays where it is below the dialog.
#[component]
pub fn CampaignPage() -> impl IntoView {
    let id = use_id::<CampaignId>("campaign");
    let refresh = use_refresh();
    let campaign = Resource::new(
        move || (id.get(), refresh.follow()),
        |(id, _)| async move {
            match id {
                Some(id) => get_campaign(id).await,
                None => Err(no_such_page()),
            }
        },
    );
    let params = use_query_map();
    let view = Memo::new(move |_| params.with(|params| ListView::read(id.get().unwrap_or(CampaignId(0)), params)));
    let navigate = use_navigate();
    let go = Callback::new(move |to: ListView| {
        // Each pause of typing is not a place to come back to.
        let replace = view.with_untracked(|now| now.query.filter.search != to.query.filter.search);
        navigate(&to.address(), NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
    });
    let close = Callback::new(move |()| {
        let now = view.get_untracked();
        if let Some(lead) = now.lead {
            go.run(now.with_lead(None));
            keys::focus(document().get_element_by_id(&format!("row-{lead}")));
        }
    });
    keys::on_escape(close);
    let selection = RwSignal::new(Selection::<LeadId>::default());
    let query = Memo::new(move |_| view.with(|view| view.query.clone()));
    // Beside the campaign, not below it: server and browser count resources in the order they are made, and what is made
    // once something else has arrived is made in another order on each side.
    let leads = Resource::new(move || (query.get(), refresh.follow()), |(query, _)| list_leads(query));
    // What is ticked was ticked on another page, and that page was further up.
    Effect::new(move |before: Option<()>| {
        query.track();
        if before.is_some() {
            selection.set(Selection::default());
            // A wide table scrolls by itself.
            for place in ["main", "leads"].into_iter().filter_map(|id| document().get_element_by_id(id)) {
                place.set_scroll_top(0);
            }
        }
    });
    let columns = Columns::new();
    let asking = RwSignal::new(None::<Asking>);

    view! {
        <main class="main" id="main" tabindex="-1">
            <Transition fallback=|| view! { <p class="pad muted" role="status">"Loading the campaign…"</p> }>
                {move || campaign.get().map(|campaign| match campaign {
                    Ok(CampaignView { row, .. }) => view! {
                        <Title text=row.name.clone()/>
                        <Head row asking/>
                    }
                    .into_any(),
                    Err(failure) => view! {
                        <Title text="Campaign"/>
                        <header class="page-head"><h1>"Campaign"</h1></header>
                        <div class="pad"><FailureBanner failure/></div>
                    }
                    .into_any(),
                })}
            </Transition>
            <Transition fallback=|| view! { <p class="pad muted" role="status">"Loading leads…"</p> }>
                <LeadList campaign leads view go selection columns/>
            </Transition>
        </main>
        <Panel view close/>
        <CampaignActs asking/>
        <Outlet/>
    }
}

/// The campaign without a dialog over it.
#[component]
pub fn NoDialog() -> impl IntoView {}
