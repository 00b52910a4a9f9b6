//! Every import: who, when, which file, how, and what became of it (A76).

use domain::ids::ImportId;
use domain::import::{ImportPage, ImportSettings, ImportState, ImportView, Target};
use domain::{Act, Bucket, OutcomeCounts};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::paging::Place;
use super::sources::Sources;
use super::undo::UndoButton;
use crate::components::{Empty, FailureBanner, Icon, ImportStateBadge, OutcomeBar, Pager, Time};
use crate::format::{counted, num};
use crate::pages::import::{import_path, use_import_watch, words};
use crate::server_fns::imports::{import_sources, list_imports};
use crate::state::{use_refresh, use_session};

/// The page of the history.
#[component]
pub fn ImportsPage() -> impl IntoView {
    let query = use_query_map();
    let place = Memo::new(move |_| query.with(Place::of));
    let refresh = use_refresh();
    let page = Resource::new(
        move || (place.get().after, refresh.follow()),
        |(after, _)| async move { list_imports(after.parse::<ImportId>().ok()).await },
    );
    let sources = Resource::new(move || refresh.follow(), |_| import_sources());
    view! {
        <Title text="Imports"/>
        <main class="main" id="main" tabindex="-1">
            <header class="page-head">
                <h1>"Imports"</h1>
                <p class="lede sm">"Every list that was brought in, with what became of each of its rows."</p>
            </header>
            <Transition>
                {move || Suspend::new(async move {
                    // Without them the history is as it was.
                    sources.await.ok().map(|sources| view! { <Sources sources/> })
                })}
            </Transition>
            <Transition>
                {move || Suspend::new(async move {
                    match page.await {
                        Ok(page) => view! { <History page place=place.get_untracked()/> }.into_any(),
                        Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
                    }
                })}
            </Transition>
        </main>
    }
    .into_any()
}

#[component]
fn History(page: ImportPage, place: Place) -> impl IntoView {
    if page.rows.is_empty() && place.after.is_empty() {
        let action = view! { <a class="btn primary" href="/campaigns"><Icon name="campaign"/>"Go to campaigns"</a> };
        return view! {
            <Empty title="No imports yet" action=action.into_any()>
                "Open a campaign, choose its lead list and then “Import new leads”. Every import stays here with its counts and its reasons."
            </Empty>
        }
        .into_any();
    }
    let shown = page.rows.len() as u64;
    let first = place.pages_before() * 50 + 1;
    let next = page.next.map(|next| place.next("/imports", &[], &next.to_string()));
    let previous = place.previous("/imports", &[]);
    let lines = page.rows.into_iter().map(|import| view! { <Line import/> }).collect_view();
    view! {
        <div class="table-wrap" role="region" aria-label="Imports" tabindex="0">
            <table class="table two">
                <caption>"Imports, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="w-full">"File"</th>
                        <th scope="col" class="p2">"Campaign"</th>
                        <th scope="col">"State"</th>
                        <th scope="col" class="p3">"Settings"</th>
                        <th scope="col" class="p1">"Outcome"</th>
                        <th scope="col" class="p2 r">"Started"</th>
                        <th scope="col" class="r"><span class="sr">"Undo"</span></th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        <Pager previous next>{format!("{}–{}", num(first.min(first + shown)), num(first + shown.max(1) - 1))}</Pager>
    }
    .into_any()
}

#[component]
fn Line(import: ImportView) -> impl IntoView {
    let undone = import
        .undo
        .clone()
        .map(|undo| view! { <span class="sub">{format!("by {}, ", undo.by)}<Time at=undo.asked_at/></span> });
    let undo = view! { <UndoButton import=import.clone() small=true/> };
    let session = use_session();
    let ImportView { id, file_name, campaign, state, settings, by, rows, counts, created_at, .. } = import;
    let draft = state == ImportState::Draft;
    if state.is_busy() && by == session.0.user_name {
        let watch = use_import_watch();
        Effect::new(move |_| watch.start(id));
    }
    // The wizard is for those who may import; the others see the same on the page of the import.
    let may = session.may(Act::Import);
    let href = match may && (draft || state.is_busy()) {
        true => import_path(campaign.as_ref().map(|(id, _)| *id), id),
        false => format!("/imports/{id}"),
    };
    let name = match file_name.is_empty() {
        true => "No file yet".to_owned(),
        false => file_name,
    };
    let under = match draft {
        true if may => format!("{by}, resume the draft"),
        true => format!("{by}, not started"),
        false => format!("{by}, {}", counted(rows, "row", "rows")),
    };
    view! {
        <tr>
            <th scope="row"><span class="name"><a href=href>{name}</a><span class="sub">{under}</span></span></th>
            <td class="p2">
                {match campaign {
                    Some((id, name)) => view! { <a href=format!("/campaigns/{id}")>{name}</a> }.into_any(),
                    None => view! { <span class="muted">"Contacts only"</span> }.into_any(),
                }}
            </td>
            <td><span class="name"><ImportStateBadge state/>{undone}</span></td>
            <td class="p3">
                <span class="name">
                    {settings.mode.label()}<span class="sub">{format!("Leaves out: {}", words::policy_short(settings.policy))}</span>
                </span>
                <AllSettings settings/>
            </td>
            <td class="p1">{(!draft).then(|| view! { <Outcome counts/> })}</td>
            <td class="p2 r muted"><Time at=created_at/></td>
            <td class="r">{undo}</td>
        </tr>
    }
    .into_any()
}

/// The choices that are too long for a line of the table.
#[component]
fn AllSettings(settings: ImportSettings) -> impl IntoView {
    let groups = settings.identifiers.iter().map(|group| {
        let fields: Vec<_> = group.iter().map(Target::label).collect();
        fields.join(" and ")
    });
    let groups = groups.collect::<Vec<_>>().join(", or ");
    let updates = settings.mode.updates();
    let tags = settings.tags.join(", ");
    view! {
        <details class="settings">
            <summary class="link sm">"All settings"</summary>
            <dl class="sub">
                {updates.then(|| view! { <dt>"If a value is there"</dt><dd>{settings.overwrite.label()}</dd> })}
                <dt>"People are recognised by"</dt>
                <dd>{groups}</dd>
                <dt>"Tags"</dt>
                <dd>{if tags.is_empty() { "None".to_owned() } else { tags }}</dd>
            </dl>
        </details>
    }
    .into_any()
}

/// The bar and its two numbers that people look for.
#[component]
fn Outcome(counts: OutcomeCounts) -> impl IntoView {
    let line = format!("{} imported, {} excluded", num(counts.bucket(Bucket::Imported)), num(counts.excluded()));
    view! { <span class="name outcome-cell"><OutcomeBar segments=words::segments(&counts)/><span class="sub num">{line}</span></span> }
}
