//! Files that are dragged over the page while the wizard is open. Left alone, the browser would leave the app and show
//! the file, wherever it is dropped beside the one place that takes it.

use leptos::ev::{self, DragEvent};
use leptos::prelude::*;
use leptos::web_sys::FileList;

/// Takes files dropped anywhere on the page, while they are `wanted`; `over` says that some are above it. While they are
/// not wanted, nothing happens to them.
pub fn take_files(over: RwSignal<bool>, wanted: Signal<bool>, on_drop: Callback<FileList>) {
    Effect::new(move |_| {
        let dragged = window_event_listener(ev::dragover, move |event| {
            if holds_files(&event) {
                event.prevent_default();
                let wanted = wanted.get_untracked();
                over.set(wanted);
                if let Some(data) = event.data_transfer() {
                    data.set_drop_effect(if wanted { "copy" } else { "none" });
                }
            }
        });
        let left = window_event_listener(ev::dragleave, move |event| {
            // Not the way from one thing on the page to another.
            if event.related_target().is_none() {
                over.set(false);
            }
        });
        let dropped = window_event_listener(ev::drop, move |event| {
            if holds_files(&event) {
                event.prevent_default();
                over.set(false);
                let files = event.data_transfer().and_then(|data| data.files());
                if let Some(files) = files.filter(|_| wanted.get_untracked()) {
                    on_drop.run(files);
                }
            }
        });
        on_cleanup(move || [dragged, left, dropped].into_iter().for_each(WindowListenerHandle::remove));
    });
}

/// Keeps the browser from leaving the app where no file is wanted.
pub fn keep_files_out() {
    take_files(RwSignal::new(false), Signal::stored(false), Callback::new(|_| ()));
}

/// Words that are dragged into a field are no file.
fn holds_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
