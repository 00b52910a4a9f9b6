//! All suspects among all people, in memory.

use super::block_key::BlockKey;
use super::compare::{compare, probability};
use super::comparison::{Band, Comparison, Thresholds};
use super::frequencies::{Frequencies, Mix};
use super::model;
use super::profile::Profile;

/// Namesakes from which on a list names them once together instead of pair by pair.
pub const NAMESAKES_TOGETHER: usize = 5;

/// Two people who may be one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pair {
    /// The lesser id.
    pub a: i64,
    /// The greater id.
    pub b: i64,
    /// The sum of the parts of the comparison.
    pub bits: f64,
    /// How likely they are one person.
    pub probability: f64,
    /// Where the pair is listed.
    pub band: Band,
}

/// People of one first and last name, too many to list each pair of them (B10).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Namesakes {
    /// Who, in ascending order. Pairs of them that are more than namesakes are listed as pairs, too.
    pub ids: Vec<i64>,
}

/// What a full scan found.
#[derive(Clone, PartialEq, Debug)]
pub struct Scan {
    /// Suspects by `(a, b)`. Their number is linear in the number of people.
    pub pairs: Vec<Pair>,
    /// Groups of namesakes, by their first ids.
    pub namesakes: Vec<Namesakes>,
    /// How many pairs were compared.
    pub candidates: usize,
    /// How many pairs of each kind there are, as this scan estimates it: for [`Frequencies::from_counts`].
    pub mix: Mix,
}

/// Finds all suspects: people who share a key of a block that is not too large, compared and listed.
///
/// The order of the profiles does not matter as long as their ids differ.
pub fn scan(profiles: &[Profile], thresholds: &Thresholds) -> Scan {
    let blocks = Blocks::of(profiles);
    let candidates = blocks.candidates();
    let mut frequencies = Frequencies::of(profiles);
    let mut weighed = weigh(profiles, &candidates, &frequencies, thresholds);
    for _ in 0..MOST_ROUNDS {
        let expected = frequencies.mix().duplicates;
        frequencies = expect_pairs(frequencies, &weighed);
        if (frequencies.mix().duplicates - expected).abs() < WORTH_A_ROUND {
            break;
        }
        // Many twins make their names look common: weigh again, knowing how many to expect.
        weighed = weigh(profiles, &candidates, &frequencies, thresholds);
    }
    let namesakes = blocks.namesakes(profiles);
    let mut together: Vec<i64> = namesakes.iter().flat_map(|group| group.ids.iter().copied()).collect();
    together.sort_unstable();
    let mut pairs = Vec::new();
    for (&(one, other), &bits) in candidates.iter().zip(&weighed) {
        let (one, other) = (&profiles[one as usize], &profiles[other as usize]);
        // The last estimate moves a probability by less than half.
        if probability(bits, &frequencies) < thresholds.review / 2.0 && !one.same_name(other) {
            continue;
        }
        // Compared once more, so that bits and mix are those a look-up would come to.
        let Comparison { bits, probability, band: Some(band), .. } = compare(one, other, &frequencies, thresholds)
        else {
            continue;
        };
        let (a, b) = (one.id().min(other.id()), one.id().max(other.id()));
        if band == Band::Name && together.binary_search(&a).is_ok() {
            continue;
        }
        pairs.push(Pair { a, b, bits, probability, band });
    }
    pairs.sort_by_key(|pair| (pair.a, pair.b));
    Scan { pairs, namesakes, candidates: candidates.len(), mix: frequencies.mix() }
}

/// The bits of all candidates, in their order, worked out by as many threads as are worth it.
fn weigh(
    profiles: &[Profile],
    candidates: &[(u32, u32)],
    frequencies: &Frequencies,
    thresholds: &Thresholds,
) -> Vec<f64> {
    let bits = |&(one, other): &(u32, u32)| {
        compare(&profiles[one as usize], &profiles[other as usize], frequencies, thresholds).bits
    };
    if candidates.len() < WORTH_A_THREAD {
        return candidates.iter().map(bits).collect();
    }
    let mut weighed = vec![0.0; candidates.len()];
    let share = candidates.len().div_ceil(THREADS);
    std::thread::scope(|scope| {
        for (results, candidates) in weighed.chunks_mut(share).zip(candidates.chunks(share)) {
            scope.spawn(move || {
                for (result, candidate) in results.iter_mut().zip(candidates) {
                    *result = bits(candidate);
                }
            });
        }
    });
    weighed
}

/// Threads of a scan: the smallest machine we run on has two cores.
const THREADS: usize = 2;

/// Candidates from which on a thread is worth its start.
const WORTH_A_THREAD: usize = 20_000;

/// Estimates how many pairs of one person there are, from how many the evidence finds.
///
/// The expectation step of Fellegi and Sunter's model with all chances fixed but the prior: it converges from
/// any start, and for short lists [`model::PRIOR_PEOPLE`] keep it near the first guess.
fn expect_pairs(mut frequencies: Frequencies, weighed: &[f64]) -> Frequencies {
    // Sums of fractions depend on their order: sort, so that the order of the profiles does not show.
    let mut weighed = weighed.to_vec();
    weighed.sort_by(f64::total_cmp);
    let people = frequencies.people() as f64;
    let guess = model::PAIRS_PER_PERSON * model::PRIOR_PEOPLE;
    for _ in 0..ESTIMATES {
        let found: f64 = weighed.iter().map(|bits| probability(*bits, &frequencies)).sum();
        let mix = Mix { duplicates: (guess + found) / (model::PRIOR_PEOPLE + people), ..frequencies.mix() };
        frequencies = frequencies.with_mix(mix);
    }
    frequencies
}

/// Steps of the estimate; it is stable to three digits after five.
const ESTIMATES: usize = 8;

/// Times that all candidates are weighed again with a better estimate, at most.
const MOST_ROUNDS: usize = 2;

/// Pairs for each person by which the estimate has to move before weighing again is worth the time: at 0.1, one in
/// five records has a twin more than was thought.
const WORTH_A_ROUND: f64 = 0.1;

/// Keys with the places of their people in the list, sorted.
struct Blocks {
    entries: Vec<(BlockKey, u32)>,
}

impl Blocks {
    fn of(profiles: &[Profile]) -> Self {
        let mut entries = Vec::with_capacity(profiles.len() * 10);
        for (place, profile) in profiles.iter().enumerate() {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            entries.extend(profile.blocking_keys().into_iter().map(|key| (key, place)));
        }
        entries.sort_unstable();
        Self { entries }
    }

    fn candidates(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        let mut sorted = 0;
        for block in self.entries.chunk_by(|one, next| one.0 == next.0) {
            if block.len() > block[0].0.largest_block() {
                continue;
            }
            for (index, (_, one)) in block.iter().enumerate() {
                pairs.extend(block[index + 1..].iter().map(|(_, other)| (*one, *other)));
            }
            // Most pairs share several keys: drop twins before they fill the memory.
            if pairs.len() > 2 * sorted + 4_000_000 {
                pairs.sort_unstable();
                pairs.dedup();
                sorted = pairs.len();
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// The blocks of one name that are listed together.
    fn namesakes(&self, profiles: &[Profile]) -> Vec<Namesakes> {
        let mut groups = Vec::new();
        for block in self.entries.chunk_by(|one, next| one.0 == next.0) {
            if block.len() < NAMESAKES_TOGETHER || !block[0].0.is_name() {
                continue;
            }
            groups.extend(namesakes(block.iter().map(|(_, place)| &profiles[*place as usize])));
        }
        groups.sort_by(|one, other| one.ids.cmp(&other.ids));
        groups
    }
}

/// The groups of people with one first and last name, among people who share the key of a name.
///
/// For one block of a look-up, too: a block also holds swapped and otherwise spelled names, which are no namesakes.
pub fn namesakes<'a>(block: impl IntoIterator<Item = &'a Profile>) -> Vec<Namesakes> {
    let mut people: Vec<&Profile> = block.into_iter().collect();
    people.sort_by(|one, other| one.name().cmp(&other.name()).then(one.id().cmp(&other.id())));
    people
        .chunk_by(|one, next| one.same_name(next))
        .filter(|group| group.len() >= NAMESAKES_TOGETHER)
        .map(|group| Namesakes { ids: group.iter().map(|person| person.id()).collect() })
        .collect()
}
