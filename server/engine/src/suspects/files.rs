//! The matcher over a plain file of people, without a workspace: that is how its quality is measured.

use std::collections::HashSet;
use std::path::Path;

use domain::PersonField;
use domain::import::Target;
use domain::suspect::Band;
use matching::{Frequencies, Profile, Thresholds};

use super::band;
use crate::imports::meanings;
use crate::{Error, Result};

/// Headers of a column with just the number of the house, folded.
const HOUSE_NUMBER: [&str; 4] = ["streetnumber", "housenumber", "hausnummer", "streetno"];

/// Two records of a file that may be one person.
#[derive(Debug, Clone, PartialEq)]
pub struct FilePair {
    /// The number of the earlier data record, from 1.
    pub a: u64,
    /// The number of the later one.
    pub b: u64,
    /// The probability, from 0 to 1.
    pub score: f64,
    /// How sure it is.
    pub band: Band,
    /// The evidence in words, the strongest first.
    pub reasons: Vec<String>,
}

/// Finds the pairs of a file whose columns are named so that the wizard would know them. Takes as long as it takes:
/// call it where nobody waits.
///
/// # Errors
/// The sentence of the file's fault, or that no column says anything about people.
pub fn match_file(file: &Path) -> Result<Vec<FilePair>> {
    let limits = sheet::Limits::default();
    let inspection = sheet::inspect(file, &sheet::Overrides::default(), &limits)?;
    let targets = meanings(&inspection.columns);
    if !targets.iter().any(|t| matches!(t, Target::Field(_) | Target::FullName)) {
        return Err(Error::refused(
            "No column of this file has a header that names a field of a person, such as “first name” or “email”.",
        ));
    }
    let number = inspection.columns.iter().position(|c| HOUSE_NUMBER.contains(&matching::fold_header(c).as_str()));
    let mut people = Vec::new();
    for record in sheet::open(file, &inspection.dialect, &limits)? {
        let record = record?;
        let mut person = person(record.number, &record.fields, &targets);
        // some files keep it apart
        if let Some(number) = number.and_then(|column| record.fields.get(column)) {
            person.street = format!("{} {}", number.trim(), person.street).trim().to_owned();
        }
        people.push(Profile::of(&person));
    }
    Ok(pairs(&people))
}

fn pairs(people: &[Profile]) -> Vec<FilePair> {
    let thresholds = Thresholds::default();
    let scan = matching::scan(people, &thresholds);
    let frequencies = Frequencies::of(people).with_mix(scan.mix);
    // records are numbered from 1 in the order of the list
    let at = |id: i64| usize::try_from(id - 1).ok().and_then(|place| people.get(place));
    let number = i64::cast_unsigned;
    let mut pairs: Vec<FilePair> = scan
        .pairs
        .iter()
        .filter_map(|pair| {
            let mut parts = matching::compare(at(pair.a)?, at(pair.b)?, &frequencies, &thresholds).parts;
            parts.sort_by(|x, y| y.bits.abs().total_cmp(&x.bits.abs()));
            Some(FilePair {
                a: number(pair.a),
                b: number(pair.b),
                score: pair.probability,
                band: band(pair.band),
                reasons: parts.iter().map(matching::Part::chip).collect(),
            })
        })
        .collect();
    let listed: HashSet<(u64, u64)> = pairs.iter().map(|pair| (pair.a, pair.b)).collect();
    // each of many namesakes with the first of them: as many lines as people, not as pairs
    for group in &scan.namesakes {
        for id in &group.ids[1..] {
            let (a, b) = (number(group.ids[0]), number(*id));
            if listed.contains(&(a, b)) {
                continue;
            }
            let Some((one, other)) = at(group.ids[0]).zip(at(*id)) else { continue };
            let comparison = matching::compare(one, other, &frequencies, &thresholds);
            let reasons = vec![format!("{} people of this name", group.ids.len())];
            pairs.push(FilePair { a, b, score: comparison.probability, band: Band::Name, reasons });
        }
    }
    pairs.sort_by_key(|pair| (pair.a, pair.b));
    pairs
}

fn person(number: u64, cells: &[String], targets: &[Target]) -> matching::Person {
    let mut person = matching::Person { id: number.cast_signed(), ..matching::Person::default() };
    let mut full_name = String::new();
    for (cell, target) in cells.iter().zip(targets) {
        let cell = matching::trim_invisible(cell).into_owned();
        if matching::is_blank(&cell) {
            continue;
        }
        // the first filled counts; addresses and numbers add up
        let fill = |field: &mut String| {
            if field.is_empty() {
                field.clone_from(&cell);
            }
        };
        match target {
            Target::FullName => full_name.clone_from(&cell),
            Target::Field(field) => match field {
                PersonField::Email => person.emails.push(cell),
                PersonField::FirstName => fill(&mut person.first_name),
                PersonField::LastName => fill(&mut person.last_name),
                PersonField::CompanyName => fill(&mut person.company_name),
                PersonField::CompanyDomain => fill(&mut person.company_domain),
                PersonField::Phone => person.phones.push(cell),
                PersonField::LinkedinUrl | PersonField::LinkedinUrlSalesNav => person.linkedin_urls.push(cell),
                PersonField::City => fill(&mut person.city),
                PersonField::Postcode => fill(&mut person.postcode),
                PersonField::Street => fill(&mut person.street),
                PersonField::Country => fill(&mut person.country),
                PersonField::DateOfBirth => fill(&mut person.date_of_birth),
                _ => {}
            },
            _ => {}
        }
    }
    if person.first_name.is_empty() && person.last_name.is_empty() && !full_name.is_empty() {
        let (first, last) = matching::split_full_name(&full_name);
        (person.first_name, person.last_name) = (first, last);
    }
    person
}
