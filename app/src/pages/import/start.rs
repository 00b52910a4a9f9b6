//! The ways into an import from elsewhere: contacts without a campaign, and sample people.

use domain::Act;
use domain::ids::CampaignId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::import_path;
use super::watch::use_import_watch;
use crate::components::{Icon, use_toasts};
use crate::server_fns::imports::{import_sample, start_import};
use crate::state::use_session;

/// Opens the wizard on the caller's draft without a campaign.
#[component]
pub fn ImportContacts() -> impl IntoView {
    let toasts = use_toasts();
    let navigate = use_navigate();
    let busy = StoredValue::new(false);
    let refusal = use_session().refusal(Act::Import);
    let start = move |_| {
        // Not switched off meanwhile: that would take the focus, and the dialog gives it back to this button.
        if busy.get_value() {
            return;
        }
        busy.set_value(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let started = start_import(None).await;
            busy.try_update_value(|busy| *busy = false);
            match started {
                Ok(import) => {
                    let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
                    navigate(&import_path(None, import), options);
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    view! {
        <button type="button" class="btn" disabled=refusal.is_some() title=refusal on:click=start>
            <Icon name="import"/>"Import"
        </button>
    }
}

/// Imports the sample people, into this campaign or a new one, and shows the import.
#[component]
pub fn LoadSample(#[prop(optional)] campaign: Option<CampaignId>) -> impl IntoView {
    let toasts = use_toasts();
    let navigate = use_navigate();
    let watch = use_import_watch();
    let busy = StoredValue::new(false);
    let refusal = use_session().refusal(Act::Import);
    let load = move |_| {
        if busy.get_value() {
            return;
        }
        busy.set_value(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let loaded = import_sample(campaign).await;
            busy.try_update_value(|busy| *busy = false);
            match loaded {
                Ok((campaign, import)) => {
                    watch.start(import);
                    navigate(&import_path(Some(campaign), import), Default::default());
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    view! {
        <button type="button" class="btn" disabled=refusal.is_some() title=refusal on:click=load>
            <Icon name="spark"/>"Load sample data"
        </button>
    }
}
