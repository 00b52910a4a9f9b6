//! The commands beside `serve`: the same engine, without a browser.

pub mod doctor;
pub mod import;
pub mod inspect;
mod lines;
pub mod match_file;
pub mod suspects;

/// The sentence of a use case's refusal.
fn sentence(error: engine::Error) -> anyhow::Error {
    anyhow::anyhow!(error.into_problem().message)
}
