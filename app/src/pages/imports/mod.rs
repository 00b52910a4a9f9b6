//! The history of imports, the summary of one, and its rows that did not simply go in.

use leptos::prelude::*;

/// Stands here until the history does.
#[component]
pub fn ImportsPage() -> impl IntoView {}

/// Stands here until the summary does.
#[component]
pub fn ImportSummaryPage() -> impl IntoView {}

/// Stands here until View details does.
#[component]
pub fn RowDetailsPage() -> impl IntoView {}
