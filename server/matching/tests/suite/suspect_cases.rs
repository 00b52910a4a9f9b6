//! Pairs of people as somebody would judge them who knows nothing but what is written here.

use matching::*;

/// A person from `field: value` pairs.
fn person(id: i64, fields: &[(&str, &str)]) -> Person {
    let mut person = Person { id, ..Person::default() };
    for (field, value) in fields {
        let value = (*value).to_owned();
        match *field {
            "first" => person.first_name = value,
            "last" => person.last_name = value,
            "email" => person.emails.push(value),
            "company" => person.company_name = value,
            "domain" => person.company_domain = value,
            "phone" => person.phones.push(value),
            "linkedin" => person.linkedin_urls.push(value),
            "city" => person.city = value,
            "postcode" => person.postcode = value,
            "street" => person.street = value,
            "country" => person.country = value,
            "born" => person.date_of_birth = value,
            other => panic!("no field {other}"),
        }
    }
    person
}

type Fields = &'static [(&'static str, &'static str)];

/// In a list of ten thousand people, of whom nothing else is known.
fn judge(one: Fields, other: Fields) -> Comparison {
    let frequencies = Frequencies::from_counts(10_000, Mix::default(), []);
    let (one, other) = (Profile::of(&person(1, one)), Profile::of(&person(2, other)));
    compare(&one, &other, &frequencies, &Thresholds::default())
}

/// Whether the two would be compared at all.
fn meet(one: Fields, other: Fields) -> bool {
    let keys = Profile::of(&person(1, one)).blocking_keys();
    Profile::of(&person(2, other)).blocking_keys().iter().any(|key| keys.contains(key))
}

fn chips(comparison: &Comparison) -> String {
    let parts = comparison.parts.iter().map(|part| format!("{} {:+.1}", part.chip(), part.bits));
    format!("{:.3}: {}", comparison.probability, parts.collect::<Vec<_>>().join(", "))
}

const OBVIOUS: &[(&str, Fields, Fields)] = &[
    (
        "nickname, same mailbox behind dots and a tag",
        &[("first", "Robert"), ("last", "Kessler"), ("email", "bob.kessler@gmail.com")],
        &[("first", "Bob"), ("last", "Kessler"), ("email", "bobkessler+news@googlemail.com")],
    ),
    (
        "changed employer, same LinkedIn profile",
        &[
            ("first", "Jane"),
            ("last", "Doerr"),
            ("email", "jane.doerr@acme.com"),
            ("company", "Acme GmbH"),
            ("linkedin", "https://www.linkedin.com/in/jane-doerr/"),
        ],
        &[
            ("first", "Jane"),
            ("last", "Doerr"),
            ("email", "jd@globex.com"),
            ("company", "Globex Inc."),
            ("linkedin", "uk.linkedin.com/in/Jane-Doerr?x=1"),
        ],
    ),
    (
        "married name, same LinkedIn profile and telephone",
        &[
            ("first", "Katharina"),
            ("last", "Bergmann"),
            ("phone", "+49 171 5550192"),
            ("linkedin", "linkedin.com/in/kbergmann"),
        ],
        &[
            ("first", "Katharina"),
            ("last", "Sommer"),
            ("phone", "0171 5550192"),
            ("linkedin", "linkedin.com/in/kbergmann"),
        ],
    ),
    (
        "swapped names, same day of birth and town",
        &[("first", "Caleb"), ("last", "Rowe"), ("born", "1992-11-20"), ("city", "Liverpool")],
        &[("first", "Rowe"), ("last", "Caleb"), ("born", "20.11.1992"), ("city", "Liverpool")],
    ),
    (
        "two-part names and accents, same company and telephone",
        &[
            ("first", "Jean-Pierre"),
            ("last", "Lefèvre"),
            ("company", "Société Dupont SA"),
            ("phone", "+33 1 42 68 53 00"),
        ],
        &[("first", "JEAN PIERRE"), ("last", "LEFEVRE"), ("company", "Société Dupont"), ("phone", "01 42 68 53 00")],
    ),
    (
        "initial, same mailbox at a mistyped domain, same telephone",
        &[("first", "J."), ("last", "Okonkwo"), ("email", "j.okonkwo@globex.com"), ("phone", "+44 7700 900123")],
        &[("first", "Jane"), ("last", "Okonkwo"), ("email", "j.okonkwo@glboex.com"), ("phone", "07700 900123")],
    ),
    (
        "one letter off in the name, same day of birth and street",
        &[
            ("first", "Isla"),
            ("last", "McAllister"),
            ("born", "1985-02-07"),
            ("street", "12 Harbour Road"),
            ("postcode", "LS1 4AP"),
        ],
        &[
            ("first", "Isla"),
            ("last", "McAlister"),
            ("born", "1985-02-07"),
            ("street", "12 Harbour Rd"),
            ("postcode", "LS1 4AP"),
        ],
    ),
];

/// At least to be looked at.
const REVIEW: &[(&str, Fields, Fields)] = &[
    (
        "nickname, same company, another address",
        &[("first", "William"), ("last", "Thornbury"), ("email", "w.thornbury@acme.com"), ("company", "Acme Ltd")],
        &[("first", "Bill"), ("last", "Thornbury"), ("email", "bthornbury@hotmail.com"), ("company", "ACME")],
    ),
    (
        "transliterated name, same company domain",
        &[("first", "Иван"), ("last", "Кузнецов"), ("email", "ivan@zavod.ru")],
        &[("first", "Ivan"), ("last", "Kuznetsov"), ("email", "i.kuznetsov@zavod.ru")],
    ),
    (
        "umlaut spelled out, same town and telephone",
        &[("first", "Jürgen"), ("last", "Schäfer"), ("city", "Köln"), ("phone", "+49 221 5550142")],
        &[("first", "Juergen"), ("last", "Schaefer"), ("city", "Koln"), ("phone", "0221 5550142")],
    ),
    (
        "double-barrelled name, same company, same private address",
        &[
            ("first", "Emma"),
            ("last", "Whitfield"),
            ("company", "Globex"),
            ("email", "emma@globex.com"),
            ("phone", "+44 7700 900200"),
        ],
        &[("first", "Emma"), ("last", "Whitfield-Ortega"), ("company", "Globex"), ("phone", "07700 900200")],
    ),
    (
        "a rare name twice",
        &[("first", "Evangelia"), ("last", "Papakonstantinou"), ("email", "evi@acme.com")],
        &[("first", "Evangelia"), ("last", "Papakonstantinou"), ("email", "evangelia.p@gmail.com")],
    ),
    (
        "nothing but the mailbox behind a tag",
        &[("email", "zorgblat77@gmail.com")],
        &[("first", "Una"), ("last", "Quist"), ("email", "zorgblat77+shop@gmail.com")],
    ),
    (
        "married name, same first name at the same company with the same telephone",
        &[("first", "Svenja"), ("last", "Albers"), ("company", "Globex"), ("phone", "+49 171 5550777")],
        &[("first", "Svenja"), ("last", "Petzold"), ("company", "Globex AG"), ("phone", "0171 5550777")],
    ),
];

/// Listed, but as namesakes.
const NAME: &[(&str, Fields, Fields)] = &[
    (
        "a common name",
        &[("first", "John"), ("last", "Smith"), ("email", "john@acme.com")],
        &[("first", "john"), ("last", "SMITH"), ("email", "jsmith@globex.com")],
    ),
    (
        "a common name in two towns and companies",
        &[("first", "Anna"), ("last", "Müller"), ("email", "a@acme.de"), ("city", "Berlin"), ("company", "Acme")],
        &[("first", "Anna"), ("last", "Müller"), ("email", "b@globex.de"), ("city", "Hamburg"), ("company", "Globex")],
    ),
    (
        "father and son",
        &[
            ("first", "George"),
            ("last", "Harmon Sr."),
            ("street", "4 Mill Lane"),
            ("city", "Boston"),
            ("born", "1948-03-02"),
            ("email", "gh@gmail.com"),
        ],
        &[
            ("first", "George"),
            ("last", "Harmon Jr."),
            ("street", "4 Mill Lane"),
            ("city", "Boston"),
            ("born", "1977-10-19"),
            ("email", "george.harmon@yahoo.com"),
        ],
    ),
    (
        "two addresses that a number tells apart",
        &[("first", "Maria"), ("last", "Garcia"), ("email", "maria.garcia1@gmail.com")],
        &[("first", "Maria"), ("last", "Garcia"), ("email", "maria.garcia7@gmail.com")],
    ),
    (
        "one office mailbox and one name is still a common name",
        &[("first", "John"), ("last", "Smith"), ("email", "j@acme.com"), ("phone", "1")],
        &[("first", "John"), ("last", "Smith"), ("email", "info@globex.com"), ("phone", "2")],
    ),
];

const NOT_LISTED: &[(&str, Fields, Fields)] = &[
    (
        "a couple",
        &[
            ("first", "Peter"),
            ("last", "Lindqvist"),
            ("street", "9 Elm Street"),
            ("postcode", "11122"),
            ("phone", "+46 8 5550100"),
        ],
        &[
            ("first", "Karin"),
            ("last", "Lindqvist"),
            ("street", "9 Elm Street"),
            ("postcode", "11122"),
            ("phone", "08 5550100"),
        ],
    ),
    (
        "a couple with one mailbox",
        &[("first", "Peter"), ("last", "Lindqvist"), ("email", "lindqvist@telia.com")],
        &[("first", "Karin"), ("last", "Lindqvist"), ("email", "lindqvist@telia.com")],
    ),
    (
        "colleagues with one last name",
        &[
            ("first", "Ahmed"),
            ("last", "Khan"),
            ("company", "Acme"),
            ("email", "a.khan@acme.com"),
            ("phone", "+44 20 71838750"),
        ],
        &[
            ("first", "Sara"),
            ("last", "Khan"),
            ("company", "Acme"),
            ("email", "s.khan@acme.com"),
            ("phone", "+44 20 71838750"),
        ],
    ),
    (
        "an office mailbox",
        &[("first", "Ahmed"), ("last", "Khan"), ("email", "info@acme.com")],
        &[("first", "Sara"), ("last", "Lopez"), ("email", "info@acme.com")],
    ),
    (
        "nothing but an office mailbox",
        &[("email", "office@acme.com"), ("company", "Acme")],
        &[("email", "office@acme.com"), ("company", "Acme")],
    ),
    (
        "colleagues with like addresses",
        &[("first", "Jon"), ("last", "Miller"), ("email", "jmiller@acme.com"), ("company", "Acme")],
        &[("first", "Kim"), ("last", "Miller"), ("email", "kmiller@acme.com"), ("company", "Acme")],
    ),
    ("strangers", &[("first", "Ann"), ("last", "Lee")], &[("first", "Bo"), ("last", "Chan")]),
    ("nobody", &[], &[]),
    (
        "a shared first name and company",
        &[("first", "Anna"), ("last", "Weber"), ("company", "Acme")],
        &[("first", "Anna"), ("last", "Roth"), ("company", "Acme")],
    ),
];

/// Somebody may have to look, but nobody must take it for certain.
const NOT_OBVIOUS: &[(&str, Fields, Fields)] = &[
    (
        "twins",
        &[("first", "Lena"), ("last", "Brandt"), ("born", "2001-05-09"), ("street", "3 Oak Road"), ("city", "Kiel")],
        &[("first", "Marie"), ("last", "Brandt"), ("born", "2001-05-09"), ("street", "3 Oak Road"), ("city", "Kiel")],
    ),
    (
        "father and son of whom only one says so",
        &[("first", "Owen"), ("last", "Pritchard"), ("street", "4 Mill Lane"), ("city", "Boston")],
        &[("first", "Owen"), ("last", "Pritchard Jr."), ("street", "4 Mill Lane"), ("city", "Boston")],
    ),
    (
        "a name and nothing else, however rare",
        &[("first", "Evangelia"), ("last", "Papakonstantinou")],
        &[("first", "Evangelia"), ("last", "Papakonstantinou")],
    ),
    (
        "a mailbox that a couple may share, one first name missing",
        &[("last", "Lindqvist"), ("email", "lindqvist@telia.com")],
        &[("first", "Karin"), ("last", "Lindqvist"), ("email", "lindqvist@telia.com")],
    ),
];

#[test]
fn what_a_family_explains_is_not_obvious() {
    for (name, one, other) in NOT_OBVIOUS {
        let comparison = judge(one, other);
        assert!(comparison.band < Some(Band::Obvious), "{name}: {}", chips(&comparison));
    }
}

#[test]
fn pairs_are_judged_as_people_would() {
    let mut wrong = Vec::new();
    let bands =
        [(Some(Band::Obvious), OBVIOUS), (Some(Band::Review), REVIEW), (Some(Band::Name), NAME), (None, NOT_LISTED)];
    for (band, cases) in bands {
        for (name, one, other) in cases {
            let comparison = judge(one, other);
            let is_right = match band {
                Some(Band::Review) => comparison.band >= band,
                _ => comparison.band == band,
            };
            if !is_right {
                wrong.push(format!("{name}: {:?} instead of {band:?}, {}", comparison.band, chips(&comparison)));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn all_who_are_listed_would_meet() {
    for (name, one, other) in OBVIOUS.iter().chain(REVIEW).chain(NAME) {
        assert!(meet(one, other), "{name}");
    }
}

#[test]
fn a_value_of_many_people_proves_nothing() {
    let crowd: Vec<Profile> = (0..40)
        .map(|id| {
            let first = format!("Person{}", char::from(b'a' + (id % 26) as u8));
            Profile::of(&Person {
                phones: vec!["+44 20 71838750".to_owned()],
                emails: vec!["ourteamaddress@acme-example.com".to_owned()],
                ..person(id, &[("first", &first), ("last", "Xu")])
            })
        })
        .collect();
    let frequencies = Frequencies::of(&crowd);
    let comparison = compare(&crowd[0], &crowd[1], &frequencies, &Thresholds::default());
    for part in comparison.parts.iter().filter(|part| matches!(part.feature, Feature::Email | Feature::Phone)) {
        assert_eq!((part.level, part.bits), (Level::Generic, 0.0));
    }
}

#[test]
fn a_rare_name_counts_more() {
    let bits = |last: &'static str| {
        let frequencies = Frequencies::from_counts(10_000, Mix::default(), []);
        let someone = |id| Profile::of(&person(id, &[("first", "Jane"), ("last", last)]));
        compare(&someone(1), &someone(2), &frequencies, &Thresholds::default()).bits
    };
    assert!(bits("Zwingmann") > bits("Smith") + 3.0);
}

#[test]
fn namesakes_by_the_dozen_are_one_entry() {
    let smiths: Vec<Profile> = (0..60)
        .map(|id| {
            let email = format!("mailbox{}@company{id}.com", id * 7919 % 1000);
            Profile::of(&person(id, &[("first", "John"), ("last", "Smith"), ("email", &email)]))
        })
        .collect();
    let found = scan(&smiths, &Thresholds::default());
    assert_eq!(found.namesakes.len(), 1);
    assert_eq!(found.namesakes[0].ids, (0..60).collect::<Vec<i64>>());
    assert!(found.pairs.len() <= 60, "{} pairs", found.pairs.len());
    let three = scan(&smiths[..3], &Thresholds::default());
    assert!(three.namesakes.is_empty());
    assert_eq!(three.pairs.len(), 3);
}

/// B10: `Na`, `No` and `Self` are names as well as placeholders.
#[test]
fn a_name_that_looks_like_a_placeholder_is_a_name() {
    for (first, last) in [("Jiwon", "Na"), ("Will", "Self"), ("Anna", "Test"), ("Private", "Ryan"), ("N. A.", "Rao")] {
        let someone = |id, email| Profile::of(&person(id, &[("first", first), ("last", last), ("email", email)]));
        let people = [someone(1, "one@acme-example.com"), someone(2, "other@globex-example.com")];
        assert_eq!(scan(&people, &Thresholds::default()).pairs.len(), 1, "{first} {last}");
    }
    let nobody = |id, email| Profile::of(&person(id, &[("first", "Test"), ("last", "Test"), ("email", email)]));
    let people = [nobody(1, "one@acme-example.com"), nobody(2, "other@globex-example.com")];
    assert_eq!(scan(&people, &Thresholds::default()).pairs, []);
}

/// B10: a block of a name also holds swapped and otherwise spelled names; a few namesakes in a crowd of those still meet.
#[test]
fn a_few_namesakes_meet_in_a_crowded_block() {
    let spellings = [("Müller", 1), ("Muller", 3), ("Mueller", 40)];
    let mut people = Vec::new();
    for (last, many) in spellings {
        for _ in 0..many {
            let id = people.len() as i64;
            let email = format!("mailbox{}@company{id}.com", id * 7919 % 1000);
            people.push(Profile::of(&person(id, &[("first", "Anna"), ("last", last), ("email", &email)])));
        }
    }
    let found = scan(&people, &Thresholds::default());
    // `Müller` and `Muller` are one spelling to whoever reads without accents
    let listed: Vec<(i64, i64)> = found.pairs.iter().map(|pair| (pair.a, pair.b)).collect();
    assert_eq!(listed, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]);
    assert_eq!(found.namesakes.len(), 1, "the forty are one entry");
}

#[test]
fn a_national_number_is_found_by_the_country_of_the_workspace() {
    let someone = |id, first, phone, country| {
        Profile::within(&person(id, &[("first", first), ("last", "Holm"), ("phone", phone)]), country)
    };
    let meet = |country| {
        let people = [someone(1, "Mette", "+45 12 34 56 78", country), someone(2, "M.", "12 34 56 78", country)];
        scan(&people, &Thresholds::default()).pairs.len()
    };
    assert_eq!((meet(Some("DK")), meet(None)), (1, 0));
}

#[test]
fn two_records_are_enough() {
    let same = [("first", "Jane"), ("last", "Doe"), ("phone", "+44 7700 900123"), ("city", "Leeds")];
    let people = [Profile::of(&person(5, &same)), Profile::of(&person(3, &same))];
    let found = scan(&people, &Thresholds::default());
    assert_eq!(found.pairs.len(), 1);
    assert_eq!((found.pairs[0].a, found.pairs[0].b, found.pairs[0].band), (3, 5, Band::Obvious));
    assert_eq!(scan(&[], &Thresholds::default()).pairs, []);
}

#[test]
fn chips_say_what_was_seen() {
    let comparison = judge(REVIEW[0].1, REVIEW[0].2);
    let chips: Vec<String> = comparison.parts.iter().map(Part::chip).collect();
    for chip in ["nickname", "same last name", "different email", "same company"] {
        assert!(chips.iter().any(|shown| shown == chip), "{chip} in {chips:?}");
    }
}
