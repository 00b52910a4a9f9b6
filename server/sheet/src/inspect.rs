//! One look at a whole file: how it is written, what is in it, what is wrong with it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::detect::{SAMPLE_BYTES, SampleRecord, delimiter, header};
use crate::encoding::{self, Guess};
use crate::magic::{self, Content};
use crate::problem::{FileProblem, ProblemKind, RowProblem};
use crate::rows::{checked_file, take_sample};
use crate::xlsx::XlsxRows;
use crate::{Dialect, Encoding, Format, HeaderChoice, Limits, Overrides, Rows, SheetError};

const PROBLEMS_KEPT: usize = 100;
const SAMPLE_ROWS: usize = 20;

/// What a person sees before mapping columns, and what the import needs to read the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// How the file is written; give it to [`crate::open`].
    pub dialect: Dialect,
    /// Names of the columns: unique, trimmed, never empty.
    pub columns: Vec<String>,
    /// Data rows: exactly as many as [`Rows`] will yield.
    pub row_count: u64,
    /// The first 100 problems.
    pub problems: Vec<FileProblem>,
    /// All problems.
    pub problem_count: u64,
    /// The first 20 data rows.
    pub sample: Vec<Vec<String>>,
    /// The sheets of a workbook; empty for CSV.
    pub sheets: Vec<String>,
}

/// Detects how a file is written, then reads it to its end once and counts.
///
/// # Errors
/// When the file holds no table, or one that cannot be read to its end.
pub fn inspect(path: &Path, overrides: &Overrides, limits: &Limits) -> Result<Inspection, SheetError> {
    let mut file = checked_file(path, limits)?;
    let start = take_sample(&mut file)?;
    match magic::content(&start)? {
        Content::Zip => inspect_xlsx(path, overrides, limits),
        Content::Ole => Err(magic::ole_error(&whole_directory(path, start)?)),
        Content::Text => inspect_csv(&|| Ok(Box::new(File::open(path)?)), overrides, limits),
    }
}

/// An OLE container may keep its directory at the end.
fn whole_directory(path: &Path, mut start: Vec<u8>) -> Result<Vec<u8>, SheetError> {
    use std::io::{Seek, SeekFrom};
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(SAMPLE_BYTES as u64)))?;
    file.take(SAMPLE_BYTES as u64).read_to_end(&mut start)?;
    Ok(start)
}

type Reopen<'a> = &'a dyn Fn() -> Result<Box<dyn Read + Send>, SheetError>;

/// `reopen` is called once, or twice when letters far down show that the encoding was guessed wrong.
pub(crate) fn inspect_csv(reopen: Reopen, overrides: &Overrides, limits: &Limits) -> Result<Inspection, SheetError> {
    let mut input = reopen()?;
    let raw = take_sample(&mut input)?;
    magic::content(&raw)?;
    let guess = match overrides.encoding {
        Some(encoding) => Guess { encoding, proven: true },
        None => encoding::detect(&raw),
    };
    let dialect = csv_dialect(&raw, guess.encoding, overrides)?;
    let forced_utf8 = matches!(overrides.encoding, Some(Encoding::Utf8 | Encoding::Utf8Bom));

    let input: Box<dyn Read + Send> = Box::new(std::io::Cursor::new(raw.clone()).chain(input));
    let mut survey = Survey::default();
    let rows = Rows::csv(input, &dialect, limits)?;
    let mut inspection = survey.take(rows, dialect)?;
    if survey.broken > survey.letters {
        if forced_utf8 && let Some((line, column)) = survey.first_broken {
            return Err(SheetError::NotUtf8 { line, column });
        }
        if !guess.proven {
            let overrides = Overrides { encoding: Some(Encoding::Windows1252), ..overrides.clone() };
            return inspect_csv(reopen, &overrides, limits);
        }
    }
    if guess.encoding == Encoding::Windows1252
        && overrides.encoding.is_none()
        && let Some(name) = encoding::other_script(&raw)
    {
        let message = format!(
            "The letters of this file look like {name}, which cannot be read here. Save it as \"CSV UTF-8\" and upload it again."
        );
        inspection.note(FileProblem { kind: ProblemKind::OtherEncoding, line: 1, column: None, message });
    }
    Ok(inspection)
}

fn csv_dialect(raw: &[u8], encoding: Encoding, overrides: &Overrides) -> Result<Dialect, SheetError> {
    let text = encoding::decode_sample(raw, encoding);
    let cut = raw.len() == SAMPLE_BYTES;
    if !cut && text.iter().all(|byte| byte.is_ascii_whitespace()) {
        return Err(SheetError::Empty);
    }
    let named = delimiter::named_delimiter(&text);
    let found = delimiter::find(&text, cut, overrides.delimiter.or(named));
    let first_line = if named.is_some() { 2 } else { 1 };
    let records = delimiter::parse(&text, cut, found.delimiter, Some(found.quote), first_line);
    Ok(Dialect {
        format: Format::Csv,
        encoding,
        delimiter: found.delimiter,
        quote: Some(found.quote),
        header_row: header_row(&records, overrides),
        sheet: None,
    })
}

fn inspect_xlsx(path: &Path, overrides: &Overrides, limits: &Limits) -> Result<Inspection, SheetError> {
    let mut rows = XlsxRows::open(path, overrides.sheet.as_deref(), limits)?;
    let records = rows.peek_sample()?;
    if records.is_empty() {
        let others: Vec<String> = rows.sheets().iter().filter(|name| *name != rows.sheet()).cloned().collect();
        return Err(match overrides.sheet {
            Some(_) if !others.is_empty() => SheetError::EmptySheet { name: rows.sheet().to_owned(), others },
            _ => SheetError::Empty,
        });
    }
    let dialect = Dialect {
        format: Format::Xlsx,
        encoding: Encoding::Utf8,
        delimiter: ',',
        quote: None,
        header_row: header_row(&records, overrides),
        sheet: Some(rows.sheet().to_owned()),
    };
    let sheets = rows.sheets().to_vec();
    let rows = Rows::xlsx(rows, dialect.header_row, limits)?;
    let inspection = Survey::default().take(rows, dialect)?;
    Ok(Inspection { sheets, ..inspection })
}

fn header_row(records: &[SampleRecord], overrides: &Overrides) -> Option<u64> {
    match overrides.header_row {
        Some(HeaderChoice::None) => None,
        Some(HeaderChoice::Row(row)) => Some(row.max(1)),
        None => header::find(records).map(|found| records[found.index].line),
    }
}

/// What the pass over the whole file says about its encoding.
#[derive(Default)]
struct Survey {
    /// Rows with letters beyond ASCII that are well-formed.
    letters: u64,
    /// Rows with bytes that are no letter.
    broken: u64,
    first_broken: Option<(u64, u64)>,
}

impl Survey {
    fn take(&mut self, mut rows: Rows, dialect: Dialect) -> Result<Inspection, SheetError> {
        let mut inspection = Inspection {
            dialect: Dialect { header_row: rows.header_row, ..dialect },
            columns: rows.columns().to_vec(),
            row_count: 0,
            problems: Vec::new(),
            problem_count: 0,
            sample: Vec::new(),
            sheets: Vec::new(),
        };
        for problem in std::mem::take(&mut rows.column_problems) {
            inspection.note(problem);
        }
        while let Some(record) = rows.next() {
            let record = record?;
            inspection.row_count = record.number;
            if let Some(RowProblem::InvalidText { column }) = record.problem {
                self.broken += 1;
                self.first_broken.get_or_insert((record.line, column));
            } else if record.fields.iter().any(|field| !field.is_ascii()) {
                self.letters += 1;
            }
            inspection.look_at(&record, rows.last_width);
            if inspection.sample.len() < SAMPLE_ROWS {
                inspection.sample.push(record.fields);
            }
        }
        if inspection.row_count == 0 {
            let line = inspection.dialect.header_row.unwrap_or(1);
            let message =
                "There is a header, but no row below it. Check that you exported the rows as well.".to_owned();
            inspection.note(FileProblem { kind: ProblemKind::HeaderOnly, line, column: None, message });
        }
        Ok(inspection)
    }
}

impl Inspection {
    fn look_at(&mut self, record: &crate::Record, found: usize) {
        if let Some(problem) = &record.problem {
            self.problem_count += 1;
            if self.problems.len() < PROBLEMS_KEPT {
                self.problems.push(problem.at_line(record.line));
            }
        }
        // A workbook has no cells at the end of a row unless something is in them.
        if found < self.columns.len() && self.dialect.format == Format::Csv {
            self.problem_count += 1;
            if self.problems.len() < PROBLEMS_KEPT {
                let (line, columns) = (record.line, self.columns.len());
                let message = format!(
                    "Line {line} has {found} cells, but there are {columns} columns. The missing ones are taken as empty."
                );
                self.problems.push(FileProblem { kind: ProblemKind::ShortRow, line, column: None, message });
            }
        }
    }

    fn note(&mut self, problem: FileProblem) {
        self.problem_count += 1;
        if self.problems.len() < PROBLEMS_KEPT {
            self.problems.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// `start`, then the same byte without end, counting what is read.
    struct Endless {
        start: &'static [u8],
        byte: u8,
        read: Arc<AtomicU64>,
    }

    impl Read for Endless {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let count = if self.start.is_empty() {
                out.fill(self.byte);
                out.len()
            } else {
                self.start.read(out)?
            };
            self.read.fetch_add(count as u64, Ordering::Relaxed);
            Ok(count)
        }
    }

    fn refuse(start: &'static [u8], byte: u8) -> (SheetError, u64) {
        let read = Arc::new(AtomicU64::new(0));
        let reopen = || -> Result<Box<dyn Read + Send>, SheetError> {
            Ok(Box::new(Endless { start, byte, read: read.clone() }))
        };
        let error = inspect_csv(&reopen, &Overrides::default(), &Limits::default()).expect_err("it has no end");
        (error, read.load(Ordering::Relaxed))
    }

    #[test]
    fn an_endless_cell_is_refused_after_a_few_megabytes() {
        const FEW: u64 = 3 * 1024 * 1024;
        let (error, read) = refuse(b"Name,Note\nBob,", b'x');
        assert!(matches!(error, SheetError::FieldTooLong { line: 2, column: 2, .. }), "{error}");
        assert!(read < FEW, "read {read}");
        let (error, read) = refuse(b"Name,Note\nBob,\"", b'\n');
        assert!(matches!(error, SheetError::UnclosedQuote { line: 2, column: 2 }), "{error}");
        assert!(read < FEW, "read {read}");
        let (error, read) = refuse(b"", b'x');
        assert!(matches!(error, SheetError::FieldTooLong { line: 1, column: 1, .. }), "{error}");
        assert!(read < FEW, "read {read}");
        let (error, read) = refuse(b"Name,Note\n", b',');
        assert!(matches!(error, SheetError::TooManyColumns { line: 2, .. }), "{error}");
        assert!(read < FEW, "read {read}");
        let (error, read) = refuse(b"\xff\xfea\0,\0b\0\n\0", b'x');
        assert!(matches!(error, SheetError::FieldTooLong { line: 2, column: 1, .. }), "{error}");
        assert!(read < FEW, "read {read}");
    }
}
