//! What an import would do: the real code over the whole file, for the three policies side by side, writing nothing.

use std::sync::Arc;

use domain::Act;
use domain::DuplicatePolicy;
use domain::Outcome;
use domain::SourceKind;
use domain::ids::{CampaignId, ContactId, ImportId, WorkspaceId};
use domain::import::{DryRun, DryRunState, ImportSettings, ImportState, PolicyPreview, RowExample, RowView};
use matching::KeyKind;
use store::import_rows::ImportRow;
use store::jobs::{self, Held, Job};
use store::{identities, imports};
use tokio::sync::mpsc;

use super::decide::Rules;
use super::known::{Known, holders, sorted_keys};
use super::overlay::{Overlay, Scope};
use super::plan::{Incoming, Plan};
use super::reader::Source;
use super::run::Run;
use super::{reasons, write};
use crate::work::{DRY_RUN, LEASE_MS};
use crate::{Actor, Engine, Error, Result};

/// Examples kept per outcome.
const EXAMPLES: usize = 3;
/// Rows between two looks at the lease and two saves of the progress.
const SAVE_EVERY: u64 = 20_000;

/// What is counted.
pub(super) struct Subject<'a> {
    /// Who asks; whose people are looked up.
    pub actor: &'a Actor,
    /// Where leads would go.
    pub campaign: Option<CampaignId>,
    /// What was chosen.
    pub settings: &'a ImportSettings,
    /// How the rows are read.
    pub plan: &'a Arc<Plan>,
    /// The file.
    pub source: &'a Source,
}

impl<'a> From<&'a Run> for Subject<'a> {
    fn from(run: &'a Run) -> Self {
        let Run { actor, settings, plan, source, import } = run;
        Subject { actor, campaign: import.campaign, settings, plan, source }
    }
}

/// What goes along with a count.
#[derive(Default)]
pub(super) struct Along<'a> {
    /// The job that counts, with the import and what it counts for.
    pub job: Option<(&'a Job, ImportId, &'a str)>,
    /// Who hears what would become of each row, under the chosen policy.
    pub tell: Option<mpsc::Sender<Vec<RowView>>>,
}

impl Engine {
    /// What the import would do. Starts the count when the settings have changed since the last one.
    ///
    /// # Errors
    /// When there is no such draft.
    pub async fn dry_run(&self, actor: &Actor, import: ImportId) -> Result<DryRunState> {
        actor.may(Act::Import)?;
        let mut tx = self.store().read().await?;
        let mut found = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        drop(tx);
        if found.state != ImportState::Draft {
            return Ok(DryRunState::Refused("This import has been started already. See it under Imports.".to_owned()));
        }
        let key = dry_run_key(&found)?;
        if found.dry_run_key != key {
            let job = self.reserve_job().await?;
            let mut tx = self.store().write().await?;
            if imports::ask_dry_run(&mut tx, actor.workspace, import, &key).await? {
                jobs::ask(&mut tx, job, actor.workspace, DRY_RUN, import.0, self.now()).await?;
            }
            tx.commit().await?;
            self.wake_worker();
            found.dry_run = String::new();
            found.done_rows = 0;
        }
        let rows = u64::try_from(found.total_rows).unwrap_or(0);
        if found.dry_run.is_empty() {
            return Ok(DryRunState::Running { done: u64::try_from(found.done_rows).unwrap_or(0).min(rows), rows });
        }
        if let Ok(refusal) = serde_json::from_str::<String>(&found.dry_run) {
            return Ok(DryRunState::Refused(refusal));
        }
        Ok(DryRunState::Ready(serde_json::from_str(&found.dry_run)?))
    }

    /// What an import with these settings would do, at once; for the command line.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn dry_run_now(&self, actor: &Actor, import: ImportId) -> Result<DryRun> {
        actor.may(Act::Import)?;
        let run = self.load_run(actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let (dry_run, _) = self.count(&Subject::from(&run), Along::default()).await?;
        dry_run.ok_or(Error::Fault("a dry run was stopped"))
    }

    pub(crate) async fn count_dry_run(&self, job: &Job, workspace: WorkspaceId, id: ImportId) -> Result<()> {
        let Some(run) = self.load_run(workspace, id).await? else { return self.finish_job(job).await };
        if run.import.state != ImportState::Draft {
            return self.finish_job(job).await;
        }
        let key = run.import.dry_run_key.clone();
        let along = Along { job: Some((job, id, &key)), tell: None };
        let counted = self.count(&Subject::from(&run), along).await;
        let (result, done) = match counted {
            Ok((Some(dry_run), done)) => (serde_json::to_string(&dry_run)?, done),
            // another count was asked for, or another worker has this one
            Ok((None, _)) => return Ok(()),
            Err(Error::Store(error)) => return Err(error.into()),
            Err(error) => (serde_json::to_string(&error.into_problem().message)?, 0),
        };
        let mut tx = self.store().write().await?;
        imports::save_dry_run(&mut tx, workspace, id, &key, &result, i64::try_from(done).unwrap_or(0)).await?;
        jobs::finish(&mut tx, job).await?;
        Ok(tx.commit().await?)
    }

    /// Saves how far a count is, and says whether its job is still ours.
    async fn keep_count(&self, (job, id, key): (&Job, ImportId, &str), done: u64) -> Result<Held> {
        let workspace = WorkspaceId(job.workspace_id);
        let mut tx = self.store().write().await?;
        let held = jobs::keep(&mut tx, job, self.now() + LEASE_MS).await?;
        imports::save_dry_run(&mut tx, workspace, id, key, "", i64::try_from(done).unwrap_or(0)).await?;
        tx.commit().await?;
        Ok(held)
    }

    /// Counts what would become of the rows; nothing when its job is another's by now.
    pub(super) async fn count(&self, subject: &Subject<'_>, along: Along<'_>) -> Result<(Option<DryRun>, u64)> {
        self.fill_groups(subject.actor.workspace, subject.plan.groups()).await?;
        let mut count = Count::new(subject);
        let mut file = super::reader::read(subject.source.clone(), subject.plan.clone());
        let (mut pending, mut ended) = (Vec::new(), false);
        while !ended || !pending.is_empty() {
            while pending.len() < self.0.batches.look_up && !ended {
                match file.next().await? {
                    Some(chunk) => pending.extend(chunk),
                    None => ended = true,
                }
            }
            let rest = pending.split_off(pending.len().min(self.0.batches.look_up));
            let rows = std::mem::replace(&mut pending, rest);
            let before = count.done / SAVE_EVERY;
            let told = self.count_rows(subject, &mut count, &rows, along.tell.is_some()).await?;
            if let Some(tell) = &along.tell
                && tell.send(told).await.is_err()
            {
                return Err(Error::Fault("nobody listens to a dry run any more"));
            }
            if count.done / SAVE_EVERY != before
                && let Some(job) = along.job
                && self.keep_count(job, count.done).await? != Held::GoOn
            {
                return Ok((None, count.done));
            }
        }
        let policies = count.runs.into_iter().map(|(_, preview)| preview).collect();
        let (deleted, suppressed) = (count.deleted, count.suppressed);
        Ok((Some(DryRun { rows: count.done, policies, deleted, suppressed }), count.done))
    }

    /// Counts some rows. With `tell`, also says what would become of each under the chosen policy.
    async fn count_rows(
        &self,
        subject: &Subject<'_>,
        count: &mut Count<'_>,
        rows: &[Incoming],
        tell: bool,
    ) -> Result<Vec<RowView>> {
        let workspace = subject.actor.workspace;
        let keys = sorted_keys(rows);
        let mut tx = self.store().read().await?;
        let owners = identities::owners(&mut tx, workspace, &keys).await?;
        let found = (owners, holders(&mut tx, workspace, rows).await?);
        let updates = subject.settings.mode.updates();
        let known = Known::load(&mut tx, workspace, subject.campaign, &keys, found, updates, subject.plan).await?;
        let mut told: Vec<ImportRow> = Vec::new();
        for row in rows {
            count.take(row, &known, subject.settings.policy, tell.then_some(&mut told))?;
        }
        for (overlay, preview) in &mut count.runs {
            preview.pending_elsewhere += overlay.changes.pending_elsewhere;
            overlay.carry_on();
        }
        self.row_views(&mut tx, subject.actor, told).await
    }
}

/// A count under way.
struct Count<'a> {
    /// The three policies, side by side.
    runs: Vec<(Overlay<'a>, PolicyPreview)>,
    deleted: u64,
    suppressed: u64,
    done: u64,
    /// The next id of someone who is not there yet: below all real ones.
    next_stranger: i64,
}

impl<'a> Count<'a> {
    fn new(subject: &Subject<'a>) -> Self {
        let campaign = subject.campaign;
        let run = |&policy: &DuplicatePolicy| {
            let rules = Rules { policy, ..Rules::new(subject.settings, campaign.is_some()) };
            let preview =
                PolicyPreview { policy, counts: Default::default(), examples: Vec::new(), pending_elsewhere: 0 };
            let source = (SourceKind::Import, 0);
            let scope = Scope { campaign, status: subject.settings.status, source, journal: false };
            (Overlay::new(rules, subject.plan, scope), preview)
        };
        let runs = DuplicatePolicy::ALL.iter().map(run).collect();
        Count { runs, deleted: 0, suppressed: 0, done: 0, next_stranger: -1 }
    }

    fn take(
        &mut self,
        row: &Incoming,
        known: &Known,
        chosen: DuplicatePolicy,
        mut told: Option<&mut Vec<ImportRow>>,
    ) -> Result<()> {
        self.done += 1;
        self.deleted += u64::from(row.keys.iter().any(|(_, k)| known.deleted.contains(k)));
        let stranger = ContactId(self.next_stranger);
        self.next_stranger -= 1;
        for (i, (overlay, preview)) in self.runs.iter_mut().enumerate() {
            let taken = overlay.take(row, known, stranger);
            let outcome = taken.decision.outcome;
            self.suppressed += u64::from(i == 0 && outcome == Outcome::Suppressed);
            preview.counts.add(outcome);
            if preview.policy == chosen
                && let Some(told) = &mut told
            {
                told.push(write::import_row(row, &taken)?);
            }
            let enough = preview.examples.iter().filter(|e| e.outcome == outcome).count() >= EXAMPLES;
            if outcome.is_detail() && !enough {
                let why = reasons::sentence(outcome, &taken.decision.reason, taken.matched, None);
                preview.examples.push(RowExample { row: row.number, who: row.person.display_name(), outcome, why });
            }
        }
        Ok(())
    }
}

/// What the counts depend on; not the policy, of which all are counted.
pub(super) fn dry_run_key(import: &imports::Import) -> Result<String> {
    let mut settings: domain::import::ImportSettings = serde_json::from_str(&import.settings)?;
    settings.policy = DuplicatePolicy::Campaign;
    settings.tags.clear();
    let text = format!("{}\n{}\n{}", serde_json::to_string(&settings)?, import.file_path, import.inspection.len());
    let key = matching::Key::of(KeyKind::Text, &text);
    Ok(key.as_bytes().iter().map(|b| format!("{b:02x}")).collect())
}
