//! How often somebody may try something: counted by the address of the client. In memory: a restart forgives, a flood
//! does not grow it beyond a bound.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Tries are counted within this time; then it starts anew.
const WINDOW: Duration = Duration::from_secs(60);
/// Networks that are remembered. With so many at once this is a flood, and a new one has to wait.
const REMEMBERED: usize = 100_000;

/// The tries of one kind of act.
#[derive(Debug, Clone)]
pub struct Attempts {
    most: u32,
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    by_network: HashMap<IpAddr, (u32, Instant)>,
    /// When those of an earlier window were dropped.
    swept: Option<Instant>,
}

impl Attempts {
    /// At most so many from one address within a minute.
    pub fn new(most: u32) -> Self {
        Attempts { most, known: Arc::default() }
    }

    /// Counts a try; says whether it may go on.
    pub fn allow(&self, from: IpAddr, now: Instant) -> bool {
        let Ok(mut known) = self.known.lock() else { return false };
        let Known { by_network, swept } = &mut *known;
        if swept.is_none_or(|at| now.duration_since(at) >= WINDOW) {
            by_network.retain(|_, (_, since)| now.duration_since(*since) < WINDOW);
            *swept = Some(now);
        }
        let from = network(from);
        if by_network.len() >= REMEMBERED && !by_network.contains_key(&from) {
            return false;
        }
        let (count, since) = by_network.entry(from).or_insert((0, now));
        if now.duration_since(*since) >= WINDOW {
            (*count, *since) = (0, now);
        }
        *count += 1;
        *count <= self.most
    }

    /// A success forgets the tries before it.
    pub fn forget(&self, from: IpAddr) {
        if let Ok(mut known) = self.known.lock() {
            known.by_network.remove(&network(from));
        }
    }
}

/// One customer of a provider has a whole /64 of IPv6 addresses: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from(u128::from(v6) >> 64 << 64).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_tries_is_held_and_then_forgiven() {
        let attempts = Attempts::new(10);
        let from = IpAddr::from([127, 0, 0, 1]);
        let start = Instant::now();
        assert_eq!((0..50).filter(|_| attempts.allow(from, start)).count(), 10);
        assert!(attempts.allow(IpAddr::from([127, 0, 0, 2]), start));
        assert!(attempts.allow(from, start + WINDOW));
    }

    #[test]
    fn a_flood_from_everywhere_takes_no_more_memory() {
        let attempts = Attempts::new(1);
        let start = Instant::now();
        let allowed = (0..110_000_u32).filter(|n| attempts.allow(IpAddr::from(n.to_be_bytes()), start)).count();
        assert_eq!(allowed, REMEMBERED);
        assert!(attempts.allow(IpAddr::from([127, 0, 0, 1]), start + WINDOW));
        assert_eq!(attempts.known.lock().unwrap().by_network.len(), 1);
    }

    #[test]
    fn one_network_is_one_client() {
        let attempts = Attempts::new(1);
        let start = Instant::now();
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(attempts.allow(address("2001:db8::1"), start));
        assert!(!attempts.allow(address("2001:db8::2:3"), start), "the same /64");
        assert!(attempts.allow(address("2001:db8:0:1::1"), start));
        assert!(attempts.allow(address("::ffff:10.0.0.1"), start));
        assert!(!attempts.allow(address("10.0.0.1"), start), "the same machine in another notation");
        attempts.forget(address("10.0.0.1"));
        assert!(attempts.allow(address("10.0.0.1"), start));
    }
}
