//! The table of contacts.

use domain::PersonField;
use domain::contact::{ContactPage, ContactRow, ContactSort};
use domain::ids::ContactId;
use leptos::prelude::*;

use super::columns::Column;
use super::view::ContactsView;
use crate::components::{Badge, PickLine, PickPage, Selection, SortHead, Time};
use crate::format::counted;
use crate::state::computed;

/// A line per contact of one page; headers that can sort are links.
#[component]
pub fn ContactTable(
    page: Signal<Option<ContactPage>>,
    view: Memo<ContactsView>,
    columns: Signal<Vec<Column>>,
    selection: RwSignal<Selection<ContactId>>,
) -> impl IntoView {
    let rows = move || page.with(|page| page.as_ref().map(|page| page.rows.clone()).unwrap_or_default());
    let ids = computed(move || rows().iter().map(|row| row.id).collect::<Vec<_>>());
    let open = Memo::new(move |_| view.with(|view| view.contact));
    let wide = move || columns.with(|columns| columns.len() > 4);
    let heads = move || columns.get().into_iter().map(|column| head(view, &column)).collect_view();
    view! {
        <div class="table-wrap" class:wide=wide role="region" aria-label="Contacts" tabindex="0" id="contacts">
            <table class="table two">
                <caption>"Contacts of the workspace"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="pickcol"><PickPage ids selection/></th>
                        {sort_head(view, ContactSort::Name, "w-full", "Contact".to_owned())}
                        {heads}
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        rows().into_iter().map(|row| view! { <Line row ids open view columns selection/> }).collect_view()
                    }}
                </tbody>
            </table>
        </div>
    }
}

fn head(view: Memo<ContactsView>, column: &Column) -> AnyView {
    let sort = match column {
        Column::Added => Some(ContactSort::Added),
        Column::Person(PersonField::CompanyName) => Some(ContactSort::Company),
        _ => None,
    };
    let (class, label) = (column.class(), column.label());
    match sort {
        Some(sort) => sort_head(view, sort, class, label).into_any(),
        None => view! { <th scope="col" class=class>{label}</th> }.into_any(),
    }
}

fn sort_head(view: Memo<ContactsView>, sort: ContactSort, class: &'static str, label: String) -> impl IntoView {
    let order = Signal::derive(move || view.with(|view| view.aria_sort(sort)));
    let href = Signal::derive(move || view.with(|view| view.sorted(sort).address()));
    view! { <SortHead order href class label/> }
}

#[component]
fn Line(
    row: ContactRow,
    ids: Signal<Vec<ContactId>>,
    open: Memo<Option<ContactId>>,
    view: Memo<ContactsView>,
    columns: Signal<Vec<Column>>,
    selection: RwSignal<Selection<ContactId>>,
) -> impl IntoView {
    let id = row.id;
    let name = row.person.display_name();
    let email = row.person.get(PersonField::Email).to_owned();
    let email = (email != name).then_some(email);
    let company = row.person.get(PersonField::CompanyName).to_owned();
    let is_open = move || open.get() == Some(id);
    let (silent, shared) = (row.do_not_contact, row.shared_mailbox);
    let row = StoredValue::new(row);
    let cells = move || {
        let cell = |column| row.with_value(|row| view! { <Cell column row=row.clone()/> });
        columns.get().into_iter().map(cell).collect_view()
    };
    view! {
        <tr class:open=is_open>
            <td class="pickcol"><PickLine id name=name.clone() ids selection/></td>
            <th scope="row">
                <span class="name">
                    <a id=format!("row-{id}") data-noscroll="" aria-current=move || is_open().then_some("true") href=move || view.with(|view| view.with_contact(Some(id)).address())>{name}</a>
                    <span class="sub">{email}</span>
                    <span class="sub only-narrow">{company}</span>
                    {silent.then(|| view! { <span class="sub"><Badge class="bad" icon="ban" text="Do not contact"/></span> })}
                    {shared.then(|| view! { <span class="sub"><Badge class="warn" icon="mail" text="Shared mailbox"/></span> })}
                </span>
            </th>
            {cells}
        </tr>
    }
}

#[component]
fn Cell(column: Column, row: ContactRow) -> impl IntoView {
    let class = format!("{} muted", column.class());
    let text = |value: String| view! { <span class="cell" title=value.clone()>{value.clone()}</span> }.into_any();
    let inside = match column {
        Column::Added => view! { <Time at=row.added_at day=true/> }.into_any(),
        Column::Tags => {
            let tags = row.tags.into_iter().map(|tag| view! { <span class="tag">{tag}</span> }).collect_view();
            view! { <span class="row tight">{tags}</span> }.into_any()
        }
        Column::Campaigns => match row.campaigns.as_slice() {
            [] => view! { <span class="faint">"none"</span> }.into_any(),
            [one] => text(one.clone()),
            many => {
                let names = many.join(", ");
                view! { <span class="cell" title=names>{counted(many.len() as u64, "campaign", "campaigns")}</span> }
                    .into_any()
            }
        },
        Column::Person(field) => text(row.person.get(field).to_owned()),
        Column::Custom(field) => text(row.custom.get(&field.id).cloned().unwrap_or_default()),
    };
    view! { <td class=class>{inside}</td> }
}
