use domain::import::ImportState;
use domain::{LeadStatus, StatusClass};
use leptos::prelude::*;

use super::Icon;

/// A state: icon and word. `class` is a tone (`active`, `pending`, `ended`, `bad`, `conflict`, `warn`), or two words
/// with `boxed`.
#[component]
pub fn Badge(#[prop(optional)] class: &'static str, icon: &'static str, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class=format!("badge {class}")><Icon name=icon/>{text}</span> }
}

/// Where a lead stands.
#[component]
pub fn StatusBadge(status: LeadStatus) -> impl IntoView {
    let icon = match status {
        LeadStatus::ToLaunch => "dashed",
        LeadStatus::Enriching => "refresh",
        LeadStatus::Reviewed => "check-circle",
        LeadStatus::Scheduled => "clock",
        LeadStatus::InProgress => "play",
        LeadStatus::Paused => "pause",
        LeadStatus::Done => "check",
        LeadStatus::Interested => "star",
        LeadStatus::NotInterested | LeadStatus::Skipped => "minus",
        LeadStatus::Unsubscribed => "ban",
        LeadStatus::Bounced => "bounce",
        LeadStatus::Failed => "x-circle",
    };
    let class = match status {
        LeadStatus::Unsubscribed | LeadStatus::Bounced | LeadStatus::Failed => "bad",
        _ => match status.class() {
            StatusClass::Active => "active",
            StatusClass::Pending => "pending",
            StatusClass::Ended => "ended",
        },
    };
    view! { <Badge class icon text=status.label()/> }
}

/// Where an import stands.
#[component]
pub fn ImportStateBadge(state: ImportState) -> impl IntoView {
    let (class, icon) = match state {
        ImportState::Draft => ("pending", "dashed"),
        ImportState::Queued => ("pending", "clock"),
        ImportState::Running => ("active", "play"),
        ImportState::Done => ("active", "check"),
        ImportState::Failed => ("bad", "x-circle"),
        ImportState::Stopped => ("warn", "stop"),
        ImportState::Undone => ("ended", "undo"),
    };
    view! { <Badge class icon text=state.label()/> }
}
