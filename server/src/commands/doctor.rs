//! `onefold doctor`.

use anyhow::bail;
use engine::Engine;

use super::sentence;
use crate::arguments::Doctor;
use crate::clock;

/// Prints what is wrong; refuses when anything is.
pub async fn run(arguments: Doctor) -> anyhow::Result<()> {
    let engine = Engine::open(&arguments.data.url()?, &arguments.data.data, clock::system()).await.map_err(sentence)?;
    let wrong = engine.doctor().await.map_err(sentence);
    engine.close().await;
    let wrong = wrong?;
    if wrong.is_empty() {
        println!("All is well.");
        return Ok(());
    }
    for sentence in &wrong {
        println!("{sentence}");
    }
    bail!("{} things are wrong; nothing was changed", wrong.len())
}
