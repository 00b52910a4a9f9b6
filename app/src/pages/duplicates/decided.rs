//! What was decided: kept apart, merged. Both can be taken back.

use domain::merge::{ListPage, MergedRow, SeparatedRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::PATH;
use super::desk::use_desk;
use crate::Failure;
use crate::components::{Empty, FailureBanner, Icon, Pager, Time, use_toasts};
use crate::format::counted;
use crate::pages::imports::Place;
use crate::server_fns::duplicates::{undo_merge, undo_separate};
use crate::state::use_refresh;

/// What is read of the server: none while another list is shown.
type Decisions<Row> = Resource<Option<Result<ListPage<Row>, Failure>>>;

/// Pairs that are kept apart. Stands inside a `Transition`, as the merges do.
#[component]
pub fn SeparatedList(page: Decisions<SeparatedRow>, place: Memo<Place>) -> impl IntoView {
    move || {
        page.get().flatten().map(|page| match page {
            Ok(page) => view! { <Separated page place=place.get()/> }.into_any(),
            Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
        })
    }
}

#[component]
fn Separated(page: ListPage<SeparatedRow>, place: Place) -> impl IntoView {
    if page.rows.is_empty() {
        return view! {
            <Empty title="Nobody is kept apart">
                "When you say that two suspects are two people, they are listed here. They are not asked about again unless there is new evidence."
            </Empty>
        }
        .into_any();
    }
    let shown = page.rows.len() as u64;
    let next = page.next.map(|next| place.next(PATH, &[("tab", "separated")], &next));
    let previous = place.previous(PATH, &[("tab", "separated")]);
    let rows = page.rows.into_iter().map(|row| view! { <SeparatedLine row/> }).collect_view();
    view! {
        <div class="table-wrap" role="region" aria-label="Kept apart" tabindex="0">
            <table class="table two">
                <caption>"Pairs that are kept apart, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="w-full">"Who"</th>
                        <th scope="col" class="p1">"And"</th>
                        <th scope="col" class="p2">"By"</th>
                        <th scope="col" class="p2 r">"When"</th>
                        <th scope="col"><span class="sr">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager previous next>{counted(shown, "pair on this page", "pairs on this page")}</Pager>
    }
    .into_any()
}

#[component]
fn SeparatedLine(row: SeparatedRow) -> impl IntoView {
    let desk = use_desk();
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let SeparatedRow { first, second, first_name, second_name, .. } = row.clone();
    let label = format!("Ask again about {first_name} and {second_name}");
    let undo = move |_| {
        spawn_local(async move {
            match undo_separate(first, second).await {
                Ok(()) => toasts.say("They are suspects again."),
                Err(failure) => toasts.fail(&failure),
            }
            refresh.ring();
        });
    };
    view! {
        <tr>
            <th scope="row">
                <span class="name">
                    {row.first_name}
                    <span class="sub">{row.first_email}</span>
                    <span class="sub only-narrow">{format!("and {}, {}", row.second_name, row.second_email)}</span>
                </span>
            </th>
            <td class="p1"><span class="name">{row.second_name}<span class="sub">{row.second_email}</span></span></td>
            <td class="p2 muted">{row.by}</td>
            <td class="p2 r muted"><Time at=row.at/></td>
            <td class="r">
                <button type="button" class="btn sm" aria-label=label disabled=move || desk.off() on:click=undo>
                    <Icon name="undo"/>
                    "Ask again"
                </button>
            </td>
        </tr>
    }
    .into_any()
}

/// Merges that stand.
#[component]
pub fn MergedList(page: Decisions<MergedRow>, place: Memo<Place>) -> impl IntoView {
    move || {
        page.get().flatten().map(|page| match page {
            Ok(page) => view! { <Merged page place=place.get()/> }.into_any(),
            Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
        })
    }
}

#[component]
fn Merged(page: ListPage<MergedRow>, place: Place) -> impl IntoView {
    if page.rows.is_empty() {
        return view! {
            <Empty title="Nobody has been merged">
                "Every merge is listed here and can be taken back, also much later: what changed since is kept."
            </Empty>
        }
        .into_any();
    }
    let shown = page.rows.len() as u64;
    let next = page.next.map(|next| place.next(PATH, &[("tab", "merged")], &next));
    let previous = place.previous(PATH, &[("tab", "merged")]);
    let rows = page.rows.into_iter().map(|row| view! { <MergedLine row/> }).collect_view();
    view! {
        <div class="table-wrap" role="region" aria-label="Merged" tabindex="0">
            <table class="table two">
                <caption>"Merges, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="w-full">"Contact"</th>
                        <th scope="col" class="p1">"Taken in"</th>
                        <th scope="col" class="p2">"By"</th>
                        <th scope="col" class="p2 r">"When"</th>
                        <th scope="col"><span class="sr">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager previous next>{counted(shown, "merge on this page", "merges on this page")}</Pager>
    }
    .into_any()
}

#[component]
fn MergedLine(row: MergedRow) -> impl IntoView {
    let desk = use_desk();
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let id = row.id;
    let label = format!("Undo merge of {} and {}", row.survivor_name, row.loser_name);
    let undo = move |_| {
        spawn_local(async move {
            match undo_merge(id).await {
                Ok(report) => {
                    let kept: Vec<String> =
                        report.kept.iter().map(|kept| format!("{}: {}", kept.what, kept.why)).collect();
                    toasts.say(match kept.is_empty() {
                        true => "They are two contacts again, as before.".to_owned(),
                        false => format!("They are two contacts again. Kept as it is now: {}", kept.join("; ")),
                    });
                }
                Err(failure) => toasts.fail(&failure),
            }
            refresh.ring();
        });
    };
    view! {
        <tr>
            <th scope="row">
                <span class="name">
                    {row.survivor_name}
                    <span class="sub">{row.survivor_email}</span>
                    <span class="sub only-narrow">{format!("took in {}, {}", row.loser_name, row.loser_email)}</span>
                </span>
            </th>
            <td class="p1"><span class="name">{row.loser_name}<span class="sub">{row.loser_email}</span></span></td>
            <td class="p2 muted">{row.by}</td>
            <td class="p2 r muted"><Time at=row.at/></td>
            <td class="r">
                <button type="button" class="btn sm" aria-label=label disabled=move || desk.off() on:click=undo>
                    <Icon name="undo"/>
                    "Undo merge"
                </button>
            </td>
        </tr>
    }
    .into_any()
}
