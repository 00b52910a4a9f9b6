//! What a merge does: a pure function that the preview shows and the merge writes (design: merge).
//!
//! What does not depend on the order in which several records are merged, as long as nobody chose otherwise: every
//! field (the newest record's value that is not empty), identifiers, sources, tags, consent, and which campaigns the
//! person is in, by which lead and with which status. Three things may: who is the survivor when someone flipped one;
//! which leads the guard of A52 holds, because a hold stays when the reason for it goes; and a variable on which three or
//! more leads of one campaign disagree, because a lead does not say how old each of its values is.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::ids::{CampaignId, ContactId, FieldId, LeadId};
use domain::merge::{FieldKey, MergeChoices, Side, Survivor};
use domain::{LeadStatus, Origin, PersonField, SourceKind};
use matching::EmailRules;
use store::consent::MERGED;
use store::picture::{
    AddressRow, ContactRow, Key, LeadRow, Pair, Picture, SeparatedRow, SuppressionRow, SuspectRow, pair,
};

use crate::people;

/// The state of a pair that is one person now.
pub(super) const STATE_MERGED: &str = "merged";
/// The state of a pair that waits for a decision.
pub(super) const STATE_OPEN: &str = "open";
/// The state of a pair that is two people.
pub(super) const STATE_SEPARATED: &str = "separated";

/// The reason of a pair that nothing spoke for: someone separated two people of their own accord.
const BY_HAND: &str = "byHand";

/// What the plan needs to know beside the people themselves.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    /// How addresses become keys in this workspace.
    pub rules: EmailRules,
    /// Campaigns that are archived: nobody is written to there.
    pub archived: HashSet<CampaignId>,
    /// Whether the workspace lets only one campaign at a time write to a person.
    pub guard: bool,
    /// The time.
    pub now: i64,
}

/// One field, both values and the result.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldPlan {
    pub field: FieldKey,
    pub survivor: String,
    pub loser: String,
    pub from: Side,
}

impl FieldPlan {
    pub fn result(&self) -> &str {
        match self.from {
            Side::Survivor => &self.survivor,
            Side::Loser => &self.loser,
        }
    }
}

/// The leads of one campaign.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LeadPlan {
    pub campaign: CampaignId,
    pub survivor: Option<LeadStatus>,
    pub loser: Option<LeadStatus>,
    pub result: LeadStatus,
    /// Held by the guard.
    pub paused: bool,
}

/// What a merge will do, or did.
#[derive(Debug, Clone)]
pub(super) struct MergePlan {
    pub survivor: ContactId,
    pub loser: ContactId,
    pub fields: Vec<FieldPlan>,
    pub leads: Vec<LeadPlan>,
    /// Everything as it stands afterwards.
    pub after: Picture,
}

/// Nothing a person could read.
pub(super) fn is_blank(text: &str) -> bool {
    text.is_empty() || matching::trim_invisible(text).is_empty()
}

/// Who keeps the id, then who is taken in.
pub(super) fn order(picture: &Picture, a: ContactId, b: ContactId, survivor: Survivor) -> (ContactId, ContactId) {
    let age = |id| (picture.contacts.get(&id).map(|c| c.created_at), id);
    match survivor {
        Survivor::Is(id) if picture.root(id) == a => (a, b),
        Survivor::Is(id) if picture.root(id) == b => (b, a),
        _ if age(a) <= age(b) => (a, b),
        _ => (b, a),
    }
}

/// When a contact's value of a field came in: with the contact, or with one that was merged into it.
fn age(id: ContactId, row: &ContactRow, field: FieldKey) -> (i64, i64) {
    match row.origins.get(&field.to_string()) {
        Some(origin) if origin.kind == SourceKind::Merge => (origin.at, origin.id),
        _ => (row.created_at, id.0),
    }
}

fn value(row: &ContactRow, field: FieldKey) -> &str {
    match field {
        FieldKey::Person(field) => row.person.get(field),
        FieldKey::Custom(id) => row.custom.get(&id).map_or("", String::as_str),
    }
}

fn set_value(row: &mut ContactRow, field: FieldKey, text: &str) {
    match field {
        FieldKey::Person(field) => row.person.set(field, text),
        FieldKey::Custom(id) if text.is_empty() => {
            row.custom.remove(&id);
        }
        FieldKey::Custom(id) => {
            row.custom.insert(id, text.to_owned());
        }
    }
}

/// Every field that a contact could differ in from another.
pub(super) fn fields_of<'r>(rows: impl IntoIterator<Item = &'r ContactRow>) -> Vec<FieldKey> {
    let custom: BTreeSet<FieldId> = rows.into_iter().flat_map(|row| row.custom.keys().copied()).collect();
    let own = custom.into_iter().map(FieldKey::Custom);
    PersonField::ALL.iter().copied().map(FieldKey::Person).chain(own).collect()
}

/// The plan of a merge of two people who may be merged.
pub(super) fn plan(
    picture: &Picture,
    survivor: ContactId,
    loser: ContactId,
    choices: &MergeChoices,
    facts: &Facts,
) -> MergePlan {
    let mut after = picture.clone();
    let fields = match (picture.contacts.get(&survivor), picture.contacts.get(&loser)) {
        (Some(s), Some(l)) => {
            let (row, fields) = united((survivor, s), (loser, l), choices);
            after.contacts.insert(survivor, row);
            fields
        }
        _ => Vec::new(),
    };
    for (id, row) in &mut after.contacts {
        if *id == loser || row.merged_into == Some(loser) {
            row.merged_into = Some(survivor);
        }
    }
    for owner in after.identities.values_mut().filter(|owner| **owner == loser) {
        *owner = survivor;
    }
    addresses(picture, &mut after, survivor, loser, facts);
    consent(&mut after, survivor, loser, facts);
    copies(picture, &mut after, survivor, loser);
    let leads = leads(picture, &mut after, survivor, loser, facts);
    pairs(picture, &mut after, survivor, loser);
    MergePlan { survivor, loser, fields, leads, after }
}

/// The newest value that is not empty, field by field, unless the reviewer chose.
pub(super) fn united(
    (survivor, s): (ContactId, &ContactRow),
    (loser, l): (ContactId, &ContactRow),
    choices: &MergeChoices,
) -> (ContactRow, Vec<FieldPlan>) {
    let mut row = s.clone();
    let mut fields = Vec::new();
    for field in fields_of([s, l]) {
        let (ours, theirs) = (value(s, field), value(l, field));
        let from = match (is_blank(ours), is_blank(theirs)) {
            (_, true) => Side::Survivor,
            (true, false) => Side::Loser,
            (false, false) => match choices.fields.get(&field) {
                Some(side) => *side,
                None if age(loser, l, field) > age(survivor, s, field) => Side::Loser,
                None => Side::Survivor,
            },
        };
        if from == Side::Loser {
            set_value(&mut row, field, theirs);
            let (at, id) = age(loser, l, field);
            row.origins.insert(field.to_string(), Origin { kind: SourceKind::Merge, id, at });
        }
        if !(is_blank(ours) && is_blank(theirs)) {
            // two equal values are shown as the survivor's
            let from = if ours == theirs { Side::Survivor } else { from };
            fields.push(FieldPlan { field, survivor: ours.to_owned(), loser: theirs.to_owned(), from });
        }
    }
    row.do_not_contact |= l.do_not_contact;
    (row, fields)
}

/// No identifier is given up: what does not stand in a field of the survivor becomes a further address.
fn addresses(before: &Picture, after: &mut Picture, survivor: ContactId, loser: ContactId, facts: &Facts) {
    let Some(person) = after.contacts.get(&survivor).map(|c| c.person.clone()) else { return };
    let own: HashSet<Key> = people::keys(&person, facts.rules).into_iter().map(|(_, key)| Key(key)).collect();
    let mut further: Vec<(Key, AddressRow)> = Vec::new();
    for id in [survivor, loser] {
        let Some(row) = before.contacts.get(&id) else { continue };
        further.extend(people::keyed_values(&row.person, facts.rules).into_iter().map(|(kind, key, value)| {
            (Key(key), AddressRow { kind: kind.word().to_owned(), value, created_at: facts.now })
        }));
    }
    let theirs = before.addresses.range((loser, Key([0; 16]))..=(loser, Key([0xff; 16])));
    further.extend(theirs.map(|((_, key), row)| (*key, row.clone())));
    for (key, row) in further {
        if !own.contains(&key) {
            after.addresses.entry((survivor, key)).or_insert(row);
        }
    }
    let shares = all_keys(after, survivor, facts.rules).iter().any(|key| after.identities.get(key) != Some(&survivor));
    if let Some(row) = after.contacts.get_mut(&survivor) {
        row.shared_mailbox = shares;
    }
}

/// The keys of every mail address of a contact.
pub(super) fn emails(picture: &Picture, id: ContactId, rules: EmailRules) -> BTreeSet<Key> {
    let kind = domain::import::Matched::Email;
    let own = picture.contacts.get(&id).map(|c| people::keys(&c.person, rules)).unwrap_or_default();
    let further = picture.addresses.range((id, Key([0; 16]))..=(id, Key([0xff; 16])));
    own.into_iter()
        .filter(|(k, _)| *k == kind)
        .map(|(_, key)| Key(key))
        .chain(further.filter(|(_, row)| row.kind == kind.word()).map(|((_, key), _)| *key))
        .collect()
}

/// The keys of every identifier of a contact, whatever the kind.
pub(super) fn all_keys(picture: &Picture, id: ContactId, rules: EmailRules) -> BTreeSet<Key> {
    let own = picture.contacts.get(&id).map(|c| people::keys(&c.person, rules)).unwrap_or_default();
    let further = picture.addresses.range((id, Key([0; 16]))..=(id, Key([0xff; 16])));
    own.into_iter().map(|(_, key)| Key(key)).chain(further.map(|((_, key), _)| *key)).collect()
}

/// The stricter of the two (R8): nobody writes to either's address again, also when the contact is gone one day.
fn consent(after: &mut Picture, survivor: ContactId, loser: ContactId, facts: &Facts) {
    let silent = [survivor, loser].iter().any(|id| after.contacts.get(id).is_some_and(|c| c.do_not_contact));
    if !silent {
        return;
    }
    for key in all_keys(after, survivor, facts.rules) {
        // a mailbox that belongs to someone else is not ours to silence
        if after.identities.get(&key) == Some(&survivor) {
            let row = SuppressionRow { origin: MERGED.to_owned(), created_at: facts.now };
            after.suppressions.entry(key).or_insert(row);
        }
    }
}

/// Sources and tags are copied, so that the loser's own stay as they are; waits move: one person waits once for a
/// campaign.
fn copies(before: &Picture, after: &mut Picture, survivor: ContactId, loser: ContactId) {
    for ((id, kind, source), row) in &before.sources {
        if *id == loser {
            after.sources.entry((survivor, kind.clone(), *source)).or_insert(*row);
        }
    }
    for ((id, tag), row) in &before.tags {
        if *id == loser {
            after.tags.entry((survivor, *tag)).or_insert(*row);
        }
    }
    for ((campaign, id), row) in &before.waiting {
        if *id == loser {
            after.waiting.remove(&(*campaign, *id));
            after.waiting.entry((*campaign, survivor)).or_insert_with(|| row.clone());
        }
    }
}

/// Leads move, or become one: the older stays, as far along as the further of the two, with the newer's variables.
fn leads(before: &Picture, after: &mut Picture, survivor: ContactId, loser: ContactId, facts: &Facts) -> Vec<LeadPlan> {
    let of = |id: ContactId| -> BTreeMap<CampaignId, (LeadId, &LeadRow)> {
        before.leads.iter().filter(|(_, l)| l.contact == id).map(|(lead, l)| (l.campaign, (*lead, l))).collect()
    };
    let (ours, theirs) = (of(survivor), of(loser));
    let campaigns: BTreeSet<CampaignId> = ours.keys().chain(theirs.keys()).copied().collect();
    let mut plans = Vec::new();
    let mut kept: BTreeMap<CampaignId, LeadId> = BTreeMap::new();
    for campaign in campaigns {
        let (o, t) = (ours.get(&campaign).copied(), theirs.get(&campaign).copied());
        let (id, row) = match (o, t) {
            (Some(a), Some(b)) => {
                let (older, newer) = if (a.1.created_at, a.0) <= (b.1.created_at, b.0) { (a, b) } else { (b, a) };
                after.leads.remove(&newer.0);
                for into in after.merged_leads.values_mut().filter(|into| **into == newer.0) {
                    *into = older.0;
                }
                after.merged_leads.insert(newer.0, older.0);
                let mut row = older.1.clone();
                row.status = row.status.further(newer.1.status);
                for (name, value) in &newer.1.variables {
                    if !is_blank(value) || !row.variables.contains_key(name) {
                        row.variables.insert(name.clone(), value.clone());
                    }
                }
                (older.0, row)
            }
            (Some((id, row)), None) | (None, Some((id, row))) => (id, row.clone()),
            (None, None) => continue,
        };
        plans.push(LeadPlan {
            campaign,
            survivor: o.map(|(_, l)| l.status),
            loser: t.map(|(_, l)| l.status),
            result: row.status,
            paused: false,
        });
        kept.insert(campaign, id);
        after.leads.insert(id, LeadRow { contact: survivor, ..row });
    }
    if facts.guard {
        guard(after, &kept, &mut plans, facts);
    }
    plans
}

/// A52: where the merge brings together people whom different campaigns are writing to, all but the most advanced of
/// those campaigns hold. What already was so on one side alone is not the merge's doing.
fn guard(after: &mut Picture, kept: &BTreeMap<CampaignId, LeadId>, plans: &mut [LeadPlan], facts: &Facts) {
    let moving = |plan: &LeadPlan, status: Option<LeadStatus>| {
        status.is_some_and(LeadStatus::is_moving) && !facts.archived.contains(&plan.campaign)
    };
    let now: Vec<usize> = (0..plans.len()).filter(|&i| moving(&plans[i], Some(plans[i].result))).collect();
    let was_so = |side: fn(&LeadPlan) -> Option<LeadStatus>| now.iter().all(|&i| moving(&plans[i], side(&plans[i])));
    if now.len() < 2 || was_so(|p| p.survivor) || was_so(|p| p.loser) {
        return;
    }
    let rank = |i: &&usize| {
        let lead = kept.get(&plans[**i].campaign);
        let added = lead.and_then(|id| after.leads.get(id)).map(|l| l.created_at);
        (plans[**i].result.progress(), std::cmp::Reverse((added, lead)))
    };
    let first = now.iter().max_by_key(rank).copied();
    for i in now.into_iter().filter(|i| Some(*i) != first) {
        plans[i].paused = true;
        plans[i].result = LeadStatus::Paused;
        if let Some(lead) = kept.get(&plans[i].campaign).and_then(|id| after.leads.get_mut(id)) {
            lead.status = LeadStatus::Paused;
        }
    }
}

/// Whether a pair waits for a decision.
pub(super) fn is_open(picture: &Picture, key: Pair) -> bool {
    picture.suspects.get(&key).is_some_and(|row| row.state == STATE_OPEN)
}

/// What was said about the loser and third people is said about the survivor now. Of the two themselves it was said that
/// they are one: where they were kept apart before, that is over.
fn pairs(before: &Picture, after: &mut Picture, survivor: ContactId, loser: ContactId) {
    let other = |&(a, b): &Pair| match (a == loser, b == loser) {
        (true, _) => Some(b),
        (_, true) => Some(a),
        _ => None,
    };
    after.separated.remove(&pair(survivor, loser));
    for (key, row) in &before.separated {
        let Some(third) = other(key).filter(|third| *third != survivor) else { continue };
        after.separated.remove(key);
        let carried = SeparatedRow { origin: row.origin.or(Some(*key)), ..row.clone() };
        after.separated.entry(pair(survivor, third)).or_insert(carried);
    }
    for (key, row) in &before.suspects {
        match other(key) {
            Some(third) if third == survivor => {
                if let Some(row) = after.suspects.get_mut(key) {
                    row.state = STATE_MERGED.to_owned();
                }
            }
            Some(_) if row.reason == BY_HAND => {
                // only a mark of what was separated: made anew where that stands now
                after.suspects.remove(key);
            }
            Some(third) if row.state != STATE_MERGED => {
                after.suspects.remove(key);
                let carried = SuspectRow { origin: row.origin.or(Some(*key)), ..row.clone() };
                after.suspects.entry(pair(survivor, third)).or_insert(carried);
            }
            _ => {}
        }
    }
    settle_pairs(after, survivor);
}

/// A pair's state says what was decided: separated where someone separated it, open where it waits, and no pair waits
/// for someone who is nobody any more.
pub(super) fn settle_pairs(picture: &mut Picture, person: ContactId) {
    for (key, row) in picture.separated.iter().filter(|((a, b), _)| *a == person || *b == person) {
        picture.suspects.entry(*key).or_insert_with(|| by_hand(*key, row));
    }
    let keys: Vec<_> = picture.suspects.keys().filter(|(a, b)| *a == person || *b == person).copied().collect();
    for key in keys {
        let apart = picture.separated.contains_key(&key);
        let live = picture.is_live(key.0) && picture.is_live(key.1);
        let Some(row) = picture.suspects.get_mut(&key) else { continue };
        if row.state == STATE_MERGED {
            continue;
        }
        if apart {
            row.state = STATE_SEPARATED.to_owned();
        } else if live && row.reason != BY_HAND {
            row.state = STATE_OPEN.to_owned();
        } else {
            picture.suspects.remove(&key);
        }
    }
}

/// The pair of two people whom someone separated and nothing had spoken for: it stands in the list of suspects too, so
/// that whoever finds it again sees what was decided.
pub(super) fn by_hand(key: Pair, row: &SeparatedRow) -> SuspectRow {
    SuspectRow {
        state: STATE_SEPARATED.to_owned(),
        reason: BY_HAND.to_owned(),
        import: None,
        created_at: row.created_at,
        band: "review".to_owned(),
        weight: row.weight,
        probability: 0,
        parts: "[]".to_owned(),
        cluster: key.0.0,
        updated_at: row.created_at,
        origin: None,
    }
}
