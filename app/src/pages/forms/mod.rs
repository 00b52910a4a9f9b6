//! Admin → Forms: public pages on which people register.

mod dialog;
mod share;

use domain::form::FormRow;
use domain::{Act, Outcome};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

use crate::components::{
    ActButton, Badge, Confirm, Empty, FailureBanner, Icon, Menu, MenuItem, Reading, Skeleton, Time, use_toasts,
};
use crate::format::num;
use crate::server_fns::contacts::get_contact_choices;
use crate::server_fns::forms::{close_form, list_forms};
use crate::state::{use_refresh, use_session};
use dialog::FormDialog;
use share::ShareDialog;

/// The dialog that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asking {
    Add,
    Change(Box<FormRow>),
    Share(Box<FormRow>),
}

/// The forms of the workspace.
#[component]
pub fn FormsPage() -> impl IntoView {
    let refresh = use_refresh();
    let forms = Resource::new(move || refresh.follow(), |_| list_forms());
    let choices = Resource::new(move || refresh.follow(), |_| get_contact_choices());
    let asking = RwSignal::new(None::<Asking>);
    let reading = Reading::not_yet();
    let close = move |()| asking.set(None);
    let choices_now = move || choices.get_untracked().and_then(Result::ok);
    view! {
        <Title text="Forms"/>
        <main class="main" id="main" tabindex="-1" aria-busy=reading.busy()>
            <header class="page-head">
                <h1>"Forms"</h1>
                <div class="actions"><AddForm id="new-form" asking/></div>
            </header>
            <Transition set_pending=reading.setter() fallback=|| view! { <Skeleton label="Loading forms…"/> }>
                // the dialogs need what the team's fields and campaigns are
                {move || choices.get().map(|_| ())}
                {move || forms.get().map(|forms| match forms {
                    Ok(forms) => view! { <List forms asking/> }.into_any(),
                    Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
                })}
            </Transition>
        </main>
        {move || asking.get().map(|now| match (now, choices_now()) {
            (Asking::Share(row), _) => view! { <ShareDialog row=*row on_close=close/> }.into_any(),
            (Asking::Add, Some(choices)) => view! { <FormDialog choices on_close=close/> }.into_any(),
            (Asking::Change(row), Some(choices)) => view! { <FormDialog row=*row choices on_close=close/> }.into_any(),
            // without the team's own fields a form would lose its questions about them
            (_, None) => view! {
                <Confirm title="Not ready yet" text="The fields and campaigns of your team could not be read. Reload the page and try again." yes="Close" on_yes=close on_close=close/>
            }.into_any(),
        })}
    }
}

#[component]
fn AddForm(id: &'static str, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let refusal = use_session().refusal(Act::ManageForms);
    view! { <ActButton id refusal class="btn primary" icon="plus" on_press=move |()| asking.set(Some(Asking::Add))>"New form"</ActButton> }
}

#[component]
fn List(forms: Vec<FormRow>, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    if forms.is_empty() {
        let add = view! { <AddForm id="new-first-form" asking/> };
        return view! {
            <Empty title="No forms yet" action=add.into_any()>
                "A form is a public page on which people register: for a newsletter, a webinar, a trial. Whoever is here already stays one contact, and nobody outside learns who that is."
            </Empty>
        }
        .into_any();
    }
    view! {
        <div class="table-wrap" role="region" aria-label="Forms" tabindex="0" id="forms">
            <table class="table">
                <caption>"Forms of your team"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="w-full">"Name"</th>
                        <th scope="col" class="p2">"Campaign"</th>
                        <th scope="col">"State"</th>
                        <th scope="col" class="r">"Registrations"</th>
                        <th scope="col" class="p2">"Last one"</th>
                        <th scope="col"><span class="sr">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{forms.into_iter().map(|row| view! { <Line row asking/> }).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Why somebody who registered is not where the form leads.
fn left_out_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::ActiveElsewhere => "in progress elsewhere",
        Outcome::DuplicateInWorkspace => "kept out by another campaign",
        Outcome::SkippedDeleted => "deleted here before",
        Outcome::IdentityConflict => "identifiers of two people",
        _ => "not taken",
    }
}

#[component]
fn Line(row: FormRow, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let may = use_session().may(Act::ManageForms);
    let (id, closed, name) = (row.id, row.closed, StoredValue::new(row.form.name.clone()));
    let set_closed = move |closed: bool| {
        spawn_local(async move {
            match close_form(id, closed).await {
                Ok(()) => {
                    refresh.ring();
                    let done = if closed { "is closed: it takes nobody any more" } else { "is open again" };
                    toasts.say(format!("Form “{}” {done}.", name.get_value()));
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    let campaign = match (&row.campaign, row.campaign_archived) {
        (name, _) if name.is_empty() => view! { <span class="muted">"None: contacts only"</span> }.into_any(),
        (name, false) => view! { {name.clone()} }.into_any(),
        (name, true) => view! { {name.clone()}<div class="sub">"archived: contacts only"</div> }.into_any(),
    };
    let state = if closed {
        view! { <Badge class="ended" icon="stop" text="Closed"/> }
    } else {
        view! { <Badge class="active" icon="play" text="Open"/> }
    };
    let left_out = row
        .left_out
        .iter()
        .map(|(outcome, n)| view! { <div class="sub">{format!("{}: {}", left_out_words(*outcome), num(*n))}</div> })
        .collect_view();
    let menu = format!("menu-{id}");
    let (changed, shared) = (Box::new(row.clone()), Box::new(row.clone()));
    let change = move |()| asking.set(Some(Asking::Change(changed.clone())));
    let share = move |_| asking.set(Some(Asking::Share(shared.clone())));
    view! {
        <tr>
            <th scope="row"><span class="name">{name.get_value()}<span class="sub">{row.form.settings.title.clone()}</span></span></th>
            <td class="p2">{campaign}</td>
            <td>{state}</td>
            <td class="r num">{num(row.taken)}{left_out}</td>
            <td class="p2 nowrap">{row.last_at.map(|at| view! { <Time at/> })}</td>
            <td class="r nowrap">
                <button type="button" class="btn sm" aria-label=format!("Share {}", name.get_value()) on:click=share><Icon name="link"/>"Share"</button>
                {may.then(|| view! {
                    <Menu id=menu.clone() icon="more" class="btn sm square ghost" label=format!("Actions for {}", name.get_value())>
                        <ul>
                            <MenuItem menu=menu.clone() icon="fields" on_choose=change>"Change"</MenuItem>
                            {if closed {
                                view! { <MenuItem menu=menu.clone() icon="play" on_choose=move |()| set_closed(false)>"Open again"</MenuItem> }.into_any()
                            } else {
                                view! { <MenuItem menu=menu.clone() icon="stop" on_choose=move |()| set_closed(true)>"Close"</MenuItem> }.into_any()
                            }}
                        </ul>
                    </Menu>
                })}
            </td>
        </tr>
    }
}
