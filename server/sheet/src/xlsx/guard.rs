//! Looking into the zip container before the workbook library does, because that library trusts it: it
//! holds the table of texts in memory and believes the counts it finds.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::{Limits, SheetError};

/// No honest workbook has more parts; every one costs memory before its content is looked at.
const MOST_PARTS: usize = 10_000;

/// From this size on, a part that is packed more tightly than this is a bomb and no table.
const SUSPICIOUS_BYTES: u64 = 32 * 1024 * 1024;
const SUSPICIOUS_RATIO: u64 = 150;

/// # Errors
/// When this is no workbook, or one that would unpack to too much. Every part is unpacked once to measure
/// it: the sizes in a zip directory may lie, and a sheet may have any name.
pub(super) fn check(mut file: File, limits: &Limits) -> Result<(), SheetError> {
    check_part_count(&mut file)?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    check_is_workbook(&archive)?;
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let packed = part.compressed_size().max(1);
        let shared_text = part.name().map_err(damaged)?.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let mut measure = Measure { shared_text, packed, ..Measure::default() };
        measure.take(part, unpacked, limits)?;
        unpacked += measure.size;
    }
    Ok(())
}

#[derive(Default)]
struct Measure {
    size: u64,
    packed: u64,
    shared_text: bool,
    is_xml: bool,
    /// Bytes since the last `<`: one tag and one text.
    run: usize,
}

impl Measure {
    fn take(&mut self, mut part: impl Read, before: u64, limits: &Limits) -> Result<(), SheetError> {
        let mut buffer = vec![0; 64 * 1024];
        let mut promised = 0;
        loop {
            let count =
                part.read(&mut buffer).map_err(|error| SheetError::DamagedWorkbook { detail: error.to_string() })?;
            if count == 0 {
                break;
            }
            let chunk = &buffer[..count];
            if self.size == 0 {
                self.is_xml = chunk.strip_prefix(b"\xef\xbb\xbf").unwrap_or(chunk).trim_ascii_start().starts_with(b"<");
                promised = if self.shared_text { promised_texts(chunk) } else { 0 };
            }
            self.size += count as u64;
            let too_large = before + self.size > limits.max_unpacked_bytes
                || self.shared_text && self.size > limits.max_shared_text_bytes
                || self.size > SUSPICIOUS_BYTES && self.size / self.packed > SUSPICIOUS_RATIO;
            if too_large {
                return Err(SheetError::UnpacksTooLarge);
            }
            if self.is_xml {
                self.longest_run(chunk, limits)?;
            }
        }
        // Each text takes at least the five bytes of `<si/>`; room for all promised ones is made at once.
        if promised > (self.size / 5).max(100_000) {
            return Err(SheetError::DamagedWorkbook {
                detail: "its table of texts promises more than it holds".to_owned(),
            });
        }
        Ok(())
    }

    /// The XML reader holds everything up to the next tag.
    fn longest_run(&mut self, chunk: &[u8], limits: &Limits) -> Result<(), SheetError> {
        match memchr::memrchr(b'<', chunk) {
            Some(last) => {
                self.run += memchr::memchr(b'<', chunk).unwrap_or(0);
                self.check_run(limits)?;
                self.run = chunk.len() - last;
            }
            None => self.run += chunk.len(),
        }
        self.check_run(limits)
    }

    fn check_run(&self, limits: &Limits) -> Result<(), SheetError> {
        // A letter may be written as an escape of up to ten bytes.
        if self.run > limits.max_field_bytes.saturating_mul(10) { Err(SheetError::UnpacksTooLarge) } else { Ok(()) }
    }
}

fn promised_texts(start: &[u8]) -> u64 {
    let mark = b"uniqueCount=";
    let Some(at) = memchr::memmem::find(start, mark) else {
        return 0;
    };
    let digits = start[at + mark.len()..].iter().skip(1).take_while(|byte| byte.is_ascii_digit()).take(20);
    digits.fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
}

/// Reads the count at the end of the container by hand, before anything makes room for the parts.
fn check_part_count(file: &mut File) -> Result<(), SheetError> {
    const TAIL: u64 = 22 + 65_535 + 20 + 56;
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    file.rewind()?;
    let damaged = |detail: &str| SheetError::DamagedWorkbook { detail: detail.to_owned() };
    let end = memchr::memmem::rfind(&tail, b"PK\x05\x06").ok_or_else(|| damaged("its end is missing"))?;
    let small = tail.get(end + 10..end + 12).map(|bytes| u64::from(bytes[0]) | u64::from(bytes[1]) << 8);
    let large = memchr::memmem::rfind(&tail, b"PK\x06\x06")
        .and_then(|at| tail.get(at + 32..at + 40))
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u64::from_le_bytes);
    let parts = small.ok_or_else(|| damaged("its end is cut off"))?.max(large);
    if parts > MOST_PARTS as u64 { Err(SheetError::UnpacksTooLarge) } else { Ok(()) }
}

fn check_is_workbook<R>(archive: &ZipArchive<R>) -> Result<(), SheetError>
where
    R: Read + Seek,
{
    let has = |start: &str| {
        archive.file_names().any(|name| name.is_ok_and(|name| name.to_ascii_lowercase().starts_with(start)))
    };
    let not = |what, advice| Err(SheetError::NotATable { what, advice });
    if has("xl/workbook.bin") {
        return not("a binary Excel workbook (XLSB)", "Save it as XLSX or CSV and upload that.");
    }
    if has("xl/") || has("[content_types].xml") && has("workbook.xml") {
        return Ok(());
    }
    if has("word/") {
        return not("a Word document", "Copy the table into a spreadsheet, save it as XLSX or CSV and upload that.");
    }
    if has("ppt/") {
        return not("a presentation", "Copy the table into a spreadsheet, save it as XLSX or CSV and upload that.");
    }
    if has("mimetype") && has("content.xml") {
        return not("an OpenDocument file (ODS, ODT)", "Save it as XLSX or CSV and upload that.");
    }
    not("a ZIP archive", "Unpack it first and upload the CSV or XLSX file that is inside.")
}

fn damaged(error: ZipError) -> SheetError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => SheetError::PasswordProtected,
        ZipError::Io(error) if error.raw_os_error().is_some() => SheetError::Io(error),
        other => SheetError::DamagedWorkbook { detail: other.to_string() },
    }
}
