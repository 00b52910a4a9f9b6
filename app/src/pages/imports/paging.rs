//! Pages of a list that is asked for "after" a position: the address keeps the way back.

use leptos_router::params::ParamsMap;

use crate::address::address;

/// Where in the list an address is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// The position after which the page starts; empty for the first.
    pub after: String,
    /// The positions of the pages before, the first left out because it has none.
    back: Vec<String>,
}

impl Place {
    /// Reads it from an address.
    pub fn of(params: &ParamsMap) -> Place {
        let after = params.get("after").unwrap_or_default();
        let back = params.get("back").unwrap_or_default();
        Place { after, back: back.split('.').filter(|text| !text.is_empty()).map(str::to_owned).collect() }
    }

    /// How many pages stand before this one.
    pub fn pages_before(&self) -> u64 {
        if self.after.is_empty() { 0 } else { self.back.len() as u64 + 1 }
    }

    /// The address of the page after; `params` is the rest of the query.
    pub fn next(&self, path: &str, params: &[(&str, &str)], next: &str) -> String {
        let mut back = self.back.clone();
        back.extend((!self.after.is_empty()).then(|| self.after.clone()));
        to(path, params, next, &back)
    }

    /// The address of the page before; none on the first.
    pub fn previous(&self, path: &str, params: &[(&str, &str)]) -> Option<String> {
        if self.after.is_empty() {
            return None;
        }
        Some(match self.back.split_last() {
            Some((last, rest)) => to(path, params, last, rest),
            None => address(path, params),
        })
    }
}

fn to(path: &str, params: &[(&str, &str)], after: &str, back: &[String]) -> String {
    let back = back.join(".");
    let mut all = params.to_vec();
    all.extend([("after", after), ("back", &back)]);
    address(path, &all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_the_way_there() {
        let first = Place::default();
        assert_eq!((first.pages_before(), first.previous("/x", &[])), (0, None));
        assert_eq!(first.next("/x", &[("q", "a")], "50"), "/x?q=a&after=50");
        let second = Place { after: "50".to_owned(), back: Vec::new() };
        assert_eq!(second.previous("/x", &[("q", "a")]).as_deref(), Some("/x?q=a"));
        assert_eq!(second.next("/x", &[], "103"), "/x?after=103&back=50");
        let third = Place { after: "103".to_owned(), back: vec!["50".to_owned()] };
        assert_eq!((third.pages_before(), third.previous("/x", &[]).as_deref()), (2, Some("/x?after=50")));
    }
}
