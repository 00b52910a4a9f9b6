//! How a file is written down: what was detected, and what a person changed.

use serde::{Deserialize, Serialize};

/// Everything needed to read a file again in exactly the same way, so that a job that is resumed
/// after a restart sees the rows that the preview showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dialect {
    /// Told from the content of the file, never from its name.
    pub format: Format,
    /// How bytes become letters. Always `utf8` for a workbook.
    pub encoding: Encoding,
    /// What separates two cells. An ASCII character.
    pub delimiter: char,
    /// What surrounds a cell that holds a delimiter or a line end; `None` when quotes mean nothing.
    pub quote: Option<char>,
    /// The physical line (workbook: row), from 1, on which the header starts. `None` when the file has
    /// no header; its columns are then called "Column 1", "Column 2" and so on.
    pub header_row: Option<u64>,
    /// The sheet of a workbook; `None` for CSV.
    pub sheet: Option<String>,
}

/// The kinds of file that hold a table we can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// Text with delimiters.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

/// The encodings a person can choose from; together they cover what spreadsheets and CRMs write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 with a byte order mark, as Excel's "CSV UTF-8" writes it.
    Utf8Bom,
    /// UTF-16, low byte first, as Excel's "Unicode text" writes it.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// What Excel's plain "CSV" writes on a western Windows; also reads Latin-1.
    Windows1252,
}

/// What a person changed in the preview. Whatever is `None` is detected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Overrides {
    /// Read the bytes this way.
    pub encoding: Option<Encoding>,
    /// Split cells here.
    pub delimiter: Option<char>,
    /// Where the header is, or that there is none.
    pub header_row: Option<HeaderChoice>,
    /// Which sheet of a workbook.
    pub sheet: Option<String>,
}

/// A person's answer to "where is the header?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HeaderChoice {
    /// The first line is already data.
    None,
    /// The header starts on this physical line (workbook: row), from 1.
    Row(u64),
}
