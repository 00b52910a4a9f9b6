//! The campaign list.

mod acts;
mod table;

use domain::Act;
use domain::campaign::CampaignList;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

pub use acts::{Asking, CampaignActs, use_campaign_acts};

use crate::address::address;
use crate::components::{Empty, FailureBanner, Icon, SearchBox};
use crate::format::{counted, num};
use crate::pages::import::LoadSample;
use crate::server_fns::campaigns::list_campaigns;
use crate::state::{use_refresh, use_session};
use table::CampaignTable;

/// Every campaign of the workspace, open or archived ones; the search and the choice stand in the address.
#[component]
pub fn CampaignsPage() -> impl IntoView {
    let query = use_query_map();
    let search = Memo::new(move |_| query.with(|query| query.get("q")).unwrap_or_default());
    let archived = Memo::new(move |_| query.with(|query| query.get_str("archived") == Some("1")));
    let refresh = use_refresh();
    let list = Resource::new(
        move || (search.get(), archived.get(), refresh.follow()),
        |(search, archived, _)| list_campaigns(search, archived),
    );
    let asking = RwSignal::new(None::<Asking>);
    let navigate = use_navigate();
    let on_search = Callback::new(move |text: String| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&list_address(&text, archived.get_untracked()), options);
    });

    view! {
        <Title text="Campaigns"/>
        <main class="main" id="main" tabindex="-1">
            <header class="page-head">
                <h1>"Campaigns"</h1>
                <div class="actions"><NewCampaign asking/></div>
            </header>
            <div class="toolbar">
                <SearchBox label="Search campaigns" value=search on_search/>
                <Transition>
                    {move || list.get().and_then(Result::ok).map(|list| view! {
                        <Chips search=search.get() archived=archived.get() list/>
                    })}
                </Transition>
                <span class="spacer"></span>
                <span class="row sm muted desktop-only">
                    <span class="swatch is-active"></span>"Active "
                    <span class="swatch is-pending"></span>"Pending "
                    <span class="swatch is-ended"></span>"Ended"
                </span>
            </div>
            <Transition fallback=|| view! { <p class="pad muted" role="status">"Loading campaigns…"</p> }>
                {move || list.get().map(|list| match list {
                    Ok(list) => view! { <Lines list search=search.get() archived=archived.get() asking/> }.into_any(),
                    Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
                })}
            </Transition>
        </main>
        <CampaignActs asking/>
    }
}

fn list_address(search: &str, archived: bool) -> String {
    address("/campaigns", &[("q", search), ("archived", if archived { "1" } else { "" })])
}

#[component]
fn NewCampaign(asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let refusal = use_session().refusal(Act::EditCampaigns);
    view! {
        <button type="button" class="btn primary" disabled=refusal.is_some() title=refusal on:click=move |_| asking.set(Some(Asking::Create))>
            <Icon name="plus"/>"New campaign"
        </button>
    }
}

#[component]
fn Chips(search: String, archived: bool, list: CampaignList) -> impl IntoView {
    view! {
        <div class="row" role="group" aria-label="Show">
            <a class="chip" href=list_address(&search, false) aria-current=(!archived).then_some("true")>
                "Open "<span class="num">{num(list.open)}</span>
            </a>
            <a class="chip" href=list_address(&search, true) aria-current=archived.then_some("true")>
                <Icon name="archive"/>"Archived "<span class="num">{num(list.archived)}</span>
            </a>
        </div>
    }
}

/// The table, or what there is to say instead.
#[component]
fn Lines(list: CampaignList, search: String, archived: bool, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    if !list.rows.is_empty() {
        let leads = list.rows.iter().map(|row| row.leads.total()).sum();
        let text = format!(
            "{}, {}",
            counted(list.rows.len() as u64, "campaign", "campaigns"),
            counted(leads, "lead", "leads")
        );
        return view! {
            <CampaignTable rows=list.rows asking/>
            <p class="pager">{text}</p>
        }
        .into_any();
    }
    if !search.is_empty() {
        let clear = view! { <a class="btn" href=list_address("", archived)>"Clear the search"</a> };
        return view! {
            <Empty title="No campaign has these words in its name" action=clear.into_any()>
                {format!("Searched for “{search}” among the {} campaigns.", if archived { "archived" } else { "open" })}
            </Empty>
        }
        .into_any();
    }
    if archived {
        return view! {
            <Empty title="No archived campaigns">
                "Archive a campaign that is over. Its leads then count as ended when an import looks for people who are in progress elsewhere."
            </Empty>
        }
        .into_any();
    }
    let create = view! { <NewCampaign asking/><LoadSample/> };
    let title = if list.archived == 0 { "No campaigns yet" } else { "No open campaigns" };
    view! {
        <Empty title action=create.into_any()>
            "A campaign holds the people you write to about one thing. Make one, then import its leads: Onefold tells you, before anything is saved, who is new, who is known and who is being written to elsewhere."
        </Empty>
    }
    .into_any()
}
