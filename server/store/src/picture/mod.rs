//! Everything that stands about some people, as one value: a merge and its undo are functions from picture to picture,
//! and what is written is the difference. So the preview shows what will happen, and undo is exact.

mod load;
mod write;

use std::collections::BTreeMap;
use std::fmt;

use domain::ids::{CampaignId, ContactId, ImportId, LeadId, UserId};
use domain::{CustomValues, LeadStatus, Origins, Person};
use serde::{Deserialize, Serialize};

pub use load::{absorbed, load, load_identifiers, standing};
pub use write::write;

/// An identity key, readable in a journal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(pub [u8; 16]);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Key {
    type Error = std::num::ParseIntError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Ok(Key(u128::from_str_radix(&text, 16)?.to_be_bytes()))
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        key.to_string()
    }
}

/// Two contacts, the smaller id first.
pub type Pair = (ContactId, ContactId);

/// Puts two contacts in the order in which pairs are stored.
pub fn pair(a: ContactId, b: ContactId) -> Pair {
    (a.min(b), a.max(b))
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactRow {
    /// The person's fields.
    pub person: Person,
    /// The team's own fields.
    pub custom: CustomValues,
    /// Where values came from that did not come with the contact.
    pub origins: Origins,
    /// Nothing may be sent to this person.
    pub do_not_contact: bool,
    /// Others have the same address by the team's choice (R16).
    pub shared_mailbox: bool,
    /// Who took this contact in.
    pub merged_into: Option<ContactId>,
    /// When it was deleted.
    pub deleted_at: Option<i64>,
    /// When it came in.
    pub created_at: i64,
}

/// A further address or profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddressRow {
    /// Which kind, by the word of the identifier.
    pub kind: String,
    /// As it was written.
    pub value: String,
    /// Since when.
    pub created_at: i64,
}

/// A source: when the contact came from there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SourceRow {
    /// When.
    pub created_at: i64,
}

/// A tag on a contact.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TagRow {
    /// The import that put it there.
    pub import: Option<ImportId>,
}

/// A lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeadRow {
    /// Where.
    pub campaign: CampaignId,
    /// Whose.
    pub contact: ContactId,
    /// Where it stands.
    pub status: LeadStatus,
    /// The campaign's variables.
    pub variables: BTreeMap<String, String>,
    /// What brought it.
    pub import: Option<ImportId>,
    /// When it was added.
    pub created_at: i64,
}

/// A pair that may be one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuspectRow {
    /// `open`, `merged` or `separated`.
    pub state: String,
    /// Why, as a code.
    pub reason: String,
    /// The import that found it.
    pub import: Option<ImportId>,
    /// Since when.
    pub created_at: i64,
    /// How sure.
    pub band: String,
    /// Thousandths of a bit.
    pub weight: i64,
    /// Millionths.
    pub probability: i64,
    /// The parts of the score, JSON.
    pub parts: String,
    /// The cluster it is in.
    pub cluster: i64,
    /// When it was scored.
    pub updated_at: i64,
    /// The pair that it was found for, when merges have carried it over since.
    pub origin: Option<Pair>,
}

/// A pair that someone said are two people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeparatedRow {
    /// The weight it had then.
    pub weight: i64,
    /// Who said it.
    pub actor: UserId,
    /// When.
    pub created_at: i64,
    /// The pair that it was said of, when merges have carried it over since.
    pub origin: Option<Pair>,
}

/// An identifier that nobody writes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuppressionRow {
    /// Why.
    pub origin: String,
    /// Since when.
    pub created_at: i64,
}

/// What a set of identifying fields knows: nothing but that it is there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Present {}

/// Somebody who waits to come into a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaitingRow {
    /// The import that left them out.
    pub import: ImportId,
    /// The row of its file.
    pub row: i64,
    /// Who asked for it.
    pub actor: UserId,
    /// Since when.
    pub created_at: i64,
}

/// Everything that stands about some people.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// The people, those they have taken in, and those they are paired with.
    pub contacts: BTreeMap<ContactId, ContactRow>,
    /// Who owns their identifiers.
    pub identities: BTreeMap<Key, ContactId>,
    /// Their further addresses.
    pub addresses: BTreeMap<(ContactId, Key), AddressRow>,
    /// Where they came from: kind and number.
    pub sources: BTreeMap<(ContactId, String, i64), SourceRow>,
    /// Their tags.
    pub tags: BTreeMap<(ContactId, i64), TagRow>,
    /// Their leads.
    pub leads: BTreeMap<LeadId, LeadRow>,
    /// Leads that became one of theirs.
    pub merged_leads: BTreeMap<LeadId, LeadId>,
    /// Pairs they are in.
    pub suspects: BTreeMap<Pair, SuspectRow>,
    /// Pairs that are kept apart.
    pub separated: BTreeMap<Pair, SeparatedRow>,
    /// Which of their identifiers nobody writes to.
    pub suppressions: BTreeMap<Key, SuppressionRow>,
    /// Their sets of identifying fields.
    pub group_keys: BTreeMap<(Key, ContactId), Present>,
    /// The campaigns that they wait for.
    pub waiting: BTreeMap<(CampaignId, ContactId), WaitingRow>,
}

/// One row before and after; none where there was or is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changed<K, V> {
    /// Which row.
    pub key: K,
    /// What stood before.
    pub before: Option<V>,
    /// What stood after.
    pub after: Option<V>,
}

/// The rows in which two pictures differ: what is written, and what undo needs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// Contacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Changed<ContactId, ContactRow>>,
    /// Identities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Changed<Key, ContactId>>,
    /// Further addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Changed<(ContactId, Key), AddressRow>>,
    /// Sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Changed<(ContactId, String, i64), SourceRow>>,
    /// Tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Changed<(ContactId, i64), TagRow>>,
    /// Leads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leads: Vec<Changed<LeadId, LeadRow>>,
    /// Leads that became one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub merged_leads: Vec<Changed<LeadId, LeadId>>,
    /// Suspects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suspects: Vec<Changed<Pair, SuspectRow>>,
    /// Separated pairs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub separated: Vec<Changed<Pair, SeparatedRow>>,
    /// Suppressions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suppressions: Vec<Changed<Key, SuppressionRow>>,
    /// Sets of identifying fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_keys: Vec<Changed<(Key, ContactId), Present>>,
    /// Campaigns that somebody waits for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Changed<(CampaignId, ContactId), WaitingRow>>,
}

/// The rows in which two tables differ, by key.
fn differ<K: Ord + Clone, V: PartialEq + Clone>(from: &BTreeMap<K, V>, to: &BTreeMap<K, V>) -> Vec<Changed<K, V>> {
    let gone = from.iter().filter(|(key, _)| !to.contains_key(key)).map(|(key, row)| Changed {
        key: key.clone(),
        before: Some(row.clone()),
        after: None,
    });
    let there = to.iter().filter(|(key, row)| from.get(key) != Some(row)).map(|(key, row)| Changed {
        key: key.clone(),
        before: from.get(key).cloned(),
        after: Some(row.clone()),
    });
    let mut changed: Vec<_> = gone.chain(there).collect();
    changed.sort_by(|a, b| a.key.cmp(&b.key));
    changed
}

impl Picture {
    /// What must be written to come from this picture to the other.
    pub fn changes_to(&self, to: &Picture) -> Changes {
        Changes {
            contacts: differ(&self.contacts, &to.contacts),
            identities: differ(&self.identities, &to.identities),
            addresses: differ(&self.addresses, &to.addresses),
            sources: differ(&self.sources, &to.sources),
            tags: differ(&self.tags, &to.tags),
            leads: differ(&self.leads, &to.leads),
            merged_leads: differ(&self.merged_leads, &to.merged_leads),
            suspects: differ(&self.suspects, &to.suspects),
            separated: differ(&self.separated, &to.separated),
            suppressions: differ(&self.suppressions, &to.suppressions),
            group_keys: differ(&self.group_keys, &to.group_keys),
            waiting: differ(&self.waiting, &to.waiting),
        }
    }

    /// Who a contact is now: itself, or who took it in.
    pub fn root(&self, id: ContactId) -> ContactId {
        let mut id = id;
        // paths are compressed, so this is one step; the count keeps a broken one from going round
        for _ in 0..64 {
            match self.contacts.get(&id).and_then(|c| c.merged_into) {
                Some(next) => id = next,
                None => break,
            }
        }
        id
    }

    /// Whether a contact is somebody: neither merged nor deleted.
    pub fn is_live(&self, id: ContactId) -> bool {
        self.contacts.get(&id).is_some_and(|c| c.merged_into.is_none() && c.deleted_at.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_written() {
        let mut bytes = [0; 16];
        bytes[0] = 0xab;
        bytes[15] = 1;
        let text = serde_json::to_string(&Key(bytes)).unwrap();
        assert_eq!(text, "\"ab000000000000000000000000000001\"");
        assert_eq!(serde_json::from_str::<Key>(&text).unwrap(), Key(bytes));
    }

    #[test]
    fn a_difference_names_what_came_went_and_changed() {
        let tag = |n| TagRow { import: Some(ImportId(n)) };
        let from = Picture {
            tags: [((ContactId(1), 1), tag(1)), ((ContactId(1), 2), tag(1)), ((ContactId(1), 3), tag(1))].into(),
            ..Picture::default()
        };
        let to = Picture {
            tags: [((ContactId(1), 2), tag(1)), ((ContactId(1), 3), tag(2)), ((ContactId(1), 4), tag(1))].into(),
            ..Picture::default()
        };
        let changes = from.changes_to(&to);
        let seen: Vec<_> = changes.tags.iter().map(|c| (c.key.1, c.before.is_some(), c.after.is_some())).collect();
        assert_eq!(seen, [(1, true, false), (3, true, true), (4, false, true)]);
        assert_eq!(from.changes_to(&from), Changes::default());
        let text = serde_json::to_string(&changes).unwrap();
        assert_eq!(serde_json::from_str::<Changes>(&text).unwrap(), changes);
    }
}
