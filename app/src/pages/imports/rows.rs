//! The table of View details.

use domain::Outcome;
use domain::import::RowView;
use domain::lead::OtherCampaign;
use leptos::prelude::*;

use super::row_acts::RowActs;
use crate::components::{Badge, StatusBadge};
use crate::format::num;
use crate::pages::import::words;

/// One line per row of the file.
#[component]
pub fn Rows(rows: Vec<RowView>) -> impl IntoView {
    let lines = rows.into_iter().map(|row| view! { <Line row/> }).collect_view();
    view! {
        <div class="table-wrap" role="region" aria-label="Rows" tabindex="0">
            <table class="table two details">
                <caption>"Rows that did not simply go in, with the reason"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="r p1">"Row"</th>
                        <th scope="col" class="w-40">"Lead"</th>
                        <th scope="col" class="w-60">"Reason"</th>
                        <th scope="col" class="p2">"Matched on"</th>
                        <th scope="col" class="p2">"Campaign it met"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Line(row: RowView) -> impl IntoView {
    let RowView { row, who, outcome, why, matched, met, acts } = row;
    let class = match outcome {
        Outcome::ActiveElsewhere => "boxed conflict",
        Outcome::Failed => "boxed bad",
        outcome if outcome.is_exclusion() => "boxed warn",
        _ => "boxed",
    };
    let narrow = met.clone();
    view! {
        <tr class:conflict=outcome == Outcome::ActiveElsewhere>
            <td class="r p1 muted">{num(row)}</td>
            <th scope="row"><span class="name">{who}<span class="sub only-phone">"row "{num(row)}</span></span></th>
            <td class="reason-cell">
                <span class="name">
                    <Badge class icon=words::outcome_icon(outcome) text=outcome.label()/>
                    <span class="sub">{why}</span>
                    {narrow.map(|met| view! { <span class="only-narrow"><Met met/></span> })}
                    {acts.map(|acts| view! { <RowActs acts/> })}
                </span>
            </td>
            <td class="p2 muted">{matched.map_or("–", |matched| matched.label())}</td>
            <td class="p2">{met.map(|met| view! { <Met met/> })}</td>
        </tr>
    }
    .into_any()
}

/// The campaign a row met, where the person stands there, and who runs it.
#[component]
fn Met(met: OtherCampaign) -> impl IntoView {
    let OtherCampaign { id, name, owner, status, archived } = met;
    view! {
        <span class="name">
            <a class="link" href=format!("/campaigns/{id}")>{name}</a>
            <span class="sub">
                <StatusBadge status/>
                {format!(" ({}), {owner}{}", status.class().label().to_lowercase(), if archived { ", archived" } else { "" })}
            </span>
        </span>
    }
    .into_any()
}
