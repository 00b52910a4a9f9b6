//! "Undo this import" (R13): the button, how far it is, and what stayed as it is because it changed since.

use domain::Act;
use domain::ids::ImportId;
use domain::import::{ImportState, ImportView, KeptView, UndoView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Banner, Confirm, Icon, Time, Toasts, use_toasts};
use crate::format::{counted, num};
use crate::pages::import::{sleep, words};
use crate::server_fns::imports::{get_import_summary, list_undo_kept, undo_import};
use crate::state::{Refresh, use_refresh, use_session};

/// How often an undo is asked how far it is, in milliseconds.
const POLL: i32 = 1_000;

/// The button that takes an import back, after a question; nothing for an import that is not over.
#[component]
pub fn UndoButton(
    import: ImportView,
    /// In a table: only as big as its line.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let ended = matches!(import.state, ImportState::Done | ImportState::Stopped | ImportState::Failed);
    let stuck = import.undo.as_ref().is_some_and(|undo| undo.problem.is_some());
    if !ended && !stuck {
        return None;
    }
    let id = import.id;
    let refusal = use_session().refusal(Act::Import).or(import.undo_refusal.clone().filter(|_| ended));
    let off = refusal.is_some();
    let asking = RwSignal::new(false);
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let go = move || {
        asking.set(false);
        spawn_local(async move {
            match undo_import(id).await {
                Ok(()) => {
                    refresh.ring();
                    say_at_end(id, toasts, refresh).await;
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    let label = if stuck { "Go on with the undo" } else { "Undo this import" };
    let name = import.file_name.clone();
    let described = format!("{label}: {name}");
    Some(view! {
        <button
            type="button"
            class=if small { "btn sm" } else { "btn" }
            disabled=off
            title=refusal.clone()
            aria-label=small.then_some(described)
            on:click=move |_| asking.set(true)
        >
            <Icon name="undo"/>
            {if small && !stuck { "Undo" } else { label }}
        </button>
        {(!small).then(|| refusal.map(|why| view! { <span class="hint">{why}</span> }))}
        <Show when=move || asking.get()>
            <Confirm
                title="Undo this import?"
                text=words::undo_question(&import)
                yes="Undo this import"
                on_yes=move |()| go()
                on_close=move |()| asking.set(false)
            />
        </Show>
    })
}

/// Says when an undo is over, wherever the person is by then; the app's own places outlive the page.
async fn say_at_end(import: ImportId, toasts: Toasts, refresh: Refresh) {
    loop {
        let Ok(summary) = get_import_summary(import).await else { return };
        let Some(undo) = summary.import.undo else { return };
        if let Some(problem) = undo.problem {
            refresh.ring();
            return toasts.fail(&crate::Failure(domain::Problem::new(domain::ProblemKind::Busy, problem)));
        }
        if undo.finished_at.is_some() {
            refresh.ring();
            return toasts.say(words::undo_result(&undo));
        }
        sleep(POLL).await;
    }
}

/// How far an undo is, or what came of it.
#[component]
pub fn UndoPanel(import: ImportView) -> impl IntoView {
    let rows = import.rows;
    let id = import.id;
    let first = import.undo?;
    let undo = RwSignal::new(first.clone());
    let over = move |undo: &UndoView| undo.finished_at.is_some() || undo.problem.is_some();
    if !over(&first) {
        Effect::new(move |_| {
            spawn_local(async move {
                // nothing is left of `undo` once the page is gone
                while undo.try_with_untracked(|undo| !over(undo)) == Some(true) {
                    sleep(POLL).await;
                    if let Ok(summary) = get_import_summary(id).await
                        && let Some(now) = summary.import.undo
                    {
                        undo.try_set(now);
                    }
                }
            });
        });
    }
    let body = move || {
        let now = undo.get();
        if let Some(problem) = now.problem {
            let text =
                format!("{problem} {} of {} rows are taken back; what is left can go on.", num(now.done), num(rows));
            return view! { <Banner class="fail" alert=true title="The undo could not go on">{text}</Banner> }
                .into_any();
        }
        if now.finished_at.is_none() {
            return view! {
                <div class="row between num">
                    <label for="undo-progress">"Undoing: "<strong>{num(now.done)}</strong>{format!(" of {} rows", num(rows))}</label>
                </div>
                <progress class="progress" id="undo-progress" max=rows.max(1).to_string() value=now.done.to_string()></progress>
                <p class="hint">"Runs on the server. You can leave this page."</p>
            }
            .into_any();
        }
        let result = words::undo_result(&now);
        view! {
            <Banner icon="undo" title="This import was undone">{format!("{result} By {}, ", now.by)}<Time at=now.asked_at/>"."</Banner>
            {(now.kept > 0).then(|| view! { <Kept import=id count=now.kept/> })}
        }
        .into_any()
    };
    Some(view! { <section class="stack-sm" aria-label="Undo" aria-live="polite">{body}</section> })
}

/// What stayed as it is, page by page.
#[component]
fn Kept(import: ImportId, count: u64) -> impl IntoView {
    let rows = RwSignal::new(Vec::<KeptView>::new());
    let next = RwSignal::new(Some(String::new()));
    let refused = RwSignal::new(None::<String>);
    let load = move || {
        let after = next.get_untracked().filter(|after| !after.is_empty());
        spawn_local(async move {
            match list_undo_kept(import, after).await {
                Ok(page) => {
                    rows.try_update(|rows| rows.extend(page.rows));
                    next.try_set(page.next);
                }
                Err(failure) => _ = refused.try_set(Some(failure.to_string())),
            }
        });
    };
    Effect::new(move |_| load());
    let line = |kept: KeptView| {
        let KeptView { who, what, why, .. } = kept;
        view! {
            <tr>
                <th scope="row"><span class="breakable">{if who.is_empty() { "Somebody".to_owned() } else { who }}</span></th>
                <td>{what}</td>
                <td class="muted">{why}</td>
            </tr>
        }
    };
    view! {
        <div class="stack-sm">
            <h2 id="kept-title">{counted(count, "thing was kept", "things were kept")}</h2>
            <div class="table-wrap" role="region" aria-labelledby="kept-title" tabindex="0">
                <table class="table">
                    <caption>"What was changed since the import, and so stayed as it is"</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="w-40">"Who"</th>
                            <th scope="col">"What was kept"</th>
                            <th scope="col" class="w-60">"Why"</th>
                        </tr>
                    </thead>
                    <tbody>{move || rows.get().into_iter().map(line).collect_view()}</tbody>
                </table>
            </div>
            {move || refused.get().map(|why| view! { <Banner class="fail" alert=true title="Not shown">{why}</Banner> })}
            <Show when=move || next.with(|next| next.as_ref().is_some_and(|next| !next.is_empty()))>
                <button type="button" class="btn sm" on:click=move |_| load()>"Show more"</button>
            </Show>
        </div>
    }
    .into_any()
}
