//! The fixed-width fingerprint of a canonical identifier.

use std::fmt;

/// Which kind of identifier a key stands for, so that the same text under two kinds is never one person.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum KeyKind {
    /// A mailbox, from [`crate::EmailKey`].
    Email,
    /// A public LinkedIn profile, from [`crate::LinkedInKey`].
    LinkedIn,
    /// A LinkedIn Sales Navigator lead, which names people by other ids than the public profile.
    SalesNavigator,
    /// A telephone number, from [`crate::PhoneKey`].
    Phone,
    /// An id that another system gave the person.
    External,
    /// Any other text a user chose as an identifier, folded by [`crate::fold_text`].
    Text,
}

impl KeyKind {
    /// The byte that is hashed before the text. Stored keys depend on it: add numbers, never change one.
    const fn tag(self) -> u8 {
        match self {
            KeyKind::Email => 1,
            KeyKind::LinkedIn => 2,
            KeyKind::SalesNavigator => 3,
            KeyKind::Phone => 4,
            KeyKind::External => 5,
            KeyKind::Text => 6,
        }
    }
}

/// Sixteen bytes that say which person an identifier belongs to; the column `identity.key` holds them.
///
/// BLAKE3 over the kind's tag byte and the canonical text, truncated. The order is that of the bytes,
/// so a sorted list of keys walks the index from front to back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key([u8; 16]);

impl Key {
    /// The key of a text that is canonical already; this function folds nothing.
    pub fn of(kind: KeyKind, canonical: &str) -> Key {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&[kind.tag()]);
        hasher.update(canonical.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Key(bytes)
    }

    /// The bytes to store and to sort by.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// A key read back from the database; `None` unless there are exactly 16 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Key> {
        bytes.try_into().ok().map(Key)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(")?;
        for byte in self.0 {
            write!(formatter, "{byte:02x}")?;
        }
        formatter.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_keys_never_change() {
        // These bytes are in databases. If this test fails, the change needs a migration of every identity.
        let email = Key::of(KeyKind::Email, "jane@example.com");
        assert_eq!(format!("{email:?}"), "Key(f1a07eeab14f92d1ef01386dfaea79aa)");
        assert_ne!(email, Key::of(KeyKind::Text, "jane@example.com"));
    }

    #[test]
    fn reads_back_only_sixteen_bytes() {
        let key = Key::of(KeyKind::External, "42");
        assert_eq!(Key::from_slice(key.as_bytes()), Some(key));
        assert_eq!(Key::from_slice(&key.as_bytes()[..15]), None);
        assert_eq!(Key::from_slice(&[0; 17]), None);
    }
}
