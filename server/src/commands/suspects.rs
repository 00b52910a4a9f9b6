//! `onefold suspects --data DIR --workspace NAME [--min-score S] [--pairs OUT.csv]`.

use std::path::Path;

use anyhow::bail;
use engine::{Actor, Engine};
use serde_json::json;

use super::lines::Lines;
use super::sentence;
use crate::arguments::Suspects;
use crate::clock;

/// Compares everyone with everyone, writes the pairs if asked, and prints what was found.
pub async fn run(arguments: Suspects) -> anyhow::Result<()> {
    let engine = Engine::open(&arguments.data.url()?, &arguments.data.data, clock::system()).await.map_err(sentence)?;
    let done = scan(&engine, &arguments).await;
    engine.close().await;
    done
}

async fn scan(engine: &Engine, arguments: &Suspects) -> anyhow::Result<()> {
    let Some(actor) = engine.find_owner_of(&arguments.workspace).await.map_err(sentence)? else {
        bail!("There is no workspace \"{}\" here. Check --data and the name.", arguments.workspace);
    };
    let summary = engine.scan_now(&actor).await.map_err(sentence)?;
    let written = match &arguments.pairs {
        Some(path) => Some(write_pairs(engine, &actor, arguments.min_score, path).await?),
        None => None,
    };
    println!(
        "{}",
        json!({
            "contacts": summary.contacts,
            "candidates": summary.candidates,
            "pairs": summary.pairs,
            "namesakes": summary.namesakes,
            "written": written,
        })
    );
    Ok(())
}

async fn write_pairs(engine: &Engine, actor: &Actor, min_score: f64, path: &Path) -> anyhow::Result<u64> {
    let mut out = Lines::create(path)?;
    out.write(&["a", "b", "email_a", "email_b", "score", "band", "reasons"])?;
    let mut written = 0;
    let mut after = None;
    loop {
        let page = engine.open_pairs(actor, after).await.map_err(sentence)?;
        let Some(last) = page.last() else { break };
        after = Some((last.0.first, last.0.second));
        for (pair, [first, second]) in page.iter().filter(|(pair, _)| pair.probability >= min_score) {
            let reasons: Vec<&str> = pair.parts.iter().map(|part| part.words.as_str()).collect();
            out.write(&[
                &pair.first.to_string(),
                &pair.second.to_string(),
                first,
                second,
                &format!("{:.6}", pair.probability),
                pair.band.word(),
                &reasons.join("; "),
            ])?;
            written += 1;
        }
    }
    out.finish()?;
    Ok(written)
}
