//! Laws that hold for every text, tried on random ones.

use matching::*;
use proptest::prelude::*;

/// Characters that have tripped canonical forms before, among all others.
fn nasty_text() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(
        "iIİıßẞσςΣſKÅaA@.,;:<>\"'+-%/ \u{a0}\u{3000}\u{200b}\u{200c}\u{200d}\u{fe0f}\u{feff}\u{ad}\u{301}\u{307}\u{308}\u{323}\u{345}@.Afﬁ㎏ǅ。\u{37e}\u{1fef}க्می👩💻\n\0"
            .chars()
            .collect::<Vec<_>>(),
    );
    prop::collection::vec(prop_oneof![4 => nasty, 1 => any::<char>()], 0..24).prop_map(String::from_iter)
}

fn noise() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "",
        " ",
        "\u{a0}",
        "\t",
        "\u{200b}",
        "\u{feff}",
        "\u{200e}",
        "\u{ad}",
        "\u{2060} \u{3000}",
    ])
    .prop_map(str::to_owned)
}

/// The text with noise before, between and after its characters, and every other letter in capitals.
fn noisy(text: &str, noises: &[String], upper: &[bool]) -> String {
    let mut noisy = String::new();
    for (position, character) in text.chars().enumerate() {
        noisy.push_str(&noises[position % noises.len()]);
        noisy.push(if upper[position % upper.len()] { character.to_ascii_uppercase() } else { character });
    }
    noisy + &noises[0]
}

proptest! {
    #[test]
    fn an_email_key_is_canonical(local in nasty_text(), domain in "[a-zA-Z0-9üßİς-]{1,12}\\.(com|DE|рф)") {
        for raw in [format!("{local}@{domain}"), local] {
            if let Ok(email) = EmailKey::parse(&raw) {
                prop_assert_eq!(EmailKey::parse(email.as_str()), Ok(email.clone()));
                let cleaned = EmailKey::parse(&clean_email(&raw));
                prop_assert_eq!(cleaned, Ok(email));
            }
        }
    }

    #[test]
    fn noise_does_not_change_an_email_key(
        email in "[a-zàéüçñσжα0-9_+-]{1,12}(\\.[a-z0-9]{1,5})?@[a-z0-9]{1,10}\\.(com|de|co\\.uk)",
        noises in prop::collection::vec(noise(), 1..8),
        upper in prop::collection::vec(any::<bool>(), 1..8),
    ) {
        let plain = EmailKey::parse(&email).unwrap();
        let loud = EmailKey::parse(&noisy(&email, &noises, &upper));
        prop_assert_eq!(loud.map(|email| email.key()), Ok(plain.key()));
        prop_assert_eq!(EmailKey::parse(&email.to_uppercase()).unwrap().key(), plain.key());
    }

    #[test]
    fn folding_gmail_is_canonical(local in "[a-z.+]{1,12}", domain in "(gmail|googlemail)\\.com") {
        let rules = EmailRules { fold_gmail: true };
        if let Ok(email) = EmailKey::parse_with(&format!("{local}@{domain}"), rules) {
            prop_assert_eq!(EmailKey::parse_with(email.as_str(), rules), Ok(email));
        }
    }

    #[test]
    fn a_linkedin_key_is_canonical(slug in nasty_text()) {
        for raw in [format!("linkedin.com/in/{slug}"), format!("linkedin.com/sales/lead/{slug}"), slug] {
            if let Ok(link) = LinkedInKey::parse(&raw) {
                prop_assert_eq!(LinkedInKey::parse(&link.url()), Ok(link));
            }
        }
    }

    #[test]
    fn noise_does_not_change_a_linkedin_key(
        slug in "[a-z0-9éüж][a-z0-9éüж-]{0,20}",
        before in noise(),
        after in noise(),
        host in "(https?://)?(www\\.|uk\\.|de\\.|m\\.)?linkedin\\.com/",
        tail in "(/|/en|\\?trk=[a-z]{3}|#x)?",
    ) {
        let plain = LinkedInKey::parse(&format!("in/{slug}")).unwrap();
        let encoded = percent(&slug);
        for slug in [slug.to_uppercase(), encoded.clone(), encoded.replace('%', "%25"), slug] {
            let loud = LinkedInKey::parse(&format!("{before}{host}in/{slug}{tail}{after}"));
            prop_assert_eq!(loud, Ok(plain.clone()));
        }
    }

    #[test]
    fn a_phone_key_is_canonical(raw in "[+0-9 ()/.-]{4,18}", country in prop::sample::select(vec!["GB", "US", "DE", "IT", "FR"])) {
        if let Ok(phone) = PhoneKey::parse(&raw, Some(country)) {
            prop_assert_eq!(PhoneKey::parse(phone.e164(), None).map(|phone| phone.key()), Ok(phone.key()));
            prop_assert_eq!(PhoneKey::parse(&phone.international(), None).map(|phone| phone.key()), Ok(phone.key()));
        }
    }

    #[test]
    fn folding_twice_is_folding_once(text in prop_oneof![nasty_text(), any::<String>()]) {
        prop_assert_eq!(fold_text(&fold_text(&text)), fold_text(&text));
        prop_assert_eq!(fold_search(&fold_search(&text)), fold_search(&text));
        prop_assert_eq!(fold_header(&fold_header(&text)), fold_header(&text));
        prop_assert_eq!(trim_invisible(&trim_invisible(&text)).into_owned(), trim_invisible(&text).into_owned());
        prop_assert_eq!(trim_invisible_lines(&trim_invisible_lines(&text)).into_owned(), trim_invisible_lines(&text).into_owned());
        prop_assert_eq!(tidy_name(&tidy_name(&text)), tidy_name(&text));
        prop_assert_eq!(clean_company(&clean_company(&text)), clean_company(&text));
    }

    #[test]
    // Scripts that are not growing: the standard library may know newer capitals than the folding table.
    fn folding_ignores_capitals(text in "[\u{20}-\u{2fff}\u{10400}-\u{1044f}]{0,12}") {
        prop_assert_eq!(fold_text(&text.to_uppercase()), fold_text(&text));
        prop_assert_eq!(fold_text(&text.to_lowercase()), fold_text(&text));
    }

    #[test]
    fn only_a_blank_text_folds_to_nothing(text in nasty_text()) {
        prop_assert_eq!(is_blank(&text), fold_text(&text).is_empty());
        prop_assert_eq!(is_blank(&text), trim_invisible(&text).is_empty());
        prop_assert_eq!(is_blank(&text), clean_company(&text).is_empty());
    }

    #[test]
    fn nothing_panics(text in any::<String>()) {
        let _ = (split_full_name(&text), company_domain(&text), PhoneKey::parse(&text, Some("GB")), is_free_mail(&text));
    }
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
