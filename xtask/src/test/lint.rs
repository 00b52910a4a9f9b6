//! What can be seen without running anything: format, clippy, documentation.

use super::context::{Context, PAGES};
use crate::child;
use crate::tools::{self, WASM, WASM_PROFILE};

/// Every crate is formatted.
pub fn fmt(context: &mut Context) -> anyhow::Result<String> {
    let root = &context.project.root;
    tools::component(root, "fmt", "rustfmt")?;
    child::succeed(child::cargo(root).args(["fmt", "--all", "--check"]))?;
    Ok(String::new())
}

/// Clippy, once for each side; a warning is an error.
pub fn clippy(context: &mut Context) -> anyhow::Result<String> {
    let project = &context.project;
    tools::component(&project.root, "clippy", "clippy")?;
    let mut server_side = child::cargo(&project.root);
    server_side.args(["clippy", "--all-targets"]);
    context.select_server_side(&mut server_side, |_| true);
    child::succeed(server_side.args(["--", "-D", "warnings"]))?;

    tools::rust_for_browser()?;
    let mut browser_side = child::cargo(&project.root);
    browser_side.args(["clippy", "--package", &project.web.frontend]);
    browser_side.args(["--package", PAGES, "--features", "app/hydrate"]);
    // The profile of the site: its macros are compiled by then, or will be used by it.
    browser_side.args(["--target", WASM, "--profile", WASM_PROFILE, "--target-dir"]);
    browser_side.arg(project.wasm_target());
    child::succeed(browser_side.args(["--", "-D", "warnings"]))?;
    Ok("server and browser".to_owned())
}

/// The documentation of every crate, without a broken link.
pub fn doc(context: &mut Context) -> anyhow::Result<String> {
    let mut cargo = child::cargo(&context.project.root);
    cargo.args(["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
    context.select_server_side(&mut cargo, |_| true);
    child::succeed(&mut cargo)?;
    Ok(String::new())
}
