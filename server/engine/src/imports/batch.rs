//! One batch of people on their way in, whatever way they come: claim their identifiers, lock them, look, decide, write
//! (design: writing safely; R1).

use std::collections::HashMap;

use domain::ids::ContactId;
use store::{Tx, contacts, identities};

use super::known::{Known, holders, people_of, sorted_keys};
use super::overlay::{Overlay, Taken};
use super::plan::Incoming;
use super::write::{self, Destination};
use crate::{Result, groups};

/// What became of the rows of a batch.
pub(super) struct TakenBatch {
    /// Each row, with its journal complete.
    pub rows: Vec<(Incoming, Taken)>,
    /// New leads that are not begun yet elsewhere.
    pub pending_elsewhere: u64,
}

/// Takes a batch: all of it is written in this transaction. `first_contact` is the first of as many reserved ids as
/// there are rows.
pub(super) async fn take(
    tx: &mut Tx,
    to: &Destination<'_>,
    overlay: &mut Overlay<'_>,
    batch: Vec<Incoming>,
    first_contact: i64,
    now: i64,
) -> Result<TakenBatch> {
    let workspace = to.workspace;
    // without a unique key to claim, nobody else may write people meanwhile (R5)
    let registered = groups::load(tx, workspace, !overlay.plan().groups().is_empty()).await?;
    let new_ids = first_contact..first_contact + i64::try_from(batch.len()).unwrap_or(i64::MAX);
    let keys = sorted_keys(&batch);
    let mut candidates: HashMap<identities::KeyBytes, ContactId> = HashMap::with_capacity(keys.len());
    for (row, id) in batch.iter().zip(first_contact..) {
        for (_, key) in row.keys.iter().filter(|_| row.refused.is_none()) {
            candidates.entry(*key).or_insert(ContactId(id));
        }
    }
    let candidates: Vec<(identities::KeyBytes, ContactId)> =
        keys.iter().filter_map(|k| Some((*k, *candidates.get(k)?))).collect();
    let mut owners = identities::claim(tx, workspace, &candidates).await?;
    let ours = |key| owners.get(key).is_some_and(|owner: &ContactId| new_ids.contains(&owner.0));
    let claimed: Vec<_> = candidates.iter().filter(|(key, _)| ours(key)).copied().collect();
    owners.retain(|_, owner| !new_ids.contains(&owner.0));
    let found = (owners, holders(tx, workspace, &batch).await?);
    contacts::lock(tx, workspace, &people_of(&found.0, &found.1)).await?;
    let known = Known::load(tx, workspace, to.campaign, &keys, found, overlay.updates(), overlay.plan()).await?;

    overlay.begin(now);
    let mut rows: Vec<(Incoming, Taken)> = Vec::with_capacity(batch.len());
    for (row, id) in batch.into_iter().zip(first_contact..) {
        let taken = overlay.take(&row, &known, ContactId(id));
        rows.push((row, taken));
    }
    let changes = overlay.take_changes();
    let pending_elsewhere = changes.pending_elsewhere;
    let mut written = write::write(tx, to, &registered, &claimed, changes, now).await?;
    rows.iter_mut().for_each(|(row, taken)| written.complete(row, taken));
    Ok(TakenBatch { rows, pending_elsewhere })
}
