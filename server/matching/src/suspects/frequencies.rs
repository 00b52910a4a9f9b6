//! How many people have a value: agreement on a rare one proves more.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::hash::hash;
use super::mailbox;
use super::model;
use super::profile::{Field, Profile};

/// The values that are counted. The number is part of stored keys: add numbers, never change one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TermKind {
    First = 1,
    Last = 2,
    Company = 3,
    Domain = 4,
    Mailbox = 5,
    Phone = 6,
    City = 7,
    Postcode = 8,
    BirthDate = 9,
    LinkedIn = 10,
}

impl TermKind {
    fn is(self, term: i64) -> bool {
        term.cast_unsigned() >> 58 == self as u64
    }

    /// Whether a term is of a kind whose values seldom belong to two people.
    fn is_nearly_unique(term: i64) -> bool {
        [Self::Mailbox, Self::Phone, Self::LinkedIn].iter().any(|unique| unique.is(term))
    }
}

/// How many pairs of records there are for each person, by what the two are to each other.
///
/// A full scan estimates it; it is kept with the counts for look-ups until the next one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Mix {
    /// Two records of one person.
    pub duplicates: f64,
    /// Two people of one household.
    pub relatives: f64,
    /// Two people of one company.
    pub colleagues: f64,
}

impl Default for Mix {
    /// What is expected of a list that nobody has looked at yet.
    fn default() -> Self {
        Self {
            duplicates: model::PAIRS_PER_PERSON,
            relatives: model::HOUSEHOLD_PAIRS_PER_PERSON,
            colleagues: model::COLLEAGUE_PAIRS_PER_PERSON,
        }
    }
}

/// Counts of people by value, and what follows from them about any two people.
///
/// Built from all people ([`Frequencies::of`]), or from counts that are kept in a table and loaded for the
/// people at hand ([`Frequencies::from_counts`]). A value that was not counted is taken as one that only the
/// compared people have.
#[derive(Clone, Debug)]
pub struct Frequencies {
    people: u64,
    mix: Mix,
    counts: HashMap<i64, u32, BuildHasherDefault<AlreadyHashed>>,
}

impl Default for Frequencies {
    /// Of an empty list: what is known of names everywhere, and nothing else.
    fn default() -> Self {
        Self::from_counts(0, Mix::default(), [])
    }
}

impl Frequencies {
    /// Counts all values of all people.
    pub fn of(profiles: &[Profile]) -> Self {
        let mut counts: HashMap<i64, u32, BuildHasherDefault<AlreadyHashed>> = HashMap::default();
        // Nearly every address is one person's: sorted lists of them take a third of the memory of a table.
        let mut nearly_unique: Vec<i64> = Vec::with_capacity(profiles.len() * 2);
        for profile in profiles {
            for term in profile.term_keys() {
                if TermKind::is_nearly_unique(term) {
                    nearly_unique.push(term);
                } else {
                    *counts.entry(term).or_default() += 1;
                }
            }
        }
        counts.retain(|_, count| *count > 1);
        nearly_unique.sort_unstable();
        for same in nearly_unique.chunk_by(|one, next| one == next).filter(|same| same.len() > 1) {
            counts.insert(same[0], u32::try_from(same.len()).unwrap_or(u32::MAX));
        }
        counts.shrink_to_fit();
        let mix = Mix { colleagues: colleagues(&counts, profiles.len()), ..Mix::default() };
        Self { people: profiles.len() as u64, mix, counts }
    }

    /// From counts kept elsewhere: how many people there are, the mix that the last full scan gave
    /// ([`Scan::mix`](crate::Scan)), and (term, people with it) for every [`Profile::term_keys`] of the people that
    /// will be compared.
    ///
    /// Terms that one person has, or nobody, may be left out.
    pub fn from_counts(people: u64, mix: Mix, counts: impl IntoIterator<Item = (i64, u32)>) -> Self {
        let counts = counts.into_iter().filter(|(_, count)| *count > 1).collect();
        Self { people, mix, counts }
    }

    /// The same counts with another expectation of how many pairs there are.
    #[must_use]
    pub fn with_mix(mut self, mix: Mix) -> Self {
        self.mix = mix;
        self
    }

    /// How many people were counted.
    pub fn people(&self) -> u64 {
        self.people
    }

    /// How many pairs of each kind are expected.
    pub fn mix(&self) -> Mix {
        self.mix
    }

    /// The share of all pairs that a number of pairs for each person comes to.
    pub(super) fn share_of_pairs(&self, pairs_per_person: f64) -> f64 {
        (2.0 * pairs_per_person / self.population()).min(0.5)
    }

    /// The number of people that probabilities reckon with; see [`model::UNSEEN_PEOPLE`].
    pub(super) fn population(&self) -> f64 {
        self.people as f64 + model::UNSEEN_PEOPLE
    }

    /// How many people have a value, and at least the one who is looked at.
    pub(super) fn count(&self, kind: TermKind, value: &str) -> u32 {
        self.counts.get(&term(kind, value)).copied().unwrap_or(1).max(1)
    }

    /// How many others have a value besides one person's own records, at least `least` of them.
    pub(super) fn others(&self, kind: TermKind, value: &str, least: f64) -> f64 {
        // Each record has twice as many twins on average as there are pairs for each person.
        let twins = 2.0 * self.mix.duplicates;
        (f64::from(self.count(kind, value) - 1) - twins).max(least)
    }

    /// The chance that another person has this value, given that they have one of the kind.
    ///
    /// `expected` is the chance without any list; it counts like [`model::UNSEEN_PEOPLE`] people do, so that a
    /// short list does not make every name rare or common.
    pub(super) fn share(&self, kind: TermKind, value: &str, expected: f64) -> f64 {
        let others = self.others(kind, value, 0.0);
        let with_a_value = f64::from(self.counts.get(&present(kind)).copied().unwrap_or(0));
        (others + model::UNSEEN_PEOPLE * expected) / (with_a_value + model::UNSEEN_PEOPLE)
    }
}

impl Profile {
    /// The terms to count for this person, sorted and without twins; each is one more person with that term.
    ///
    /// One of them for every kind says only that the person has such a value at all.
    pub fn term_keys(&self) -> Vec<i64> {
        let mut terms = Vec::with_capacity(20);
        let mut count = |kind: TermKind, value: &str| {
            if !value.is_empty() {
                terms.push(term(kind, value));
                terms.push(present(kind));
            }
        };
        for (kind, field) in [
            (TermKind::First, Field::First),
            (TermKind::Last, Field::Last),
            (TermKind::Company, Field::Company),
            (TermKind::Domain, Field::Domain),
            (TermKind::City, Field::City),
            (TermKind::Postcode, Field::Postcode),
        ] {
            count(kind, self.text(field));
        }
        for address in self.values(Field::Emails) {
            count(TermKind::Mailbox, &mailbox::fold_mailbox(address));
        }
        for number in self.values(Field::Phones) {
            count(TermKind::Phone, number);
        }
        for profile in self.values(Field::LinkedIn) {
            count(TermKind::LinkedIn, profile);
        }
        if let Some(day) = self.birth_date() {
            count(TermKind::BirthDate, &day.number().to_string());
        }
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

/// Pairs of people with one company, for each person, as the counts say; between a tenth of what is expected and
/// ten times as much.
fn colleagues(counts: &HashMap<i64, u32, BuildHasherDefault<AlreadyHashed>>, people: usize) -> f64 {
    let of_kind = |kind: TermKind| {
        // A sum of whole numbers: the order in which the table gives them does not show.
        let of_kind = counts.iter().filter(|(term, _)| **term != present(kind) && TermKind::is(kind, **term));
        of_kind.map(|(_, count)| u64::from(*count) * (u64::from(*count) - 1) / 2).sum::<u64>()
    };
    let pairs = of_kind(TermKind::Company).max(of_kind(TermKind::Domain)) as f64;
    let expected = model::COLLEAGUE_PAIRS_PER_PERSON;
    let estimate = (expected * model::PRIOR_PEOPLE + pairs) / (model::PRIOR_PEOPLE + people as f64);
    estimate.clamp(expected / 10.0, expected * 10.0)
}

fn term(kind: TermKind, value: &str) -> i64 {
    ((kind as u64) << 58 | hash(&[value]) >> 6).cast_signed()
}

/// The term that everybody has who has a value of a kind.
fn present(kind: TermKind) -> i64 {
    ((kind as u64) << 58).cast_signed()
}

/// Terms are hashes already; nothing iterates over the map, so its order shows nowhere.
#[derive(Default, Clone)]
struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_i64(&mut self, term: i64) {
        // The table reads its buckets from the low bits and its tags from the high ones, where the kind is.
        self.0 = term.cast_unsigned().rotate_left(13);
    }
}
