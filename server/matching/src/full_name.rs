//! First and last name out of one cell.

use crate::names::{is_mixed, is_particle};
use crate::text::trim_invisible;

/// Forms of address that are no part of a name, without their dots.
const TITLES: &[&str] = &[
    "dame",
    "dipl-ing",
    "dr",
    "drs",
    "doctor",
    "frau",
    "herr",
    "hon",
    "ing",
    "ir",
    "mag",
    "madame",
    "miss",
    "mlle",
    "mme",
    "monsieur",
    "mr",
    "mrs",
    "ms",
    "mx",
    "prof",
    "professor",
    "rev",
    "senhor",
    "señor",
    "señora",
    "signora",
    "sir",
    "sra",
    "srta",
];

/// Degrees and generations after a name, without their dots.
const SUFFIXES: &[&str] = &[
    "ba", "bsc", "cfa", "cpa", "dds", "dvm", "esq", "ii", "iii", "iv", "jd", "jr", "junior", "llb", "llm", "mba", "md",
    "msc", "pe", "phd", "pmp", "rn", "senior", "sr",
];

/// Splits a full name into first names and family name, as far as its writing tells.
///
/// `Last, First` is understood; particles go with the family name (`van Beethoven`); titles, degrees and
/// what stands in brackets are left out. A single word is a first name. Chinese, Japanese and Korean names
/// in their own script begin with the family name. It is a guess for greeting people, never an identifier.
pub fn split_full_name(full_name: &str) -> (String, String) {
    let tidy = trim_invisible(full_name);
    let spoken = without_brackets(&tidy);
    let mut parts: Vec<Vec<&str>> = spoken.split([',', '，']).map(|part| part.split_whitespace().collect()).collect();
    parts.retain(|part| !part.is_empty());
    // `Jane Doe, PhD, MBA`: what follows a comma and is only degrees is no first name.
    while parts.len() > 1 && parts.last().is_some_and(|part| part.iter().all(|word| is_suffix(word))) {
        parts.pop();
    }
    if let [last, first, ..] = parts.as_slice() {
        let last = without_suffixes(without_titles(last), 1);
        let first = without_suffixes(without_titles(first), 1);
        return from_comma(last, first, is_mixed(&spoken));
    }
    let Some(words) = parts.first() else {
        return (String::new(), String::new());
    };
    let words = without_suffixes(without_titles(words), 2);
    match words {
        [] => (String::new(), String::new()),
        [only] => ((*only).to_owned(), String::new()),
        [family, given] if is_east_asian(family) && is_east_asian(given) => ((*given).to_owned(), (*family).to_owned()),
        _ => {
            let start = family_start(words, is_mixed(&spoken));
            (words[..start].join(" "), words[start..].join(" "))
        }
    }
}

/// `Beethoven, Ludwig van` → particles at the end of the first names go back to the family name.
fn from_comma(last: &[&str], first: &[&str], is_mixed: bool) -> (String, String) {
    let particles = first.iter().skip(1).rev().take_while(|word| is_particle(word, is_mixed)).count();
    let (first, moved) = first.split_at(first.len() - particles);
    let family: Vec<&str> = moved.iter().chain(last).copied().collect();
    (first.join(" "), family.join(" "))
}

/// Where the family name begins: at the first particle, or at the last word.
fn family_start(words: &[&str], is_mixed: bool) -> usize {
    let last = words.len() - 1;
    let Some(particle) = (1..last).find(|&position| is_particle(words[position], is_mixed)) else {
        return last;
    };
    // `e` and `y` tie two family names together, so the one before belongs too.
    let ties = matches!(words[particle], "e" | "y");
    if ties && particle > 1 { particle - 1 } else { particle }
}

fn without_titles<'a, 'b>(mut words: &'a [&'b str]) -> &'a [&'b str] {
    while let [title, rest @ ..] = words
        && !rest.is_empty()
        && TITLES.contains(&plain(title).as_str())
    {
        words = rest;
    }
    words
}

/// Drops degrees as long as `at_least` words stay: a name of two words may end like a degree.
fn without_suffixes<'a, 'b>(mut words: &'a [&'b str], at_least: usize) -> &'a [&'b str] {
    while let [rest @ .., suffix] = words
        && rest.len() >= at_least
        && is_suffix(suffix)
    {
        words = rest;
    }
    words
}

fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&plain(word).as_str())
}

/// A title or a degree without its dots, in small letters: `Ph.D.` → `phd`.
fn plain(word: &str) -> String {
    word.to_lowercase().replace('.', "")
}

/// Drops nicknames and pronouns in brackets, unless nothing else is there.
fn without_brackets(name: &str) -> String {
    let mut depth = 0usize;
    let mut spoken = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            other if depth == 0 => spoken.push(other),
            _ => {}
        }
    }
    let says_something = spoken.chars().any(char::is_alphanumeric);
    if says_something { spoken } else { name.to_owned() }
}

fn is_east_asian(word: &str) -> bool {
    word.chars().all(|character| {
        matches!(character,
            '\u{3005}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
            | '\u{AC00}'..='\u{D7AF}' | '\u{20000}'..='\u{3FFFF}')
    })
}
