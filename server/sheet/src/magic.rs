//! Telling a table from the other things people upload by mistake, by the first bytes.

use crate::SheetError;

/// What the first bytes of a file say about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A zip container: a workbook, or something else that is zipped.
    Zip,
    /// An OLE container: an old Excel file, or an encrypted new one.
    Ole,
    /// Perhaps text.
    Text,
}

const SAVE_AS_CSV: &str = "Open it in the program that made it, save the list as CSV or XLSX and upload that.";
const UNPACK: &str = "Unpack it first and upload the CSV or XLSX file that is inside.";

const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"%PDF", "a PDF document", SAVE_AS_CSV),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", SAVE_AS_CSV),
    (b"\xff\xd8\xff", "a picture (JPEG)", SAVE_AS_CSV),
    (b"GIF87a", "a picture (GIF)", SAVE_AS_CSV),
    (b"GIF89a", "a picture (GIF)", SAVE_AS_CSV),
    (b"\x1f\x8b", "a compressed file (gzip)", UNPACK),
    (b"BZh", "a compressed file (bzip2)", UNPACK),
    (b"\xfd7zXZ\0", "a compressed file (xz)", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (b"SQLite format 3\0", "a database (SQLite)", SAVE_AS_CSV),
    (b"PAR1", "a Parquet file", SAVE_AS_CSV),
    (b"{\\rtf", "a text document (RTF)", SAVE_AS_CSV),
    (b"\x7fELF", "a program", "Check that you chose the right file."),
];

/// # Errors
/// When the bytes are certainly not a table.
pub(crate) fn content(start: &[u8]) -> Result<Content, SheetError> {
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        return Ok(Content::Zip);
    }
    if start.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Content::Ole);
    }
    for (signature, what, advice) in SIGNATURES {
        if start.starts_with(signature) && !is_bzip_lookalike(signature, start) {
            return Err(SheetError::NotATable { what, advice });
        }
    }
    markup(start)?;
    if looks_binary(start) {
        return Err(SheetError::NotATable { what: "a binary file", advice: "Check that you chose the right file." });
    }
    Ok(Content::Text)
}

/// What an OLE container is.
pub(crate) fn ole_error(start: &[u8]) -> SheetError {
    let encrypted: Vec<u8> = "EncryptedPackage".bytes().flat_map(|byte| [byte, 0]).collect();
    if memchr::memmem::find(start, &encrypted).is_some() {
        return SheetError::PasswordProtected;
    }
    SheetError::NotATable {
        what: "an old Excel file (XLS) or another old Office document",
        advice: "Open it in a spreadsheet program, save it as XLSX or CSV and upload that.",
    }
}

/// "BZh" is also a plausible start of a line of text; the real thing goes on with a digit and a magic number.
fn is_bzip_lookalike(signature: &[u8], start: &[u8]) -> bool {
    signature == b"BZh" && start.get(4..7) != Some(b"1AY")
}

fn markup(start: &[u8]) -> Result<(), SheetError> {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let begins = |tag: &[u8]| text.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
    let what = if begins(b"<!doctype html") || begins(b"<html") {
        "a web page"
    } else if begins(b"<?xml") {
        "an XML document"
    } else if begins(b"[{\"") || begins(b"{\"") && !text.starts_with(b"{\"\"") {
        "a JSON document"
    } else {
        return Ok(());
    };
    Err(SheetError::NotATable { what, advice: SAVE_AS_CSV })
}

/// More than one byte in twenty is a control character that no text has. UTF-16 is full of NULs, but they
/// stand on one side.
fn looks_binary(start: &[u8]) -> bool {
    if start.is_empty() || crate::encoding::utf16_pattern(start).is_some() {
        return false;
    }
    let odd = start.iter().filter(|byte| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f)).count();
    odd * 20 > start.len() && odd > 8
}
