//! Taking a merge back: a pure function of what stands and of the journal. What changed since stays and is listed.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{CampaignId, ContactId, LeadId, MergeId};
use domain::import::Matched;
use domain::merge::FieldKey;
use domain::{Origin, PersonField};
use matching::EmailRules;
use serde::{Deserialize, Serialize};
use store::picture::{
    AddressRow, Changed, Changes, ContactRow, Key, LeadRow, Pair, Picture, SeparatedRow, SuspectRow, pair,
};

use super::plan::{STATE_OPEN, all_keys, emails, fields_of, settle_pairs};
use crate::people;

/// What is kept of a merge, to take it back.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Journal {
    /// The merges that stood in either person when it was done: it must be taken back before any of them.
    pub beneath: Vec<MergeId>,
    /// Every row it touched, before and after.
    pub changes: Changes,
}

impl Journal {
    /// The journal of what a plan did. A lead that took another in is in it also when that left it as it was: what is
    /// changed in it later was changed for both people.
    pub fn new(beneath: Vec<MergeId>, before: &Picture, after: &Picture) -> Self {
        let mut changes = before.changes_to(after);
        let into: BTreeSet<LeadId> = changes.merged_leads.iter().filter_map(|c| c.after).collect();
        for lead in into {
            if !changes.leads.iter().any(|c| c.key == lead) {
                let row = after.leads.get(&lead).cloned();
                changes.leads.push(Changed { key: lead, before: before.leads.get(&lead).cloned(), after: row });
            }
        }
        Journal { beneath, changes }
    }
}

/// A merge that stands.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub id: MergeId,
    pub survivor: ContactId,
    pub loser: ContactId,
    /// When it was done: done anew, it leaves what it left then.
    pub at: i64,
    pub journal: Journal,
}

/// Something that changed since, so that undo left it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Later {
    /// A field of the survivor has a newer value.
    Field(ContactId, FieldKey),
    /// A lead has another status.
    Status(CampaignId),
    /// A variable of a lead has another value.
    Variable(CampaignId, String),
    /// A lead was deleted.
    LeadGone(CampaignId),
    /// The campaign has the person again, so the old lead stays away.
    LeadTaken(CampaignId),
    /// An address belongs to somebody else by now.
    Address(ContactId, String),
    /// A profile belongs to somebody else by now.
    Profile(ContactId, String),
    /// The survivor had come to carry an identifier of the loser, and lost it again.
    GivenBack(ContactId, String),
    /// Someone asked to be left alone.
    Consent(ContactId),
}

/// The picture as it would stand without the merge, and what was left because it changed since.
pub(super) fn take_back(now: &Picture, merge: &Standing, rules: EmailRules) -> (Picture, Vec<Later>) {
    let mut picture = now.clone();
    let mut later = Vec::new();
    let changes = &merge.journal.changes;
    let (survivor, loser) = (merge.survivor, merge.loser);
    for change in &changes.contacts {
        let (Some(before), Some(after), Some(row)) =
            (&change.before, &change.after, picture.contacts.get_mut(&change.key))
        else {
            continue;
        };
        later.extend(contact_back(row, before, after).into_iter().map(|field| Later::Field(change.key, field)));
    }
    rows_back(&mut picture.identities, &changes.identities);
    rows_back(&mut picture.addresses, &changes.addresses);
    rows_back(&mut picture.sources, &changes.sources);
    rows_back(&mut picture.tags, &changes.tags);
    rows_back(&mut picture.suppressions, &changes.suppressions);
    waiting_back(&mut picture, merge);
    leads_back(&mut picture, now, changes, &mut later);
    rows_back(&mut picture.merged_leads, &changes.merged_leads);
    identifiers(&mut picture, now, merge, rules, &mut later);
    consent(&mut picture, &[survivor, loser], rules, &mut later);
    pairs_back(&mut picture, now, merge);
    (picture, later)
}

/// Rows without parts: as before where nobody touched them since.
fn rows_back<K: Ord + Clone, V: PartialEq + Clone>(rows: &mut BTreeMap<K, V>, changed: &[Changed<K, V>]) {
    for change in changed {
        if rows.get(&change.key) == change.after.as_ref() {
            match &change.before {
                Some(before) => rows.insert(change.key.clone(), before.clone()),
                None => rows.remove(&change.key),
            };
        }
    }
}

/// Whoever waited for a campaign waits again, unless the survivor's wait has ended since: then they came in, or somebody
/// said not to wait.
fn waiting_back(picture: &mut Picture, merge: &Standing) {
    let changed = &merge.journal.changes.waiting;
    for change in changed.iter().filter(|c| c.key.1 == merge.loser) {
        let Some(before) = &change.before else { continue };
        let survivors = (change.key.0, merge.survivor);
        let Some(now) = picture.waiting.get(&survivors) else { continue };
        // the survivor had no wait of its own: it goes back as it came
        match changed.iter().find(|c| c.key == survivors) {
            Some(moved) if moved.after.as_ref() == Some(now) => {
                picture.waiting.remove(&survivors);
            }
            Some(_) => continue,
            None => {}
        }
        picture.waiting.insert(change.key, before.clone());
    }
}

/// A value as it stands, and where it came from. Only a field of the team's own can be missing.
pub(super) type Cell = (Option<String>, Option<Origin>);

pub(super) fn cell(row: &ContactRow, field: FieldKey) -> Cell {
    let text = match field {
        FieldKey::Person(field) => Some(row.person.get(field).to_owned()),
        FieldKey::Custom(id) => row.custom.get(&id).cloned(),
    };
    (text, row.origins.get(&field.to_string()).copied())
}

pub(super) fn set_cell(row: &mut ContactRow, field: FieldKey, (text, origin): Cell) {
    match (field, text) {
        (FieldKey::Person(field), text) => row.person.set(field, text.unwrap_or_default()),
        (FieldKey::Custom(id), Some(text)) => {
            row.custom.insert(id, text);
        }
        (FieldKey::Custom(id), None) => {
            row.custom.remove(&id);
        }
    }
    match origin {
        Some(origin) => row.origins.insert(field.to_string(), origin),
        None => row.origins.remove(&field.to_string()),
    };
}

/// Each field goes back that still has what the merge gave it. Says which do not.
fn contact_back(row: &mut ContactRow, before: &ContactRow, after: &ContactRow) -> Vec<FieldKey> {
    let mut later = Vec::new();
    for field in fields_of([before, after]) {
        let (was, became, is) = (cell(before, field), cell(after, field), cell(row, field));
        if was == became {
            continue;
        }
        if is.0 == became.0 {
            set_cell(row, field, was);
        } else if was.0 != became.0 && is.0 != was.0 {
            later.push(field);
        }
    }
    if row.do_not_contact == after.do_not_contact {
        row.do_not_contact = before.do_not_contact;
    }
    if row.shared_mailbox == after.shared_mailbox {
        row.shared_mailbox = before.shared_mailbox;
    }
    if row.merged_into == after.merged_into {
        row.merged_into = before.merged_into;
    }
    later
}

fn leads_back(picture: &mut Picture, now: &Picture, changes: &Changes, later: &mut Vec<Later>) {
    // the campaigns whose lead of the merged person was deleted: neither of the two comes back
    let into = |lead: LeadId| changes.merged_leads.iter().find(|c| c.key == lead).and_then(|c| c.after);
    let mut restored = Vec::new();
    for change in &changes.leads {
        let Some(before) = &change.before else { continue };
        match (&change.after, picture.leads.get_mut(&change.key)) {
            (Some(after), Some(row)) => lead_back(row, before, after, later),
            (Some(_), None) => later.push(Later::LeadGone(before.campaign)),
            (None, None) if into(change.key).is_some_and(|lead| now.leads.contains_key(&lead)) => {
                restored.push((change.key, before.clone()));
            }
            (None, _) => {}
        }
    }
    for (id, row) in restored {
        let taken = picture.leads.values().any(|l| l.contact == row.contact && l.campaign == row.campaign);
        if taken {
            later.push(Later::LeadTaken(row.campaign));
        } else {
            picture.leads.insert(id, row);
        }
    }
    // a lead goes back to the loser: the survivor may have got another one in that campaign, never the loser
    later.dedup();
}

fn lead_back(row: &mut LeadRow, before: &LeadRow, after: &LeadRow, later: &mut Vec<Later>) {
    if row.contact == after.contact {
        row.contact = before.contact;
    }
    if before.status != after.status {
        if row.status == after.status {
            row.status = before.status;
        } else if row.status != before.status {
            later.push(Later::Status(row.campaign));
        }
    } else if row.status != after.status {
        later.push(Later::Status(row.campaign));
    }
    let names: BTreeSet<&String> = before.variables.keys().chain(after.variables.keys()).collect();
    for name in names {
        let (was, became) = (before.variables.get(name), after.variables.get(name));
        if was == became {
            continue;
        }
        if row.variables.get(name) == became {
            match was {
                Some(text) => row.variables.insert(name.clone(), text.clone()),
                None => row.variables.remove(name),
            };
        } else if row.variables.get(name) != was {
            later.push(Later::Variable(row.campaign, name.clone()));
        }
    }
}

/// Everyone owns what identifies them, as far as nobody else owns it by now.
fn identifiers(picture: &mut Picture, now: &Picture, merge: &Standing, rules: EmailRules, later: &mut Vec<Later>) {
    let loser = merge.loser;
    // what came to the survivor since, by the loser's part of it: an address that both share with someone who left it
    let shown = all_keys(picture, merge.survivor, rules);
    for key in all_keys(picture, loser, rules).into_iter().filter(|key| !shown.contains(key)) {
        if let Some(owner) = picture.identities.get_mut(&key).filter(|owner| **owner == merge.survivor) {
            *owner = loser;
        }
    }
    give_back(picture, merge, rules, later);
    show_what_is_owned(picture, now, merge.survivor, rules);
    let mails = emails(picture, loser, rules);
    let shared = picture.contacts.get(&loser).is_some_and(|c| c.shared_mailbox);
    for key in all_keys(picture, loser, rules) {
        let was_theirs = merge.journal.changes.identities.iter().any(|c| c.key == key && c.before == Some(loser));
        match picture.identities.get(&key) {
            Some(owner) if *owner == loser => {}
            // somebody else's before the merge already, or nobody's, by the team's choice
            _ if shared && !was_theirs => {}
            Some(_) => give_up(picture, loser, key, mails.contains(&key), rules, later),
            None => {
                picture.identities.insert(key, loser);
            }
        }
    }
}

/// What was the loser's is the loser's again, wherever the survivor came to carry it since: an import of it may have
/// made it the primary address. What both showed before the merge by the team's choice, both show again.
fn give_back(picture: &mut Picture, merge: &Standing, rules: EmailRules, later: &mut Vec<Later>) {
    let (survivor, loser) = (merge.survivor, merge.loser);
    let before = merge.journal.changes.contacts.iter().find(|c| c.key == survivor).and_then(|c| c.before.clone());
    let shared = picture.contacts.get(&survivor).is_some_and(|c| c.shared_mailbox);
    let then = before.as_ref().or_else(|| picture.contacts.get(&survivor)).map(|row| people::keys(&row.person, rules));
    let showed = |key: Key| {
        let further = &merge.journal.changes.addresses;
        then.iter().flatten().any(|(_, k)| *k == key.0)
            || further.iter().any(|c| c.key == (survivor, key) && c.before.is_some())
    };
    let both: Vec<Key> = all_keys(picture, survivor, rules).into_iter().filter(|key| shared && showed(*key)).collect();
    for key in all_keys(picture, survivor, rules) {
        if picture.identities.get(&key) != Some(&loser) || both.contains(&key) {
            continue;
        }
        picture.addresses.remove(&(survivor, key));
        let Some(row) = picture.contacts.get_mut(&survivor) else { continue };
        for field in people::IDENTIFYING {
            if !people::is_key_of(&row.person, field, key.0, rules) {
                continue;
            }
            let old = before.as_ref().map(|b| b.person.get(field)).unwrap_or_default();
            let mut only = domain::Person::default();
            only.set(field, old);
            let owned = people::keys(&only, rules)
                .iter()
                .any(|(_, k)| picture.identities.get(&store::picture::Key(*k)) == Some(&survivor));
            later.push(Later::GivenBack(survivor, row.person.get(field).to_owned()));
            row.person.set(field, if owned { old } else { "" });
            // it is the primary one now
            for (_, k) in people::keys(&only, rules).into_iter().filter(|_| owned) {
                picture.addresses.remove(&(survivor, store::picture::Key(k)));
            }
        }
    }
}

/// Whoever owns an identifier shows it: where an edit has taken its place in the field since, it is a further address.
/// And nobody shows what belongs to somebody else, but those who share it by the team's choice.
pub(super) fn show_what_is_owned(picture: &mut Picture, now: &Picture, person: ContactId, rules: EmailRules) {
    let shown = all_keys(picture, person, rules);
    let owned: Vec<Key> = picture.identities.iter().filter(|(_, id)| **id == person).map(|(key, _)| *key).collect();
    for key in owned.into_iter().filter(|key| !shown.contains(key)) {
        if let Some(row) = written(now, key, rules) {
            picture.addresses.insert((person, key), row);
        }
    }
    let shared = picture.contacts.get(&person).is_some_and(|c| c.shared_mailbox);
    let foreign: Vec<Key> = all_keys(picture, person, rules)
        .into_iter()
        .filter(|key| !shared && picture.identities.get(key).is_some_and(|id| *id != person))
        .collect();
    for key in foreign {
        picture.addresses.remove(&(person, key));
    }
}

/// How an identifier was written, wherever it stands.
fn written(now: &Picture, key: Key, rules: EmailRules) -> Option<AddressRow> {
    if let Some((_, row)) = now.addresses.iter().find(|((_, k), _)| *k == key) {
        return Some(row.clone());
    }
    now.contacts.values().find_map(|row| {
        let (kind, _, value) = people::keyed_values(&row.person, rules).into_iter().find(|(_, k, _)| *k == key.0)?;
        Some(AddressRow { kind: kind.word().to_owned(), value, created_at: row.created_at })
    })
}

/// An identifier of the loser belongs to somebody else: a mailbox is shared from now on, anything else goes.
fn give_up(
    picture: &mut Picture,
    loser: ContactId,
    key: store::picture::Key,
    is_mail: bool,
    rules: EmailRules,
    later: &mut Vec<Later>,
) {
    let Some(row) = picture.contacts.get_mut(&loser) else { return };
    if is_mail && row.shared_mailbox {
        return;
    }
    if let Some(address) = picture.addresses.remove(&(loser, key)) {
        let what = if is_mail { Later::Address } else { Later::Profile };
        later.push(what(loser, address.value));
    }
    let own = people::keyed_values(&row.person, rules).into_iter().find(|(_, k, _)| *k == key.0);
    let Some((kind, _, text)) = own else { return };
    if kind == Matched::Email {
        row.shared_mailbox = true;
        later.push(Later::Address(loser, text));
        return;
    }
    for field in [PersonField::LinkedinUrl, PersonField::LinkedinUrlSalesNav] {
        if row.person.get(field) == text {
            row.person.set(field, "");
        }
    }
    later.push(Later::Profile(loser, text));
}

/// R8: whoever asked to be left alone since is left alone under every identifier they have now.
fn consent(picture: &mut Picture, people: &[ContactId], rules: EmailRules, later: &mut Vec<Later>) {
    for id in people {
        let silent = all_keys(picture, *id, rules)
            .iter()
            .any(|key| picture.identities.get(key) == Some(id) && picture.suppressions.contains_key(key));
        if let Some(row) = picture.contacts.get_mut(id).filter(|row| silent && !row.do_not_contact) {
            row.do_not_contact = true;
            later.push(Later::Consent(*id));
        }
    }
}

/// A pair stands where the contacts stand that it was about first; what was decided anew since stays so.
fn pairs_back(picture: &mut Picture, now: &Picture, merge: &Standing) {
    let changes = &merge.journal.changes;
    let (survivor, loser) = (merge.survivor, merge.loser);
    let roots = |picture: &Picture, (a, b): Pair| pair(picture.root(a), picture.root(b));

    let mut separated = std::mem::take(&mut picture.separated);
    for (from, row) in now.separated.iter().filter(|(key, _)| key.0 == survivor || key.1 == survivor) {
        let about = row.origin.unwrap_or(*from);
        let to = roots(picture, about);
        if to != *from {
            separated.remove(from);
            let row = SeparatedRow { origin: Some(about).filter(|about| *about != to), ..row.clone() };
            separated.entry(to).or_insert(row);
        }
    }
    // the survivor had one with the same person already: both stand again, unless it was taken back since
    for (key, before) in doubled(&changes.separated, merge) {
        let about = before.origin.unwrap_or(key);
        let to = roots(picture, about);
        let third = if to.0 == loser { to.1 } else { to.0 };
        if separated.contains_key(&pair(survivor, third)) {
            let row = SeparatedRow { origin: Some(about).filter(|about| *about != to), ..before };
            separated.entry(to).or_insert(row);
        }
    }
    // what the merge itself lifted, when the two had been asked about again
    let lifted = changes.separated.iter().find(|c| c.key == pair(survivor, loser)).and_then(|c| c.before.clone());
    if let Some(row) = lifted.clone() {
        separated.entry(pair(survivor, loser)).or_insert(row);
    }
    picture.separated = separated;

    let mut suspects = std::mem::take(&mut picture.suspects);
    for (from, row) in now.suspects.iter().filter(|(key, _)| key.0 == survivor || key.1 == survivor) {
        let about = row.origin.unwrap_or(*from);
        let to = roots(picture, about);
        if to != *from && to.0 != to.1 && *from != pair(survivor, loser) {
            suspects.remove(from);
            let row = SuspectRow { origin: Some(about).filter(|about| *about != to), ..row.clone() };
            suspects.entry(to).or_insert(row);
        }
    }
    for (key, before) in doubled(&changes.suspects, merge) {
        let about = before.origin.unwrap_or(key);
        let to = roots(picture, about);
        if to.0 != to.1 {
            let row = SuspectRow { origin: Some(about).filter(|about| *about != to), ..before };
            suspects.entry(to).or_insert(row);
        }
    }
    let own = changes.suspects.iter().find(|c| c.key == pair(survivor, loser)).and_then(|c| c.before.clone());
    if let Some(row) = suspects.get_mut(&pair(survivor, loser)) {
        match own {
            Some(before) => *row = before,
            None => row.state = STATE_OPEN.to_owned(),
        }
    }
    picture.suspects = suspects;
    settle_pairs(picture, survivor);
    settle_pairs(picture, loser);
    if lifted.is_some()
        && let Some(row) = picture.suspects.get_mut(&pair(survivor, loser))
    {
        row.state = STATE_OPEN.to_owned();
    }
}

/// The loser's pairs with people whom the survivor had a pair with too, so that one was enough.
fn doubled<V: Clone>(changed: &[Changed<Pair, V>], merge: &Standing) -> Vec<(Pair, V)> {
    let (survivor, loser) = (merge.survivor, merge.loser);
    let mut out = Vec::new();
    for change in changed {
        let third = match change.key {
            (a, b) if a == loser => b,
            (a, b) if b == loser => a,
            _ => continue,
        };
        let moved = changed.iter().any(|c| c.key == pair(survivor, third) && c.before.is_none());
        if let Some(before) = change.before.clone().filter(|_| third != survivor && !moved) {
            out.push((change.key, before));
        }
    }
    out
}
