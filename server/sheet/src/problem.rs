//! What is wrong with single rows: the file is still read, and nothing is changed without a word.

use serde::{Deserialize, Serialize};

/// One remark about the file, for the list beside the preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileProblem {
    /// What it is, for counting and filtering.
    pub kind: ProblemKind,
    /// Physical line (workbook: row), from 1.
    pub line: u64,
    /// Which cell of the record, from 1, where it is about one cell.
    pub column: Option<u64>,
    /// A sentence made to be shown as it is.
    pub message: String,
}

/// The kinds of [`FileProblem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProblemKind {
    /// There is a header and nothing below it.
    HeaderOnly,
    /// Two columns have the same name; the later one was given a number.
    DuplicateHeader,
    /// A column has no name; it was given one.
    EmptyHeader,
    /// A row has fewer cells than there are columns; the rest is taken as empty.
    ShortRow,
    /// A row has more non-empty cells than there are columns.
    TooManyFields,
    /// A cell holds a NUL character.
    Nul,
    /// A cell holds bytes that are no letter in the encoding.
    InvalidText,
    /// There is text behind a closing quote.
    StrayQuote,
    /// The letters look like an encoding we do not read.
    OtherEncoding,
}

/// Why a record may not say what its author meant. The record is delivered all the same, so that every
/// row of the file can be given one outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RowProblem {
    /// There are non-empty cells beyond the last column; they are not in `fields`.
    TooManyFields {
        /// Cells in the record.
        found: u64,
        /// Columns of the file.
        expected: u64,
    },
    /// A cell holds a NUL character, which databases refuse.
    Nul {
        /// Which cell, from 1.
        column: u64,
    },
    /// Bytes that are no letter in the encoding; they became U+FFFD.
    InvalidText {
        /// Which cell, from 1.
        column: u64,
    },
    /// Text follows a closing quote, as in `"Bob" Smith`; the quotes around the first part were dropped.
    StrayQuote {
        /// Which cell, from 1.
        column: u64,
    },
}

impl RowProblem {
    /// The same problem as an entry of the list beside the preview.
    pub fn at_line(&self, line: u64) -> FileProblem {
        let (kind, column, message) = match *self {
            RowProblem::TooManyFields { found, expected } => (
                ProblemKind::TooManyFields,
                None,
                format!(
                    "Line {line} has {found} cells, but there are {expected} columns. Check for a delimiter inside a cell that is not in quotes."
                ),
            ),
            RowProblem::Nul { column } => (
                ProblemKind::Nul,
                Some(column),
                format!(
                    "Line {line}, column {column}, holds a NUL character, which no text has. Type this cell again."
                ),
            ),
            RowProblem::InvalidText { column } => (
                ProblemKind::InvalidText,
                Some(column),
                format!(
                    "Line {line}, column {column}, holds bytes that are no letter in this encoding. Correct the cell or choose another encoding."
                ),
            ),
            RowProblem::StrayQuote { column } => (
                ProblemKind::StrayQuote,
                Some(column),
                format!(
                    "Line {line}, column {column}, has text behind a closing quote. Write a quotation mark inside a quoted cell twice."
                ),
            ),
        };
        FileProblem { kind, line, column, message }
    }
}
