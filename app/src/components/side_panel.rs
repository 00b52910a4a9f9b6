use leptos::html;
use leptos::prelude::*;

use super::Icon;

/// A record beside a list. It takes the focus when the link of its line was what opened it: never on the way in from
/// another page.
#[component]
pub fn SidePanel(
    id: &'static str,
    label: &'static str,
    /// The id of the link in the list.
    #[prop(into)]
    link: String,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Aside>::new();
    Effect::new(move |_| {
        let Some(aside) = node.get() else { return };
        let link = document().get_element_by_id(&link);
        if link.is_some() && document().active_element() == link {
            let _ = aside.focus();
        }
    });
    view! { <aside class="side-panel" id=id tabindex="-1" aria-label=label node_ref=node>{children()}</aside> }
}

/// Closes it.
#[component]
pub fn ClosePanel(close: Callback<()>) -> impl IntoView {
    view! {
        <button type="button" class="btn square ghost" aria-label="Close panel" title="Close panel" on:click=move |_| close.run(())>
            <Icon name="x"/>
        </button>
    }
}
