//! Admin → Fields: what the team wants to know of its contacts beside what everyone has.

mod dialog;

use domain::custom::FieldUse;
use domain::{Act, CustomField};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

use crate::components::{
    ActButton, Confirm, Empty, FailureBanner, Menu, MenuItem, Reading, Skeleton, Time, use_toasts,
};
use crate::format::counted;
use crate::server_fns::fields::{count_field, list_fields, remove_field, restore_field};
use crate::state::{use_refresh, use_session};
use dialog::FieldDialog;

/// The dialog that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asking {
    Add,
    Change(CustomField),
    /// Whether to remove a field in which so many contacts have a value.
    Remove(CustomField, u64),
}

/// The fields of the workspace.
#[component]
pub fn FieldsPage() -> impl IntoView {
    let refresh = use_refresh();
    let fields = Resource::new(move || refresh.follow(), |_| list_fields());
    let asking = RwSignal::new(None::<Asking>);
    let reading = Reading::not_yet();
    view! {
        <Title text="Fields"/>
        <main class="main" id="main" tabindex="-1" aria-busy=reading.busy()>
            <header class="page-head">
                <h1>"Fields"</h1>
                <div class="actions"><AddField id="add-field" asking/></div>
            </header>
            <Transition set_pending=reading.setter() fallback=|| view! { <Skeleton label="Loading fields…"/> }>
                {move || fields.get().map(|fields| match fields {
                    Ok(fields) => view! { <Lists fields asking/> }.into_any(),
                    Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
                })}
            </Transition>
        </main>
        {move || asking.get().map(|now| match now {
            Asking::Add => view! { <FieldDialog on_close=move |()| asking.set(None)/> }.into_any(),
            Asking::Change(field) => view! { <FieldDialog field on_close=move |()| asking.set(None)/> }.into_any(),
            Asking::Remove(field, people) => view! { <RemoveField field people asking/> }.into_any(),
        })}
    }
}

#[component]
fn AddField(id: &'static str, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let refusal = use_session().refusal(Act::ManageFields);
    view! { <ActButton id refusal class="btn primary" icon="plus" on_press=move |()| asking.set(Some(Asking::Add))>"Add field"</ActButton> }
}

#[component]
fn Lists(fields: FieldUse, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let FieldUse { fields, removed } = fields;
    let list = if fields.is_empty() {
        let add = view! { <AddField id="add-first-field" asking/> };
        view! {
            <Empty title="No fields of your own yet" action=add.into_any()>
                "Every contact has a name, an address, a company and so on. Add what else your team wants to know of them: a number, a date, a choice. Contacts show it, and imports fill it."
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <div class="table-wrap" role="region" aria-label="Fields" tabindex="0" id="fields">
                <table class="table">
                    <caption>"Fields of your team"</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="w-full">"Name"</th>
                            <th scope="col">"Type"</th>
                            <th scope="col" class="p2">"Options"</th>
                            <th scope="col"><span class="sr">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody>{fields.into_iter().map(|field| view! { <Line field asking/> }).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        {list}
        {(!removed.is_empty()).then(|| view! { <Removed removed/> })}
    }
}

#[component]
fn Line(field: CustomField, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let toasts = use_toasts();
    let may = use_session().may(Act::ManageFields);
    let menu = format!("menu-{}", field.id);
    let (changed, removed) = (field.clone(), field.clone());
    let change = move |()| asking.set(Some(Asking::Change(changed.clone())));
    let remove = move |()| {
        let field = removed.clone();
        spawn_local(async move {
            match count_field(field.id).await {
                Ok(people) => asking.set(Some(Asking::Remove(field, people))),
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    view! {
        <tr>
            <th scope="row">{field.name.clone()}</th>
            <td>{field.kind.label()}</td>
            <td class="p2 muted"><span class="cell" title=field.options.join(", ")>{field.options.join(", ")}</span></td>
            <td class="r">
                {may.then(|| view! {
                    <Menu id=menu.clone() icon="more" class="btn sm square ghost" label=format!("Actions for {}", field.name)>
                        <ul>
                            <MenuItem menu=menu.clone() icon="fields" on_choose=change>"Change"</MenuItem>
                            <MenuItem menu=menu icon="x-circle" danger=true on_choose=remove>"Remove"</MenuItem>
                        </ul>
                    </Menu>
                })}
            </td>
        </tr>
    }
}

#[component]
fn RemoveField(field: CustomField, people: u64, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let text = if people == 0 {
        "No contact has a value in it. For thirty days you can bring it back from this page.".to_owned()
    } else {
        format!(
            "{} a value in it. It disappears from every page at once. For thirty days you can bring it back with all \
             values from this page; after that they are cleared.",
            counted(people, "contact has", "contacts have"),
        )
    };
    let (id, name) = (field.id, StoredValue::new(field.name.clone()));
    let restore = move || {
        spawn_local(async move {
            match restore_field(id).await {
                Ok(()) => {
                    refresh.ring();
                    toasts.say("The field is back.");
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    let remove = move |()| {
        let words = format!("Field “{}” removed.", name.get_value());
        spawn_local(async move {
            asking.try_set(None);
            match remove_field(id).await {
                Ok(()) => {
                    refresh.ring();
                    toasts.offer(words, "Undo", restore);
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    view! {
        <Confirm title=format!("Remove the field “{}”?", field.name) text yes="Remove field" on_yes=remove on_close=move |()| asking.set(None)/>
    }
}

#[component]
fn Removed(removed: Vec<(CustomField, i64)>) -> impl IntoView {
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let refusal = use_session().refusal(Act::ManageFields);
    let line = move |(field, at): (CustomField, i64)| {
        let bring = move |()| {
            spawn_local(async move {
                match restore_field(field.id).await {
                    Ok(()) => refresh.ring(),
                    Err(failure) => toasts.fail(&failure),
                }
            });
        };
        let refusal = refusal.clone();
        view! {
            <li>
                <div>{field.name.clone()}<div class="sub">{field.kind.label()}", removed "<Time at day=true/></div></div>
                <ActButton id=format!("bring-back-{}", field.id) refusal class="btn sm" icon="undo" label=format!("Bring back {}", field.name) on_press=bring>"Bring back"</ActButton>
            </li>
        }
    };
    view! {
        <section class="pad mt4" aria-labelledby="removed-fields">
            <h2 id="removed-fields" class="section-title">"Removed lately"</h2>
            <ul class="lines narrow-list">{removed.into_iter().map(line).collect_view()}</ul>
        </section>
    }
}
