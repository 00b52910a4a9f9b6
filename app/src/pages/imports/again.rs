//! The rows that were left out, imported again under a looser policy: no new upload (A46, A66).

use domain::DuplicatePolicy;
use domain::ids::{CampaignId, ImportId};
use domain::import::RowQuery;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use crate::components::{Banner, Menu, MenuItem};
use crate::format::counted;
use crate::pages::import::import_path;
use crate::server_fns::imports::import_again;

/// Starts an import of the rows shown and goes to it; `refused` takes the sentence when it may not be.
fn starter(
    shown: Signal<RowQuery>,
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
        let shown = shown.get_untracked();
        spawn_local(async move {
            match import_again(shown, policy).await {
                Ok(next) => navigate(&import_path(campaign, next), Default::default()),
                Err(failure) => _ = refused.try_set(Some(failure.to_string())),
            }
            busy.try_update_value(|busy| *busy = false);
        });
    })
}

/// What the button does.
fn rows(n: u64) -> String {
    format!("Import {}", counted(n, "row", "rows"))
}

/// The same, and under which policy.
fn label(policy: DuplicatePolicy, n: u64) -> String {
    let left_out = match policy {
        DuplicatePolicy::Campaign => "who is already in this campaign",
        DuplicatePolicy::Active => "who is in progress in another campaign",
        DuplicatePolicy::Workspace => "who is in any campaign",
    };
    format!("{}, leaving out only {left_out}", rows(n))
}

/// What each looser policy would import, with the button that does it.
#[component]
pub fn LooserPolicies(
    import: ImportId,
    campaign: Option<CampaignId>,
    looser: Vec<(DuplicatePolicy, u64)>,
) -> impl IntoView {
    let refused = RwSignal::new(None);
    let shown = RowQuery { import, outcomes: Vec::new(), search: String::new(), tag: String::new(), after: 0 };
    let start = starter(Signal::stored(shown), campaign, refused);
    let lines = looser
        .into_iter()
        .map(|(policy, n)| {
            view! {
                <li>
                    <span>
                        {policy.label()}
                        <span class="sub">" would import "{counted(n, "of them", "of them")}</span>
                    </span>
                    <button type="button" class="btn sm" aria-label=label(policy, n) disabled=n == 0 on:click=move |_| start.run(policy)>
                        {rows(n)}
                    </button>
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

/// The same as a menu, for the rows that View details shows; nothing when no policy would let anyone of them in.
#[component]
pub fn AgainMenu(
    shown: Signal<RowQuery>,
    campaign: Option<CampaignId>,
    looser: Vec<(DuplicatePolicy, u64)>,
    refused: RwSignal<Option<String>>,
) -> impl IntoView {
    let start = starter(shown, campaign, refused);
    let looser: Vec<_> = looser.into_iter().filter(|(_, n)| *n > 0).collect();
    (!looser.is_empty()).then(|| {
        let items = looser
            .into_iter()
            .map(|(policy, n)| {
                view! {
                    <MenuItem menu="again-menu" on_choose=move |()| start.run(policy)>{label(policy, n)}</MenuItem>
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
