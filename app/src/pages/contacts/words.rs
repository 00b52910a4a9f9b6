//! The words of the contacts page that more than one of its parts say.

use domain::SourceKind;
use domain::contact::{ContactChange, ContactsChanged, ContactsUndone, SourceLine};

use crate::format::counted;

/// The ways by which someone can come in, as the filter offers them.
pub fn source(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Import => "Import",
        SourceKind::Form => "Form",
        SourceKind::Manual => "Added by hand",
        SourceKind::Api => "API",
        SourceKind::Merge => "Merge",
    }
}

/// Where a value came from; the day stands behind it.
pub fn origin(line: &SourceLine) -> String {
    let SourceLine { kind, name, .. } = line;
    match kind {
        _ if name.is_empty() => source(*kind).to_lowercase(),
        SourceKind::Import => format!("from {name}"),
        SourceKind::Form => format!("form “{name}”"),
        SourceKind::Manual => name.clone(),
        SourceKind::Api => "API".to_owned(),
        SourceKind::Merge => format!("from merged {name}"),
    }
}

/// Why nothing may be sent, by the word of the suppression's origin.
pub fn suppression(origin: &str) -> &'static str {
    match origin {
        "link" => "They unsubscribed by a link",
        "bounce" => "A message bounced",
        "complaint" => "They complained",
        "import" => "An import said so",
        "crm" => "The CRM said so",
        _ => "Set by hand",
    }
}

/// What a bulk act did.
pub fn changed(change: &ContactChange, done: &ContactsChanged) -> String {
    let contacts = counted(done.count, "contact", "contacts");
    let mut text = match change {
        ContactChange::AddTag(tag) => format!("Tag “{tag}” added to {contacts}."),
        ContactChange::RemoveTag(tag) => format!("Tag “{tag}” taken from {contacts}."),
        ContactChange::Delete if done.leads > 0 => {
            format!("{contacts} deleted, with {}.", counted(done.leads, "lead", "leads"))
        }
        ContactChange::Delete => format!("{contacts} deleted."),
    };
    if done.kept > 0 {
        text.push_str(&format!(" {} left as before.", counted(done.kept, "contact was", "contacts were")));
    }
    text
}

/// What taking it back did.
pub fn undone(undone: &ContactsUndone) -> String {
    let ContactsUndone { count, kept, conflicts, conflicting } = undone;
    let mut text = if *count > 0 {
        format!("Taken back for {}.", counted(*count, "contact", "contacts"))
    } else {
        "Nothing was taken back.".to_owned()
    };
    if *kept > 0 {
        text = format!("{text} {} changed since and kept.", counted(*kept, "contact was", "contacts were"));
    }
    if *conflicting > 0 {
        let names: Vec<_> = conflicts.iter().take(3).map(|conflict| conflict.name.as_str()).collect();
        text = format!(
            "{text} {} came back without an address that someone else has by now, and in no campaign: {}{}. They are \
             listed as duplicate suspects.",
            counted(*conflicting, "contact", "contacts"),
            names.join(", "),
            if *conflicting > names.len() as u64 { " …" } else { "" },
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use domain::contact::UndoConflict;
    use domain::ids::ContactId;

    use super::*;

    #[test]
    fn an_undo_says_what_it_left() {
        assert_eq!(undone(&ContactsUndone { count: 2, ..ContactsUndone::default() }), "Taken back for 2 contacts.");
        let kept = ContactsUndone { kept: 1, ..ContactsUndone::default() };
        assert_eq!(undone(&kept), "Nothing was taken back. 1 contact was changed since and kept.");
        let ann = UndoConflict { contact: ContactId(1), name: "Ann Lee".to_owned(), other: None };
        let beside = ContactsUndone { count: 1, conflicting: 2, conflicts: vec![ann], ..ContactsUndone::default() };
        assert!(undone(&beside).contains("2 contacts came back without"), "{}", undone(&beside));
        assert!(undone(&beside).contains("Ann Lee …"));
    }
}
