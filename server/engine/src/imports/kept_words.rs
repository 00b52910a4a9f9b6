//! What was kept when an import was taken back, and why, in words.

use domain::PersonField;

/// What was kept, from its code.
pub(super) fn what(code: &str) -> String {
    match code.split_once(':') {
        Some(("field", word)) => {
            word.parse().map_or_else(|_| "A field".to_owned(), |f: PersonField| f.label().to_owned())
        }
        Some(("variable", name)) => name.to_owned(),
        _ => match code {
            "lead" => "The lead".to_owned(),
            "consent" => "Do not contact".to_owned(),
            _ => "The contact".to_owned(),
        },
    }
}

/// Why, from both codes.
pub(super) fn why(what: &str, code: &str) -> &'static str {
    match (what, code) {
        ("lead", "merged") => "Merged with another lead since.",
        (_, "merged") => "Merged with another contact since.",
        (_, "deleted") => "Deleted since; it stays deleted.",
        (_, "status") => "Its status was changed since.",
        ("contact", "lead") => "Its lead was kept.",
        (_, "broughtAgain") => "Something else has brought this person in since.",
        (_, "otherCampaign") => "In another campaign by now.",
        (_, "tagged") => "Tagged since.",
        (_, "taken") => "What stood there before belongs to another contact by now.",
        (_, "consent") => "Nobody is written to again by an undo.",
        ("contact", _) => "Edited, or part of a decision, since.",
        _ => "Edited since.",
    }
}
