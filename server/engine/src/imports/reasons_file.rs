//! The rows that did not simply go in, as a CSV of the original columns plus the reason: it imports again as it is.

use std::collections::VecDeque;

use domain::ids::ImportId;
use domain::import::{ImportState, RowView};
use domain::{Act, Outcome};
use sheet::export::{REASON_COLUMN, escape_cell, is_reason_column, unescape_cell};
use sheet::{Record, RowProblem, Rows, SheetError};
use store::import_rows::{self, Which};
use store::imports;
use tokio::sync::mpsc;

use super::reader::Source;
use crate::pieces::{Pieces, end, hand_on, on_a_thread};
use crate::{Actor, Engine, Error, Result};

/// Rows asked for at a time.
const PAGE: i64 = 1_000;
/// Bytes of a piece that is handed on.
const PIECE: usize = 64 * 1024;
/// A byte that no text has in UTF-8: it takes the place of what could not be read, so that the row is refused again.
const NO_TEXT: u8 = 0xff;

impl Engine {
    /// Starts writing the rows with these outcomes (none: all that did not simply go in); the pieces come in order.
    ///
    /// # Errors
    /// When there is no such import, or its file is gone.
    pub async fn reasons_file(&self, actor: &Actor, import: ImportId, outcomes: Vec<Outcome>) -> Result<Pieces> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let found = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        if found.state == ImportState::Draft {
            return Err(Error::conflict("This import has not been started, so it has no results yet."));
        }
        drop(tx);
        let run = self.load_run(actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let outcomes = if outcomes.is_empty() {
            Outcome::ALL.iter().copied().filter(|o| o.is_detail()).collect()
        } else {
            outcomes
        };
        let writing = on_a_thread(move || Writing::open(&run.source)).await??;
        let (send, receive) = mpsc::channel(4);
        let (engine, actor) = (self.clone(), actor.clone());
        tokio::spawn(async move {
            let which = Which { outcomes, ..Which::default() };
            end(&send, engine.send_file(&actor, import, &which, writing, &send).await, "reasons").await;
        });
        Ok(receive)
    }

    /// Every row of an import in file order, in pages; for the command line.
    ///
    /// # Errors
    /// When there is no such import.
    pub async fn all_rows(&self, actor: &Actor, import: ImportId) -> Result<Pieces<Vec<RowView>>> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let (send, receive) = mpsc::channel(2);
        let (engine, actor) = (self.clone(), actor.clone());
        tokio::spawn(async move {
            end(&send, engine.send_rows(&actor, import, &send).await, "rows").await;
        });
        Ok(receive)
    }

    async fn send_rows(
        &self,
        actor: &Actor,
        import: ImportId,
        send: &mpsc::Sender<Result<Vec<RowView>>>,
    ) -> Result<()> {
        let (all, mut after) = (Which::default(), 0);
        while let Some(rows) = self.page_of_rows(actor, import, &all, &mut after).await? {
            if !hand_on(send, Ok(rows)).await {
                break;
            }
        }
        Ok(())
    }

    async fn send_file(
        &self,
        actor: &Actor,
        import: ImportId,
        which: &Which,
        mut writing: Writing,
        send: &mpsc::Sender<Result<Vec<u8>>>,
    ) -> Result<()> {
        if !hand_on(send, writing.header()).await {
            return Ok(());
        }
        let mut after = 0;
        while let Some(rows) = self.page_of_rows(actor, import, which, &mut after).await? {
            writing.rows = rows.into();
            while !writing.rows.is_empty() {
                let (back, piece) = on_a_thread(move || {
                    let piece = writing.piece();
                    (writing, piece)
                })
                .await?;
                writing = back;
                if !hand_on(send, Ok(piece?)).await {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The next rows behind one; none when there are no more.
    async fn page_of_rows(
        &self,
        actor: &Actor,
        import: ImportId,
        which: &Which,
        after: &mut i64,
    ) -> Result<Option<Vec<RowView>>> {
        let mut tx = self.store().read().await?;
        let page = import_rows::page(&mut tx, actor.workspace, import, which, *after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(None) };
        *after = last.row_number;
        self.row_views(&mut tx, actor, page).await.map(Some)
    }
}

/// The file that was imported, gone through beside its rows, both in file order.
struct Writing {
    records: Rows,
    /// Where the reasons go when the file has a column for them already.
    reasons: Option<usize>,
    /// Rows that are still to be written.
    rows: VecDeque<RowView>,
}

impl Writing {
    fn open(source: &Source) -> Result<Self> {
        let records = sheet::open(&source.path, &source.dialect, &source.limits).map_err(|error| match error {
            SheetError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
                tracing::warn!(path = %source.path.display(), "the file of an import is gone");
                Error::gone(
                    "The file of this import is not on the server any more, so its rows cannot be written down.",
                )
            }
            other => other.into(),
        })?;
        let reasons = records.columns().iter().position(|column| is_reason_column(column));
        Ok(Writing { records, reasons, rows: VecDeque::new() })
    }

    fn header(&self) -> Result<Vec<u8>> {
        let mut cells: Vec<Vec<u8>> = self.records.columns().iter().map(|column| safe(column)).collect();
        if self.reasons.is_none() {
            cells.push(safe(REASON_COLUMN));
        }
        let mut csv = csv::WriterBuilder::new().from_writer("\u{feff}".as_bytes().to_vec());
        csv.write_record(cells).map_err(|_| BROKEN)?;
        csv.into_inner().map_err(|_| BROKEN)
    }

    /// The next lines, until they are enough for a piece.
    fn piece(&mut self) -> Result<Vec<u8>> {
        // a row with too many cells is written with all of them
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let mut bytes = 0;
        while bytes < PIECE
            && let Some(row) = self.rows.pop_front()
        {
            let cells = self.cells(&row)?;
            bytes += cells.iter().map(Vec::len).sum::<usize>();
            csv.write_record(cells).map_err(|_| BROKEN)?;
        }
        csv.into_inner().map_err(|_| BROKEN)
    }

    /// The cells of a row as they were, its reason, and behind it the cells for which there is no column.
    fn cells(&mut self, row: &RowView) -> Result<Vec<Vec<u8>>> {
        let record = loop {
            match self.records.next() {
                Some(Ok(record)) if record.number == row.row => break record,
                Some(record) => drop(record?),
                None => return Err(Error::Fault("the file of an import ended before its rows")),
            }
        };
        let why = safe(&format!("{}: {}", row.outcome.label(), row.why));
        let mut cells: Vec<Vec<u8>> = record.fields.iter().map(|cell| original(cell, &record)).collect();
        match self.reasons.and_then(|column| cells.get_mut(column)) {
            Some(reason) => *reason = why,
            None => cells.push(why),
        }
        cells.extend(record.surplus.iter().map(|cell| original(cell, &record)));
        Ok(cells)
    }
}

const BROKEN: Error = Error::Fault("a line of CSV could not be written");

/// A cell that no spreadsheet runs, and that is read as what it was; one that is safe already is not made safe twice.
fn safe(cell: &str) -> Vec<u8> {
    escape_cell(&unescape_cell(cell)).into_owned().into_bytes()
}

/// A cell of the file; what was no text in it is none again.
fn original(cell: &str, record: &Record) -> Vec<u8> {
    let bytes = safe(cell);
    if !matches!(record.problem, Some(RowProblem::InvalidText { .. })) {
        return bytes;
    }
    // what could not be read stands there as U+FFFD
    let text = String::from_utf8_lossy(&bytes);
    let parts: Vec<&[u8]> = text.split(char::REPLACEMENT_CHARACTER).map(str::as_bytes).collect();
    parts.join(&NO_TEXT)
}
