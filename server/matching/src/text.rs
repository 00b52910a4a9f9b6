//! Folding of free text: for comparing, for searching, for matching headers, and for keeping it tidy.

use std::borrow::Cow;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

use crate::case::DOT_ABOVE;
use crate::invisible::{is_invisible, shapes_neighbours};

/// Whether a text says nothing: empty, Unicode white space or invisible characters only.
///
/// Such a value never overwrites another, and never equals another blank one.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || is_invisible(character))
}

/// A single-line value as it is kept and shown: invisible characters gone, no space at the ends, single
/// spaces inside. Joiners and selectors that a script or an emoji needs stay. Borrows when nothing changes.
///
/// Line breaks count as spaces; for text of several paragraphs use [`trim_invisible_lines`].
pub fn trim_invisible(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut pending_space = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_whitespace() {
            if !kept.is_empty() {
                pending_space = true;
            }
            continue;
        }
        if is_invisible(character) {
            let before = if pending_space { None } else { kept.chars().next_back() };
            if !shapes_neighbours(before, character, characters.peek().copied()) {
                continue;
            }
        }
        if pending_space {
            kept.push(' ');
            pending_space = false;
        }
        kept.push(character);
    }
    if kept == text { Cow::Borrowed(text) } else { Cow::Owned(kept) }
}

/// Like [`trim_invisible`], but a line break inside stays, so that a longer text keeps its paragraphs.
///
/// Every kind of line break becomes `\n`, and a run of more than two becomes an empty line.
pub fn trim_invisible_lines(text: &str) -> Cow<'_, str> {
    let unified = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    let mut kept = String::with_capacity(text.len());
    let mut empty_lines = 0;
    for line in unified.split('\n') {
        let line = trim_invisible(line);
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        if !kept.is_empty() {
            kept.push_str(if empty_lines > 0 { "\n\n" } else { "\n" });
        }
        empty_lines = 0;
        kept.push_str(&line);
    }
    if kept == text { Cow::Borrowed(text) } else { Cow::Owned(kept) }
}

/// Whether an ASCII text needs no tidying: the common case, answered without a copy.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let edge = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ')
        && !text.contains("  ")
}

/// The form in which text identifiers are compared: compatibility-composed (NFKC), trimmed, single spaces,
/// full Unicode case folding.
///
/// `ß` equals `SS` and `ς` equals `Σ`. The four Turkish letters `i ı I İ` fold to one: `I` is the capital
/// of both small ones, so a comparison that ignores capitals in every language has to join them.
pub fn fold_text(text: &str) -> String {
    if text.is_ascii() {
        return fold_spaces(text.chars().map(|character| character.to_ascii_lowercase()));
    }
    // One pass may make work for the next (a ligature opens into capitals, a sign into a space).
    let mut folded = fold_once(text);
    for _ in 0..4 {
        let again = fold_once(&folded);
        if again == folded {
            break;
        }
        folded = again;
    }
    folded
}

fn fold_once(text: &str) -> String {
    let visible = text.chars().filter(|character| !is_invisible(*character));
    let cased: String = visible.nfkc().default_case_fold().nfkc().collect();
    let mut dotless = String::with_capacity(cased.len());
    for character in cased.chars().filter(|character| !is_invisible(*character)) {
        match character {
            'ı' => dotless.push('i'),
            DOT_ABOVE if dotless.ends_with('i') => {}
            other => dotless.push(other),
        }
    }
    fold_spaces(dotless.nfkc())
}

/// Trims spaces and folds every inner run to one plain space.
fn fold_spaces(characters: impl Iterator<Item = char>) -> String {
    let mut folded = String::new();
    let mut pending_space = false;
    for character in characters {
        if character.is_whitespace() {
            pending_space = !folded.is_empty();
        } else {
            if pending_space {
                folded.push(' ');
                pending_space = false;
            }
            folded.push(character);
        }
    }
    folded
}

/// The form that search and sort columns hold: [`fold_text`] with the accents removed, so that `muller`
/// finds `Müller` and `lukasz` finds `Łukasz`.
///
/// Only marks that decorate a letter go. Vowel signs of Indic scripts and the voicing marks of Japanese
/// spell the word and stay.
pub fn fold_search(text: &str) -> String {
    let folded = fold_text(text);
    if folded.is_ascii() {
        return folded;
    }
    let mut plain = String::with_capacity(folded.len());
    for character in folded.nfd().filter(|character| !is_accent(*character)) {
        match character {
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'ħ' => plain.push('h'),
            'ŧ' => plain.push('t'),
            'þ' => plain.push_str("th"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            other => plain.push(other),
        }
    }
    // Removing a mark may leave a dotless i or a space at an end: fold what is left once more.
    fold_text(&plain)
}

fn is_accent(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36F}'
        | '\u{483}'..='\u{487}'
        | '\u{591}'..='\u{5BD}'
        | '\u{5BF}' | '\u{5C1}'..='\u{5C2}' | '\u{5C4}'..='\u{5C5}' | '\u{5C7}'
        | '\u{64B}'..='\u{652}' | '\u{670}'
        | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20F0}'
    )
}

/// The form in which column headers are compared: no case, accents, spaces or punctuation, so that
/// `First Name`, `first_name` and `FirstName` are one header.
///
/// A header of signs alone, such as `#`, keeps its signs: two such columns are not the same.
pub fn fold_header(header: &str) -> String {
    let searchable = fold_search(header);
    let letters: String = searchable.chars().filter(|character| character.is_alphanumeric()).collect();
    // Marks that a sign kept apart may meet now, and have an order of their own.
    if letters.is_empty() { searchable } else { fold_search(&letters) }
}
