//! Bulk acts: set a status, tag, delete. Each keeps what stood before.

use std::collections::HashMap;

use domain::ids::{CampaignId, ChangeId, ContactId, LeadId, WorkspaceId};
use domain::lead::{Changed, LeadChange, LeadSelection};
use domain::{Act, DuplicatePolicy, LeadStatus, StatusClass};
use matching::EmailRules;
use store::lead_list::{self, Folded, Picked};
use store::{Tx, audit, campaigns, changes, consent, contacts, leads, tags, team};

use super::list;
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

impl Engine {
    /// Sets the status of leads, tags their people, or deletes them. Works in short batches under one handle for undo.
    ///
    /// # Errors
    /// Refuses when the number of matching leads is not what the person saw.
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
        if key.is_empty() || name.chars().count() > 60 || name.contains('\0') {
            return Err(Error::refused("Give the tag a name of at most 60 characters."));
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
        changes::add(&mut tx, actor.workspace, id, campaign, actor.user, (kind, &detail), now).await?;
        audit::record(&mut tx, self.event(actor, "leads.change", id.to_string(), kind)).await?;
        tx.commit().await?;

        let mut done = Changed { change: id, count: 0, kept: 0 };
        let mut after = 0;
        loop {
            let mut tx = self.store().write().await?;
            let batch = match &source {
                Source::Picked(leads) if after == 0 => leads.clone(),
                Source::Picked(_) => Vec::new(),
                Source::Matching(filter) => {
                    lead_list::pick_matching(&mut tx, actor.workspace, campaign, filter, after, BATCH).await?
                }
            };
            let Some(last) = batch.last().map(|l| l.id) else { return Ok(done) };
            after = last;
            let found = batch.len() as u64;
            let batch = locked(&mut tx, actor, campaign, &batch).await?;
            let changed = self.change_batch(&mut tx, actor, campaign, id, &step, batch, now).await?;
            campaigns::touch(&mut tx, actor.workspace, campaign, now).await?;
            tx.commit().await?;
            done.count += changed;
            done.kept += found - changed;
        }
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
                self.keep_who_may_not(tx, actor, campaign, *status, &mut batch).await?;
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

    /// A52: nobody who must not be contacted becomes active, and nobody whom another campaign is writing to, where the
    /// workspace's policy forbids it.
    async fn keep_who_may_not(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        campaign: CampaignId,
        status: LeadStatus,
        batch: &mut Vec<Picked>,
    ) -> Result<()> {
        if status.class() != StatusClass::Active {
            return Ok(());
        }
        let workspace =
            team::workspace_by_id(tx, actor.workspace).await?.ok_or(Error::Fault("the workspace is gone"))?;
        let ids: Vec<ContactId> = batch.iter().map(|l| ContactId(l.contact_id)).collect();
        let silent: Vec<ContactId> = contacts::among(tx, actor.workspace, &ids)
            .await?
            .into_iter()
            .filter(|c| c.do_not_contact)
            .map(|c| c.id)
            .collect();
        let members = if workspace.default_policy == DuplicatePolicy::Campaign {
            HashMap::new()
        } else {
            leads::memberships(tx, actor.workspace, &ids).await?
        };
        batch.retain(|lead| {
            let contact = ContactId(lead.contact_id);
            let busy = members.get(&contact).is_some_and(|m| {
                m.iter().any(|m| m.campaign != campaign && !m.archived && m.status.class() == StatusClass::Active)
            });
            !busy && !silent.contains(&contact)
        });
        Ok(())
    }
}

enum Source<'a> {
    Picked(Vec<Picked>),
    Matching(&'a Folded),
}

/// Moves the counters from the leads' old statuses to the new one, or out.
pub(super) async fn move_counters(
    tx: &mut Tx,
    actor: &Actor,
    campaign: CampaignId,
    leads: &[Picked],
    to: Option<LeadStatus>,
) -> Result<()> {
    let mut deltas: HashMap<LeadStatus, i64> = HashMap::new();
    for lead in leads {
        let from: LeadStatus = lead.status.parse().map_err(|_| Error::Fault("a stored status is unreadable"))?;
        *deltas.entry(from).or_default() -= 1;
        if let Some(to) = to {
            *deltas.entry(to).or_default() += 1;
        }
    }
    let deltas: Vec<_> = deltas.into_iter().collect();
    Ok(campaigns::add_counts(tx, actor.workspace, campaign, &deltas).await?)
}

/// Locks the people of leads and reads the leads again: whoever merges or imports them waits, or was before us.
pub(super) async fn locked(tx: &mut Tx, actor: &Actor, campaign: CampaignId, batch: &[Picked]) -> Result<Vec<Picked>> {
    let mut people: Vec<ContactId> = batch.iter().map(|l| ContactId(l.contact_id)).collect();
    people.sort_unstable();
    people.dedup();
    contacts::lock(tx, actor.workspace, &people).await?;
    let ids: Vec<LeadId> = batch.iter().map(|l| LeadId(l.id)).collect();
    Ok(lead_list::pick(tx, actor.workspace, campaign, &ids).await?)
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
