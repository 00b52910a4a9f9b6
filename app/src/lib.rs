#![doc = include_str!("../README.md")]
// A page is one type, nested as deep as its markup.
#![recursion_limit = "512"]
#![expect(missing_docs, reason = "the macros of server functions and components make public items that nobody wrote")]

pub mod address;
pub mod components;
mod failure;
pub mod format;
pub mod layout;
mod list_keys;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod public_form;
pub mod server_fns;
mod shortcuts;
pub mod state;

use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Redirect, Route, Router, Routes};
use leptos_router::{SsrMode, path};

pub use failure::Failure;
#[cfg(feature = "ssr")]
pub use failure::RequestId;

use components::{ToastRegion, Toasts};
use layout::Layout;
use pages::campaign::{CampaignPage, NoDialog, RecentChangesPage};
use pages::campaigns::CampaignsPage;
use pages::contacts::{ContactsPage, DeletedPage};
use pages::duplicates::{DuplicatesPage, StagedDecisions};
use pages::fields::FieldsPage;
use pages::forms::FormsPage;
use pages::import::{ImportPage, ImportWatch};
use pages::imports::{ImportSummaryPage, ImportsPage, RowDetailsPage};
use pages::not_found::NotFound;
use pages::set_up::SetUpPage;
use pages::sign_in::SignInPage;

/// The document around the app; the server writes it, the browser never does.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=format!("/{}/{}.css", options.site_pkg_dir, options.output_name)/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The app: its routes. Every page is whole when it leaves the server, so it can be read before the script runs.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Toasts::provide();
    state::Refresh::provide();
    StagedDecisions::provide();
    ImportWatch::provide();
    // Tests wait for this mark before they touch anything.
    Effect::new(|_| {
        if let Some(html) = document().document_element() {
            let _ = html.set_attribute("data-hydrated", "");
        }
    });

    view! {
        <Title formatter=|text: String| if text.is_empty() { "Onefold".to_owned() } else { format!("{text} · Onefold") }/>
        <a class="skip" href="#main" rel="external">"Skip to content"</a>
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/set-up") view=SetUpPage ssr=SsrMode::Async/>
                <Route path=path!("/") view=|| view! { <Redirect path="/campaigns"/> } ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=Layout ssr=SsrMode::Async>
                    <Route path=path!("/campaigns") view=CampaignsPage ssr=SsrMode::Async/>
                    <Route path=path!("/campaigns/:campaign/changes") view=RecentChangesPage ssr=SsrMode::Async/>
                    <ParentRoute path=path!("/campaigns/:campaign") view=CampaignPage ssr=SsrMode::Async>
                        <Route path=path!("") view=NoDialog ssr=SsrMode::Async/>
                        <Route path=path!("/import/:import") view=ImportPage ssr=SsrMode::Async/>
                    </ParentRoute>
                    <Route path=path!("/admin/duplicates") view=DuplicatesPage ssr=SsrMode::Async/>
                    <Route path=path!("/contacts/deleted") view=DeletedPage ssr=SsrMode::Async/>
                    <ParentRoute path=path!("/contacts") view=ContactsPage ssr=SsrMode::Async>
                        <Route path=path!("") view=NoDialog ssr=SsrMode::Async/>
                        <Route path=path!("/:contact") view=NoDialog ssr=SsrMode::Async/>
                        <Route path=path!("/import/:import") view=ImportPage ssr=SsrMode::Async/>
                    </ParentRoute>
                    <Route path=path!("/admin/fields") view=FieldsPage ssr=SsrMode::Async/>
                    <Route path=path!("/admin/forms") view=FormsPage ssr=SsrMode::Async/>
                    <Route path=path!("/imports") view=ImportsPage ssr=SsrMode::Async/>
                    <Route path=path!("/imports/:import") view=ImportSummaryPage ssr=SsrMode::Async/>
                    <Route path=path!("/imports/:import/details") view=RowDetailsPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
        <ToastRegion/>
    }
}

/// Takes the page over in the browser.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    leptos::mount::hydrate_body(App);
}
