//! The summary of one import, by itself: what the dialog showed stays available (A76).

use domain::Act;
use domain::ids::ImportId;
use domain::import::{ImportState, ImportSummary};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;

use super::undo::{UndoButton, UndoPanel};
use crate::components::{FailureBanner, ImportStateBadge, Time, focus_if_lost};
use crate::pages::import::{RunningImport, SummaryBody, SummaryFoot, has_details, import_path, words};
use crate::server_fns::imports::get_import_summary;
use crate::state::{no_such_page, use_id, use_refresh, use_session};

/// The page of a summary; of a running import it shows the progress.
#[component]
pub fn ImportSummaryPage() -> impl IntoView {
    let import = use_id::<ImportId>("import");
    let refresh = use_refresh();
    let summary = Resource::new(
        move || (import.get(), refresh.follow()),
        |(import, _)| async move { get_import_summary(import.ok_or_else(no_such_page)?).await },
    );
    // Whether something was done on this page that takes away what did it.
    let moved = StoredValue::new(false);
    let again = Callback::new(move |()| {
        moved.set_value(true);
        summary.refetch();
    });
    view! {
        <Title text="Import"/>
        <main class="main" id="main" tabindex="-1">
            <Transition>
                {move || Suspend::new(async move {
                    match summary.await {
                        Ok(summary) => view! { <Summary summary again moved=moved.get_value()/> }.into_any(),
                        Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
                    }
                })}
            </Transition>
        </main>
    }
    .into_any()
}

#[component]
fn Summary(summary: ImportSummary, again: Callback<()>, moved: bool) -> impl IntoView {
    if moved {
        Effect::new(move |_| focus_if_lost("main"));
    }
    let import = &summary.import;
    let (id, state, details) = (import.id, import.state, has_details(&import.counts));
    let campaign = import.campaign.clone();
    let wizard = import_path(campaign.as_ref().map(|(id, _)| *id), id);
    let place = match &campaign {
        Some((id, name)) => {
            view! { "into "<a class="link" href=format!("/campaigns/{id}")>{name.clone()}</a> }.into_any()
        }
        None => view! { "as contacts" }.into_any(),
    };
    let head = view! {
        <header class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol>
                    <li><a href="/imports">"Imports"</a></li>
                    <li><span aria-current="page">{import.file_name.clone()}</span></li>
                </ol>
            </nav>
            <h1>{words::over_title(state)}</h1>
            <div class="actions">
                {(!state.is_busy() && state != ImportState::Draft).then(|| view! { <SummaryFoot import=id details/> })}
                <UndoButton import=import.clone()/>
            </div>
            <p class="lede sm">
                <ImportStateBadge state/>
                " "{words::by(state)}" "{import.by.clone()}" "{place}", "<Time at=import.created_at/>". "
                {import.settings.mode.label()}". "{import.settings.policy.label()}"."
            </p>
        </header>
    };
    let navigate = use_navigate();
    let leave = Callback::new(move |()| navigate("/imports", Default::default()));
    let body = match state {
        ImportState::Draft => view! { <Resume wizard/> }.into_any(),
        _ if state.is_busy() => {
            view! { <div class="running"><RunningImport import=id over=again leave focus=moved/></div> }.into_any()
        }
        _ => {
            view! { <UndoPanel import=import.clone()/><SummaryBody summary=summary.clone() resumed=again/> }.into_any()
        }
    };
    view! { {head}<div class="pad stack roomy summary-page">{body}</div> }
}

/// The way back into the wizard.
#[component]
fn Resume(wizard: String) -> impl IntoView {
    match use_session().refusal(Act::Import) {
        None => view! { <p><a class="btn primary" href=wizard>"Resume the draft"</a></p> }.into_any(),
        Some(why) => view! {
            <p class="row">
                <button type="button" class="btn" disabled title=why.clone()>"Resume the draft"</button>
                <span class="hint">{why}</span>
            </p>
        }
        .into_any(),
    }
}
