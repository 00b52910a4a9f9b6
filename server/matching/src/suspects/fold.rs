//! The forms that the words of a profile are compared in.

use crate::text::fold_search;

/// The most bytes of one field that are compared: longer texts are notes in the wrong column.
const LONGEST_FIELD: usize = 120;

/// What people type where a value is asked for and they have none to give; sorted. Some are names, too: see
/// [`without_placeholders`].
const PLACEHOLDERS: &[&str] = &[
    "anonymous",
    "company",
    "confidential",
    "first name",
    "firstname",
    "freelance",
    "freelancer",
    "inconnu",
    "independent",
    "keine angabe",
    "last name",
    "lastname",
    "n a",
    "na",
    "name",
    "nan",
    "nil",
    "no",
    "none",
    "not applicable",
    "not available",
    "null",
    "privat",
    "private",
    "retired",
    "self",
    "self employed",
    "selfemployed",
    "student",
    "tbd",
    "test",
    "unbekannt",
    "undefined",
    "unemployed",
    "unknown",
    "various",
    "xx",
    "xxx",
];

/// Those of them that are nobody's name; sorted.
const NEVER_NAMES: &[&str] = &[
    "anonymous",
    "confidential",
    "first name",
    "firstname",
    "inconnu",
    "keine angabe",
    "last name",
    "lastname",
    "not applicable",
    "not available",
    "self employed",
    "selfemployed",
    "tbd",
    "unbekannt",
    "undefined",
    "unknown",
    "xx",
    "xxx",
];

/// Titles and degrees, which one list carries and the next leaves out.
const TITLES: &[&str] = &[
    "dipl",
    "doctor",
    "dr",
    "frau",
    "herr",
    "madame",
    "mag",
    "mba",
    "miss",
    "mlle",
    "mme",
    "monsieur",
    "mr",
    "mrs",
    "ms",
    "mx",
    "phd",
    "prof",
    "professor",
    "sir",
    "sra",
];

/// Small words inside family names; `de la Cruz` and `Cruz` are one name to whoever sorts a list.
const PARTICLES: &[&str] = &[
    "al", "af", "av", "bin", "da", "de", "dei", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "het",
    "la", "le", "ten", "ter", "van", "vom", "von", "y", "zu", "zum", "zur",
];

/// Words that half of all streets have.
const STREET_WORDS: &[&str] = &[
    "ave",
    "avenue",
    "blvd",
    "boulevard",
    "calle",
    "circuit",
    "close",
    "court",
    "crescent",
    "cres",
    "ct",
    "cct",
    "dr",
    "drive",
    "lane",
    "ln",
    "pl",
    "place",
    "plaza",
    "platz",
    "rd",
    "road",
    "rue",
    "st",
    "str",
    "strasse",
    "street",
    "terrace",
    "tce",
    "ulica",
    "ul",
    "via",
    "way",
    "weg",
    "the",
    "de",
    "la",
    "der",
];

/// Which of several namesakes of a family a person is, as `Jr`, `Sr` and `III` after a name say.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Generation {
    /// The name says nothing about it.
    #[default]
    Unsaid,
    /// `Sr`, `senior`, `the elder`.
    First,
    /// `Jr`, `junior`, `II`.
    Second,
    /// `III`.
    Third,
    /// `IV`.
    Fourth,
}

/// A text as words of letters and digits with single spaces: no case, accents or punctuation.
///
/// Apostrophes and dots vanish (`O'Neil` is `oneil`, `J.P.` is `j p`), other signs part words.
pub(super) fn fold_words(text: &str) -> String {
    let folded = fold_search(text);
    let mut words = String::with_capacity(folded.len());
    for character in folded.chars() {
        match character {
            '\'' | '’' | '`' | '´' | 'ʼ' => {}
            letter if letter.is_alphanumeric() => match latin(letter) {
                Some(spelled) => words.push_str(spelled),
                None => words.push(letter),
            },
            // A vowel sign or a voicing mark, which spells the word.
            mark if !mark.is_ascii() && !mark.is_whitespace() && is_mark(mark) => words.push(mark),
            _ if words.ends_with(' ') || words.is_empty() => {}
            _ => words.push(' '),
        }
    }
    words.truncate(clip(words.trim_end(), LONGEST_FIELD).trim_end().len());
    words
}

/// [`fold_words`] of a value that is no name; a placeholder is a missing value.
pub(super) fn fold_value(text: &str) -> String {
    let words = fold_words(text);
    if is_placeholder(&words) { String::new() } else { words }
}

fn is_placeholder(words: &str) -> bool {
    PLACEHOLDERS.binary_search(&words).is_ok()
}

/// Folded first and last names, empty where they are placeholders.
///
/// `Na`, `No`, `Self`, `Test` and `Student` are names of people, and who has one must be found like everybody: such a
/// word is a placeholder only beside another, or alone.
pub(super) fn without_placeholders(first: String, last: String) -> (String, String) {
    let never = |words: &str| NEVER_NAMES.binary_search(&words).is_ok();
    let says_nothing = |part: &str| part.is_empty() || is_placeholder(part);
    if says_nothing(&first) && says_nothing(&last) || never(&format!("{first} {last}")) {
        return (String::new(), String::new());
    }
    let kept = |part: String| if never(&part) { String::new() } else { part };
    (kept(first), kept(last))
}

/// The words of one part of a name without titles, and what a suffix says about the generation.
pub(super) fn fold_name(text: &str) -> (String, Generation) {
    // `N. A.` are somebody's initials, `N/A` are nobody's
    let folded = if text.trim().eq_ignore_ascii_case("n/a") { String::new() } else { fold_words(text) };
    let mut generation = Generation::Unsaid;
    let mut words: Vec<&str> = Vec::new();
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        if TITLES.contains(&word) {
            continue;
        }
        match generation_of(word) {
            Generation::Unsaid => words.push(word),
            // A lone `Junior` is somebody's first name.
            said if !words.is_empty() => generation = said,
            _ => words.push(word),
        }
    }
    if words.is_empty() {
        return (folded, generation);
    }
    (words.join(" "), generation)
}

fn generation_of(word: &str) -> Generation {
    match word {
        "sr" | "senior" => Generation::First,
        "jr" | "junior" | "jnr" | "ii" | "2nd" => Generation::Second,
        "iii" | "3rd" => Generation::Third,
        "iv" | "4th" => Generation::Fourth,
        _ => Generation::Unsaid,
    }
}

/// A name with the spellings joined that alphabets force on it: `mueller`, `muller` and `müller`,
/// `anne-marie` and `annemarie`, `de la cruz` and `cruz`.
pub(super) fn skeleton(words: &str) -> String {
    let meaningful = words.split(' ').filter(|word| !PARTICLES.contains(word)).count();
    let mut joined = String::with_capacity(words.len());
    for word in words.split(' ') {
        if meaningful == 0 || !PARTICLES.contains(&word) {
            joined.push_str(word);
        }
    }
    if joined.len() < 4 {
        return joined;
    }
    let mut plain = String::with_capacity(joined.len());
    let mut characters = joined.chars().peekable();
    while let Some(character) = characters.next() {
        plain.push(character);
        let next = characters.peek().copied();
        let umlaut = matches!((character, next), ('a' | 'o' | 'u', Some('e')) | ('a', Some('a')));
        if umlaut {
            characters.next();
        }
    }
    plain
}

/// Whether a word is one that half of all streets have.
pub(super) fn is_street_word(word: &str) -> bool {
    STREET_WORDS.contains(&word)
}

/// The start of a text that has at most so many bytes, cut between characters.
pub(super) fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{900}'..='\u{DFF}' | '\u{E00}'..='\u{109F}' | '\u{3099}' | '\u{309A}' | '\u{30FC}')
}

/// A Cyrillic or Greek letter as passports spell it (ICAO 9303, without its rarer digraphs).
fn latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' | 'α' => "a",
        'б' => "b",
        'в' | 'β' => "v",
        'г' | 'ґ' | 'γ' => "g",
        'д' | 'δ' => "d",
        'е' | 'э' | 'є' | 'ε' => "e",
        'ё' => "e",
        'ж' => "zh",
        'з' | 'ζ' => "z",
        'и' | 'і' | 'ι' | 'η' => "i",
        'й' => "i",
        'ї' => "i",
        'к' | 'κ' => "k",
        'л' | 'λ' => "l",
        'м' | 'μ' => "m",
        'н' | 'ν' => "n",
        'о' | 'ο' | 'ω' => "o",
        'п' | 'π' => "p",
        'р' | 'ρ' => "r",
        'с' | 'σ' => "s",
        'т' | 'τ' => "t",
        'у' => "u",
        'υ' => "y",
        'ф' | 'φ' => "f",
        'х' => "kh",
        'χ' => "ch",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ы' => "y",
        'ю' => "iu",
        'я' => "ia",
        'θ' => "th",
        'ξ' => "x",
        'ψ' => "ps",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_sorted() {
        assert!(PLACEHOLDERS.is_sorted());
        assert!(NEVER_NAMES.is_sorted());
        assert!(NEVER_NAMES.iter().all(|words| is_placeholder(words)));
    }

    #[test]
    fn folds_what_alphabets_and_habits_change() {
        for (typed, folded) in [
            ("  Jean-Pierre ", "jean pierre"),
            ("O'Neil", "oneil"),
            ("O’Neil", "oneil"),
            ("J.P.", "j p"),
            ("MÜLLER", "muller"),
            ("Łukasz", "lukasz"),
            ("Иванов", "ivanov"),
            ("Παπαδόπουλος", "papadopoylos"),
            ("N/A", "n a"),
            ("-", ""),
            ("山田", "山田"),
        ] {
            assert_eq!(fold_words(typed), folded, "{typed:?}");
        }
    }

    #[test]
    fn a_placeholder_is_a_missing_value_but_a_name_where_it_may_be_one() {
        for text in ["N/A", "na", "Private", "test", "self-employed"] {
            assert_eq!(fold_value(text), "", "{text:?}");
        }
        for (first, last, kept) in [
            ("jiwon", "na", ("jiwon", "na")),
            ("will", "self", ("will", "self")),
            ("n a", "rao", ("n a", "rao")),
            ("jane", "unknown", ("jane", "")),
            ("firstname", "doe", ("", "doe")),
            ("test", "test", ("", "")),
            ("test", "", ("", "")),
            ("first", "name", ("", "")),
        ] {
            let (one, other) = without_placeholders(first.to_owned(), last.to_owned());
            assert_eq!((one.as_str(), other.as_str()), kept, "{first} {last}");
        }
        assert_eq!(fold_name(" n/A "), (String::new(), Generation::Unsaid));
    }

    #[test]
    fn reads_titles_and_generations() {
        assert_eq!(fold_name("Dr. Jane"), ("jane".to_owned(), Generation::Unsaid));
        assert_eq!(fold_name("Smith, Jr."), ("smith".to_owned(), Generation::Second));
        assert_eq!(fold_name("Smith III"), ("smith".to_owned(), Generation::Third));
        assert_eq!(fold_name("Junior"), ("junior".to_owned(), Generation::Unsaid));
        assert_eq!(fold_name("Dr."), ("dr".to_owned(), Generation::Unsaid));
    }

    #[test]
    fn the_skeleton_joins_spellings_of_one_name() {
        for (one, other) in
            [("mueller", "muller"), ("anne marie", "annemarie"), ("de la cruz", "cruz"), ("soeren", "soren")]
        {
            assert_eq!(skeleton(one), skeleton(other));
        }
        assert_ne!(skeleton("lee"), skeleton("le"));
        assert_eq!(skeleton("van"), "van");
    }
}
