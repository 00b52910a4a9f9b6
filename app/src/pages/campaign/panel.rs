//! The side panel: everything about one lead, with what belongs to the person apart from what belongs to the campaign.

use domain::PersonField;
use domain::lead::{LeadPanel, OtherCampaign, SourceView};
use leptos::prelude::*;

use super::view::ListView;
use crate::components::{Badge, ClosePanel, FailureBanner, SidePanel, StatusBadge, Time};
use crate::format::{initials, num};
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
    view! {
        <Transition>
            {move || {
                // Read in any case, so that the server waits for it.
                let panel = panel.get().flatten();
                lead.get().map(|lead| {
                    let record = match panel {
                        Some(Ok(panel)) => view! { <Record panel close/> }.into_any(),
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
fn Record(panel: LeadPanel, close: Callback<()>) -> impl IntoView {
    let LeadPanel { row, addresses, others, sources } = panel;
    let person = row.person;
    let name = person.display_name();
    let work: Vec<_> = [PersonField::JobTitle, PersonField::CompanyName]
        .into_iter()
        .map(|field| person.get(field))
        .filter(|text| !text.is_empty())
        .collect();
    let work = work.join(", ");
    let facts: Vec<_> = person
        .known()
        .filter(|(field, _)| !matches!(field, PersonField::FirstName | PersonField::LastName))
        .map(|(field, value)| (field.label(), value.to_owned()))
        .collect();
    let tags = row.tags.into_iter().map(|tag| view! { <span class="tag">{tag}</span> }).collect_view();
    let variables = row.variables;
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
        <section aria-labelledby="p-person">
            <h3 id="p-person" class="section-title">"Person "<span class="hint">"shared by every campaign"</span></h3>
            <dl class="facts">
                {facts.into_iter().map(|(label, value)| view! { <dt>{label}</dt><dd>{value}</dd> }).collect_view()}
                {(!addresses.is_empty()).then(|| view! { <dt>"Other addresses"</dt><dd>{addresses.join(", ")}</dd> })}
                <dt>"Tags"</dt><dd><span class="row tight">{if tags.is_empty() { view! { <span class="none">"none"</span> }.into_any() } else { tags.into_any() }}</span></dd>
            </dl>
        </section>
        <section aria-labelledby="p-vars">
            <h3 id="p-vars" class="section-title">"Variables "<span class="hint">"only this campaign"</span></h3>
            {if variables.is_empty() {
                view! { <p class="hint">"No variables. An import adds them from columns of its file."</p> }.into_any()
            } else {
                view! { <dl class="facts">{variables.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view()}</dl> }.into_any()
            }}
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
