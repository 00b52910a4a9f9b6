//! Suspects: finds contacts that may be one person, keeps their scores, shows them.

mod decide;
mod files;
mod index;
mod judge;
mod list;
mod matching_job;
mod pairs;
mod scan;
mod schedule;
mod why_not;

pub use files::{FilePair, match_file};
pub use scan::ScanSummary;

use domain::suspect::{Band, SuspectPart};
use matching::{Comparison, Mix, Thresholds};
use store::match_keys::Settings;

use crate::Result;

/// The thresholds that a workspace chose, or the matcher's own.
pub(super) fn thresholds(settings: &Settings) -> Thresholds {
    let own = Thresholds::default();
    let chosen = |millionths: i64, own| if millionths == 0 { own } else { from_millionths(millionths) };
    Thresholds { review: chosen(settings.review_from, own.review), obvious: chosen(settings.obvious_from, own.obvious) }
}

/// A fraction as the database keeps it.
pub(super) fn millionths(fraction: f64) -> i64 {
    // between 0 and a million
    (fraction * 1e6).round() as i64
}

pub(super) fn from_millionths(stored: i64) -> f64 {
    stored as f64 / 1e6
}

/// The band in the words of the business.
pub(super) fn band(band: matching::Band) -> Band {
    match band {
        matching::Band::Obvious => Band::Obvious,
        matching::Band::Review => Band::Review,
        matching::Band::Name => Band::Name,
    }
}

/// The evidence for a screen.
pub(super) fn parts(comparison: &Comparison) -> Vec<SuspectPart> {
    comparison.parts.iter().map(|part| SuspectPart { words: part.chip(), bits: part.bits }).collect()
}

/// What the matcher expects of any two people, as the database keeps it.
fn write_mix(mix: Mix) -> Result<String> {
    Ok(serde_json::to_string(&[mix.duplicates, mix.relatives, mix.colleagues])?)
}

/// What the last full scan expected; without one, what the matcher expects anywhere.
fn read_mix(stored: &str) -> Result<Mix> {
    if stored.is_empty() {
        return Ok(Mix::default());
    }
    let [duplicates, relatives, colleagues] = serde_json::from_str(stored)?;
    Ok(Mix { duplicates, relatives, colleagues })
}
