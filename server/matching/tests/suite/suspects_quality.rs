//! How much of what is known to be true a scan finds: floors a little below what was measured.
//!
//! FEBRL's data sets 1 and 3 are invented people with typed and scanned errors (tests/data, BSD-3, see
//! LICENSE-febrl). README.md says what was measured, and what was looked at while building.

use matching::{Band, Thresholds, scan};

use crate::businesspeople;
use crate::labelled::{Labelled, Quality};

fn febrl(number: u8) -> Labelled {
    let path = format!("{}/tests/data/dataset{number}.csv", env!("CARGO_MANIFEST_DIR"));
    Labelled::read(std::fs::File::open(path).expect("the data set is in the project"))
}

/// Precision and recall of the pairs to review, and of the obvious ones.
fn assert_floors(name: &str, labelled: &Labelled, review: (f64, f64), obvious: (f64, f64)) {
    let found = scan(&labelled.profiles(), &Thresholds::default());
    for (band, (precision, recall)) in [(Band::Review, review), (Band::Obvious, obvious)] {
        let quality: Quality = labelled.quality(&found, band);
        assert!(quality.precision >= precision, "{name}: precision of {} is {quality:?}", band.as_str());
        assert!(quality.recall >= recall, "{name}: recall of {} is {quality:?}", band.as_str());
        assert!(quality.f1 >= 2.0 * precision * recall / (precision + recall), "{name}: {quality:?}");
    }
}

#[test]
fn febrl_1_keeps_its_quality() {
    assert_floors("dataset1", &febrl(1), (0.995, 0.97), (0.995, 0.85));
}

#[test]
fn febrl_3_keeps_its_quality() {
    assert_floors("dataset3", &febrl(3), (0.995, 0.97), (0.995, 0.82));
}

#[test]
fn businesspeople_keep_their_quality() {
    for seed in [1, 2, 3] {
        let invented = businesspeople::list(4_000, seed);
        assert_floors(&format!("seed {seed}"), &invented, (0.94, 0.76), (0.99, 0.60));
    }
}

#[test]
fn a_probability_is_what_it_says() {
    // Three lists together, so that each range holds enough pairs to count.
    let mut ranges: Vec<(f64, f64, f64)> = Vec::new();
    for seed in [11, 12, 13] {
        let invented = businesspeople::list(8_000, seed);
        for (at, range) in invented.reliability(&invented.scan_everything()).iter().enumerate() {
            if ranges.len() <= at {
                ranges.push((0.0, 0.0, 0.0));
            }
            let pairs = range.pairs as f64;
            ranges[at].0 += range.expected * pairs;
            ranges[at].1 += range.true_share * pairs;
            ranges[at].2 += pairs;
        }
    }
    for (expected, right, pairs) in ranges.into_iter().filter(|(_, _, pairs)| *pairs >= 30.0) {
        let (expected, right) = (expected / pairs, right / pairs);
        // Too low asks for a look too many or leaves a pair out; too high is a promise that does not hold.
        let off = right - expected;
        assert!((-0.1..0.3).contains(&off), "{expected:.3} expected, {right:.3} true of {pairs} pairs");
    }
}

#[test]
fn a_long_list_is_not_compared_quadratically() {
    let invented = businesspeople::list(20_000, 5);
    let found = scan(&invented.profiles(), &Thresholds::default());
    assert!(found.candidates <= 4 * invented.people.len(), "{} candidates", found.candidates);
}
