//! What can be done about a row that a duplicate check left out (A68).

use serde::{Deserialize, Serialize};

use crate::ids::{CampaignId, ImportId};
use crate::lead::Changed;

/// What can be done about one row, as its person stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowActs {
    /// The import.
    pub import: ImportId,
    /// Number of the data record, from 1.
    pub row: u64,
    /// How the person is called, for the names of the buttons.
    pub name: String,
    /// The campaign that kept the row out and has the person still: they can be removed there.
    pub there: Option<(CampaignId, String)>,
    /// Whether and when they can come in here.
    pub add: AddHere,
}

/// Whether somebody who was left out can come in, or is on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddHere {
    /// They are here, or the import's policy does not let them in for another reason than a campaign at work.
    No,
    /// Nothing keeps them out any more.
    Now,
    /// As soon as this campaign is done with them.
    WhenEnded(String),
    /// Somebody asked for it, and this campaign is not done with them.
    Waits(String),
    /// Somebody asked for it, and the campaign here is archived: they wait until it comes back.
    Archived,
    /// Somebody asked for it, and nothing is in the way: the worker lets them in with its next look.
    Coming,
}

/// What came of taking a person out of the campaign that kept their row out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedThere {
    /// The deletion, which can be taken back.
    pub changed: Changed,
    /// What can be done about the row now.
    pub acts: Option<RowActs>,
}
