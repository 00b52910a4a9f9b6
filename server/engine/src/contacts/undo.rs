//! Taking an edit, a tag or a deletion back: what was changed since is kept and said (R13).

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::contact::{ContactsUndone, UndoConflict};
use domain::ids::{CampaignId, ChangeId, ContactId, ImportId, LeadId};
use domain::{Act, LeadStatus, StatusClass};
use store::identities::KeyBytes;
use store::{
    Tx, audit, campaigns, consent, contact_changes, contact_history, contacts, identities, leads, suspects, tags,
};

use super::history::{self, Detail};
use super::{KEPT_MS, change, edit, email_rules, hex};
use crate::leads::change::keys_of;
use crate::{Actor, Engine, Error, Result, groups, people};

/// Contacts that one transaction touches.
const BATCH: i64 = 500;
/// Conflicts that are named; the others are counted.
const NAMED: usize = 20;

impl Engine {
    /// Takes an act on contacts back, for thirty days.
    ///
    /// # Errors
    /// Refuses when it was taken back already, or an edit whose old value belongs to someone else by now.
    pub async fn undo_contact_change(&self, actor: &Actor, change: ChangeId) -> Result<ContactsUndone> {
        actor.may(Act::EditContacts)?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        let found = contact_changes::get_for_update(&mut tx, actor.workspace, change)
            .await?
            .ok_or(Error::NotFound("change"))?;
        if found.undone_at.is_some() {
            return Err(Error::conflict("This was taken back already."));
        }
        if found.created_at < now - KEPT_MS {
            return Err(Error::conflict("This was done more than thirty days ago and cannot be taken back any more."));
        }
        drop(tx);
        if !matches!(found.kind.as_str(), "edit" | "addTag" | "removeTag" | "delete") {
            return Err(Error::NotFound("change"));
        }
        if found.kind == "edit" {
            return self.undo_edit(actor, change, now).await;
        }
        let mut done = ContactsUndone::default();
        let mut after = ContactId(0);
        loop {
            let event = self.reserve_events(usize::try_from(BATCH).unwrap_or(0)).await?;
            let mut tx = self.store().write().await?;
            let batch = contact_changes::kept(&mut tx, actor.workspace, change, after, BATCH).await?;
            let Some((last, _)) = batch.last() else {
                // marked at the end: what a crash has cut off is taken back by asking again
                contact_changes::set_undone(&mut tx, actor.workspace, change, now).await?;
                if found.kind == "delete" {
                    consent::unbury(&mut tx, actor.workspace, change).await?;
                }
                audit::record(&mut tx, self.event(actor, "contacts.undo", change.to_string(), &found.kind)).await?;
                tx.commit().await?;
                return Ok(done);
            };
            after = *last;
            if found.kind == "delete" {
                restore(&mut tx, actor, batch, event, now, &mut done).await?;
            } else {
                undo_tag(&mut tx, actor, &found, batch, event, now, &mut done).await?;
            }
            tx.commit().await?;
        }
    }

    async fn undo_edit(&self, actor: &Actor, change: ChangeId, now: i64) -> Result<ContactsUndone> {
        let event = self.reserve_events(1).await?;
        let mut tx = self.store().write().await?;
        let groups = groups::load(&mut tx, actor.workspace, false).await?;
        let rows = contact_changes::kept(&mut tx, actor.workspace, change, ContactId(0), 1).await?;
        let (contact, json) = rows.first().ok_or(Error::Fault("an edit has kept nothing"))?;
        let contact = *contact;
        let before: edit::Before = serde_json::from_str(json)?;
        let rules = email_rules(&mut tx, actor).await?;
        let known = edit::one(&mut tx, actor, contact).await?;
        let mut back = known.clone();
        edit::set(&mut back, before.field, &before.before, before.origin);
        let own = |person| people::keys(person, rules).into_iter().map(|(_, key)| key).collect::<Vec<KeyBytes>>();
        let gained: Vec<KeyBytes> = before.gained.iter().filter_map(|key| hex::read(key)).collect();
        let now_own = own(&known.person);
        let wanted: Vec<KeyBytes> = own(&back.person).into_iter().filter(|key| !now_own.contains(key)).collect();
        let shared = before.shared_mailbox;
        let handed: Vec<(KeyBytes, ContactId)> =
            before.handed.iter().filter_map(|(key, heir)| Some((hex::read(key)?, *heir))).collect();
        let asked = wanted.iter().filter(|_| !shared).chain(handed.iter().map(|(key, _)| key));
        let mut candidates: Vec<(KeyBytes, ContactId)> =
            gained.iter().chain(asked).map(|key| (*key, contact)).collect();
        candidates.sort_unstable();
        candidates.dedup();
        let owners = identities::claim(&mut tx, actor.workspace, &candidates).await?;
        contacts::lock(&mut tx, actor.workspace, &[contact]).await?;
        let live = contacts::live(&mut tx, actor.workspace, &[contact]).await?.len() == 1;
        let mut there = edit::one(&mut tx, actor, contact).await?;
        if !live || edit::value_of(&there, before.field) != before.after {
            // dropped without a commit: nothing is written
            return Ok(ContactsUndone { kept: 1, ..ContactsUndone::default() });
        }
        if let Some(&other) =
            wanted.iter().filter(|_| !shared).filter_map(|key| owners.get(key)).find(|o| **o != contact)
        {
            let name = edit::one(&mut tx, actor, other).await?.person.display_name();
            return Err(Error::conflict(format!(
                "“{}” belongs to {name} by now, so this edit stays. Nothing was changed; \
                 change or merge {name} first.",
                before.before
            )));
        }
        edit::set(&mut there, before.field, &before.before, before.origin);
        there.shared_mailbox = before.shared_mailbox;
        let addresses: Vec<_> = before.addresses.iter().filter_map(|key| Some((contact, hex::read(key)?))).collect();
        contacts::remove_addresses(&mut tx, actor.workspace, &addresses).await?;
        let folded = people::folded(&there.person);
        groups::keep(&mut tx, actor.workspace, &groups, std::slice::from_ref(&there)).await?;
        contacts::update(&mut tx, actor.workspace, vec![(there.clone(), folded)], now).await?;
        // what the edit gained goes, unless the person has it in another way by now
        let keys = keys_of(&mut tx, actor.workspace, &[contact]).await?.remove(&contact).unwrap_or_default();
        let released: Vec<_> = gained
            .iter()
            .filter(|key| !keys.contains(key) && owners.get(*key) == Some(&contact))
            .map(|key| (*key, None))
            .collect();
        identities::settle(&mut tx, actor.workspace, &released).await?;
        // what was handed on comes back from who got it, or stays with whoever has it by now
        let returned: Vec<_> = handed
            .iter()
            .filter(|(key, heir)| owners.get(key) == Some(heir))
            .map(|(key, _)| (*key, Some(contact)))
            .collect();
        identities::settle(&mut tx, actor.workspace, &returned).await?;
        if !before.do_not_contact && there.do_not_contact {
            // only the address that the edit brought was suppressed: without it the person is as before
            let silent = !consent::suppressed(&mut tx, actor.workspace, &keys).await?.is_empty();
            if !silent {
                contacts::take_mark_back(&mut tx, actor.workspace, contact).await?;
            }
        }
        suspects::want_matching(&mut tx, actor.workspace, &[contact]).await?;
        contact_changes::set_undone(&mut tx, actor.workspace, change, now).await?;
        let detail = Detail { field: Some(before.field), after: before.before, ..Detail::default() };
        let events = history::events(event, &[contact], history::EDIT_UNDONE, &detail)?;
        contact_history::add(&mut tx, actor.workspace, actor.user, events, now).await?;
        audit::record(&mut tx, self.event(actor, "contact.undo", contact.to_string(), &before.field.to_string()))
            .await?;
        tx.commit().await?;
        Ok(ContactsUndone { count: 1, ..ContactsUndone::default() })
    }
}

async fn undo_tag(
    tx: &mut Tx,
    actor: &Actor,
    found: &contact_changes::ContactChange,
    batch: Vec<(ContactId, String)>,
    event: i64,
    now: i64,
    done: &mut ContactsUndone,
) -> Result<()> {
    let tag: i64 = found.detail.parse().map_err(|_| Error::Fault("a stored tag is unreadable"))?;
    let ids: Vec<ContactId> = batch.iter().map(|(id, _)| *id).collect();
    let live = contacts::live(tx, actor.workspace, &ids).await?;
    let have = tags::having(tx, actor.workspace, tag, &live).await?;
    let added = found.kind == "addTag";
    let changed: Vec<ContactId> = live.iter().copied().filter(|id| have.contains(id) == added).collect();
    if added {
        tags::remove(tx, actor.workspace, tag, &changed).await?;
    } else {
        // back by the hand of the import that had put it on, so that undoing that import takes it off
        let mut by_import: BTreeMap<Option<ImportId>, Vec<(ContactId, i64)>> = BTreeMap::new();
        for (id, json) in batch.iter().filter(|(id, _)| changed.contains(id)) {
            let before: change::TagBefore = serde_json::from_str(json)?;
            by_import.entry(before.import).or_default().push((*id, tag));
        }
        for (import, pairs) in by_import {
            tags::add(tx, actor.workspace, &pairs, import).await?;
        }
    }
    let detail = Detail { tag: tags::name(tx, actor.workspace, tag).await?, ..Detail::default() };
    let kind = if added { history::UNTAG } else { history::TAG };
    let events = history::events(event, &changed, kind, &detail)?;
    contact_history::add(tx, actor.workspace, actor.user, events, now).await?;
    done.count += changed.len() as u64;
    done.kept += (ids.len() - changed.len()) as u64;
    Ok(())
}

/// Brings deleted contacts back, with everything that was theirs. Whose identifier belongs to someone else by now comes
/// back beside them, without it and without leads: a campaign would have one person twice (R6).
async fn restore(
    tx: &mut Tx,
    actor: &Actor,
    batch: Vec<(ContactId, String)>,
    event: i64,
    now: i64,
    done: &mut ContactsUndone,
) -> Result<()> {
    let workspace = actor.workspace;
    let groups = groups::load(tx, workspace, false).await?;
    let mut images: BTreeMap<ContactId, change::Before> = BTreeMap::new();
    for (id, json) in &batch {
        images.insert(*id, serde_json::from_str(json)?);
    }
    let ids: Vec<ContactId> = images.keys().copied().collect();
    let looked = contacts::deleted(tx, workspace, &ids).await?;
    let keys: HashMap<ContactId, Vec<KeyBytes>> =
        looked.iter().map(|id| (*id, images[id].keys.iter().filter_map(|key| hex::read(key)).collect())).collect();
    let mut candidates: Vec<(KeyBytes, ContactId)> =
        keys.iter().flat_map(|(id, keys)| keys.iter().map(|key| (*key, *id))).collect();
    candidates.sort_unstable();
    candidates.dedup_by_key(|(key, _)| *key);
    let owners = identities::claim(tx, workspace, &candidates).await?;
    contacts::lock(tx, workspace, &looked).await?;
    let back = contacts::deleted(tx, workspace, &looked).await?;
    // someone else was quicker: nothing of theirs is claimed here
    let missed: Vec<_> = candidates
        .iter()
        .filter(|(key, id)| back.binary_search(id).is_err() && owners.get(key) == Some(id))
        .map(|(key, _)| (*key, None))
        .collect();
    identities::settle(tx, workspace, &missed).await?;

    // what another sharer of the mailbox got meanwhile comes back; they share it still
    let mut others: Vec<ContactId> = owners.values().copied().filter(|id| back.binary_search(id).is_err()).collect();
    others.sort_unstable();
    others.dedup();
    let sharing: HashSet<ContactId> = contacts::sharing_among(tx, workspace, &others).await?.into_iter().collect();
    let marked: HashSet<ContactId> = contacts::among(tx, workspace, &back)
        .await?
        .into_iter()
        .filter(|contact| contact.shared_mailbox)
        .map(|contact| contact.id)
        .collect();
    let shares = |id: &ContactId, owner: &ContactId| marked.contains(id) && sharing.contains(owner);
    let returned: Vec<_> = back
        .iter()
        .flat_map(|id| keys[id].iter().map(move |key| (id, key)))
        .filter(|(id, key)| owners.get(*key).is_some_and(|owner| owner != *id && shares(id, owner)))
        .map(|(id, key)| (*key, Some(*id)))
        .collect();
    identities::settle(tx, workspace, &returned).await?;
    let other = |id: &ContactId| {
        keys[id].iter().filter_map(|key| owners.get(key)).find(|owner| *owner != id && !shares(id, owner)).copied()
    };
    let conflicts: Vec<(ContactId, ContactId)> = back.iter().filter_map(|id| Some((*id, other(id)?))).collect();
    let apart: HashSet<ContactId> = conflicts.iter().map(|(id, _)| *id).collect();
    contacts::set_deleted(tx, workspace, &back, None).await?;
    contacts::set_shared_mailbox(tx, workspace, &apart.iter().copied().collect::<Vec<_>>(), true).await?;
    let there = contacts::among(tx, workspace, &back).await?;
    groups::keep(tx, workspace, &groups, &there).await?;
    let leads: Vec<leads::Kept> =
        back.iter().filter(|id| !apart.contains(id)).flat_map(|id| images[id].leads.iter().cloned()).collect();
    put_leads_back(tx, actor, leads, now).await?;
    put_suspects_back(tx, actor, back.iter().flat_map(|id| images[id].suspects.iter().cloned()).collect(), now).await?;
    for (id, other) in &conflicts {
        suspects::note(tx, workspace, (*id, *other), "sharedIdentifiers", now).await?;
    }
    let all: Vec<KeyBytes> = back.iter().flat_map(|id| keys[id].iter().copied()).collect();
    let silent = consent::suppressed(tx, workspace, &all).await?;
    let silent: Vec<ContactId> =
        back.iter().copied().filter(|id| keys[id].iter().any(|key| silent.contains(key))).collect();
    contacts::set_do_not_contact(tx, workspace, &silent).await?;
    suspects::want_matching(tx, workspace, &back).await?;
    let events = history::events(event, &back, history::RESTORE, &Detail::default())?;
    contact_history::add(tx, workspace, actor.user, events, now).await?;
    done.count += (back.len() - conflicts.len()) as u64;
    done.kept += (ids.len() - back.len()) as u64;
    done.conflicting += conflicts.len() as u64;
    let room = NAMED.saturating_sub(done.conflicts.len());
    name_conflicts(tx, actor, &conflicts[..conflicts.len().min(room)], done).await
}

/// An archived campaign has no active leads: those that come back to one are done.
async fn put_leads_back(tx: &mut Tx, actor: &Actor, mut kept: Vec<leads::Kept>, now: i64) -> Result<()> {
    let mut ids: Vec<CampaignId> = kept.iter().map(|lead| CampaignId(lead.campaign_id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let archived: HashSet<i64> = campaigns::among(tx, actor.workspace, &ids)
        .await?
        .into_iter()
        .filter(|campaign| campaign.archived_at.is_some())
        .map(|campaign| campaign.id.0)
        .collect();
    for lead in kept.iter_mut().filter(|lead| archived.contains(&lead.campaign_id)) {
        let status: LeadStatus = lead.status.parse().map_err(|_| Error::Fault("a stored status is unreadable"))?;
        if status.class() == StatusClass::Active {
            LeadStatus::Done.word().clone_into(&mut lead.status);
        }
    }
    kept.sort_unstable_by_key(|lead| lead.id);
    let back = leads::put_back(tx, actor.workspace, &kept).await?;
    kept.retain(|lead| back.contains(&LeadId(lead.id)));
    change::count_leads(tx, actor, &kept, 1, now).await
}

/// A pair needs both of its people: who of them is still deleted is asked for here.
async fn put_suspects_back(tx: &mut Tx, actor: &Actor, mut pairs: Vec<suspects::Kept>, now: i64) -> Result<()> {
    let mut ids: Vec<ContactId> =
        pairs.iter().flat_map(|p| [ContactId(p.first_contact_id), ContactId(p.second_contact_id)]).collect();
    ids.sort_unstable();
    ids.dedup();
    let live = contacts::live(tx, actor.workspace, &ids).await?;
    let there = |id: i64| live.binary_search(&ContactId(id)).is_ok();
    pairs.retain(|p| there(p.first_contact_id) && there(p.second_contact_id));
    Ok(suspects::put_back(tx, actor.workspace, &pairs, now).await?)
}

async fn name_conflicts(
    tx: &mut Tx,
    actor: &Actor,
    conflicts: &[(ContactId, ContactId)],
    done: &mut ContactsUndone,
) -> Result<()> {
    let ids: Vec<ContactId> = conflicts.iter().flat_map(|(id, other)| [*id, *other]).collect();
    let names: HashMap<ContactId, String> = contacts::among(tx, actor.workspace, &ids)
        .await?
        .into_iter()
        .map(|contact| (contact.id, contact.person.display_name()))
        .collect();
    let name = |id: &ContactId| names.get(id).cloned().unwrap_or_default();
    done.conflicts.extend(conflicts.iter().map(|(id, other)| UndoConflict {
        contact: *id,
        name: name(id),
        other: Some((*other, name(other))),
    }));
    Ok(())
}
