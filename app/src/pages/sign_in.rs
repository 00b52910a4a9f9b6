//! Signing in: a plain form that works without the script.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::components::{Icon, Mark};

/// The form posts to `/sign-in`; `?problem=` says why the last try was refused, `?next=` where to go on.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let next = move || query.with(|query| query.get("next")).unwrap_or_default();
    let problem = move || {
        query.with(|query| match query.get_str("problem") {
            Some("wrong") => Some("That email and password do not match an account here. Check both and try again."),
            Some("busy") => Some("Too many attempts. Wait a minute, then try again."),
            _ => None,
        })
    };
    view! {
        <Title text="Sign in"/>
        <div class="solo">
            <main class="solo-main" id="main" tabindex="-1">
                <div class="stack-sm">
                    <Mark big=true/>
                    <h1 class="mt2">"Sign in to Onefold"</h1>
                </div>
                <form class="stack" method="post" action="/sign-in" aria-describedby="sign-in-problem">
                    <SolidProblem id="sign-in-problem" text=Signal::derive(problem)/>
                    <input type="hidden" name="next" value=next/>
                    <div class="field">
                        <label for="email">"Email"</label>
                        <input class="input" id="email" name="email" type="email" autocomplete="username" required/>
                    </div>
                    <div class="field">
                        <label for="password">"Password"</label>
                        <input class="input" id="password" name="password" type="password" autocomplete="current-password" required/>
                    </div>
                    <button type="submit" class="btn primary">"Sign in"</button>
                </form>
            </main>
            <footer class="solo-foot">"Your data stays on this server."</footer>
        </div>
    }
}

/// The sentence of a refused form, read out when it is there.
#[component]
pub(super) fn SolidProblem(id: &'static str, text: Signal<Option<&'static str>>) -> impl IntoView {
    view! {
        <div id=id role="alert">
            {move || text.get().map(|text| view! { <div class="banner fail"><Icon name="warning"/><p>{text}</p></div> })}
        </div>
    }
}
