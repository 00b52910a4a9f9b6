//! The table of leads.

use domain::PersonField;
use domain::ids::LeadId;
use domain::import::Target;
use domain::lead::{LeadPage, LeadRow, LeadSort};
use leptos::prelude::*;

use super::columns::Column;
use super::view::ListView;
use crate::components::{Badge, PickLine, PickPage, Selection, SortHead, StatusBadge, Time};
use crate::state::computed;

/// A line per lead of one page; headers that can sort are links.
#[component]
pub fn LeadTable(
    page: Signal<Option<LeadPage>>,
    view: Memo<ListView>,
    columns: Signal<Vec<Column>>,
    selection: RwSignal<Selection<LeadId>>,
    caption: Signal<Option<String>>,
) -> impl IntoView {
    let rows = move || page.with(|page| page.as_ref().map(|page| page.rows.clone()).unwrap_or_default());
    let ids = computed(move || rows().iter().map(|row| row.id).collect::<Vec<_>>());
    let open = Memo::new(move |_| view.with(|view| view.lead));
    let wide = move || columns.with(|columns| columns.len() > 3);
    let heads = move || columns.get().into_iter().map(|column| view! { <Head column view/> }).collect_view();
    view! {
        <div class="table-wrap" class:wide=wide role="region" aria-label="Leads" tabindex="0" id="leads">
            <table class="table two">
                <caption>{move || caption.get()}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="pickcol"><PickPage ids selection/></th>
                        {sort_head(view, LeadSort::Name, "w-full", "Lead".to_owned())}
                        <th scope="col">"Status"</th>
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

#[component]
fn Head(column: Column, view: Memo<ListView>) -> impl IntoView {
    let sort = match &column {
        Column::Added => Some(LeadSort::Added),
        Column::Value(Target::Field(PersonField::CompanyName)) => Some(LeadSort::Company),
        _ => None,
    };
    let class = column.class();
    let label = column.label();
    match sort {
        Some(sort) => sort_head(view, sort, class, label).into_any(),
        None => view! { <th scope="col" class=class>{label}</th> }.into_any(),
    }
}

fn sort_head(view: Memo<ListView>, sort: LeadSort, class: &'static str, label: String) -> impl IntoView {
    let order = Signal::derive(move || view.with(|view| view.aria_sort(sort)));
    let href = Signal::derive(move || view.with(|view| view.sorted(sort).address()));
    view! { <SortHead order href class label/> }
}

#[component]
fn Line(
    row: LeadRow,
    ids: Signal<Vec<LeadId>>,
    open: Memo<Option<LeadId>>,
    view: Memo<ListView>,
    columns: Signal<Vec<Column>>,
    selection: RwSignal<Selection<LeadId>>,
) -> impl IntoView {
    let id = row.id;
    let name = row.person.display_name();
    let email = row.person.get(PersonField::Email).to_owned();
    let email = (email != name).then_some(email);
    let company = row.person.get(PersonField::CompanyName).to_owned();
    let is_open = move || open.get() == Some(id);
    let status = row.status;
    let do_not_contact = row.do_not_contact;
    let row = StoredValue::new(row);
    let cells = move || {
        let cell = |column| row.with_value(|row| view! { <Cell column row=row.clone()/> });
        columns.get().into_iter().map(cell).collect_view()
    };
    view! {
        <tr class:open=is_open>
            <td class="pickcol">
                <PickLine id name=name.clone() ids selection/>
            </td>
            <th scope="row">
                <span class="name">
                    <a id=format!("row-{id}") data-noscroll="" aria-current=move || is_open().then_some("true") href=move || view.with(|view| view.with_lead(Some(id)).address())>{name}</a>
                    <span class="sub">{email}</span>
                    <span class="sub only-narrow">{company}</span>
                </span>
            </th>
            <td>
                <span class="name">
                    <StatusBadge status/>
                    {do_not_contact.then(|| view! { <span class="sub"><Badge class="bad" icon="ban" text="Do not contact"/></span> })}
                </span>
            </td>
            {cells}
        </tr>
    }
}

#[component]
fn Cell(column: Column, row: LeadRow) -> impl IntoView {
    let class = format!("{} muted", column.class());
    match column {
        Column::Added => view! { <td class=class><Time at=row.added_at day=true/></td> }.into_any(),
        Column::Tags => {
            let tags = row.tags.into_iter().map(|tag| view! { <span class="tag">{tag}</span> }).collect_view();
            view! { <td class=class><span class="row tight">{tags}</span></td> }.into_any()
        }
        Column::Value(target) => {
            let value = match &target {
                Target::Field(field) => row.person.get(*field).to_owned(),
                Target::Variable(name) => row
                    .variables
                    .into_iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, value)| value)
                    .unwrap_or_default(),
                _ => String::new(),
            };
            view! { <td class=class><span class="cell" title=value.clone()>{value.clone()}</span></td> }.into_any()
        }
    }
}
