//! What surrounds every page of a signed-in member: navigation, workspace, sign-out.

use domain::session::Session;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::{Outlet, Redirect};
use leptos_router::hooks::use_location;

use crate::address::address;
use crate::components::{Icon, Mark, Menu, MenuItem, Switch};
use crate::format::{initials, num};
use crate::server_fns::duplicates::count_suspects;
use crate::shortcuts::{Over, Shortcuts};
use crate::state::{SessionState, set_single_keys, single_keys, use_refresh};

/// Navigation beside the page; the page itself renders `main#main.main` and, if it has one, `aside.side-panel`.
#[component]
pub fn Layout() -> impl IntoView {
    // Not a resource: everything below would be made when it arrives, at another moment on each side, and server and
    // browser match what they make by its order.
    match SharedValue::new(session_of_request).into_inner() {
        Some(session) => view! { <Navigation session/> }.into_any(),
        None => view! { <ToSignIn/> }.into_any(),
    }
}

/// Who is signed in, as the request says.
#[cfg(feature = "ssr")]
fn session_of_request() -> Option<Session> {
    use_context::<Option<engine::Actor>>().flatten().map(|actor| actor.session())
}

/// The browser knows it from the server's page. Where there was none, such as after a page that was not found, it asks
/// for one.
#[cfg(not(feature = "ssr"))]
fn session_of_request() -> Option<Session> {
    let _ = window().location().reload();
    None
}

/// Leads to the sign-in page, and back here after it.
#[component]
fn ToSignIn() -> impl IntoView {
    let location = use_location();
    let next = format!("{}{}", location.pathname.get_untracked(), search(&location.search.get_untracked()));
    view! { <Redirect path=address("/sign-in", &[("next", &next)])/> }
}

/// The query of an address with its question mark, if there is one.
fn search(query: &str) -> String {
    if query.is_empty() { String::new() } else { format!("?{}", query.trim_start_matches('?')) }
}

#[component]
fn Navigation(session: Session) -> impl IntoView {
    provide_context(SessionState(session.clone()));
    let Session { user_name, role, workspace_name } = session;
    let nav = NodeRef::<html::Nav>::new();
    let path = use_location().pathname;
    // On a phone the navigation is a popover, and choosing a page should close it.
    Effect::new(move |_| {
        path.track();
        if let Some(nav) = nav.get_untracked() {
            let _ = nav.hide_popover();
        }
    });
    let link = move |href: &'static str, icon: &'static str, text: &'static str| {
        let current = move || path.with(|path| path.starts_with(href)).then_some("page");
        view! { <li><a href=href title=text aria-current=current><Icon name=icon/><span class="grow">{text}</span></a></li> }
    };
    let keys = RwSignal::new(true);
    Effect::new(move |_| keys.set(single_keys()));
    let set_keys = Callback::new(move |on| {
        set_single_keys(on);
        keys.set(on);
    });
    let over = RwSignal::new(None::<Over>);
    let find = move |_| {
        // on a phone this gives the focus back to the button that opened the navigation, and the palette later does too
        if let Some(nav) = nav.get_untracked() {
            let _ = nav.hide_popover();
        }
        over.set(Some(Over::Palette));
    };
    let avatar = initials(&user_name);
    let name = user_name.clone();
    let who = move || {
        view! {
            <span class="avatar" aria-hidden="true">{avatar.clone()}</span>
            <span class="grow">{name.clone()}</span>
            <span class="chev"><Icon name="more"/></span>
        }
    };
    view! {
        <div class="shell">
            <header class="topbar">
                <button type="button" class="btn square ghost" popovertarget="nav" aria-label="Open navigation">
                    <Icon name="menu"/>
                </button>
                <strong>"Onefold"</strong>
                <button type="button" class="btn square ghost" aria-label="Find anything" on:click=find><Icon name="search"/></button>
            </header>
            <nav class="nav" id="nav" popover="auto" aria-label="Main" node_ref=nav>
                <p class="nav-btn ws" title=workspace_name.clone()>
                    <Mark/>
                    <span class="grow">{workspace_name.clone()}</span>
                </p>
                <button type="button" class="nav-btn find" title="Find anything" aria-keyshortcuts="Control+K Meta+K" on:click=find>
                    <Icon name="search"/>
                    <span class="grow">"Find anything"</span>
                    <kbd class="kbd">"Ctrl K"</kbd>
                </button>
                <ul>
                    {link("/campaigns", "campaign", "Campaigns")}
                    {link("/contacts", "contacts", "Contacts")}
                    {link("/imports", "import", "Imports")}
                </ul>
                <p class="group" id="nav-admin"><span>"Admin"</span></p>
                <ul aria-labelledby="nav-admin">
                    <li>
                        <a href="/admin/duplicates" title="Duplication Handling" aria-current=move || path.with(|path| path.starts_with("/admin/duplicates")).then_some("page")>
                            <Icon name="duplicates"/>
                            <span class="grow">"Duplication Handling"</span>
                            <Waiting/>
                        </a>
                    </li>
                    {link("/admin/fields", "fields", "Fields")}
                    {link("/admin/forms", "mail", "Forms")}
                </ul>
                <div class="foot">
                    <Menu id="user-menu" class="nav-btn" text=who>
                        <p class="heading">{user_name} ", " {role.label()}</p>
                        <p class="item">
                            <label for="single-keys">"Keyboard shortcuts"<span class="hint">" ? / c j k"</span></label>
                            <Switch id="single-keys" checked=keys on_change=set_keys/>
                        </p>
                        <ul><MenuItem menu="user-menu" icon="info" on_choose=move |()| over.set(Some(Over::Help))>"Show the keys"</MenuItem></ul>
                        <form method="post" action="/sign-out"><button type="submit" class="btn">"Sign out"</button></form>
                    </Menu>
                </div>
            </nav>
            <Outlet/>
        </div>
        <Shortcuts open=over single=keys.into() set_single=set_keys/>
    }
}

/// How many decisions wait, as a badge.
#[component]
fn Waiting() -> impl IntoView {
    let refresh = use_refresh();
    let waiting = Resource::new(move || refresh.follow(), |_| count_suspects());
    view! {
        <Transition>
            {move || {
                waiting.get().and_then(Result::ok).filter(|n| *n > 0).map(|n| {
                    view! { <span class="count">{num(n)}<span class="sr">" open"</span></span> }
                })
            }}
        </Transition>
    }
    .into_any()
}
