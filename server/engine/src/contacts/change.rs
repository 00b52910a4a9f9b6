//! Bulk acts on contacts: tag them, delete them. Each keeps what stood before.

use std::collections::{BTreeMap, HashMap};

use domain::contact::{ContactChange, ContactSelection, ContactsChanged};
use domain::ids::{CampaignId, ChangeId, ContactId, ImportId};
use domain::{Act, LeadStatus};
use serde::{Deserialize, Serialize};
use store::contact_list::{self, Folded};
use store::identities::KeyBytes;
use store::{
    Tx, audit, campaigns, consent, contact_changes, contact_history, contacts, identities, leads, suspects, tags,
};

use super::history::{self, Detail};
use super::{email_rules, hex, list, owned_keys};
use crate::{Actor, Engine, Error, Result, groups, people};

/// Contacts that one transaction touches: short enough that nobody waits for it.
const BATCH: usize = 500;
/// A tombstone of this campaign is one of the whole workspace.
const EVERYWHERE: CampaignId = CampaignId(0);

/// What a deletion keeps of a contact; its fields stay in its row.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Before {
    /// The identifiers it owned.
    pub keys: Vec<String>,
    /// Its leads.
    pub leads: Vec<leads::Kept>,
    /// The open pairs it was in, each with the first of the two that went.
    pub suspects: Vec<suspects::Kept>,
}

/// What a bulk act keeps of a tag.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct TagBefore {
    /// The import that had put it on.
    pub import: Option<ImportId>,
}

/// What a bulk act does, with names resolved to ids.
enum Step {
    AddTag(i64),
    RemoveTag(i64),
    Delete,
}

enum Source {
    Picked(Vec<ContactId>),
    Matching(Folded),
}

impl Engine {
    /// Tags contacts, or deletes them with their leads. Works in short batches under one handle for undo.
    ///
    /// # Errors
    /// Refuses when the number of matching contacts is not what the person saw.
    pub async fn change_contacts(
        &self,
        actor: &Actor,
        selection: ContactSelection,
        change: ContactChange,
    ) -> Result<ContactsChanged> {
        actor.may(Act::EditContacts)?;
        let source = match selection {
            ContactSelection::Ids(mut ids) => {
                ids.sort_unstable();
                ids.dedup();
                Source::Picked(ids)
            }
            ContactSelection::Matching { filter, expected } => {
                let filter = Folded::new(&filter, matching::fold_search);
                let (matching, _) = list::count(&mut self.store().read().await?, actor, &filter).await?;
                if matching != expected {
                    return Err(Error::conflict(format!(
                        "{matching} contacts match now, not {expected}: the list changed while you were looking. \
                         Nothing was changed; look at the list again."
                    )));
                }
                Source::Matching(filter)
            }
        };
        let (step, kind, tag) = match &change {
            ContactChange::AddTag(name) => (Step::AddTag(self.tag(actor, name).await?), "addTag", name.trim()),
            ContactChange::RemoveTag(name) => (Step::RemoveTag(self.tag(actor, name).await?), "removeTag", name.trim()),
            ContactChange::Delete => (Step::Delete, "delete", ""),
        };
        let id = ChangeId(self.store().reserve("bulk_change", 1).await?);
        let detail = match &step {
            Step::AddTag(tag) | Step::RemoveTag(tag) => tag.to_string(),
            Step::Delete => String::new(),
        };
        let now = self.now();
        let mut tx = self.store().write().await?;
        contact_changes::add(&mut tx, (actor.workspace, id), actor.user, (kind, &detail), &[], now).await?;
        audit::record(&mut tx, self.event(actor, "contacts.change", id.to_string(), kind)).await?;
        tx.commit().await?;

        let mut done = ContactsChanged { change: id, count: 0, kept: 0, leads: 0 };
        let mut after = ContactId(0);
        loop {
            let event = self.reserve_events(BATCH).await?;
            let mut tx = self.store().write().await?;
            let found = match &source {
                Source::Picked(ids) => {
                    let next = ids.iter().copied().filter(|id| *id > after).take(BATCH).collect::<Vec<_>>();
                    after = next.last().copied().unwrap_or(after);
                    contacts::live(&mut tx, actor.workspace, &next).await?
                }
                Source::Matching(filter) => {
                    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
                    let next = contact_list::pick_matching(&mut tx, actor.workspace, filter, after, limit).await?;
                    after = next.last().copied().unwrap_or(after);
                    next
                }
            };
            if found.is_empty() {
                return Ok(done);
            }
            let batch = Batch { actor, change: id, tag, event, now };
            let (changed, gone) = batch.take(&mut tx, &step, &found).await?;
            tx.commit().await?;
            done.count += changed as u64;
            done.kept += (found.len() - changed) as u64;
            done.leads += gone as u64;
        }
    }
}

/// One batch of a bulk act.
struct Batch<'a> {
    actor: &'a Actor,
    change: ChangeId,
    /// The tag's name, for the history.
    tag: &'a str,
    /// The first of the ids reserved for events.
    event: i64,
    now: i64,
}

impl Batch<'_> {
    /// Says how many contacts it changed, and how many leads went with them.
    async fn take(&self, tx: &mut Tx, step: &Step, found: &[ContactId]) -> Result<(usize, usize)> {
        let workspace = self.actor.workspace;
        let (changed, kind, gone) = match step {
            Step::AddTag(tag) => {
                let have = tags::having(tx, workspace, *tag, found).await?;
                let without: Vec<ContactId> = found.iter().copied().filter(|id| !have.contains(id)).collect();
                let pairs: Vec<_> = without.iter().map(|id| (*id, *tag)).collect();
                tags::add(tx, workspace, &pairs, None).await?;
                let kept = without.into_iter().map(|id| (id, None)).collect();
                (self.keep_tags(tx, kept).await?, history::TAG, 0)
            }
            Step::RemoveTag(tag) => {
                let have = tags::put_on(tx, workspace, *tag, found).await?;
                let ids: Vec<ContactId> = have.iter().map(|(id, _)| *id).collect();
                tags::remove(tx, workspace, *tag, &ids).await?;
                (self.keep_tags(tx, have).await?, history::UNTAG, 0)
            }
            Step::Delete => {
                let (deleted, gone) = self.delete(tx, found).await?;
                (deleted, history::DELETE, gone)
            }
        };
        let detail = Detail { tag: self.tag.to_owned(), ..Detail::default() };
        let events = history::events(self.event, &changed, kind, &detail)?;
        contact_history::add(tx, workspace, self.actor.user, events, self.now).await?;
        Ok((changed.len(), gone))
    }

    /// Keeps who was changed, and which import had put the tag on.
    async fn keep_tags(&self, tx: &mut Tx, changed: Vec<(ContactId, Option<ImportId>)>) -> Result<Vec<ContactId>> {
        let rows = changed
            .iter()
            .map(|(id, import)| Ok((*id, serde_json::to_string(&TagBefore { import: *import })?)))
            .collect::<Result<Vec<_>>>()?;
        contact_changes::keep(tx, self.actor.workspace, self.change, rows).await?;
        Ok(changed.into_iter().map(|(id, _)| id).collect())
    }

    async fn delete(&self, tx: &mut Tx, found: &[ContactId]) -> Result<(Vec<ContactId>, usize)> {
        let workspace = self.actor.workspace;
        groups::load(tx, workspace, false).await?;
        let keys = lock(tx, self.actor, found).await?;
        let ids: Vec<ContactId> = found.iter().copied().filter(|id| keys.contains_key(id)).collect();
        let mut before: BTreeMap<ContactId, Before> = ids
            .iter()
            .map(|id| (*id, Before { keys: keys[id].iter().map(hex::write).collect(), ..Before::default() }))
            .collect();
        let gone = leads::take_out(tx, workspace, &ids).await?;
        let count = gone.len();
        count_leads(tx, self.actor, &gone, -1, self.now).await?;
        for lead in gone {
            if let Some(before) = before.get_mut(&ContactId(lead.contact_id)) {
                before.leads.push(lead);
            }
        }
        for pair in suspects::take_off(tx, workspace, &ids).await? {
            let (first, second) = (ContactId(pair.first_contact_id), ContactId(pair.second_contact_id));
            let of = if before.contains_key(&first) { first } else { second };
            if let Some(before) = before.get_mut(&of) {
                before.suspects.push(pair);
            }
        }
        // whoever must not be contacted stays so under every identifier, also when they come in again (R8)
        let gone_people = contacts::among(tx, workspace, &ids).await?;
        let silent: Vec<KeyBytes> = gone_people
            .iter()
            .filter(|contact| contact.do_not_contact)
            .flat_map(|contact| keys[&contact.id].clone())
            .collect();
        consent::suppress(tx, workspace, &silent, "manual", self.now).await?;
        let all: Vec<KeyBytes> = ids.iter().flat_map(|id| keys[id].iter().copied()).collect();
        // an address that others share goes to one of them, and is not buried: they are still here (R16)
        let rules = email_rules(tx, self.actor).await?;
        let heirs = people::heirs(tx, workspace, &all, |id| ids.binary_search(&id).is_ok(), rules).await?;
        let buried: Vec<KeyBytes> = all.iter().filter(|key| !heirs.contains_key(*key)).copied().collect();
        consent::bury(tx, workspace, EVERYWHERE, &buried, self.change, self.now).await?;
        let given: Vec<_> = all.iter().map(|key| (*key, heirs.get(key).copied())).collect();
        identities::settle(tx, workspace, &given).await?;
        contacts::set_deleted(tx, workspace, &ids, Some(self.now)).await?;
        let rows = before
            .into_iter()
            .map(|(id, before)| Ok((id, serde_json::to_string(&before)?)))
            .collect::<Result<Vec<_>>>()?;
        contact_changes::keep(tx, workspace, self.change, rows).await?;
        Ok((ids, count))
    }
}

/// Locks live contacts as everyone does, identifiers first, and says what each owns. Those that someone changed in
/// between are left out.
async fn lock(tx: &mut Tx, actor: &Actor, ids: &[ContactId]) -> Result<HashMap<ContactId, Vec<KeyBytes>>> {
    let looked = owned_keys(tx, actor, ids).await?;
    let mut candidates: Vec<(KeyBytes, ContactId)> =
        looked.iter().flat_map(|(id, keys)| keys.iter().map(|key| (*key, *id))).collect();
    candidates.sort_unstable();
    identities::claim(tx, actor.workspace, &candidates).await?;
    contacts::lock(tx, actor.workspace, ids).await?;
    let live = contacts::live(tx, actor.workspace, ids).await?;
    let mut keys = owned_keys(tx, actor, &live).await?;
    // one that was given away just before it was locked was claimed anew: it goes back
    let stale: Vec<_> = candidates
        .iter()
        .filter(|(key, id)| !keys.get(id).is_some_and(|keys| keys.contains(key)))
        .map(|(key, _)| *key)
        .collect();
    let owners = identities::owners(tx, actor.workspace, &stale).await?;
    let back: Vec<_> = candidates
        .iter()
        .filter(|(key, id)| stale.contains(key) && owners.get(key) == Some(id))
        .map(|(key, _)| (*key, None))
        .collect();
    identities::settle(tx, actor.workspace, &back).await?;
    keys.retain(|id, keys| looked.get(id) == Some(keys));
    Ok(keys)
}

/// Moves the counters of the campaigns by leads that came (1) or went (-1).
pub(super) async fn count_leads(tx: &mut Tx, actor: &Actor, leads: &[leads::Kept], by: i64, now: i64) -> Result<()> {
    let mut deltas: BTreeMap<CampaignId, BTreeMap<LeadStatus, i64>> = BTreeMap::new();
    for lead in leads {
        let status = lead.status.parse().map_err(|_| Error::Fault("a stored status is unreadable"))?;
        *deltas.entry(CampaignId(lead.campaign_id)).or_default().entry(status).or_default() += by;
    }
    for (campaign, deltas) in deltas {
        let deltas: Vec<_> = deltas.into_iter().collect();
        campaigns::add_counts(tx, actor.workspace, campaign, &deltas).await?;
        campaigns::touch(tx, actor.workspace, campaign, now).await?;
    }
    Ok(())
}
