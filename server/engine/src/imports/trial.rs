//! A file that is only tried, for the command line: nothing is made for it, no draft, no campaign, no workspace.

use std::path::Path;
use std::sync::Arc;

use domain::ids::{CampaignId, UserId, WorkspaceId};
use domain::import::{DryRun, ImportSettings, RowView, mapping_problems};
use domain::{Act, Problem, Role};
use sheet::Overrides;
use store::team::Workspace;
use store::{fields, team};
use tokio::sync::mpsc;

use super::dry_run::{Along, Subject};
use super::plan::Plan;
use super::reader::Source;
use super::upload::suggested;
use crate::{Actor, Engine, Error, Result};

/// No campaign has this id: nobody is in it, and nobody was deleted there.
const NO_CAMPAIGN: CampaignId = CampaignId(-1);
/// No workspace has this id: nobody is known there.
const NO_WORKSPACE: WorkspaceId = WorkspaceId(-1);

/// Where the people of a file would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// They would be contacts only.
    Contacts,
    /// They would be leads of a campaign.
    Campaign(CampaignId),
    /// They would be leads of a campaign that is not there yet.
    NewCampaign,
}

/// What a trial needs to know of the file.
struct Read {
    settings: ImportSettings,
    source: Source,
    plan: Arc<Plan>,
    rows: u64,
}

impl Engine {
    /// Looks whether a file could be imported, and says how many rows it has. `actor` is none where the workspace is
    /// not there yet.
    ///
    /// # Errors
    /// The sentence of the file's fault, or of a mapping by which nobody could be recognised.
    pub async fn check_file(&self, actor: Option<&Actor>, goal: Goal, file: &Path) -> Result<u64> {
        let actor = somebody(actor);
        actor.may(Act::Import)?;
        Ok(self.read_file(&actor, goal, file, |_| {}).await?.rows)
    }

    /// What an import of a file would do, without a draft; `tell` hears what would become of each row. `actor` is none
    /// where the workspace is not there yet.
    ///
    /// # Errors
    /// As the import would be refused.
    pub async fn try_file(
        &self,
        actor: Option<&Actor>,
        goal: Goal,
        file: &Path,
        change: impl FnOnce(&mut ImportSettings),
        tell: Option<mpsc::Sender<Vec<RowView>>>,
    ) -> Result<(DryRun, ImportSettings)> {
        let actor = somebody(actor);
        actor.may(Act::Import)?;
        let Read { settings, source, plan, .. } = self.read_file(&actor, goal, file, change).await?;
        let campaign = goal.campaign();
        let subject = Subject { actor: &actor, campaign, settings: &settings, plan: &plan, source: &source };
        let (counted, _) = self.count(&subject, Along { tell, ..Along::default() }).await?;
        Ok((counted.ok_or(Error::Fault("a dry run was stopped"))?, settings))
    }

    async fn read_file(
        &self,
        actor: &Actor,
        goal: Goal,
        file: &Path,
        change: impl FnOnce(&mut ImportSettings),
    ) -> Result<Read> {
        let inspection = self.look_at(file.to_owned(), Overrides::default()).await?;
        let mut tx = self.store().read().await?;
        if let Goal::Campaign(campaign) = goal {
            self.open_campaign(&mut tx, actor, campaign).await?;
        }
        let place = team::workspace_by_id(&mut tx, actor.workspace).await?;
        let place = place.unwrap_or_else(|| Workspace::new(actor.workspace, ""));
        let fields = fields::list(&mut tx, actor.workspace).await?;
        drop(tx);
        let columns = suggested(&inspection, goal.campaign().is_some(), &fields);
        let mut settings = ImportSettings { policy: place.default_policy, columns, ..ImportSettings::default() };
        change(&mut settings);
        if let Some(problem) = mapping_problems(&settings, &fields).first() {
            let names: Vec<&str> = inspection.columns.iter().map(String::as_str).collect();
            return Err(Problem::field("columns", problem.sentence(&names)).into());
        }
        let plan = Arc::new(Plan::new(&settings, &place, fields));
        let source = Source { path: file.to_owned(), dialect: inspection.dialect, limits: self.0.limits, only: None };
        Ok(Read { settings, source, plan, rows: inspection.row_count })
    }
}

impl Goal {
    fn campaign(self) -> Option<CampaignId> {
        match self {
            Goal::Contacts => None,
            Goal::Campaign(id) => Some(id),
            Goal::NewCampaign => Some(NO_CAMPAIGN),
        }
    }
}

/// Whoever asks; the owner to be, where the workspace is not there yet.
fn somebody(actor: Option<&Actor>) -> Actor {
    actor.cloned().unwrap_or_else(|| Actor {
        user: UserId(0),
        workspace: NO_WORKSPACE,
        role: Role::Owner,
        user_name: String::new(),
        workspace_name: String::new(),
    })
}
