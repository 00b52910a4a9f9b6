//! The rows of a table, one by one, whatever the file is.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use crate::columns;
use crate::csv::{CsvReader, RawRecord};
use crate::detect::{SAMPLE_BYTES, SampleRecord, column_count, delimiter, widest};
use crate::encoding::{self, Transcoder};
use crate::problem::{FileProblem, RowProblem};
use crate::xlsx::{XlsxRow, XlsxRows};
use crate::{Dialect, Format, Limits, SheetError, magic};

/// One data row. Every row of the file becomes one, also a faulty one, so that the counts of an import
/// add up to the rows of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The number of the data row, from 1.
    pub number: u64,
    /// The physical line (workbook: row) on which it starts, from 1.
    pub line: u64,
    /// The cells, exactly as many as there are columns.
    pub fields: Vec<String>,
    /// The cells beyond the last column, when any of them says something: whoever writes the row down again must not lose
    /// them.
    pub surplus: Vec<String>,
    /// What keeps `fields` from being what the author meant, if anything.
    pub problem: Option<RowProblem>,
}

/// Reads the data rows of a file in order, in memory that does not grow with the file. After an error it
/// yields nothing more.
pub struct Rows {
    columns: Vec<String>,
    pub(crate) column_problems: Vec<FileProblem>,
    pub(crate) header_row: Option<u64>,
    /// How many cells the last row had in the file.
    pub(crate) last_width: usize,
    source: Source,
    number: u64,
    max_rows: u64,
    ended: bool,
}

enum Source {
    Csv(CsvReader<Box<dyn Read + Send>>),
    Xlsx(XlsxRows),
}

/// Opens a file for reading its data rows.
///
/// # Errors
/// When the file is not what the dialect says, or cannot be read at all.
pub fn open(path: &Path, dialect: &Dialect, limits: &Limits) -> Result<Rows, SheetError> {
    match dialect.format {
        Format::Csv => Rows::csv(Box::new(checked_file(path, limits)?), dialect, limits),
        Format::Xlsx => Rows::xlsx(XlsxRows::open(path, dialect.sheet.as_deref(), limits)?, dialect.header_row, limits),
    }
}

/// The file, when it is not larger than allowed.
pub(crate) fn checked_file(path: &Path, limits: &Limits) -> Result<File, SheetError> {
    let file = File::open(path)?;
    if file.metadata()?.len() > limits.max_bytes {
        return Err(SheetError::TooLarge { limit: limits.max_bytes });
    }
    Ok(file)
}

/// The first bytes of `input`.
pub(crate) fn take_sample(input: &mut impl Read) -> Result<Vec<u8>, SheetError> {
    let mut sample = Vec::with_capacity(SAMPLE_BYTES);
    input.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut sample)?;
    Ok(sample)
}

impl Rows {
    /// The names of the columns, unique and trimmed.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(crate) fn csv(mut input: Box<dyn Read + Send>, dialect: &Dialect, limits: &Limits) -> Result<Rows, SheetError> {
        let raw = take_sample(&mut input)?;
        if magic::content(&raw)? != magic::Content::Text {
            return Err(SheetError::NotATable { what: "not the text file it was", advice: "Upload it again." });
        }
        let text = encoding::decode_sample(&raw, dialect.encoding);
        let cut = raw.len() == SAMPLE_BYTES;
        let first_line = match dialect.header_row {
            Some(row) => row,
            None if delimiter::named_delimiter(&text).is_some() => 2,
            None => 1,
        };
        let sample = delimiter::parse(&text, cut, dialect.delimiter, dialect.quote, first_line);

        let mark = encoding::mark_length(&raw, dialect.encoding) as u64;
        let mut start = Cursor::new(raw);
        start.set_position(mark);
        let text: Box<dyn Read + Send> = Box::new(Transcoder::new(start.chain(input), dialect.encoding));
        let mut reader = CsvReader::new(text, dialect.delimiter, dialect.quote, limits)?;
        reader.skip_to_line(first_line)?;

        let mut header_row = None;
        let columns = match dialect.header_row {
            Some(row) => {
                let Some(record) = reader.read()? else {
                    return Err(SheetError::HeaderRowNotFound { row });
                };
                let header = sample_record(record);
                header_row = Some(record.line);
                let count = column_count(Some(&header), sample.get(1..).unwrap_or_default());
                columns::named(&header.cells, header.line, count)
            }
            None => columns::numbered(column_count(None, &sample)),
        };
        Ok(Rows::new(columns, header_row, Source::Csv(reader), limits))
    }

    pub(crate) fn xlsx(mut rows: XlsxRows, header_row: Option<u64>, limits: &Limits) -> Result<Rows, SheetError> {
        let mut found = None;
        let columns = match header_row {
            Some(row) => {
                let header = loop {
                    match rows.next_row()? {
                        None => return Err(SheetError::HeaderRowNotFound { row }),
                        Some(header) if header.row >= row => break header,
                        Some(_) => {}
                    }
                };
                found = Some(header.row);
                let header = header.into_sample();
                let count = column_count(Some(&header), &rows.peek_sample()?);
                columns::named(&header.cells, header.line, count)
            }
            // rows of a workbook end at their last filled cell, so only the widest shows how wide the table is
            None => columns::numbered(widest(&rows.peek_sample()?)),
        };
        Ok(Rows::new(columns, found, Source::Xlsx(rows), limits))
    }

    fn new(columns: columns::Columns, header_row: Option<u64>, source: Source, limits: &Limits) -> Rows {
        Rows {
            columns: columns.names,
            column_problems: columns.problems,
            header_row,
            last_width: 0,
            source,
            number: 0,
            max_rows: limits.max_rows,
            ended: false,
        }
    }

    fn read(&mut self) -> Result<Option<Record>, SheetError> {
        let width = self.columns.len();
        let (line, found, Shaped { fields, surplus, problem }) = match &mut self.source {
            Source::Csv(reader) => {
                let Some(raw) = reader.read()? else {
                    return Ok(None);
                };
                (raw.line, raw.ends.len(), shape(raw, width))
            }
            Source::Xlsx(rows) => {
                let Some(XlsxRow { row, mut cells }) = rows.next_row()? else {
                    return Ok(None);
                };
                let found = cells.len();
                let surplus = cells.split_off(found.min(width));
                cells.resize(width, String::new());
                let problem = (found > width)
                    .then_some(RowProblem::TooManyFields { found: found as u64, expected: width as u64 })
                    .or_else(|| {
                        let index = cells.iter().position(|cell| cell.contains('\0'))?;
                        Some(RowProblem::Nul { column: index as u64 + 1 })
                    });
                (row, found, Shaped { fields: cells, surplus, problem })
            }
        };
        if self.number == self.max_rows {
            return Err(SheetError::TooManyRows { limit: self.max_rows });
        }
        self.number += 1;
        self.last_width = found;
        Ok(Some(Record { number: self.number, line, fields, surplus, problem }))
    }
}

impl Iterator for Rows {
    type Item = Result<Record, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.read().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

/// A row brought to the width of the table.
struct Shaped {
    fields: Vec<String>,
    surplus: Vec<String>,
    problem: Option<RowProblem>,
}

/// Text for every column, and the gravest problem on the way.
fn shape(raw: &RawRecord, width: usize) -> Shaped {
    let mut fields = Vec::with_capacity(width);
    let mut invalid = None;
    let beyond = || raw.cells().skip(width);
    let extra = beyond().any(|cell| !cell.trim_ascii().is_empty());
    let surplus =
        if extra { beyond().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect() } else { Vec::new() };
    for (index, cell) in raw.cells().take(width).enumerate() {
        match std::str::from_utf8(cell) {
            Ok(text) => fields.push(text.to_owned()),
            Err(_) => {
                invalid.get_or_insert(index);
                fields.push(String::from_utf8_lossy(cell).into_owned());
            }
        }
    }
    fields.resize(width, String::new());
    let column = |index: usize| index as u64 + 1;
    let nul = || {
        memchr::memchr(0, &raw.data)?;
        raw.cells().take(width).position(|cell| cell.contains(&0))
    };
    let problem = if let Some(index) = invalid {
        Some(RowProblem::InvalidText { column: column(index) })
    } else if let Some(index) = nul() {
        Some(RowProblem::Nul { column: column(index) })
    } else if extra {
        Some(RowProblem::TooManyFields { found: raw.ends.len() as u64, expected: width as u64 })
    } else {
        raw.stray_quote.map(|index| RowProblem::StrayQuote { column: column(index) })
    };
    Shaped { fields, surplus, problem }
}

fn sample_record(raw: &RawRecord) -> SampleRecord {
    SampleRecord {
        line: raw.line,
        cells: raw.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect(),
        quoted: raw.quoted.clone(),
        stray_quote: raw.stray_quote.is_some(),
    }
}
