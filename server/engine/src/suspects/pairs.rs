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

/// The pairs that may be listed: a separated pair only with evidence that there was not when it was decided. Says which
/// pairs are asked again.
pub(super) fn without_separated(
    found: Vec<Found>,
    separated: &BTreeMap<(i64, i64), i64>,
) -> (Vec<Found>, Vec<(ContactId, ContactId)>) {
    let mut again = Vec::new();
    let kept = found
        .into_iter()
        .filter(|pair| match separated.get(&(pair.first, pair.second)) {
            None => true,
            Some(weight) => {
                let asks = (pair.bits * 1_000.0).round() as i64 >= weight + NEW_EVIDENCE;
                if asks {
                    again.push((ContactId(pair.first), ContactId(pair.second)));
                }
                asks
            }
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

/// Works out the clusters around some contacts anew and writes their pairs.
pub(super) async fn settle(tx: &mut Tx, workspace: WorkspaceId, around: &[ContactId], now: i64) -> Result<()> {
    let mut known: BTreeSet<i64> = around.iter().map(|id| id.0).collect();
    let mut ask: Vec<ContactId> = around.to_vec();
    let mut rows: BTreeMap<(i64, i64), Suspect> = BTreeMap::new();
    while !ask.is_empty() && known.len() < TANGLE {
        let mut next = Vec::new();
        for row in suspects::of_contacts(tx, workspace, &ask).await? {
            if row.cluster_id != 0 {
                next.extend([row.first_contact_id, row.second_contact_id].into_iter().filter(|id| known.insert(*id)));
            }
            rows.insert((row.first_contact_id, row.second_contact_id), row);
        }
        ask = next.into_iter().map(ContactId).collect();
    }
    let pairs: Vec<Pair> = rows.values().filter_map(pair_of).collect();
    let ids: Vec<ContactId> = known.into_iter().map(ContactId).collect();
    let separated: Vec<(i64, i64)> =
        suspects::separated_among(tx, workspace, &ids).await?.into_iter().map(|(a, b, _)| (a, b)).collect();
    let home = clusters(&pairs, &separated);
    let moved = rows
        .into_values()
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
