//! 1/4: what may happen to leads, and the file.

use domain::ImportMode;
use domain::import::{DraftChange, FileView, WizardStep};
use leptos::ev::{Event, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{File, FileList};

use super::detected::Detected;
use super::draft::Draft;
use super::drop::take_files;
use super::frame::StepFrame;
use super::transfer::{Transfer, Upload};
use super::words;
use crate::components::{CardRadio, Icon, focus_after, focus_if_lost};
use crate::format::{counted, num};
use crate::server_fns::imports::discard_draft;

/// The id of the field for the file.
const FILE_ID: &str = "import-file";
const DISCARD_ID: &str = "discard-draft";
const KEEP_ID: &str = "keep-draft";

/// The first step.
#[component]
pub fn UploadStep(draft: Draft, close: Callback<()>) -> impl IntoView {
    let ready = Signal::derive(move || {
        draft.view.with(|view| view.file.as_ref().is_some_and(|file| file.rows > 0)) && !draft.uploading.get()
    });
    let file = Memo::new(move |_| draft.view.with(|view| view.file.clone()));
    let shown = Memo::new(move |_| file.with(Option::is_some) && !draft.uploading.get());
    let lead = view! { <Discard draft close/> }.into_any();
    view! {
        <StepFrame draft close step=WizardStep::Upload ready next=move |()| draft.go(WizardStep::Fields) lead>
            <Modes draft/>
            <FileChooser draft/>
            <Show when=move || shown.get()>
                <Detected draft file/>
            </Show>
        </StepFrame>
    }
    .into_any()
}

#[component]
fn Modes(draft: Draft) -> impl IntoView {
    let card = move |mode: ImportMode| {
        let checked = Signal::derive(move || draft.view.with(|view| view.settings.mode == mode));
        view! {
            <CardRadio
                name="mode"
                value=mode.word()
                title=mode.label()
                sentence=words::mode_consequence(mode)
                checked
                on_select=move |()| draft.save(DraftChange::Mode(mode))
            />
        }
    };
    view! {
        <fieldset class="stack-sm">
            <legend class="section-title mb3">"Choose how to import leads"</legend>
            <div class="cards">{ImportMode::ALL.iter().map(|&mode| card(mode)).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn FileChooser(draft: Draft) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let upload = RwSignal::new(Upload::Idle);
    let over = RwSignal::new(false);
    // Made in the browser only: the server may drop a page on another thread than the one that wrote it.
    let place = StoredValue::new(None::<StoredValue<Option<Transfer>, LocalStorage>>);
    Effect::new(move |_| place.set_value(Some(StoredValue::new_local(None))));
    let transfer = move |next: Option<Transfer>| {
        if let Some(place) = place.get_value() {
            place.set_value(next);
        }
    };
    Effect::new(move |_| draft.uploading.set(upload.with(Upload::is_busy)));
    on_cleanup(move || _ = draft.uploading.try_set(false));

    let take = move |files: FileList| {
        // A second file would break off the first on its way.
        if files.length() == 0 || upload.with_untracked(Upload::is_busy) {
            return;
        }
        match chosen(&files) {
            Ok(file) => transfer(Some(Transfer::start(draft, upload, &file))),
            Err(sentence) => upload.set(Upload::Refused(sentence)),
        }
    };
    take_files(over, Signal::derive(move || !upload.with(Upload::is_busy)), Callback::new(take));
    let changed = move |_: Event| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(files) = input.files() {
            take(files);
        }
        // So that the same file can be chosen again after it was changed.
        input.set_value("");
    };
    // Not switched off while a file goes up: that would take the focus.
    let clicked = move |event: MouseEvent| {
        if upload.with_untracked(Upload::is_busy) {
            event.prevent_default();
        }
    };
    Effect::new(move |before: Option<bool>| {
        let busy = upload.with(Upload::is_busy);
        if before == Some(true) && !busy {
            // “Cancel upload” goes with the upload.
            focus_if_lost(FILE_ID);
        }
        busy
    });
    let cancel = move |_| {
        transfer(None);
        upload.set(Upload::Idle);
    };
    let refused = move || upload.with(|upload| matches!(upload, Upload::Refused(_)));
    view! {
        <section class="stack-sm" aria-labelledby="file-title">
            <div class="row between">
                <h2 id="file-title">"File"</h2>
                <a class="link sm" href="/sample-leads.csv" download rel="external">"Download a sample file"</a>
            </div>
            <label class="drop-zone" class:over=move || over.get()>
                <input
                    type="file"
                    id=FILE_ID
                    node_ref=input
                    accept=".csv,.tsv,.txt,.xlsx"
                    aria-describedby="drop-hint drop-problem"
                    aria-invalid=move || refused().then_some("true")
                    aria-disabled=move || draft.uploading.get().then_some("true")
                    on:click=clicked
                    on:change=changed
                />
                <Icon name="file"/>
                {move || view! { <FileWords file=draft.view.with(|view| view.file.clone()) upload=upload.get()/> }}
                <span class="btn sm">
                    {move || if draft.view.with(|view| view.file.is_some()) { "Replace file" } else { "Choose file" }}
                </span>
            </label>
            {move || upload.with(Upload::is_busy).then(|| view! { <UploadBar upload cancel=Callback::new(cancel)/> })}
            <p class="field-error" id="drop-problem" role="alert">
                {move || match upload.get() {
                    Upload::Refused(sentence) => Some(sentence),
                    _ => None,
                }}
            </p>
            <p class="sr" role="status">{move || announcement(&upload.get(), draft)}</p>
            <p class="hint" id="drop-hint">
                {words::file_hint()}
            </p>
        </section>
    }
    .into_any()
}

/// The one file that may be sent, or why it may not.
fn chosen(files: &FileList) -> Result<File, String> {
    if files.length() > 1 {
        return Err("Choose one file at a time: an import is one list.".to_owned());
    }
    let file = files.get(0).ok_or_else(|| "The browser could not read this file. Choose it again.".to_owned())?;
    match words::file_refusal(&file.name(), file.size() as u64) {
        Some(sentence) => Err(sentence),
        None => Ok(file),
    }
}

/// What screen readers hear while a file goes up; the bar itself would talk too much.
fn announcement(upload: &Upload, draft: Draft) -> String {
    match upload {
        Upload::Sending { name, .. } => format!("Uploading {name}"),
        Upload::Reading { name } => format!("{name} is uploaded and being read"),
        Upload::Done => draft
            .view
            .with(|view| view.file.as_ref().map(|file| format!("{}: {}", file.name, extent(file))))
            .unwrap_or_default(),
        Upload::Idle | Upload::Refused(_) => String::new(),
    }
}

fn extent(file: &FileView) -> String {
    let columns = file.columns.len() as u64;
    format!(
        "{}, {}, {}",
        words::size(file.bytes),
        counted(file.rows, "row", "rows"),
        counted(columns, "column", "columns")
    )
}

#[component]
fn FileWords(file: Option<FileView>, upload: Upload) -> impl IntoView {
    let (title, hint) = match (upload, file) {
        (Upload::Sending { name, sent, total }, _) => {
            (name, format!("{} of {} uploaded", words::size(sent), words::size(total)))
        }
        (Upload::Reading { name }, _) => (name, "Uploaded. Reading it…".to_owned()),
        (_, Some(file)) => {
            let hint = format!("{}. Uploaded.", extent(&file));
            (file.name, hint)
        }
        (_, None) => ("Choose a file or drop it here".to_owned(), "Your list, with a header row".to_owned()),
    };
    view! { <span><span class="t">{title}</span><br/><span class="hint num">{hint}</span></span> }
}

#[component]
fn UploadBar(upload: RwSignal<Upload>, cancel: Callback<()>) -> impl IntoView {
    let parts = move || match upload.get() {
        Upload::Sending { sent, total, .. } => (Some(sent), total.max(1)),
        _ => (None, 1),
    };
    let percent = move || match parts() {
        (Some(sent), total) => format!("{}%", num(sent * 100 / total)),
        (None, _) => "Reading".to_owned(),
    };
    view! {
        <div class="row">
            <progress
                class="progress grow"
                aria-label="Upload"
                max=move || parts().1.to_string()
                value=move || parts().0.map(|sent| sent.to_string())
            >
                {percent}
            </progress>
            <button type="button" class="btn sm" on:click=move |_| cancel.run(())>"Cancel upload"</button>
        </div>
    }
    .into_any()
}

/// Throws the draft away, after asking: its file goes too.
#[component]
fn Discard(draft: Draft, close: Callback<()>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let ask = move |on| {
        asking.set(on);
        focus_after(if on { KEEP_ID } else { DISCARD_ID });
    };
    let discard = move |_| {
        spawn_local(async move {
            match discard_draft(draft.id).await {
                Ok(()) => _ = close.try_run(()),
                Err(failure) => _ = draft.refused.try_set(Some(failure.to_string())),
            }
        });
    };
    move || {
        if draft.view.with(|view| view.file.is_none()) {
            return view! { <button type="button" class="btn" on:click=move |_| close.run(())>"Cancel"</button> }
                .into_any();
        }
        match asking.get() {
            false => view! {
                <button type="button" class="btn ghost" id=DISCARD_ID on:click=move |_| ask(true)>"Discard draft"</button>
            }
            .into_any(),
            true => view! {
                <span role="alert" class="sm">"Discard the draft and its file?"</span>
                <button type="button" class="btn" on:click=discard>"Discard"</button>
                <button type="button" class="btn" id=KEEP_ID on:click=move |_| ask(false)>"Keep"</button>
            }
            .into_any(),
        }
    }
}
