//! What the contacts page asks for and gets.

mod add;
mod filter;
mod panel;

pub use add::{AddUndone, Added, Lookalike, NewContact};
pub use filter::{ContactFilter, InCampaign};
pub use panel::{ContactPanel, FieldOrigin, HistoryLine, HistoryWhat, SourceLine};

use serde::{Deserialize, Serialize};

use crate::ids::{CampaignId, ChangeId, ContactId, FieldId, NotAnId};
use crate::words::words;
use crate::{CustomField, CustomValues, Person, PersonField};

words! {
    /// What the contacts are sorted by.
    ContactSort, "sort order", {
        /// Newest first.
        Added = "added",
        /// By family name, then given name.
        Name = "name",
        /// By company.
        Company = "company",
    }
}

/// A field of a contact: one that everybody has, or one of the team's own. In text: `email`, `fld_7`; `origins` of a
/// contact are kept under the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ContactField {
    /// A field of the person.
    Person(PersonField),
    /// A field of the team's own.
    Custom(FieldId),
}

impl std::fmt::Display for ContactField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ContactField::Person(field) => f.write_str(field.word()),
            ContactField::Custom(id) => id.fmt(f),
        }
    }
}

impl std::str::FromStr for ContactField {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        text.parse().map(ContactField::Person).or_else(|_| text.parse().map(ContactField::Custom))
    }
}

impl TryFrom<String> for ContactField {
    type Error = NotAnId;
    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl From<ContactField> for String {
    fn from(field: ContactField) -> String {
        field.to_string()
    }
}

/// One page of the contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactQuery {
    /// Which contacts.
    pub filter: ContactFilter,
    /// In which order.
    pub sort: ContactSort,
    /// Turned round.
    pub reverse: bool,
    /// The page after (or before) this position, as the page before gave it; none for the first.
    pub cursor: Option<String>,
}

/// One line of the contacts page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRow {
    /// Who.
    pub id: ContactId,
    /// The person's fields.
    pub person: Person,
    /// The team's own fields.
    pub custom: CustomValues,
    /// Nothing may be sent to this person.
    pub do_not_contact: bool,
    /// Others have the same address (R16).
    pub shared_mailbox: bool,
    /// The person's tags.
    pub tags: Vec<String>,
    /// The names of the campaigns the person is in, oldest lead first.
    pub campaigns: Vec<String>,
    /// When the contact was added, Unix milliseconds.
    pub added_at: i64,
}

/// A page of the contacts, at most 50 lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPage {
    /// The lines.
    pub rows: Vec<ContactRow>,
    /// How many contacts match the filter.
    pub matching: u64,
    /// How many contacts the workspace has.
    pub total: u64,
    /// The position of the first line, from 1; 0 when there is none.
    pub first: u64,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
    /// Where the page before starts, if there is one.
    pub previous: Option<String>,
}

/// What the filters, the columns and the panel choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactChoices {
    /// The names of the tags.
    pub tags: Vec<String>,
    /// The campaigns that are not archived.
    pub campaigns: Vec<(CampaignId, String)>,
    /// The team's own fields.
    pub fields: Vec<CustomField>,
}

/// Which contacts a bulk act is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactSelection {
    /// These, at most one page.
    Ids(Vec<ContactId>),
    /// All that match the filter; `expected` is what the person saw, and is checked again.
    Matching {
        /// Which contacts.
        filter: ContactFilter,
        /// The count on the screen.
        expected: u64,
    },
}

/// What a bulk act does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactChange {
    /// Adds a tag.
    AddTag(String),
    /// Takes a tag off.
    RemoveTag(String),
    /// Deletes the contacts, with their leads, for thirty days.
    Delete,
}

/// What a bulk act did, with the handle to take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactsChanged {
    /// The handle for undo.
    pub change: ChangeId,
    /// How many contacts it changed.
    pub count: u64,
    /// How many it left as they are, because nothing was to do or someone changed them meanwhile.
    pub kept: u64,
    /// How many leads went with them.
    pub leads: u64,
}

/// What became of an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edited {
    /// It is saved, and can be taken back.
    Saved {
        /// The handle for undo.
        change: ChangeId,
    },
    /// The value stood there already.
    Unchanged,
    /// The identifier belongs to someone else: nothing was saved, and the two are a duplicate suspect (A19, R1).
    Taken {
        /// Who has it.
        by: ContactId,
        /// What they are called.
        name: String,
    },
}

/// Someone who could not be brought back as they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoConflict {
    /// Who.
    pub contact: ContactId,
    /// What they are called.
    pub name: String,
    /// Who has one of their identifiers by now, with the name.
    pub other: Option<(ContactId, String)>,
}

/// What taking a change back did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactsUndone {
    /// How many contacts are as they were.
    pub count: u64,
    /// How many were changed since, and stay so.
    pub kept: u64,
    /// Who came back, but not as they were: at most twenty are named.
    pub conflicts: Vec<UndoConflict>,
    /// How many there are of those.
    pub conflicting: u64,
}

/// A deletion that can be taken back for thirty days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// The handle for undo.
    pub change: ChangeId,
    /// Who deleted.
    pub actor: String,
    /// When, Unix milliseconds.
    pub at: i64,
    /// How many contacts.
    pub contacts: u64,
    /// The first of them, by name.
    pub first: String,
    /// Whether it was taken back.
    pub undone: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_reads_back_as_written() {
        for field in [ContactField::Person(PersonField::LinkedinUrl), ContactField::Custom(FieldId(7))] {
            assert_eq!(field.to_string().parse(), Ok(field));
        }
        assert!("nothing".parse::<ContactField>().is_err());
    }
}
