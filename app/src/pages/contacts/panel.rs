//! The side panel: everything about one contact, with each field to be changed where it stands.

use domain::contact::{ContactChange, ContactField, ContactPanel, ContactSelection, HistoryLine, SourceLine};
use domain::ids::ContactId;
use domain::lead::OtherCampaign;
use domain::{Act, PersonField};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::acts::use_contact_acts;
use super::edit::{Editing, FieldLine, Kind};
use super::history::History;
use super::view::ContactsView;
use super::words;
use crate::components::{Badge, ClosePanel, FailureBanner, Icon, Menu, MenuItem, SidePanel, StatusBadge, Time};
use crate::format::{initials, num};
use crate::server_fns::contacts::get_contact;
use crate::state::{use_refresh, use_session};

/// Fields that are worth a line also while nothing is known.
const ALWAYS: &[PersonField] = &[
    PersonField::Email,
    PersonField::FirstName,
    PersonField::LastName,
    PersonField::CompanyName,
    PersonField::JobTitle,
    PersonField::Phone,
    PersonField::LinkedinUrl,
];

/// The panel of the contact in the address, if there is one.
#[component]
pub fn Panel(view: Memo<ContactsView>, close: Callback<()>) -> impl IntoView {
    let contact = Memo::new(move |_| view.with(|view| view.contact));
    let refresh = use_refresh();
    let panel = Resource::new(
        move || (contact.get(), refresh.follow()),
        |(contact, _)| async move {
            match contact {
                Some(contact) => Some(get_contact(contact).await),
                None => None,
            }
        },
    );
    // Above what is read again after a change, so that both outlast it.
    let editing = Editing::new();
    let every_field = RwSignal::new(false);
    view! {
        <Transition>
            {move || {
                // Read in any case, so that the server waits for it.
                let panel = panel.get().flatten();
                contact.get().map(|contact| {
                    let record = match panel {
                        Some(Ok(panel)) => view! { <Record panel asked=contact editing every_field close/> }.into_any(),
                        Some(Err(failure)) => view! {
                            <header><span></span><div><h2>"Contact"</h2></div><ClosePanel close/></header>
                            <section><FailureBanner failure/></section>
                        }
                        .into_any(),
                        None => view! { <p class="pad mt4 muted" role="status">"Loading…"</p> }.into_any(),
                    };
                    view! { <SidePanel id="contact" label="Contact" link=format!("row-{contact}")>{record}</SidePanel> }
                })
            }}
        </Transition>
    }
}

#[component]
fn Record(
    panel: ContactPanel,
    asked: ContactId,
    editing: Editing,
    every_field: RwSignal<bool>,
    close: Callback<()>,
) -> impl IntoView {
    let acts = use_contact_acts();
    let may = use_session().may(Act::EditContacts);
    Effect::new(move |_| editing.read_again());
    let id = panel.row.id;
    let person = &panel.row.person;
    let name = person.display_name();
    let work: Vec<_> = [PersonField::JobTitle, PersonField::CompanyName]
        .into_iter()
        .map(|field| person.get(field))
        .filter(|text| !text.is_empty())
        .collect();
    let work = work.join(", ");
    let delete = move |()| acts.change(ContactSelection::Ids(vec![id]), ContactChange::Delete, move || close.run(()));
    let ContactPanel { addresses, campaigns, sources, history, suppressions, .. } = panel.clone();
    view! {
        <header>
            <span class="avatar lg" aria-hidden="true">{initials(&name)}</span>
            <div><h2>{name.clone()}</h2><p>{work}</p></div>
            <span class="row keep">
                {may.then(|| view! {
                    <Menu id="contact-menu" icon="more" class="btn square ghost" label="More actions">
                        <ul><MenuItem menu="contact-menu" icon="x-circle" danger=true on_choose=delete>"Delete contact"</MenuItem></ul>
                    </Menu>
                })}
                <ClosePanel close/>
            </span>
        </header>
        {(asked != id).then(|| view! {
            <section aria-label="Merged"><p class="hint">"The contact of this link was merged into this one."</p></section>
        })}
        <Consent silent=panel.row.do_not_contact shared=panel.row.shared_mailbox suppressions/>
        <Fields panel=panel.clone() editing every_field/>
        <Tags panel/>
        {(!addresses.is_empty()).then(|| view! {
            <section aria-labelledby="p-addresses">
                <h3 id="p-addresses" class="section-title">"Further addresses "<span class="hint">"all of them find this person"</span></h3>
                <ul class="lines">{addresses.into_iter().map(|address| view! { <li><div class="breakable">{address}</div></li> }).collect_view()}</ul>
            </section>
        })}
        <Campaigns campaigns/>
        <Sources sources/>
        <HistorySection history/>
    }
}

#[component]
fn Consent(silent: bool, shared: bool, suppressions: Vec<(String, i64)>) -> impl IntoView {
    let why = suppressions
        .into_iter()
        .map(|(origin, at)| view! { <p class="hint">{words::suppression(&origin)}", "<Time at day=true/>"."</p> })
        .collect_view();
    view! {
        {silent.then(|| view! {
            <section aria-label="Consent">
                <Badge class="bad" icon="ban" text="Do not contact"/>
                <p class="hint">"Nothing is sent to this person from any campaign."</p>
                {why}
            </section>
        })}
        {shared.then(|| view! {
            <section aria-label="Shared mailbox">
                <Badge class="warn" icon="mail" text="Shared mailbox"/>
                <p class="hint">"Someone else has an address of this contact too; imports of that address find the other one."</p>
            </section>
        })}
    }
}

/// The person's fields, each to be changed where it stands.
#[component]
pub fn Fields(panel: ContactPanel, editing: Editing, every_field: RwSignal<bool>) -> impl IntoView {
    let may = use_session().may(Act::EditContacts);
    let id = panel.row.id;
    let hidden = PersonField::ALL
        .iter()
        .filter(|field| !ALWAYS.contains(field) && panel.row.person.get(**field).is_empty())
        .count();
    let all = StoredValue::new(panel);
    let line = move |field: ContactField, label: String, value: String, kind: Kind| {
        let origin = all
            .with_value(|panel| panel.origin(field).map(|line| (words::origin(line), line.at)))
            .filter(|_| !value.is_empty());
        view! { <FieldLine contact=id field label value kind origin may editing/> }
    };
    let lines = move || {
        let every = every_field.get();
        all.with_value(|panel| {
            let known = |field: PersonField| !panel.row.person.get(field).is_empty();
            let own = PersonField::ALL.iter().filter(|&&field| every || known(field) || ALWAYS.contains(&field)).map(
                |&field| {
                    let value = panel.row.person.get(field).to_owned();
                    line(ContactField::Person(field), field.label().to_owned(), value, Kind::of_person(field))
                },
            );
            let custom = panel.fields.iter().map(|field| {
                let value = panel.row.custom.get(&field.id).cloned().unwrap_or_default();
                line(ContactField::Custom(field.id), field.name.clone(), value, Kind::of_custom(field))
            });
            own.chain(custom).collect_view()
        })
    };
    view! {
        <section aria-labelledby="p-person">
            <h3 id="p-person" class="section-title">"Details "<span class="hint">"shared by every campaign"</span></h3>
            <dl class="facts editable">{lines}</dl>
            {(hidden > 0).then(|| view! {
                <button type="button" class="link mt2" aria-expanded=move || every_field.get().to_string() on:click=move |_| every_field.update(|every| *every = !*every)>
                    {move || if every_field.get() { "Hide empty fields".to_owned() } else { format!("Show {} empty fields", num(hidden as u64)) }}
                </button>
            })}
        </section>
    }
}

#[component]
fn Tags(panel: ContactPanel) -> impl IntoView {
    let acts = use_contact_acts();
    let may = use_session().may(Act::EditContacts);
    let id = panel.row.id;
    let text = RwSignal::new(String::new());
    let change = move |change: ContactChange| acts.change(ContactSelection::Ids(vec![id]), change, || ());
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let tag = text.get_untracked().trim().to_owned();
        if !tag.is_empty() {
            text.set(String::new());
            change(ContactChange::AddTag(tag));
        }
    };
    let none = panel.row.tags.is_empty();
    let tag = move |tag: String| {
        let label = format!("Remove tag {tag}");
        let words = tag.clone();
        let remove = may.then(|| {
            view! {
                <button type="button" aria-label=label on:click=move |_| change(ContactChange::RemoveTag(tag.clone()))><Icon name="x"/></button>
            }
        });
        view! { <span class="tag">{words}{remove}</span> }
    };
    let known = panel.tags.into_iter().filter(|tag| !panel.row.tags.contains(tag)).collect::<Vec<_>>();
    view! {
        <section aria-labelledby="p-tags">
            <h3 id="p-tags" class="section-title">"Tags"</h3>
            <p class="row tight mt2">
                {panel.row.tags.into_iter().map(tag).collect_view()}
                {(none && !may).then(|| view! { <span class="none">"none"</span> })}
            </p>
            {may.then(|| view! {
                <form class="row keep mt2" on:submit=add>
                    <input class="input sm" type="text" list="p-known-tags" autocomplete="off" maxlength="60" aria-label="Add a tag" placeholder="Add a tag" prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
                    <datalist id="p-known-tags">{known.into_iter().map(|tag| view! { <option value=tag></option> }).collect_view()}</datalist>
                    <button type="submit" class="btn sm">"Add"</button>
                </form>
            })}
        </section>
    }
}

#[component]
fn Campaigns(campaigns: Vec<OtherCampaign>) -> impl IntoView {
    let line = |campaign: OtherCampaign| {
        let sub = if campaign.archived { format!("{}, archived", campaign.owner) } else { campaign.owner };
        view! {
            <li>
                <div><a href=format!("/campaigns/{}", campaign.id)>{campaign.name}</a><div class="sub">{sub}</div></div>
                <StatusBadge status=campaign.status/>
            </li>
        }
    };
    view! {
        <section aria-labelledby="p-campaigns">
            <h3 id="p-campaigns" class="section-title">"Campaigns "<span class="num">{num(campaigns.len() as u64)}</span></h3>
            {if campaigns.is_empty() {
                view! { <p class="hint">"This person is in no campaign."</p> }.into_any()
            } else {
                view! { <ul class="lines">{campaigns.into_iter().map(line).collect_view()}</ul> }.into_any()
            }}
        </section>
    }
}

#[component]
fn Sources(sources: Vec<SourceLine>) -> impl IntoView {
    let line = |source: SourceLine| {
        let kind = words::source(source.kind);
        let name = match source.import {
            Some(import) => view! { <a href=format!("/imports/{import}")>{source.name}</a> }.into_any(),
            None => view! { <span>{source.name}</span> }.into_any(),
        };
        view! { <li><div class="breakable">{name}<div class="sub">{kind}</div></div><span class="sub"><Time at=source.at day=true/></span></li> }
    };
    view! {
        <section aria-labelledby="p-sources">
            <h3 id="p-sources" class="section-title">"Sources "<span class="num">{num(sources.len() as u64)}</span></h3>
            <ul class="lines">{sources.into_iter().map(line).collect_view()}</ul>
        </section>
    }
}

#[component]
fn HistorySection(history: Vec<HistoryLine>) -> impl IntoView {
    view! {
        <section aria-labelledby="p-history">
            <h3 id="p-history" class="section-title">"History"</h3>
            <History history/>
        </section>
    }
}
