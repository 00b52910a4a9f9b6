//! The table of campaigns.

use domain::Act;
use domain::campaign::CampaignRow;
use leptos::prelude::*;

use super::acts::{Asking, use_campaign_acts};
use crate::components::{Menu, MenuItem, MiniBar, Time};
use crate::format::{counted, initials, num};
use crate::state::use_session;

/// A line per campaign, with its leads by status class.
#[component]
pub fn CampaignTable(rows: Vec<CampaignRow>, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    view! {
        <div class="table-wrap" role="region" aria-label="Campaigns" tabindex="0">
            <table class="table two">
                <caption>"Campaigns with their leads by status"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="w-full">"Campaign"</th>
                        <th scope="col" class="p1">"Leads by status"</th>
                        <th scope="col" class="r">"Leads"</th>
                        <th scope="col" class="r p3">"Active"</th>
                        <th scope="col" class="r p3">"Pending"</th>
                        <th scope="col" class="r p3">"Ended"</th>
                        <th scope="col" class="p2">"Owner"</th>
                        <th scope="col" class="p3">"Changed"</th>
                        <th scope="col"><span class="sr">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|row| view! { <Line row asking/> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(row: CampaignRow, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let leads = row.leads;
    let class = |n: u64| if n == 0 { "–".to_owned() } else { num(n) };
    let bar = move || match leads.total() {
        0 => view! { <span class="faint sm">"no leads yet"</span> }.into_any(),
        _ => view! { <MiniBar leads/> }.into_any(),
    };
    let may = use_session().may(Act::EditCampaigns);
    view! {
        <tr>
            <th scope="row">
                <span class="name">
                    <a href=format!("/campaigns/{}", row.id)>{row.name.clone()}</a>
                    <span class="sub only-narrow">{counted(leads.active, "active lead", "active leads")}", "{row.owner.clone()}</span>
                </span>
            </th>
            <td class="p1">{bar()}</td>
            <td class="r">{num(leads.total())}</td>
            <td class="r p3 muted">{class(leads.active)}</td>
            <td class="r p3 muted">{class(leads.pending)}</td>
            <td class="r p3 muted">{class(leads.ended)}</td>
            <td class="p2">
                <span class="who"><span class="avatar" aria-hidden="true">{initials(&row.owner)}</span>{row.owner.clone()}</span>
            </td>
            <td class="p3 muted"><Time at=row.updated_at day=true/></td>
            <td class="r">{may.then(|| view! { <RowMenu row asking/> })}</td>
        </tr>
    }
}

#[component]
fn RowMenu(row: CampaignRow, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let menu = format!("menu-{}", row.id);
    let acts = use_campaign_acts(asking);
    let renamed = row.clone();
    let rename = move |()| asking.set(Some(Asking::Rename(renamed.clone())));
    let archived = row.archived;
    let label = format!("Actions for {}", row.name);
    let turn = move |()| if archived { acts.unarchive(row.clone()) } else { acts.archive(row.clone(), false) };
    view! {
        <Menu id=menu.clone() icon="more" class="btn sm square ghost" label>
            <ul>
                <MenuItem menu=menu.clone() icon="fields" on_choose=rename>"Rename"</MenuItem>
                <MenuItem menu icon="archive" on_choose=turn>{if archived { "Bring back" } else { "Archive" }}</MenuItem>
            </ul>
        </Menu>
    }
}
