//! What the campaign screens ask for and get.

use serde::{Deserialize, Serialize};

use crate::StatusClass;
use crate::ids::CampaignId;

/// Leads by status class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassCounts {
    /// Someone is writing to them.
    pub active: u64,
    /// Not begun.
    pub pending: u64,
    /// Over.
    pub ended: u64,
}

impl ClassCounts {
    /// Counts leads of a class.
    pub fn add(&mut self, class: StatusClass, n: u64) {
        match class {
            StatusClass::Active => self.active += n,
            StatusClass::Pending => self.pending += n,
            StatusClass::Ended => self.ended += n,
        }
    }

    /// All leads.
    pub fn total(&self) -> u64 {
        self.active + self.pending + self.ended
    }
}

/// One line of the campaign list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignRow {
    /// Which campaign.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// The member who runs it.
    pub owner: String,
    /// Its leads by status class.
    pub leads: ClassCounts,
    /// When it last changed, Unix milliseconds.
    pub updated_at: i64,
    /// Whether it is archived.
    pub archived: bool,
}

/// The campaign list: the lines asked for, and how many stand under each filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignList {
    /// The lines, newest change first.
    pub rows: Vec<CampaignRow>,
    /// Campaigns that are not archived.
    pub open: u64,
    /// Campaigns that are.
    pub archived: u64,
}

/// The head of one campaign's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignView {
    /// The line of the list.
    pub row: CampaignRow,
    /// Names of the campaign's variables, for the column chooser.
    pub variables: Vec<String>,
    /// Tags of its people, for the filter.
    pub tags: Vec<String>,
}

/// What an archive attempt found (A78): archiving with active leads asks to end them first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Archived {
    /// It is archived now.
    Done,
    /// Nothing happened: so many leads are still active.
    HasActive(u64),
}

/// What bringing an archived campaign back did (A52).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unarchived {
    /// So many leads were active in it and are done now: another campaign writes to their people, or nobody may.
    pub ended: u64,
}
