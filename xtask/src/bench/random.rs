//! Chance that comes out the same every time.

/// SplitMix64 (Steele, Lea and Flood, 2014): small, and good enough to make up people.
pub struct Random(u64);

impl Random {
    /// Its own sequence for each row of each seed, so that any row can be made again without
    /// remembering it.
    pub fn new(seed: u64, purpose: u64, row: u64) -> Self {
        let mut random = Self(seed);
        random.0 = random.next().wrapping_add(purpose);
        random.0 = random.next().wrapping_add(row);
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_row_is_the_same_again_and_others_are_not() {
        let draw = |seed, row| Random::new(seed, 0, row).below(1_000_000);
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn numbers_are_spread_evenly() {
        let mut random = Random::new(1, 0, 0);
        let mut buckets = [0_u32; 10];
        for _ in 0..10_000 {
            buckets[random.below(10) as usize] += 1;
        }
        assert!(buckets.iter().all(|count| (900..1_100).contains(count)), "{buckets:?}");
    }
}
