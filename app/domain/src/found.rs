//! What a search of the whole workspace finds.

use serde::{Deserialize, Serialize};

use crate::ids::{CampaignId, ContactId};

/// The first few of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Campaigns whose name has these words: open ones first.
    pub campaigns: Vec<FoundCampaign>,
    /// Contacts that match, newest first.
    pub contacts: Vec<FoundContact>,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundCampaign {
    /// Which one.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// Whether it is archived.
    pub archived: bool,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundContact {
    /// Who.
    pub id: ContactId,
    /// What they are called.
    pub name: String,
    /// Their address; empty when there is none.
    pub email: String,
    /// Their company; empty when it is not known.
    pub company: String,
}
