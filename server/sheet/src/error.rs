//! Why a file cannot be read, in sentences made to be shown as they are.

use std::io;

/// The file as a whole is refused. Each message says what happened, where, and what to do next; the
/// doc comment of a variant says when it arises.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// Nothing but blank lines, or nothing at all.
    #[error("This file is empty. Check that you chose the right one and upload it again.")]
    Empty,
    /// The first bytes belong to another kind of file, whatever its name says.
    #[error("This is {what}, not a table. {advice}")]
    NotATable {
        /// The kind of file with its article, such as "a PDF document".
        what: &'static str,
        /// What the person can do instead, a full sentence.
        advice: &'static str,
    },
    /// A quote is open at the end of the file, or a quoted cell grew beyond the limit.
    #[error(
        "The quote that opens on line {line}, column {column}, is never closed, so the rest of the file would become one cell. Close or remove that quotation mark and upload the file again."
    )]
    UnclosedQuote {
        /// Physical line of the opening quote, from 1.
        line: u64,
        /// Which cell of the record, from 1.
        column: u64,
    },
    /// A person chose UTF-8 for a file that is not.
    #[error(
        "This file is not UTF-8: line {line}, column {column}, holds bytes that are no letter in it. Choose Windows-1252, or leave the encoding on automatic."
    )]
    NotUtf8 {
        /// Physical line of the first such record, from 1.
        line: u64,
        /// Which cell of the record, from 1.
        column: u64,
    },
    /// One unquoted cell is larger than the limit.
    #[error(
        "The cell on line {line}, column {column}, is longer than {} KB. Shorten it, or check that this is a CSV file with line breaks, and upload it again.", limit / 1024
    )]
    FieldTooLong {
        /// Physical line on which the record starts, from 1.
        line: u64,
        /// Which cell of the record, from 1.
        column: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// The cells of one record are together larger than the limit.
    #[error(
        "The row on line {line} is longer than {} KB. Shorten it, or check that the file has line breaks, and upload it again.", limit / 1024
    )]
    RecordTooLong {
        /// Physical line on which the record starts, from 1.
        line: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// A record has more cells than we accept.
    #[error(
        "Line {line} has more than {limit} columns. Remove the columns you do not need, or choose another delimiter, and try again."
    )]
    TooManyColumns {
        /// Physical line on which the record starts, from 1.
        line: u64,
        /// The limit.
        limit: usize,
    },
    /// More data rows than we accept.
    #[error("This file has more than {limit} rows. Split it into smaller files and upload them one after the other.")]
    TooManyRows {
        /// The limit.
        limit: u64,
    },
    /// The file is larger than we accept.
    #[error("This file is larger than {} MB. Split it into smaller files and upload them one after the other.", limit / 1_000_000)]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// A workbook unpacks to more than we accept: a very large one, or a zip bomb.
    #[error(
        "This workbook unpacks to more than we can read safely. Save the sheet you need as CSV and upload that instead."
    )]
    UnpacksTooLarge,
    /// A workbook that cannot be opened or read to its end.
    #[error(
        "This workbook is damaged ({detail}). Open it in a spreadsheet program, save it again and upload the new file."
    )]
    DamagedWorkbook {
        /// What the reader stumbled over; for support, not for the person.
        detail: String,
    },
    /// A workbook that is encrypted.
    #[error("This workbook is protected by a password. Remove the password, save it and upload it again.")]
    PasswordProtected,
    /// The sheet a person chose does not exist (any more).
    #[error("There is no sheet called \"{name}\" in this workbook. Choose one of: {}.", available.join(", "))]
    SheetNotFound {
        /// The sheet asked for.
        name: String,
        /// The sheets that exist.
        available: Vec<String>,
    },
    /// The sheet a person chose has no cell with anything in it.
    #[error("The sheet \"{name}\" is empty. Choose another one: {}.", others.join(", "))]
    EmptySheet {
        /// The sheet asked for.
        name: String,
        /// The other sheets.
        others: Vec<String>,
    },
    /// The chosen header line lies behind the last line with content.
    #[error("There is no line {row} in this file, so it cannot be the header. Choose a smaller line number.")]
    HeaderRowNotFound {
        /// The line asked for, from 1.
        row: u64,
    },
    /// A delimiter that cannot separate cells: a line end, a quote, or not ASCII.
    #[error("{delimiter:?} cannot separate columns. Choose a comma, a semicolon, a tab or a vertical bar.")]
    BadDelimiter {
        /// The delimiter asked for.
        delimiter: char,
    },
    /// The disk or the operating system failed.
    #[error("The file could not be read ({0}). Upload it again; if that does not help, tell your administrator.")]
    Io(#[from] io::Error),
}
