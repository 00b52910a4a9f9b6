//! Which key does what on which page: one table, from which the listeners, the dialog of `?` and the palette are made.

use domain::Act;
use leptos::prelude::*;
use leptos::web_sys::KeyboardEvent;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Lists the keys.
    Help,
    /// Opens the palette.
    Palette,
    /// Goes to the search field.
    Search,
    /// Makes what the page is for.
    Create,
    /// Goes a line down.
    NextLine,
    /// Goes a line up.
    LineBefore,
    /// Opens the line that has the focus.
    Open,
    /// Closes the panel.
    Close,
    /// Goes to the next entry of Duplication Handling.
    NextEntry,
    /// Goes to the entry before.
    EntryBefore,
    /// Opens or closes the comparison of an entry.
    Preview,
    /// Merges an entry.
    Merge,
    /// Keeps the people of an entry apart.
    Separate,
    /// Lets the person on the left survive.
    First,
    /// Lets the person on the right survive.
    Second,
    /// Takes the last decision back.
    Undo,
}

/// A key, as `KeyboardEvent.key` calls it, with its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortcut {
    /// The key.
    pub key: &'static str,
    /// What it does.
    pub does: Does,
    /// The same for a person.
    pub words: &'static str,
    /// What the member must be allowed to do.
    pub needs: Act,
}

const fn key(key: &'static str, does: Does, words: &'static str) -> Shortcut {
    Shortcut { key, does, words, needs: Act::Look }
}

const fn create(words: &'static str, needs: Act) -> Shortcut {
    Shortcut { key: "c", does: Does::Create, words, needs }
}

/// A page with keys of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// What it is called.
    pub name: &'static str,
    /// Its keys.
    pub keys: &'static [Shortcut],
}

impl Page {
    /// What a key does here.
    pub fn does(&self, key: &str) -> Option<Does> {
        self.keys.iter().chain(EVERYWHERE).find(|one| one.key == key).map(|one| one.does)
    }
}

/// The keys of every page.
pub const EVERYWHERE: &[Shortcut] =
    &[key("?", Does::Help, "Show the keys"), key("Ctrl+K", Does::Palette, "Find a page, a campaign or a contact")];

const DOWN: Shortcut = key("j", Does::NextLine, "Next line");
const UP: Shortcut = key("k", Does::LineBefore, "Line before");
const OPEN: Shortcut = key("Enter", Does::Open, "Open the line");
const SEARCH: Shortcut = key("/", Does::Search, "Search");
const CLOSE: Shortcut = key("Escape", Does::Close, "Close the panel");

const CAMPAIGNS: Page =
    Page { name: "Campaigns", keys: &[create("New campaign", Act::EditCampaigns), SEARCH, DOWN, UP, OPEN] };
const LEADS: Page =
    Page { name: "Lead list", keys: &[create("Import new leads", Act::Import), SEARCH, DOWN, UP, OPEN, CLOSE] };
const CONTACTS: Page =
    Page { name: "Contacts", keys: &[create("Add contact", Act::EditContacts), SEARCH, DOWN, UP, OPEN, CLOSE] };
const DELETED: Page = Page { name: "Recently deleted", keys: &[DOWN, UP] };
const IMPORTS: Page = Page { name: "Imports", keys: &[DOWN, UP, OPEN] };
const DETAILS: Page = Page { name: "Import details", keys: &[SEARCH, DOWN, UP, OPEN] };
const FIELDS: Page = Page { name: "Fields", keys: &[create("Add field", Act::ManageFields), DOWN, UP] };
const FORMS: Page = Page { name: "Forms", keys: &[create("New form", Act::ManageForms), DOWN, UP] };
const DECIDED: Page = Page { name: "Duplication Handling", keys: &[DOWN, UP] };
const SUSPECTS: Page = Page {
    name: "Duplication Handling",
    keys: &[
        SEARCH,
        key("j", Does::NextEntry, "Next entry"),
        key("k", Does::EntryBefore, "Entry before"),
        key("p", Does::Preview, "Preview"),
        key("m", Does::Merge, "Merge"),
        key("s", Does::Separate, "Separate"),
        key("1", Does::First, "The one on the left survives"),
        key("2", Does::Second, "The one on the right survives"),
        key("u", Does::Undo, "Undo the last decision"),
    ],
};
const OTHER: Page = Page { name: "This page", keys: &[] };

/// The page of an address.
pub fn page(path: &str, query: &str) -> Page {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["campaigns"] => CAMPAIGNS,
        ["campaigns", _] => LEADS,
        ["contacts", "deleted"] => DELETED,
        ["contacts"] | ["contacts", _] => CONTACTS,
        ["imports"] => IMPORTS,
        ["imports", _, "details"] => DETAILS,
        ["admin", "fields"] => FIELDS,
        ["admin", "forms"] => FORMS,
        ["admin", "duplicates"] if query.contains("tab=merged") || query.contains("tab=separated") => DECIDED,
        ["admin", "duplicates"] => SUSPECTS,
        _ => OTHER,
    }
}

/// The page that this browser shows.
pub fn here() -> Page {
    let location = window().location();
    page(&location.pathname().unwrap_or_default(), &location.search().unwrap_or_default())
}

/// Whether it is Ctrl+K, or Cmd+K on a Mac.
pub fn is_palette(event: &KeyboardEvent) -> bool {
    let alone = !event.alt_key() && !event.shift_key() && (event.ctrl_key() != event.meta_key());
    alone && event.key().eq_ignore_ascii_case("k")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: [Page; 11] =
        [CAMPAIGNS, LEADS, CONTACTS, DELETED, IMPORTS, DETAILS, FIELDS, FORMS, DECIDED, SUSPECTS, OTHER];

    #[test]
    fn a_page_gives_each_key_one_meaning() {
        for page in PAGES {
            let mut keys: Vec<_> = page.keys.iter().chain(EVERYWHERE).map(|one| one.key).collect();
            keys.sort_unstable();
            let all = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), all, "{}", page.name);
            assert_eq!(page.does("?"), Some(Does::Help), "{}", page.name);
            assert!(page.keys.iter().all(|one| !one.words.is_empty()));
        }
    }

    #[test]
    fn an_address_has_the_keys_of_its_page() {
        for (path, query, name, j, c) in [
            ("/campaigns", "?q=a", "Campaigns", Some(Does::NextLine), Some(Does::Create)),
            ("/campaigns/cam_7", "?lead=lea_3", "Lead list", Some(Does::NextLine), Some(Does::Create)),
            ("/campaigns/cam_7/import/imp_3", "", "This page", None, None),
            ("/contacts/ctc_9", "", "Contacts", Some(Does::NextLine), Some(Does::Create)),
            ("/contacts/deleted", "", "Recently deleted", Some(Does::NextLine), None),
            ("/imports", "", "Imports", Some(Does::NextLine), None),
            ("/imports/imp_3/details", "", "Import details", Some(Does::NextLine), None),
            ("/admin/duplicates", "?band=review", "Duplication Handling", Some(Does::NextEntry), None),
            ("/admin/duplicates", "?tab=merged", "Duplication Handling", Some(Does::NextLine), None),
            ("/admin/forms", "", "Forms", Some(Does::NextLine), Some(Does::Create)),
        ] {
            let page = page(path, query);
            assert_eq!((page.name, page.does("j"), page.does("c")), (name, j, c), "{path}{query}");
        }
    }
}
