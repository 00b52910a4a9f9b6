//! Random numbers that nobody may guess: sessions, public addresses, names of uploads.

use crate::{Error, Result};

/// So many random bytes, two digits each.
pub(crate) fn random_hex<const BYTES: usize>() -> Result<String> {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes).map_err(|_| Error::Fault("no random source"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
