//! The rows that were left out, imported again under a looser policy: no new upload (A46, A66).

use domain::DuplicatePolicy;
use domain::ids::{CampaignId, ImportId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use crate::components::{Banner, Menu, MenuItem};
use crate::format::counted;
use crate::pages::import::{import_path, words};
use crate::server_fns::imports::import_again;

/// Starts such an import and goes to it; `refused` takes the sentence when it may not be.
fn starter(
    import: ImportId,
    campaign: Option<CampaignId>,
    refused: RwSignal<Option<String>>,
) -> Callback<DuplicatePolicy> {
    let navigate = use_navigate();
    let busy = StoredValue::new(false);
    Callback::new(move |policy| {
        if busy.get_value() {
            return;
        }
        busy.set_value(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            match import_again(import, policy).await {
                Ok(next) => navigate(&import_path(campaign, next), Default::default()),
                Err(failure) => _ = refused.try_set(Some(failure.to_string())),
            }
            busy.try_update_value(|busy| *busy = false);
        });
    })
}

/// What each looser policy would import, with the button that does it.
#[component]
pub fn LooserPolicies(
    import: ImportId,
    campaign: Option<CampaignId>,
    looser: Vec<(DuplicatePolicy, u64)>,
) -> impl IntoView {
    let refused = RwSignal::new(None);
    let start = starter(import, campaign, refused);
    let lines = looser
        .into_iter()
        .map(|(policy, n)| {
            let label = format!("Import these under “{}”", words::policy_short(policy));
            view! {
                <li>
                    <span>
                        {policy.label()}
                        <span class="sub">" would import "{counted(n, "of them", "of them")}</span>
                    </span>
                    <button type="button" class="btn sm" disabled=n == 0 on:click=move |_| start.run(policy)>{label}</button>
                </li>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="looser">
            <h2 id="looser">"Under a looser rule"</h2>
            <ul class="lines wrap">{lines}</ul>
            <NotStarted refused/>
        </section>
    }
    .into_any()
}

/// The same as a menu, where the counts are not known; nothing when no policy is looser.
#[component]
pub fn AgainMenu(
    import: ImportId,
    campaign: Option<CampaignId>,
    policy: DuplicatePolicy,
    refused: RwSignal<Option<String>>,
) -> impl IntoView {
    let start = starter(import, campaign, refused);
    let looser: Vec<_> = DuplicatePolicy::ALL.iter().copied().filter(|&other| other < policy).collect();
    (!looser.is_empty()).then(|| {
        let items = looser
            .into_iter()
            .map(|policy| {
                view! {
                    <MenuItem menu="again-menu" on_choose=move |()| start.run(policy)>{policy.label()}</MenuItem>
                }
            })
            .collect_view();
        view! {
            <Menu id="again-menu" class="btn" popover_class="wide" text=|| "Import these under another policy">
                <ul>{items}</ul>
            </Menu>
        }
    })
}

/// Why such an import was not started.
#[component]
pub fn NotStarted(refused: RwSignal<Option<String>>) -> impl IntoView {
    move || {
        refused.get().map(|sentence| view! { <Banner class="fail" alert=true title="Not imported">{sentence}</Banner> })
    }
}
