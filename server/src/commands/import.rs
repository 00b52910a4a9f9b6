//! `onefold import FILE …`: what the wizard does, in one line.

use std::path::Path;

use anyhow::{Context as _, bail};
use domain::ids::ImportId;
use engine::{Actor, Engine};
use serde_json::json;

use super::lines::Lines;
use super::sentence;
use crate::arguments::Import;
use crate::clock;

/// Imports a file and prints what became of its rows.
pub async fn run(arguments: Import) -> anyhow::Result<()> {
    let engine = Engine::open(&arguments.data.url()?, &arguments.data.data, clock::system()).await.map_err(sentence)?;
    let done = import(&engine, &arguments).await;
    engine.close().await;
    done
}

async fn import(engine: &Engine, arguments: &Import) -> anyhow::Result<()> {
    let actor = engine.owner_of(&arguments.workspace).await.map_err(sentence)?;
    let campaign = match &arguments.campaign {
        None => None,
        Some(name) => match engine.campaign_by_name(&actor, name).await.map_err(sentence)? {
            Some(id) => Some(id),
            None if arguments.create_campaign => Some(engine.create_campaign(&actor, name).await.map_err(sentence)?),
            None => bail!("There is no campaign \"{name}\" in this workspace. Add --create-campaign to make it."),
        },
    };
    let import = engine.new_draft(&actor, campaign).await.map_err(sentence)?;
    let ended = take(engine, &actor, import, arguments).await;
    if ended.is_err() || arguments.dry_run {
        // what was not started leaves nothing behind
        let _ = engine.discard_draft(&actor, import).await;
    }
    ended
}

async fn take(engine: &Engine, actor: &Actor, import: ImportId, arguments: &Import) -> anyhow::Result<()> {
    let draft = engine.take_file(actor, import, &arguments.file).await.map_err(sentence)?;
    let file = draft.file.context("the file was not read")?;
    if let Some(problem) = draft.problems.first() {
        let names: Vec<&str> = file.columns.iter().map(|c| c.name.as_str()).collect();
        bail!(problem.sentence(&names));
    }
    engine
        .change_settings(actor, import, |settings| {
            settings.mode = arguments.mode;
            settings.overwrite = arguments.overwrite;
            settings.status = arguments.status;
            if let Some(policy) = arguments.policy {
                settings.policy = policy;
            }
        })
        .await
        .map_err(sentence)?;
    if arguments.dry_run {
        let dry_run = engine.dry_run_now(actor, import).await.map_err(sentence)?;
        let policy = engine.get_draft(actor, import).await.map_err(sentence)?.settings.policy;
        let preview = dry_run.of(policy).context("no count for this policy")?;
        println!("{}", json!({ "rows": dry_run.rows, "counts": preview.counts }));
        return Ok(());
    }
    if file.rows == 0 {
        println!("{}", json!({ "rows": 0, "counts": domain::OutcomeCounts::default() }));
        return Ok(());
    }
    engine.run_import_now(actor, import).await.map_err(sentence)?;
    let summary = engine.get_import_summary(actor, import).await.map_err(sentence)?;
    println!("{}", json!({ "rows": summary.import.rows, "counts": summary.import.counts }));
    if let Some(path) = &arguments.outcomes {
        write_outcomes(engine, actor, import, path).await?;
    }
    Ok(())
}

async fn write_outcomes(engine: &Engine, actor: &Actor, import: ImportId, path: &Path) -> anyhow::Result<()> {
    let mut rows = engine.all_rows(actor, import).await.map_err(sentence)?;
    let mut out = Lines::create(path)?;
    out.write(&["row", "outcome", "reason", "campaign"])?;
    while let Some(page) = rows.recv().await {
        for row in page.map_err(sentence)? {
            let campaign = row.met.as_ref().map_or("", |m| m.name.as_str());
            out.write(&[&row.row.to_string(), row.outcome.word(), &row.why, campaign])?;
        }
    }
    out.finish()
}
