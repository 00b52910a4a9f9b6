//! Which lines of a list are ticked.

use std::collections::BTreeSet;

/// None, some of this page, or all that match the filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection<Id: Ord> {
    /// These of the page.
    Some(BTreeSet<Id>),
    /// All that match, on every page.
    Matching,
}

impl<Id: Ord> Default for Selection<Id> {
    fn default() -> Self {
        Selection::Some(BTreeSet::new())
    }
}

impl<Id: Ord + Copy> Selection<Id> {
    /// Whether this line is in it.
    pub fn holds(&self, id: Id) -> bool {
        match self {
            Selection::Some(ids) => ids.contains(&id),
            Selection::Matching => true,
        }
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        matches!(self, Selection::Some(ids) if ids.is_empty())
    }

    /// How many lines, on a list of which so many match.
    pub fn count(&self, matching: u64) -> u64 {
        match self {
            Selection::Some(ids) => ids.len() as u64,
            Selection::Matching => matching,
        }
    }

    /// Ticks or unticks one line of `page`; unticking one of all that match leaves the others of this page.
    pub fn set(&mut self, id: Id, on: bool, page: &[Id]) {
        if *self == Selection::Matching {
            *self = Selection::of_page(page);
        }
        if let Selection::Some(ids) = self {
            if on {
                ids.insert(id);
            } else {
                ids.remove(&id);
            }
        }
    }

    /// Every line of a page.
    pub fn of_page(page: &[Id]) -> Self {
        Selection::Some(page.iter().copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unticking_one_of_all_keeps_the_rest_of_the_page() {
        let page = [1, 2, 3];
        let mut selection = Selection::Matching;
        assert!(selection.holds(9));
        assert_eq!(selection.count(70), 70);
        selection.set(2, false, &page);
        assert_eq!(selection, Selection::of_page(&[1, 3]));
        selection.set(1, false, &page);
        selection.set(3, false, &page);
        assert!(selection.is_empty());
    }
}
