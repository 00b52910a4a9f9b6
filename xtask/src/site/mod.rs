//! What the browser loads: `target/site` with the wasm, its script, the style sheet and assets.

mod assets;
mod style;
mod wasm;

use crate::project::Project;
use crate::steps::Steps;
use crate::tools;

/// Builds the whole site, step by step.
///
/// # Errors
/// The first step's that fails.
pub fn build(project: &Project, steps: &mut Steps) -> anyhow::Result<()> {
    let package = project.web.site.join(&project.web.package_folder);
    std::fs::create_dir_all(&package)?;
    steps.take("toolchain", tools::rust_for_browser)?;
    steps.take("wasm", || wasm::compile(project))?;
    steps.take("wasm-bindgen", || wasm::bind(project, &package))?;
    steps.take("style", || style::bundle(&project.web, &package))?;
    steps.take("assets", || assets::copy(&project.web.assets, &project.web.site))
}

/// A size in kilobytes, for the remarks.
fn kilobytes(bytes: u64) -> String {
    format!("{} KB", bytes.div_ceil(1000))
}
