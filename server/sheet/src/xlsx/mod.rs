//! Rows out of an Excel workbook.
//!
//! The library's reader of cells borrows the workbook, and an iterator cannot own both. So a thread owns
//! the workbook and hands rows over through a short queue; it ends when the iterator is dropped. A panic of
//! the library on a hostile file stays in that thread and comes out as a sentence.

mod cell;
mod guard;

use std::collections::VecDeque;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{Data, DataRef, Reader, SheetType, Xlsx, XlsxError};

use crate::detect::{SAMPLE_RECORDS, SampleRecord};
use crate::rows::checked_file;
use crate::{Limits, SheetError};

const BATCH_ROWS: usize = 256;
const BATCH_BYTES: usize = 256 * 1024;
const QUEUE_BATCHES: usize = 2;

/// One row with something in it.
#[derive(Debug)]
pub(crate) struct XlsxRow {
    /// As a spreadsheet counts it, from 1.
    pub row: u64,
    /// Cells up to the last that is not empty.
    pub cells: Vec<String>,
}

impl XlsxRow {
    pub fn into_sample(self) -> SampleRecord {
        to_sample(&self)
    }
}

fn to_sample(row: &XlsxRow) -> SampleRecord {
    SampleRecord { line: row.row, quoted: vec![false; row.cells.len()], cells: row.cells.clone(), stray_quote: false }
}

enum Message {
    Opened { sheets: Vec<String>, sheet: String },
    Rows(Vec<XlsxRow>),
    Failed(SheetError),
    Ended,
}

/// The rows of one sheet, in order.
pub(crate) struct XlsxRows {
    messages: Receiver<Message>,
    ready: VecDeque<XlsxRow>,
    ended: bool,
    sheets: Vec<String>,
    sheet: String,
}

impl XlsxRows {
    /// # Errors
    /// When this is no workbook, one that is too large, damaged or protected, or one without that sheet.
    pub fn open(path: &Path, sheet: Option<&str>, limits: &Limits) -> Result<XlsxRows, SheetError> {
        guard::check(checked_file(path, limits)?, limits)?;
        let (sender, messages) = sync_channel(QUEUE_BATCHES);
        let (path, wanted, limits) = (path.to_owned(), sheet.map(str::to_owned), *limits);
        thread::Builder::new().name("sheet-xlsx".to_owned()).spawn(move || {
            let last = match read_workbook(&path, wanted, &limits, &sender) {
                Ok(()) => Message::Ended,
                Err(error) => Message::Failed(error),
            };
            // Nobody may be listening any more, and then nobody needs to know.
            let _ = sender.send(last);
        })?;
        let mut rows =
            XlsxRows { messages, ready: VecDeque::new(), ended: false, sheets: Vec::new(), sheet: String::new() };
        match rows.receive()? {
            Message::Opened { sheets, sheet } => (rows.sheets, rows.sheet) = (sheets, sheet),
            Message::Rows(batch) => rows.ready.extend(batch),
            Message::Failed(_) | Message::Ended => rows.ended = true,
        }
        Ok(rows)
    }

    /// The names of all sheets with cells.
    pub fn sheets(&self) -> &[String] {
        &self.sheets
    }

    /// The name of the sheet that is read.
    pub fn sheet(&self) -> &str {
        &self.sheet
    }

    /// The next row with something in it.
    pub fn next_row(&mut self) -> Result<Option<XlsxRow>, SheetError> {
        while self.ready.is_empty() && !self.ended {
            self.fill()?;
        }
        Ok(self.ready.pop_front())
    }

    /// The next rows, which stay to be read.
    pub fn peek_sample(&mut self) -> Result<Vec<SampleRecord>, SheetError> {
        while self.ready.len() < SAMPLE_RECORDS && !self.ended {
            self.fill()?;
        }
        Ok(self.ready.iter().take(SAMPLE_RECORDS).map(to_sample).collect())
    }

    fn fill(&mut self) -> Result<(), SheetError> {
        match self.receive()? {
            Message::Rows(batch) => self.ready.extend(batch),
            _ => self.ended = true,
        }
        Ok(())
    }

    fn receive(&mut self) -> Result<Message, SheetError> {
        match self.messages.recv() {
            Ok(Message::Failed(error)) => {
                self.ended = true;
                Err(error)
            }
            Ok(message) => Ok(message),
            Err(_) => {
                self.ended = true;
                Err(SheetError::DamagedWorkbook { detail: "the reader gave up on it".to_owned() })
            }
        }
    }
}

/// The listener is gone: stop quietly.
struct Unheard;

fn read_workbook(
    path: &Path,
    wanted: Option<String>,
    limits: &Limits,
    sender: &SyncSender<Message>,
) -> Result<(), SheetError> {
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(File::open(path)?)).map_err(damaged)?;
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let sheet = match wanted {
        Some(name) if sheets.contains(&name) => name,
        Some(name) => {
            return Err(SheetError::SheetNotFound { name, available: sheets });
        }
        None => match first_filled(&mut workbook, &sheets)? {
            Some(name) => name,
            None => sheets.first().cloned().ok_or(SheetError::Empty)?,
        },
    };
    if sender.send(Message::Opened { sheets, sheet: sheet.clone() }).is_err() {
        return Ok(());
    }
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(damaged)?;
    let mut batch = Batch { sender, limits, rows: Vec::new(), bytes: 0 };
    let mut current: Option<(u32, Vec<String>, usize)> = None;
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        if current.as_ref().is_some_and(|(at, ..)| *at != row)
            && let Some((at, texts, bytes)) = current.take()
            && batch.push(at, texts, bytes).is_err()
        {
            return Ok(());
        }
        let value = match cell.get_value() {
            DataRef::Empty => continue,
            value => cell::text(&Data::from(value.clone())),
        };
        if value.is_empty() {
            continue;
        }
        let (_, texts, bytes) = current.get_or_insert((row, Vec::new(), 0));
        *bytes += value.len();
        check_cell(row, column, value.len(), *bytes, limits)?;
        let column = column as usize;
        if texts.len() <= column {
            texts.resize(column + 1, String::new());
        }
        texts[column] = value;
    }
    if let Some((at, texts, bytes)) = current
        && batch.push(at, texts, bytes).is_err()
    {
        return Ok(());
    }
    let _ = batch.flush();
    Ok(())
}

/// The first sheet with something in it: an empty one in front must not hide the table.
fn first_filled(workbook: &mut Xlsx<BufReader<File>>, sheets: &[String]) -> Result<Option<String>, SheetError> {
    for name in sheets {
        let mut cells = workbook.worksheet_cells_reader(name).map_err(damaged)?;
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            let is_empty = match cell.get_value() {
                DataRef::Empty => true,
                value => cell::text(&Data::from(value.clone())).is_empty(),
            };
            if !is_empty {
                return Ok(Some(name.clone()));
            }
        }
    }
    Ok(None)
}

fn check_cell(row: u32, column: u32, cell: usize, record: usize, limits: &Limits) -> Result<(), SheetError> {
    let line = u64::from(row) + 1;
    if column as usize >= limits.max_columns {
        return Err(SheetError::TooManyColumns { line, limit: limits.max_columns });
    }
    if cell > limits.max_field_bytes {
        let column = u64::from(column) + 1;
        return Err(SheetError::FieldTooLong { line, column, limit: limits.max_field_bytes });
    }
    if record > limits.max_record_bytes {
        return Err(SheetError::RecordTooLong { line, limit: limits.max_record_bytes });
    }
    Ok(())
}

struct Batch<'a> {
    sender: &'a SyncSender<Message>,
    limits: &'a Limits,
    rows: Vec<XlsxRow>,
    bytes: usize,
}

impl Batch<'_> {
    fn push(&mut self, row: u32, cells: Vec<String>, bytes: usize) -> Result<(), Unheard> {
        self.rows.push(XlsxRow { row: u64::from(row) + 1, cells });
        self.bytes += bytes;
        let full = self.rows.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES.min(self.limits.max_record_bytes);
        if full { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Unheard> {
        self.bytes = 0;
        if self.rows.is_empty() {
            return Ok(());
        }
        self.sender.send(Message::Rows(std::mem::take(&mut self.rows))).map_err(|_| Unheard)
    }
}

fn damaged(error: XlsxError) -> SheetError {
    match error {
        XlsxError::Password => SheetError::PasswordProtected,
        XlsxError::Io(error) if error.raw_os_error().is_some() => SheetError::Io(error),
        other => SheetError::DamagedWorkbook { detail: other.to_string() },
    }
}
