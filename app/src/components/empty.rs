use leptos::prelude::*;

/// Nothing here yet: what this is (children), and one primary action.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(optional)] action: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <svg class="art" width="120" height="76" viewBox="0 0 120 76" fill="none" stroke="currentColor" stroke-width="1.25" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">
                <path d="M26 14.5h68a3 3 0 0 1 3 3v41a3 3 0 0 1-3 3H26a3 3 0 0 1-3-3v-41a3 3 0 0 1 3-3zM23 26.5h74M33 20.5h14M33 37.5h22M33 48.5h16M64 37.5h23M64 48.5h15"></path>
                <path d="M17 20v44a4 4 0 0 0 4 4h68" stroke-dasharray="2 4"></path>
            </svg>
            <h2>{title}</h2>
            <p>{children()}</p>
            {action.map(|action| view! { <div class="actions">{action}</div> })}
        </div>
    }
}
