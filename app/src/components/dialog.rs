use leptos::ev::{Event, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlDialogElement, HtmlElement};

/// A modal dialog. The server writes it open, so that it can be read before the script runs; then it becomes modal.
/// Esc closes it; when it goes, the focus returns to where it was. Children: `header`, `div.dialog-body`, `footer`.
#[component]
pub fn Dialog(
    /// The id of the heading that names it.
    #[prop(into)]
    labelled_by: String,
    /// `narrow` or `small`; otherwise as wide as the wizard.
    #[prop(optional, into)]
    class: Signal<&'static str>,
    #[prop(into)] on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    // Gone with the dialog, so that a `close` event that comes late is nobody's.
    let here = StoredValue::new(());
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        let parts = StoredValue::new_local((dialog.clone(), opener()));
        show(dialog, here);
        on_cleanup(move || {
            parts.with_value(|(dialog, opener)| {
                // What lies under a modal dialog cannot have the focus.
                dialog.close();
                if let Some(opener) = opener {
                    let _ = opener.focus();
                }
            });
        });
    });
    view! {
        <dialog
            node_ref=node
            class=move || format!("dialog {}", class.get())
            open=true
            aria-labelledby=labelled_by
            on:close=move |event: Event| {
                // Popovers and dialogs inside have a `close` of their own. And where one dialog follows another in the same
                // element, the event of the first comes when the second is open already.
                let open = node.get_untracked().is_some_and(|dialog| dialog.open());
                if event.target() == event.current_target() && !open && here.try_get_value().is_some() {
                    on_close.run(());
                }
            }
        >
            {children()}
        </dialog>
    }
}

/// Makes a dialog modal. What a `Suspense` holds is made before it is put into the page, and `showModal` refuses a dialog
/// that is not there yet: then the next frame tries again, while `here` is.
fn show(dialog: HtmlDialogElement, here: StoredValue<()>) {
    if dialog.is_connected() {
        // It also refuses a dialog that is open already.
        let _ = dialog.remove_attribute("open");
        let _ = dialog.show_modal();
    } else if here.try_get_value().is_some() {
        request_animation_frame(move || show(dialog, here));
    }
}

/// What had the focus; for a line of a menu, the button of the menu.
fn opener() -> Option<HtmlElement> {
    let active = document().active_element()?;
    let menu = active.closest(".menu").ok().flatten();
    let opener = match menu {
        Some(menu) => {
            let button = format!("[popovertarget=\"{}\"]:not([popovertargetaction])", menu.id());
            document().query_selector(&button).ok().flatten()?
        }
        None => active,
    };
    opener.dyn_into().ok()
}

/// Asks before something that cannot simply be taken back.
#[component]
pub fn Confirm(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// The words of the button that goes on.
    #[prop(into)]
    yes: String,
    #[prop(into)] on_yes: Callback<()>,
    #[prop(into)] on_close: Callback<()>,
    /// What stands below the text.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Dialog labelled_by="confirm-title" class="small" on_close>
            <header><h2 id="confirm-title">{title}</h2></header>
            <div class="dialog-body"><p>{text}</p>{children.map(|children| children())}</div>
            <footer>
                <span class="spacer"></span>
                <button type="button" class="btn" on:click=move |_| on_close.run(())>"Cancel"</button>
                <button type="button" class="btn primary" on:click=move |_| on_yes.run(())>{yes}</button>
            </footer>
        </Dialog>
    }
}

/// Asks for one line of text; `error` is the sentence of a refusal.
#[component]
pub fn AskText(
    #[prop(into)] title: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    /// The words of the button that goes on.
    #[prop(into)]
    yes: String,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(into)] on_yes: Callback<String>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let text = RwSignal::new(value.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            on_yes.run(text.get_untracked().trim().to_owned());
        }
    };
    view! {
        <Dialog labelled_by="ask-title" class="small" on_close>
            <header><h2 id="ask-title">{title}</h2></header>
            <form on:submit=submit>
                <div class="dialog-body">
                    <div class="field">
                        <label for="ask-text">{label}</label>
                        <input
                            class="input"
                            id="ask-text"
                            type="text"
                            autocomplete="off"
                            required
                            maxlength="200"
                            value=value
                            aria-describedby="ask-hint ask-error"
                            aria-invalid=move || error.get().is_some().then_some("true")
                            on:input=move |event| text.set(event_target_value(&event))
                        />
                        <p class="hint" id="ask-hint">{hint}</p>
                        <p class="field-error" id="ask-error" role="alert">{move || error.get()}</p>
                    </div>
                </div>
                <footer>
                    <span class="spacer"></span>
                    <button type="button" class="btn" on:click=move |_| on_close.run(())>"Cancel"</button>
                    <button type="submit" class="btn primary" disabled=move || busy.get()>{yes}</button>
                </footer>
            </form>
        </Dialog>
    }
}
