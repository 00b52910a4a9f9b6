//! Everything the side panel shows of one contact.

use serde::{Deserialize, Serialize};

use super::{ContactField, ContactRow};
use crate::ids::{ChangeId, ContactId, ImportId};
use crate::lead::OtherCampaign;
use crate::{CustomField, SourceKind};

/// By which way something came, in words that a person recognises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLine {
    /// The way.
    pub kind: SourceKind,
    /// The file, the form, the member or the contact; empty when it is gone.
    pub name: String,
    /// The import, when it was one.
    pub import: Option<ImportId>,
    /// When, Unix milliseconds.
    pub at: i64,
}

/// Where the value of a field came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldOrigin {
    /// The field.
    pub field: ContactField,
    /// Where its value came from.
    pub source: SourceLine,
}

/// What happened to a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum HistoryWhat {
    /// They came in, first or once more.
    Came(SourceLine),
    /// Someone changed a field.
    Edited {
        /// What the field is called.
        label: String,
        /// What stood there.
        before: String,
        /// What stands there since.
        after: String,
        /// The edit, while it can be taken back.
        change: Option<ChangeId>,
    },
    /// An edit was taken back.
    EditUndone {
        /// What the field is called.
        label: String,
        /// What stands there again.
        value: String,
    },
    /// A tag was put on.
    Tagged(String),
    /// A tag was taken off.
    Untagged(String),
    /// The contact was deleted.
    Deleted,
    /// The contact was brought back.
    Restored,
    /// Another contact was taken in.
    TookIn {
        /// The other one, who leads here by now.
        other: ContactId,
        /// What they were called.
        name: String,
        /// Whether it was taken back.
        undone: bool,
    },
    /// A merge with another contact was taken back.
    MergeUndone {
        /// What the other is called.
        name: String,
    },
    /// Someone said that this is not the other one.
    Separated {
        /// What the other is called.
        name: String,
    },
    /// That was taken back.
    SeparationUndone {
        /// What the other is called.
        name: String,
    },
    /// They agreed to the text of a form.
    Agreed {
        /// The text.
        text: String,
        /// What the form was called.
        form: String,
    },
    /// They had waited for a campaign, and that ended.
    Waited {
        /// What the campaign was called.
        campaign: String,
        /// Whether they came in; else they must not be contacted, or were there already.
        came: bool,
    },
    /// Something that this list has no words for.
    Other(String),
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// What happened.
    pub what: HistoryWhat,
    /// Who did it; empty when nobody in particular.
    pub actor: String,
    /// When, Unix milliseconds.
    pub at: i64,
}

/// Everything the side panel shows of one contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPanel {
    /// The line of the list.
    pub row: ContactRow,
    /// The team's own fields, also those without a value.
    pub fields: Vec<CustomField>,
    /// The names of the team's tags, to choose from.
    pub tags: Vec<String>,
    /// Further addresses that identify the person.
    pub addresses: Vec<String>,
    /// The campaigns the person is in.
    pub campaigns: Vec<OtherCampaign>,
    /// Where the person came from, newest first.
    pub sources: Vec<SourceLine>,
    /// Where single values came from.
    pub origins: Vec<FieldOrigin>,
    /// Why nothing may be sent, by the word of the suppression's origin, with the moment; empty for a contact that is
    /// marked without one.
    pub suppressions: Vec<(String, i64)>,
    /// What happened, newest first.
    pub history: Vec<HistoryLine>,
}

impl ContactPanel {
    /// Where the value of a field came from: its own origin, else what brought the person first.
    pub fn origin(&self, field: ContactField) -> Option<&SourceLine> {
        let own = self.origins.iter().find(|origin| origin.field == field).map(|origin| &origin.source);
        own.or_else(|| self.sources.last())
    }
}
