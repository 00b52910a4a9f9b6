//! The job that lets people in who wait (A68): when the campaign that kept a row out is done with its person, the row is
//! read from the file again and taken as every row is, by the settings of its import. The row then has the outcome that
//! it got this time, so that the counts still add up, and undoing the import takes it back like the others.
//!
//! Two settings are stricter than the import's: somebody who must not be contacted by now stays out, and so does
//! somebody who was deleted since. A row that is decided for good waits no more, whether it came in or not; one that
//! another campaign has begun to write to waits on. Everything of a batch is one transaction, the end of the waits
//! included: after a crash nobody comes in twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

use domain::ids::{CampaignId, ContactId, ImportId, WorkspaceId};
use domain::policy::{DeletedRows, SuppressedRows};
use domain::{Outcome, SourceKind};
use store::import_rows::{self, ImportRow};
use store::jobs::{self, Held, Job};
use store::waiting::{self, Waiting};
use store::{Tx, audit, campaigns, contact_history, contacts, imports};
use tokio::sync::watch;

use super::decide::Rules;
use super::intake::TRIES;
use super::overlay::{Overlay, Scope, Taken};
use super::plan::Incoming;
use super::run::{Run, TagIds};
use super::write::{self, Destination};
use super::{batch, reader};
use crate::contacts::history;
use crate::work::{End, LEASE_MS, causes};
use crate::{Actor, Engine, Error, Result};

/// How often a worker looks whether those who wait may come in, in milliseconds.
const LOOK_EVERY: i64 = 60_000;
/// Rows of one transaction.
const BATCH: i64 = 250;
/// The reason of a row that was decided by its wait.
const WAITED: &str = "waited";

/// Rows of one import that one member wants in, all of them about people who are there, or all about people who are not.
struct Group {
    import: ImportId,
    actor: Actor,
    rows: Vec<Waiting>,
    /// Whether their people were deleted.
    deleted: bool,
}

impl Engine {
    /// Looks once at everyone who waits in a workspace, and lets in who may.
    pub(crate) async fn let_in(&self, job: &Job, workspace: WorkspaceId, stop: &watch::Receiver<bool>) -> Result<()> {
        let started = self.now();
        match self.let_all_in(job, workspace, stop).await? {
            End::Done => {}
            End::Lost => return Ok(()),
            End::Closing => return self.release_job(job).await,
            End::Stopped => return self.finish_job(job).await,
        }
        let mut tx = self.store().write().await?;
        if jobs::keep(&mut tx, job, self.now() + LEASE_MS).await? == Held::Lost {
            return Ok(());
        }
        waiting::looked(&mut tx, workspace, started, started + LOOK_EVERY).await?;
        jobs::finish(&mut tx, job).await?;
        Ok(tx.commit().await?)
    }

    async fn let_all_in(&self, job: &Job, workspace: WorkspaceId, stop: &watch::Receiver<bool>) -> Result<End> {
        let mut after = (ImportId(0), 0);
        loop {
            if *stop.borrow() {
                return Ok(End::Closing);
            }
            let mut tx = self.store().read().await?;
            let due = waiting::due(&mut tx, workspace, after, BATCH).await?;
            let Some(last) = due.last() else { return Ok(End::Done) };
            after = (last.import(), last.row_number);
            let ids: Vec<ContactId> = due.iter().map(Waiting::contact).collect();
            let live = contacts::live(&mut tx, workspace, &ids).await?;
            drop(tx);
            for group in groups(workspace, due, &live) {
                match self.let_group_in(job, workspace, &group, stop).await {
                    Ok(End::Done) => {}
                    Ok(end) => return Ok(end),
                    // what cannot be taken now keeps nobody else out, and is tried again with the next look
                    Err(error) => {
                        let error = causes(&error);
                        tracing::warn!(error, import = %group.import, "those who wait could not be taken in");
                    }
                }
            }
        }
    }

    async fn let_group_in(
        &self,
        job: &Job,
        workspace: WorkspaceId,
        group: &Group,
        stop: &watch::Receiver<bool>,
    ) -> Result<End> {
        let run = self.load_run(workspace, group.import).await?;
        let Some((mut run, here)) = run.and_then(|run| run.import.campaign.map(|here| (run, here))) else {
            return self.end_waits(job, workspace, group).await;
        };
        run.settings.suppressed = SuppressedRows::LeaveOut;
        if group.deleted {
            run.settings.deleted = DeletedRows::Skip;
        }
        let numbers = group.rows.iter().map(|w| w.row_number.unsigned_abs()).collect();
        run.source.only = Some(Arc::new(numbers));
        let (incoming, tags) = match self.while_held(job, stop, self.read_waiting(&run)).await? {
            ControlFlow::Continue(read) => read?,
            ControlFlow::Break(end) => return Ok(end),
        };
        for _ in 1..TRIES {
            match self.take_waiting(job, group, &run, here, &tags, incoming.clone()).await {
                Err(Error::Store(error)) if error.is_busy() => {}
                ended => return ended,
            }
        }
        self.take_waiting(job, group, &run, here, &tags, incoming).await
    }

    /// The rows that are to be taken, read from their file once more, and the tags that they bring.
    async fn read_waiting(&self, run: &Run) -> Result<(Vec<Incoming>, TagIds)> {
        self.fill_groups(run.actor.workspace, run.plan.groups()).await?;
        let mut incoming = Vec::new();
        let mut rows = reader::read(run.source.clone(), run.plan.clone());
        while let Some(chunk) = rows.next().await? {
            incoming.extend(chunk);
        }
        let mut tags = TagIds::default();
        tags.ensure(self, run, &incoming).await?;
        Ok((incoming, tags))
    }

    /// Takes the rows in one transaction. What changed between looking and locking is left for the next look.
    async fn take_waiting(
        &self,
        job: &Job,
        group: &Group,
        run: &Run,
        here: CampaignId,
        tags: &TagIds,
        incoming: Vec<Incoming>,
    ) -> Result<End> {
        let workspace = run.actor.workspace;
        let count = i64::try_from(incoming.len()).unwrap_or(i64::MAX);
        let first_contact = self.store().reserve("contact", count).await?;
        let first_lead = self.store().reserve("lead", count).await?;
        let first_event = contact_history::reserve(self.store(), group.rows.len()).await?;
        let source = (SourceKind::Import, group.import.0);
        let to = Destination {
            workspace,
            source,
            campaign: Some(here),
            status: run.settings.status,
            tags: &tags.by_key,
            import_tags: &tags.import,
            first_lead,
        };
        let scope = Scope { campaign: Some(here), status: run.settings.status, source, journal: true };
        let mut overlay = Overlay::new(Rules::new(&run.settings, true), &run.plan, scope);
        let mut tx = self.store().write().await?;
        let now = self.now();
        // whoever holds the job's row holds it until commit: from here on nobody else can let them in
        if let Some(end) = self.end_of(&mut tx, job).await? {
            return Ok(end);
        }
        let batch = batch::take(&mut tx, &to, &mut overlay, incoming, first_contact, now).await?;
        let mut taken: BTreeMap<i64, (Incoming, Taken)> = BTreeMap::new();
        for (row, done) in batch.rows {
            // another campaign was quicker: they wait on
            if done.decision.outcome != Outcome::ActiveElsewhere {
                taken.insert(i64::try_from(row.number).unwrap_or(i64::MAX), (row, done));
            }
        }
        let ended: Vec<&Waiting> = group.rows.iter().filter(|w| taken.contains_key(&w.row_number)).collect();
        if ended.is_empty() {
            return Ok(End::Done);
        }
        let who: Vec<ContactId> = ended.iter().map(|w| w.contact()).collect();
        let there = contacts::live(&mut tx, workspace, &who).await?.len();
        let import = imports::get_for_update(&mut tx, workspace, group.import).await?;
        let import = import.filter(|import| !import.state.is_busy());
        let Some(import) = import.filter(|_| there == if group.deleted { 0 } else { who.len() }) else {
            return Ok(End::Done);
        };
        // somebody said not to wait, or the import is being undone: dropped without a commit
        if waiting::remove(&mut tx, workspace, here, &who).await?.len() != who.len() {
            return Ok(End::Done);
        }
        let came = keep_outcomes(&mut tx, workspace, &import, &taken, batch.pending_elsewhere, now).await?;
        let name = campaigns::get(&mut tx, workspace, here).await?.map(|c| c.name).unwrap_or_default();
        let events = ended
            .iter()
            .zip(first_event..)
            .map(|(w, id)| history::wait_ended(id, w.contact(), &name, came.contains(&w.row_number)))
            .collect::<Result<Vec<_>>>()?;
        contact_history::add(&mut tx, workspace, group.actor.user, events, now).await?;
        campaigns::add_variables(&mut tx, workspace, here, &run.plan.variables()).await?;
        campaigns::touch(&mut tx, workspace, here, now).await?;
        let detail = format!("{} of {} came in", came.len(), ended.len());
        audit::record(&mut tx, self.event(&group.actor, "import.waited", group.import.to_string(), &detail)).await?;
        tx.commit().await?;
        Ok(End::Done)
    }

    /// There is nothing to come in from any more, or nowhere to come in to.
    async fn end_waits(&self, job: &Job, workspace: WorkspaceId, group: &Group) -> Result<End> {
        let mut tx = self.store().write().await?;
        if let Some(end) = self.end_of(&mut tx, job).await? {
            return Ok(end);
        }
        let ended = waiting::remove_of_import(&mut tx, workspace, group.import).await?;
        let detail = format!("0 of {ended} came in");
        audit::record(&mut tx, self.event(&group.actor, "import.waited", group.import.to_string(), &detail)).await?;
        tx.commit().await?;
        Ok(End::Done)
    }

    /// Keeps the job for another batch; says why not to go on where it cannot be kept.
    async fn end_of(&self, tx: &mut Tx, job: &Job) -> Result<Option<End>> {
        Ok(match jobs::keep(tx, job, self.now() + LEASE_MS).await? {
            Held::GoOn => None,
            Held::StopAsked => Some(End::Stopped),
            Held::Lost => Some(End::Lost),
        })
    }
}

/// Those who are due, by import, by who asked, and by whether they were deleted.
fn groups(workspace: WorkspaceId, due: Vec<Waiting>, live: &[ContactId]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for waiting in due {
        let deleted = live.binary_search(&waiting.contact()).is_err();
        let (import, actor) = (waiting.import(), waiting.actor());
        match groups.iter_mut().find(|g| g.import == import && g.actor.user == actor && g.deleted == deleted) {
            Some(group) => group.rows.push(waiting),
            None => {
                let actor = Actor::on_behalf(actor, workspace);
                groups.push(Group { import, actor, rows: vec![waiting], deleted });
            }
        }
    }
    groups
}

/// Writes what became of the rows this time, and moves the import's counts. Says which rows brought a lead.
async fn keep_outcomes(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: &imports::Import,
    taken: &BTreeMap<i64, (Incoming, Taken)>,
    pending_elsewhere: u64,
    now: i64,
) -> Result<BTreeSet<i64>> {
    let numbers: Vec<i64> = taken.keys().copied().collect();
    let stored = import_rows::among(tx, workspace, import.id, &numbers).await?;
    let stored: HashMap<i64, ImportRow> = stored.into_iter().map(|row| (row.row_number, row)).collect();
    let mut counts = import.counts.clone();
    let mut skipped_values = import.skipped_values;
    let mut came = BTreeSet::new();
    let mut rows = Vec::with_capacity(taken.len());
    for (number, (incoming, done)) in taken {
        let before = stored.get(number).ok_or(Error::Fault("a row that waited is not there"))?;
        let outcome = done.decision.outcome;
        counts.change(before.outcome.parse().map_err(|_| Error::Fault("a stored outcome is unreadable"))?, outcome);
        // the list shows whom it was about, also where the row went in
        let mut row = write::import_row(incoming, done)?;
        (row.who, row.search) = (before.who.clone(), before.search.clone());
        if matches!(outcome, Outcome::Created | Outcome::Suppressed | Outcome::SkippedDeleted) {
            WAITED.clone_into(&mut row.reason);
        }
        if done.decision.takes() {
            skipped_values += i64::try_from(incoming.skipped.len()).unwrap_or(0);
        }
        if done.journal.lead.is_some() {
            came.insert(*number);
        }
        rows.push(row);
    }
    import_rows::replace(tx, workspace, import.id, rows).await?;
    let extra = (import.pending_elsewhere + i64::try_from(pending_elsewhere).unwrap_or(0), skipped_values);
    imports::save_counts(tx, workspace, import.id, &counts, extra, now).await?;
    Ok(came)
}
