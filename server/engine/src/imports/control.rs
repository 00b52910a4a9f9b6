//! Starts, stops and resumes the run of an import.

use domain::ids::{ImportId, JobId};
use domain::import::{ImportSettings, ImportState, mapping_problems};
use domain::{Act, Problem};
use sheet::Inspection;
use store::imports::Import;
use store::{Tx, audit, fields, imports, jobs};

use super::upload::{Mapping, remember};
use crate::work::IMPORT;
use crate::{Actor, Engine, Error, Result};

/// What a file is told that has a header and no rows.
pub(super) const NO_ROWS: &str = "The file has a header and no rows, so there is nothing to import.";

impl Engine {
    /// Ends the wizard: the import runs on the server from now on.
    ///
    /// # Errors
    /// Refuses a mapping by which nobody could be recognised, and a campaign that is archived.
    pub async fn run_import(&self, actor: &Actor, import: ImportId) -> Result<()> {
        self.run_draft(actor, import, Mapping::Remembered).await
    }

    /// Starts a draft; where its mapping was shown to a person, it is remembered.
    pub(super) async fn run_draft(&self, actor: &Actor, import: ImportId, mapping: Mapping) -> Result<()> {
        actor.may(Act::Import)?;
        let job = self.reserve_job().await?;
        let mut tx = self.store().write().await?;
        let found = self.locked_draft(&mut tx, actor, import).await?;
        self.queue(&mut tx, actor, &found, job).await?;
        if mapping == Mapping::Remembered {
            remember(&mut tx, actor.workspace, &found, self.now()).await?;
        }
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    /// Checks a draft that is locked or of this transaction, and asks for the job that takes its rows.
    pub(super) async fn queue(&self, tx: &mut Tx, actor: &Actor, found: &Import, job: JobId) -> Result<()> {
        let settings: ImportSettings = serde_json::from_str(&found.settings)?;
        if found.inspection.is_empty() {
            return Err(Error::refused("Upload a file first."));
        }
        if let Some(campaign) = found.campaign {
            self.open_campaign(tx, actor, campaign).await?;
        }
        let inspection: Inspection = serde_json::from_str(&found.inspection)?;
        let names: Vec<&str> = inspection.columns.iter().map(String::as_str).collect();
        let fields = fields::list(tx, actor.workspace).await?;
        if let Some(problem) = mapping_problems(&settings, &fields).first() {
            return Err(Problem::field("columns", problem.sentence(&names)).into());
        }
        if inspection.row_count == 0 {
            return Err(Problem::field("file", NO_ROWS).into());
        }
        let now = self.now();
        let draft = [ImportState::Draft];
        if !imports::move_state(tx, actor.workspace, found.id, &draft, ImportState::Queued, "", now).await? {
            return Err(Error::conflict("This import has been started already. See it under Imports."));
        }
        jobs::ask(tx, job, actor.workspace, IMPORT, found.id.0, now).await?;
        let policy = settings.policy.word();
        Ok(audit::record(tx, self.event(actor, "import.run", found.id.to_string(), policy)).await?)
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
    /// When it is neither, or its campaign is archived by now.
    pub async fn resume_import(&self, actor: &Actor, import: ImportId) -> Result<()> {
        actor.may(Act::Import)?;
        let job = self.reserve_job().await?;
        let mut tx = self.store().write().await?;
        let now = self.now();
        let found = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        if let Some(campaign) = found.campaign {
            self.open_campaign(&mut tx, actor, campaign).await?;
        }
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
