//! The import wizard, a dialog over the lead list.

use leptos::prelude::*;

/// Stands here until the wizard does.
#[component]
pub fn ImportPage() -> impl IntoView {}
