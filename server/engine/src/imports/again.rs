//! "Import these under another policy": a new import of just the rows that were left out, from the same file.

use std::collections::HashSet;

use domain::ids::{ImportId, WorkspaceId};
use domain::import::{ImportSettings, ImportState};
use domain::{Act, DuplicatePolicy, Outcome};
use store::import_rows::{self, Which};
use store::{Tx, imports};

use crate::{Actor, Engine, Error, Result};

/// Rows read at a time.
const PAGE: i64 = 5_000;

impl Engine {
    /// Makes and starts an import of the rows that another left out, under another policy; no new upload.
    ///
    /// # Errors
    /// When nothing was left out, or the import has not ended.
    pub async fn import_again(&self, actor: &Actor, import: ImportId, policy: DuplicatePolicy) -> Result<ImportId> {
        actor.may(Act::Import)?;
        let mut tx = self.store().read().await?;
        let first = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        if first.state == ImportState::Draft || first.state.is_busy() {
            return Err(Error::conflict("This import has not ended yet. Wait for it, then try again."));
        }
        let rows = left_out(&mut tx, actor.workspace, import).await?.len();
        drop(tx);
        if rows == 0 {
            return Err(Error::refused("This import left nobody out, so there is nothing to import again."));
        }
        let mut settings: ImportSettings = serde_json::from_str(&first.settings)?;
        settings.policy = policy;
        let id = ImportId(self.store().reserve("import", 1).await?);
        let now = self.now();
        let settings = serde_json::to_string(&settings)?;
        let mut tx = self.store().write().await?;
        imports::add(&mut tx, actor.workspace, id, first.campaign, actor.user, &settings, now).await?;
        let again = imports::Import {
            id,
            settings,
            step: domain::import::WizardStep::Duplicates,
            again_of: Some(import),
            total_rows: i64::try_from(rows).unwrap_or(i64::MAX),
            dry_run: String::new(),
            dry_run_key: String::new(),
            problem: String::new(),
            ..first
        };
        imports::save_draft(&mut tx, actor.workspace, &again, now).await?;
        tx.commit().await?;
        self.run_import(actor, id).await?;
        Ok(id)
    }
}

/// The numbers of the rows that a duplicate check left out.
pub(super) async fn left_out(tx: &mut Tx, workspace: WorkspaceId, import: ImportId) -> Result<HashSet<u64>> {
    let outcomes: Vec<Outcome> = Outcome::ALL
        .iter()
        .copied()
        // a row that repeats another of the file stays out under every policy
        .filter(|o| o.is_exclusion() && *o != Outcome::DuplicateInFile)
        .collect();
    let which = Which { outcomes, ..Which::default() };
    let mut numbers = HashSet::new();
    let mut after = 0;
    loop {
        let page = import_rows::page(tx, workspace, import, &which, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(numbers) };
        after = last.row_number;
        numbers.extend(page.iter().map(|r| r.row_number.unsigned_abs()));
    }
}
