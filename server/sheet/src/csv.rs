//! Splitting text into records and cells, in fixed buffers.
//!
//! Written by hand rather than on csv-core, because three things are wanted that csv-core does not tell:
//! the physical line of every record whatever the line ends, where an unclosed quote opened, and text
//! behind a closing quote. Its cells are those of csv-core, which the tests hold it to.

use std::io::Read;

use memchr::{memchr, memchr2_iter, memchr3};

use crate::{Limits, SheetError};

const BUFFER_BYTES: usize = 64 * 1024;

/// One record as bytes; reused from record to record.
#[derive(Debug, Default)]
pub(crate) struct RawRecord {
    /// Physical line on which it starts, from 1.
    pub line: u64,
    /// All cells, one behind the other, without quotes.
    pub data: Vec<u8>,
    /// Where each cell ends in `data`.
    pub ends: Vec<usize>,
    /// Whether each cell was in quotes.
    pub quoted: Vec<bool>,
    /// The first cell, from 0, with text behind its closing quote.
    pub stray_quote: Option<usize>,
}

impl RawRecord {
    pub fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.data[start..*end])
    }

    fn clear(&mut self) {
        self.data.clear();
        self.ends.clear();
        self.quoted.clear();
        self.stray_quote = None;
    }
}

/// What follows a cell.
enum Next {
    Cell,
    Record,
}

/// Reads UTF-8 (or nearly: bytes above ASCII are passed on unseen).
pub(crate) struct CsvReader<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    delimiter: u8,
    quote: Option<u8>,
    limits: Limits,
    /// The physical line of the next byte.
    line: u64,
    /// The last byte was CR: a LF now belongs to it.
    after_cr: bool,
    record: RawRecord,
}

impl<R: Read> CsvReader<R> {
    /// # Errors
    /// When the delimiter cannot separate cells.
    pub fn new(input: R, delimiter: char, quote: Option<char>, limits: &Limits) -> Result<CsvReader<R>, SheetError> {
        let usable = delimiter.is_ascii() && !matches!(delimiter, '\r' | '\n') && quote != Some(delimiter);
        if !usable {
            return Err(SheetError::BadDelimiter { delimiter });
        }
        Ok(CsvReader {
            input,
            buffer: vec![0; BUFFER_BYTES],
            start: 0,
            end: 0,
            delimiter: delimiter as u8,
            quote: quote.filter(char::is_ascii).map(|quote| quote as u8),
            limits: *limits,
            line: 1,
            after_cr: false,
            record: RawRecord::default(),
        })
    }

    /// The next record, or nothing at the end. Empty lines are passed over.
    ///
    /// # Errors
    /// When a quote is not closed, a limit is passed, or reading fails.
    pub fn read(&mut self) -> Result<Option<&RawRecord>, SheetError> {
        self.record.clear();
        loop {
            match self.peek()? {
                None => return Ok(None),
                Some(b'\r' | b'\n') => self.take_line_end(),
                Some(_) => break,
            }
        }
        self.after_cr = false;
        self.record.line = self.line;
        loop {
            let next =
                if self.quote.is_some() && self.peek()? == self.quote { self.quoted_cell() } else { self.plain_cell() };
            if let Next::Record = next? {
                return Ok(Some(&self.record));
            }
        }
    }

    /// Passes over whole physical lines, whatever is in them, until `line` is the next. Quotes are not looked
    /// at: a lone one in a title above the table must not swallow the table.
    pub fn skip_to_line(&mut self, line: u64) -> Result<(), SheetError> {
        while self.line < line {
            let Some(_) = self.peek()? else { return Ok(()) };
            match memchr::memchr2(b'\r', b'\n', &self.buffer[self.start..self.end]) {
                None => {
                    self.start = self.end;
                    self.after_cr = false;
                }
                Some(length) => {
                    self.after_cr &= length == 0;
                    self.start += length;
                    self.take_line_end();
                }
            }
        }
        if self.after_cr && self.peek()? == Some(b'\n') {
            self.take_line_end();
        }
        Ok(())
    }

    fn plain_cell(&mut self) -> Result<Next, SheetError> {
        loop {
            let Some(_) = self.peek()? else {
                self.end_cell(false)?;
                return Ok(Next::Record);
            };
            let chunk = &self.buffer[self.start..self.end];
            let Some(length) = memchr3(self.delimiter, b'\r', b'\n', chunk) else {
                self.append(self.end)?;
                continue;
            };
            self.append(self.start + length)?;
            self.end_cell(false)?;
            return Ok(self.take_separator());
        }
    }

    fn quoted_cell(&mut self) -> Result<Next, SheetError> {
        let quote = self.quote.unwrap_or(b'"');
        let opened = self.line;
        let column = self.record.ends.len() as u64 + 1;
        let unclosed = SheetError::UnclosedQuote { line: opened, column };
        self.start += 1;
        loop {
            let Some(_) = self.peek()? else {
                return Err(unclosed);
            };
            let chunk = &self.buffer[self.start..self.end];
            let found = memchr(quote, chunk);
            let stop = self.start + found.unwrap_or(chunk.len());
            self.count_lines(stop);
            self.append(stop).map_err(|error| match error {
                SheetError::FieldTooLong { .. } | SheetError::RecordTooLong { .. } => {
                    SheetError::UnclosedQuote { line: opened, column }
                }
                other => other,
            })?;
            if found.is_none() {
                continue;
            }
            self.start += 1;
            match self.peek()? {
                Some(byte) if byte == quote => {
                    self.record.data.push(quote);
                    self.start += 1;
                    self.after_cr = false;
                }
                None => {
                    self.end_cell(true)?;
                    return Ok(Next::Record);
                }
                Some(byte) if byte == self.delimiter || matches!(byte, b'\r' | b'\n') => {
                    self.after_cr = false;
                    self.end_cell(true)?;
                    return Ok(self.take_separator());
                }
                Some(_) => {
                    self.after_cr = false;
                    self.record.stray_quote.get_or_insert(self.record.ends.len());
                    return self.plain_cell();
                }
            }
        }
    }

    /// The next byte without taking it. Reads on when the buffer is used up.
    fn peek(&mut self) -> Result<Option<u8>, SheetError> {
        if self.start == self.end {
            self.start = 0;
            self.end = loop {
                match self.input.read(&mut self.buffer) {
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
        }
        Ok((self.start < self.end).then(|| self.buffer[self.start]))
    }

    /// Takes the delimiter or line end that stands next.
    fn take_separator(&mut self) -> Next {
        if self.buffer[self.start] == self.delimiter {
            self.start += 1;
            return Next::Cell;
        }
        self.take_line_end();
        Next::Record
    }

    /// Takes the CR or LF that stands next; the LF of a CRLF does not count again.
    fn take_line_end(&mut self) {
        let is_cr = self.buffer[self.start] == b'\r';
        if is_cr || !self.after_cr {
            self.line += 1;
        }
        self.after_cr = is_cr;
        self.start += 1;
    }

    /// Counts the line ends inside quotes up to `stop`.
    fn count_lines(&mut self, stop: usize) {
        let chunk = &self.buffer[self.start..stop];
        for position in memchr2_iter(b'\r', b'\n', chunk) {
            let before_is_cr = match position {
                0 => self.after_cr,
                _ => chunk[position - 1] == b'\r',
            };
            self.line += u64::from(chunk[position] == b'\r' || !before_is_cr);
        }
        if let Some(last) = chunk.last() {
            self.after_cr = *last == b'\r';
        }
    }

    fn append(&mut self, stop: usize) -> Result<(), SheetError> {
        self.record.data.extend_from_slice(&self.buffer[self.start..stop]);
        self.start = stop;
        let cell_start = self.record.ends.last().copied().unwrap_or(0);
        if self.record.data.len() - cell_start > self.limits.max_field_bytes {
            let column = self.record.ends.len() as u64 + 1;
            return Err(SheetError::FieldTooLong {
                line: self.record.line,
                column,
                limit: self.limits.max_field_bytes,
            });
        }
        if self.record.data.len() > self.limits.max_record_bytes {
            return Err(SheetError::RecordTooLong { line: self.record.line, limit: self.limits.max_record_bytes });
        }
        Ok(())
    }

    fn end_cell(&mut self, quoted: bool) -> Result<(), SheetError> {
        if self.record.ends.len() >= self.limits.max_columns {
            return Err(SheetError::TooManyColumns { line: self.record.line, limit: self.limits.max_columns });
        }
        self.record.ends.push(self.record.data.len());
        self.record.quoted.push(quoted);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_all(input: impl Read, delimiter: char) -> Result<Vec<(u64, Vec<String>)>, SheetError> {
        let mut reader = CsvReader::new(input, delimiter, Some('"'), &Limits::default())?;
        let mut records = Vec::new();
        while let Some(record) = reader.read()? {
            let cells = record.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            records.push((record.line, cells));
        }
        Ok(records)
    }

    /// Hands out one byte at a time, so that every state meets the end of a buffer.
    struct OneByOne<'a>(&'a [u8]);

    impl Read for OneByOne<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let length = self.0.len().min(1);
            self.0.read(&mut out[..length])
        }
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        for text in ["a\nb\n\"c\nd\"\ne", "a\rb\r\"c\rd\"\re", "a\r\nb\r\n\"c\r\nd\"\r\ne", "a\r\nb\n\"c\rd\"\re"] {
            let lines: Vec<u64> = read_all(text.as_bytes(), ',').unwrap().into_iter().map(|(line, _)| line).collect();
            assert_eq!(lines, [1, 2, 3, 5], "{text:?}");
        }
    }

    #[test]
    fn a_lone_quote_in_a_skipped_line_swallows_nothing() {
        let mut reader = CsvReader::new(&b"\"x\r\n\r\na,b"[..], ',', Some('"'), &Limits::default()).unwrap();
        reader.skip_to_line(3).unwrap();
        let record = reader.read().unwrap().unwrap();
        assert_eq!((record.line, &record.data[..]), (3, &b"ab"[..]));
    }

    /// csv-core as the oracle: `None` when it ended inside a quote, which it does not tell.
    fn oracle(text: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv_core::Reader::new();
        let (mut records, mut input) = (Vec::new(), text);
        let (mut data, mut ends) = (vec![0; 4096], vec![0; 512]);
        loop {
            let (mut data_length, mut ends_length) = (0, 0);
            loop {
                let (result, read, wrote, ended) =
                    reader.read_record(input, &mut data[data_length..], &mut ends[ends_length..]);
                input = &input[read..];
                data_length += wrote;
                ends_length += ended;
                match result {
                    csv_core::ReadRecordResult::InputEmpty => continue,
                    csv_core::ReadRecordResult::Record => break,
                    csv_core::ReadRecordResult::End => return records,
                    other => panic!("buffers of the oracle are too small: {other:?}"),
                }
            }
            let mut start = 0;
            let cells = ends[..ends_length].iter().map(|end| {
                let cell = String::from_utf8_lossy(&data[start..*end]).into_owned();
                start = *end;
                cell
            });
            records.push(cells.collect());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn cells_are_those_of_csv_core(text in "[a,\"\r\n é]{0,40}") {
            match read_all(text.as_bytes(), ',') {
                Ok(records) => {
                    let cells: Vec<_> = records.iter().map(|(_, cells)| cells.clone()).collect();
                    prop_assert_eq!(&cells, &oracle(text.as_bytes()));
                    prop_assert_eq!(records, read_all(OneByOne(text.as_bytes()), ',').unwrap());
                }
                Err(error) => prop_assert!(matches!(error, SheetError::UnclosedQuote { .. }), "{}", error),
            }
        }
    }
}
