//! From stored imports to what the screens show.

use std::collections::HashMap;
use std::path::Path;

use domain::ids::{CampaignId, UserId};
use domain::import::{
    BeforeAfter, ColumnView, DraftView, FileView, ImportSettings, ImportView, InputView, UndoView, UseCaseChoice,
    UseCaseKind, UseCaseView, mapping_problems,
};
use domain::{CustomField, Person};
use sheet::{Format, Inspection, Limits, Record};
use store::import_undo::ImportUndo;
use store::imports::Import;

use super::plan::Columns;
use super::use_cases::UseCase;
use super::{headers, use_cases};
use crate::Result;

/// Rows that a preview of use cases looks at.
const PREVIEW_ROWS: usize = 1_000;
/// Examples that it shows of each.
const EXAMPLES: usize = 3;
/// Problems of a file that are shown in words.
const PROBLEMS: usize = 5;

/// A draft as the wizard shows it.
pub(super) fn draft(
    import: Import,
    campaign: Option<(CampaignId, String)>,
    fields: Vec<CustomField>,
) -> Result<DraftView> {
    let settings: ImportSettings = serde_json::from_str(&import.settings)?;
    let file = if import.inspection.is_empty() { None } else { Some(file(&import, &settings, &fields)?) };
    Ok(DraftView {
        id: import.id,
        campaign,
        state: import.state,
        step: import.step,
        problems: if file.is_some() { mapping_problems(&settings, &fields) } else { Vec::new() },
        settings,
        file,
        fields,
        saved_at: import.updated_at,
    })
}

fn file(import: &Import, settings: &ImportSettings, fields: &[CustomField]) -> Result<FileView> {
    let inspection: Inspection = serde_json::from_str(&import.inspection)?;
    let suggested = headers::suggest(&inspection.columns, &inspection.sample, import.campaign.is_some(), fields);
    let columns: Vec<ColumnView> = inspection
        .columns
        .iter()
        .zip(&suggested)
        .enumerate()
        .map(|(i, (name, target))| ColumnView {
            name: name.clone(),
            samples: inspection
                .sample
                .iter()
                .filter_map(|row| row.get(i))
                .filter(|v| !matching::is_blank(v))
                .take(3)
                .map(|v| v.chars().take(80).collect())
                .collect(),
            suggested: target.clone(),
        })
        .collect();
    let csv = inspection.dialect.format == Format::Csv;
    let encoding = serde_json::to_value(inspection.dialect.encoding)?;
    Ok(FileView {
        name: import.file_name.clone(),
        bytes: import.file_bytes.unsigned_abs(),
        rows: inspection.row_count,
        remembered: settings.columns.len() == suggested.len()
            && settings.columns.iter().zip(&suggested).any(|(c, s)| c.target != *s),
        columns,
        encoding: encoding.as_str().unwrap_or_default().to_owned(),
        delimiter: csv.then_some(inspection.dialect.delimiter),
        header_row: inspection.dialect.header_row,
        sheet: inspection.dialect.sheet,
        sheets: inspection.sheets,
        first_rows: inspection
            .sample
            .into_iter()
            .take(5)
            .map(|row| row.into_iter().map(|v| v.chars().take(80).collect()).collect())
            .collect(),
        problems: inspection.problems.into_iter().take(PROBLEMS).map(|p| p.message).collect(),
        problem_count: inspection.problem_count,
    })
}

/// An import as history and summary show it.
pub(super) fn import(
    import: Import,
    undo: Option<ImportUndo>,
    campaign: Option<(CampaignId, String)>,
    users: &HashMap<UserId, String>,
) -> Result<ImportView> {
    let by = users.get(&import.created_by).cloned().unwrap_or_default();
    Ok(ImportView {
        undo_refusal: super::undo::refusal(&import).map(str::to_owned),
        undo: undo.map(|u| undo_view(u, users)),
        id: import.id,
        file_name: import.file_name,
        campaign,
        state: import.state,
        settings: serde_json::from_str(&import.settings)?,
        by,
        rows: import.total_rows.unsigned_abs(),
        done: import.counts.total(),
        counts: import.counts,
        pending_elsewhere: import.pending_elsewhere.unsigned_abs(),
        skipped_values: import.skipped_values.unsigned_abs(),
        created_at: import.created_at,
        finished_at: import.finished_at,
        problem: Some(import.problem).filter(|p| !p.is_empty()),
    })
}

fn undo_view(undo: ImportUndo, users: &HashMap<UserId, String>) -> UndoView {
    UndoView {
        by: users.get(&UserId(undo.actor_id)).cloned().unwrap_or_default(),
        asked_at: undo.asked_at,
        finished_at: undo.finished_at,
        done: undo.rows_done.unsigned_abs(),
        contacts: undo.contacts.unsigned_abs(),
        leads: undo.leads.unsigned_abs(),
        restored: undo.restored.unsigned_abs(),
        kept: undo.kept.unsigned_abs(),
        problem: Some(undo.problem).filter(|p| !p.is_empty()),
    }
}

/// What the use cases and the cleaning rule would do to the first rows of the file.
pub(super) fn preview(
    path: &Path,
    inspection: &Inspection,
    limits: &Limits,
    settings: &ImportSettings,
    country: &str,
) -> Result<Vec<UseCaseView>> {
    let records: Vec<Record> =
        sheet::open(path, &inspection.dialect, limits)?.take(PREVIEW_ROWS).collect::<std::result::Result<_, _>>()?;
    let columns = Columns::new(settings);
    // each row as the use cases so far make it
    let mut rows: Vec<(Vec<String>, Person)> = records
        .iter()
        .map(|record| columns.cells(record))
        .map(|cells| {
            let person = columns.person(&cells);
            (cells, person)
        })
        .collect();
    let mut views = vec![trim(settings, &records)];
    let all: Vec<(UseCase, UseCaseChoice)> = use_cases::registry()
        .into_iter()
        .map(|use_case| {
            let choice = use_cases::choice(&use_case, settings);
            (use_case, choice)
        })
        .collect();
    for (place, (use_case, choice)) in all.iter().enumerate() {
        let problem = use_cases::problem(use_case, choice);
        let mut tally = Tally::default();
        if problem.is_none() {
            for (cells, person) in &mut rows {
                let inputs = columns.inputs((use_case, choice), &all[..place], person, cells);
                if inputs.iter().all(|v| v.is_empty()) {
                    continue;
                }
                let outputs = use_case.run(&inputs, Some(country).filter(|c| !c.is_empty()));
                let before = inputs.iter().filter(|v| !v.is_empty()).copied().collect::<Vec<_>>().join(" · ");
                let after = outputs.iter().filter(|v| !v.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
                tally.see(before, after);
                if choice.on {
                    use_case.write(outputs, person);
                }
            }
        }
        views.push(UseCaseView {
            id: use_case.id.to_owned(),
            title: use_case.title.to_owned(),
            sentence: use_case.sentence.to_owned(),
            kind: use_case.kind,
            inputs: use_case
                .inputs
                .iter()
                .zip(&choice.inputs)
                .map(|(input, &column)| InputView { label: input.label.to_owned(), required: input.required, column })
                .collect(),
            writes: use_case.writes.iter().map(|f| f.label().to_owned()).collect(),
            on: choice.on && problem.is_none(),
            problem,
            examples: tally.examples,
            changed: tally.changed,
            of: rows.len() as u64,
        });
    }
    Ok(views)
}

fn trim(settings: &ImportSettings, rows: &[Record]) -> UseCaseView {
    let mut tally = Tally::default();
    for row in rows {
        let mut row_changed = false;
        for (value, column) in row.fields.iter().zip(&settings.columns) {
            if column.target == domain::import::Target::Skip {
                continue;
            }
            let after = matching::trim_invisible_lines(value);
            if *value != after {
                row_changed = true;
                tally.example(value.clone(), after.into_owned());
            }
        }
        tally.changed += u64::from(row_changed);
    }
    UseCaseView {
        id: "trim".to_owned(),
        title: "Trim spaces and invisible characters".to_owned(),
        sentence: "Takes every column; spaces around a value go, several in a row become one.".to_owned(),
        kind: UseCaseKind::Clean,
        inputs: Vec::new(),
        writes: Vec::new(),
        on: settings.trim,
        problem: None,
        examples: tally.examples,
        changed: tally.changed,
        of: rows.len() as u64,
    }
}

#[derive(Default)]
struct Tally {
    examples: Vec<BeforeAfter>,
    changed: u64,
}

impl Tally {
    fn see(&mut self, before: String, after: String) {
        if !after.is_empty() && before != after {
            self.changed += 1;
            self.example(before, after);
        }
    }

    fn example(&mut self, before: String, after: String) {
        if self.examples.len() < EXAMPLES {
            let short = |s: String| s.chars().take(60).collect();
            self.examples.push(BeforeAfter { before: short(before), after: short(after) });
        }
    }
}
