use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

/// Gives the focus to the element with this id once what is being changed is drawn. Who takes away the control that
/// someone just used says so where they go on: otherwise the focus is nowhere. Only the browser may call it.
pub fn focus_after(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || focus(&id));
}

/// The same, unless the focus is on something by then.
pub fn focus_if_lost(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || {
        let somewhere = document().active_element().is_some_and(|active| active.tag_name() != "BODY");
        if !somewhere {
            focus(&id);
        }
    });
}

fn focus(id: &str) {
    let found = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = found {
        let _ = element.focus();
    }
}
