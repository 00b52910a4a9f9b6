use leptos::html;
use leptos::prelude::*;

use super::Icon;

/// A button for something that not every member may do. Where there is a refusal it keeps its place in the order of the
/// keys, and says why it is off: to a screen reader as its description, to everyone else beside it while the pointer or
/// the focus is on it, and when it is pressed, which needs no script.
#[component]
pub fn ActButton(
    /// The only one of its name on the page: the reason is called after it.
    #[prop(into)]
    id: String,
    /// Why the member may not; none when they may.
    refusal: Option<String>,
    #[prop(into)] on_press: Callback<()>,
    /// The classes of the button.
    #[prop(default = "btn")]
    class: &'static str,
    #[prop(optional)] icon: Option<&'static str>,
    /// What the button says to those who do not see it, where its words are not enough.
    #[prop(optional, into)]
    label: Option<String>,
    /// How the keys of a page find it.
    #[prop(optional)]
    act: Option<&'static str>,
    /// Off for a moment, while something else is being done.
    #[prop(optional, into)]
    busy: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let why = format!("{id}-why");
    let refused = refusal.is_some();
    let reason = NodeRef::<html::Span>::new();
    let show = move |on: bool| {
        if let Some(reason) = reason.get_untracked() {
            let _ = if on { reason.show_popover() } else { reason.hide_popover() };
        }
    };
    let press = move |_| {
        if !refused {
            on_press.run(());
        }
    };
    view! {
        <span class="act-button" on:mouseenter=move |_| show(true) on:mouseleave=move |_| show(false)>
            <button
                type="button"
                id=id
                class=class
                data-act=act
                disabled=move || busy.get()
                aria-label=label
                aria-disabled=refused.then_some("true")
                aria-describedby=refused.then(|| why.clone())
                popovertarget=refused.then(|| why.clone())
                popovertargetaction=refused.then_some("show")
                on:click=press
                on:focus=move |_| show(true)
                on:blur=move |_| show(false)
            >
                {icon.map(|name| view! { <Icon name/> })}
                {children()}
            </button>
            {refusal.map(|refusal| view! { <span class="why" id=why popover="auto" node_ref=reason>{refusal}</span> })}
        </span>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn written(refusal: Option<&str>) -> String {
        let refusal = refusal.map(str::to_owned);
        Owner::new().with(|| view! { <ActButton id="make" refusal on_press=|()| ()>"Make"</ActButton> }.to_html())
    }

    #[test]
    fn a_button_that_is_off_can_be_reached_and_says_why() {
        let off = written(Some("Only owners may."));
        for part in [
            "aria-disabled=\"true\"",
            "aria-describedby=\"make-why\"",
            "popovertarget=\"make-why\"",
            "Only owners may.",
        ] {
            assert!(off.contains(part), "{part} in {off}");
        }
        assert!(!off.contains(" disabled"), "{off}");
        let on = written(None);
        assert!(!on.contains("make-why") && !on.contains("disabled"), "{on}");
    }
}
