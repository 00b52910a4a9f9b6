//! Bulk acts: set a status, tag, delete. Each keeps what stood before.

use std::collections::HashMap;

use domain::ids::{CampaignId, ChangeId, ContactId, LeadId, WorkspaceId};
use domain::lead::{Changed, LeadChange, LeadSelection};
use domain::tag::{TAG_CHARACTERS, tag_problem};
use domain::{Act, LeadStatus, StatusClass};
use matching::EmailRules;
use store::lead_list::{self, Folded, Picked};
use store::{Tx, audit, campaigns, changes, consent, contacts, tags, team};

use super::{TRIES, cut_off, guard, list, may_try_again};
use crate::people;
use crate::{Actor, Engine, Error, Result};

/// Leads that one transaction touches: short enough that nobody waits for it.
const BATCH: i64 = 2_000;

/// What a bulk act does, with names resolved to ids.
enum Step {
    Status(LeadStatus),
    AddTag(i64),
    RemoveTag(i64),
    /// Takes the leads out. `bury` leaves tombstones, so that no import brings them back into the campaign (R9).
    Delete {
        bury: bool,
    },
}

impl Step {
    /// Whether someone is written to from now on: the guard of A52 asks who may be.
    fn activates(&self) -> bool {
        matches!(self, Step::Status(status) if status.class() == StatusClass::Active)
    }
}

impl Engine {
    /// Sets the status of leads, tags their people, or deletes them. Works in short batches under one handle for undo,
    /// which stands in the list of recent changes even when the act is cut off.
    ///
    /// # Errors
    /// Refuses when the number of matching leads is not what the person saw, and an active status in an archived
    /// campaign.
    pub async fn change_leads(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        selection: LeadSelection,
        change: LeadChange,
    ) -> Result<Changed> {
        actor.may(Act::EditCampaigns)?;
        let filter = self.checked_filter(actor, campaign, &selection).await?;
        let step = match change {
            LeadChange::Status(status) => Step::Status(status),
            LeadChange::AddTag(name) => Step::AddTag(self.tag(actor, &name).await?),
            LeadChange::RemoveTag(name) => Step::RemoveTag(self.tag(actor, &name).await?),
            LeadChange::Delete => Step::Delete { bury: true },
        };
        match (selection, filter) {
            (LeadSelection::Ids(ids), _) => {
                let mut tx = self.store().read().await?;
                let picked = lead_list::pick(&mut tx, actor.workspace, campaign, &ids).await?;
                drop(tx);
                self.change(actor, campaign, Source::Picked(picked), step).await
            }
            (LeadSelection::Matching { .. }, Some(filter)) => {
                self.change(actor, campaign, Source::Matching(&filter), step).await
            }
            (LeadSelection::Matching { .. }, None) => Err(Error::Fault("a filter was not read")),
        }
    }

    /// Sets the status of everyone who matches; for archiving.
    pub(crate) async fn set_status_of_matching(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        filter: &Folded,
        status: LeadStatus,
    ) -> Result<Changed> {
        self.change(actor, campaign, Source::Matching(filter), Step::Status(status)).await
    }

    /// Takes one lead out of its campaign, as the bulk act does. The caller has asked for permission.
    pub(crate) async fn take_lead_out(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        lead: LeadId,
        bury: bool,
    ) -> Result<Changed> {
        let picked = lead_list::pick(&mut self.store().read().await?, actor.workspace, campaign, &[lead]).await?;
        self.change(actor, campaign, Source::Picked(picked), Step::Delete { bury }).await
    }

    async fn checked_filter(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        selection: &LeadSelection,
    ) -> Result<Option<Folded>> {
        let mut tx = self.store().read().await?;
        self.campaign(&mut tx, actor, campaign).await?;
        let LeadSelection::Matching { filter, expected } = selection else { return Ok(None) };
        let filter = Folded::new(filter, matching::fold_search);
        let (matching, _) = list::count(&mut tx, actor, campaign, &filter).await?;
        if matching != *expected {
            return Err(Error::conflict(format!(
                "{matching} leads match now, not {expected}: the list changed while you were looking. \
                 Nothing was changed; look at the list again."
            )));
        }
        Ok(Some(filter))
    }

    pub(crate) async fn tag(&self, actor: &Actor, name: &str) -> Result<i64> {
        let name = matching::trim_invisible(name).into_owned();
        let key = matching::fold_search(&name);
        if key.is_empty() || tag_problem(&name).is_some() {
            return Err(Error::refused(format!("Give the tag a name of at most {TAG_CHARACTERS} characters.")));
        }
        let tags = tags::ensure(self.store(), actor.workspace, &[(name, key.clone())]).await?;
        tags.get(&key).copied().ok_or(Error::Fault("a tag was not made"))
    }

    async fn change(&self, actor: &Actor, campaign: CampaignId, source: Source<'_>, step: Step) -> Result<Changed> {
        let id = ChangeId(self.store().reserve("bulk_change", 1).await?);
        let (kind, detail) = match &step {
            Step::Status(status) => ("status", status.word().to_owned()),
            Step::AddTag(tag) => ("addTag", tag.to_string()),
            Step::RemoveTag(tag) => ("removeTag", tag.to_string()),
            Step::Delete { .. } => ("delete", String::new()),
        };
        let now = self.now();
        let mut tx = self.store().write().await?;
        let found = self.campaign(&mut tx, actor, campaign).await?;
        if step.activates() && found.archived_at.is_some() {
            return Err(archived(&found.name));
        }
        changes::add(&mut tx, actor.workspace, id, campaign, actor.user, (kind, &detail), now).await?;
        audit::record(&mut tx, self.event(actor, "leads.change", id.to_string(), kind)).await?;
        tx.commit().await?;

        let mut done = Changed { change: id, count: 0, kept: 0, ended: 0 };
        let (mut after, mut tries) = (0, 0);
        loop {
            match self.change_next(actor, campaign, id, &source, &step, after, now).await {
                Ok(None) => return Ok(done),
                Ok(Some((last, found, changed))) => {
                    (after, tries) = (last, 0);
                    done.count += changed;
                    done.kept += found - changed;
                }
                Err(error) if may_try_again(&error) && tries < TRIES => tries += 1,
                Err(error) => return Err(cut_off(error, done.count, "were changed")),
            }
        }
    }

    /// One batch in one transaction: the last lead looked at, how many were found and how many changed; none at the end,
    /// and when someone has taken the act back meanwhile.
    #[expect(
        clippy::too_many_arguments,
        reason = "one batch of one act: a struct would only name the same things again"
    )]
    async fn change_next(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        change: ChangeId,
        source: &Source<'_>,
        step: &Step,
        after: i64,
        now: i64,
    ) -> Result<Option<(i64, u64, u64)>> {
        let workspace = actor.workspace;
        let mut tx = self.store().write().await?;
        let act = changes::get_for_update(&mut tx, workspace, change).await?;
        if act.is_none_or(|act| act.undone_at.is_some()) {
            return Ok(None);
        }
        let batch = match source {
            Source::Picked(leads) if after == 0 => leads.clone(),
            Source::Picked(_) => Vec::new(),
            Source::Matching(filter) => {
                lead_list::pick_matching(&mut tx, workspace, campaign, filter, after, BATCH).await?
            }
        };
        let Some(last) = batch.last().map(|l| l.id) else { return Ok(None) };
        let found = batch.len() as u64;
        let batch = guard::locked(&mut tx, workspace, campaign, &batch).await?;
        let changed = self.change_batch(&mut tx, actor, campaign, change, step, batch, now).await?;
        campaigns::touch(&mut tx, workspace, campaign, now).await?;
        if step.activates() {
            // who archives waits for `touch` of those who were first, and is seen by those who were not
            let found = self.campaign(&mut tx, actor, campaign).await?;
            if found.archived_at.is_some() {
                return Err(archived(&found.name));
            }
        }
        tx.commit().await?;
        Ok(Some((last, found, changed)))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one batch of one act: a struct would only name the same things again"
    )]
    async fn change_batch(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        campaign: CampaignId,
        change: ChangeId,
        step: &Step,
        mut batch: Vec<Picked>,
        now: i64,
    ) -> Result<u64> {
        let workspace = actor.workspace;
        let people = |batch: &[Picked]| batch.iter().map(|l| ContactId(l.contact_id)).collect::<Vec<_>>();
        match step {
            Step::Status(status) => {
                if step.activates() {
                    let refused = guard::who_may_not(tx, workspace, campaign, &people(&batch)).await?;
                    batch.retain(|lead| !refused.contains(&ContactId(lead.contact_id)));
                }
                batch.retain(|l| l.status != status.word());
                changes::keep(tx, workspace, change, &batch).await?;
                let ids: Vec<i64> = batch.iter().map(|l| l.id).collect();
                changes::set_status(tx, workspace, &ids, None, *status, now).await?;
                move_counters(tx, actor, campaign, &batch, Some(*status)).await?;
                if status.suppresses() {
                    let origin = if *status == LeadStatus::Bounced { "bounce" } else { "manual" };
                    suppress(tx, workspace, &people(&batch), origin, now).await?;
                }
            }
            Step::AddTag(tag) => {
                let have = tags::having(tx, workspace, *tag, &people(&batch)).await?;
                batch.retain(|l| !have.contains(&ContactId(l.contact_id)));
                changes::keep(tx, workspace, change, &batch).await?;
                tags::add(tx, workspace, &people(&batch).into_iter().map(|c| (c, *tag)).collect::<Vec<_>>(), None)
                    .await?;
            }
            Step::RemoveTag(tag) => {
                let have = tags::having(tx, workspace, *tag, &people(&batch)).await?;
                batch.retain(|l| have.contains(&ContactId(l.contact_id)));
                changes::keep(tx, workspace, change, &batch).await?;
                tags::remove(tx, workspace, *tag, &people(&batch)).await?;
            }
            Step::Delete { bury } => {
                changes::keep(tx, workspace, change, &batch).await?;
                if *bury {
                    let keys = keys_of(tx, workspace, &people(&batch)).await?;
                    let keys: Vec<_> = keys.into_values().flatten().collect();
                    consent::bury(tx, workspace, campaign, &keys, change, now).await?;
                }
                let ids: Vec<i64> = batch.iter().map(|l| l.id).collect();
                changes::delete_leads(tx, workspace, &ids).await?;
                move_counters(tx, actor, campaign, &batch, None).await?;
            }
        }
        Ok(batch.len() as u64)
    }
}

enum Source<'a> {
    Picked(Vec<Picked>),
    Matching(&'a Folded),
}

/// Moves the counters from the leads' old statuses to the new one, or out.
pub(crate) async fn move_counters(
    tx: &mut Tx,
    actor: &Actor,
    campaign: CampaignId,
    leads: &[Picked],
    to: Option<LeadStatus>,
) -> Result<()> {
    let mut deltas: HashMap<LeadStatus, i64> = HashMap::new();
    for lead in leads {
        *deltas.entry(guard::status_of(lead)?).or_default() -= 1;
        if let Some(to) = to {
            *deltas.entry(to).or_default() += 1;
        }
    }
    let deltas: Vec<_> = deltas.into_iter().collect();
    Ok(campaigns::add_counts(tx, actor.workspace, campaign, &deltas).await?)
}

/// Why nobody becomes active there.
fn archived(name: &str) -> Error {
    Error::conflict(format!(
        "“{name}” is archived: its leads count as ended. Bring the campaign back before anyone in it becomes active \
         again. Nothing was changed."
    ))
}

/// Every identifier of some people: of their fields and of their further addresses.
pub(crate) async fn keys_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<HashMap<ContactId, Vec<store::identities::KeyBytes>>> {
    let place = team::workspace_by_id(tx, workspace).await?.ok_or(Error::Fault("the workspace is gone"))?;
    let rules = EmailRules { fold_gmail: place.fold_gmail };
    let mut out: HashMap<ContactId, Vec<_>> = HashMap::new();
    for contact in contacts::among(tx, workspace, ids).await? {
        out.insert(contact.id, people::keys(&contact.person, rules).into_iter().map(|(_, key)| key).collect());
    }
    for (id, key, _) in contacts::address_keys(tx, workspace, ids).await? {
        // an address that became the first one again is among the further ones still
        let keys = out.entry(id).or_default();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(out)
}

/// Nobody writes to these people again, under any of their identifiers.
pub(crate) async fn suppress(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
    origin: &str,
    now: i64,
) -> Result<()> {
    let keys: Vec<_> = keys_of(tx, workspace, ids).await?.into_values().flatten().collect();
    consent::suppress(tx, workspace, &keys, origin, now).await?;
    Ok(contacts::set_do_not_contact(tx, workspace, ids).await?)
}
