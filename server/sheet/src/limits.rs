//! How much of a file we are willing to look at.

const MEBIBYTE: u64 = 1024 * 1024;

/// Bounds on what one file may cost. They exist so that a hostile or broken file is refused in words
/// instead of taking the server's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file itself.
    pub max_bytes: u64,
    /// Size of one cell. A quote that is never closed runs into this one.
    pub max_field_bytes: usize,
    /// Size of all cells of one record together.
    pub max_record_bytes: usize,
    /// Cells in one record.
    pub max_columns: usize,
    /// Data records in one file.
    pub max_rows: u64,
    /// All text parts of a workbook after unpacking.
    pub max_unpacked_bytes: u64,
    /// The table of texts of a workbook after unpacking: the one part that has to be held in memory.
    pub max_shared_text_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_bytes: 250_000_000,
            max_field_bytes: MEBIBYTE as usize,
            max_record_bytes: 4 * MEBIBYTE as usize,
            max_columns: 1_000,
            max_rows: 5_000_000,
            max_unpacked_bytes: 1024 * MEBIBYTE,
            max_shared_text_bytes: 128 * MEBIBYTE,
        }
    }
}
