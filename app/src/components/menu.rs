use leptos::prelude::*;

use super::Icon;

/// A button that opens a native popover; works before the script does. Children are the popover's content; the `id`
/// must be the only one of its name on the page.
#[component]
pub fn Menu(
    #[prop(into)] id: String,
    /// What the button says to those who do not see it; its tooltip too. Leave empty when `text` says it.
    #[prop(optional, into)]
    label: String,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional, into)] text: ViewFn,
    /// The classes of the button.
    #[prop(default = "btn sm")]
    class: &'static str,
    /// `wide` for forms and long lists.
    #[prop(optional)]
    popover_class: &'static str,
    children: Children,
) -> impl IntoView {
    let label = (!label.is_empty()).then_some(label);
    view! {
        <button type="button" class=class popovertarget=id.clone() aria-label=label.clone() title=label>
            {icon.map(|name| view! { <Icon name/> })}
            {move || text.run()}
        </button>
        <div class=format!("menu {popover_class}") id=id popover="auto">{children()}</div>
    }
}

/// One act in a menu; choosing it closes the menu.
#[component]
pub fn MenuItem(
    /// The id of the menu it is in.
    #[prop(into)]
    menu: String,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional)] danger: bool,
    #[prop(into)] on_choose: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <button
                type="button"
                class=if danger { "item danger" } else { "item" }
                popovertarget=menu
                popovertargetaction="hide"
                on:click=move |_| on_choose.run(())
            >
                {icon.map(|name| view! { <Icon name/> })}
                {children()}
            </button>
        </li>
    }
}
