//! Starts, stops and resumes the run of an import.

use domain::ids::ImportId;
use domain::import::{ImportSettings, ImportState, mapping_problems};
use domain::{Act, Problem};
use sheet::Inspection;
use store::{audit, fields, imports, jobs};

use super::draft::headers_key;
use super::headers::without_reasons;
use crate::work::IMPORT;
use crate::{Actor, Engine, Error, Result};

impl Engine {
    /// Ends the wizard: the import runs on the server from now on.
    ///
    /// # Errors
    /// Refuses a mapping by which nobody could be recognised.
    pub async fn run_import(&self, actor: &Actor, import: ImportId) -> Result<()> {
        actor.may(Act::Import)?;
        let found = self.draft_row(actor, import).await?;
        let settings: ImportSettings = serde_json::from_str(&found.settings)?;
        if found.inspection.is_empty() {
            return Err(Error::refused("Upload a file first."));
        }
        let inspection: Inspection = serde_json::from_str(&found.inspection)?;
        let names: Vec<&str> = inspection.columns.iter().map(String::as_str).collect();
        let fields = fields::list(&mut self.store().read().await?, actor.workspace).await?;
        if let Some(problem) = mapping_problems(&settings, &fields).first() {
            return Err(Problem::field("columns", problem.sentence(&names)).into());
        }
        if inspection.row_count == 0 {
            return Err(
                Problem::field("file", "The file has a header and no rows, so there is nothing to import.").into()
            );
        }
        let job = self.reserve_job().await?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        let columns = serde_json::to_string(&without_reasons(&settings.columns, &inspection.columns))?;
        imports::remember_columns(&mut tx, actor.workspace, &headers_key(&inspection), &columns, now).await?;
        let draft = [ImportState::Draft];
        if !imports::move_state(&mut tx, actor.workspace, import, &draft, ImportState::Queued, "", now).await? {
            return Err(Error::conflict("This import has been started already. See it under Imports."));
        }
        jobs::ask(&mut tx, job, actor.workspace, IMPORT, import.0, now).await?;
        audit::record(&mut tx, self.event(actor, "import.run", import.to_string(), settings.policy.word())).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    /// Stops a running import after the batch it is in. What was done is safe, and it can go on later.
    ///
    /// # Errors
    /// When it is not running.
    pub async fn stop_import(&self, actor: &Actor, import: ImportId) -> Result<()> {
        actor.may(Act::Import)?;
        let mut tx = self.store().write().await?;
        imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        if !jobs::ask_to_stop(&mut tx, actor.workspace, IMPORT, import.0).await? {
            return Err(Error::conflict("This import is not running any more."));
        }
        audit::record(&mut tx, self.event(actor, "import.stop", import.to_string(), "")).await?;
        Ok(tx.commit().await?)
    }

    /// Goes on with a stopped or failed import where it was.
    ///
    /// # Errors
    /// When it is neither.
    pub async fn resume_import(&self, actor: &Actor, import: ImportId) -> Result<()> {
        actor.may(Act::Import)?;
        let job = self.reserve_job().await?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        let ended = [ImportState::Stopped, ImportState::Failed];
        if !imports::move_state(&mut tx, actor.workspace, import, &ended, ImportState::Queued, "", now).await? {
            return Err(Error::conflict("This import is not waiting to go on."));
        }
        jobs::ask(&mut tx, job, actor.workspace, IMPORT, import.0, now).await?;
        audit::record(&mut tx, self.event(actor, "import.resume", import.to_string(), "")).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }
}
