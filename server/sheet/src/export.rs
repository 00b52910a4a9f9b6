//! Writing a cell so that no spreadsheet runs it as a formula, and reading it back unchanged.
//!
//! Spreadsheets take a cell that starts with one of a few characters for a formula, also when it came out
//! of a CSV file. Such a cell gets an apostrophe in front, which spreadsheets show as text. So that a
//! person's own apostrophe survives, a cell that already looks escaped gets one more.

use std::borrow::Cow;

/// The header of the column that says why a row did not simply go in. A file with such a column has no others than its
/// header names, so that a row that had too many cells fails again when it comes back.
pub const REASON_COLUMN: &str = "Import reason";

/// Whether a header is that of the column of reasons, however a spreadsheet wrote it back.
pub fn is_reason_column(header: &str) -> bool {
    header.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').eq_ignore_ascii_case(REASON_COLUMN)
}

/// The cell as it goes into a CSV file.
///
/// ```
/// use sheet::export::{escape_cell, unescape_cell};
/// assert_eq!(escape_cell("=1+1"), "'=1+1");
/// assert_eq!(unescape_cell("'=1+1"), "=1+1");
/// assert_eq!(escape_cell("O'Neil"), "O'Neil");
/// ```
pub fn escape_cell(value: &str) -> Cow<'_, str> {
    if starts_formula_behind_apostrophes(value) { Cow::Owned(format!("'{value}")) } else { Cow::Borrowed(value) }
}

/// The value of a cell that [`escape_cell`] wrote. Cells it would not have touched stay as they are.
pub fn unescape_cell(cell: &str) -> Cow<'_, str> {
    match cell.strip_prefix('\'') {
        Some(value) if starts_formula_behind_apostrophes(value) => Cow::Borrowed(value),
        _ => Cow::Borrowed(cell),
    }
}

/// Leading apostrophes are looked through, so that `'=x` is told from an escaped `=x`.
fn starts_formula_behind_apostrophes(value: &str) -> bool {
    value.trim_start_matches('\'').starts_with(starts_formula)
}

/// The ASCII set is OWASP's; the full-width forms are read as operators by East Asian versions of Excel.
fn starts_formula(character: char) -> bool {
    matches!(character, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cells_that_would_start_a_formula_get_an_apostrophe() {
        for (value, cell) in [
            ("", ""),
            ("plain", "plain"),
            ("'", "'"),
            ("'quoted'", "'quoted'"),
            ("=SUM(A1)", "'=SUM(A1)"),
            ("+33 6 12", "'+33 6 12"),
            ("-1", "'-1"),
            ("@handle", "'@handle"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("''=1", "'''=1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(escape_cell(value), cell, "escaping {value:?}");
            assert_eq!(unescape_cell(cell), value, "reading {cell:?} back");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn reading_back_gives_the_value(value in "['=+@\t\ra＝＠-]{0,6}.{0,4}") {
            let cell = escape_cell(&value);
            prop_assert!(!cell.starts_with(starts_formula));
            prop_assert_eq!(unescape_cell(&cell), &value[..]);
        }
    }
}
