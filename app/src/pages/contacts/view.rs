//! What the contacts page shows, as its address says it: everything here can be shared as a link.

use domain::contact::{ContactFilter, ContactQuery, ContactSort};
use domain::ids::ContactId;
use leptos_router::params::ParamsMap;

use crate::address::address;

/// Filter, order, page and open contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactsView {
    /// What the server is asked for.
    pub query: ContactQuery,
    /// The contact whose panel is open.
    pub contact: Option<ContactId>,
}

impl ContactsView {
    /// Reads an address; what cannot be read is left out.
    pub fn read(path: &str, params: &ParamsMap) -> Self {
        let words = |key: &str| params.get(key).unwrap_or_default();
        let names = ["q", "source", "campaign", "dnc", "duplicates", "tag"];
        let pairs: Vec<(&str, String)> = names
            .into_iter()
            .flat_map(|name| params.get_all(name).unwrap_or_default().into_iter().map(move |value| (name, value)))
            .collect();
        ContactsView {
            query: ContactQuery {
                filter: ContactFilter::read(pairs.iter().map(|(name, value)| (*name, value.as_str()))),
                sort: words("sort").parse().unwrap_or(ContactSort::Added),
                reverse: params.get_str("reverse") == Some("1"),
                cursor: params.get("at").filter(|at| !at.is_empty()),
            },
            contact: path.strip_prefix("/contacts/").and_then(|id| id.trim_end_matches('/').parse().ok()),
        }
    }

    /// The address that shows this.
    pub fn address(&self) -> String {
        let ContactQuery { filter, sort, reverse, cursor } = &self.query;
        let filter = filter.params();
        let mut params: Vec<(&str, &str)> = filter.iter().map(|(name, value)| (*name, value.as_str())).collect();
        params.push(("sort", if *sort == ContactSort::Added { "" } else { sort.word() }));
        params.push(("reverse", if *reverse { "1" } else { "" }));
        params.push(("at", cursor.as_deref().unwrap_or_default()));
        let path = self.contact.map_or_else(|| "/contacts".to_owned(), |contact| format!("/contacts/{contact}"));
        address(&path, &params)
    }

    /// Where the contacts that match are a file.
    pub fn file_address(&self) -> String {
        let filter = self.query.filter.params();
        let params: Vec<(&str, &str)> = filter.iter().map(|(name, value)| (*name, value.as_str())).collect();
        address("/contacts.csv", &params)
    }

    /// The same list with another filter, from its first page.
    pub fn filtered(&self, change: impl FnOnce(&mut ContactFilter)) -> Self {
        let mut view = self.clone();
        view.query.cursor = None;
        change(&mut view.query.filter);
        view
    }

    /// The same contacts by this order; chosen twice, it turns round.
    pub fn sorted(&self, sort: ContactSort) -> Self {
        let mut view = self.clone();
        view.query.reverse = view.query.sort == sort && !view.query.reverse;
        view.query.sort = sort;
        view.query.cursor = None;
        view
    }

    /// The same contacts at another page.
    pub fn at(&self, cursor: String) -> Self {
        let mut view = self.clone();
        view.query.cursor = Some(cursor);
        view
    }

    /// The same list with this contact's panel open, or none.
    pub fn with_contact(&self, contact: Option<ContactId>) -> Self {
        ContactsView { contact, ..self.clone() }
    }

    /// How a column header says the order to those who do not see the arrow.
    pub fn aria_sort(&self, sort: ContactSort) -> &'static str {
        if self.query.sort != sort {
            return "none";
        }
        // Newest first is how "added" begins; names begin at A.
        if (sort == ContactSort::Added) == self.query.reverse { "ascending" } else { "descending" }
    }
}

#[cfg(test)]
mod tests {
    use domain::SourceKind;

    use super::*;

    #[test]
    fn an_address_reads_back_as_written() {
        let mut params = ParamsMap::new();
        for (key, value) in [
            ("q", "ann lee"),
            ("source", "import.manual"),
            ("campaign", "none"),
            ("dnc", "1"),
            ("tag", "VIP"),
            ("tag", "a, b"),
            ("sort", "name"),
            ("reverse", "1"),
            ("at", "f.50.7.lee ann"),
        ] {
            params.insert(key, value.to_owned());
        }
        let view = ContactsView::read("/contacts/ctc_7", &params);
        assert_eq!(view.contact, Some(ContactId(7)));
        assert_eq!(view.query.filter.sources, [SourceKind::Import, SourceKind::Manual]);
        assert_eq!(view.query.filter.tags, ["VIP", "a, b"]);
        assert_eq!(
            view.address(),
            "/contacts/ctc_7?q=ann%20lee&source=import.manual&campaign=none&dnc=1&tag=VIP&tag=a%2C%20b&sort=name\
             &reverse=1&at=f.50.7.lee%20ann"
        );
        assert_eq!(
            view.with_contact(None).filtered(|filter| filter.tags.clear()).file_address(),
            "/contacts.csv?q=ann%20lee&source=import.manual&campaign=none&dnc=1"
        );
        assert!(!view.sorted(ContactSort::Name).query.reverse);
        assert_eq!(view.aria_sort(ContactSort::Name), "descending");
        assert_eq!(ContactsView::read("/contacts/deleted", &ParamsMap::new()).contact, None);
    }
}
