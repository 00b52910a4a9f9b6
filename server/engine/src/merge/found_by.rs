//! By which values in chosen sets of fields people are found who were merged (R5): by those they have, by those of
//! everyone they have taken in, and by those that a merge has replaced. As with addresses, what led to one of them
//! leads to the survivor.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{ContactId, WorkspaceId};
use store::identities::KeyBytes;
use store::picture::{Key, Picture, Present};
use store::{Tx, contacts, merges};

use super::back::Journal;
use crate::Result;
use crate::groups::Groups;

/// The keys that a merge took from its survivor.
fn replaced(survivor: ContactId, journal: &Journal, groups: &Groups) -> Vec<KeyBytes> {
    let change = journal.changes.contacts.iter().find(|change| change.key == survivor);
    let Some((before, after)) = change.and_then(|c| Some((c.before.as_ref()?, c.after.as_ref()?))) else {
        return Vec::new();
    };
    let left = groups.keys(&after.person, &after.custom);
    let mut keys = groups.keys(&before.person, &before.custom);
    keys.retain(|key| !left.contains(key));
    keys
}

/// Gives the people of a picture the keys that they are found by; `merges` are those that stand, each by its survivor.
pub(super) fn settle<'j>(
    picture: &mut Picture,
    people: &[ContactId],
    merges: impl IntoIterator<Item = (ContactId, &'j Journal)>,
    groups: &Groups,
) {
    let mut found: BTreeSet<(Key, ContactId)> = BTreeSet::new();
    for id in people {
        let Some(row) = picture.contacts.get(id) else { continue };
        let root = picture.root(*id);
        found.extend(groups.keys(&row.person, &row.custom).into_iter().map(|key| (Key(key), root)));
    }
    for (survivor, journal) in merges {
        let root = picture.root(survivor);
        found.extend(replaced(survivor, journal, groups).into_iter().map(|key| (Key(key), root)));
    }
    picture.group_keys.retain(|(_, id), _| people.binary_search(id).is_err());
    picture.group_keys.extend(found.into_iter().map(|key| (key, Present {})));
}

/// The keys that some people have by their merges, beside those of their own values.
///
/// # Errors
/// As the database says.
pub(crate) async fn inherited(
    tx: &mut Tx,
    workspace: WorkspaceId,
    groups: &Groups,
    people: &[ContactId],
) -> Result<Vec<(KeyBytes, ContactId)>> {
    let roots: BTreeMap<ContactId, ContactId> = merges::taken_in(tx, workspace, people).await?.into_iter().collect();
    if groups.is_empty() || roots.is_empty() {
        return Ok(Vec::new());
    }
    let losers: Vec<ContactId> = roots.keys().copied().collect();
    let root = |id: ContactId| roots.get(&id).copied().unwrap_or(id);
    let mut found = Vec::new();
    for loser in contacts::among(tx, workspace, &losers).await? {
        found.extend(groups.keys(&loser.person, &loser.custom).into_iter().map(|key| (key, root(loser.id))));
    }
    for merge in merges::standing_of(tx, workspace, &losers).await? {
        let journal: Journal = serde_json::from_str(&merge.journal)?;
        found.extend(replaced(merge.survivor, &journal, groups).into_iter().map(|key| (key, root(merge.survivor))));
    }
    Ok(found)
}
