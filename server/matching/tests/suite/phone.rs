//! Spellings of one telephone number share a key; a key needs a country.

use matching::{PhoneError, PhoneKey};

const SAME: &[(&str, Option<&str>, &[&str])] = &[
    (
        "+442071838750",
        Some("GB"),
        &[
            "+44 20 7183 8750",
            "+442071838750",
            "+44 (0)20 7183 8750",
            "0044 20 7183 8750",
            "020 7183 8750",
            "(020) 7183-8750",
            "020.7183.8750",
            "tel:+44-20-7183-8750",
            "TEL:+442071838750",
            "\u{202a}+44 20 7183 8750\u{202c}",
            "+44\u{a0}20\u{a0}7183\u{a0}8750",
            "+44 20 7183 8750",
            "'+44 20 7183 8750",
            "+44 20 7183 8750 ext. 12",
        ],
    ),
    ("+442071838750", Some("us"), &["+44 20 7183 8750", "011 44 20 7183 8750", "0044 20 7183 8750"]),
    ("+442071838750", None, &["+44 20 7183 8750", "0044 20 7183 8750"]),
    ("+442071838750", Some("uk"), &["020 7183 8750"]),
    ("+12025550173", Some("US"), &["(202) 555-0173", "202-555-0173", "1 202 555 0173", "+1.202.555.0173"]),
    ("+4930901820", Some("DE"), &["030/901820", "+49 30 901820", "0049 (0)30 901820"]),
    ("+390236618300", Some("IT"), &["02 3661 8300", "+39 02 3661 8300"]),
    ("+201001234567", Some("EG"), &["٠١٠٠١٢٣٤٥٦٧"]),
];

const REFUSED: &[(&str, Option<&str>, PhoneError)] = &[
    ("", Some("GB"), PhoneError::Empty),
    ("\u{200b} ", Some("GB"), PhoneError::Empty),
    ("n/a", Some("GB"), PhoneError::NotANumber),
    ("4.47911E+11", Some("GB"), PhoneError::NotANumber),
    ("020 7183 8750", None, PhoneError::NoCountry),
    ("+999 123 4567", Some("GB"), PhoneError::UnknownCountry),
    ("12345", Some("US"), PhoneError::TooShort),
    ("+44 20 7183 8750 9999 99", None, PhoneError::TooLong),
    ("000 000 0000", Some("US"), PhoneError::Placeholder),
    ("1111111111", Some("GB"), PhoneError::Placeholder),
    ("+44 20 7183 8750 / +44 20 7183 8751", None, PhoneError::SeveralNumbers),
    ("020 7183 8750; 020 7183 8751", Some("GB"), PhoneError::SeveralNumbers),
];

#[test]
fn spellings_of_one_number_share_a_key() {
    for (e164, country, spellings) in SAME {
        for spelling in *spellings {
            let phone = PhoneKey::parse(spelling, *country).unwrap_or_else(|error| panic!("{spelling:?}: {error}"));
            assert_eq!(phone.e164(), *e164, "{spelling:?}");
            assert_eq!(phone.key(), PhoneKey::parse(e164, None).unwrap().key());
        }
    }
}

#[test]
fn what_is_no_number_says_why() {
    for (text, country, error) in REFUSED {
        assert_eq!(PhoneKey::parse(text, *country), Err(*error), "{text:?}");
    }
}

#[test]
fn shows_the_number_in_groups() {
    let phone = PhoneKey::parse("02071838750 ext 3", Some("GB")).unwrap();
    assert_eq!(phone.international(), "+44 20 7183 8750");
}
