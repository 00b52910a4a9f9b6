//! Days of birth and addresses of houses.

use strsim::{jaro_winkler, osa_distance};

use super::birth_date::BirthDateLevel;
use super::compare::Sums;
use super::comparison::{Feature, Level};
use super::fold::is_street_word;
use super::frequencies::{Frequencies, TermKind};
use super::model::{Weight, birth_date, place};
use super::profile::{Field, Profile};
use super::similarity::{Nearness, texts};

/// Compares days of birth, streets, postcodes, towns and countries.
pub(super) fn places(one: &Profile, other: &Profile, frequencies: &Frequencies, sums: &mut Sums) {
    birth_dates(one, other, frequencies, sums);
    // The three lines of an address depend on each other: the one that says most counts in full, of the others a part.
    let mut lines: Vec<(Feature, Level, Weight)> = Vec::with_capacity(3);
    lines.extend(streets(one.text(Field::Street), other.text(Field::Street)));
    lines.extend(postcodes(one.text(Field::Postcode), other.text(Field::Postcode), frequencies));
    lines.extend(cities(one.text(Field::City), other.text(Field::City), frequencies));
    let full_for = strongest(&lines, |bits| bits > 0.0);
    let full_against = strongest(&lines, |bits| bits < 0.0);
    for (index, (feature, level, weight)) in lines.iter().enumerate() {
        let in_full = Some(index) == full_for || Some(index) == full_against;
        sums.add(*feature, *level, if in_full { *weight } else { weight.times_but_whole_apart(place::NEXT_LINE) });
    }
    countries(one.text(Field::Country), other.text(Field::Country), sums);
}

/// The line with the most bits of one sign; the first of equal ones.
fn strongest(lines: &[(Feature, Level, Weight)], counts: impl Fn(f64) -> bool) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (index, (_, _, weight)) in lines.iter().enumerate() {
        if counts(weight.bits) && best.is_none_or(|(_, bits)| weight.bits.abs() > bits) {
            best = Some((index, weight.bits.abs()));
        }
    }
    best.map(|(index, _)| index)
}

fn birth_dates(one: &Profile, other: &Profile, frequencies: &Frequencies, sums: &mut Sums) {
    let (Some(day), Some(second)) = (one.birth_date(), other.birth_date()) else { return };
    let (level, weight) = match day.level(second) {
        BirthDateLevel::Same => {
            let share = frequencies.share(TermKind::BirthDate, &day.number().to_string(), birth_date::EXPECTED);
            (Level::Same, birth_date::SAME.by_chance(share).agreement())
        }
        BirthDateLevel::Transposed => (Level::Swapped, birth_date::TRANSPOSED.weight()),
        BirthDateLevel::OneDigit => (Level::Typo, birth_date::ONE_DIGIT.weight()),
        BirthDateLevel::TwoDigits => (Level::Similar, birth_date::TWO_DIGITS.weight()),
        BirthDateLevel::OtherYear => (Level::Part, birth_date::OTHER_YEAR.weight()),
        BirthDateLevel::SameYear => (Level::Part, birth_date::SAME_YEAR.weight()),
        BirthDateLevel::Different => (Level::Different, birth_date::DIFFERENT.weight()),
    };
    sums.add(Feature::BirthDate, level, weight);
}

fn streets(one: &str, other: &str) -> Option<(Feature, Level, Weight)> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let (number, words) = number_and_words(one);
    let (second_number, second_words) = number_and_words(other);
    let same_number = !number.is_empty() && number == second_number;
    let (level, weight) = match (one == other, word_overlap(&words, &second_words), same_number) {
        (true, _, _) if number.is_empty() => (Level::Same, place::STREET_SIMILAR.weight()),
        (true, _, _) => (Level::Same, place::STREET.agreement()),
        (_, overlap, true) if overlap >= 0.6 => (Level::Same, place::STREET.agreement().less(1.0)),
        (_, overlap, _) if overlap >= 0.6 => (Level::Similar, place::STREET_SIMILAR.weight()),
        (_, overlap, true) if overlap >= 0.3 => (Level::Similar, place::STREET_SIMILAR.weight()),
        (_, _, true) => (Level::Part, place::HOUSE_NUMBER.weight()),
        _ => (Level::Different, place::STREET_DIFFERENT.weight()),
    };
    Some((Feature::Street, level, weight))
}

/// The number of the house, and the other words that tell a street.
fn number_and_words(street: &str) -> (&str, Vec<&str>) {
    let is_number = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let number = street.split(' ').find(|word| is_number(word)).unwrap_or_default();
    let words = street.split(' ').filter(|word| !is_number(word) && !is_street_word(word)).collect();
    (number, words)
}

/// How much of the words of the shorter is found in the longer, mistyped words included: 0 to 1.
fn word_overlap(one: &[&str], other: &[&str]) -> f64 {
    // Of equally many words the lesser ones, so that the order of the two does not show.
    let (few, many) = if (one.len(), one) <= (other.len(), other) { (one, other) } else { (other, one) };
    if few.is_empty() {
        return 0.0;
    }
    let letters = |words: &[&str]| words.iter().map(|word| word.len()).sum::<usize>();
    // Words run together or torn apart by a typo.
    let joined = (few.concat(), many.concat());
    if joined.0 == joined.1
        || letters(few) >= 6 && jaro_winkler(&joined.0.clone().min(joined.1.clone()), &joined.0.max(joined.1)) >= 0.95
    {
        return 1.0;
    }
    let is_found = |word: &&&str| {
        many.iter()
            .any(|second| *second == **word || word.len() >= 5 && osa_distance(word, second) <= 1 + word.len() / 9)
    };
    let found: usize = few.iter().filter(is_found).map(|word| word.len()).sum();
    found as f64 / letters(few) as f64
}

fn postcodes(one: &str, other: &str, frequencies: &Frequencies) -> Option<(Feature, Level, Weight)> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let (level, weight) = if one == other {
        let share = frequencies.share(TermKind::Postcode, one, place::POSTCODE_EXPECTED);
        (Level::Same, place::POSTCODE.by_chance(share).agreement())
    } else if osa_distance(one, other) == 1 && one.len().min(other.len()) >= 3 {
        (Level::Typo, place::POSTCODE_TYPO.weight())
    } else {
        (Level::Different, place::POSTCODE_DIFFERENT.weight())
    };
    Some((Feature::Postcode, level, weight))
}

fn cities(one: &str, other: &str, frequencies: &Frequencies) -> Option<(Feature, Level, Weight)> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let share = |city: &str| frequencies.share(TermKind::City, city, place::CITY_EXPECTED);
    let (level, weight) = match texts(one, other) {
        Nearness::Same => (Level::Same, place::CITY.by_chance(share(one)).agreement()),
        Nearness::Spelling => (Level::Variant, place::CITY.by_chance(share(one).max(share(other))).agreement()),
        Nearness::Typo => (Level::Typo, place::CITY_TYPO.weight()),
        Nearness::Part => (Level::Part, place::CITY_TYPO.weight()),
        _ => (Level::Different, place::CITY_DIFFERENT.weight()),
    };
    Some((Feature::City, level, weight))
}

fn countries(one: &str, other: &str, sums: &mut Sums) {
    if one.is_empty() || other.is_empty() {
        return;
    }
    if one == other {
        sums.add(Feature::Country, Level::Same, place::COUNTRY.agreement());
    } else if one.len() > 3 && other.len() > 3 && texts(one, other) == Nearness::Different {
        // A code and a name (`de`, `germany`) may well be one country.
        sums.add(Feature::Country, Level::Different, place::COUNTRY_DIFFERENT.weight());
    }
}
