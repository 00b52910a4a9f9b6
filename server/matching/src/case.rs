//! The lower case that identifiers are compared in.

use unicode_normalization::UnicodeNormalization;

/// Lower case for identifiers, in composed form (NFC): the same in every language and stable when repeated.
///
/// Two letters would otherwise depend on where they stand or on the reader's language: a final `ς`
/// becomes `σ`, and `İ` becomes a plain `i` instead of an `i` under a second dot.
pub(crate) fn lower_identifier(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut lower = String::with_capacity(text.len());
    for character in text.nfc().flat_map(char::to_lowercase) {
        match character {
            'ς' => lower.push('σ'),
            DOT_ABOVE if lower.ends_with('i') => {}
            other => lower.push(other),
        }
    }
    lower.nfc().collect()
}

/// The dot that Unicode's lower case of `İ` carries on top of its `i`.
pub(crate) const DOT_ABOVE: char = '\u{307}';

/// A full-width form of an ASCII character, as East Asian keyboards type it, as that ASCII character.
pub(crate) fn narrow(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        other => other,
    }
}
