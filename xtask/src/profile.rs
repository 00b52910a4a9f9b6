//! The cargo profile the server is built with.

use std::path::{Path, PathBuf};

/// A cargo profile by the name that `--profile` takes: `dev`, `release` or one of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile(String);

impl Profile {
    /// Quick to build and to rebuild; what `run` and the tests use.
    pub fn dev() -> Self {
        Self("dev".to_owned())
    }

    /// What people deploy and what the bench measures.
    pub fn release() -> Self {
        Self("release".to_owned())
    }

    /// Any profile of Cargo.toml; `debug` is understood as the folder name of `dev`.
    pub fn named(name: &str) -> Self {
        match name {
            "debug" => Self::dev(),
            _ => Self(name.to_owned()),
        }
    }

    /// The name, as `cargo build --profile` wants it.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Where cargo puts what it built with this profile.
    pub fn folder(&self, target: &Path) -> PathBuf {
        // `dev` is the one profile whose folder has another name.
        target.join(if self.0 == "dev" { "debug" } else { &self.0 })
    }
}
