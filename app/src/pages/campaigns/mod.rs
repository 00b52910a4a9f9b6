//! The campaign list.

use leptos::prelude::*;

/// Every campaign of the workspace.
#[component]
pub fn CampaignsPage() -> impl IntoView {}
