//! Folding and trimming of free text.

use std::borrow::Cow;

use matching::{fold_header, fold_search, is_blank, trim_invisible, trim_invisible_lines};

#[test]
fn blank_is_what_shows_nothing() {
    for text in ["", " ", "\t\r\n", "\u{a0}", "\u{3000}", "\u{200b}", "\u{feff}\u{200e} \u{ad}", "\u{2800}", "\u{3164}"]
    {
        assert!(is_blank(text), "{text:?}");
    }
    for text in ["0", "-", " a ", "\0", "。"] {
        assert!(!is_blank(text), "{text:?}");
    }
}

#[test]
fn trims_what_is_not_seen() {
    for (raw, trimmed) in [
        ("  Jane   Doe ", "Jane Doe"),
        ("\u{feff}Jane\u{a0}\u{a0}Doe\u{200b}", "Jane Doe"),
        ("Ja\u{ad}ne", "Jane"),
        ("Jane\r\nDoe", "Jane Doe"),
        ("Jane \u{200b} Doe", "Jane Doe"),
        ("\u{202b}שלום\u{202c}", "שלום"),
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("क्\u{200d}ष", "क्\u{200d}ष"),
        ("Ja\u{200d}ne", "Jane"),
        ("\u{200d}می\u{200c}", "می"),
        ("👩\u{200d}💻 dev", "👩\u{200d}💻 dev"),
        ("❤\u{fe0f}", "❤\u{fe0f}"),
        ("1\u{fe0f}\u{20e3}", "1\u{fe0f}\u{20e3}"),
        ("a\u{fe0f}", "a"),
        ("ı\u{fe0f}", "ı"),
        ("ǅ\u{fe0f}i", "ǅi"),
        ("\u{200b}", ""),
    ] {
        assert_eq!(trim_invisible(raw), trimmed, "{raw:?}");
    }
}

#[test]
fn borrows_what_is_tidy() {
    for text in ["", "Jane Doe", "Jürgen Müller", "👩\u{200d}💻"] {
        assert!(matches!(trim_invisible(text), Cow::Borrowed(_)), "{text:?}");
        assert!(matches!(trim_invisible_lines(text), Cow::Borrowed(_)), "{text:?}");
    }
}

#[test]
fn long_text_keeps_its_paragraphs() {
    assert_eq!(trim_invisible_lines(" Hi  Jane,\r\n\r\n\r\nnice  work. \n— Bob\n"), "Hi Jane,\n\nnice work.\n— Bob");
    assert!(matches!(trim_invisible_lines("Hi\n\nJane\nDoe"), Cow::Borrowed(_)));
}

#[test]
fn search_finds_without_accents() {
    for (text, folded) in [
        ("Müller", "muller"),
        ("MU\u{308}LLER", "muller"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Søren Ærø", "soren aero"),
        ("Đorđević", "dordevic"),
        ("Þór", "thor"),
        ("Straße", "strasse"),
        ("Αθήνα", "αθηνα"),
        ("ИЙ", "ии"),
        ("Diyarbakır", "diyarbakir"),
        ("が", "が"),
        ("हिन्दी", "हिन्दी"),
        ("한국", "한국"),
        ("O’Brien", "o’brien"),
    ] {
        assert_eq!(fold_search(text), folded, "{text:?}");
    }
}

#[test]
fn headers_compare_by_their_letters() {
    for (header, folded) in [
        ("First Name", "firstname"),
        ("first_name", "firstname"),
        ("FIRST-NAME", "firstname"),
        ("firstName", "firstname"),
        ("First.Name:", "firstname"),
        ("\u{feff}E-Mail", "email"),
        ("Prénom", "prenom"),
        ("Société", "societe"),
        ("Straße & Nr.", "strassenr"),
        ("{{firstName}}", "firstname"),
        ("Адрес", "адрес"),
        ("電話番号", "電話番号"),
        ("\u{1e000}[\u{16ff0}", "\u{16ff0}\u{1e000}"),
        ("#", "#"),
        ("", ""),
        (" \u{200b} ", ""),
    ] {
        assert_eq!(fold_header(header), folded, "{header:?}");
    }
}
