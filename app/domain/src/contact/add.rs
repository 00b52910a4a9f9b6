//! Someone who is added by hand (B6).

use serde::{Deserialize, Serialize};

use crate::ids::{CampaignId, ChangeId, ContactId};
use crate::import::Matched;
use crate::{CustomValues, Person};

/// Whom to add.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewContact {
    /// The person's fields; what is empty is not known.
    pub person: Person,
    /// The team's own fields.
    pub custom: CustomValues,
    /// The campaign they become a lead of, if any.
    pub campaign: Option<CampaignId>,
    /// Tags they get.
    pub tags: Vec<String>,
}

/// Someone who is there already and may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookalike {
    /// Who.
    pub contact: ContactId,
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Where they work.
    pub company: String,
    /// In how many campaigns they are.
    pub campaigns: u64,
    /// The identifier that says they are the same person; none for someone of the same name only, which never merges
    /// by itself (R12).
    pub by: Option<Matched>,
}

/// What became of someone who was added by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Added {
    /// A new contact.
    New {
        /// Who they are now.
        contact: ContactId,
        /// The handle for undo.
        change: Option<ChangeId>,
    },
    /// They were there already: what was typed and not empty counts now (B13, R11).
    Merged {
        /// Who they are.
        contact: ContactId,
        /// What they are called.
        name: String,
        /// The handle for undo; none when nothing of it was new.
        change: Option<ChangeId>,
    },
    /// Nothing was saved, for this reason.
    LeftOut(String),
}

/// What taking an addition back did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddUndone {
    /// Whether the contact is gone again.
    pub removed: bool,
    /// How many values stayed because they were changed since.
    pub kept: u64,
}
