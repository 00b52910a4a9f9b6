//! Which leads are ticked.

use std::collections::BTreeSet;

use domain::ids::LeadId;
use domain::lead::{LeadFilter, LeadPage, LeadSelection};

/// None, some of this page, or all that match the filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These of the page.
    Some(BTreeSet<LeadId>),
    /// All that match, on every page.
    Matching,
}

impl Default for Selection {
    fn default() -> Self {
        Selection::Some(BTreeSet::new())
    }
}

impl Selection {
    /// Whether this lead is in it.
    pub fn holds(&self, lead: LeadId) -> bool {
        match self {
            Selection::Some(leads) => leads.contains(&lead),
            Selection::Matching => true,
        }
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        matches!(self, Selection::Some(leads) if leads.is_empty())
    }

    /// How many leads, on a list that shows `page`.
    pub fn count(&self, page: &LeadPage) -> u64 {
        match self {
            Selection::Some(leads) => leads.len() as u64,
            Selection::Matching => page.matching,
        }
    }

    /// Ticks or unticks one lead of `page`; unticking one of all that match leaves the others of this page.
    pub fn set(&mut self, lead: LeadId, on: bool, page: &[LeadId]) {
        if *self == Selection::Matching {
            *self = Selection::of_page(page);
        }
        if let Selection::Some(leads) = self {
            if on {
                leads.insert(lead);
            } else {
                leads.remove(&lead);
            }
        }
    }

    /// Every lead of a page.
    pub fn of_page(page: &[LeadId]) -> Self {
        Selection::Some(page.iter().copied().collect())
    }

    /// What the server is told: ids of one page, or the filter with the count that the person saw.
    pub fn to_server(&self, filter: &LeadFilter, matching: u64) -> LeadSelection {
        match self {
            Selection::Some(leads) => LeadSelection::Ids(leads.iter().copied().collect()),
            Selection::Matching => LeadSelection::Matching { filter: filter.clone(), expected: matching },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unticking_one_of_all_keeps_the_rest_of_the_page() {
        let page = [LeadId(1), LeadId(2), LeadId(3)];
        let mut selection = Selection::Matching;
        assert!(selection.holds(LeadId(9)));
        selection.set(LeadId(2), false, &page);
        assert_eq!(selection, Selection::of_page(&[LeadId(1), LeadId(3)]));
        selection.set(LeadId(1), false, &page);
        selection.set(LeadId(3), false, &page);
        assert!(selection.is_empty());
    }
}
