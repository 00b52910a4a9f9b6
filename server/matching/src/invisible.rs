//! Characters that take part in a text without being seen.

/// Whether a character shows nothing and is not a space: zero widths, direction marks, soft hyphens, fillers.
///
/// They arrive by copying from web pages, chat and spreadsheets, and make two equal texts differ.
/// Control characters are not among them: those are damage, and an identifier that holds one is refused.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}'                    // soft hyphen
        | '\u{34F}'                 // combining grapheme joiner
        | '\u{61C}'                 // Arabic letter mark
        | '\u{115F}'..='\u{1160}'   // Hangul fillers
        | '\u{17B4}'..='\u{17B5}'   // Khmer inherent vowels
        | '\u{180B}'..='\u{180F}'   // Mongolian selectors and vowel separator
        | '\u{200B}'..='\u{200F}'   // zero widths, joiners, left-to-right and right-to-left marks
        | '\u{202A}'..='\u{202E}'   // direction embeddings and overrides
        | '\u{2060}'..='\u{206F}'   // word joiner, invisible operators, direction isolates
        | '\u{2800}'                // Braille pattern without a dot
        | '\u{3164}'                // Hangul filler
        | '\u{FE00}'..='\u{FE0F}'   // variation selectors
        | '\u{FEFF}'                // byte order mark
        | '\u{FFA0}'                // half-width Hangul filler
        | '\u{FFF9}'..='\u{FFFB}'   // interlinear annotation
        | '\u{1D173}'..='\u{1D17A}' // musical beams and slurs
        | '\u{E0000}'..='\u{E0FFF}' // tags and supplementary variation selectors
    )
}

/// Whether an invisible character does visible work between its neighbours, so that display text must keep it.
///
/// Joiners shape words in Arabic and Indic scripts and tie emoji together, selectors choose a glyph,
/// and tags make the flags of England, Scotland and Wales.
pub(crate) fn shapes_neighbours(before: Option<char>, invisible: char, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match invisible {
        '\u{200C}' | '\u{200D}' => joins(before) && after.is_some_and(joins),
        '\u{FE00}'..='\u{FE0F}' => after == Some('\u{20E3}') || has_variants(before),
        '\u{E0100}'..='\u{E01EF}' => has_variants(before),
        '\u{E0020}'..='\u{E007F}' => before == '\u{1F3F4}' || ('\u{E0020}'..='\u{E007F}').contains(&before),
        '\u{180B}'..='\u{180F}' => ('\u{1800}'..='\u{18AF}').contains(&before),
        _ => false,
    }
}

/// Whether a zero-width joiner or non-joiner beside this character can change what is seen.
fn joins(character: char) -> bool {
    matches!(character,
        '\u{600}'..='\u{8FF}'       // Arabic, Syriac, Thaana, N'Ko
        | '\u{900}'..='\u{DFF}'     // the scripts of India and Sri Lanka
        | '\u{E00}'..='\u{109F}'    // Thai, Lao, Tibetan, Myanmar
        | '\u{1780}'..='\u{18AF}'   // Khmer, Mongolian
        | '\u{2190}'..='\u{2BFF}'   // arrows, hearts, signs that emoji sequences use
        | '\u{FB50}'..='\u{FDFF}'   // Arabic presentation forms
        | '\u{FE0F}'
        | '\u{FE70}'..='\u{FEFC}'
        | '\u{11000}'..='\u{11FFF}' // further Indic scripts
        | '\u{1F000}'..='\u{1FAFF}' // emoji
    )
}

/// Whether a selector after this character can choose another glyph: signs, emoji, ideographs, but not the
/// letters that have capitals.
fn has_variants(character: char) -> bool {
    // The third kind is neither: `ǅ`, a capital followed by a small letter in one character.
    let has_case = character.is_lowercase() || character.is_uppercase() || character.to_lowercase().ne([character]);
    let is_letter_emoji = matches!(character, 'ℹ' | 'Ⓜ' | '\u{1F100}'..='\u{1F1FF}');
    !character.is_ascii() && !character.is_whitespace() && (!has_case || is_letter_emoji)
}
