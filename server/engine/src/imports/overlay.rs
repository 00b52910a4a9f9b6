//! The workspace as the rows taken so far have left it: what the database knows, with this file's changes on top. The
//! job writes the changes after each batch, the dry run only counts; both take rows through here (R4).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::ids::{CampaignId, ContactId, LeadId};
use domain::import::Matched;
use domain::{LeadStatus, Origin, Outcome, PersonField, SourceKind, StatusClass};
use store::contacts::Contact;
use store::identities::KeyBytes;

use super::decide::{Decision, Elsewhere, Facts, Met, Rules, decide};
use super::journal::{self, Journal, Was};
use super::known::Known;
use super::plan::{Incoming, Plan};
use crate::people;

/// Whom this file has brought already; kept over all batches.
#[derive(Debug, Default)]
pub(super) struct Memory {
    met: HashMap<ContactId, Met>,
    /// Identifiers of rows whose person is nobody here.
    strangers: HashMap<KeyBytes, u64>,
}

/// Someone whose values were changed by rows of a batch.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    /// The contact now.
    pub contact: Contact,
    /// Whether the contact is new.
    pub new: bool,
}

/// Who has the values of a set of fields by now, and who has them no more.
type Holders = HashMap<KeyBytes, BTreeMap<ContactId, bool>>;

/// What a batch leaves to be written.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// New contacts and contacts with new values, in the order met.
    pub people: BTreeMap<ContactId, Changed>,
    /// Identifiers with a new owner.
    pub owners: BTreeMap<KeyBytes, ContactId>,
    /// Who came to the values of a set of fields, or lost them.
    pub holders: Holders,
    /// People who share an address from now on, because the team chose to see them apart (R16).
    pub shared: BTreeSet<ContactId>,
    /// Further addresses: owner, key, kind, text.
    pub addresses: Vec<(ContactId, KeyBytes, Matched, String)>,
    /// New leads of this campaign, by person, with their variables.
    pub leads: HashMap<ContactId, BTreeMap<String, String>>,
    /// The people of the new leads, in file order: the list shows them as the file had them.
    pub lead_order: Vec<ContactId>,
    /// New variables of leads that are there.
    pub variables: BTreeMap<ContactId, (LeadId, BTreeMap<String, String>)>,
    /// Tags by person.
    pub tags: Vec<(ContactId, String)>,
    /// Everyone the batch took, for sources and the tags of the import.
    pub taken: Vec<ContactId>,
    /// Identifiers that may come in again although they were deleted.
    pub restored: Vec<KeyBytes>,
    /// Pairs of people that one row's identifiers point at.
    pub suspects: Vec<(ContactId, ContactId)>,
    /// People who must not be contacted from this batch on.
    pub silenced: HashSet<ContactId>,
    /// Identifiers that nobody writes to from this batch on, because the new leads are not to be contacted.
    pub suppressed: HashSet<KeyBytes>,
    /// Whose they are.
    pub quiet: HashSet<ContactId>,
    /// People who came in with an identifier that must not be contacted.
    pub silent: BTreeSet<ContactId>,
    /// New leads that are not begun yet elsewhere.
    pub pending_elsewhere: u64,
}

/// What became of a row.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    /// The decision, with updated or unchanged decided.
    pub decision: Decision,
    /// The person it met or became.
    pub contact: Option<ContactId>,
    /// The identifier that matched.
    pub matched: Option<Matched>,
    /// What it changed, and what stood before.
    pub journal: Journal,
}

/// What every row of a run has in common.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// Where leads go.
    pub campaign: Option<CampaignId>,
    /// The status of new leads.
    pub status: LeadStatus,
    /// Which way the rows come in: the origin of the values they set.
    pub source: (SourceKind, i64),
    /// Whether what was changed is kept, so that it can be taken back; a dry run changes nothing.
    pub journal: bool,
}

/// A run over a file, real or dry.
pub(super) struct Overlay<'a> {
    rules: Rules,
    plan: &'a Plan,
    scope: Scope,
    /// When the batch at hand is taken.
    now: i64,
    memory: Memory,
    /// Owners that this file made, kept over all batches by a dry run.
    carried: HashMap<KeyBytes, ContactId>,
    /// Who came to or lost the values of a set of fields, likewise.
    carried_holders: Holders,
    /// What people of the file have in those sets by now, likewise.
    carried_values: HashMap<ContactId, Box<[String]>>,
    /// Identifiers that rows of this file suppressed, likewise.
    carried_suppressed: HashSet<KeyBytes>,
    /// What the batch at hand changes.
    pub changes: Changes,
}

impl<'a> Overlay<'a> {
    /// A run that has not taken any row yet.
    pub fn new(rules: Rules, plan: &'a Plan, scope: Scope) -> Self {
        Overlay {
            rules,
            plan,
            scope,
            now: 0,
            memory: Memory::default(),
            carried: HashMap::new(),
            carried_holders: Holders::default(),
            carried_values: HashMap::new(),
            carried_suppressed: HashSet::new(),
            changes: Changes::default(),
        }
    }

    /// How the rows are read.
    pub fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// Whether people who are here already get new values.
    pub fn updates(&self) -> bool {
        self.rules.mode.updates()
    }

    /// Starts a batch at this time.
    pub fn begin(&mut self, now: i64) {
        self.now = now;
    }

    /// Hands over what the batch changed and starts the next one.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    /// Ends a batch of a dry run: nothing was written, so the owners must be carried on.
    pub fn carry_on(&mut self) {
        let changes = self.take_changes();
        self.carried.extend(changes.owners);
        self.carried_suppressed.extend(changes.suppressed);
        if !self.plan.groups().is_empty() {
            let values = changes.people.iter().map(|(id, now)| (*id, self.plan.groups().values(&now.contact)));
            self.carried_values.extend(values);
        }
        for (key, people) in changes.holders {
            self.carried_holders.entry(key).or_default().extend(people);
        }
    }

    /// Remembers a row that an earlier run of this job took: what it met, and whether it went in.
    pub fn recall(&mut self, row: &Incoming, contact: Option<ContactId>, outcome: Outcome, wrote: bool) {
        self.remember(row, contact, outcome, wrote);
    }

    fn remember(&mut self, row: &Incoming, contact: Option<ContactId>, outcome: Outcome, wrote: bool) {
        if matches!(outcome, Outcome::Failed | Outcome::IdentityConflict) {
            return;
        }
        match contact {
            Some(contact) => {
                self.memory.met.entry(contact).or_insert(Met { row: row.number, taken: wrote });
            }
            None => {
                for key in self.recognised_by(row) {
                    self.memory.strangers.entry(key).or_insert(row.number);
                }
            }
        }
    }

    fn owner(&self, known: &Known, key: &KeyBytes) -> Option<ContactId> {
        self.changes.owners.get(key).or_else(|| self.carried.get(key)).or_else(|| known.owners.get(key)).copied()
    }

    /// The keys by which this import recognises the person of a row.
    fn recognised_by(&self, row: &Incoming) -> Vec<KeyBytes> {
        let identities = row.keys.iter().filter(|(kind, _)| self.plan.identifies(*kind)).map(|(_, key)| *key);
        identities.chain(row.groups.iter().copied()).collect()
    }

    /// The oldest of those who have the values of a set of fields.
    fn holder(&self, known: &Known, key: &KeyBytes) -> Option<ContactId> {
        // those whom a dry run made up have ids below zero, the newest the lowest
        let age = |id: &ContactId| (id.0 < 0, id.0.abs());
        let now = |id: ContactId| {
            let moved = |holders: &Holders| holders.get(key).and_then(|people| people.get(&id)).copied();
            moved(&self.changes.holders).or_else(|| moved(&self.carried_holders))
        };
        let stored = known.holders.get(key).into_iter().flatten().copied().filter(|id| now(*id) != Some(false));
        let came = [&self.changes.holders, &self.carried_holders].into_iter().filter_map(|holders| holders.get(key));
        let came = came.flat_map(|people| people.keys().copied()).filter(|id| now(*id) == Some(true));
        stored.chain(came).min_by_key(age)
    }

    /// Whether an identifier of the row belongs to someone whom this batch made one not to contact.
    fn belongs_to_silenced(&self, row: &Incoming, known: &Known) -> bool {
        let owners = row.keys.iter().filter_map(|(_, key)| self.owner(known, key));
        owners.into_iter().any(|owner| self.changes.quiet.contains(&owner))
    }

    /// Nobody writes to this person again, under any identifier that is known of them here.
    fn suppress(&mut self, row: &Incoming, who: ContactId, known: &Known) {
        let now = self.changes.people.get(&who).map(|c| &c.contact).or_else(|| known.contacts.get(&who));
        let shown = now.map(|contact| people::keys(&contact.person, self.plan.email_rules())).unwrap_or_default();
        let gained = row.keys.iter().filter(|(_, key)| self.owner(known, key) == Some(who)).copied();
        let all: Vec<KeyBytes> = shown.into_iter().chain(gained).map(|(_, key)| key).collect();
        self.changes.suppressed.extend(all);
        self.changes.quiet.insert(who);
    }

    /// Takes one row: decides, and changes the overlay accordingly. `candidate` is the id the person gets if they are
    /// new.
    pub fn take(&mut self, row: &Incoming, known: &Known, candidate: ContactId) -> Taken {
        let mut owners: Vec<(Matched, ContactId)> = Vec::new();
        let identities = row.keys.iter().filter(|(kind, _)| self.plan.identifies(*kind));
        let identities = identities.map(|(kind, key)| (*kind, self.owner(known, key)));
        let groups = row.groups.iter().map(|key| (Matched::Chosen, self.holder(known, key)));
        for (kind, owner) in identities.chain(groups) {
            if let Some(owner) = owner
                && !owners.iter().any(|(_, o)| *o == owner)
            {
                owners.push((kind, owner));
            }
        }
        let owners = if row.refused.is_some() { Vec::new() } else { owners };
        let (matched, contact) = owners.first().copied().unzip();
        let met = match contact {
            Some(contact) => self.memory.met.get(&contact).copied(),
            None => {
                let known_keys = self.recognised_by(row);
                known_keys.iter().find_map(|k| self.memory.strangers.get(k)).map(|&row| Met { row, taken: false })
            }
        };
        let members = contact.and_then(|c| known.members.get(&c)).map_or(&[][..], Vec::as_slice);
        let elsewhere: Vec<Elsewhere> = members
            .iter()
            .filter(|m| Some(m.campaign) != self.scope.campaign)
            .map(|m| Elsewhere { campaign: m.campaign, status: m.status, archived: m.archived })
            .collect();
        let here = members.iter().any(|m| Some(m.campaign) == self.scope.campaign);
        let has = |set: &HashSet<KeyBytes>| row.keys.iter().any(|(_, key)| set.contains(key));
        let by_key = [&known.suppressed, &self.changes.suppressed, &self.carried_suppressed].into_iter().any(has)
            || (self.scope.status.suppresses() && self.belongs_to_silenced(row, known));
        let facts = Facts {
            refused: row.refused.as_deref(),
            people: owners.len(),
            met,
            deleted: !here && has(&known.deleted),
            suppressed: by_key || contact.and_then(|c| known.contacts.get(&c)).is_some_and(|c| c.do_not_contact),
            here,
            elsewhere: &elsewhere,
        };
        let mut decision = decide(&facts, &self.rules);
        if decision.outcome == Outcome::IdentityConflict {
            for pair in owners.windows(2) {
                self.changes.suspects.push((pair[0].1.min(pair[1].1), pair[0].1.max(pair[1].1)));
            }
        }
        let who = if decision.person { Some(contact.unwrap_or(candidate)) } else { contact };
        let takes = who.filter(|_| decision.takes());
        let mut journal =
            takes.map_or_else(Journal::default, |who| self.apply(row, who, contact.is_none(), &decision, known));
        if decision.outcome == Outcome::Updated {
            let changed = journal.is_change();
            decision.reason = if changed { "changed" } else { "nothingNew" }.to_owned();
            decision.outcome = if changed { Outcome::Updated } else { Outcome::Unchanged };
        }
        if decision.lead && elsewhere.iter().any(|e| !e.archived && e.status.class() == StatusClass::Pending) {
            self.changes.pending_elsewhere += 1;
        }
        if decision.takes() && facts.deleted {
            self.changes.restored.extend(row.keys.iter().map(|(_, key)| *key));
        }
        if let Some(who) = takes {
            let silences = match known.contacts.get(&who) {
                Some(contact) => !contact.do_not_contact && (by_key || self.scope.status.suppresses()),
                None => self.scope.status.suppresses() && !by_key,
            };
            if by_key {
                self.changes.silent.insert(who);
            }
            if self.scope.status.suppresses() {
                self.suppress(row, who, known);
            }
            journal.silenced = silences && self.changes.silenced.insert(who);
        }
        self.remember(row, who, decision.outcome, decision.takes());
        Taken { journal, decision, contact: who, matched }
    }

    /// Writes the row's values to the overlay and says what they replaced.
    fn apply(&mut self, row: &Incoming, who: ContactId, new: bool, decision: &Decision, known: &Known) -> Journal {
        let mut journal = Journal::default();
        self.changes.taken.push(who);
        self.changes.tags.extend(row.tags.iter().map(|t| (who, t.clone())));
        if decision.values {
            self.apply_person(row, who, new, known, &mut journal);
        }
        if self.scope.campaign.is_some() {
            self.apply_lead(row, who, decision, known, &mut journal);
        }
        if new
            && self.scope.journal
            && let Some(made) = self.changes.people.get(&who)
        {
            journal.contact = Some(journal::print_person(&made.contact.person, &made.contact.custom));
        }
        journal
    }

    fn apply_person(&mut self, row: &Incoming, who: ContactId, new: bool, known: &Known, journal: &mut Journal) {
        let mut now = match (self.changes.people.get(&who), known.contacts.get(&who)) {
            (Some(changed), _) => changed.clone(),
            (None, Some(contact)) => Changed { contact: contact.clone(), new: false },
            // someone whom an earlier batch of a dry run made: only what people are recognised by still matters
            (None, None) => Changed { contact: Contact::new(who), new },
        };
        if !self.changes.people.contains_key(&who)
            && let Some(values) = self.carried_values.get(&who)
        {
            self.plan.groups().give(&mut now.contact, values);
        }
        let replaced = now.contact.person.clone();
        let replaced_shared = now.contact.shared_mailbox;
        let old_keys = people::keys(&now.contact.person, self.plan.email_rules());
        let old_groups = self.plan.groups().keys(&now.contact.person, &now.contact.custom);
        let mut touched = now.new;
        for (field, value) in row.person.known() {
            let old = now.contact.person.get(field).to_owned();
            if same_identifier(field, &old_keys, row) {
                continue;
            }
            let rule = if new { domain::Overwrite::Overwrite } else { self.plan.overwrite(field) };
            if rule.resolve(&old, value) != old {
                now.contact.person.set(field, value);
                if !new {
                    let from = now.contact.origins.insert(field.word().to_owned(), self.origin());
                    let was = Was { old, new: value.to_owned(), from };
                    journal.fields.insert(field.word().to_owned(), was);
                }
                touched = true;
            }
        }
        for (id, value) in &row.custom {
            let old = now.contact.custom.get(id).cloned().unwrap_or_default();
            let rule = if new { domain::Overwrite::Overwrite } else { self.plan.overwrite_custom(*id) };
            if rule.resolve(&old, value) != old {
                now.contact.custom.insert(*id, value.clone());
                if !new {
                    let from = now.contact.origins.insert(id.to_string(), self.origin());
                    journal.fields.insert(id.to_string(), Was { old, new: value.clone(), from });
                }
                touched = true;
            }
        }
        let new_groups = self.plan.groups().keys(&now.contact.person, &now.contact.custom);
        for (keys, there) in [(&old_groups, false), (&new_groups, true)] {
            let lost = |key: &KeyBytes| !new_groups.contains(key) && !known.inherited.contains(&(*key, who));
            for key in keys.iter().filter(|key| there || lost(key)) {
                self.changes.holders.entry(*key).or_default().insert(who, there);
            }
        }
        let kept = people::keys(&now.contact.person, self.plan.email_rules());
        for (kind, key) in &row.keys {
            let owner = self.owner(known, key);
            if let Some(other) = owner.filter(|owner| *owner != who) {
                // the team chose to see people apart who share this (R16): nobody gets it twice
                if kept.contains(&(*kind, *key)) {
                    touched |= self.share(known, &mut now, other, journal);
                }
            } else if owner.is_none() {
                self.changes.owners.insert(*key, who);
                let text = row.person.get(people::field_of(*kind)).to_owned();
                if !new {
                    journal.gained.push((kind.word().to_owned(), text.clone()));
                }
                if !kept.contains(&(*kind, *key)) {
                    journal.addresses.push(*key);
                    self.changes.addresses.push((who, *key, *kind, text));
                }
            }
        }
        for (kind, key) in old_keys {
            if !kept.contains(&(kind, key)) && (!replaced_shared || self.owner(known, &key) == Some(who)) {
                let field = people::field_of(kind);
                let text = replaced.get(field).to_owned();
                journal.addresses.push(key);
                self.changes.addresses.push((who, key, kind, text));
            }
        }
        if touched {
            self.changes.people.insert(who, now);
        }
    }

    /// Marks two people as sharing an address; says whether the first was not marked before.
    fn share(&mut self, known: &Known, now: &mut Changed, other: ContactId, journal: &mut Journal) -> bool {
        let marked = |id: &ContactId| known.contacts.get(id).is_some_and(|c| c.shared_mailbox);
        if !marked(&other) && self.changes.shared.insert(other) {
            journal.shared.push(other.0);
        }
        let first = !std::mem::replace(&mut now.contact.shared_mailbox, true);
        if first && !now.new {
            journal.shared.push(now.contact.id.0);
        }
        first
    }

    fn apply_lead(
        &mut self,
        row: &Incoming,
        who: ContactId,
        decision: &Decision,
        known: &Known,
        journal: &mut Journal,
    ) {
        if decision.lead {
            let variables: BTreeMap<String, String> = row.variables.iter().cloned().collect();
            if self.scope.journal {
                journal.lead = Some(journal::made_lead(&variables));
            }
            self.changes.leads.insert(who, variables);
            self.changes.lead_order.push(who);
            return;
        }
        if !decision.values || row.variables.is_empty() {
            return;
        }
        let mut change = |values: &mut BTreeMap<String, String>| {
            let mut touched = false;
            for (name, value) in &row.variables {
                let old = values.get(name).cloned();
                let rule = self.plan.overwrite_variable(name);
                let now = rule.resolve(old.as_deref().unwrap_or(""), value);
                if Some(now) != old.as_deref() && !now.is_empty() {
                    let now = now.to_owned();
                    let was = Was { old: old.unwrap_or_default(), new: now.clone(), from: None };
                    journal.variables.insert(name.clone(), was);
                    values.insert(name.clone(), now);
                    touched = true;
                }
            }
            touched
        };
        if let Some(values) = self.changes.leads.get_mut(&who) {
            change(values);
        } else if let Some((_, values)) = self.changes.variables.get_mut(&who) {
            change(values);
        } else if let Some((lead, json)) = known.variables.get(&who) {
            let mut values: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
            if change(&mut values) {
                self.changes.variables.insert(who, (*lead, values));
            }
        }
    }

    fn origin(&self) -> Origin {
        let (kind, id) = self.scope.source;
        Origin { kind, id, at: self.now }
    }
}

/// Whether the row's value of an identifying field is the one that stands there, however it is spelled: importing the
/// same file again then changes nothing (A63).
fn same_identifier(field: PersonField, old: &[(Matched, KeyBytes)], row: &Incoming) -> bool {
    let kind = match field {
        PersonField::Email => Matched::Email,
        PersonField::LinkedinUrl => Matched::Linkedin,
        PersonField::LinkedinUrlSalesNav => Matched::SalesNavigator,
        _ => return false,
    };
    row.keys.iter().any(|key| key.0 == kind && old.contains(key))
}
