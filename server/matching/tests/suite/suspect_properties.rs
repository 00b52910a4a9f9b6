//! Laws of comparing and scanning, tried on random people.

use std::collections::{BTreeMap, BTreeSet};

use matching::*;
use proptest::prelude::*;

use crate::businesspeople;

/// People who often share values, with gaps, signs and nonsense.
fn person() -> impl Strategy<Value = Person> {
    let name = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        prop_oneof![6 => prop::sample::select(names), 1 => ".{0,12}", 1 => Just(String::new())]
    };
    let first = name(&["Anna", "Bob", "Robert", "Anna Maria", "J", "Jürgen", "Juergen", "Иван", "Ivan", "Smith"]);
    let last = name(&["Smith", "Smyth", "Smith-Jones", "Müller", "Mueller Jr", "van den Berg", "Berg", "Anna"]);
    let emails = prop::collection::vec(
        name(&[
            "anna@x.com",
            "anna+1@x.com",
            "a.nna@x.com",
            "info@acme.com",
            "anna.smith@gmail.com",
            "bob.berg@acme.com",
        ]),
        0..3,
    );
    let phones = prop::collection::vec(name(&["+44 20 7183 8750", "020 7183 8750", "555", "+1 202 555 0143"]), 0..3);
    let links =
        prop::collection::vec(name(&["linkedin.com/in/anna", "in/bob", "https://linkedin.com/sales/lead/AC1"]), 0..2);
    let company =
        (name(&["Acme GmbH", "Acme", "Acme Foods", "n/a"]), name(&["acme.com", "https://www.acme.com", "x.com"]));
    let place = (
        name(&["London", "Lodnon", "Berlin"]),
        name(&["12345", "12354", "SW1A 1AA"]),
        name(&["12 High Street", "12 High St", "High Street", "7 Low Road"]),
        name(&["UK", "Germany"]),
    );
    let born = name(&["1971-06-24", "24.06.1971", "1971-06-25", "19990101"]);
    (0i64..1_000_000, first, last, emails, phones, links, company, place, born).prop_map(
        |(id, first_name, last_name, emails, phones, linkedin_urls, company, place, date_of_birth)| Person {
            id,
            first_name,
            last_name,
            emails,
            phones,
            linkedin_urls,
            company_name: company.0,
            company_domain: company.1,
            city: place.0,
            postcode: place.1,
            street: place.2,
            country: place.3,
            date_of_birth,
        },
    )
}

fn people(most: usize) -> impl Strategy<Value = Vec<Person>> {
    prop::collection::vec(person(), 2..most).prop_map(|mut people| {
        for (id, person) in people.iter_mut().enumerate() {
            person.id = id as i64;
        }
        people
    })
}

fn frequencies(people: u64) -> Frequencies {
    Frequencies::from_counts(people, Mix::default(), [])
}

/// Sets a field of both people to one value, or clears it in the first.
fn with_field(field: usize, one: &Person, other: &Person, value: &Person, clear: bool) -> (Person, Person) {
    let (mut one, mut other) = (one.clone(), other.clone());
    for (person, is_first) in [(&mut one, true), (&mut other, false)] {
        let value = if clear && is_first { &Person::default() } else { value };
        match field {
            0 => person.first_name.clone_from(&value.first_name),
            1 => person.last_name.clone_from(&value.last_name),
            2 => person.emails.clone_from(&value.emails),
            3 => person.phones.clone_from(&value.phones),
            4 => person.linkedin_urls.clone_from(&value.linkedin_urls),
            5 => person.company_name.clone_from(&value.company_name),
            6 => person.city.clone_from(&value.city),
            7 => person.postcode.clone_from(&value.postcode),
            8 => person.street.clone_from(&value.street),
            9 => person.country.clone_from(&value.country),
            _ => person.date_of_birth.clone_from(&value.date_of_birth),
        }
    }
    (one, other)
}

fn weigh(one: &Person, other: &Person, frequencies: &Frequencies) -> Comparison {
    compare(&Profile::of(one), &Profile::of(other), frequencies, &Thresholds::default())
}

proptest! {
    #[test]
    fn comparing_is_symmetric(one in person(), other in person(), number in 0u64..2_000_000) {
        let frequencies = frequencies(number);
        prop_assert_eq!(weigh(&one, &other, &frequencies), weigh(&other, &one, &frequencies));
    }

    #[test]
    fn the_parts_sum_to_the_bits(one in person(), other in person()) {
        let comparison = weigh(&one, &other, &frequencies(10_000));
        let sum: f64 = comparison.parts.iter().map(|part| part.bits).sum();
        prop_assert_eq!(sum, comparison.bits);
        prop_assert!(comparison.bits.is_finite());
        prop_assert!((0.0..=1.0).contains(&comparison.probability));
        prop_assert!(comparison.parts.iter().all(|part| !part.chip().is_empty()));
    }

    #[test]
    fn an_equal_value_never_lowers_below_a_missing_one(
        one in person(), other in person(), value in person(), field in 0usize..11, number in 0u64..2_000_000,
    ) {
        let frequencies = frequencies(number);
        let (one_equal, other_equal) = with_field(field, &one, &other, &value, false);
        let (one_missing, other_missing) = with_field(field, &one, &other, &value, true);
        // Without any name, the one in the address stands in: then a name or an address is two values at once.
        let is_nameless = |person: &Person| is_blank(&person.first_name) && is_blank(&person.last_name);
        prop_assume!(field > 2 || ![&one_missing, &other_missing].into_iter().any(is_nameless));
        let equal = weigh(&one_equal, &other_equal, &frequencies);
        let missing = weigh(&one_missing, &other_missing, &frequencies);
        // With a gap in the names a first name may be read as the other's last; the value that fills the gap can
        // show that it is not, which is evidence against and not a missing value.
        prop_assume!(missing.parts.iter().all(|part| part.level != Level::Swapped || part.feature != Feature::Names));
        prop_assert!(equal.bits >= missing.bits - 1e-9, "{:?}\n{:?}", equal, missing);
    }

    #[test]
    fn the_same_name_with_another_address_is_always_listed(one in person(), other in person(), number in 0u64..2_000_000) {
        let mut other = other;
        (other.first_name, other.last_name) = (one.first_name.to_uppercase(), one.last_name.clone());
        let is_named = |name: &str| fold_search(name).chars().filter(char::is_ascii_alphabetic).count() > 2;
        let folds_alike = fold_search(&one.first_name) == fold_search(&other.first_name);
        if !is_named(&one.first_name) || !is_named(&one.last_name) || !folds_alike {
            return Ok(());
        }
        other.emails = vec!["somebody.else@example.org".to_owned()];
        prop_assert!(weigh(&one, &other, &frequencies(number)).band.is_some());
    }

    #[test]
    fn a_scan_equals_all_pairs_that_share_a_key(people in people(24)) {
        let profiles: Vec<Profile> = people.iter().map(Profile::of).collect();
        let found = scan(&profiles, &Thresholds { review: 0.0, obvious: 0.99 });
        let mut expected = BTreeSet::new();
        for (at, one) in profiles.iter().enumerate() {
            for other in &profiles[at + 1..] {
                let keys = other.blocking_keys();
                if one.blocking_keys().iter().any(|key| keys.contains(key)) {
                    expected.insert((one.id(), other.id()));
                }
            }
        }
        prop_assert_eq!(found.candidates, expected.len());
        let listed: BTreeSet<(i64, i64)> = found.pairs.iter().map(|pair| (pair.a, pair.b)).collect();
        prop_assert_eq!(listed, expected);
    }

    #[test]
    fn the_order_of_people_does_not_show(people in people(24), by in 0usize..24) {
        let profiles: Vec<Profile> = people.iter().map(Profile::of).collect();
        let mut turned = profiles.clone();
        turned.rotate_left(by % profiles.len());
        prop_assert_eq!(scan(&profiles, &Thresholds::default()), scan(&turned, &Thresholds::default()));
    }

    #[test]
    fn a_stored_key_reads_back(one in person()) {
        for key in Profile::of(&one).blocking_keys() {
            prop_assert_eq!(BlockKey::from_i64(key.as_i64()), key);
        }
    }
}

/// A table of keys and one of counts, as a database holds them.
#[derive(Default)]
struct Tables {
    people_by_key: BTreeMap<i64, Vec<usize>>,
    people_by_term: BTreeMap<i64, u32>,
}

#[test]
fn a_look_up_finds_what_a_scan_finds() {
    for seed in [21, 22] {
        let invented = businesspeople::list(3_000, seed);
        let profiles = invented.profiles();
        let thresholds = Thresholds::default();
        let everything = scan(&profiles, &thresholds);
        let mut tables = Tables::default();
        for (place, profile) in profiles.iter().enumerate() {
            for key in profile.blocking_keys() {
                tables.people_by_key.entry(key.as_i64()).or_default().push(place);
            }
            for term in profile.term_keys() {
                *tables.people_by_term.entry(term).or_default() += 1;
            }
        }
        // Each person in turn as if just imported: look up, load the counts, compare.
        let mut found: BTreeMap<(i64, i64), (f64, Band)> = BTreeMap::new();
        for (place, profile) in profiles.iter().enumerate().step_by(7) {
            let mut candidates = BTreeSet::new();
            for key in profile.blocking_keys() {
                let block = &tables.people_by_key[&key.as_i64()];
                if block.len() <= key.largest_block() {
                    candidates.extend(block.iter().copied().filter(|other| *other != place));
                }
            }
            for other in candidates.iter().map(|other| &profiles[*other]) {
                let terms = profile.term_keys().into_iter().chain(other.term_keys());
                let counts = terms.map(|term| (term, tables.people_by_term[&term]));
                let frequencies = Frequencies::from_counts(profiles.len() as u64, everything.mix, counts);
                let comparison = compare(profile, other, &frequencies, &thresholds);
                if let Some(band) = comparison.band {
                    let ids = (profile.id().min(other.id()), profile.id().max(other.id()));
                    found.insert(ids, (comparison.bits, band));
                }
            }
        }
        let grouped: BTreeSet<i64> = everything.namesakes.iter().flat_map(|group| group.ids.iter().copied()).collect();
        found.retain(|(a, b), (_, band)| *band != Band::Name || !grouped.contains(a) || !grouped.contains(b));
        let is_new = |id: i64| id % 7 == 0;
        let expected: BTreeMap<(i64, i64), (f64, Band)> = everything
            .pairs
            .iter()
            .filter(|pair| is_new(pair.a) || is_new(pair.b))
            .map(|pair| ((pair.a, pair.b), (pair.bits, pair.band)))
            .collect();
        assert!(expected.len() > 40);
        for (pair, judged) in &expected {
            let people = [pair.0, pair.1].map(|id| &invented.people[id as usize]);
            assert_eq!(found.get(pair), Some(judged), "seed {seed}, {pair:?} of the scan: {people:?}");
        }
        for (pair, judged) in &found {
            assert_eq!(expected.get(pair), Some(judged), "seed {seed}, {pair:?} of the look-up");
        }
    }
}
