//! One campaign: its head and its lead list, with room for the import wizard above them.

use leptos::prelude::*;
use leptos_router::components::Outlet;

/// One campaign.
#[component]
pub fn CampaignPage() -> impl IntoView {
    view! { <Outlet/> }
}

/// The campaign without a dialog over it.
#[component]
pub fn NoDialog() -> impl IntoView {}
