//! Two people, weighed against each other.

use super::compare_contact::{company, contact};
use super::compare_names::names;
use super::compare_places::places;
use super::comparison::{Band, Comparison, Feature, Level, Part, Thresholds};
use super::frequencies::Frequencies;
use super::model::Weight;
use super::profile::{Field, Profile};

/// How likely two profiles are one person, and why. Symmetric.
///
/// The bits of all parts are log2 of how many times as likely what was seen is for one person as for two
/// strangers; the prior odds come on top in `probability`. Where relatives or colleagues explain it as well, the
/// part [`Feature::Relation`] takes off what they explain.
pub fn compare(one: &Profile, other: &Profile, frequencies: &Frequencies, thresholds: &Thresholds) -> Comparison {
    let mut sums = Sums { parts: Vec::with_capacity(12), household: 0.0, colleague: 0.0 };
    let email = contact(one, other, frequencies, &mut sums);
    names(one, other, frequencies, email, &mut sums);
    company(one, other, frequencies, email, &mut sums);
    places(one, other, frequencies, &mut sums);
    sums.add_relation(frequencies);
    sums.parts.sort_by_key(|part| part.feature);
    let bits: f64 = sums.parts.iter().map(|part| part.bits).sum();
    let probability = probability(bits, frequencies);
    let band = band(one, other, &sums.parts, probability, thresholds);
    Comparison { parts: sums.parts, bits, probability, band }
}

/// The probability that bits of evidence come to, given how many pairs there are to expect.
pub(super) fn probability(bits: f64, frequencies: &Frequencies) -> f64 {
    let prior = frequencies.share_of_pairs(frequencies.mix().duplicates);
    let odds = prior / (1.0 - prior).max(f64::MIN_POSITIVE) * bits.exp2();
    if odds.is_infinite() { 1.0 } else { odds / (1.0 + odds) }
}

/// Where a pair is listed.
pub(super) fn band(
    one: &Profile,
    other: &Profile,
    parts: &[Part],
    probability: f64,
    thresholds: &Thresholds,
) -> Option<Band> {
    if probability >= thresholds.review {
        // A name alone, however rare, is for somebody to look at (R12).
        let is_name = |feature| matches!(feature, Feature::FirstName | Feature::LastName | Feature::Names);
        let has_more = parts.iter().any(|part| part.bits > 1.0 && !is_name(part.feature));
        let obvious = probability >= thresholds.obvious && has_more;
        return Some(if obvious { Band::Obvious } else { Band::Review });
    }
    let shares_address =
        one.values(Field::Emails).any(|address| other.values(Field::Emails).any(|same| same == address));
    (one.same_name(other) && !shares_address).then_some(Band::Name)
}

/// The parts so far, and what they say for two people of one household and for two colleagues.
pub(super) struct Sums {
    parts: Vec<Part>,
    household: f64,
    colleague: f64,
}

impl Sums {
    /// Adds a comparison.
    pub(super) fn add(&mut self, feature: Feature, level: Level, weight: Weight) {
        self.parts.push(Part { feature, level, bits: weight.bits });
        self.household += weight.household;
        self.colleague += weight.colleague;
    }

    /// Takes off what relatives and colleagues explain.
    ///
    /// Two people who are not one person are strangers, relatives or colleagues; what was seen is compared with
    /// all three at their shares of all pairs. So a street, a telephone and a family name that are shared in one
    /// household add up to "one household" and no further, and what tells apart its members decides.
    fn add_relation(&mut self, frequencies: &Frequencies) {
        let mix = frequencies.mix();
        let household = frequencies.share_of_pairs(mix.relatives) * self.household.exp2();
        let colleagues = frequencies.share_of_pairs(mix.colleagues) * self.colleague.exp2();
        let explained = (1.0 + household + colleagues).log2();
        let level = if household >= colleagues { Level::Household } else { Level::Colleagues };
        self.parts.push(Part { feature: Feature::Relation, level, bits: -explained });
    }
}
