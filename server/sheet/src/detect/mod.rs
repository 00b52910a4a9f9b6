//! Guessing how a file is written, from its beginning.

use crate::export::is_reason_column;

pub(crate) mod delimiter;
pub(crate) mod header;
pub(crate) mod kind;

/// How much of a file is looked at.
pub(crate) const SAMPLE_BYTES: usize = 256 * 1024;

/// How many records of it are looked at.
pub(crate) const SAMPLE_RECORDS: usize = 1_000;

/// One record of the sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SampleRecord {
    /// Physical line or row, from 1.
    pub line: u64,
    /// All cells, ragged.
    pub cells: Vec<String>,
    /// Whether each cell was in quotes.
    pub quoted: Vec<bool>,
    /// Whether text followed a closing quote.
    pub stray_quote: bool,
}

impl SampleRecord {
    /// Cells up to the last that is not empty.
    pub fn used_width(&self) -> usize {
        self.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1)
    }

    /// Cells that are not empty.
    pub fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.trim().is_empty()).count()
    }
}

/// The width that most records have; of equally frequent ones the larger. Zero without records.
pub(crate) fn usual(widths: impl Iterator<Item = usize>) -> usize {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    for width in widths {
        *counts.entry(width).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(width, count)| (count, width)).map_or(0, |(width, _)| width)
}

/// The largest number of cells that a record uses.
pub(crate) fn widest(body: &[SampleRecord]) -> usize {
    body.iter().map(SampleRecord::used_width).max().unwrap_or(0)
}

/// How many columns a table has: those the header names, and further ones that most rows fill.
pub(crate) fn column_count(header: Option<&SampleRecord>, body: &[SampleRecord]) -> usize {
    match header {
        Some(header) => {
            let named = header.cells.len();
            // what stands behind the columns of our own file of reasons are the surplus cells of rows that failed by them
            if header.cells.iter().any(|cell| is_reason_column(cell)) {
                return named;
            }
            let wider = || body.iter().map(SampleRecord::used_width).filter(|width| *width > named);
            if wider().count() * 2 > body.len() { usual(wider()) } else { named }
        }
        None => usual(body.iter().map(|record| record.cells.len())),
    }
}
