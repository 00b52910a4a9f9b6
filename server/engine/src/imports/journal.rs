//! What a row changed, with what stood before: enough to take it back exactly, and to see what was changed since.

use std::collections::BTreeMap;

use domain::Origin;
use domain::Person;
use domain::custom::CustomValues;
use domain::ids::LeadId;
use matching::{Key, KeyKind};
use serde::{Deserialize, Serialize};
use store::consent::Tombstone;
use store::identities::KeyBytes;

/// A value that a row replaced; an empty text is "nothing was there".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Was {
    /// What stood before.
    pub old: String,
    /// What the row put in its place: what still stands there if nobody touched it since.
    pub new: String,
    /// Where the old value came from, when that was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Origin>,
}

/// A lead that a row made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MadeLead {
    /// Which; known once it is written.
    pub id: i64,
    /// Its variables as the row left them.
    pub print: String,
}

/// The changes of one row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Journal {
    /// The row made the contact, and left it like this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The row made the lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<MadeLead>,
    /// Values of the person, by the word of the field or the id of a custom one.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Was>,
    /// Variables of the lead, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Was>,
    /// Identifiers that the person gained, by the word of their kind, with the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gained: Vec<(String, String)>,
    /// Keys of further addresses that the row added.
    #[serde(skip_serializing_if = "Vec::is_empty", with = "hex_keys")]
    pub addresses: Vec<KeyBytes>,
    /// Tombstones that the row lifted, because someone asked for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lifted: Vec<Tombstone>,
    /// People who shared an address from this row on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<i64>,
    /// Tags that were put on, where a tag does not know its import.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<i64>,
    /// The way by which the person came was noted, where that is not the import of the row.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sourced: bool,
    /// The row made it so that nobody writes to this person any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub silenced: bool,
}

impl Journal {
    /// Whether someone who was here got anything new: the difference between updated and unchanged.
    pub fn is_change(&self) -> bool {
        !(self.fields.is_empty() && self.variables.is_empty() && self.gained.is_empty())
    }

    /// Whether there is nothing to take back.
    pub fn is_empty(&self) -> bool {
        *self == Journal::default()
    }
}

/// A person as they stand, in a few letters: equal while nobody changed a value.
pub(crate) fn print_person(person: &Person, custom: &CustomValues) -> String {
    let mut text = String::new();
    for (field, value) in person.known() {
        part(&mut text, field.word(), value);
    }
    for (field, value) in custom.iter().filter(|(_, value)| !value.is_empty()) {
        part(&mut text, &field.to_string(), value);
    }
    print(&text)
}

/// The variables of a lead, in a few letters.
pub(crate) fn print_variables(variables: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    for (name, value) in variables {
        part(&mut text, name, value);
    }
    print(&text)
}

/// A made lead before it has its number.
pub(crate) fn made_lead(variables: &BTreeMap<String, String>) -> MadeLead {
    MadeLead { id: LeadId(0).0, print: print_variables(variables) }
}

fn part(text: &mut String, name: &str, value: &str) {
    for piece in [name, "\u{1f}", value, "\u{1e}"] {
        text.push_str(piece);
    }
}

/// Eight bytes are enough to notice a change: this is no identifier.
fn print(text: &str) -> String {
    hex(&Key::of(KeyKind::Text, text).as_bytes()[..8])
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Keys as text, so that the journal stays JSON.
mod hex_keys {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use store::identities::KeyBytes;

    pub(super) fn serialize<S: Serializer>(keys: &[KeyBytes], serializer: S) -> Result<S::Ok, S::Error> {
        keys.iter().map(|k| super::hex(k)).collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<KeyBytes>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let key = |text: &String| Some(u128::from_str_radix(text, 16).ok()?.to_be_bytes());
        texts.iter().map(key).collect::<Option<_>>().ok_or_else(|| serde::de::Error::custom("this is no key"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_reads_back_as_written_and_an_empty_one_is_short() {
        let journal = Journal {
            contact: Some("00ff".to_owned()),
            lead: Some(MadeLead { id: 7, print: "aa".to_owned() }),
            fields: [("email".to_owned(), Was { old: "a".to_owned(), new: "b".to_owned(), from: None })].into(),
            variables: [("ice".to_owned(), Was { old: String::new(), new: "b".to_owned(), from: None })].into(),
            gained: vec![("email".to_owned(), "b".to_owned())],
            addresses: vec![[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255], [0; 16]],
            lifted: vec![Tombstone { key: [9; 16], campaign: 1, change: 2, at: 3 }],
            shared: vec![4, 5],
            tags: vec![1],
            sourced: true,
            silenced: true,
        };
        let text = serde_json::to_string(&journal).unwrap();
        assert_eq!(serde_json::from_str::<Journal>(&text).unwrap(), journal);
        assert_eq!(serde_json::to_string(&Journal::default()).unwrap(), "{}");
    }

    #[test]
    fn a_print_changes_with_every_value() {
        let mut person = Person::default();
        let none = CustomValues::default();
        let empty = print_person(&person, &none);
        person.set(domain::PersonField::City, "Malmö");
        let city = print_person(&person, &none);
        person.set(domain::PersonField::City, "");
        person.set(domain::PersonField::Street, "Malmö");
        assert_ne!(city, print_person(&person, &none), "the same text in another field is another person");
        assert_ne!(city, empty);
    }
}
