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

/// The address with noise before, between and after its characters, and some letters in capitals. Spaces say nothing at
/// the ends and beside its signs, but part words elsewhere.
fn noisy_address(address: &str, noises: &[String], upper: &[bool]) -> String {
    let mut noisy = String::new();
    let mut after_sign = true;
    for (position, character) in address.chars().enumerate() {
        let is_sign = matches!(character, '@' | '.');
        let noise = &noises[position % noises.len()];
        noisy.extend(noise.chars().filter(|c| is_sign || after_sign || !c.is_whitespace()));
        noisy.push(if upper[position % upper.len()] { character.to_ascii_uppercase() } else { character });
        after_sign = is_sign;
    }
    noisy + &noises[0]
}

/// Any text, also those that nearly are a day, a number, an address or a link.
fn anything() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        nasty_text(),
        "[0-9]{0,12}[-/. 年T:t]{0,2}[0-9é年]{0,12}[-/. 月T:]{0,2}[0-9éa-z日]{0,12}",
        "[+0(]{0,2}[0-9 ()/.-]{0,24}(x|ext|;|#)?[0-9é]{0,4}",
        "(https://)?(www.)?linkedin.com/(in|sales/lead)/[a-z%0-9é?#]{0,30}",
        "[A-Za-zé .'\"(),-]{0,60}",
    ]
}

/// A person whose every value may be anything.
fn anybody(id: i64) -> impl Strategy<Value = Person> {
    prop::collection::vec(anything(), 12).prop_map(move |texts| {
        let text = |place: usize| texts[place].clone();
        Person {
            id,
            first_name: text(0),
            last_name: text(1),
            emails: vec![text(2), text(3)],
            company_name: text(4),
            company_domain: text(5),
            phones: vec![text(6)],
            linkedin_urls: vec![text(7)],
            city: text(8),
            postcode: text(9),
            street: text(10),
            country: text(3),
            date_of_birth: text(11),
        }
    })
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
        let loud = EmailKey::parse(&noisy_address(&email, &noises, &upper));
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
    fn nothing_panics(text in anything()) {
        let _ = (split_full_name(&text), company_domain(&text), PhoneKey::parse(&text, Some("GB")), is_free_mail(&text));
        let _ = (EmailKey::parse(&text), clean_email(&text), LinkedInKey::parse(&text), tidy_name(&text));
        let _ = (clean_company(&text), fold_text(&text), fold_header(&text), trim_invisible(&text));
    }

    #[test]
    fn a_day_that_is_read_is_one(text in anything(), day_first in any::<bool>()) {
        if let Some(day) = read_day(&text, day_first) {
            prop_assert_eq!(read_day(&day, !day_first), Some(day));
        }
    }

    #[test]
    fn anybody_can_be_compared(one in anybody(1), other in anybody(2)) {
        let (one, other) = (Profile::within(&one, Some("DE")), Profile::of(&other));
        let profiles = [one, other];
        let frequencies = Frequencies::of(&profiles);
        let [one, other] = &profiles;
        let there = compare(one, other, &frequencies, &Thresholds::default());
        prop_assert!(there.bits.is_finite());
        prop_assert_eq!(there, compare(other, one, &frequencies, &Thresholds::default()));
    }
}

/// A cell may hold a megabyte: what no identifier can be is refused before any work that grows faster than the text.
#[test]
fn an_endless_cell_is_refused_at_once() {
    let many = 200_000;
    let endless = [
        format!("linkedin.com/in/{}", "%25".repeat(many)),
        format!("linkedin.com/in/%{}", "25".repeat(many)),
        format!("{}a@x.com{}", "\"".repeat(many), "\"".repeat(many)),
        format!("{}a@x.com{}", "<".repeat(many), ">".repeat(many)),
        "mailto:".repeat(many),
        "1t".repeat(many),
        "1 ".repeat(many),
    ];
    for text in &endless {
        assert!(LinkedInKey::parse(text).is_err());
        assert!(EmailKey::parse(text).is_err());
        assert_eq!(read_day(text, true), None);
        let person = Person { first_name: text.clone(), phones: vec![text.clone()], ..Person::default() };
        assert!(Profile::within(&person, Some("GB")).blocking_keys().len() < 30);
        assert_eq!(clean_email(text), *text.trim());
    }
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
