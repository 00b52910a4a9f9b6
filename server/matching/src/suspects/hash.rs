//! The hash behind stored keys: small, fast and the same for ever.

/// A 64-bit hash of some texts in order: FNV-1a, then the finalizer of SplitMix64 to spread its bits.
///
/// Keys in databases depend on it. Two texts that share a hash cost one needless comparison, nothing else.
pub(super) fn hash(parts: &[&str]) -> u64 {
    let mut state: u64 = 0xCBF2_9CE4_8422_2325;
    for part in parts {
        // A separator that no folded text holds.
        for byte in part.bytes().chain(std::iter::once(0x1F)) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    state ^= state >> 30;
    state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state ^= state >> 27;
    state = state.wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn stored_hashes_never_change() {
        // These numbers are in databases. If this fails, the change needs a migration that computes them again.
        assert_eq!(hash(&["jane", "doe"]), 2_861_614_632_890_495_710);
        assert_ne!(hash(&["jane", "doe"]), hash(&["janed", "oe"]));
    }
}
