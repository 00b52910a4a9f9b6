//! The way people write their own names.

use crate::text::trim_invisible;

/// Words inside a family name that are written small, wherever they stand except at the end.
const PARTICLES: &[&str] = &[
    "af", "av", "bin", "bint", "da", "dal", "das", "de", "degli", "dei", "del", "della", "dello", "den", "der", "di",
    "do", "dos", "du", "het", "ibn", "in't", "'t", "’t", "op", "ten", "ter", "tot", "van", "vom", "von", "zu", "zum",
    "zur",
];

/// Small only after a first name or another particle: at the start they are names of their own (Al Gore).
const PARTICLES_INSIDE: &[&str] = &["al", "ben", "el", "und"];

/// These tie two family names together where somebody wrote them small among capitals (`Ortega y Gasset`); anywhere else
/// a single letter is an initial (`ROBERT E LEE`).
const TIES: &[&str] = &["e", "y"];

/// Small only right after another particle: `de la Cruz`, but `Le Pen`.
const PARTICLES_AFTER_ANOTHER: &[&str] = &["la", "las", "le", "les", "lo", "los", "the"];

/// Numbers that follow a name and stay capital.
const NUMERALS: &[&str] = &["ii", "iii", "iv", "vi", "vii", "viii"];

/// Names in `Mac` that are sure to have a second capital; most others (Mack, Macron, Macey) have none.
const MAC_NAMES: &[&str] = &[
    "macarthur",
    "macaulay",
    "macdonald",
    "macdougall",
    "macfarlane",
    "macgregor",
    "macintosh",
    "macintyre",
    "maclean",
    "macleod",
    "macmillan",
    "macnamara",
    "macneil",
    "macpherson",
    "macqueen",
    "macrae",
];

/// Elisions before which and after which a name has a capital: `Dell'Acqua`, `Sant'Anna`.
const ELISIONS: &[&str] = &["dell", "dall", "nell", "sant", "degl", "all"];

/// Whether a word belongs to the family name that follows it; the first word of a name never does. `is_mixed` says
/// whether the whole name has both capitals and small letters.
pub(crate) fn is_particle(word: &str, is_mixed: bool) -> bool {
    let lower = word.to_lowercase();
    PARTICLES.contains(&lower.as_str())
        || PARTICLES_INSIDE.contains(&lower.as_str())
        || is_mixed && TIES.contains(&word)
}

/// Whether a name has both capitals and small letters, so that its writing means something.
pub(crate) fn is_mixed(name: &str) -> bool {
    name.chars().any(char::is_uppercase) && name.chars().any(char::is_lowercase)
}

/// A name with the capitals its owner would give it, where it came in capitals or in small letters alone.
///
/// A name in mixed case was written with care and only loses stray spaces. Repeating changes nothing.
pub fn tidy_name(name: &str) -> String {
    let name = trim_invisible(name);
    let has_upper = name.chars().any(char::is_uppercase);
    let has_lower = name.chars().any(char::is_lowercase);
    if has_upper == has_lower {
        return name.into_owned();
    }
    let language = Language::of(&name);
    let words: Vec<&str> = name.split(' ').collect();
    let mut tidy = String::with_capacity(name.len());
    let mut after_particle = false;
    for (position, word) in words.iter().enumerate() {
        if position > 0 {
            tidy.push(' ');
        }
        let lower = language.lower(word);
        let is_last = position + 1 == words.len();
        let small = !is_last
            && (PARTICLES.contains(&lower.as_str())
                || position > 0 && PARTICLES_INSIDE.contains(&lower.as_str())
                || after_particle && PARTICLES_AFTER_ANOTHER.contains(&lower.as_str()));
        after_particle = small;
        if small {
            tidy.push_str(&lower);
        } else if position > 0 && NUMERALS.contains(&lower.as_str()) || has_upper && is_initials(word) {
            tidy.push_str(&language.upper(word));
        } else {
            tidy.push_str(&capitalised(&lower, language));
        }
    }
    tidy
}

/// Whether a word in a name of capitals is most likely two initials (`JP`): no syllable is without a vowel.
fn is_initials(word: &str) -> bool {
    word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase() && !b"AEIOUY".contains(&byte))
}

/// A word in small letters with capitals at its start and after hyphens, dots and elisions.
fn capitalised(word: &str, language: Language) -> String {
    let mut result = String::with_capacity(word.len());
    let mut part = String::new();
    let mut goes_on = false;
    for character in word.chars() {
        if !is_apostrophe(character) && (character.is_alphanumeric() || is_mark(character)) {
            part.push(character);
            continue;
        }
        push_part(&mut result, &part, goes_on, language);
        goes_on = is_apostrophe(character) && goes_on_after(&part);
        part.clear();
        result.push(character);
    }
    push_part(&mut result, &part, goes_on, language);
    result
}

/// Whether an apostrophe stands inside a name, as in `Ng'ang'a`, and not between two, as in `O'Neill`.
fn goes_on_after(part: &str) -> bool {
    part.chars().count() > 1 && !ELISIONS.contains(&part)
}

fn push_part(result: &mut String, part: &str, goes_on: bool, language: Language) {
    if goes_on {
        result.push_str(part);
        return;
    }
    let second = if MAC_NAMES.contains(&part) {
        3
    } else if part.starts_with("mc") && part.chars().count() > 4 {
        2
    } else {
        0
    };
    let (head, tail) = part.split_at(second);
    for piece in [head, tail] {
        let mut characters = piece.chars();
        if let Some(first) = characters.next() {
            result.push_str(&language.title(first));
            result.push_str(characters.as_str());
        }
    }
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | 'ʻ')
}

fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

/// Whose rules for `i` apply: a Turkish name in capitals has `I` for `ı` and `İ` for `i`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Turkish,
    Other,
}

impl Language {
    /// Told by the letters that only Turkish and its neighbours write.
    fn of(name: &str) -> Language {
        let is_turkish = name.contains(['İ', 'ı', 'Ğ', 'ğ', 'Ş', 'ş']);
        if is_turkish { Language::Turkish } else { Language::Other }
    }

    fn lower(self, word: &str) -> String {
        match self {
            Language::Turkish => word.replace('I', "ı").replace('İ', "i").to_lowercase(),
            Language::Other => word.to_lowercase(),
        }
    }

    fn upper(self, word: &str) -> String {
        match self {
            Language::Turkish => word.replace('i', "İ").to_uppercase(),
            Language::Other => word.to_uppercase(),
        }
    }

    /// The capital a word begins with: `ß` opens into two letters, of which only one is large.
    fn title(self, first: char) -> String {
        let upper = self.upper(first.encode_utf8(&mut [0; 4]));
        let mut letters = upper.chars();
        match letters.next() {
            Some(large) if large.is_uppercase() => {
                format!("{large}{}", self.lower(letters.as_str()))
            }
            _ => first.to_string(),
        }
    }
}
