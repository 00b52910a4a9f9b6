//! What the screens of merging and separating ask for and get.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{CampaignId, ContactId, FieldId, MergeId};
use crate::lead::SourceView;
use crate::words::words;
use crate::{LeadStatus, PersonField, UnknownWord};

words! {
    /// One of the two people of a merge.
    Side, "side", {
        /// The one who keeps the id.
        Survivor = "survivor",
        /// The one who is taken in.
        Loser = "loser",
    }
}

/// A field of either kind: `jobTitle`, or `fld_3` for one of the team's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum FieldKey {
    /// A field that every person has.
    Person(PersonField),
    /// A field of the team's own.
    Custom(FieldId),
}

impl fmt::Display for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldKey::Person(field) => field.fmt(f),
            FieldKey::Custom(id) => id.fmt(f),
        }
    }
}

impl FromStr for FieldKey {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        text.parse().map(FieldKey::Custom).or_else(|_| text.parse().map(FieldKey::Person))
    }
}

impl TryFrom<String> for FieldKey {
    type Error = UnknownWord;
    fn try_from(text: String) -> Result<Self, UnknownWord> {
        text.parse()
    }
}

impl From<FieldKey> for String {
    fn from(key: FieldKey) -> String {
        key.to_string()
    }
}

/// Who keeps the id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Survivor {
    /// The one who was here first (B13).
    #[default]
    Older,
    /// This one.
    Is(ContactId),
}

/// What a reviewer chose; the default is the rule of B13. No address is ever given up: the one that does not become
/// the primary address stays as a further one, because it must go on identifying the person. So there is nothing to
/// choose but which one is the primary, and that is the choice of the field `email`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MergeChoices {
    /// Who keeps the id.
    pub survivor: Survivor,
    /// Fields whose value is chosen, where the rule would decide otherwise. An empty value is never taken (B14).
    pub fields: BTreeMap<FieldKey, Side>,
}

/// One of the two people in a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergePerson {
    /// Which contact.
    pub id: ContactId,
    /// What to call them.
    pub name: String,
    /// The primary address.
    pub email: String,
    /// Since when they are here, Unix milliseconds.
    pub created_at: i64,
    /// Nothing may be sent to them.
    pub do_not_contact: bool,
}

/// One field in a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldPreview {
    /// Which field.
    pub field: FieldKey,
    /// What a person calls it.
    pub label: String,
    /// The survivor's value.
    pub survivor: String,
    /// The loser's value.
    pub loser: String,
    /// The value afterwards.
    pub result: String,
    /// Whose it is.
    pub from: Side,
    /// Whether the two values differ.
    pub differs: bool,
}

/// What becomes of the leads of one campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadPreview {
    /// Which campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub name: String,
    /// Where the survivor stands there.
    pub survivor: Option<LeadStatus>,
    /// Where the loser stands there.
    pub loser: Option<LeadStatus>,
    /// Where the person stands afterwards.
    pub result: LeadStatus,
    /// Whether the lead is held because another campaign is writing to the person (A52).
    pub paused: bool,
}

/// Everything a reviewer sees before deciding (B12): what the merge will do, computed by what will do it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergePreview {
    /// Who keeps the id.
    pub survivor: MergePerson,
    /// Who is taken in.
    pub loser: MergePerson,
    /// Fields that at least one of them has; differing ones first.
    pub fields: Vec<FieldPreview>,
    /// The campaigns that either is in.
    pub leads: Vec<LeadPreview>,
    /// The tags afterwards.
    pub tags: Vec<String>,
    /// The sources afterwards, newest first.
    pub sources: Vec<SourceView>,
    /// Further addresses and profiles afterwards, as they were written.
    pub addresses: Vec<String>,
    /// Whether nothing may be sent to the person afterwards: the stricter of the two (R8).
    pub do_not_contact: bool,
    /// What to think about first, a sentence each.
    pub warnings: Vec<String>,
    /// Why they cannot be merged, when they cannot.
    pub refusal: Option<String>,
}

/// A merge that was done, with the handle to take it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// The handle for undo.
    pub id: MergeId,
    /// Who kept the id.
    pub survivor: ContactId,
    /// Who was taken in.
    pub loser: ContactId,
    /// Leads that were held because another campaign is writing to the person (A52).
    pub paused: u64,
}

/// One of several merges that are asked for together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairToMerge {
    /// One of the two.
    pub first: ContactId,
    /// The other.
    pub second: ContactId,
    /// What the reviewer chose.
    #[serde(default)]
    pub choices: MergeChoices,
}

/// A pair that was not merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeRefused {
    /// One of the two.
    pub first: ContactId,
    /// The other.
    pub second: ContactId,
    /// Why, in a sentence.
    pub why: String,
}

/// What became of several merges.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedMany {
    /// The number that they share: the handle to take all of them back.
    pub batch: i64,
    /// Those that were done, in order.
    pub merged: Vec<Merged>,
    /// Those that were not.
    pub refused: Vec<MergeRefused>,
}

/// Something that undo left as it is, because it changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

/// What taking back a merge did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoReport {
    /// Which merge.
    pub id: MergeId,
    /// Who had kept the id.
    pub survivor: ContactId,
    /// Who is a contact of their own again.
    pub loser: ContactId,
    /// What was left as it is.
    pub kept: Vec<Kept>,
}

/// What taking back the merges of one click did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoneMany {
    /// Those that are taken back, newest first.
    pub undone: Vec<UndoReport>,
    /// Why others could not be, a sentence each.
    pub refused: Vec<String>,
}

/// One line of the Merged list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedRow {
    /// The handle for undo.
    pub id: MergeId,
    /// The number that merges of one click share.
    pub batch: i64,
    /// Who kept the id.
    pub survivor: ContactId,
    /// Their name now.
    pub survivor_name: String,
    /// Their primary address now.
    pub survivor_email: String,
    /// Who was taken in.
    pub loser: ContactId,
    /// Their name.
    pub loser_name: String,
    /// Their primary address.
    pub loser_email: String,
    /// The member who did it.
    pub by: String,
    /// When, Unix milliseconds.
    pub at: i64,
}

/// One line of the Separated list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeparatedRow {
    /// The contact with the smaller number.
    pub first: ContactId,
    /// Their name.
    pub first_name: String,
    /// Their primary address.
    pub first_email: String,
    /// The other.
    pub second: ContactId,
    /// Their name.
    pub second_name: String,
    /// Their primary address.
    pub second_email: String,
    /// The member who decided it.
    pub by: String,
    /// When, Unix milliseconds.
    pub at: i64,
    /// The contacts that it was said of, when merges have carried it over to these since.
    pub said_of: Option<(ContactId, ContactId)>,
}

/// A page of a list that is read newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPage<T> {
    /// The lines.
    pub rows: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_either_kind_reads_back_as_written() {
        for key in [FieldKey::Person(PersonField::JobTitle), FieldKey::Custom(FieldId(3))] {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        assert!("nonsense".parse::<FieldKey>().is_err());
        let choices = MergeChoices {
            survivor: Survivor::Is(ContactId(4)),
            fields: [(FieldKey::Custom(FieldId(3)), Side::Loser)].into(),
        };
        let text = serde_json::to_string(&choices).unwrap();
        assert_eq!(serde_json::from_str::<MergeChoices>(&text).unwrap(), choices);
        assert_eq!(serde_json::from_str::<MergeChoices>("{}").unwrap(), MergeChoices::default());
    }
}
