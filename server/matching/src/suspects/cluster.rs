//! From pairs to people: who of many records is one person.

use std::collections::BTreeMap;

use petgraph::unionfind::UnionFind;

use super::comparison::Band;
use super::scan::Pair;

/// Below this probability a link that alone holds two groups together is cut.
///
/// Two groups of records, each sure in itself, and a single doubtful pair between them are two people met by one
/// wrong pair more often than one person.
const WEAK_BRIDGE: f64 = 0.9;

/// Records that are one person, as far as the pairs tell.
#[derive(Clone, PartialEq, Debug)]
pub struct Cluster {
    /// At least two ids, ascending.
    pub ids: Vec<i64>,
    /// The probability of its weakest pair.
    pub weakest: f64,
}

/// Joins pairs into clusters, and splits them at weak bridges. Pairs of the band `name` join nobody.
///
/// The surest pairs join first, and a pair that would bring two separated people into one cluster is left out:
/// separated people are never together, over however many others. Clusters come by their first ids.
pub fn cluster(pairs: &[Pair], separated: &[(i64, i64)]) -> Vec<Cluster> {
    let graph = Graph::of(pairs);
    let joined = graph.join(separated);
    let kept: Vec<&Link> = graph.links.iter().filter(|link| joined.find(link.one) == joined.find(link.other)).collect();
    let bridges = weak_bridges(graph.ids.len(), &kept);
    let mut split = UnionFind::<usize>::new(graph.ids.len());
    for (link, _) in kept.iter().zip(&bridges).filter(|(_, is_weak)| !**is_weak) {
        split.union(link.one, link.other);
    }
    let mut clusters: BTreeMap<usize, Cluster> = BTreeMap::new();
    for (place, id) in graph.ids.iter().enumerate() {
        let cluster = clusters.entry(split.find(place)).or_insert(Cluster { ids: Vec::new(), weakest: 1.0 });
        cluster.ids.push(*id);
    }
    for (link, _) in kept.iter().zip(&bridges).filter(|(_, is_weak)| !**is_weak) {
        if let Some(cluster) = clusters.get_mut(&split.find(link.one)) {
            cluster.weakest = cluster.weakest.min(link.probability);
        }
    }
    let mut clusters: Vec<Cluster> = clusters.into_values().filter(|cluster| cluster.ids.len() > 1).collect();
    clusters.sort_by(|one, other| one.ids.cmp(&other.ids));
    clusters
}

/// People by their place in a sorted list, and the pairs between them.
struct Graph {
    ids: Vec<i64>,
    links: Vec<Link>,
}

struct Link {
    one: usize,
    other: usize,
    probability: f64,
}

impl Graph {
    fn of(pairs: &[Pair]) -> Self {
        let pairs: Vec<&Pair> = pairs.iter().filter(|pair| pair.band != Band::Name && pair.a != pair.b).collect();
        let mut ids: Vec<i64> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
        ids.sort_unstable();
        ids.dedup();
        let place = |id: i64| ids.binary_search(&id).unwrap_or_default();
        // A pair that is given twice counts once, with its better probability.
        let mut best: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for pair in pairs {
            let (one, other) = (place(pair.a.min(pair.b)), place(pair.a.max(pair.b)));
            let probability = best.entry((one, other)).or_insert(pair.probability);
            *probability = probability.max(pair.probability);
        }
        let links = best.into_iter().map(|((one, other), probability)| Link { one, other, probability }).collect();
        Self { ids, links }
    }

    /// Joins the surest pairs first, but never separated people.
    fn join(&self, separated: &[(i64, i64)]) -> UnionFind<usize> {
        let mut apart: Vec<Vec<usize>> = vec![Vec::new(); self.ids.len()];
        for (one, other) in separated {
            if let (Ok(one), Ok(other)) = (self.ids.binary_search(one), self.ids.binary_search(other)) {
                apart[one].push(other);
                apart[other].push(one);
            }
        }
        let mut by_probability: Vec<&Link> = self.links.iter().collect();
        by_probability.sort_by(|one, other| {
            other.probability.total_cmp(&one.probability).then((one.one, one.other).cmp(&(other.one, other.other)))
        });
        let mut sets = UnionFind::<usize>::new(self.ids.len());
        for link in by_probability {
            let (one, other) = (sets.find(link.one), sets.find(link.other));
            if one == other {
                continue;
            }
            // Both sides know who is kept from them, so the shorter list is enough.
            let (few, their_other) = if apart[one].len() <= apart[other].len() { (one, other) } else { (other, one) };
            if apart[few].iter().any(|person| sets.find(*person) == their_other) {
                continue;
            }
            sets.union(one, other);
            let root = sets.find(one);
            let moved = std::mem::take(&mut apart[if root == one { other } else { one }]);
            apart[root].extend(moved);
        }
        sets
    }
}

/// For each link, whether it is weak and alone holds together two groups of at least two people.
///
/// Tarjan's search for bridges, with a stack of its own: a chain of a million people must not end the program.
fn weak_bridges(people: usize, links: &[&Link]) -> Vec<bool> {
    let mut neighbours: Vec<Vec<(usize, usize)>> = vec![Vec::new(); people];
    for (index, link) in links.iter().enumerate() {
        neighbours[link.one].push((link.other, index));
        neighbours[link.other].push((link.one, index));
    }
    let mut weak = vec![false; links.len()];
    let mut search = Search { order: vec![0; people], lowest: vec![0; people], below: vec![1; people], visited: 0 };
    for start in 0..people {
        if search.order[start] == 0 {
            let bridges = search.run(start, &neighbours);
            let size = search.below[start];
            for (link, below) in bridges {
                weak[link] = links[link].probability < WEAK_BRIDGE && below >= 2 && size - below >= 2;
            }
        }
    }
    weak
}

struct Search {
    /// When a person was first reached, from 1; 0 before.
    order: Vec<usize>,
    /// The earliest person reachable without the link that led here.
    lowest: Vec<usize>,
    /// How many people were reached through a person, with that person.
    below: Vec<usize>,
    visited: usize,
}

impl Search {
    /// Searches everybody connected to `start`; gives each bridge and how many people are behind it.
    fn run(&mut self, start: usize, neighbours: &[Vec<(usize, usize)>]) -> Vec<(usize, usize)> {
        let mut bridges = Vec::new();
        // Person, the link that led there, how many neighbours were looked at.
        let mut path = vec![(start, usize::MAX, 0)];
        self.reach(start);
        while let Some((person, through, looked_at)) = path.last_mut() {
            let (person, through) = (*person, *through);
            if let Some(&(next, link)) = neighbours[person].get(*looked_at) {
                *looked_at += 1;
                if link == through {
                    continue;
                }
                if self.order[next] == 0 {
                    self.reach(next);
                    path.push((next, link, 0));
                } else {
                    self.lowest[person] = self.lowest[person].min(self.order[next]);
                }
                continue;
            }
            path.pop();
            if let Some((parent, _, _)) = path.last() {
                self.lowest[*parent] = self.lowest[*parent].min(self.lowest[person]);
                self.below[*parent] += self.below[person];
                if self.lowest[person] > self.order[*parent] {
                    bridges.push((through, self.below[person]));
                }
            }
        }
        bridges
    }

    fn reach(&mut self, person: usize) {
        self.visited += 1;
        self.order[person] = self.visited;
        self.lowest[person] = self.visited;
    }
}
