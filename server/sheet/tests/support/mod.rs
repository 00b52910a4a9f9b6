//! What the tests of this crate share.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod workbook;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sheet::{Inspection, Limits, Overrides, SheetError, inspect, open};

/// A file that is removed when dropped.
pub struct ScratchFile(PathBuf);

impl ScratchFile {
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ScratchFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A file with these bytes, of a name no other test has.
pub fn scratch_file(extension: &str, bytes: &[u8]) -> ScratchFile {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("sheet-test-{}-{number}.{extension}", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    ScratchFile(path)
}

/// A file inspected and then read.
#[derive(Debug)]
pub struct Table {
    pub inspection: Inspection,
    pub rows: Vec<Vec<String>>,
}

/// Inspects and reads a file, and holds both to what they promise of each other.
pub fn read(file: &ScratchFile, overrides: &Overrides) -> Result<Table, SheetError> {
    let limits = Limits::default();
    let inspection = inspect(file.path(), overrides, &limits)?;
    let rows = open(file.path(), &inspection.dialect, &limits)?;
    assert_eq!(rows.columns(), inspection.columns);
    let records: Vec<_> = rows.collect::<Result<_, _>>()?;
    assert_eq!(records.len() as u64, inspection.row_count, "inspect and open disagree");
    for (index, record) in records.iter().enumerate() {
        assert_eq!(record.number, index as u64 + 1);
        assert_eq!(record.fields.len(), inspection.columns.len());
    }
    assert!(records.is_sorted_by(|one, next| one.line < next.line), "lines do not ascend");
    let rows: Vec<_> = records.into_iter().map(|record| record.fields).collect();
    assert_eq!(inspection.sample, rows[..rows.len().min(20)]);
    Ok(Table { inspection, rows })
}

/// The text in UTF-16, with a mark if it starts with one.
pub fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

/// The text in Latin-1, which is Windows-1252 for these letters.
pub fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(letter).unwrap()).collect()
}
