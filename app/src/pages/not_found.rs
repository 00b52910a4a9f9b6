//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

/// Says so, and leads back. The server answers 404 through the response options of its own.
#[component]
pub fn NotFound() -> impl IntoView {
    // An external link: who is signed in stands only on a page that the server wrote with the navigation around it.
    view! {
        <Title text="Not found"/>
        <div class="solo">
            <main class="solo-main" id="main" tabindex="-1">
                <div class="stack-sm">
                    <h1>"There is nothing at this address"</h1>
                    <p class="muted">"The link may be old, or what it led to was deleted. Nothing was changed."</p>
                </div>
                <p><a class="btn primary" href="/campaigns" rel="external">"Go to Campaigns"</a></p>
            </main>
        </div>
    }
}
