//! Everyone of the workspace, once: the list with its filters, and a panel for one of them.

mod acts;
mod add;
mod bulk;
mod columns;
mod deleted;
mod edit;
mod filters;
mod history;
mod list;
mod panel;
mod table;
mod view;
mod words;

use domain::Act;
use domain::ids::ContactId;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

pub use deleted::DeletedPage;
pub(crate) use edit::{Control, Editing, Kind};
pub(crate) use panel::Fields;

use crate::components::{ActButton, Icon, Reading, Selection, Skeleton};
use crate::list_keys;
use crate::pages::import::ImportContacts;
use crate::server_fns::contacts::{get_contact_choices, list_contacts};
use crate::state::{use_refresh, use_session};
use add::AddContact;
use columns::Columns;
use list::ContactList;
use panel::Panel;
use view::ContactsView;

/// The contacts. An address with a contact's id is the same page with its panel open, so that the list stays where it
/// is.
#[component]
pub fn ContactsPage() -> impl IntoView {
    let refresh = use_refresh();
    let (params, path) = (use_query_map(), use_location().pathname);
    let view = Memo::new(move |_| params.with(|params| path.with(|path| ContactsView::read(path, params))));
    let navigate = use_navigate();
    let go = Callback::new(move |to: ContactsView| {
        // Each pause of typing is not a place to come back to.
        let replace = view.with_untracked(|now| now.query.filter.search != to.query.filter.search);
        navigate(&to.address(), NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
    });
    let close = Callback::new(move |()| {
        let now = view.get_untracked();
        if let Some(contact) = now.contact {
            go.run(now.with_contact(None));
            list_keys::focus(document().get_element_by_id(&format!("row-{contact}")));
        }
    });
    list_keys::on_escape(close);
    let selection = RwSignal::new(Selection::<ContactId>::default());
    let query = Memo::new(move |_| view.with(|view| view.query.clone()));
    let contacts = Resource::new(move || (query.get(), refresh.follow()), |(query, _)| list_contacts(query));
    let choices = Resource::new(move || refresh.follow(), |_| get_contact_choices());
    // What is ticked was ticked on another page, and that page was further up.
    Effect::new(move |before: Option<()>| {
        query.track();
        if before.is_some() {
            selection.set(Selection::default());
            // A wide table scrolls by itself.
            for place in ["main", "contacts"].into_iter().filter_map(|id| document().get_element_by_id(id)) {
                place.set_scroll_top(0);
            }
        }
    });
    let columns = Columns::new();
    let adding = RwSignal::new(false);
    let reading = Reading::not_yet();
    view! {
        <Title text="Contacts"/>
        <main class="main" id="main" tabindex="-1" aria-busy=reading.busy()>
            <header class="page-head">
                <h1>"Contacts"</h1>
                <div class="actions">
                    <a class="btn ghost" href="/contacts/deleted"><Icon name="undo"/>"Recently deleted"</a>
                    <ImportContacts/>
                    <AddButton adding/>
                </div>
            </header>
            <Transition set_pending=reading.setter() fallback=|| view! { <Skeleton label="Loading contacts…"/> }>
                <ContactList contacts choices view go selection columns/>
            </Transition>
        </main>
        <Panel view close/>
        <Outlet/>
        {move || adding.get().then(|| {
            let choices = choices.get_untracked().and_then(Result::ok).unwrap_or_default();
            view! { <AddContact choices on_close=move |()| adding.set(false)/> }
        })}
    }
}

#[component]
fn AddButton(adding: RwSignal<bool>) -> impl IntoView {
    let refusal = use_session().refusal(Act::EditContacts);
    view! { <ActButton id="add-contact" refusal class="btn primary" icon="plus" on_press=move |()| adding.set(true)>"Add contact"</ActButton> }
}
