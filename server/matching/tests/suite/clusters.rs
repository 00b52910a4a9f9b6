//! Clusters against a naive oracle on random graphs.

use std::collections::BTreeSet;

use matching::{Band, Cluster, Pair, cluster};
use proptest::prelude::*;

fn pair(a: i64, b: i64, probability: f64) -> Pair {
    Pair { a: a.min(b), b: a.max(b), bits: 0.0, probability, band: Band::Review }
}

fn ids(clusters: &[Cluster]) -> Vec<Vec<i64>> {
    clusters.iter().map(|cluster| cluster.ids.clone()).collect()
}

#[test]
fn joins_over_others() {
    let pairs = [pair(1, 2, 0.95), pair(2, 3, 0.97), pair(8, 9, 0.6)];
    assert_eq!(ids(&cluster(&pairs, &[])), [vec![1, 2, 3], vec![8, 9]]);
}

#[test]
fn a_weak_bridge_is_cut_and_a_sure_one_is_not() {
    let groups = |bridge| [pair(1, 2, 0.99), pair(3, 4, 0.99), pair(2, 3, bridge)];
    assert_eq!(ids(&cluster(&groups(0.7), &[])), [vec![1, 2], vec![3, 4]]);
    assert_eq!(ids(&cluster(&groups(0.95), &[])), [vec![1, 2, 3, 4]]);
    // Two weak links are no bridge: each confirms the other.
    let twice = [pair(1, 2, 0.99), pair(3, 4, 0.99), pair(2, 3, 0.7), pair(1, 4, 0.7)];
    assert_eq!(ids(&cluster(&twice, &[])), [vec![1, 2, 3, 4]]);
}

#[test]
fn separated_people_are_never_together() {
    let pairs = [pair(1, 2, 0.99), pair(2, 3, 0.95)];
    assert_eq!(ids(&cluster(&pairs, &[(3, 1)])), [vec![1, 2]]);
    assert_eq!(ids(&cluster(&pairs, &[(1, 2), (2, 3)])), Vec::<Vec<i64>>::new());
}

#[test]
fn a_name_alone_joins_nobody() {
    let pairs = [Pair { band: Band::Name, ..pair(1, 2, 0.4) }];
    assert!(cluster(&pairs, &[]).is_empty());
}

#[test]
fn a_long_chain_ends() {
    let pairs: Vec<Pair> = (0..200_000).map(|id| pair(id, id + 1, 0.95)).collect();
    assert_eq!(cluster(&pairs, &[]).len(), 1);
}

/// Who is connected to `start` over these pairs.
fn connected(start: i64, pairs: &[Pair]) -> BTreeSet<i64> {
    let mut reached = BTreeSet::from([start]);
    loop {
        let before = reached.len();
        for pair in pairs {
            if reached.contains(&pair.a) || reached.contains(&pair.b) {
                reached.extend([pair.a, pair.b]);
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

/// The definition, word by word and slowly.
fn naive(pairs: &[Pair], separated: &[(i64, i64)]) -> Vec<Vec<i64>> {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|one, other| {
        other.probability.total_cmp(&one.probability).then((one.a, one.b).cmp(&(other.a, other.b)))
    });
    let mut joined: Vec<Pair> = Vec::new();
    for pair in sorted {
        let together: BTreeSet<i64> = connected(pair.a, &joined).union(&connected(pair.b, &joined)).copied().collect();
        if !separated.iter().any(|(one, other)| together.contains(one) && together.contains(other)) {
            joined.push(pair);
        }
    }
    // Every pair inside a joined group counts, also one that came when its group was joined already.
    let inside = |pair: &Pair| connected(pair.a, &joined).contains(&pair.b);
    let kept: Vec<Pair> = pairs.iter().copied().filter(inside).collect();
    let is_weak_bridge = |bridge: &Pair| {
        let rest: Vec<Pair> = kept.iter().copied().filter(|pair| (pair.a, pair.b) != (bridge.a, bridge.b)).collect();
        let (one, other) = (connected(bridge.a, &rest), connected(bridge.b, &rest));
        bridge.probability < 0.9 && !one.contains(&bridge.b) && one.len() >= 2 && other.len() >= 2
    };
    let links: Vec<Pair> = kept.iter().copied().filter(|pair| !is_weak_bridge(pair)).collect();
    let mut clusters: BTreeSet<Vec<i64>> = BTreeSet::new();
    for pair in &links {
        clusters.insert(connected(pair.a, &links).into_iter().collect());
    }
    clusters.into_iter().collect()
}

fn graphs() -> impl Strategy<Value = (Vec<Pair>, Vec<(i64, i64)>)> {
    let links = prop::collection::btree_map((0i64..12, 0i64..12), 50u32..100, 0..22);
    let apart = prop::collection::vec((0i64..12, 0i64..12), 0..4);
    (links, apart).prop_map(|(links, apart)| {
        let mut pairs: Vec<Pair> = Vec::new();
        for ((a, b), percent) in links {
            let next = pair(a, b, f64::from(percent) / 100.0);
            if a != b && !pairs.iter().any(|known| (known.a, known.b) == (next.a, next.b)) {
                pairs.push(next);
            }
        }
        (pairs, apart.into_iter().filter(|(one, other)| one != other).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn equals_the_naive_oracle((pairs, separated) in graphs()) {
        prop_assert_eq!(ids(&cluster(&pairs, &separated)), naive(&pairs, &separated));
    }

    #[test]
    fn the_order_of_pairs_does_not_show((pairs, separated) in graphs(), by in 0usize..20) {
        let mut turned = pairs.clone();
        turned.rotate_left(by % pairs.len().max(1));
        prop_assert_eq!(cluster(&pairs, &separated), cluster(&turned, &separated));
    }

    #[test]
    fn nobody_is_with_whom_they_are_separated_from((pairs, separated) in graphs()) {
        for cluster in cluster(&pairs, &separated) {
            prop_assert!(!separated.iter().any(|(one, other)| cluster.ids.contains(one) && cluster.ids.contains(other)));
        }
    }
}
