//! Writes what was found about some contacts: pairs with their scores and clusters, beside the decisions that stand.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{ContactId, WorkspaceId};
use matching::Pair;
use store::suspects::{SCORE, Suspect};
use store::{Tx, suspects};

use super::{band, from_millionths, millionths};
use crate::Result;

/// So much more weight than at the decision asks again about a separated pair, in thousandths of a bit: eight times
/// the odds, as one more identifier in common gives.
const NEW_EVIDENCE: i64 = 3_000;
/// Contacts at most whose clusters are worked out anew at a time; larger tangles wait for the full scan.
const TANGLE: usize = 2_000;

/// A scored pair, ready to be stored.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub first: i64,
    pub second: i64,
    pub bits: f64,
    pub probability: f64,
    pub band: matching::Band,
    /// JSON of the evidence.
    pub parts: String,
}

impl Found {
    pub fn pair(&self) -> Pair {
        Pair { a: self.first, b: self.second, bits: self.bits, probability: self.probability, band: self.band }
    }

    /// As it is stored, in a cluster.
    pub fn suspect(self, cluster: i64) -> Suspect {
        Suspect {
            first_contact_id: self.first,
            second_contact_id: self.second,
            reason: SCORE.to_owned(),
            band: band(self.band).word().to_owned(),
            weight: (self.bits * 1_000.0).round() as i64,
            probability: millionths(self.probability),
            parts: self.parts,
            cluster_id: cluster,
        }
    }
}

/// The pairs that may be listed: of two who are somebody, and not separated. Says which separated pairs are asked about
/// again. Both people of every pair have to be locked.
pub(super) async fn to_list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    mut found: Vec<Found>,
    live: &[ContactId],
) -> Result<(Vec<Found>, Vec<(ContactId, ContactId)>)> {
    let is_live = |id: i64| live.binary_search(&ContactId(id)).is_ok();
    found.retain(|pair| is_live(pair.first) && is_live(pair.second));
    let mut ids: Vec<ContactId> =
        found.iter().flat_map(|pair| [ContactId(pair.first), ContactId(pair.second)]).collect();
    ids.sort_unstable();
    ids.dedup();
    let separated = suspects::separated_among(tx, workspace, &ids).await?;
    let separated = separated.into_iter().map(|(a, b, weight)| ((a, b), weight)).collect();
    Ok(without_separated(found, &separated))
}

/// The pairs that may be listed: a separated pair only with evidence that there was not when it was decided, and then
/// it is not obvious, since somebody said otherwise. Says which pairs are asked again.
pub(super) fn without_separated(
    found: Vec<Found>,
    separated: &BTreeMap<(i64, i64), i64>,
) -> (Vec<Found>, Vec<(ContactId, ContactId)>) {
    let mut again = Vec::new();
    let kept = found
        .into_iter()
        .filter_map(|mut pair| {
            let Some(weight) = separated.get(&(pair.first, pair.second)) else { return Some(pair) };
            if ((pair.bits * 1_000.0).round() as i64) < weight + NEW_EVIDENCE {
                return None;
            }
            again.push((ContactId(pair.first), ContactId(pair.second)));
            if pair.band == matching::Band::Obvious {
                pair.band = matching::Band::Review;
            }
            Some(pair)
        })
        .collect();
    (kept, again)
}

/// The cluster of each pair: its smallest contact, or 0 where only the name speaks.
pub(super) fn clusters(pairs: &[Pair], separated: &[(i64, i64)]) -> BTreeMap<(i64, i64), i64> {
    let mut home: BTreeMap<i64, i64> = BTreeMap::new();
    for cluster in matching::cluster(pairs, separated) {
        for id in &cluster.ids {
            home.insert(*id, cluster.ids[0]);
        }
    }
    pairs
        .iter()
        .map(|pair| {
            let cluster = match (pair.band, home.get(&pair.a), home.get(&pair.b)) {
                (matching::Band::Name, ..) => 0,
                (_, Some(a), Some(b)) if a == b => *a,
                // a weak bridge: an entry of its own
                _ => bridge(pair.a, pair.b),
            };
            ((pair.a, pair.b), cluster)
        })
        .collect()
}

/// The number of an entry that holds just one pair between two clusters: below zero, so that it is nobody's id, and
/// the same each time.
fn bridge(a: i64, b: i64) -> i64 {
    let key = matching::Key::of(matching::KeyKind::Text, &format!("{a}-{b}"));
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&key.as_bytes()[..8]);
    -(i64::from_be_bytes(bytes) & i64::MAX).max(1)
}

/// Some contacts and everyone in their clusters, in order.
pub(super) async fn around(tx: &mut Tx, workspace: WorkspaceId, contacts: Vec<ContactId>) -> Result<Vec<ContactId>> {
    let mut known: BTreeSet<ContactId> = contacts.into_iter().collect();
    let mut ask: Vec<ContactId> = known.iter().copied().collect();
    let most = known.len() + TANGLE;
    while !ask.is_empty() && known.len() < most {
        let rows = suspects::of_contacts(tx, workspace, &ask).await?;
        let near = rows.into_iter().filter(|row| row.cluster_id != 0);
        let ids = near.flat_map(|row| [ContactId(row.first_contact_id), ContactId(row.second_contact_id)]);
        ask = ids.filter(|id| known.insert(*id)).collect();
    }
    Ok(known.into_iter().collect())
}

/// Works out the clusters of some contacts anew and writes their pairs with each other. Everyone of a cluster has to be
/// among them, in order, and locked: see [`around`].
pub(super) async fn settle(tx: &mut Tx, workspace: WorkspaceId, around: &[ContactId], now: i64) -> Result<()> {
    let among = |id: i64| around.binary_search(&ContactId(id)).is_ok();
    let mut rows = suspects::of_contacts(tx, workspace, around).await?;
    rows.retain(|row| among(row.first_contact_id) && among(row.second_contact_id));
    let pairs: Vec<Pair> = rows.iter().filter_map(pair_of).collect();
    let separated: Vec<(i64, i64)> =
        suspects::separated_among(tx, workspace, around).await?.into_iter().map(|(a, b, _)| (a, b)).collect();
    let home = clusters(&pairs, &separated);
    let moved = rows
        .into_iter()
        .filter_map(|mut row| {
            let cluster = *home.get(&(row.first_contact_id, row.second_contact_id))?;
            (row.cluster_id != cluster).then(|| {
                row.cluster_id = cluster;
                row
            })
        })
        .collect();
    Ok(suspects::put(tx, workspace, moved, now).await?)
}

/// A stored pair as the matcher knows it.
pub(super) fn pair_of(row: &Suspect) -> Option<Pair> {
    let band = match row.band.as_str() {
        "obvious" => matching::Band::Obvious,
        "review" => matching::Band::Review,
        "name" => matching::Band::Name,
        _ => return None,
    };
    Some(Pair {
        a: row.first_contact_id,
        b: row.second_contact_id,
        bits: row.weight as f64 / 1_000.0,
        probability: from_millionths(row.probability),
        band,
    })
}
