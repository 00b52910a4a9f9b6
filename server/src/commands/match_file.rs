//! `onefold match FILE --pairs OUT.csv`.

use serde_json::json;

use super::lines::Lines;
use super::sentence;
use crate::arguments::Match;

/// Writes the pairs of people in a file who may be one, and prints how many there are.
pub fn run(arguments: &Match) -> anyhow::Result<()> {
    let pairs = engine::suspects::match_file(&arguments.file).map_err(sentence)?;
    let mut out = Lines::create(&arguments.pairs)?;
    out.write(&["a", "b", "score", "band", "reasons"])?;
    for pair in &pairs {
        let score = format!("{:.6}", pair.score);
        out.write(&[&pair.a.to_string(), &pair.b.to_string(), &score, pair.band.word(), &pair.reasons.join("; ")])?;
    }
    out.finish()?;
    println!("{}", json!({ "pairs": pairs.len() }));
    Ok(())
}
