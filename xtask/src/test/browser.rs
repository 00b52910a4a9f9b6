//! The journeys in headless Chromium, through the real server.

use anyhow::Context as _;

use super::context::{Context, END_TO_END};
use crate::profile::Profile;
use crate::{child, run as start, tools};

/// Builds what the journeys walk through.
pub fn build(context: &mut Context) -> anyhow::Result<String> {
    let profile = Profile::dev();
    context.program = Some(start::build(&context.project, &profile)?);
    Ok(format!("profile {}", profile.name()))
}

/// Walks the journeys. They start servers of their own, each on a port and a database of its own.
pub fn run(context: &mut Context) -> anyhow::Result<String> {
    if context.program.is_none() {
        build(context).context("there is nothing to walk through")?;
    }
    let program = context.program.clone().context("the server is built")?;
    let mut cargo = child::cargo(&context.project.root);
    cargo.args(["test", "--package", END_TO_END, "--no-fail-fast"]);
    cargo.env("ONEFOLD_BIN", program);
    cargo.env("ONEFOLD_CHROMIUM", tools::chromium()?);
    cargo.env("ONEFOLD_CHROMEDRIVER", tools::chromedriver()?);
    cargo.env("ONEFOLD_AXE", tools::axe(&context.project.target)?);
    cargo.envs(context.project.server_environment());
    context.with_postgres(&mut cargo)?;
    Context::with_fast_folder(&mut cargo);
    // A browser is several busy processes: more of them than cores only makes time-outs.
    cargo.args(["--", "--test-threads=2"]);
    child::succeed(&mut cargo)?;
    Ok("chromium".to_owned())
}
