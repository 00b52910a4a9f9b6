//! How often somebody may try something: counted by the address of the client. In memory: a restart forgives, a flood
//! does not grow it beyond a bound.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Tries are counted within this time; then it starts anew.
const WINDOW: Duration = Duration::from_secs(60);
/// Addresses that are remembered before those of an earlier window are dropped.
const REMEMBERED: usize = 10_000;

/// The tries of one kind of act.
#[derive(Debug, Clone)]
pub struct Attempts {
    most: u32,
    by_address: Arc<Mutex<HashMap<IpAddr, (u32, Instant)>>>,
}

impl Attempts {
    /// At most so many from one address within a minute.
    pub fn new(most: u32) -> Self {
        Attempts { most, by_address: Arc::default() }
    }

    /// Counts a try; says whether it may go on.
    pub fn allow(&self, from: IpAddr, now: Instant) -> bool {
        let Ok(mut tries) = self.by_address.lock() else { return false };
        if tries.len() > REMEMBERED {
            tries.retain(|_, (_, since)| now.duration_since(*since) < WINDOW);
        }
        let (count, since) = tries.entry(network(from)).or_insert((0, now));
        if now.duration_since(*since) >= WINDOW {
            (*count, *since) = (0, now);
        }
        *count += 1;
        *count <= self.most
    }

    /// A success forgets the tries before it.
    pub fn forget(&self, from: IpAddr) {
        if let Ok(mut tries) = self.by_address.lock() {
            tries.remove(&network(from));
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
