//! First and last names, straight or swapped.

use super::common_names::{first_name_share, last_name_share};
use super::compare::Sums;
use super::comparison::{Feature, Level};
use super::fold::Generation;
use super::frequencies::{Frequencies, TermKind};
use super::model::{self, Weight, first_name, generation, last_name};
use super::nicknames::is_known;
use super::profile::{Field, Profile};
use super::similarity::{Nearness, first_names, last_names};

/// Compares names. `email` is how the addresses compared: names read from an equal address say nothing more.
pub(super) fn names(
    one: &Profile,
    other: &Profile,
    frequencies: &Frequencies,
    email: Option<(Level, f64)>,
    sums: &mut Sums,
) {
    let counted_already = (one.names_from_email() || other.names_from_email())
        && matches!(email, Some((Level::Same | Level::Variant | Level::Typo | Level::SameLocalPart, _)));
    if counted_already {
        return;
    }
    let first = compare_first(one.text(Field::First), other.text(Field::First), frequencies);
    let last = compare_last(one.text(Field::Last), other.text(Field::Last), frequencies);
    let straight = first.map_or(0.0, |(_, weight)| weight.bits) + last.map_or(0.0, |(_, weight)| weight.bits);
    match swapped(one, other, frequencies) {
        Some(weight) if weight.bits > straight => {
            sums.add(Feature::Names, Level::Swapped, weight);
            compare_generations(one.generation(), other.generation(), true, sums);
            return;
        }
        _ => {
            let both_same = [first, last].iter().all(|part| part.is_some_and(|(level, _)| level <= Level::Variant));
            if let Some((level, weight)) = first {
                let weight = if both_same { weight.less(model::NAMES_GO_TOGETHER) } else { weight };
                sums.add(Feature::FirstName, level, weight);
            }
            if let Some((level, weight)) = last {
                sums.add(Feature::LastName, level, weight);
            }
        }
    }
    let same_first = matches!(first, Some((Level::Same | Level::Variant, _)));
    compare_generations(one.generation(), other.generation(), same_first, sums);
}

fn compare_first(one: &str, other: &str, frequencies: &Frequencies) -> Option<(Level, Weight)> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let nearness = first_names(one, other);
    let share = |name: &str| first_share(name, frequencies);
    // Two names that are both common are less likely one name mistyped.
    let commoner_typo = || share(one).min(share(other));
    let weight = match nearness {
        Nearness::Same => first_name::SAME.by_chance(share(one)).agreement(),
        Nearness::Spelling => first_name::SAME.by_chance(share(one).max(share(other))).agreement().less(1.0),
        Nearness::Nickname => first_name::NICKNAME.weight(),
        Nearness::Part => first_name::PART.weight(),
        Nearness::Typo => {
            let stranger = first_name::TYPO.stranger + commoner_typo();
            first_name::TYPO.by_chance(stranger).weight()
        }
        Nearness::Shortened => first_name::SHORTENED.weight(),
        Nearness::Similar => first_name::SIMILAR.by_chance(first_name::SIMILAR.stranger + commoner_typo()).weight(),
        Nearness::Initial => first_name::INITIAL.weight(),
        Nearness::Different if is_known(one) && is_known(other) => first_name::DIFFERENT_KNOWN.weight(),
        Nearness::Different => first_name::DIFFERENT.weight(),
    };
    Some((level(nearness), weight))
}

fn compare_last(one: &str, other: &str, frequencies: &Frequencies) -> Option<(Level, Weight)> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let nearness = last_names(one, other);
    let share = |name: &str| last_share(name, frequencies);
    let commoner_typo = || share(one).min(share(other));
    let weight = match nearness {
        Nearness::Same => last_name::SAME.by_chance(share(one)).agreement(),
        Nearness::Spelling => last_name::SAME.by_chance(share(one).max(share(other))).agreement().less(1.0),
        Nearness::Part => last_name::PART.weight(),
        Nearness::Typo | Nearness::Nickname => {
            let stranger = last_name::TYPO.stranger + commoner_typo();
            last_name::TYPO.by_chance(stranger).weight()
        }
        Nearness::Shortened => last_name::SHORTENED.weight(),
        Nearness::Similar => last_name::SIMILAR.by_chance(last_name::SIMILAR.stranger + commoner_typo()).weight(),
        Nearness::Initial => last_name::INITIAL.weight(),
        Nearness::Different => last_name::DIFFERENT.weight(),
    };
    Some((level(nearness), weight))
}

/// The weight of names that agree crosswise; one of the four may be missing, mistyped or another.
fn swapped(one: &Profile, other: &Profile, frequencies: &Frequencies) -> Option<Weight> {
    let there = crosswise(one.text(Field::First), other.text(Field::Last), frequencies);
    let back = crosswise(other.text(Field::First), one.text(Field::Last), frequencies);
    let agrees = |bits: Option<f64>| bits.is_some_and(|bits| bits > 0.0);
    if !agrees(there) && !agrees(back) {
        return None;
    }
    let bits = there.unwrap_or(0.0) + back.unwrap_or(0.0) + model::SWAPPED;
    Some(Weight { bits, household: (bits + model::SWAPPED_RELATIVES).max(0.0), colleague: 0.0 })
}

/// The bits of a first name and a family name that would be one name, if both are there.
fn crosswise(first: &str, last: &str, frequencies: &Frequencies) -> Option<f64> {
    if first.is_empty() || last.is_empty() {
        return None;
    }
    // As common as it is in the commoner place; only counts of the people's own terms are at hand in a look-up.
    let share = first_share(first, frequencies).max(last_share(last, frequencies));
    let chances = match last_names(first, last) {
        Nearness::Same | Nearness::Spelling => last_name::SAME.by_chance(share),
        Nearness::Typo => last_name::TYPO.by_chance(last_name::TYPO.stranger + share),
        Nearness::Similar => last_name::SIMILAR.by_chance(last_name::SIMILAR.stranger + share),
        _ => first_name::DIFFERENT,
    };
    Some(chances.weight().bits)
}

fn compare_generations(one: Generation, other: Generation, namesakes: bool, sums: &mut Sums) {
    let (level, weight) = match (one, other) {
        (Generation::Unsaid, Generation::Unsaid) => return,
        (Generation::Unsaid, _) | (_, Generation::Unsaid) if namesakes => {
            (Level::OneSided, generation::ONE_SAYS_IT_NAMESAKES.weight())
        }
        (Generation::Unsaid, _) | (_, Generation::Unsaid) => (Level::OneSided, generation::ONE_SAYS_IT.weight()),
        _ if one == other => (Level::Same, generation::SAME.agreement()),
        _ => (Level::Different, generation::DIFFERENT.weight()),
    };
    sums.add(Feature::Generation, level, weight);
}

fn first_share(name: &str, frequencies: &Frequencies) -> f64 {
    frequencies.share(TermKind::First, name, first_name_share(name)).max(model::RAREST_FIRST)
}

fn last_share(name: &str, frequencies: &Frequencies) -> f64 {
    frequencies.share(TermKind::Last, name, last_name_share(name)).max(model::RAREST_LAST)
}

fn level(nearness: Nearness) -> Level {
    match nearness {
        Nearness::Same => Level::Same,
        Nearness::Spelling => Level::Variant,
        Nearness::Nickname => Level::Nickname,
        Nearness::Part => Level::Part,
        Nearness::Typo => Level::Typo,
        Nearness::Shortened => Level::Shortened,
        Nearness::Similar => Level::Similar,
        Nearness::Initial => Level::Initial,
        Nearness::Different => Level::Different,
    }
}
