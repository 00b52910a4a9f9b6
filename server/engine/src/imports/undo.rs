//! "Undo this import" (R13): a job that takes the rows back, newest first, in short transactions. It goes on where it
//! was after a restart, and what was changed since the import is kept and listed.

use domain::Act;
use domain::SourceKind;
use domain::ids::{ContactId, ImportId, WorkspaceId};
use domain::import::{ImportSettings, ImportState, KeptPage, KeptView};
use matching::EmailRules;
use store::import_rows::ImportRow;
use store::import_undo::{self, ImportUndo};
use store::jobs::{self, Held, Job};
use store::{audit, campaigns, contacts, import_rows, imports, suspects, team, waiting};
use tokio::sync::watch;
use tokio::time::Instant;

use super::journal::Journal;
use super::kept_words;
use super::run::took;
use super::take_back::{self, Scope, Step};
use crate::work::{End, LEASE_MS, UNDO_IMPORT};
use crate::{Actor, Engine, Error, Result};

/// Lines of a page of what was kept.
const PAGE: usize = 50;
/// How often a batch begins anew because its people changed between looking and locking.
const LOOKS: usize = 20;

impl Engine {
    /// Takes an import back, on the server: contacts and leads it made, values it replaced, tags it put on.
    ///
    /// # Errors
    /// Refuses an import that has not ended, that was taken back already, or that kept too little to be taken back.
    pub async fn undo_import(&self, actor: &Actor, import: ImportId) -> Result<()> {
        actor.may(Act::Import)?;
        let job = self.reserve_job().await?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        let found = imports::get_for_update(&mut tx, actor.workspace, import).await?;
        let found = found.ok_or(Error::NotFound("import"))?;
        if let Some(refusal) = refusal(&found) {
            return Err(Error::conflict(refusal));
        }
        if found.state == ImportState::Undone {
            let undo = import_undo::get(&mut tx, actor.workspace, import).await?;
            if undo.as_ref().is_none_or(|u| u.problem.is_empty()) {
                let ended = undo.is_none_or(|u| u.finished_at.is_some());
                return Err(Error::conflict(if ended {
                    "This import was taken back already. To bring its people in again, import the file again."
                } else {
                    "This import is being taken back right now. Nothing more is needed."
                }));
            }
        } else if !imports::set_undone(&mut tx, actor.workspace, import, now).await? {
            return Err(Error::conflict("This import has just been started again. Stop it first, then undo it."));
        }
        import_undo::start(&mut tx, actor.workspace, import, actor.user, now).await?;
        waiting::remove_of_import(&mut tx, actor.workspace, import).await?;
        jobs::ask(&mut tx, job, actor.workspace, UNDO_IMPORT, import.0, now).await?;
        audit::record(&mut tx, self.event(actor, "import.undo", import.to_string(), "")).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    /// One page of what stayed as it is when an import was taken back; `after` is where the page before ended.
    ///
    /// # Errors
    /// When there is no such import.
    pub async fn list_undo_kept(&self, actor: &Actor, import: ImportId, after: Option<String>) -> Result<KeptPage> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let after = after.unwrap_or_default();
        let (contact, what) = after.split_once(' ').unwrap_or(("", ""));
        let position = (contact.parse().unwrap_or(i64::MIN), what);
        let mut found = import_undo::kept(&mut tx, actor.workspace, import, position, PAGE as i64 + 1).await?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let next = found.last().filter(|_| more).map(|k| format!("{} {}", k.contact_id, k.what));
        let ids: Vec<ContactId> = found.iter().map(|k| ContactId(k.contact_id)).collect();
        let there = contacts::among(&mut tx, actor.workspace, &ids).await?;
        let rows = found
            .into_iter()
            .map(|k| {
                let contact = ContactId(k.contact_id);
                KeptView {
                    contact: there.iter().any(|c| c.id == contact).then_some(contact),
                    what: kept_words::what(&k.what),
                    why: kept_words::why(&k.what, &k.why).to_owned(),
                    who: k.who,
                }
            })
            .collect();
        Ok(KeptPage { rows, next })
    }

    /// Does (or goes on with) the job of an undo.
    pub(crate) async fn take_import_back(
        &self,
        job: &Job,
        workspace: WorkspaceId,
        id: ImportId,
        stop: &watch::Receiver<bool>,
    ) -> Result<()> {
        let mut tx = self.store().read().await?;
        let import = imports::get(&mut tx, workspace, id).await?;
        let undo = import_undo::get(&mut tx, workspace, id).await?.filter(|u| u.finished_at.is_none());
        let place = team::workspace_by_id(&mut tx, workspace).await?;
        drop(tx);
        let (Some(import), Some(mut undo), Some(place)) = (import, undo, place) else {
            return self.finish_job(job).await;
        };
        let settings: ImportSettings = serde_json::from_str(&import.settings)?;
        let scope = Scope {
            workspace,
            source: (SourceKind::Import, id.0),
            campaign: import.campaign,
            status: settings.status,
            email: EmailRules { fold_gmail: place.fold_gmail },
            now: self.now(),
        };
        match self.take_all_back(job, &scope, id, &mut undo, stop).await {
            Ok(End::Done) => {}
            Ok(End::Closing) => return self.release_job(job).await,
            Ok(End::Lost | End::Stopped) => return Ok(()),
            // what the person can do something about; with a fault of ours the job goes on where it was
            Err(error) if !error.is_refusal() => return Err(error),
            Err(error) => {
                undo.problem = error.into_problem().message;
                let mut tx = self.store().write().await?;
                import_undo::save(&mut tx, workspace, &undo).await?;
                jobs::finish(&mut tx, job).await?;
                return Ok(tx.commit().await?);
            }
        }
        let mut tx = self.store().write().await?;
        let now = self.now();
        if jobs::keep(&mut tx, job, now + LEASE_MS).await? == Held::Lost {
            return Ok(());
        }
        let pairs = suspects::remove_of_import(&mut tx, workspace, id).await?;
        suspects::want_matching(&mut tx, workspace, &pairs).await?;
        undo.finished_at = Some(now);
        import_undo::save(&mut tx, workspace, &undo).await?;
        if let Some(campaign) = scope.campaign {
            campaigns::touch(&mut tx, workspace, campaign, now).await?;
        }
        let by = Actor::on_behalf(domain::ids::UserId(undo.actor_id), workspace);
        audit::record(&mut tx, self.event(&by, "import.undone", id.to_string(), "")).await?;
        jobs::finish(&mut tx, job).await?;
        Ok(tx.commit().await?)
    }

    async fn take_all_back(
        &self,
        job: &Job,
        scope: &Scope,
        id: ImportId,
        undo: &mut ImportUndo,
        stop: &watch::Receiver<bool>,
    ) -> Result<End> {
        let mut size = self.0.batches.first;
        loop {
            if *stop.borrow() {
                return Ok(End::Closing);
            }
            let started = Instant::now();
            if let Some(end) = self.take_batch_back(job, scope, id, undo, size).await? {
                return Ok(end);
            }
            size = self.0.batches.next(size, started.elapsed());
        }
    }

    /// One batch; an end when there was none, or the job is another's by now.
    async fn take_batch_back(
        &self,
        job: &Job,
        scope: &Scope,
        id: ImportId,
        undo: &mut ImportUndo,
        size: usize,
    ) -> Result<Option<End>> {
        let workspace = scope.workspace;
        let limit = i64::try_from(size).unwrap_or(i64::MAX);
        let rows = import_rows::back(&mut self.store().read().await?, workspace, id, undo.row_number, limit).await?;
        let Some(last) = rows.last() else { return Ok(Some(End::Done)) };
        let last = last.row_number;
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let steps: Vec<Step> = rows.into_iter().filter_map(|row| step(row).transpose()).collect::<Result<_>>()?;
        for _ in 0..LOOKS {
            let mut tx = self.store().write().await?;
            if jobs::keep(&mut tx, job, self.now() + LEASE_MS).await? == Held::Lost {
                return Ok(Some(End::Lost));
            }
            let Some(done) = take_back::take_back(&mut tx, scope, &steps).await? else { continue };
            let mut next = undo.clone();
            next.row_number = last;
            next.rows_done += count;
            next.contacts += done.contacts;
            next.leads += done.leads;
            next.restored += done.restored;
            next.kept += import_undo::keep(&mut tx, workspace, id, done.kept).await?.cast_signed();
            import_undo::save(&mut tx, workspace, &next).await?;
            tx.commit().await?;
            *undo = next;
            return Ok(None);
        }
        Err(Error::Fault("the people of a batch never stood still"))
    }
}

/// What a row needs to be taken back; none when it wrote nothing.
fn step(row: ImportRow) -> Result<Option<Step>> {
    let Some(who) = row.contact() else { return Ok(None) };
    let (outcome, wrote) = took(&row)?;
    let repeat = outcome == domain::Outcome::DuplicateInFile;
    let journal: Journal = match &row.before {
        Some(text) => serde_json::from_str(text)?,
        None if wrote => Journal::default(),
        None => return Ok(None),
    };
    Ok(Some(Step { who, journal, first: wrote && !repeat }))
}

/// Why an import cannot be taken back, in words; none when it can (or was).
pub(super) fn refusal(import: &imports::Import) -> Option<&'static str> {
    match import.state {
        ImportState::Draft => Some("This import has not been started, so there is nothing to undo."),
        state if state.is_busy() => Some("This import is still running. Stop it first, then undo it."),
        _ if !import.journaled => Some(
            "This import ran in a version that did not keep what it replaced, so it cannot be undone. \
             Nothing was changed.",
        ),
        _ => None,
    }
}
