//! What was recognised in the file, the first rows, and the way to correct it.

use domain::import::{DetectionChange, DraftChange, FileView, HeaderChange};
use leptos::prelude::*;

use super::draft::Draft;
use super::select::Select;
use super::words::{self, DELIMITERS, ENCODINGS};
use crate::components::{Banner, Icon};
use crate::format::num;

/// How many lines the header can be looked for in, at the least.
const HEADER_LINES: u64 = 20;

/// The panel under the file. It stays while a correction is saved, so that the focus does too.
#[component]
pub fn Detected(draft: Draft, file: Memo<Option<FileView>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let unread = move || file.with(|file| file.as_ref().is_some_and(|file| file.rows == 0));
    view! {
        <section class="stack-sm" aria-labelledby="detected-title">
            <h2 id="detected-title" class="sr">"What was detected"</h2>
            {move || {
                unread()
                    .then(|| {
                        view! {
                            <Banner class="fail" alert=true title="No rows were found">
                                "This file has a header at most. Choose another one, or correct what was detected."
                            </Banner>
                        }
                    })
            }}
            <div class="panel clip">
                <div class="detected">
                    <span class="c-ok row"><Icon name="check-circle"/>"Detected:"</span>
                    {move || file.get().map(|file| view! { <Parts file/> })}
                    <button
                        type="button"
                        class="link"
                        aria-expanded=move || open.get().to_string()
                        aria-controls="detection"
                        on:click=move |_| open.update(|open| *open = !*open)
                    >
                        "Change"
                    </button>
                </div>
                <div class="detection" id="detection" hidden=move || !open.get()><Corrections draft file/></div>
                {move || file.get().map(|file| view! { <FirstRows file/> })}
            </div>
            {move || file.get().filter(|file| !file.problems.is_empty()).map(|file| view! { <Oddities file/> })}
        </section>
    }
    .into_any()
}

/// "Semicolon · Windows-1252 · header in row 1".
#[component]
fn Parts(file: FileView) -> impl IntoView {
    let FileView { sheet, delimiter, encoding, header_row, .. } = file;
    let parts = [
        sheet.map(|sheet| view! { "sheet "<b>{sheet}</b> }.into_any()),
        delimiter.map(|delimiter| view! { <b>{words::delimiter_label(delimiter)}</b> }.into_any()),
        delimiter.map(|_| view! { <b>{words::encoding_label(&encoding)}</b> }.into_any()),
        Some(match header_row {
            Some(row) => view! { "header in "<b>"row "{num(row)}</b> }.into_any(),
            None => view! { <b>"no header"</b> }.into_any(),
        }),
    ];
    parts
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(i, part)| {
            let dot = (i > 0).then(|| view! { <span class="dot-sep" aria-hidden="true">"·"</span> });
            view! { {dot}<span>{part}</span> }
        })
        .collect_view()
}

/// The selects. Each correction leaves open what follows from it: another encoding may well mean another delimiter.
#[component]
fn Corrections(draft: Draft, file: Memo<Option<FileView>>) -> impl IntoView {
    let change = move |change: DetectionChange| draft.save(DraftChange::Detection(change));
    let of = move |read: fn(&FileView) -> String| {
        Signal::derive(move || file.with(|file| file.as_ref().map(read)).unwrap_or_default())
    };
    // What stays when only the header is corrected.
    let known = move || {
        file.with_untracked(|file| {
            file.as_ref().map_or_else(DetectionChange::default, |file| DetectionChange {
                encoding: file.delimiter.map(|_| file.encoding.clone()),
                delimiter: file.delimiter,
                header: None,
                sheet: file.sheet.clone(),
            })
        })
    };

    let sheets = Signal::derive(move || {
        let sheets = file.with(|file| file.as_ref().map(|file| file.sheets.clone())).unwrap_or_default();
        sheets.into_iter().map(|sheet| (sheet.clone(), sheet)).collect::<Vec<_>>()
    });
    let several = Memo::new(move |_| sheets.with(|sheets| sheets.len() > 1));
    let sheet = of(|file| file.sheet.clone().unwrap_or_default());
    let on_sheet = move |sheet| change(DetectionChange { sheet: Some(sheet), ..Default::default() });

    let is_text = Memo::new(move |_| file.with(|file| file.as_ref().is_some_and(|file| file.delimiter.is_some())));
    let encoding = of(|file| file.encoding.clone());
    let encodings = Signal::stored(pairs(ENCODINGS));
    let on_encoding = move |word| change(DetectionChange { encoding: Some(word), ..Default::default() });

    let delimiter = of(|file| file.delimiter.map(String::from).unwrap_or_default());
    let delimiters = Signal::stored(DELIMITERS.map(|(d, label)| (d.to_string(), label.to_owned())).to_vec());
    let on_delimiter = move |text: String| change(DetectionChange { delimiter: text.chars().next(), ..known() });

    let header = of(|file| file.header_row.unwrap_or(0).to_string());
    let headers = Signal::derive(move || {
        let row = file.with(|file| file.as_ref().and_then(|file| file.header_row)).unwrap_or(0);
        let rows = (1..=HEADER_LINES.max(row)).map(|row| (row.to_string(), format!("Row {row}")));
        [("0".to_owned(), "No header".to_owned())].into_iter().chain(rows).collect::<Vec<_>>()
    });
    let on_header = move |row: String| {
        let header = row.parse().ok().filter(|&row| row > 0).map_or(HeaderChange::None, HeaderChange::Row);
        change(DetectionChange { header: Some(header), ..known() });
    };
    view! {
        <Show when=move || several.get()>
            <Select id="sheet" label="Sheet" options=sheets value=sheet on_change=on_sheet/>
        </Show>
        <Show when=move || is_text.get()>
            <Select id="encoding" label="Encoding" options=encodings value=encoding on_change=on_encoding/>
            <Select id="delimiter" label="Delimiter" options=delimiters value=delimiter on_change=on_delimiter/>
        </Show>
        <Select id="header" label="Header" options=headers value=header on_change=on_header/>
    }
    .into_any()
}

fn pairs<const N: usize>(list: [(&str, &str); N]) -> Vec<(String, String)> {
    list.map(|(word, label)| (word.to_owned(), label.to_owned())).to_vec()
}

#[component]
fn FirstRows(file: FileView) -> impl IntoView {
    let heads = file.columns.into_iter().map(|column| view! { <th scope="col">{column.name}</th> }).collect_view();
    let rows = file
        .first_rows
        .into_iter()
        .enumerate()
        .map(|(i, row)| {
            let cells = row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view();
            view! { <tr><th scope="row" class="n">{(i + 1).to_string()}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label="First rows of the file">
            <table class="sheet">
                <thead><tr><th scope="col" class="n"><span class="sr">"Row"</span></th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What is odd in the file, in sentences; none of it keeps the import from going on.
#[component]
fn Oddities(file: FileView) -> impl IntoView {
    let more = file.problem_count.saturating_sub(file.problems.len() as u64);
    view! {
        <div class="banner warn">
            <Icon name="warning"/>
            <div class="sm">
                <strong>"Odd places in the file"</strong>
                <ul>
                    {file.problems.into_iter().map(|problem| view! { <li>{problem}</li> }).collect_view()}
                    {(more > 0).then(|| view! { <li>"and "{num(more)}" more"</li> })}
                </ul>
            </div>
        </div>
    }
    .into_any()
}
