//! Prints how well suspects are found in CSV files of which the truth is known.
//!
//! `cargo run --release -p matching --example quality -- FILE… [--wrong N]`, where a file has a column `cluster` or
//! FEBRL's `rec_id`, or `invented:20000` for so many invented businesspeople. `--wrong N` shows N wrong and N missed pairs of each file with their parts.

#[path = "../tests/suite/labelled.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod labelled;

#[path = "../tests/suite/businesspeople.rs"]
mod businesspeople;

use labelled::Labelled;
use matching::{Band, Frequencies, Profile, Scan, Thresholds, compare, scan};

fn main() -> std::io::Result<()> {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let mut shown = 0;
    if let Some(at) = files.iter().position(|argument| argument == "--wrong") {
        shown = files.get(at + 1).and_then(|number| number.parse().ok()).unwrap_or(10);
        files.truncate(at);
    }
    for file in &files {
        if let Some(numbers) = file.strip_prefix("invented:") {
            let (people, seed) = numbers.split_once(':').unwrap_or((numbers, "7"));
            let invented = businesspeople::list(people.parse().unwrap_or(10_000), seed.parse().unwrap_or(7));
            speed(&invented);
            if invented.people.len() <= 200_000 {
                report(file, &invented, shown);
            }
            continue;
        }
        let labelled = Labelled::read(std::fs::File::open(file)?);
        report(file, &labelled, shown);
    }
    Ok(())
}

/// How long the scan takes; its memory is what `/usr/bin/time -v` says.
fn speed(labelled: &Labelled) {
    let start = std::time::Instant::now();
    let profiles = labelled.profiles();
    let folded = start.elapsed();
    let found = scan(&profiles, &Thresholds::default());
    println!(
        "{} people: folded in {folded:.2?}, scanned in {:.2?}, {} candidates, {} pairs, {} groups of namesakes",
        profiles.len(),
        start.elapsed() - folded,
        found.candidates,
        found.pairs.len(),
        found.namesakes.len()
    );
}

fn report(file: &str, labelled: &Labelled, shown: usize) {
    let profiles = labelled.profiles();
    let found = scan(&profiles, &Thresholds::default());
    let everything = labelled.scan_everything();
    let people = profiles.len();
    let true_pairs = labelled.true_pairs();
    let met = everything.pairs.iter().filter(|pair| labelled.is_one_person(pair.a, pair.b)).count();
    println!(
        "{file}: {people} records, {true_pairs} true pairs, {} candidates ({:.1} a record)",
        found.candidates,
        found.candidates as f64 / people as f64
    );
    println!(
        "  true pairs among the candidates {:.4}; expected pairs a person {:.3}",
        met as f64 / true_pairs as f64,
        found.mix.duplicates
    );
    for band in [Band::Review, Band::Obvious] {
        let quality = labelled.quality(&found, band);
        println!(
            "  {:8} precision {:.4} recall {:.4} F1 {:.4}",
            band.as_str(),
            quality.precision,
            quality.recall,
            quality.f1
        );
    }
    println!("  probability  expected  true   pairs");
    for range in labelled.reliability(&everything) {
        println!("  from {:<7} {:.3}     {:.3}  {}", range.from, range.expected, range.true_share, range.pairs);
    }
    if shown > 0 {
        show(labelled, &profiles, &everything, shown);
    }
}

/// The surest wrong pairs and the least sure true ones.
fn show(labelled: &Labelled, profiles: &[Profile], everything: &Scan, shown: usize) {
    let frequencies = Frequencies::of(profiles).with_mix(everything.mix);
    let mut pairs: Vec<_> = everything.pairs.iter().collect();
    pairs.sort_by(|one, other| other.probability.total_cmp(&one.probability));
    let wrong = pairs.iter().filter(|pair| !labelled.is_one_person(pair.a, pair.b)).take(shown);
    let missed = pairs.iter().rev().filter(|pair| labelled.is_one_person(pair.a, pair.b)).take(shown);
    for pair in wrong.chain(missed) {
        let (one, other) = (pair.a as usize, pair.b as usize);
        let comparison = compare(&profiles[one], &profiles[other], &frequencies, &Thresholds::default());
        println!(
            "  -- {:.3} {:.1} bits, truth {} {}",
            pair.probability, pair.bits, labelled.truth[one], labelled.truth[other]
        );
        println!("     {:?}\n     {:?}", labelled.people[one], labelled.people[other]);
        let chips = comparison.parts.iter().map(|part| format!("{} {:+.1}", part.chip(), part.bits));
        println!("     {}", chips.collect::<Vec<_>>().join(", "));
    }
}
