use leptos::prelude::*;

use super::Icon;
use crate::Failure;

/// Something to know. `class` is `warn` (something was left out), `conflict` (someone else is writing to them), `fail`,
/// or nothing; `action` stands at the end; `alert` is read out at once.
#[component]
pub fn Banner(
    #[prop(optional)] class: &'static str,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional, into)] title: String,
    #[prop(optional)] alert: bool,
    #[prop(optional)] action: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let icon = icon.unwrap_or(match class {
        "warn" | "fail" => "warning",
        "conflict" => "conflict",
        _ => "info",
    });
    view! {
        <div class=format!("banner {class}") role=alert.then_some("alert")>
            <Icon name=icon/>
            <p>{(!title.is_empty()).then(|| view! { <strong>{title}</strong> })}{children()}</p>
            {action}
        </div>
    }
}

/// Why something did not load, with the way to try again.
#[component]
pub fn FailureBanner(failure: Failure) -> impl IntoView {
    // An external link asks the server for the whole page again.
    let reload = view! { <a class="btn sm" href="" rel="external"><Icon name="refresh"/>"Reload"</a> };
    view! {
        <Banner class="fail" alert=true title="This could not be shown" action=reload.into_any()>{failure.0.words()}</Banner>
    }
}
