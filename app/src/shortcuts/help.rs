use leptos::prelude::*;

use super::keys::{self, Page, Shortcut};
use crate::components::{Dialog, Switch};

/// The keys of this page and of every page.
#[component]
pub fn HelpDialog(single: Signal<bool>, set_single: Callback<bool>, close: Callback<()>) -> impl IntoView {
    let Page { name, keys: own } = keys::here();
    let here = (!own.is_empty()).then(|| view! { <Keys title=name keys=own/> });
    view! {
        <Dialog labelled_by="keys-title" class="small" on_close=close>
            <header><h2 id="keys-title">"Keyboard shortcuts"</h2></header>
            <div class="dialog-body stack" role="region" aria-labelledby="keys-title" tabindex="0">
                {here}
                <Keys title="Every page" keys=keys::EVERYWHERE/>
            </div>
            <footer>
                <label class="row sm" for="keys-single">
                    <Switch id="keys-single" checked=single on_change=set_single/>
                    "Single keys"
                </label>
                <span class="spacer"></span>
                <button type="button" class="btn primary" on:click=move |_| close.run(())>"Close"</button>
            </footer>
        </Dialog>
    }
}

#[component]
fn Keys(title: &'static str, keys: &'static [Shortcut]) -> impl IntoView {
    let line = |one: &Shortcut| {
        let name = if one.key == "Escape" { "Esc" } else { one.key };
        let parts = name.split('+').map(|part| view! { <kbd class="kbd">{part.to_owned()}</kbd> }).collect_view();
        view! { <div><dt>{parts}</dt><dd>{one.words}</dd></div> }
    };
    view! {
        <section>
            <h3 class="section-title">{title}</h3>
            <dl class="keys">{keys.iter().map(line).collect_view()}</dl>
        </section>
    }
}
