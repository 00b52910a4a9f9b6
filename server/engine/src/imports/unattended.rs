//! Imports without a wizard: for the command line and the demo.

use domain::ids::ImportId;
use domain::import::{ImportSettings, ImportState, UndoView};
use domain::{Act, Problem, ProblemKind};
use store::imports;
use tokio::sync::watch;

use super::upload::Mapping;
use crate::work::causes;
use crate::{Actor, Engine, Error, Result};

/// How long whoever waits for an import waits between two looks.
const WAIT: std::time::Duration = std::time::Duration::from_millis(20);

impl Engine {
    /// Changes the settings of a draft as a whole; for those who have no wizard.
    ///
    /// # Errors
    /// When the import is no draft, or the caller may not import.
    pub async fn change_settings(
        &self,
        actor: &Actor,
        import: ImportId,
        change: impl FnOnce(&mut ImportSettings),
    ) -> Result<()> {
        actor.may(Act::Import)?;
        let mut tx = self.store().write().await?;
        let mut found = self.locked_draft(&mut tx, actor, import).await?;
        let mut settings: ImportSettings = serde_json::from_str(&found.settings)?;
        change(&mut settings);
        found.settings = serde_json::to_string(&settings)?;
        imports::save_draft(&mut tx, actor.workspace, &found, self.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Runs an import to its end before it returns; for the command line and the demo.
    ///
    /// # Errors
    /// With the import's own sentence when it failed.
    pub async fn run_import_now(&self, actor: &Actor, import: ImportId) -> Result<()> {
        self.run_draft(actor, import, Mapping::ByHeader).await?;
        let (_keep, go_on) = watch::channel(false);
        loop {
            let progress = self.get_import_progress(actor, import).await?;
            match progress.state {
                ImportState::Done => return Ok(()),
                state if !state.is_busy() => {
                    let summary = self.get_import_summary(actor, import).await?;
                    let message = summary.import.problem.unwrap_or_else(|| "The import was stopped.".to_owned());
                    return Err(Problem::new(ProblemKind::Invalid, message).into());
                }
                _ => self.work_or_wait(&go_on).await,
            }
        }
    }

    /// Takes an import back before it returns; for the command line and tests.
    ///
    /// # Errors
    /// As `undo_import`, or with the sentence of what kept it from going on.
    pub async fn undo_import_now(&self, actor: &Actor, import: ImportId) -> Result<UndoView> {
        self.undo_import(actor, import).await?;
        let (_keep, go_on) = watch::channel(false);
        loop {
            let undo = self.get_import_summary(actor, import).await?.import.undo;
            let undo = undo.ok_or(Error::Fault("an undo is not there"))?;
            if let Some(problem) = undo.problem {
                return Err(Problem::new(ProblemKind::Invalid, problem).into());
            }
            if undo.finished_at.is_some() {
                return Ok(undo);
            }
            self.work_or_wait(&go_on).await;
        }
    }

    /// Does a job, or waits a moment. One that breaks off is tried again, and at last says so itself.
    async fn work_or_wait(&self, go_on: &watch::Receiver<bool>) {
        match self.work_once(go_on).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => tracing::error!(error = causes(&error), "a job broke off"),
        }
        tokio::time::sleep(WAIT).await;
    }
}
