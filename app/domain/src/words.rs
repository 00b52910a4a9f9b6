//! One macro for the closed sets of words that stand alike in code, SQL, JSON, CSV and on the command line.

/// A word that is not in the set it was read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{word}\" is not a {set}; it is one of {allowed}")]
pub struct UnknownWord {
    /// What was read.
    pub word: String,
    /// The set it should belong to, as people call it.
    pub set: &'static str,
    /// The words that would have been right.
    pub allowed: String,
}

/// Declares an enum whose variants each have one spelling everywhere, plus aliases that are accepted on input only.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $set:literal, { $($(#[$vmeta:meta])* $variant:ident = $word:literal $(| $alias:literal)*),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order people read them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The one spelling, in code, SQL, JSON and CSV.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.word()) }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word $(| $alias)* => Ok($name::$variant),)+
                    _ => Err($crate::UnknownWord {
                        word: text.to_owned(),
                        set: $set,
                        allowed: [$($word),+].join(", "),
                    }),
                }
            }
        }
    };
}
pub(crate) use words;
