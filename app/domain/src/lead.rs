//! What the lead list asks for and gets.

use serde::{Deserialize, Serialize};

use crate::contact::ContactPanel;
use crate::ids::{CampaignId, ChangeId, ContactId, ImportId, LeadId};
use crate::words::words;
use crate::{LeadStatus, Person};

words! {
    /// What the lead list is sorted by.
    LeadSort, "sort order", {
        /// Newest first.
        Added = "added",
        /// By family name, then given name.
        Name = "name",
        /// By company.
        Company = "company",
    }
}

/// Which leads of a campaign are meant: the one filter that list, count and bulk acts share.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeadFilter {
    /// Words that name, address or company must contain; case and accents do not matter.
    pub search: String,
    /// Any of these statuses; none means all.
    pub statuses: Vec<LeadStatus>,
    /// Any of these tags; none means all.
    pub tags: Vec<String>,
}

impl LeadFilter {
    /// Whether every lead of the campaign is meant.
    pub fn is_all(&self) -> bool {
        self.search.trim().is_empty() && self.statuses.is_empty() && self.tags.is_empty()
    }
}

/// One page of the lead list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadQuery {
    /// In which campaign.
    pub campaign: CampaignId,
    /// Which leads.
    pub filter: LeadFilter,
    /// In which order.
    pub sort: LeadSort,
    /// Turned round.
    pub reverse: bool,
    /// The page after (or before) this position, as the page before gave it; none for the first.
    pub cursor: Option<String>,
}

/// One line of the lead list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadRow {
    /// Which lead.
    pub id: LeadId,
    /// Whose.
    pub contact: ContactId,
    /// The person's fields.
    pub person: Person,
    /// Where the lead stands.
    pub status: LeadStatus,
    /// Nothing may be sent to this person.
    pub do_not_contact: bool,
    /// The person's tags.
    pub tags: Vec<String>,
    /// This campaign's variables.
    pub variables: Vec<(String, String)>,
    /// When the lead was added, Unix milliseconds.
    pub added_at: i64,
}

/// A page of the lead list, at most 50 lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadPage {
    /// The lines.
    pub rows: Vec<LeadRow>,
    /// How many leads match the filter.
    pub matching: u64,
    /// How many leads the campaign has.
    pub total: u64,
    /// The position of the first line, from 1; 0 when there is none.
    pub first: u64,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
    /// Where the page before starts, if there is one.
    pub previous: Option<String>,
}

/// A campaign that holds the person too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherCampaign {
    /// Which campaign.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// Its owner.
    pub owner: String,
    /// Where the person stands there.
    pub status: LeadStatus,
    /// Whether that campaign is archived.
    pub archived: bool,
}

/// Where a contact came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    /// The words of the source, such as the file's name.
    pub label: String,
    /// The import, when it was one.
    pub import: Option<ImportId>,
    /// When, Unix milliseconds.
    pub at: i64,
}

/// Everything the side panel shows of one lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadPanel {
    /// The line of the list.
    pub row: LeadRow,
    /// The person, as their own panel shows them.
    pub contact: ContactPanel,
    /// Every variable of the campaign, by name: those that this lead does not have can be added.
    pub variables: Vec<String>,
    /// Further addresses that identify the person.
    pub addresses: Vec<String>,
    /// The other campaigns the person is in.
    pub others: Vec<OtherCampaign>,
    /// Where the person came from, newest first.
    pub sources: Vec<SourceView>,
}

/// Which leads a bulk act is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeadSelection {
    /// These, at most one page.
    Ids(Vec<LeadId>),
    /// All that match the filter; `expected` is what the person saw, and is checked again.
    Matching {
        /// Which leads.
        filter: LeadFilter,
        /// The count on the screen.
        expected: u64,
    },
}

/// What a bulk act does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeadChange {
    /// Sets the status.
    Status(LeadStatus),
    /// Adds a tag to the people.
    AddTag(String),
    /// Takes a tag from the people.
    RemoveTag(String),
    /// Takes the leads out of the campaign.
    Delete,
}

/// What a bulk act or its undo did, with the handle to take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The handle for undo.
    pub change: ChangeId,
    /// How many leads it changed.
    pub count: u64,
    /// How many it left as they are, because the policy's guard refused them or someone changed them since.
    pub kept: u64,
    /// How many of the changed ones came back as done: they were active, and the guard refuses that by now (A52).
    pub ended: u64,
}

/// A bulk act that stands in the list of recent changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentChange {
    /// The handle for undo.
    pub change: ChangeId,
    /// What was done.
    pub what: RecentAct,
    /// To how many leads.
    pub leads: u64,
    /// Whose lead it was, when it was one.
    pub whom: Option<String>,
    /// Who did it.
    pub by: String,
    /// When, Unix milliseconds.
    pub at: i64,
    /// Whether it was taken back.
    pub undone: bool,
}

/// What was done to leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecentAct {
    /// They got this status.
    Status(LeadStatus),
    /// Their people got this tag.
    AddTag(String),
    /// Their people lost this tag.
    RemoveTag(String),
    /// They were taken out of the campaign.
    Delete,
    /// This variable was changed.
    Variable(String),
}
