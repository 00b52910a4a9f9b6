//! The side panel: everything about one lead, with what belongs to the person apart from what belongs to the campaign.

use domain::PersonField;
use domain::lead::{LeadPanel, OtherCampaign, SourceView};
use leptos::prelude::*;

use super::variables::{Typing, Variables};
use super::view::ListView;
use crate::components::{Badge, ClosePanel, FailureBanner, SidePanel, StatusBadge, Time};
use crate::format::{initials, num};
use crate::pages::contacts::{Editing, Fields};
use crate::server_fns::leads::get_lead;
use crate::state::use_refresh;

/// The panel of the lead in the address, if there is one.
#[component]
pub fn Panel(view: Memo<ListView>, close: Callback<()>) -> impl IntoView {
    let lead = Memo::new(move |_| view.with(|view| view.lead));
    let refresh = use_refresh();
    let panel = Resource::new(
        move || (lead.get(), refresh.follow()),
        |(lead, _)| async move {
            match lead {
                Some(lead) => Some(get_lead(lead).await),
                None => None,
            }
        },
    );
    // Above what is read again after a change, so that they outlast it.
    let (editing, typing, every_field) = (Editing::new(), Typing::new(), RwSignal::new(false));
    view! {
        <Transition>
            {move || {
                // Read in any case, so that the server waits for it.
                let panel = panel.get().flatten();
                lead.get().map(|lead| {
                    let record = match panel {
                        Some(Ok(panel)) => view! { <Record panel editing typing every_field close/> }.into_any(),
                        Some(Err(failure)) => view! { <Broken failure close/> }.into_any(),
                        None => view! { <p class="pad mt4 muted" role="status">"Loading…"</p> }.into_any(),
                    };
                    view! { <SidePanel id="lead" label="Lead" link=format!("row-{lead}")>{record}</SidePanel> }
                })
            }}
        </Transition>
    }
}

#[component]
fn Broken(failure: crate::Failure, close: Callback<()>) -> impl IntoView {
    view! {
        <header><span></span><div><h2>"Lead"</h2></div><ClosePanel close/></header>
        <section><FailureBanner failure/></section>
    }
}

#[component]
fn Record(
    panel: LeadPanel,
    editing: Editing,
    typing: Typing,
    every_field: RwSignal<bool>,
    close: Callback<()>,
) -> impl IntoView {
    Effect::new(move |_| {
        editing.read_again();
        typing.read_again();
    });
    let LeadPanel { row, contact, variables, addresses, others, sources } = panel;
    let person = row.person;
    let name = person.display_name();
    let work: Vec<_> = [PersonField::JobTitle, PersonField::CompanyName]
        .into_iter()
        .map(|field| person.get(field))
        .filter(|text| !text.is_empty())
        .collect();
    let work = work.join(", ");
    let tags = row.tags.into_iter().map(|tag| view! { <span class="tag">{tag}</span> }).collect_view();
    view! {
        <header>
            <span class="avatar lg" aria-hidden="true">{initials(&name)}</span>
            <div><h2>{name}</h2><p>{work}</p></div>
            <ClosePanel close/>
        </header>
        {row.do_not_contact.then(|| view! {
            <section aria-label="Consent">
                <Badge class="bad" icon="ban" text="Do not contact"/>
                <p class="hint">"Nothing is sent to this person from any campaign."</p>
            </section>
        })}
        <section aria-labelledby="p-lead">
            <h3 id="p-lead" class="section-title">"In this campaign"</h3>
            <dl class="facts">
                <dt>"Status"</dt><dd><StatusBadge status=row.status/></dd>
                <dt>"Added"</dt><dd><Time at=row.added_at/></dd>
            </dl>
        </section>
        <Variables lead=row.id names=variables values=row.variables typing/>
        <Fields panel=contact editing every_field/>
        <section aria-labelledby="p-more">
            <h3 id="p-more" class="section-title">"Tags and addresses "<span class="hint">"shared by every campaign"</span></h3>
            <dl class="facts">
                {(!addresses.is_empty()).then(|| view! { <dt>"Other addresses"</dt><dd>{addresses.join(", ")}</dd> })}
                <dt>"Tags"</dt><dd><span class="row tight">{if tags.is_empty() { view! { <span class="none">"none"</span> }.into_any() } else { tags.into_any() }}</span></dd>
            </dl>
        </section>
        <Others others/>
        <Sources sources/>
    }
}

#[component]
fn Others(others: Vec<OtherCampaign>) -> impl IntoView {
    let line = |other: OtherCampaign| {
        let sub = if other.archived { format!("{}, archived", other.owner) } else { other.owner };
        view! {
            <li>
                <div><a href=format!("/campaigns/{}", other.id)>{other.name}</a><div class="sub">{sub}</div></div>
                <StatusBadge status=other.status/>
            </li>
        }
    };
    view! {
        <section aria-labelledby="p-other">
            <h3 id="p-other" class="section-title">"Other campaigns "<span class="num">{num(others.len() as u64)}</span></h3>
            {if others.is_empty() {
                view! { <p class="hint">"This person is in no other campaign."</p> }.into_any()
            } else {
                view! { <ul class="lines">{others.into_iter().map(line).collect_view()}</ul> }.into_any()
            }}
        </section>
    }
}

#[component]
fn Sources(sources: Vec<SourceView>) -> impl IntoView {
    let line = |source: SourceView| {
        let label = match source.import {
            Some(import) => view! { <a href=format!("/imports/{import}")>{source.label}</a> }.into_any(),
            None => view! { <span>{source.label}</span> }.into_any(),
        };
        view! { <li><div>{label}</div><span class="sub"><Time at=source.at/></span></li> }
    };
    view! {
        <section aria-labelledby="p-sources">
            <h3 id="p-sources" class="section-title">"Sources"</h3>
            <ul class="lines">{sources.into_iter().map(line).collect_view()}</ul>
        </section>
    }
}
