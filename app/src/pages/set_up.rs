//! The first visit: makes the workspace and its owner.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::sign_in::SolidProblem;
use crate::components::Mark;

/// The form posts to `/set-up`; `?problem=` says why the last try was refused.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let query = use_query_map();
    let word = move || query.with(|query| query.get("problem")).unwrap_or_default();
    let problem = move || match word().as_str() {
        "taken" => Some("This server is set up already. Sign in with the account that was made then."),
        "password" => Some("The password needs at least 10 characters. Nothing was saved yet."),
        "email" => Some("That does not look like an email address. Nothing was saved yet."),
        "workspace" => Some("The workspace needs a name. Nothing was saved yet."),
        "name" => Some("Your name is missing. Nothing was saved yet."),
        _ => None,
    };
    let here = move || query.with(|query| query.get_str("here") == Some("1"));
    let wrong = move |field: &'static str| move || (word() == field).then_some("true");
    view! {
        <Title text="Set up"/>
        <div class="solo">
            <main class="solo-main" id="main" tabindex="-1">
                <div class="stack-sm">
                    <Mark big=true/>
                    <h1 class="mt2">"Set up Onefold"</h1>
                    <p class="muted">
                        {move || if here() {
                            "A workspace is here already: the command line has made it. This makes your own account, and you become its owner."
                        } else {
                            "This makes your team’s workspace and your own account, its owner."
                        }}
                    </p>
                </div>
                <form class="stack" method="post" action="/set-up" aria-describedby="set-up-problem">
                    <SolidProblem id="set-up-problem" text=Signal::derive(problem)/>
                    <Show when=move || !here()>
                        <div class="field">
                            <label for="workspace">"Workspace"</label>
                            <input class="input" id="workspace" name="workspace" type="text" autocomplete="organization" required maxlength="200" aria-invalid=wrong("workspace")/>
                        </div>
                    </Show>
                    <div class="field">
                        <label for="name">"Your name"</label>
                        <input class="input" id="name" name="name" type="text" autocomplete="name" required maxlength="200" aria-invalid=wrong("name")/>
                    </div>
                    <div class="field">
                        <label for="email">"Email"</label>
                        <input class="input" id="email" name="email" type="email" autocomplete="username" required maxlength="320" aria-invalid=wrong("email")/>
                    </div>
                    <div class="field">
                        <label for="password">"Password"</label>
                        <input class="input" id="password" name="password" type="password" autocomplete="new-password" required minlength="10" maxlength="200" aria-describedby="password-hint" aria-invalid=wrong("password")/>
                        <p class="hint" id="password-hint">"At least 10 characters."</p>
                    </div>
                    <button type="submit" class="btn primary">{move || if here() { "Create account" } else { "Create workspace" }}</button>
                </form>
            </main>
            <footer class="solo-foot">"Your data stays on this server."</footer>
        </div>
    }
}
