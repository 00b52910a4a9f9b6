//! Which contacts are meant: the one filter that list, count, export and bulk acts share, and its place in an address.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::SourceKind;
use crate::ids::{CampaignId, NotAnId};

/// In which campaign somebody has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InCampaign {
    /// In none at all.
    None,
    /// In this one.
    One(CampaignId),
}

impl fmt::Display for InCampaign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InCampaign::None => f.write_str("none"),
            InCampaign::One(id) => id.fmt(f),
        }
    }
}

impl FromStr for InCampaign {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text == "none" { Ok(InCampaign::None) } else { text.parse().map(InCampaign::One) }
    }
}

/// Which contacts are meant; what is empty does not narrow them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactFilter {
    /// Words that name, address or company must contain; case and accents do not matter.
    pub search: String,
    /// Any of these tags.
    pub tags: Vec<String>,
    /// Came in by any of these ways.
    pub sources: Vec<SourceKind>,
    /// In this campaign, or in none.
    pub campaign: Option<InCampaign>,
    /// Only those to whom nothing may be sent.
    pub do_not_contact: bool,
    /// Only those who may be the same person as someone else.
    pub suspects: bool,
}

impl ContactFilter {
    /// Whether everyone is meant.
    pub fn is_all(&self) -> bool {
        let ContactFilter { search, tags, sources, campaign, do_not_contact, suspects } = self;
        let narrowed = campaign.is_some() || *do_not_contact || *suspects;
        search.trim().is_empty() && tags.is_empty() && sources.is_empty() && !narrowed
    }

    /// The parameters of an address that say this.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        let sources: Vec<_> = self.sources.iter().map(|source| source.word()).collect();
        let flag = |on: bool| if on { "1".to_owned() } else { String::new() };
        let mut params = vec![
            ("q", self.search.clone()),
            ("source", sources.join(".")),
            ("campaign", self.campaign.map(|campaign| campaign.to_string()).unwrap_or_default()),
            ("dnc", flag(self.do_not_contact)),
            ("duplicates", flag(self.suspects)),
        ];
        params.extend(self.tags.iter().map(|tag| ("tag", tag.clone())));
        params.retain(|(_, value)| !value.is_empty());
        params
    }

    /// Reads the parameters of an address; what is no part of a filter, or cannot be read, is left out.
    pub fn read<'a>(params: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut filter = ContactFilter::default();
        for (name, value) in params {
            match name {
                "q" => value.clone_into(&mut filter.search),
                "source" => filter.sources = value.split('.').filter_map(|word| word.parse().ok()).collect(),
                "campaign" => filter.campaign = value.parse().ok(),
                "dnc" => filter.do_not_contact = value == "1",
                "duplicates" => filter.suspects = value == "1",
                "tag" if !value.is_empty() => filter.tags.push(value.to_owned()),
                _ => {}
            }
        }
        filter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_written() {
        let filter = ContactFilter {
            search: "ann lee".to_owned(),
            tags: vec!["VIP".to_owned(), "a, b".to_owned()],
            sources: vec![SourceKind::Import, SourceKind::Manual],
            campaign: Some(InCampaign::One(CampaignId(7))),
            do_not_contact: true,
            suspects: true,
        };
        let params = filter.params();
        assert_eq!(ContactFilter::read(params.iter().map(|(name, value)| (*name, value.as_str()))), filter);
        let none = ContactFilter { campaign: Some(InCampaign::None), ..ContactFilter::default() };
        assert_eq!(none.params(), [("campaign", "none".to_owned())]);
        assert_eq!(
            ContactFilter::read([("campaign", "none"), ("at", "x"), ("source", "import.nothing")]),
            ContactFilter { sources: vec![SourceKind::Import], ..none }
        );
    }

    #[test]
    fn blanks_are_no_search() {
        assert!(ContactFilter { search: "  ".to_owned(), ..ContactFilter::default() }.is_all());
        assert!(!ContactFilter { suspects: true, ..ContactFilter::default() }.is_all());
    }
}
