//! The contacts page: pages of the list, one contact, edits, bulk acts and their undo.

mod add;
mod change;
mod deletions;
mod edit;
mod file;
pub(crate) mod history;
mod list;
mod typed;
mod undo;

use std::collections::HashMap;

use domain::ids::ContactId;
use matching::EmailRules;
use store::identities::{self, KeyBytes};
use store::{Tx, team};

use crate::leads::change::keys_of;
use crate::{Actor, Error, Result};

pub(crate) use file::CONSENT_COLUMN;
pub(crate) use typed::Typed;

/// For so long a deletion and an edit can be taken back.
pub(crate) const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// The rules by which a workspace makes keys of addresses.
async fn email_rules(tx: &mut Tx, actor: &Actor) -> Result<EmailRules> {
    let workspace = team::workspace_by_id(tx, actor.workspace).await?.ok_or(Error::NotFound("workspace"))?;
    Ok(EmailRules { fold_gmail: workspace.fold_gmail })
}

/// The identifiers that some people own: those of their fields and further addresses which are theirs, not those of a
/// mailbox that they share.
async fn owned_keys(tx: &mut Tx, actor: &Actor, ids: &[ContactId]) -> Result<HashMap<ContactId, Vec<KeyBytes>>> {
    let mut keys = keys_of(tx, actor.workspace, ids).await?;
    let all: Vec<KeyBytes> = keys.values().flatten().copied().collect();
    let owners = identities::owners(tx, actor.workspace, &all).await?;
    for (id, keys) in &mut keys {
        keys.retain(|key| owners.get(key) == Some(id));
        keys.sort_unstable();
    }
    Ok(keys)
}

/// A key as JSON carries it.
pub(crate) mod hex {
    use store::identities::KeyBytes;

    /// Two digits a byte.
    pub fn write(key: &KeyBytes) -> String {
        key.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The key, if it is one.
    pub fn read(text: &str) -> Option<KeyBytes> {
        let mut key = KeyBytes::default();
        if text.len() != key.len() * 2 || !text.is_ascii() {
            return None;
        }
        for (i, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[i * 2..i * 2 + 2], 16).ok()?;
        }
        Some(key)
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn a_key_reads_back_as_written() {
            let key = std::array::from_fn(|i| (i * 17) as u8);
            assert_eq!(super::read(&super::write(&key)), Some(key));
            assert_eq!(super::read("00"), None);
            assert_eq!(super::read(&"zz".repeat(16)), None);
        }
    }
}
