//! What was edited after a merge, to be edited again when the merge is done anew on other ground.

use std::collections::BTreeMap;

use store::picture::{Changed, Changes, Picture};

use super::back::{cell, set_cell};
use super::plan::fields_of;

/// The edits that were made to what a merge left: for doing the merge anew on other ground, with the edits kept.
pub(super) fn edits_since(now: &Picture, changes: &Changes) -> Changes {
    fn since<K: Ord + Clone, V: PartialEq + Clone>(
        now: &BTreeMap<K, V>,
        changed: &[Changed<K, V>],
    ) -> Vec<Changed<K, V>> {
        changed
            .iter()
            .filter(|c| now.get(&c.key) != c.after.as_ref())
            .map(|c| Changed { key: c.key.clone(), before: c.after.clone(), after: now.get(&c.key).cloned() })
            .collect()
    }
    Changes {
        contacts: since(&now.contacts, &changes.contacts),
        identities: since(&now.identities, &changes.identities),
        addresses: since(&now.addresses, &changes.addresses),
        sources: since(&now.sources, &changes.sources),
        tags: since(&now.tags, &changes.tags),
        leads: since(&now.leads, &changes.leads),
        // decisions on pairs, consent, redirects and what is found by chosen fields go their own ways
        ..Changes::default()
    }
}

/// Makes edits again that were made to what a merge had left.
pub(super) fn edit_again(picture: &mut Picture, edits: &Changes) {
    fn again<K: Ord + Clone, V: Clone>(rows: &mut BTreeMap<K, V>, edits: &[Changed<K, V>]) {
        for edit in edits {
            match &edit.after {
                Some(row) => rows.insert(edit.key.clone(), row.clone()),
                None => rows.remove(&edit.key),
            };
        }
    }
    for edit in &edits.contacts {
        let (Some(from), Some(to), Some(row)) = (&edit.before, &edit.after, picture.contacts.get_mut(&edit.key)) else {
            continue;
        };
        for field in fields_of([from, to]) {
            let text = cell(to, field);
            if cell(from, field).0 != text.0 {
                set_cell(row, field, text);
            }
        }
    }
    for edit in &edits.leads {
        match (&edit.before, &edit.after) {
            (Some(from), Some(to)) => {
                let Some(row) = picture.leads.get_mut(&edit.key) else { continue };
                if from.status != to.status {
                    row.status = to.status;
                }
                for (name, text) in &to.variables {
                    if from.variables.get(name) != Some(text) {
                        row.variables.insert(name.clone(), text.clone());
                    }
                }
            }
            (_, None) => {
                picture.leads.remove(&edit.key);
            }
            (None, Some(_)) => {}
        }
    }
    again(&mut picture.identities, &edits.identities);
    again(&mut picture.addresses, &edits.addresses);
    again(&mut picture.sources, &edits.sources);
    again(&mut picture.tags, &edits.tags);
}
