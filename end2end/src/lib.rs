#![doc = include_str!("../README.md")]

mod axe;
mod browser;
mod find;
mod folder;
mod http;
mod people;
mod screen;
mod server;
mod walk;

pub use browser::Browser;
pub use find::{BUTTON, CARD, FIELD, LINK};
pub use folder::Folder;
pub use http::{Answer, get, post};
pub use people::list;
pub use screen::Theme;
pub use server::{EMAIL, PASSWORD, PERSON, Prepared, Server, WORKSPACE};
pub use walk::walk;

/// How long anything may take before a journey fails.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(45);
/// How often a condition is looked at.
const LOOK: std::time::Duration = std::time::Duration::from_millis(40);

/// A variable that the test command sets.
fn variable(name: &str) -> anyhow::Result<String> {
    std::env::var(name).map_err(|_| anyhow::anyhow!("{name} is not set; `cargo xtask test browser` sets it"))
}
