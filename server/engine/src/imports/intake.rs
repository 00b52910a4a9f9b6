//! One person on their way in by another door than a file: typed by hand, or sent by a registration form. The same
//! code as a row of an import decides and writes (R1), and what it did can be taken back.

use std::collections::HashMap;

use domain::custom::CustomValues;
use domain::ids::{CampaignId, ChangeId, ContactId, LeadId, WorkspaceId};
use domain::import::{ImportSettings, KeptView, Matched};
use domain::policy::{DeletedRows, SuppressedRows};
use domain::{Act, DuplicatePolicy, ImportMode, LeadStatus, Outcome, Overwrite, Person, SourceKind};
use matching::EmailRules;
use serde::{Deserialize, Serialize};
use store::import_undo::Kept;
use store::{Tx, audit, campaigns, contact_changes, fields, tags, team};

use super::decide::Rules;
use super::journal::Journal;
use super::overlay::{self, Overlay};
use super::plan::{Incoming, Plan};
use super::take_back::{self, Step};
use super::write::Destination;
use super::{batch, kept_words, reasons};
use crate::{Actor, Engine, Error, Result};

/// The word by which `contact_change` knows what came in this way.
pub(crate) const TAKE: &str = "take";
/// How often a person is tried again when the database gave the transaction up.
pub(crate) const TRIES: usize = 5;

/// A person to take in, and by which rules.
#[derive(Debug, Clone)]
pub struct Intake {
    /// The person's fields, as they were typed.
    pub person: Person,
    /// The team's own fields.
    pub custom: CustomValues,
    /// Variables of the campaign.
    pub variables: Vec<(String, String)>,
    /// Tags the person gets.
    pub tags: Vec<String>,
    /// The campaign they become a lead of, if any.
    pub campaign: Option<CampaignId>,
    /// The status of a new lead.
    pub status: LeadStatus,
    /// Which door, and the number of the form or user.
    pub source: (SourceKind, i64),
    /// What may happen.
    pub mode: ImportMode,
    /// What happens to a value that is there already: a form fills blanks only, unless it is trusted.
    pub overwrite: Overwrite,
    /// Which campaigns keep the person out.
    pub policy: DuplicatePolicy,
    /// Archived campaigns do not block under `workspace`.
    pub ignore_archived: bool,
    /// Whether someone who was deleted here comes back.
    pub deleted: DeletedRows,
    /// Whether someone not to contact is stored.
    pub suppressed: SuppressedRows,
}

impl Intake {
    /// Someone who comes in by this door and is only merged into who they are already: newer values win (B13).
    pub fn new(person: Person, source: (SourceKind, i64)) -> Self {
        Intake {
            person,
            custom: CustomValues::default(),
            variables: Vec::new(),
            tags: Vec::new(),
            campaign: None,
            status: LeadStatus::ToLaunch,
            source,
            mode: ImportMode::CreateAndUpdate,
            overwrite: Overwrite::Overwrite,
            policy: DuplicatePolicy::Active,
            ignore_archived: false,
            deleted: DeletedRows::Restore,
            suppressed: SuppressedRows::Store,
        }
    }

    fn settings(&self) -> ImportSettings {
        ImportSettings {
            mode: self.mode,
            overwrite: self.overwrite,
            policy: self.policy,
            ignore_archived: self.ignore_archived,
            deleted: self.deleted,
            suppressed: self.suppressed,
            status: self.status,
            ..ImportSettings::default()
        }
    }
}

/// What became of a person who came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenPerson {
    /// As for a row of an import.
    pub outcome: Outcome,
    /// Why, in a sentence.
    pub why: String,
    /// Who they are now; none for someone who stayed out and is nobody here.
    pub contact: Option<ContactId>,
    /// Whether the contact is new.
    pub new: bool,
    /// The identifier by which they were recognised.
    pub matched: Option<Matched>,
    /// Whether they are here under what they sent; not someone who was left out.
    pub taken: bool,
    /// The lead that was made.
    pub lead: Option<LeadId>,
    /// The handle for undo; none where nothing was changed.
    pub change: Option<ChangeId>,
}

/// What came of taking a person out again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonUndone {
    /// Whether the contact was removed.
    pub contact: bool,
    /// Whether the lead was removed.
    pub lead: bool,
    /// Values restored.
    pub restored: u64,
    /// What stayed as it is, because it changed since.
    pub kept: Vec<KeptView>,
}

/// A person who can be taken in: read, and with every number reserved, so that only the transaction is left.
pub(crate) struct Ready {
    workspace: WorkspaceId,
    intake: Intake,
    plan: Plan,
    row: Incoming,
    tags: HashMap<String, i64>,
    contact: i64,
    lead: i64,
    change: ChangeId,
}

/// What an undo needs beside the journal.
#[derive(Debug, Serialize, Deserialize)]
struct Detail {
    source: SourceKind,
    source_id: i64,
    campaign: Option<CampaignId>,
    status: LeadStatus,
}

impl Engine {
    /// Takes one person in, as a row of an import would be.
    ///
    /// # Errors
    /// When there is no such campaign. A person who cannot be recognised is an outcome, `failed`, not an error.
    pub async fn take_person(&self, actor: &Actor, intake: Intake) -> Result<TakenPerson> {
        actor.may(Act::Import)?;
        let ready = self.ready_person(actor, intake).await?;
        for _ in 1..TRIES {
            match self.take_ready(actor, &ready).await {
                Err(Error::Store(error)) if error.is_busy() => {}
                ended => return ended,
            }
        }
        self.take_ready(actor, &ready).await
    }

    async fn take_ready(&self, actor: &Actor, ready: &Ready) -> Result<TakenPerson> {
        let mut tx = self.store().write().await?;
        let taken = ready.take(&mut tx, actor, self.now()).await?;
        let subject = taken.contact.map_or_else(String::new, |c| c.to_string());
        audit::record(&mut tx, self.event(actor, "person.take", subject, ready.intake.source.0.word())).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Reads a person and reserves what they may need; for callers with a transaction of their own, who have asked for
    /// permission and write the audit row.
    pub(crate) async fn ready_person(&self, actor: &Actor, intake: Intake) -> Result<Ready> {
        let workspace = actor.workspace;
        let mut tx = self.store().read().await?;
        let place = team::workspace_by_id(&mut tx, workspace).await?.ok_or(Error::Fault("the workspace is gone"))?;
        if let Some(campaign) = intake.campaign {
            self.campaign(&mut tx, actor, campaign).await?;
        }
        let fields = fields::list(&mut tx, workspace).await?;
        drop(tx);
        let plan = Plan::new(&intake.settings(), &place, fields);
        let row = plan.read_person(&intake);
        let mut names: Vec<(String, String)> = Vec::new();
        for name in row.tags.iter().filter(|_| row.refused.is_none()) {
            let key = matching::fold_search(name);
            if !key.is_empty() && !names.iter().any(|(_, k)| *k == key) {
                names.push((name.clone(), key));
            }
        }
        Ok(Ready {
            workspace,
            plan,
            tags: tags::ensure(self.store(), workspace, &names).await?,
            contact: self.store().reserve("contact", 1).await?,
            lead: self.store().reserve("lead", 1).await?,
            change: ChangeId(self.store().reserve("bulk_change", 1).await?),
            intake,
            row,
        })
    }

    /// Takes back what taking a person in did.
    ///
    /// # Errors
    /// When there is no such change, or it was taken back already.
    pub async fn undo_person(&self, actor: &Actor, change: ChangeId) -> Result<PersonUndone> {
        actor.may(Act::Import)?;
        let workspace = actor.workspace;
        let now = self.now();
        let mut tx = self.store().write().await?;
        let found = contact_changes::get_for_update(&mut tx, workspace, change).await?;
        let found = found.filter(|c| c.kind == TAKE).ok_or(Error::NotFound("change"))?;
        if found.undone_at.is_some() {
            return Err(Error::conflict("This was taken back already."));
        }
        let place = team::workspace_by_id(&mut tx, workspace).await?.ok_or(Error::Fault("the workspace is gone"))?;
        let detail: Detail = serde_json::from_str(&found.detail)?;
        let mut steps = Vec::new();
        for (who, before) in contact_changes::rows(&mut tx, workspace, change).await? {
            let journal: Journal = serde_json::from_str(&before)?;
            steps.push(Step { who, first: journal.sourced, journal });
        }
        let scope = take_back::Scope {
            workspace,
            source: (detail.source, detail.source_id),
            campaign: detail.campaign,
            status: detail.status,
            email: EmailRules { fold_gmail: place.fold_gmail },
            now,
        };
        // the note of this very change holds nobody
        contact_changes::set_undone(&mut tx, workspace, change, now).await?;
        contact_changes::remove_rows(&mut tx, workspace, change).await?;
        let Some(done) = take_back::take_back(&mut tx, &scope, &steps).await? else {
            return Err(Error::conflict("This person is being changed right now. Nothing was undone; try again."));
        };
        if let Some(campaign) = detail.campaign {
            campaigns::touch(&mut tx, workspace, campaign, now).await?;
        }
        audit::record(&mut tx, self.event(actor, "person.undo", change.to_string(), detail.source.word())).await?;
        tx.commit().await?;
        Ok(PersonUndone {
            contact: done.contacts > 0,
            lead: done.leads > 0,
            restored: done.restored.unsigned_abs(),
            kept: done.kept.into_iter().map(|k| kept_view(k, done.contacts == 0)).collect(),
        })
    }
}

fn kept_view(kept: Kept, there: bool) -> KeptView {
    KeptView {
        contact: there.then_some(ContactId(kept.contact_id)),
        what: kept_words::what(&kept.what),
        why: kept_words::why(&kept.what, &kept.why).to_owned(),
        who: kept.who,
    }
}

impl Ready {
    /// Takes the person in, in this transaction. The audit row is the caller's.
    pub async fn take(&self, tx: &mut Tx, actor: &Actor, now: i64) -> Result<TakenPerson> {
        let Intake { campaign, status, source, .. } = self.intake;
        let scope = overlay::Scope { campaign, status, source, journal: true };
        let rules = Rules::new(&self.intake.settings(), campaign.is_some());
        let mut overlay = Overlay::new(rules, &self.plan, scope);
        let to = Destination {
            workspace: self.workspace,
            source,
            campaign,
            status,
            tags: &self.tags,
            import_tags: &[],
            first_lead: self.lead,
        };
        let batch = batch::take(tx, &to, &mut overlay, vec![self.row.clone()], self.contact, now).await?;
        let Some((row, taken)) = batch.rows.into_iter().next() else { return Err(Error::Fault("a person was lost")) };
        let journal = &taken.journal;
        let change = taken.contact.filter(|_| !journal.is_empty());
        if let Some(who) = change {
            let detail = Detail { source: source.0, source_id: source.1, campaign, status };
            let (detail, before) = (serde_json::to_string(&detail)?, serde_json::to_string(journal)?);
            let id = (self.workspace, self.change);
            contact_changes::add(tx, id, actor.user, (TAKE, &detail), &[(who, before)], now).await?;
        }
        if let (Some(campaign), Some(_)) = (campaign, &journal.lead) {
            let names: Vec<String> = row.variables.iter().map(|(name, _)| name.clone()).collect();
            campaigns::add_variables(tx, self.workspace, campaign, &names).await?;
            campaigns::touch(tx, self.workspace, campaign, now).await?;
        }
        let decision = &taken.decision;
        Ok(TakenPerson {
            outcome: decision.outcome,
            why: reasons::sentence(decision.outcome, &decision.reason, taken.matched, None),
            contact: taken.contact,
            new: journal.contact.is_some(),
            matched: taken.matched,
            taken: decision.takes(),
            lead: journal.lead.as_ref().map(|l| LeadId(l.id)),
            change: change.map(|_| self.change),
        })
    }
}
