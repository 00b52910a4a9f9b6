//! The wizard's draft: kept on the server, changed one choice at a time, so that a reload or a second tab resumes it.

use domain::ids::{CampaignId, ImportId};
use domain::import::{
    DetectionChange, DraftChange, DraftView, HeaderChange, ImportSettings, ImportState, Target, UseCaseView,
    WizardStep, group_problem, mapped_fields, sorted_group, usual_identifiers,
};
use domain::tag::tags_problem;
use domain::{Act, CustomField};
use sheet::{Encoding, HeaderChoice, Inspection, Overrides};
use store::campaigns::Campaign;
use store::imports::{self, Import};
use store::{Tx, audit, fields, team};

use super::upload::{Mapping, suggested};
use super::use_cases;
use super::views::{self, preview};
use crate::{Actor, Engine, Error, Result};

impl Engine {
    /// The caller's open draft for this campaign (or for contacts only), made when there is none.
    ///
    /// # Errors
    /// When there is no such campaign, or it is archived.
    pub async fn start_import(&self, actor: &Actor, campaign: Option<CampaignId>) -> Result<ImportId> {
        actor.may(Act::Import)?;
        let mut tx = self.store().read().await?;
        if let Some(campaign) = campaign {
            self.open_campaign(&mut tx, actor, campaign).await?;
        }
        if let Some(open) = imports::open_draft(&mut tx, actor.workspace, campaign, actor.user).await? {
            return Ok(open);
        }
        drop(tx);
        self.new_draft(actor, campaign).await
    }

    /// A campaign that people may be imported into: one that is there, and not archived.
    pub(crate) async fn open_campaign(&self, tx: &mut Tx, actor: &Actor, campaign: CampaignId) -> Result<Campaign> {
        let found = self.campaign(tx, actor, campaign).await?;
        if found.archived_at.is_some() {
            return Err(Error::conflict("This campaign is archived. Bring it back first, then import into it."));
        }
        Ok(found)
    }

    /// A new draft, whatever others are open; for the command line.
    ///
    /// # Errors
    /// When there is no such campaign, or it is archived.
    pub async fn new_draft(&self, actor: &Actor, campaign: Option<CampaignId>) -> Result<ImportId> {
        actor.may(Act::Import)?;
        let mut tx = self.store().read().await?;
        let workspace =
            team::workspace_by_id(&mut tx, actor.workspace).await?.ok_or(Error::Fault("the workspace is gone"))?;
        drop(tx);
        let settings = ImportSettings { policy: workspace.default_policy, ..ImportSettings::default() };
        let id = ImportId(self.store().reserve("import", 1).await?);
        let mut tx = self.store().write().await?;
        if let Some(campaign) = campaign {
            self.open_campaign(&mut tx, actor, campaign).await?;
        }
        let settings = serde_json::to_string(&settings)?;
        imports::add(&mut tx, actor.workspace, id, campaign, actor.user, &settings, self.now()).await?;
        audit::record(&mut tx, self.event(actor, "import.draft", id.to_string(), "")).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A draft as the wizard shows it.
    ///
    /// # Errors
    /// When there is no such import.
    pub async fn get_draft(&self, actor: &Actor, import: ImportId) -> Result<DraftView> {
        actor.may(Act::Import)?;
        let mut tx = self.store().read().await?;
        let found = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        self.view(&mut tx, actor, found).await
    }

    pub(super) async fn view(&self, tx: &mut Tx, actor: &Actor, import: Import) -> Result<DraftView> {
        let campaign = match import.campaign {
            Some(id) => Some((id, self.campaign(tx, actor, id).await?.name)),
            None => None,
        };
        let fields = fields::list(tx, actor.workspace).await?;
        views::draft(import, campaign, fields)
    }

    pub(crate) async fn draft_row(&self, actor: &Actor, import: ImportId) -> Result<Import> {
        let mut tx = self.store().read().await?;
        let found = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        if found.state != ImportState::Draft {
            return Err(Error::conflict(
                "This import has been started already, so its settings cannot be changed any more. See it under Imports.",
            ));
        }
        Ok(found)
    }

    /// A draft that nobody else changes until commit: two tabs may save at once, and one may start the import.
    pub(super) async fn locked_draft(&self, tx: &mut Tx, actor: &Actor, import: ImportId) -> Result<Import> {
        let found = imports::get_for_update(tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        if found.state != ImportState::Draft {
            return Err(Error::conflict("This import has been started in another tab. See it under Imports."));
        }
        Ok(found)
    }

    /// Saves one choice of the wizard.
    ///
    /// # Errors
    /// Refuses a choice that cannot be, such as a header line behind the end of the file.
    pub async fn change_draft(&self, actor: &Actor, import: ImportId, change: DraftChange) -> Result<DraftView> {
        actor.may(Act::Import)?;
        if let DraftChange::Detection(change) = change {
            return self.change_detection(actor, import, &change).await;
        }
        let now = self.now();
        let mut tx = self.store().write().await?;
        let mut found = self.locked_draft(&mut tx, actor, import).await?;
        let mut settings: ImportSettings = serde_json::from_str(&found.settings)?;
        match change {
            DraftChange::Step(step) => {
                if step == WizardStep::Duplicates {
                    // others may have imported meanwhile: count anew
                    found.dry_run_key = String::new();
                }
                found.step = step;
            }
            DraftChange::ResetColumns => {
                let inspection: Inspection = serde_json::from_str(&found.inspection)?;
                let fields = fields::list(&mut tx, actor.workspace).await?;
                settings.columns = suggested(&inspection, found.campaign.is_some(), &fields);
                settings.first_filled.clear();
                settings.use_cases.clear();
            }
            other => {
                let fields = fields::list(&mut tx, actor.workspace).await?;
                apply(&mut settings, other, &fields)?;
            }
        }
        found.settings = serde_json::to_string(&settings)?;
        imports::save_draft(&mut tx, actor.workspace, &found, now).await?;
        tx.commit().await?;
        found.updated_at = now;
        self.view(&mut self.store().read().await?, actor, found).await
    }

    /// Looks at the file again the way the person says it is written. That may take a while, so nothing is locked
    /// meanwhile, and afterwards only what depends on the file is changed: the last correction wins.
    async fn change_detection(&self, actor: &Actor, import: ImportId, change: &DetectionChange) -> Result<DraftView> {
        let before = self.draft_row(actor, import).await?;
        if before.file_path.is_empty() {
            return Err(Error::refused("Upload a file first."));
        }
        let overrides = overrides(change)?;
        let inspection = self.look_at(self.upload_path(&before.file_path), overrides.clone()).await?;
        let mut tx = self.store().write().await?;
        let now = self.now();
        let mut found = self.locked_draft(&mut tx, actor, import).await?;
        if found.file_path != before.file_path {
            return Err(Error::conflict(
                "Another file has been uploaded here meanwhile. Look at that one, and change how it is read there.",
            ));
        }
        found.detection = serde_json::to_string(&overrides)?;
        self.take_inspection(&mut tx, actor, &mut found, &inspection, Mapping::Remembered).await?;
        imports::save_draft(&mut tx, actor.workspace, &found, now).await?;
        tx.commit().await?;
        found.updated_at = now;
        self.view(&mut self.store().read().await?, actor, found).await
    }

    /// Throws a draft away, and its file unless another import has it too.
    ///
    /// # Errors
    /// When there is no such draft, or it has just been started.
    pub async fn discard_draft(&self, actor: &Actor, import: ImportId) -> Result<()> {
        actor.may(Act::Import)?;
        let mut tx = self.store().write().await?;
        let found = self.locked_draft(&mut tx, actor, import).await?;
        imports::delete_draft(&mut tx, actor.workspace, import).await?;
        audit::record(&mut tx, self.event(actor, "import.discard", import.to_string(), "")).await?;
        let unused = self.unused_file(&mut tx, actor.workspace, &found.file_path).await?;
        tx.commit().await?;
        self.remove_file(unused).await;
        Ok(())
    }

    /// The use cases of step 3 and the cleaning rule of step 2, with what each would do to the first rows of the file.
    ///
    /// # Errors
    /// When there is no such draft or no file yet.
    pub async fn use_cases(&self, actor: &Actor, import: ImportId) -> Result<Vec<UseCaseView>> {
        actor.may(Act::Import)?;
        let found = self.draft_row(actor, import).await?;
        if found.inspection.is_empty() {
            return Err(Error::refused("Upload a file first."));
        }
        let settings: ImportSettings = serde_json::from_str(&found.settings)?;
        let inspection: Inspection = serde_json::from_str(&found.inspection)?;
        let country = team::workspace_by_id(&mut self.store().read().await?, actor.workspace)
            .await?
            .map_or_else(String::new, |w| w.default_country);
        let (path, limits) = (self.upload_path(&found.file_path), self.0.limits);
        tokio::task::spawn_blocking(move || preview(&path, &inspection, &limits, &settings, &country))
            .await
            .map_err(|_| Error::Fault("the preview was interrupted"))?
    }
}

fn apply(settings: &mut ImportSettings, change: DraftChange, fields: &[CustomField]) -> Result<()> {
    match change {
        DraftChange::Mode(mode) => settings.mode = mode,
        DraftChange::Overwrite(rule) => settings.overwrite = rule,
        DraftChange::Column(index, mapping) => {
            if let Target::Variable(name) = &mapping.target
                && (name.chars().count() > 80 || name.contains('\0'))
            {
                return Err(Error::refused("Give the variable a name of at most 80 characters."));
            }
            if let Target::Custom(id) = &mapping.target
                && !fields.iter().any(|f| f.id == *id)
            {
                return Err(Error::refused("There is no such field any more. Choose another one for this column."));
            }
            let column =
                settings.columns.get_mut(index).ok_or_else(|| Error::refused("The file has no such column."))?;
            *column = mapping;
            let targets: Vec<Target> = settings.columns.iter().map(|c| c.target.clone()).collect();
            settings.first_filled.retain(|t| targets.iter().filter(|x| *x == t).count() > 1);
        }
        DraftChange::FirstFilled(target) => {
            if !settings.first_filled.contains(&target) {
                settings.first_filled.push(target);
            }
        }
        DraftChange::Identifiers(groups) => settings.identifiers = identifiers(settings, groups, fields)?,
        DraftChange::Trim(on) => settings.trim = on,
        DraftChange::UseCase(choice) => {
            let use_case = use_cases::registry()
                .into_iter()
                .find(|u| u.id == choice.id)
                .ok_or_else(|| Error::refused("There is no such use case."))?;
            settings.use_cases.retain(|c| c.id != choice.id);
            settings.use_cases.push(choice);
            let mut choice = use_cases::choice(&use_case, settings);
            if choice.on && use_cases::problem(&use_case, &choice).is_some() {
                choice.on = false;
            }
            settings.use_cases.retain(|c| c.id != choice.id);
            settings.use_cases.push(choice);
        }
        DraftChange::DisableAll => {
            for use_case in use_cases::registry() {
                let choice = use_cases::choice(&use_case, settings);
                settings.use_cases.retain(|c| c.id != choice.id);
                settings.use_cases.push(domain::import::UseCaseChoice { on: false, ..choice });
            }
        }
        DraftChange::Policy(policy) => settings.policy = policy,
        DraftChange::IgnoreArchived(on) => settings.ignore_archived = on,
        DraftChange::Deleted(choice) => settings.deleted = choice,
        DraftChange::Suppressed(choice) => settings.suppressed = choice,
        DraftChange::Tags(tags) => settings.tags = usable_tags(&tags)?,
        DraftChange::Step(_) | DraftChange::Detection(_) | DraftChange::ResetColumns => {}
    }
    Ok(())
}

/// Tags without the blank ones; refused, never cut: half a tag is another tag.
fn usable_tags(tags: &[String]) -> Result<Vec<String>> {
    let trimmed = tags.iter().map(|tag| matching::trim_invisible(tag).into_owned());
    let tags: Vec<String> = trimmed.filter(|tag| !tag.is_empty()).collect();
    match tags_problem(&tags) {
        Some(sentence) => Err(Error::refused(sentence)),
        None => Ok(tags),
    }
}

/// The groups that someone chose, each once; refused where one could not recognise anyone (B16).
fn identifiers(
    settings: &ImportSettings,
    groups: Vec<Vec<Target>>,
    fields: &[CustomField],
) -> Result<Vec<Vec<Target>>> {
    let mapped = mapped_fields(settings);
    let mut chosen: Vec<Vec<Target>> = Vec::new();
    for group in groups {
        let group = sorted_group(&group);
        // the usual ones stand even where no column brings them: they are simply never met
        let usual = usual_identifiers().contains(&group);
        if let Some(sentence) = group_problem(&group, fields) {
            return Err(Error::refused(sentence));
        }
        if let Some(absent) = group.iter().find(|target| !usual && !mapped.contains(target)) {
            let name = absent.label_among(fields);
            return Err(Error::refused(format!(
                "No column goes to {name}, so it cannot identify anyone in this file."
            )));
        }
        if !chosen.contains(&group) {
            chosen.push(group);
        }
    }
    Ok(if chosen.is_empty() { usual_identifiers() } else { chosen })
}

fn overrides(change: &DetectionChange) -> Result<Overrides> {
    let encoding = match &change.encoding {
        None => None,
        Some(word) => Some(
            serde_json::from_value::<Encoding>(serde_json::Value::String(word.clone()))
                .map_err(|_| Error::refused("There is no such encoding. Choose one of the list."))?,
        ),
    };
    Ok(Overrides {
        encoding,
        delimiter: change.delimiter,
        header_row: change.header.map(|h| match h {
            HeaderChange::None => HeaderChoice::None,
            HeaderChange::Row(row) => HeaderChoice::Row(row),
        }),
        sheet: change.sheet.clone(),
    })
}
