//! Running imports that someone started or looked at: whoever has left their page hears when they are over.

use std::collections::HashMap;
use std::sync::Arc;

use domain::ProblemKind;
use domain::ids::ImportId;
use domain::import::{ImportState, Progress};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::timing::sleep;
use super::words;
use crate::components::{Toasts, use_toasts};
use crate::server_fns::imports::get_import_progress;
use crate::state::{Refresh, use_refresh};

/// How often an import is asked for whose page was left, in milliseconds.
const POLL: i32 = 2_000;
/// How rarely, while the server does not answer.
const SLOWEST: i32 = 30_000;

type Go = Arc<dyn Fn(&str) + Send + Sync>;

/// The app's one list of running imports. It outlives every page.
#[derive(Clone, Copy)]
pub struct ImportWatch {
    /// Each with how many places on the screen follow it just now: those show the end themselves.
    imports: StoredValue<HashMap<ImportId, u32>>,
    /// The way to another page, once there is a page.
    go: StoredValue<Option<Go>>,
    toasts: Toasts,
    refresh: Refresh,
}

impl ImportWatch {
    /// One for the whole app, in context; toasts and bell have to be there already.
    pub fn provide() {
        provide_context(ImportWatch {
            imports: StoredValue::new(HashMap::new()),
            go: StoredValue::new(None),
            toasts: use_toasts(),
            refresh: use_refresh(),
        });
    }

    /// Waits for the end of an import and says it. Only the browser may call it.
    pub fn start(self, import: ImportId) {
        let mut new = false;
        self.imports.update_value(|imports| {
            imports.entry(import).or_insert_with(|| {
                new = true;
                0
            });
        });
        if new {
            spawn_local(self.follow(import));
        }
    }

    /// The same, from a place on the screen that shows the import as long as its owner lives: so long there is nothing
    /// to say.
    pub fn start_shown(self, import: ImportId) {
        self.start(import);
        self.count_places(import, |places| places + 1);
        on_cleanup(move || self.count_places(import, |places| places.saturating_sub(1)));
    }

    /// Its end was seen. Says whether it was waited for.
    pub fn seen(self, import: ImportId) -> bool {
        self.imports.try_update_value(|imports| imports.remove(&import).is_some()) == Some(true)
    }

    fn count_places(self, import: ImportId, count: impl FnOnce(u32) -> u32) {
        self.imports.try_update_value(|imports| {
            if let Some(places) = imports.get_mut(&import) {
                *places = count(*places);
            }
        });
    }

    /// Whether nobody looks on; none once its end was seen.
    fn left(self, import: ImportId) -> Option<bool> {
        self.imports.with_value(|imports| imports.get(&import).map(|places| *places == 0))
    }

    async fn follow(self, import: ImportId) {
        let mut pause = POLL;
        loop {
            sleep(pause).await;
            match self.left(import) {
                None => return,
                Some(false) => continue,
                Some(true) => {}
            }
            match get_import_progress(import).await {
                Ok(now) if now.state.is_busy() => pause = POLL,
                Ok(now) => match self.left(import) {
                    None => return,
                    Some(false) => {}
                    Some(true) => return self.say(import, &now),
                },
                Err(failure) if is_final(failure.0.kind) => {
                    self.seen(import);
                    return;
                }
                // the server may be restarted, or the machine asleep
                Err(_) => pause = (pause * 2).min(SLOWEST),
            }
        }
    }

    fn say(self, import: ImportId, now: &Progress) {
        self.seen(import);
        self.refresh.ring();
        // taken back meanwhile: that has a word of its own
        if matches!(now.state, ImportState::Draft | ImportState::Undone) {
            return;
        }
        let go = self.go.get_value();
        self.toasts.lead(words::end_of(now), "Show summary", move || {
            if let Some(go) = &go {
                go(&format!("/imports/{import}"));
            }
        });
    }
}

/// Whether it makes no sense to ask again.
fn is_final(kind: ProblemKind) -> bool {
    matches!(kind, ProblemKind::NotFound | ProblemKind::SignedOut | ProblemKind::Forbidden)
}

/// The app's watch, from a page.
pub fn use_import_watch() -> ImportWatch {
    let watch = expect_context::<ImportWatch>();
    let navigate = use_navigate();
    watch.go.set_value(Some(Arc::new(move |path: &str| navigate(path, Default::default()))));
    watch
}
