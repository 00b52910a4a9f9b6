//! The head of a campaign's page: where one is, and what can be done.

use domain::Act;
use domain::campaign::CampaignRow;
use domain::ids::CampaignId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::components::{Banner, Icon, Menu, MenuItem, use_toasts};
use crate::format::num;
use crate::pages::campaigns::{Asking, use_campaign_acts};
use crate::server_fns::imports::start_import;
use crate::state::use_session;

/// Crumbs, name, acts and tabs.
#[component]
pub fn Head(row: CampaignRow, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let id = row.id;
    let name = row.name.clone();
    let leads = row.leads.total();
    let archived = row.archived;
    view! {
        <header class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol>
                    <li><a href="/campaigns">"Campaigns"</a></li>
                    <li><span aria-current="page">{name.clone()}</span></li>
                </ol>
            </nav>
            <h1>{name}</h1>
            <div class="actions">
                <ImportButton campaign=id/>
                <More row asking/>
            </div>
        </header>
        <nav class="tabs" aria-label="Campaign">
            <ul><li><a href=format!("/campaigns/{id}") aria-current="page">"Lead list "<span class="num">{num(leads)}</span></a></li></ul>
        </nav>
        {archived.then(|| view! {
            <div class="pad mt4">
                <Banner icon="archive" title="This campaign is archived">
                    "Its leads count as ended when an import looks for people who are in progress elsewhere."
                </Banner>
            </div>
        })}
    }
}

#[component]
fn More(row: CampaignRow, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let acts = use_campaign_acts(asking);
    let archived = row.archived;
    let renamed = row.clone();
    let rename = move |()| asking.set(Some(Asking::Rename(renamed.clone())));
    let may = use_session().may(Act::EditCampaigns);
    let changes = format!("/campaigns/{}/changes", row.id);
    let turn = move |()| if archived { acts.unarchive(row.clone()) } else { acts.archive(row.clone(), false) };
    view! {
        <Menu id="campaign-menu" icon="more" class="btn square ghost" label="More actions">
            <ul>
                <li><a class="item" href=changes><Icon name="undo"/>"Recent changes"</a></li>
                {may.then(|| view! {
                    <MenuItem menu="campaign-menu" icon="fields" on_choose=rename>"Rename"</MenuItem>
                    <MenuItem menu="campaign-menu" icon="archive" on_choose=turn>{if archived { "Bring back" } else { "Archive" }}</MenuItem>
                })}
            </ul>
        </Menu>
    }
}

/// Opens the wizard on the caller's draft for this campaign.
#[component]
pub fn ImportButton(campaign: CampaignId) -> impl IntoView {
    let toasts = use_toasts();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let refusal = use_session().refusal(Act::Import);
    let refused = refusal.is_some();
    let start = move |_| {
        // Not switched off meanwhile: that would take the focus, and the dialog gives it back to this button.
        if busy.get_untracked() {
            return;
        }
        let navigate = navigate.clone();
        busy.set(true);
        spawn_local(async move {
            let started = start_import(Some(campaign)).await;
            busy.set(false);
            match started {
                Ok(import) => navigate(
                    &format!("/campaigns/{campaign}/import/{import}"),
                    NavigateOptions { scroll: false, ..NavigateOptions::default() },
                ),
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    view! {
        <button type="button" class="btn primary" title=refusal disabled=refused on:click=start>
            <Icon name="import"/>"Import new leads"
        </button>
    }
}
