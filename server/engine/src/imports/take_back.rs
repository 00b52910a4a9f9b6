//! Takes rows back: what still is as a row left it becomes what it was before, and what changed since is kept and
//! listed. One batch in one transaction; the people are locked in the order of everyone.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::ids::{CampaignId, ContactId, FieldId, ImportId, LeadId, WorkspaceId};
use domain::{LeadStatus, Person, PersonField, SourceKind};
use matching::EmailRules;
use store::consent::Tombstone;
use store::contacts::Contact;
use store::identities::KeyBytes;
use store::import_undo::{self, Kept, Source, StandingLead};
use store::{Tx, campaigns, changes, consent, contacts, identities, leads, merges, suspects, tags};

use super::journal::{self, Journal, Was};
use super::write;
use crate::groups::{self, Groups};
use crate::{Error, Result, people};

/// What the rows of one undo have in common.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub workspace: WorkspaceId,
    /// Which way the rows came in.
    pub source: (SourceKind, i64),
    /// Where their leads went.
    pub campaign: Option<CampaignId>,
    /// The status their leads got.
    pub status: LeadStatus,
    pub email: EmailRules,
    pub now: i64,
}

impl Scope {
    fn import(&self) -> Option<ImportId> {
        (self.source.0 == SourceKind::Import).then_some(ImportId(self.source.1))
    }
}

/// One row to take back; rows come newest first.
#[derive(Debug)]
pub(crate) struct Step {
    pub who: ContactId,
    pub journal: Journal,
    /// The row by which the person came in: the one that noted the source.
    pub first: bool,
}

/// What came of a batch.
#[derive(Debug, Default)]
pub(crate) struct TakenBack {
    pub contacts: i64,
    pub leads: i64,
    pub restored: i64,
    pub kept: Vec<Kept>,
}

/// Takes a batch back; none when someone got another identifier between looking and locking, and the caller must begin
/// anew.
pub(crate) async fn take_back(tx: &mut Tx, scope: &Scope, steps: &[Step]) -> Result<Option<TakenBack>> {
    let groups = groups::load(tx, scope.workspace, false).await?;
    let Some(mut books) = Books::open(tx, scope, steps).await? else { return Ok(None) };
    for step in steps {
        books.step(step);
    }
    books.write(tx, &groups).await.map(Some)
}

/// The people of a batch as they stand, and what becomes of them.
struct Books<'a> {
    scope: &'a Scope,
    contacts: HashMap<ContactId, Contact>,
    gone: HashMap<ContactId, (Option<ContactId>, Option<i64>)>,
    addresses: HashMap<ContactId, BTreeSet<KeyBytes>>,
    owners: HashMap<KeyBytes, ContactId>,
    leads: HashMap<LeadId, StandingLead>,
    /// Leads of these rows that became one with another when their people were merged.
    united: HashMap<LeadId, LeadId>,
    sources: HashMap<ContactId, Vec<Source>>,
    held: HashSet<ContactId>,
    tagged: HashSet<ContactId>,
    kept_before: HashSet<(ContactId, String)>,

    changed: BTreeSet<ContactId>,
    variables: BTreeMap<LeadId, String>,
    removed_contacts: BTreeSet<ContactId>,
    removed_leads: Vec<StandingLead>,
    removed_addresses: Vec<(ContactId, KeyBytes)>,
    sourceless: BTreeSet<ContactId>,
    untagged: BTreeSet<ContactId>,
    tags: Vec<(ContactId, i64)>,
    apart: BTreeSet<ContactId>,
    lifted: Vec<Tombstone>,
    result: TakenBack,
}

impl<'a> Books<'a> {
    async fn open(tx: &mut Tx, scope: &'a Scope, steps: &[Step]) -> Result<Option<Books<'a>>> {
        let workspace = scope.workspace;
        let ids: Vec<ContactId> = steps.iter().map(|s| s.who).collect::<BTreeSet<_>>().into_iter().collect();
        // who was merged or deleted stays as they are, and so do their identifiers
        let gone = import_undo::gone(tx, workspace, &ids).await?;
        let standing: Vec<ContactId> = ids.iter().copied().filter(|id| !gone.contains_key(id)).collect();
        // identifiers first, then people: everyone locks in one order
        let mut wanted: BTreeMap<KeyBytes, ContactId> = BTreeMap::new();
        for (id, key) in own_keys(tx, scope, &standing).await? {
            wanted.entry(key).or_insert(id);
        }
        for step in steps.iter().filter(|s| !gone.contains_key(&s.who)) {
            for key in old_keys(&step.journal, scope.email) {
                wanted.entry(key).or_insert(step.who);
            }
        }
        let wanted: Vec<(KeyBytes, ContactId)> = wanted.into_iter().collect();
        let owners = identities::claim(tx, workspace, &wanted).await?;
        contacts::lock(tx, workspace, &ids).await?;
        let moved = own_keys(tx, scope, &standing).await?.iter().any(|(_, key)| !owners.contains_key(key));
        if moved || import_undo::gone(tx, workspace, &ids).await? != gone {
            return Ok(None);
        }
        let mut addresses: HashMap<ContactId, BTreeSet<KeyBytes>> = HashMap::new();
        for (id, key, _) in contacts::address_keys(tx, workspace, &ids).await? {
            addresses.entry(id).or_default().insert(key);
        }
        let mut sources: HashMap<ContactId, Vec<Source>> = HashMap::new();
        for source in import_undo::sources(tx, workspace, &ids).await? {
            sources.entry(ContactId(source.contact_id)).or_default().push(source);
        }
        let made: Vec<LeadId> = steps.iter().filter_map(|s| Some(LeadId(s.journal.lead.as_ref()?.id))).collect();
        let kept_before = match scope.import() {
            Some(import) => import_undo::kept_of(tx, workspace, import, &ids).await?,
            None => HashSet::new(),
        };
        Ok(Some(Books {
            scope,
            contacts: contacts::among(tx, workspace, &ids).await?.into_iter().map(|c| (c.id, c)).collect(),
            gone,
            addresses,
            owners,
            leads: import_undo::leads(tx, workspace, &ids).await?,
            united: merges::leads_now(tx, workspace, &made).await?,
            sources,
            held: import_undo::held(tx, workspace, &ids).await?,
            tagged: import_undo::tags(tx, workspace, &ids)
                .await?
                .into_iter()
                .filter(|(who, tag, by)| {
                    let ours = |s: &Step| s.who == *who && s.journal.tags.contains(tag);
                    (by.is_none() || *by != scope.import()) && !steps.iter().any(ours)
                })
                .map(|(who, ..)| who)
                .collect(),
            kept_before,
            changed: BTreeSet::new(),
            variables: BTreeMap::new(),
            removed_contacts: BTreeSet::new(),
            removed_leads: Vec::new(),
            removed_addresses: Vec::new(),
            sourceless: BTreeSet::new(),
            untagged: BTreeSet::new(),
            tags: Vec::new(),
            apart: BTreeSet::new(),
            lifted: Vec::new(),
            result: TakenBack::default(),
        }))
    }

    fn keep(&mut self, who: ContactId, what: impl Into<String>, why: &'static str) {
        let what = what.into();
        if self.kept_before.insert((who, what.clone())) {
            let name = self.contacts.get(&who).map(|c| write::who(&c.person)).unwrap_or_default();
            self.result.kept.push(Kept { contact_id: who.0, what, why: why.to_owned(), who: name });
        }
    }

    fn is_kept(&self, who: ContactId, what: &str) -> bool {
        self.kept_before.contains(&(who, what.to_owned()))
    }

    fn step(&mut self, step: &Step) {
        let (who, journal) = (step.who, &step.journal);
        if !self.contacts.contains_key(&who) {
            return;
        }
        if let Some((merged, _)) = self.gone.get(&who) {
            let why = if merged.is_some() { "merged" } else { "deleted" };
            if !journal.is_empty() {
                self.keep(who, "contact", why);
            }
            return;
        }
        self.variables(who, journal);
        self.lead(who, journal);
        self.fields(who, journal);
        self.addresses(who, journal);
        if journal.silenced {
            self.keep(who, "consent", "consent");
        }
        if step.first {
            self.untagged.insert(who);
        }
        self.tags.extend(journal.tags.iter().map(|tag| (who, *tag)));
        if journal.contact.is_some() {
            self.contact(who, journal);
        }
        if step.first && !self.is_kept(who, "contact") {
            self.sourceless.insert(who);
        }
        let whole = ["contact", "field:email", "field:linkedinUrl", "field:linkedinUrlSalesNav"];
        if !whole.iter().any(|what| self.is_kept(who, what)) {
            self.apart.extend(journal.shared.iter().map(|id| ContactId(*id)));
        }
        let (lead, contact) = (self.is_kept(who, "lead"), self.is_kept(who, "contact"));
        self.lifted.extend(journal.lifted.iter().filter(|t| if t.campaign == 0 { !contact } else { !lead }));
    }

    fn variables(&mut self, who: ContactId, journal: &Journal) {
        if journal.variables.is_empty() {
            return;
        }
        let here = self.leads.values_mut().find(|l| l.contact_id == who.0 && Some(l.campaign()) == self.scope.campaign);
        let Some(lead) = here else { return };
        let mut values = read_variables(&lead.variables);
        let mut edited = Vec::new();
        for (name, was) in &journal.variables {
            let what = format!("variable:{name}");
            if self.kept_before.contains(&(who, what.clone())) {
                continue;
            }
            if values.get(name).map_or("", String::as_str) != was.new {
                edited.push(what);
                continue;
            }
            if was.old.is_empty() {
                values.remove(name);
            } else {
                values.insert(name.clone(), was.old.clone());
            }
            self.result.restored += 1;
        }
        lead.variables = serde_json::to_string(&values).unwrap_or_else(|_| "{}".to_owned());
        self.variables.insert(LeadId(lead.id), lead.variables.clone());
        edited.into_iter().for_each(|what| self.keep(who, what, "edited"));
    }

    fn lead(&mut self, who: ContactId, journal: &Journal) {
        let Some(made) = &journal.lead else { return };
        let Some(lead) = self.leads.get(&LeadId(made.id)) else {
            // it lives on in the lead that it became one with, which was there before
            if self.united.get(&LeadId(made.id)).is_some_and(|into| self.leads.contains_key(into)) {
                self.keep(who, "lead", "merged");
            }
            return;
        };
        let print = journal::print_variables(&read_variables(&lead.variables));
        let why = if lead.contact_id != who.0 {
            "merged"
        } else if lead.status != self.scope.status.word() {
            "status"
        } else if print != made.print {
            "edited"
        } else if self.brought_here_since(who) {
            "broughtAgain"
        } else {
            self.variables.remove(&LeadId(made.id));
            self.removed_leads.extend(self.leads.remove(&LeadId(made.id)));
            self.result.leads += 1;
            return;
        };
        self.keep(who, "lead", why);
    }

    /// Whether something else has brought the person into the same campaign since.
    fn brought_here_since(&self, who: ContactId) -> bool {
        let sources = self.sources.get(&who).map_or(&[][..], Vec::as_slice);
        let ours = sources.iter().find(|s| self.is_ours(s)).map_or(i64::MAX, |s| s.created_at);
        sources.iter().any(|s| !self.is_ours(s) && s.created_at >= ours && s.campaign() == self.scope.campaign)
    }

    fn is_ours(&self, source: &Source) -> bool {
        (source.kind.as_str(), source.source_id) == (self.scope.source.0.word(), self.scope.source.1)
    }

    fn fields(&mut self, who: ContactId, journal: &Journal) {
        for (word, was) in &journal.fields {
            let what = format!("field:{word}");
            if self.is_kept(who, &what) {
                continue;
            }
            let taken = self.taken_by_another(who, word, was);
            let Some(contact) = self.contacts.get_mut(&who) else { return };
            if value(contact, word) != was.new {
                self.keep(who, what, "edited");
            } else if taken {
                self.keep(who, what, "taken");
            } else {
                set_value(contact, word, &was.old);
                match was.from {
                    Some(origin) => contact.origins.insert(word.clone(), origin),
                    None => contact.origins.remove(word),
                };
                self.changed.insert(who);
                self.result.restored += 1;
            }
        }
    }

    /// Whether the address or profile that stood here before identifies somebody else by now.
    fn taken_by_another(&self, who: ContactId, word: &str, was: &Was) -> bool {
        let shared = self.contacts.get(&who).is_some_and(|c| c.shared_mailbox);
        !shared && keys_of(word, &was.old, self.scope.email).iter().any(|key| self.owners.get(key) != Some(&who))
    }

    fn addresses(&mut self, who: ContactId, journal: &Journal) {
        // what a kept value replaced goes on identifying the person
        let needed: Vec<KeyBytes> = journal
            .fields
            .iter()
            .filter(|(word, _)| self.is_kept(who, &format!("field:{word}")))
            .flat_map(|(word, was)| keys_of(word, &was.old, self.scope.email))
            .collect();
        for key in journal.addresses.iter().filter(|key| !needed.contains(key)) {
            if self.addresses.get_mut(&who).is_some_and(|keys| keys.remove(key)) {
                self.removed_addresses.push((who, *key));
            }
        }
    }

    fn contact(&mut self, who: ContactId, journal: &Journal) {
        let Some(contact) = self.contacts.get(&who) else { return };
        let print = journal::print_person(&contact.person, &contact.custom);
        let sources = self.sources.get(&who).map_or(&[][..], Vec::as_slice);
        let leads = self.leads.values().any(|l| l.contact_id == who.0);
        let why = if self.is_kept(who, "lead") {
            "lead"
        } else if journal.contact.as_deref() != Some(print.as_str()) || self.held.contains(&who) {
            "edited"
        } else if sources.iter().any(|s| !self.is_ours(s)) {
            "broughtAgain"
        } else if leads {
            "otherCampaign"
        } else if self.tagged.contains(&who) {
            "tagged"
        } else {
            self.removed_contacts.insert(who);
            self.result.contacts += 1;
            return;
        };
        self.keep(who, "contact", why);
    }

    /// Writes what was decided.
    async fn write(self, tx: &mut Tx, groups: &Groups) -> Result<TakenBack> {
        let Scope { workspace, now, .. } = *self.scope;
        let lost: Vec<(KeyBytes, ContactId)> = self
            .owners
            .iter()
            .filter(|(key, owner)| {
                self.contacts.contains_key(owner) && !self.gone.contains_key(owner) && !self.owns(**owner, key)
            })
            .map(|(key, owner)| (*key, *owner))
            .collect();
        let shared = |who: &ContactId| self.contacts.get(who).is_some_and(|c| c.shared_mailbox);
        let inherited: Vec<KeyBytes> = lost.iter().filter(|(_, who)| shared(who)).map(|(key, _)| *key).collect();
        // who leaves the address, or the base, inherits nothing; who stays has the values of now
        let leaves = |who: ContactId| self.contacts.contains_key(&who) && !self.gone.contains_key(&who);
        let mut heirs = people::heirs(tx, workspace, &inherited, leaves, self.scope.email).await?;
        for key in &inherited {
            let stays = self.contacts.keys().filter(|who| leaves(**who) && shared(who) && self.owns(**who, key)).min();
            if let Some(who) = stays {
                heirs.entry(*key).and_modify(|heir| *heir = *who.min(heir)).or_insert(*who);
            }
        }
        let lost: Vec<(KeyBytes, Option<ContactId>)> =
            lost.into_iter().map(|(key, _)| (key, heirs.get(&key).copied())).collect();
        identities::settle(tx, workspace, &lost).await?;
        contacts::remove_addresses(tx, workspace, &self.removed_addresses).await?;

        let ids: Vec<i64> = self.removed_leads.iter().map(|l| l.id).collect();
        changes::delete_leads(tx, workspace, &ids).await?;
        if let Some(campaign) = self.scope.campaign {
            let mut deltas: HashMap<LeadStatus, i64> = HashMap::new();
            for lead in &self.removed_leads {
                let status = lead.status.parse().map_err(|_| Error::Fault("a stored status is unreadable"))?;
                *deltas.entry(status).or_default() -= 1;
            }
            campaigns::add_counts(tx, workspace, campaign, &deltas.into_iter().collect::<Vec<_>>()).await?;
        }
        leads::set_variables(tx, workspace, self.variables.into_iter().collect(), now).await?;

        let mut contacts = self.contacts;
        let changed: Vec<ContactId> = self.changed.difference(&self.removed_contacts).copied().collect();
        let changed_people: Vec<Contact> = changed.iter().filter_map(|id| contacts.remove(id)).collect();
        groups::keep(tx, workspace, groups, &changed_people).await?;
        let rows = changed_people.into_iter().map(|contact| {
            let folded = people::folded(&contact.person);
            (contact, folded)
        });
        contacts::update(tx, workspace, rows.collect(), now).await?;
        let apart: Vec<ContactId> = self.apart.into_iter().collect();
        contacts::set_shared_mailbox(tx, workspace, &apart, false).await?;
        suspects::want_matching(tx, workspace, &changed).await?;
        let list = |ids: BTreeSet<ContactId>| ids.into_iter().collect::<Vec<_>>();
        if let Some(import) = self.scope.import() {
            import_undo::remove_tags(tx, workspace, import, &list(self.untagged)).await?;
        }
        for (who, tag) in self.tags {
            tags::remove(tx, workspace, tag, &[who]).await?;
        }
        let source = (self.scope.source.0.word(), self.scope.source.1);
        import_undo::remove_source(tx, workspace, source, &list(self.sourceless)).await?;
        import_undo::remove_contacts(tx, workspace, &list(self.removed_contacts)).await?;
        consent::put_back(tx, workspace, &self.lifted).await?;
        Ok(self.result)
    }

    /// Whether an identifier still is one of the person's.
    fn owns(&self, who: ContactId, key: &KeyBytes) -> bool {
        if self.removed_contacts.contains(&who) {
            return false;
        }
        self.addresses.get(&who).is_some_and(|keys| keys.contains(key))
            || self
                .contacts
                .get(&who)
                .is_some_and(|c| people::keys(&c.person, self.scope.email).iter().any(|(_, k)| k == key))
    }
}

/// Every identifier of some people, by whom.
async fn own_keys(tx: &mut Tx, scope: &Scope, ids: &[ContactId]) -> Result<Vec<(ContactId, KeyBytes)>> {
    let further = contacts::address_keys(tx, scope.workspace, ids).await?;
    let mut keys: Vec<(ContactId, KeyBytes)> = further.into_iter().map(|(id, key, _)| (id, key)).collect();
    for contact in contacts::among(tx, scope.workspace, ids).await? {
        keys.extend(people::keys(&contact.person, scope.email).into_iter().map(|(_, key)| (contact.id, key)));
    }
    Ok(keys)
}

/// The identifiers that a row replaced.
fn old_keys(journal: &Journal, rules: EmailRules) -> Vec<KeyBytes> {
    journal.fields.iter().flat_map(|(word, was)| keys_of(word, &was.old, rules)).collect()
}

/// The identifiers that a value of a field is.
fn keys_of(word: &str, text: &str, rules: EmailRules) -> Vec<KeyBytes> {
    let Ok(field) = word.parse::<PersonField>() else { return Vec::new() };
    let mut person = Person::default();
    person.set(field, text);
    people::keys(&person, rules).into_iter().map(|(_, key)| key).collect()
}

fn value<'c>(contact: &'c Contact, word: &str) -> &'c str {
    if let Ok(field) = word.parse::<PersonField>() {
        return contact.person.get(field);
    }
    let custom = word.parse::<FieldId>().ok().and_then(|id| contact.custom.get(&id));
    custom.map_or("", String::as_str)
}

fn set_value(contact: &mut Contact, word: &str, text: &str) {
    if let Ok(field) = word.parse::<PersonField>() {
        contact.person.set(field, text);
    } else if let Ok(id) = word.parse::<FieldId>() {
        if text.is_empty() {
            contact.custom.remove(&id);
        } else {
            contact.custom.insert(id, text.to_owned());
        }
    }
}

fn read_variables(json: &str) -> BTreeMap<String, String> {
    serde_json::from_str(json).unwrap_or_default()
}
