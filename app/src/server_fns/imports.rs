//! The import wizard, the running import, its summary and the history.

use domain::DuplicatePolicy;
use domain::ids::{CampaignId, ImportId};
use domain::import::{
    DraftChange, DraftView, DryRunState, ImportPage, ImportSummary, KeptPage, Progress, RowPage, RowQuery, SourceRate,
    UseCaseView,
};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::server;
use crate::Failure;

/// The caller's open draft for this campaign (or for contacts only), made when there is none.
#[server(prefix = "/call", endpoint = "start_import", input = Json)]
pub async fn start_import(campaign: Option<CampaignId>) -> Result<ImportId, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.start_import(&actor, campaign).await?)
}

/// A draft as the wizard shows it.
#[server(prefix = "/call", endpoint = "get_draft", input = Json)]
pub async fn get_draft(import: ImportId) -> Result<DraftView, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.get_draft(&actor, import).await?)
}

/// Saves one choice of the wizard.
#[server(prefix = "/call", endpoint = "change_draft", input = Json)]
pub async fn change_draft(import: ImportId, change: DraftChange) -> Result<DraftView, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.change_draft(&actor, import, change).await?)
}

/// Throws a draft and its file away.
#[server(prefix = "/call", endpoint = "discard_draft", input = Json)]
pub async fn discard_draft(import: ImportId) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.discard_draft(&actor, import).await?)
}

/// The use cases of step 3 and the cleaning rule of step 2, with what each would do to this file.
#[server(prefix = "/call", endpoint = "use_cases", input = Json)]
pub async fn use_cases(import: ImportId) -> Result<Vec<UseCaseView>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.use_cases(&actor, import).await?)
}

/// What the import would do; starts the count when nobody did, and is asked again until it is ready.
#[server(prefix = "/call", endpoint = "dry_run", input = Json)]
pub async fn dry_run(import: ImportId) -> Result<DryRunState, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.dry_run(&actor, import).await?)
}

/// Ends the wizard: the import runs on the server from now on.
#[server(prefix = "/call", endpoint = "run_import", input = Json)]
pub async fn run_import(import: ImportId) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.run_import(&actor, import).await?)
}

/// Imports the sample file into a campaign, or into a new one.
#[server(prefix = "/call", endpoint = "import_sample", input = Json)]
pub async fn import_sample(campaign: Option<CampaignId>) -> Result<(CampaignId, ImportId), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.import_sample(&actor, campaign).await?)
}

/// Stops a running import after the batch it is in.
#[server(prefix = "/call", endpoint = "stop_import", input = Json)]
pub async fn stop_import(import: ImportId) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.stop_import(&actor, import).await?)
}

/// Goes on with a stopped or failed import where it was.
#[server(prefix = "/call", endpoint = "resume_import", input = Json)]
pub async fn resume_import(import: ImportId) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.resume_import(&actor, import).await?)
}

/// Takes an import back, on the server; its summary says how far that is.
#[server(prefix = "/call", endpoint = "undo_import", input = Json)]
pub async fn undo_import(import: ImportId) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.undo_import(&actor, import).await?)
}

/// One page of what stayed as it is when an import was taken back.
#[server(prefix = "/call", endpoint = "list_undo_kept", input = Json)]
pub async fn list_undo_kept(import: ImportId, after: Option<String>) -> Result<KeptPage, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_undo_kept(&actor, import, after).await?)
}

/// How far an import is.
#[server(prefix = "/call", endpoint = "get_import_progress", input = Json)]
pub async fn get_import_progress(import: ImportId) -> Result<Progress, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.get_import_progress(&actor, import).await?)
}

/// The summary of an import.
#[server(prefix = "/call", endpoint = "get_import_summary", input = Json)]
pub async fn get_import_summary(import: ImportId) -> Result<ImportSummary, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.get_import_summary(&actor, import).await?)
}

/// One page of View details.
#[server(prefix = "/call", endpoint = "import_rows", input = Json)]
pub async fn import_rows(query: RowQuery) -> Result<RowPage, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.import_rows(&actor, &query).await?)
}

/// How many people of what View details shows each looser policy would let in.
#[server(prefix = "/call", endpoint = "count_again", input = Json)]
pub async fn count_again(shown: RowQuery) -> Result<Vec<(DuplicatePolicy, u64)>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.count_again(&actor, &shown).await?)
}

/// Makes and runs a new import of just the rows that were left out, of those shown, under another policy; no new upload.
#[server(prefix = "/call", endpoint = "import_again", input = Json)]
pub async fn import_again(shown: RowQuery, policy: DuplicatePolicy) -> Result<ImportId, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.import_again(&actor, &shown, policy).await?)
}

/// One page of the history, newest first.
#[server(prefix = "/call", endpoint = "list_imports", input = Json)]
pub async fn list_imports(after: Option<ImportId>) -> Result<ImportPage, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_imports(&actor, after).await?)
}

/// How many duplicates each source of the newest imports brought.
#[server(prefix = "/call", endpoint = "import_sources", input = Json)]
pub async fn import_sources() -> Result<Vec<SourceRate>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.import_sources(&actor).await?)
}
