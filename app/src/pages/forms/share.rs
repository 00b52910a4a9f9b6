//! The address of a form, and the lines that put it into another site.

use domain::form::FormRow;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlDocument;

use crate::components::{Banner, Dialog, Icon};

/// Shows both, ready to be copied.
#[component]
pub fn ShareDialog(row: FormRow, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let address = format!("{}{}", location().origin().unwrap_or_default(), row.path());
    let title: String = row.form.settings.title.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let snippet = format!(
        "<iframe src=\"{address}\" title=\"{title}\" width=\"100%\" height=\"720\" style=\"border: 0\" loading=\"lazy\"></iframe>"
    );
    view! {
        <Dialog labelled_by="share-title" class="narrow" on_close>
            <header><h2 id="share-title">{format!("Share “{}”", row.form.name)}</h2></header>
            <div class="dialog-body stack">
                {row.closed.then(|| view! { <Banner class="warn">"This form is closed: its page says so to everyone."</Banner> })}
                <ToCopy id="share-address" label="Address of the page" text=address.clone() rows=1/>
                <ToCopy id="share-snippet" label="HTML for another site" text=snippet rows=4/>
                <p class="hint">"The form stands in a frame. It needs no script and sets no cookie."</p>
            </div>
            <footer>
                <a class="btn" href=address target="_blank" rel="noopener"><Icon name="external"/>"Open the page"</a>
                <span class="spacer"></span>
                <button type="button" class="btn primary" on:click=move |_| on_close.run(())>"Done"</button>
            </footer>
        </Dialog>
    }
}

#[component]
fn ToCopy(id: &'static str, label: &'static str, text: String, rows: u32) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    let copied = RwSignal::new("Copy");
    let copy = move |_| {
        let Some(area) = node.get_untracked() else { return };
        area.select();
        // The clipboard of newer browsers is there on https only; this works on a team's own network too.
        let done = document().dyn_into::<HtmlDocument>().ok().and_then(|page| page.exec_command("copy").ok());
        copied.set(if done == Some(true) { "Copied" } else { "Press Ctrl+C" });
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <textarea class="input code" id=id rows=rows readonly node_ref=node spellcheck="false">{text}</textarea>
            <p class="row">
                <button type="button" class="btn sm" aria-label=move || format!("{}: {label}", copied.get()) on:click=copy>{move || copied.get()}</button>
                <span class="sr" role="status">{move || (copied.get() != "Copy").then(|| copied.get())}</span>
            </p>
        </div>
    }
}
