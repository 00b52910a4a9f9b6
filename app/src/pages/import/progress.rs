//! An import that the server is working on. Leaving is safe: the page only looks on.

use domain::Act;
use domain::ids::ImportId;
use domain::import::{ImportState, Progress};
use gloo::events::EventListener;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{EventSource, MessageEvent};

use super::summary::{Counts, SumLine};
use super::timing::sleep;
use super::watch::use_import_watch;
use super::words;
use crate::components::{Banner, Icon, OutcomeBar};
use crate::format::num;
use crate::server_fns::imports::{get_import_progress, stop_import};
use crate::state::{use_refresh, use_session};

/// How often an import is asked for where its stream of events does not come through, in milliseconds.
const POLL: i32 = 1_000;

/// A running import as a pair of dialog body and foot; `over` is called once it does not run any more.
#[component]
pub fn RunningImport(
    import: ImportId,
    over: Callback<()>,
    leave: Callback<()>,
    /// Whether it takes the focus: what was used before it is gone.
    #[prop(optional)]
    focus: bool,
) -> impl IntoView {
    let progress = RwSignal::new(None::<Progress>);
    let stopping = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let (watch, refresh) = (use_import_watch(), use_refresh());
    // However someone leaves, they hear of the end.
    Effect::new(move |_| watch.start_shown(import));
    let refusal = use_session().refusal(Act::Import);
    let off = refusal.is_some();
    let body = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(body) = body.get()
            && focus
        {
            let _ = body.focus();
        }
    });
    follow(
        import,
        progress,
        Callback::new(move |()| {
            watch.seen(import);
            refresh.ring();
            over.run(());
        }),
    );
    let stop = move |_| {
        stopping.set(true);
        spawn_local(async move {
            if let Err(failure) = stop_import(import).await {
                stopping.try_set(false);
                refused.try_set(Some(failure.to_string()));
            }
        });
    };
    view! {
        <div class="dialog-body stack roomy" node_ref=body tabindex="0" role="group" aria-label="Progress">
            {move || {
                refused.get().map(|sentence| view! { <Banner class="fail" alert=true title="Not stopped">{sentence}</Banner> })
            }}
            <Bar progress/>
            <SoFar progress/>
            <Banner>"Stopping keeps the rows done so far. You can resume the rest."</Banner>
        </div>
        <footer>
            <button type="button" class="btn" disabled=move || off || stopping.get() title=refusal.clone() on:click=stop>
                <Icon name="stop"/>
                {move || if stopping.get() { "Stopping…" } else { "Stop" }}
            </button>
            {refusal.map(|why| view! { <span class="hint">{why}</span> })}
            <span class="spacer"></span>
            <button type="button" class="btn primary" on:click=move |_| leave.run(())>"Run in background"</button>
        </footer>
    }
    .into_any()
}

#[component]
fn Bar(progress: RwSignal<Option<Progress>>) -> impl IntoView {
    let rows = move || progress.with(|progress| progress.as_ref().map(|progress| (progress.done, progress.rows)));
    let line = move || match rows() {
        None => view! { "Starting…" }.into_any(),
        Some((done, rows)) => view! { <strong>{num(done)}</strong>{format!(" of {} rows", num(rows))} }.into_any(),
    };
    let waiting = move || {
        progress.with(|progress| progress.as_ref().is_some_and(|progress| progress.state == ImportState::Queued))
    };
    let left = move || match waiting() {
        true => Some("waiting for its turn".to_owned()),
        false => progress.with(|progress| progress.as_ref().and_then(words::time_left)),
    };
    let spoken = Memo::new(move |_| match rows() {
        Some((done, rows)) if rows > 0 && done < rows => format!("{}% imported", done * 100 / rows / 25 * 25),
        _ => String::new(),
    });
    view! {
        <div class="stack-sm">
            <div class="row between num">
                <label for="import-progress">{line}</label>
                <span class="muted">{left}</span>
            </div>
            <progress
                class="progress"
                id="import-progress"
                max=move || rows().map_or(1, |(_, rows)| rows.max(1)).to_string()
                value=move || rows().map(|(done, _)| done.to_string())
            ></progress>
            <p class="sr" role="status">{move || spoken.get()}</p>
            <p class="hint">"Runs on the server. You can leave this page."</p>
        </div>
    }
    .into_any()
}

#[component]
fn SoFar(progress: RwSignal<Option<Progress>>) -> impl IntoView {
    move || {
        progress.get().filter(|progress| progress.done > 0).map(|Progress { counts, done, .. }| {
            view! {
                <section class="stack-sm" aria-labelledby="so-far">
                    <h2 id="so-far">"So far"</h2>
                    <OutcomeBar segments=words::segments(&counts)/>
                    <Counts counts=counts.clone() reasons=Vec::new()/>
                    <SumLine counts of=done/>
                </section>
            }
        })
    }
}

/// A stream of events with its listeners; dropping it closes it.
struct Stream {
    source: EventSource,
    _listeners: [EventListener; 2],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Follows an import by its events, or by asking where they do not come through.
fn follow(import: ImportId, progress: RwSignal<Option<Progress>>, over: Callback<()>) {
    let ended = StoredValue::new(false);
    // Says whether it goes on; calls `over` once.
    let take = move |now: Progress| {
        let busy = now.state.is_busy();
        progress.try_set(Some(now));
        if !busy && ended.try_get_value() == Some(false) {
            ended.set_value(true);
            over.run(());
        }
        busy
    };
    Effect::new(move |_| {
        let Ok(source) = EventSource::new(&format!("/imports/{import}/progress")) else {
            return poll(import, ended, take);
        };
        let (messages, errors) = (source.clone(), source.clone());
        let on_message = EventListener::new(&source, "message", move |event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string()).unwrap_or_default();
            if let Ok(now) = serde_json::from_str(&text)
                && !take(now)
            {
                messages.close();
            }
        });
        let on_error = EventListener::new(&source, "error", move |_| {
            errors.close();
            poll(import, ended, take);
        });
        // It lives as long as the page. The server, which may drop a page on any thread, never comes here.
        StoredValue::new_local(Stream { source, _listeners: [on_message, on_error] });
    });
}

fn poll(import: ImportId, ended: StoredValue<bool>, take: impl Fn(Progress) -> bool + 'static) {
    spawn_local(async move {
        // Nothing is left of `ended` once the page is gone.
        while ended.try_get_value() == Some(false) {
            if let Ok(now) = get_import_progress(import).await
                && !take(now)
            {
                return;
            }
            sleep(POLL).await;
        }
    });
}
