//! What was done to a campaign's leads lately: for thirty days each act can be taken back.

use domain::Act;
use domain::ids::CampaignId;
use domain::lead::{RecentAct, RecentChange};
use leptos::prelude::*;
use leptos_meta::Title;

use super::acts::use_lead_acts;
use crate::components::{Badge, Empty, FailureBanner, Icon, StatusBadge, Time};
use crate::format::counted;
use crate::server_fns::campaigns::get_campaign;
use crate::server_fns::leads::list_recent_changes;
use crate::state::{no_such_page, use_id, use_refresh, use_session};

/// Bulk acts and edits of one campaign's leads, newest first.
#[component]
pub fn RecentChangesPage() -> impl IntoView {
    let id = use_id::<CampaignId>("campaign");
    let refresh = use_refresh();
    let found = Resource::new(
        move || (id.get(), refresh.follow()),
        |(id, _)| async move {
            let id = id.ok_or_else(no_such_page)?;
            Ok::<_, crate::Failure>((get_campaign(id).await?.row, list_recent_changes(id).await?))
        },
    );
    view! {
        <Title text="Recent changes"/>
        <main class="main" id="main" tabindex="-1">
            <Transition fallback=|| view! { <p class="pad muted" role="status">"Loading…"</p> }>
                {move || found.get().map(|found| match found {
                    Ok((row, changes)) => view! {
                        <Head campaign=Some((row.id, row.name))/>
                        {if changes.is_empty() {
                            view! {
                                <Empty title="Nothing was changed in the last thirty days">
                                    "What someone does to this campaign's leads is listed here and can be taken back: statuses, tags, deletions and edited variables. Imports have a history of their own."
                                </Empty>
                            }
                            .into_any()
                        } else {
                            view! { <Lines changes/> }.into_any()
                        }}
                    }
                    .into_any(),
                    Err(failure) => view! {
                        <Head campaign=None/>
                        <div class="pad"><FailureBanner failure/></div>
                    }
                    .into_any(),
                })}
            </Transition>
        </main>
    }
}

#[component]
fn Head(campaign: Option<(CampaignId, String)>) -> impl IntoView {
    view! {
        <header class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol>
                    <li><a href="/campaigns">"Campaigns"</a></li>
                    {campaign.map(|(id, name)| view! { <li><a href=format!("/campaigns/{id}")>{name}</a></li> })}
                    <li><span aria-current="page">"Recent changes"</span></li>
                </ol>
            </nav>
            <h1>"Recent changes"</h1>
        </header>
    }
}

#[component]
fn Lines(changes: Vec<RecentChange>) -> impl IntoView {
    view! {
        <p class="pad mb3 muted">"For thirty days each of these can be taken back. What was changed since stays, and nobody becomes active whom another campaign writes to by now."</p>
        <div class="table-wrap" role="region" aria-label="Changes" tabindex="0">
            <table class="table" id="changes">
                <caption>"Changes of the last thirty days"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="w-full">"What"</th>
                        <th scope="col" class="p2">"Whose leads"</th>
                        <th scope="col" class="p2">"By"</th>
                        <th scope="col" class="p1">"When"</th>
                        <th scope="col"><span class="sr">"Undo"</span></th>
                    </tr>
                </thead>
                <tbody>{changes.into_iter().map(|change| view! { <Line change/> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(change: RecentChange) -> impl IntoView {
    let acts = use_lead_acts();
    let refusal = use_session().refusal(Act::EditCampaigns);
    let RecentChange { change, what, leads, whom, by, at, undone } = change;
    let leads = counted(leads, "lead", "leads");
    let label = format!("Take back: {}, {leads}", words(&what));
    let whose = match whom {
        Some(name) => name,
        None => leads.clone(),
    };
    let what = match what {
        RecentAct::Status(status) => view! { "Set to " <StatusBadge status/> }.into_any(),
        other => words(&other).into_any(),
    };
    let act = if undone {
        view! { <Badge class="ended" icon="undo" text="Taken back"/> }.into_any()
    } else {
        view! {
            <button type="button" class="btn sm" disabled=refusal.is_some() title=refusal aria-label=label on:click=move |_| acts.undo(change)>
                <Icon name="undo"/>"Undo"
            </button>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row"><span class="name"><span>{what}</span><span class="sub only-narrow">{whose.clone()}", "{by.clone()}</span></span></th>
            <td class="p2 muted">{whose}</td>
            <td class="p2 muted">{by}</td>
            <td class="p1 muted"><Time at/></td>
            <td class="r">{act}</td>
        </tr>
    }
}

fn words(act: &RecentAct) -> String {
    match act {
        RecentAct::Status(status) => format!("Set to {}", status.label()),
        RecentAct::AddTag(tag) => format!("Tag “{tag}” added"),
        RecentAct::RemoveTag(tag) => format!("Tag “{tag}” taken off"),
        RecentAct::Delete => "Deleted".to_owned(),
        RecentAct::Variable(name) => format!("Variable “{name}” changed"),
    }
}
