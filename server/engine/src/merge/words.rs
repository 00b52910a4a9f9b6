//! The sentences of merging: why not, what to think about first, what undo left.

use std::collections::HashMap;

use domain::ids::{CampaignId, ContactId, FieldId};
use domain::merge::{FieldKey, Kept};
use store::picture::{Picture, pair};

use super::back::Later;
use super::plan::is_open;

/// What to call a contact in a sentence.
pub(super) fn name(picture: &Picture, id: ContactId) -> String {
    picture.contacts.get(&id).map_or_else(|| id.to_string(), |row| row.person.display_name())
}

/// Why two people may not be merged, when they may not.
pub(super) fn refusal(picture: &Picture, a: ContactId, b: ContactId) -> Option<String> {
    let (one, other) = (name(picture, a), name(picture, b));
    for (id, name) in [(a, &one), (b, &other)] {
        if picture.contacts.get(&id).is_none_or(|row| row.deleted_at.is_some()) {
            return Some(format!("{name} was deleted. Bring them back first; nothing was merged."));
        }
    }
    // who is asked about again may be decided again
    let row = picture.separated.get(&pair(a, b)).filter(|_| !is_open(picture, pair(a, b)))?;
    let inside = match row.origin {
        Some(_) => " That was said of contacts that have been merged into them since.",
        None => "",
    };
    Some(format!(
        "{one} and {other} are kept apart: someone said that they are two people.{inside} \
         Take that back in the Separated list first; nothing was merged."
    ))
}

/// Why the merges of someone who is gone cannot be taken back.
pub(super) fn gone(picture: &Picture, root: ContactId) -> String {
    match picture.contacts.get(&root).and_then(|row| row.deleted_at) {
        // deleted for good: the row is empty
        Some(0) => {
            "This person was deleted more than thirty days ago, for good. Their merges cannot be taken back any \
                    more; nothing was changed."
                .to_owned()
        }
        _ => format!(
            "{} was deleted after the merge. Bring them back first, then take the merge back; nothing was changed.",
            name(picture, root)
        ),
    }
}

/// What a person calls a field.
pub(super) fn label(field: FieldKey, fields: &HashMap<FieldId, String>) -> String {
    match field {
        FieldKey::Person(field) => field.label().to_owned(),
        FieldKey::Custom(id) => fields.get(&id).cloned().unwrap_or_else(|| id.to_string()),
    }
}

/// What undo left, in words.
pub(super) fn kept(
    later: &[Later],
    picture: &Picture,
    campaigns: &HashMap<CampaignId, String>,
    fields: &HashMap<FieldId, String>,
) -> Vec<Kept> {
    let campaign = |id: &CampaignId| campaigns.get(id).cloned().unwrap_or_else(|| id.to_string());
    let mut out: Vec<Kept> = Vec::new();
    for item in later {
        let (what, why) = match item {
            Later::Field(id, field) => (
                format!("{} of {}", label(*field, fields), name(picture, *id)),
                "It was changed after the merge, so the newer value stays.".to_owned(),
            ),
            Later::Status(id) => {
                (format!("Status in {}", campaign(id)), "It was changed after the merge, so it stays.".to_owned())
            }
            Later::Variable(id, name) => {
                (format!("{name} in {}", campaign(id)), "It was changed after the merge, so it stays.".to_owned())
            }
            Later::LeadGone(id) => {
                (format!("Lead in {}", campaign(id)), "It was deleted after the merge, so it stays deleted.".to_owned())
            }
            Later::LeadTaken(id) => (
                format!("Lead in {}", campaign(id)),
                "The campaign has the person again, so the lead of before did not come back.".to_owned(),
            ),
            Later::Address(id, text) => (
                format!("{text} of {}", name(picture, *id)),
                "Another contact has this address by now. It is kept as a shared mailbox, and imports of it find the \
                 other contact."
                    .to_owned(),
            ),
            Later::Profile(id, text) => (
                format!("{text} of {}", name(picture, *id)),
                "Another contact has this profile by now, so it stays with them.".to_owned(),
            ),
            Later::GivenBack(id, text) => (
                format!("{text} at {}", name(picture, *id)),
                "It identifies the other of the two, so it went back to them, although it was changed after the merge."
                    .to_owned(),
            ),
            Later::Consent(id) => (
                format!("Do not contact for {}", name(picture, *id)),
                "They asked to be left alone after the merge, so nothing is sent to them.".to_owned(),
            ),
        };
        let kept = Kept { what, why };
        if !out.contains(&kept) {
            out.push(kept);
        }
    }
    out
}
