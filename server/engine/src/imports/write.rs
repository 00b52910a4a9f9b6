//! Writes what a batch changed: people, identities, leads, outcomes, counters and the cursor, all or none.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::ids::{CampaignId, ContactId, ImportId, LeadId, WorkspaceId};
use domain::{LeadStatus, Person, PersonField, SourceKind};
use store::consent::Tombstone;
use store::contacts::{Address, Contact};
use store::identities::KeyBytes;
use store::import_rows::ImportRow;
use store::leads::Lead;
use store::{Tx, campaigns, consent, contacts, identities, import_rows, leads, suspects, tags};

use super::overlay::{Changes, Taken};
use super::plan::Incoming;
use crate::groups::{self, Groups};
use crate::{Error, Result, people};

/// Where a batch goes.
pub(super) struct Destination<'a> {
    /// Where the people belong.
    pub workspace: WorkspaceId,
    /// Which way they come in.
    pub source: (SourceKind, i64),
    /// Where leads go.
    pub campaign: Option<CampaignId>,
    /// The status of new leads.
    pub status: LeadStatus,
    /// Ids of tags, by folded name.
    pub tags: &'a HashMap<String, i64>,
    /// Tags that everyone gets.
    pub import_tags: &'a [i64],
    /// The first of the ids reserved for leads.
    pub first_lead: i64,
}

/// Writes the changes of a batch.
pub(super) async fn write(
    tx: &mut Tx,
    to: &Destination<'_>,
    groups: &Groups,
    claimed: &[(KeyBytes, ContactId)],
    changes: Changes,
    now: i64,
) -> Result<Written> {
    let mut written = Written::default();
    let workspace = to.workspace;
    let mut touched: Vec<ContactId> = changes.people.keys().copied().collect();
    touched.extend(changes.owners.values());
    touched.extend(changes.suspects.iter().flat_map(|(first, second)| [*first, *second]));
    touched.sort_unstable();
    touched.dedup();
    let people: Vec<Contact> = match groups.is_empty() {
        true => Vec::new(),
        false => changes.people.values().map(|c| c.contact.clone()).collect(),
    };
    let (new, changed): (Vec<_>, Vec<_>) = changes
        .people
        .into_values()
        .map(|c| {
            let folded = people::folded(&c.contact.person);
            (c.new, (c.contact, folded))
        })
        .partition(|(new, _)| *new);
    contacts::add(tx, workspace, new.into_iter().map(|(_, c)| c).collect(), now).await?;
    contacts::update(tx, workspace, changed.into_iter().map(|(_, c)| c).collect(), now).await?;
    groups::keep(tx, workspace, groups, &people).await?;
    let shared: Vec<ContactId> = changes.shared.into_iter().collect();
    contacts::set_shared_mailbox(tx, workspace, &shared, true).await?;
    settle(tx, to, claimed, &changes.owners).await?;
    let addresses = changes
        .addresses
        .into_iter()
        .map(|(contact, key, kind, value)| Address { contact, key, kind: kind.word(), value })
        .collect();
    written.addresses = contacts::add_addresses(tx, workspace, addresses, now).await?.into_iter().collect();
    if let Some(campaign) = to.campaign {
        let mut variables = changes.leads;
        let new = changes.lead_order.into_iter().filter_map(|c| Some((c, variables.remove(&c)?))).collect();
        written.leads = write_leads(tx, to, campaign, new, changes.variables, now).await?;
    }
    let mut taken = changes.taken;
    taken.sort_unstable();
    taken.dedup();
    // a file is a source of its own; by another door the same person may have come before
    let noted = contacts::add_source(tx, workspace, to.source, &taken, now).await?;
    written.sourced = to.import().is_none() && noted > 0;
    let own = changes.tags.iter().filter_map(|(c, t)| Some((*c, *to.tags.get(&matching::fold_search(t))?)));
    let all = taken.iter().flat_map(|c| to.import_tags.iter().map(|t| (*c, *t)));
    let pairs: HashSet<(ContactId, i64)> = own.chain(all).collect();
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_unstable();
    if to.import().is_none() {
        // such a tag does not know what put it on, so the journal does
        for (who, tag) in &pairs {
            if tags::having(tx, workspace, *tag, &[*who]).await?.is_empty() {
                written.tags.entry(*who).or_default().push(*tag);
            }
        }
    }
    tags::add(tx, workspace, &pairs, to.import()).await?;
    for tombstone in consent::allow_again(tx, workspace, to.campaign, &changes.restored).await? {
        written.lifted.entry(tombstone.key).or_default().push(tombstone);
    }
    if to.status.suppresses() {
        let suppressed: Vec<KeyBytes> = changes.suppressed.into_iter().collect();
        consent::suppress(tx, workspace, &suppressed, to.source.0.word(), now).await?;
        crate::leads::change::suppress(tx, workspace, &taken, to.source.0.word(), now).await?;
    } else {
        // someone suppressed by identifier only is marked as soon as they are a contact
        let silent: Vec<ContactId> = changes.silent.into_iter().collect();
        contacts::set_do_not_contact(tx, workspace, &silent).await?;
    }
    suspects::add(tx, workspace, &changes.suspects, "sharedIdentifiers", to.import(), now).await?;
    suspects::want_matching(tx, workspace, &touched).await?;
    Ok(written)
}

/// What only the database could say, for the journals of the rows.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Numbers of the new leads.
    leads: HashMap<ContactId, LeadId>,
    /// Further addresses that were not there before.
    addresses: HashSet<(ContactId, KeyBytes)>,
    /// Tombstones that were lifted.
    lifted: HashMap<KeyBytes, Vec<Tombstone>>,
    /// Tags that were put on, where they do not know by what.
    tags: HashMap<ContactId, Vec<i64>>,
    /// Whether the one person of this batch had not come this way before.
    sourced: bool,
}

impl Written {
    /// Completes the journal of a row; rows come in file order, and the first that did a thing has it.
    pub fn complete(&mut self, row: &Incoming, taken: &mut Taken) {
        let Some(who) = taken.contact.filter(|_| taken.decision.takes()) else { return };
        if let Some(lead) = &mut taken.journal.lead
            && let Some(id) = self.leads.get(&who)
        {
            lead.id = id.0;
        }
        taken.journal.addresses.retain(|key| self.addresses.remove(&(who, *key)));
        taken.journal.sourced = self.sourced;
        taken.journal.tags = self.tags.remove(&who).unwrap_or_default();
        if !self.lifted.is_empty() {
            taken.journal.lifted = row.keys.iter().filter_map(|(_, key)| self.lifted.remove(key)).flatten().collect();
        }
    }
}

impl Destination<'_> {
    /// The import, when the people come from a file.
    fn import(&self) -> Option<ImportId> {
        (self.source.0 == SourceKind::Import).then_some(ImportId(self.source.1))
    }
}

/// Gives every claimed identifier to the person who has it now, or back; and adds those that were never claimed.
async fn settle(
    tx: &mut Tx,
    to: &Destination<'_>,
    claimed: &[(KeyBytes, ContactId)],
    owners: &BTreeMap<KeyBytes, ContactId>,
) -> Result<()> {
    let claims: HashMap<KeyBytes, ContactId> = claimed.iter().copied().collect();
    let moved: Vec<_> = claimed
        .iter()
        .filter_map(|(key, candidate)| match owners.get(key) {
            Some(owner) if owner == candidate => None,
            other => Some((*key, other.copied())),
        })
        .collect();
    identities::settle(tx, to.workspace, &moved).await?;
    // a stale claim would be a fault of ours: every new identifier of a batch was claimed before
    if owners.keys().any(|key| !claims.contains_key(key)) {
        return Err(Error::Fault("an identifier was given away that was not claimed"));
    }
    Ok(())
}

async fn write_leads(
    tx: &mut Tx,
    to: &Destination<'_>,
    campaign: CampaignId,
    new: Vec<(ContactId, BTreeMap<String, String>)>,
    variables: BTreeMap<ContactId, (LeadId, BTreeMap<String, String>)>,
    now: i64,
) -> Result<HashMap<ContactId, LeadId>> {
    let workspace = to.workspace;
    let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
    let mut rows = Vec::with_capacity(new.len());
    let mut made = HashMap::with_capacity(new.len());
    for ((contact, values), id) in new.into_iter().zip(to.first_lead..) {
        made.insert(contact, LeadId(id));
        rows.push(Lead {
            id: LeadId(id),
            campaign,
            contact,
            status: to.status,
            variables: serde_json::to_string(&values)?,
            import: to.import(),
        });
    }
    leads::add(tx, workspace, rows, now).await?;
    campaigns::add_counts(tx, workspace, campaign, &[(to.status, count)]).await?;
    let variables = variables
        .into_values()
        .map(|(lead, values)| Ok((lead, serde_json::to_string(&values)?)))
        .collect::<Result<Vec<_>>>()?;
    leads::set_variables(tx, workspace, variables, now).await?;
    Ok(made)
}

/// Whom a row is about, as the file writes them: the name, and the address to search by.
pub(super) fn who(person: &Person) -> String {
    let (name, email) = (person.display_name(), person.get(PersonField::Email));
    let who = if email.is_empty() || name == email { name } else { format!("{name}, {email}") };
    // a row may be refused for just that: a NUL, which PostgreSQL does not store
    who.replace(char::is_control, " ")
}

/// The rows of a batch as they are kept.
pub(super) async fn write_rows(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    rows: &[(Incoming, Taken)],
) -> Result<()> {
    let rows = rows.iter().map(|(row, taken)| import_row(row, taken)).collect::<Result<Vec<_>>>()?;
    Ok(import_rows::add(tx, workspace, import, rows).await?)
}

/// A row as it is kept.
pub(super) fn import_row(row: &Incoming, taken: &Taken) -> Result<ImportRow> {
    let decision = &taken.decision;
    let who = if decision.outcome.is_detail() { who(&row.person) } else { String::new() };
    let before = (!taken.journal.is_empty()).then(|| serde_json::to_string(&taken.journal)).transpose()?;
    Ok(ImportRow {
        row_number: i64::try_from(row.number).unwrap_or(i64::MAX),
        outcome: decision.outcome.word().to_owned(),
        reason: decision.reason.clone(),
        search: matching::fold_search(&who),
        who,
        contact_id: taken.contact.map(|c| c.0),
        matched: taken.matched.map(|m| m.word().to_owned()),
        campaign_id: decision.met_there.map(|e| e.campaign.0),
        status: decision.met_there.map(|e| e.status.word().to_owned()),
        before,
    })
}
