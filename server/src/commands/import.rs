//! `onefold import FILE …`: what the wizard does, in one line.

use std::path::Path;

use anyhow::{Context as _, bail};
use domain::OutcomeCounts;
use domain::ids::{CampaignId, ImportId};
use domain::import::{ImportSettings, RowView};
use engine::imports::Goal;
use engine::{Actor, Engine};
use serde_json::json;
use tokio::sync::mpsc;

use super::lines::Lines;
use super::sentence;
use crate::arguments::Import;
use crate::clock;

/// Imports a file and prints what became of its rows.
pub async fn run(arguments: Import) -> anyhow::Result<()> {
    let file = &arguments.file;
    std::fs::File::open(file).with_context(|| format!("{} could not be read", file.display()))?;
    let engine = Engine::open(&arguments.data.url()?, &arguments.data.data, clock::system()).await.map_err(sentence)?;
    let done = import(&engine, &arguments).await;
    engine.close().await;
    done
}

async fn import(engine: &Engine, arguments: &Import) -> anyhow::Result<()> {
    let owner = engine.find_owner_of(&arguments.workspace).await.map_err(sentence)?;
    let goal = goal(engine, owner.as_ref(), arguments).await?;
    if arguments.dry_run {
        return try_out(engine, owner.as_ref(), goal, arguments).await;
    }
    if owner.is_none() || goal == Goal::NewCampaign {
        // what is refused must leave nothing behind
        if engine.check_file(owner.as_ref(), goal, &arguments.file).await.map_err(sentence)? == 0 {
            return nothing(arguments);
        }
    }
    let actor = engine.owner_of(&arguments.workspace).await.map_err(sentence)?;
    let campaign = campaign(engine, &actor, goal, arguments).await?;
    let import = engine.new_draft(&actor, campaign).await.map_err(sentence)?;
    let ended = take(engine, &actor, import, arguments).await;
    if !matches!(ended, Ok(Ended::Imported)) {
        // what was not started leaves nothing behind
        let _ = engine.discard_draft(&actor, import).await;
    }
    match ended? {
        Ended::Imported => Ok(()),
        Ended::Empty => nothing(arguments),
    }
}

/// Where the rows go.
async fn goal(engine: &Engine, owner: Option<&Actor>, arguments: &Import) -> anyhow::Result<Goal> {
    let Some(name) = &arguments.campaign else { return Ok(Goal::Contacts) };
    let found = match owner {
        Some(owner) => engine.campaign_by_name(owner, name).await.map_err(sentence)?,
        None => None,
    };
    match found {
        Some(id) => Ok(Goal::Campaign(id)),
        None if arguments.create_campaign => Ok(Goal::NewCampaign),
        None => bail!("There is no campaign \"{name}\" in this workspace. Add --create-campaign to make it."),
    }
}

async fn campaign(
    engine: &Engine,
    actor: &Actor,
    goal: Goal,
    arguments: &Import,
) -> anyhow::Result<Option<CampaignId>> {
    Ok(match (goal, &arguments.campaign) {
        (Goal::Campaign(id), _) => Some(id),
        (Goal::NewCampaign, Some(name)) => Some(engine.create_campaign(actor, name).await.map_err(sentence)?),
        (Goal::NewCampaign, None) | (Goal::Contacts, _) => None,
    })
}

/// How an import that was not refused ended.
enum Ended {
    Imported,
    /// The file has a header and no rows.
    Empty,
}

async fn take(engine: &Engine, actor: &Actor, import: ImportId, arguments: &Import) -> anyhow::Result<Ended> {
    let draft = engine.take_file(actor, import, &arguments.file).await.map_err(sentence)?;
    let file = draft.file.context("the file was not read")?;
    if let Some(problem) = draft.problems.first() {
        let names: Vec<&str> = file.columns.iter().map(|c| c.name.as_str()).collect();
        bail!(problem.sentence(&names));
    }
    if file.rows == 0 {
        return Ok(Ended::Empty);
    }
    engine.change_settings(actor, import, |settings| choose(settings, arguments)).await.map_err(sentence)?;
    // a place that cannot be written is found out before anything is imported
    let out = arguments.outcomes.as_deref().map(outcomes_file).transpose()?;
    engine.run_import_now(actor, import).await.map_err(sentence)?;
    let summary = engine.get_import_summary(actor, import).await.map_err(sentence)?;
    print(summary.import.rows, &summary.import.counts);
    if let Some(out) = out {
        write_outcomes(out, engine.all_rows(actor, import).await.map_err(sentence)?).await?;
    }
    Ok(Ended::Imported)
}

/// Says what would happen.
async fn try_out(engine: &Engine, owner: Option<&Actor>, goal: Goal, arguments: &Import) -> anyhow::Result<()> {
    let (tell, told) = mpsc::channel(2);
    let change = |settings: &mut ImportSettings| choose(settings, arguments);
    let out = arguments.outcomes.as_deref();
    let trying = engine.try_file(owner, goal, &arguments.file, change, out.map(|_| tell));
    let writing = async {
        match out {
            Some(path) => write_tried(path, told).await,
            None => Ok(()),
        }
    };
    let (tried, written) = tokio::join!(trying, writing);
    written?;
    let (dry_run, settings) = tried.map_err(sentence)?;
    print(dry_run.rows, &dry_run.of(settings.policy).context("no count for this policy")?.counts);
    Ok(())
}

fn choose(settings: &mut ImportSettings, arguments: &Import) {
    settings.mode = arguments.mode;
    settings.overwrite = arguments.overwrite;
    settings.status = arguments.status;
    if let Some(policy) = arguments.policy {
        settings.policy = policy;
    }
}

/// A file without rows imports nothing, and says so.
fn nothing(arguments: &Import) -> anyhow::Result<()> {
    if let Some(path) = &arguments.outcomes {
        outcomes_file(path)?.finish()?;
    }
    eprintln!("onefold: The file has a header and no rows, so there was nothing to import.");
    print(0, &OutcomeCounts::default());
    Ok(())
}

fn print(rows: u64, counts: &OutcomeCounts) {
    println!("{}", json!({ "rows": rows, "counts": counts }));
}

fn outcomes_file(path: &Path) -> anyhow::Result<Lines> {
    let mut out = Lines::create(path)?;
    out.write(&["row", "outcome", "reason", "campaign"])?;
    Ok(out)
}

/// Writes what is told; no file where the trial was refused before it told anything.
async fn write_tried(path: &Path, mut told: mpsc::Receiver<Vec<RowView>>) -> anyhow::Result<()> {
    let Some(first) = told.recv().await else { return Ok(()) };
    let mut out = outcomes_file(path)?;
    write_page(&mut out, first)?;
    while let Some(page) = told.recv().await {
        write_page(&mut out, page)?;
    }
    out.finish()
}

async fn write_outcomes(mut out: Lines, mut rows: engine::Pieces<Vec<RowView>>) -> anyhow::Result<()> {
    while let Some(page) = rows.recv().await {
        write_page(&mut out, page.map_err(sentence)?)?;
    }
    out.finish()
}

fn write_page(out: &mut Lines, page: Vec<RowView>) -> anyhow::Result<()> {
    for row in page {
        let campaign = row.met.as_ref().map_or("", |m| m.name.as_str());
        out.write(&[&row.row.to_string(), row.outcome.word(), &row.why, campaign])?;
    }
    Ok(())
}
