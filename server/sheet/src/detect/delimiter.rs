//! Which delimiter and which quote: parse the sample with each and see which gives a table.

use super::kind::{Kind, kind};
use super::{SAMPLE_RECORDS, SampleRecord, header, usual};
use crate::Limits;
use crate::csv::CsvReader;

/// In the order in which a draw is decided.
pub(crate) const CANDIDATES: [char; 4] = [',', ';', '\t', '|'];

/// Below this a split into columns is taken for chance.
const CONVINCING: f64 = 0.5;

/// The delimiter and quote found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Found {
    pub delimiter: char,
    pub quote: char,
}

/// What `sep=` on the first line says: Excel's way of naming the delimiter. Also how many bytes that line has.
pub(crate) fn named_delimiter(text: &[u8]) -> Option<char> {
    let end = memchr::memchr2(b'\r', b'\n', text).unwrap_or(text.len());
    let line = std::str::from_utf8(&text[..end]).ok()?;
    let line = line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap_or(line);
    let named = line.get(..4).filter(|head| head.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    let mut letters = named.chars();
    let delimiter = letters.next()?;
    // A spreadsheet may pad the line with delimiters when it saves it again.
    let usable = delimiter.is_ascii() && !delimiter.is_ascii_alphanumeric() && delimiter != '"';
    (usable && letters.all(|letter| letter == delimiter)).then_some(delimiter)
}

/// The records of the sample under one delimiter and quote. An error in it ends the list early. `cut` says
/// that the file goes on behind the sample, so that its last record is not whole.
pub(crate) fn parse(
    text: &[u8],
    cut: bool,
    delimiter: char,
    quote: Option<char>,
    first_line: u64,
) -> Vec<SampleRecord> {
    let mut records = Vec::new();
    let Ok(mut reader) = CsvReader::new(text, delimiter, quote, &Limits::default()) else {
        return records;
    };
    if reader.skip_to_line(first_line).is_err() {
        return records;
    }
    let mut complete = !cut;
    while let Ok(Some(record)) = reader.read() {
        if records.len() == SAMPLE_RECORDS {
            complete = true;
            break;
        }
        records.push(SampleRecord {
            line: record.line,
            cells: record.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect(),
            quoted: record.quoted.clone(),
            stray_quote: record.stray_quote.is_some(),
        });
    }
    if !complete && records.len() > 1 {
        records.pop();
    }
    records
}

/// The delimiter and quote of `text`; `forced` is a delimiter that is already known.
pub(crate) fn find(text: &[u8], cut: bool, forced: Option<char>) -> Found {
    let first_line = if named_delimiter(text).is_some() { 2 } else { 1 };
    let delimiters = forced.map_or(CANDIDATES.to_vec(), |delimiter| vec![delimiter]);
    let mut best: Option<(f64, Found, Vec<SampleRecord>)> = None;
    for delimiter in delimiters {
        for quote in ['"', '\''] {
            let records = parse(text, cut, delimiter, Some(quote), first_line);
            if quote == '\'' && !single_quotes_are_clear(&records) {
                continue;
            }
            let score = score(&records, delimiter, quote);
            if best.as_ref().is_none_or(|(best, ..)| score > *best) {
                best = Some((score, Found { delimiter, quote }, records));
            }
        }
    }
    match best {
        Some((score, found, _)) if forced.is_some() || score >= CONVINCING => found,
        _ => Found { delimiter: absent_delimiter(text, cut, first_line), quote: '"' },
    }
}

/// A file of one column still needs a delimiter: the one that splits the fewest of its records.
fn absent_delimiter(text: &[u8], cut: bool, first_line: u64) -> char {
    let splits = |delimiter: &char| {
        let records = parse(text, cut, *delimiter, Some('"'), first_line);
        records.iter().filter(|record| record.cells.len() > 1).count()
    };
    CANDIDATES.into_iter().min_by_key(splits).unwrap_or(',')
}

/// Single quotes count as quotes when at least half of the records have a cell in them and none has text
/// behind the closing one, as `'t Hooft` and `'90s'` would.
fn single_quotes_are_clear(records: &[SampleRecord]) -> bool {
    let with = records.iter().filter(|record| record.quoted.contains(&true)).count();
    with >= 2 && with * 2 >= records.len() && !records.iter().any(|record| record.stray_quote)
}

/// How much the records look like a table: 1 is a perfect one, a little more for wide ones.
fn score(records: &[SampleRecord], delimiter: char, quote: char) -> f64 {
    let all_widths = || records.iter().map(|record| record.cells.len());
    let width = usual(all_widths().filter(|width| *width > 1));
    if width < 2 {
        return 0.0;
    }
    let header = header::find(records);
    let first = match header {
        Some(header) => header.index,
        None => all_widths().position(|found| found == width).unwrap_or(0),
    };
    let body = &records[first..];
    let regular: f64 = body
        .iter()
        .map(|record| match record.cells.len() {
            found if found == width => 1.0,
            // Trailing empty cells are often cut off, and one odd cell is no other dialect.
            found if found > 1 && found < width => 0.6,
            found if found > width && record.used_width() <= width => 0.9,
            found if found > width => 0.4,
            _ => 0.0,
        })
        .sum::<f64>()
        / body.len() as f64;

    // Titles above a table are normal, but a table that needs none is the better reading of the file.
    let unexplained = first > 0 && !header.is_some_and(|header| header.sure);
    let skipped =
        0.04 * first.min(8) as f64 + 0.2 * first as f64 / records.len() as f64 + if unexplained { 0.4 } else { 0.0 };
    let stray = records.iter().filter(|record| record.stray_quote).count() as f64 / records.len() as f64;
    let quoted = if quote == '\'' || body.iter().any(|record| record.quoted.contains(&true)) { 0.02 } else { 0.0 };

    regular - skipped - 0.8 * stray - 0.5 * unsplit(body, delimiter) - 0.4 * prose(body, delimiter, first)
        + quoted
        + 0.3 * typed(body)
        + 0.005 * width.min(20) as f64
}

/// The share of unquoted cells with another delimiter in them. A comma in a cell says nothing: numbers and
/// sentences have them.
fn unsplit(body: &[SampleRecord], delimiter: char) -> f64 {
    let others: Vec<char> = CANDIDATES.into_iter().filter(|other| *other != delimiter && *other != ',').collect();
    share(body, |record, index| !record.quoted[index] && record.cells[index].contains(&others[..]))
}

/// The share of records in which the delimiter is followed by a space, as in a sentence, when the first
/// record is not written that way.
fn prose(body: &[SampleRecord], delimiter: char, first: usize) -> f64 {
    if delimiter != ',' {
        return 0.0;
    }
    let spaced = |record: &SampleRecord| record.cells.iter().skip(1).any(|cell| cell.starts_with(' '));
    let header_is_spaced = first == 0 && body.first().is_some_and(|record| record.cells.len() > 1 && spaced(record));
    if header_is_spaced { 0.0 } else { body.iter().filter(|record| spaced(record)).count() as f64 / body.len() as f64 }
}

/// The share of cells that are an address, a date and so on: the right delimiter lays those bare.
fn typed(body: &[SampleRecord]) -> f64 {
    share(body, |record, index| !matches!(kind(&record.cells[index]), Kind::Text | Kind::Empty | Kind::Number))
}

fn share(body: &[SampleRecord], counts: impl Fn(&SampleRecord, usize) -> bool) -> f64 {
    let (mut all, mut hit) = (0.0, 0.0);
    for record in body {
        for index in 0..record.cells.len() {
            all += 1.0;
            hit += f64::from(u8::from(counts(record, index)));
        }
    }
    if all == 0.0 { 0.0 } else { hit / all }
}
