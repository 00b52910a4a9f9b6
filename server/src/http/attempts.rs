//! How often somebody may try something: counted by the network of the client, and by the account. In memory: a restart forgives, a flood
//! does not grow it beyond a bound.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Tries are counted within this time; then it starts anew.
const WINDOW: Duration = Duration::from_secs(60);
/// Networks and accounts that are remembered. With so many at once this is a flood, and a new one has to wait.
const REMEMBERED: usize = 100_000;

/// The tries of one kind of act.
#[derive(Debug, Clone)]
pub struct Attempts {
    most: u32,
    known: Arc<Mutex<Known>>,
}

/// By what tries are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum By {
    Network(IpAddr),
    Account([u8; 16]),
}

#[derive(Debug, Default)]
struct Known {
    tries: HashMap<By, (u32, Instant)>,
    /// When those of an earlier window were dropped.
    swept: Option<Instant>,
}

impl Attempts {
    /// At most so many from one network, or at one account, within a minute.
    pub fn new(most: u32) -> Self {
        Attempts { most, known: Arc::default() }
    }

    /// Counts a try from an address; says whether it may go on.
    pub fn allow(&self, from: IpAddr, now: Instant) -> bool {
        self.count(By::Network(network(from)), now)
    }

    /// Counts a try at an account, from wherever it comes; says whether it may go on.
    pub fn allow_at(&self, account: [u8; 16], now: Instant) -> bool {
        self.count(By::Account(account), now)
    }

    fn count(&self, by: By, now: Instant) -> bool {
        let Ok(mut known) = self.known.lock() else { return false };
        let Known { tries, swept } = &mut *known;
        if swept.is_none_or(|at| now.duration_since(at) >= WINDOW) {
            tries.retain(|_, (_, since)| now.duration_since(*since) < WINDOW);
            *swept = Some(now);
        }
        if tries.len() >= REMEMBERED && !tries.contains_key(&by) {
            return false;
        }
        let (count, since) = tries.entry(by).or_insert((0, now));
        if now.duration_since(*since) >= WINDOW {
            (*count, *since) = (0, now);
        }
        *count += 1;
        *count <= self.most
    }

    /// A success was no guess: it alone counts for nothing, those before it still do.
    pub fn succeeded(&self, from: IpAddr, account: Option<[u8; 16]>) {
        let Ok(mut known) = self.known.lock() else { return };
        for by in [Some(By::Network(network(from))), account.map(By::Account)].into_iter().flatten() {
            if let Some((count, _)) = known.tries.get_mut(&by) {
                *count = count.saturating_sub(1);
            }
        }
    }
}

/// One customer of a provider has a whole /64 of IPv6 addresses: they count as one.
pub(super) fn network(address: IpAddr) -> IpAddr {
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
        assert_eq!(attempts.known.lock().unwrap().tries.len(), 1);
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
    }

    /// Whoever has an account of their own does not get more guesses at another by signing in in between.
    #[test]
    fn a_success_gives_back_one_try_only() {
        let attempts = Attempts::new(3);
        let (from, start) = (IpAddr::from([127, 0, 0, 1]), Instant::now());
        assert!(attempts.allow(from, start) && attempts.allow(from, start));
        assert!(attempts.allow(from, start));
        attempts.succeeded(from, None);
        assert!(attempts.allow(from, start));
        assert!(!attempts.allow(from, start));
        attempts.succeeded(IpAddr::from([127, 0, 0, 9]), Some([9; 16]));
    }

    /// Guesses at one account from many networks are held too.
    #[test]
    fn an_account_is_guessed_at_so_often_only() {
        let attempts = Attempts::new(10);
        let start = Instant::now();
        let guess = |n: u8| attempts.allow(IpAddr::from([10, 0, 0, n]), start) && attempts.allow_at([1; 16], start);
        assert_eq!((0..50).filter(|n| guess(*n)).count(), 10);
        assert!(attempts.allow_at([2; 16], start));
        attempts.succeeded(IpAddr::from([10, 0, 0, 1]), Some([2; 16]));
        assert_eq!((0..50).filter(|_| attempts.allow_at([2; 16], start)).count(), 10);
    }
}
