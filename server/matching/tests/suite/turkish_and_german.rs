//! B19: fields that differ in capitals only are the same, in every language.

use matching::{EmailKey, Key, KeyKind, fold_text};

/// Every text of a line folds to the first.
const SAME: &[&[&str]] = &[
    &["smith", "Smith", "SMITH", "sMiTh"],
    &["istanbul", "İstanbul", "İSTANBUL", "ISTANBUL", "Istanbul", "ıstanbul"],
    &["isik", "ISIK", "ısık", "İsİk", "i\u{307}sik"],
    &["işik", "IŞIK", "ışık", "Işık", "İŞİK"],
    &["diyarbakir", "DİYARBAKIR", "Diyarbakır", "diyarbakır"],
    &["strasse", "straße", "STRASSE", "Straße", "STRAẞE"],
    &["grösse", "größe", "GRÖSSE", "GRÖẞE", "gro\u{308}ße"],
    &["οδοσ", "ΟΔΟΣ", "οδος", "οδοσ", "Οδος"],
    &["σίσυφοσ", "ΣΊΣΥΦΟΣ", "Σίσυφος"],
    &["елена", "ЕЛЕНА", "Елена"],
    &["éloïse", "ÉLOÏSE", "E\u{301}loi\u{308}se"],
    &["file 1", "FILE 1", "file　１", " file\u{a0}\u{a0}1 ", "\u{feff}file 1"],
    &["dž", "DŽ", "Dž", "dž"],
    &["kg", "㎏", "KG"],
];

#[test]
fn capitals_alone_make_no_difference() {
    for line in SAME {
        for text in *line {
            assert_eq!(fold_text(text), line[0], "{text:?}");
            assert_eq!(fold_text(&fold_text(text)), line[0], "{text:?} twice");
            assert_eq!(Key::of(KeyKind::Text, &fold_text(text)), Key::of(KeyKind::Text, line[0]));
        }
    }
}

#[test]
fn letters_that_differ_by_more_stay_apart() {
    for (one, other) in [("muller", "müller"), ("strase", "straße"), ("οδος", "οδός"), ("ab", "a b"), ("i", "j")]
    {
        assert_ne!(fold_text(one), fold_text(other));
    }
}

#[test]
fn addresses_agree_in_capitals_too() {
    for (one, other) in [
        ("İPEK@Örnek.com", "ipek@ÖRNEK.com"),
        ("ΝΙΚΟΣ@example.gr", "νικος@example.gr"),
        ("GRÖẞE@example.de", "größe@example.de"),
    ] {
        assert_eq!(EmailKey::parse(one).unwrap().key(), EmailKey::parse(other).unwrap().key());
    }
}
