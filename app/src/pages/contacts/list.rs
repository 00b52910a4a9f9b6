//! The list of contacts: toolbar, table, pages.

use domain::contact::{ContactChoices, ContactFilter, ContactPage};
use domain::ids::ContactId;
use leptos::prelude::*;

use super::bulk::BulkBar;
use super::columns::{Column, ColumnChooser, Columns};
use super::filters::Filters;
use super::table::ContactTable;
use super::view::ContactsView;
use crate::Failure;
use crate::components::{Empty, FailureBanner, Icon, Pager, Place, SearchBox, Selection};
use crate::format::num;
use crate::state::computed;

/// The list as the address says it, or what a workspace without contacts is waiting for. Old rows stay while new ones
/// load: stands inside a `Transition`.
#[component]
pub fn ContactList(
    contacts: Resource<Result<ContactPage, Failure>>,
    choices: Resource<Result<ContactChoices, Failure>>,
    view: Memo<ContactsView>,
    go: Callback<ContactsView>,
    selection: RwSignal<Selection<ContactId>>,
    columns: Columns,
) -> impl IntoView {
    let search = Memo::new(move |_| view.with(|view| view.query.filter.search.clone()));
    let on_search = move |text: String| go.run(view.get_untracked().filtered(|filter| filter.search = text));
    let known = computed(move || choices.get().and_then(Result::ok).unwrap_or_default());
    let shown = Signal::derive(move || known.with(|known| columns.shown(&known.fields)));
    // Read in any case, so that the server waits for both.
    let empty = computed(move || {
        choices.track();
        contacts.get().is_some_and(|page| page.is_ok_and(|page| page.total == 0))
    });
    let file = move || view.with(ContactsView::file_address);
    move || {
        if empty.get() {
            let import = view! { <a class="btn" href="/campaigns"><Icon name="campaign"/>"Go to campaigns"</a> };
            return view! {
                <Empty title="No contacts yet" action=import.into_any()>
                    "A contact is a person, once in the whole workspace, whichever campaigns they are in. Everyone whom an import brings is listed here; so is everyone you add by hand."
                </Empty>
            }
            .into_any();
        }
        view! {
            <div class="toolbar">
                <SearchBox label="Search contacts" value=search on_search/>
                {move || view! { <Filters view choices=known.get() go/> }}
                <span class="spacer"></span>
                <a class="btn sm" rel="external" download="" href=file title="These contacts as a CSV file"><Icon name="download"/>"Export"</a>
                {move || view! { <ColumnChooser columns fields=known.with(|known| known.fields.clone())/> }}
            </div>
            <Page contacts view known shown selection/>
        }
        .into_any()
    }
}

/// What the server answered: the parts stay from page to page, so that the focus does, and only rows and numbers change.
#[component]
fn Page(
    contacts: Resource<Result<ContactPage, Failure>>,
    view: Memo<ContactsView>,
    known: Signal<ContactChoices>,
    shown: Signal<Vec<Column>>,
    selection: RwSignal<Selection<ContactId>>,
) -> impl IntoView {
    let some = computed(move || contacts.get().map(|page| page.map(|page| !page.rows.is_empty())));
    let page = computed(move || contacts.get().and_then(Result::ok));
    let ticked = Memo::new(move |_| !selection.with(|selection| selection.is_empty()));
    let filter = Memo::new(move |_| view.with(|view| view.query.filter.clone()));
    let bar = move || {
        page.get().filter(|_| ticked.get()).map(|page| {
            view! { <BulkBar filter=filter.get() page tags=known.with(|known| known.tags.clone()) selection/> }
        })
    };
    let cursor = move |side: fn(&ContactPage) -> &Option<String>| {
        Signal::derive(move || {
            let cursor = page.with(|page| page.as_ref().and_then(|page| side(page).clone()))?;
            Some(view.with(|view| view.with_contact(None).at(cursor).address()))
        })
    };
    let (previous, next) = (cursor(|page| &page.previous), cursor(|page| &page.next));
    move || {
        some.get().map(|some| match some {
            Ok(true) => view! {
                {bar}
                <ContactTable page view columns=shown selection/>
                <Pager previous next>{move || page.get().map(|page| {
                    let ContactPage { rows, matching, total, first, .. } = page;
                    view! { <Place first shown=rows.len() matching total whole="workspace"/> }
                })}</Pager>
            }
            .into_any(),
            Ok(false) => view! { <NobodyMatches page view/> }.into_any(),
            Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
        })
    }
}

#[component]
fn NobodyMatches(page: Signal<Option<ContactPage>>, view: Memo<ContactsView>) -> impl IntoView {
    let total = page.get_untracked().map_or(0, |page| page.total);
    let all = view.get_untracked().filtered(|filter| *filter = ContactFilter::default()).address();
    let clear = view! { <a class="btn" href=all data-noscroll="">"Show all contacts"</a> };
    view! {
        <Empty title="No contact matches" action=clear.into_any()>
            {format!("None of the {} contacts of this workspace fits the search and the filters.", num(total))}
        </Empty>
    }
}
