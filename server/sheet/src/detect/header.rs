//! Which record is the header, if any.
//!
//! Titles and notes above a table fill few cells; a header fills most, names things and differs from what
//! stands below it.

use std::collections::BTreeMap;

use super::kind::{Kind, kind};
use super::{SampleRecord, usual};

/// How far down a header is looked for.
const DEEPEST: usize = 40;

/// How many records below a candidate are compared with it.
const COMPARED: usize = 200;

/// Words that name columns of people and companies far more often than they are values.
const NAMES_OF_COLUMNS: &[&str] = &[
    "email",
    "e-mail",
    "mail",
    "name",
    "first",
    "last",
    "surname",
    "company",
    "organization",
    "organisation",
    "phone",
    "tel",
    "telephone",
    "mobile",
    "title",
    "job",
    "city",
    "country",
    "state",
    "zip",
    "address",
    "street",
    "website",
    "url",
    "domain",
    "linkedin",
    "id",
    "date",
    "notes",
    "note",
    "status",
    "owner",
    "tags",
    "language",
    "industry",
    "prénom",
    "prenom",
    "nom",
    "société",
    "societe",
    "entreprise",
    "ville",
    "pays",
    "téléphone",
    "adresse",
    "vorname",
    "nachname",
    "firma",
    "stadt",
    "land",
    "telefon",
    "straße",
    "plz",
    "nombre",
    "apellido",
    "apellidos",
    "empresa",
    "ciudad",
    "país",
    "teléfono",
    "correo",
    "cognome",
    "nome",
    "azienda",
    "città",
    "telefono",
    "naam",
    "voornaam",
    "achternaam",
    "bedrijf",
    "stad",
    "price",
    "amount",
    "quantity",
    "value",
    "type",
    "category",
    "description",
    "comment",
];

/// What comparing one record with those below it says.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// The higher, the surer.
    Header(f64),
    Data,
    Neither,
}

/// A header that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Found {
    /// Among the records of the sample.
    pub index: usize,
    /// Something speaks for it, not only nothing against it.
    pub sure: bool,
}

/// The header among `records`, or nothing when the first record is already data.
pub(crate) fn find(records: &[SampleRecord]) -> Option<Found> {
    let width = usual_body_width(records);
    let needed = if width <= 1 { 1 } else { width.div_ceil(2).max(2) };
    let mut best: Option<(usize, f64)> = None;
    for (index, record) in records.iter().enumerate().take(DEEPEST) {
        let filled = record.filled();
        // Too few cells for a header: a title, or a note.
        if filled < needed.min(width.max(1)) {
            continue;
        }
        match (judge(record, &records[index + 1..]), best) {
            (Verdict::Header(score), None) => best = Some((index, score)),
            // A line of a title block may pass for a header until the real one comes, which is fuller.
            (Verdict::Header(score), Some((held, held_score)))
                if score > held_score && filled > records[held].filled() =>
            {
                best = Some((index, score));
            }
            (Verdict::Data, _) => break,
            _ => {}
        }
        if best.is_some_and(|(held, _)| records[held].filled() >= width) {
            break;
        }
    }
    best.map(|(index, score)| Found { index, sure: score > 0.0 })
}

/// The width of the table, not of what stands above it: most records, the wider on a draw.
fn usual_body_width(records: &[SampleRecord]) -> usize {
    let widths =
        |least: usize| usual(records.iter().map(SampleRecord::used_width).filter(move |width| *width >= least));
    match widths(2) {
        // One column, perhaps with a stray delimiter here and there.
        wide if wide > 0 && records.iter().filter(|record| record.used_width() >= 2).count() * 3 < records.len() => 1,
        0 => widths(1),
        wide => wide,
    }
}

fn judge(record: &SampleRecord, below: &[SampleRecord]) -> Verdict {
    let body = &below[..below.len().min(COMPARED)];
    let mut score = 0.0;
    let mut typed_like_below = 0;
    // delimiters behind the last name say nothing: spreadsheets pad every line to the widest
    for (column, cell) in record.cells.iter().enumerate().take(record.used_width()) {
        let own = kind(cell);
        let usual = usual_kind(body, column);
        let named = own == Kind::Text && names_a_column(cell);
        score += match (own, usual) {
            (Kind::Empty, _) => -0.25,
            (Kind::Email | Kind::Url | Kind::Phone, _) => -3.0,
            (Kind::Date, _) if usual != Some(Kind::Date) => -1.0,
            (Kind::Text, Some(Kind::Text) | None) if named => 1.5,
            (Kind::Text, Some(Kind::Text)) if repeats(body, column, cell) => -1.0,
            (Kind::Text, Some(Kind::Text) | None) => 0.0,
            (Kind::Text, Some(_)) => 2.0,
            // A column may be called after a year, as long as it does not hold years.
            (Kind::Number, _) if is_year(cell) && !holds_years(body, column) => -0.25,
            (own, Some(usual)) if own == usual => -2.0,
            _ => -0.5,
        };
        typed_like_below += usize::from(!matches!(own, Kind::Text | Kind::Empty) && usual == Some(own));
        if cell.chars().count() > 120 {
            score -= 1.0;
        }
    }
    if score >= 0.0 && record.filled() * 2 >= record.cells.len().min(record.used_width()) {
        Verdict::Header(score)
    } else if typed_like_below > 0 || body.is_empty() {
        Verdict::Data
    } else {
        Verdict::Neither
    }
}

/// The look of a column below the candidate, when most of its filled cells share one.
fn usual_kind(body: &[SampleRecord], column: usize) -> Option<Kind> {
    let mut counts = BTreeMap::<Kind, usize>::new();
    let mut filled = 0;
    for cell in body.iter().filter_map(|record| record.cells.get(column)) {
        let kind = kind(cell);
        if kind != Kind::Empty {
            *counts.entry(kind).or_default() += 1;
            filled += 1;
        }
    }
    // A telephone number without punctuation looks like a number.
    let (kind, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    if count * 10 >= filled * 6 { Some(kind) } else { Some(Kind::Text) }
}

fn is_year(cell: &str) -> bool {
    cell.trim().len() == 4 && cell.trim().parse().is_ok_and(|year: u16| (1900..2100).contains(&year))
}

fn holds_years(body: &[SampleRecord], column: usize) -> bool {
    body.iter().filter_map(|record| record.cells.get(column)).any(|cell| is_year(cell))
}

fn repeats(body: &[SampleRecord], column: usize, cell: &str) -> bool {
    body.iter().filter_map(|record| record.cells.get(column)).any(|other| other.trim() == cell.trim())
}

fn names_a_column(cell: &str) -> bool {
    let lower = cell.to_lowercase();
    let mut words = lower
        .split(|character: char| !(character.is_alphanumeric() || character == '-'))
        .filter(|word| !word.is_empty());
    let few = words.clone().count() <= 4;
    few && words.any(|word| NAMES_OF_COLUMNS.contains(&word)) || cell.contains('_') && !cell.contains(' ')
}
