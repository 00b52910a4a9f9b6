//! From the crate `frontend` to the wasm and the script that loads it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Context;
use wasm_bindgen_cli_support::Bindgen;

use super::kilobytes;
use crate::child;
use crate::project::Project;
use crate::tools::{WASM, WASM_PROFILE};

/// Compiles the wasm. By itself, for its own target: together with the server, cargo would turn
/// on `ssr` and `hydrate` at once.
pub fn compile(project: &Project) -> anyhow::Result<String> {
    let mut cargo = child::cargo(&project.root);
    cargo.args(["build", "--package", &project.web.frontend]);
    cargo.args(["--target", WASM, "--profile", WASM_PROFILE, "--target-dir"]);
    child::succeed(cargo.arg(project.wasm_target()))?;
    let size = fs::metadata(compiled(project))?.len();
    Ok(format!("{} before wasm-bindgen", kilobytes(size)))
}

fn compiled(project: &Project) -> PathBuf {
    let name = project.web.frontend.replace('-', "_");
    let folder = project.wasm_target().join(WASM).join(WASM_PROFILE);
    folder.join(name).with_extension("wasm")
}

/// Runs wasm-bindgen, unless the wasm is the one it ran on last time.
///
/// The tool is a library here, in the version that Cargo.toml pins beside the crate of that name:
/// the two have to match, and its own command line takes minutes to compile.
pub fn bind(project: &Project, package: &Path) -> anyhow::Result<String> {
    let name = &project.web.output;
    let input = compiled(project);
    let script = package.join(name).with_extension("js");
    let module = package.join(format!("{name}_bg.wasm"));
    let short = package.join(name).with_extension("wasm");
    let files = [&input, &script, &module, &short];
    let stamp_file = project.wasm_target().join("bound");
    let last = fs::read_to_string(&stamp_file).ok();
    if last.is_some() && last == stamp(&files).ok() {
        return Ok("unchanged".to_owned());
    }

    // Into a folder of its own first: a server that runs meanwhile never serves half a pair.
    let fresh = project.wasm_target().join("fresh");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    Bindgen::new()
        .input_path(&input)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&fresh)
        .context("wasm-bindgen")?;

    // Both names: pages ask for NAME_bg.wasm, unless the server was compiled with
    // LEPTOS_OUTPUT_NAME set, as cargo-leptos does; then they ask for NAME.wasm.
    let again = fresh.join(name).with_extension("wasm");
    fs::hard_link(fresh.join(format!("{name}_bg.wasm")), again)?;
    move_into(&fresh, package)?;
    fs::write(stamp_file, stamp(&files)?)?;
    Ok(kilobytes(fs::metadata(module)?.len()))
}

/// What tells these files from any others of their names: cargo leaves its own alone while nothing
/// changed, and another tool may have written into the site meanwhile.
fn stamp(files: &[&PathBuf]) -> anyhow::Result<String> {
    let mut stamp = String::new();
    for file in files {
        let metadata = fs::metadata(file)?;
        let modified = metadata.modified()?;
        let nanos = modified.duration_since(SystemTime::UNIX_EPOCH)?.as_nanos();
        writeln!(stamp, "{} {} {nanos}", file.display(), metadata.len())?;
    }
    Ok(stamp)
}

/// Moves what wasm-bindgen wrote, `snippets` and all, over what was there.
fn move_into(fresh: &Path, package: &Path) -> anyhow::Result<()> {
    let snippets = package.join("snippets");
    if snippets.exists() {
        fs::remove_dir_all(snippets)?;
    }
    for entry in fs::read_dir(fresh)? {
        let entry = entry?;
        fs::rename(entry.path(), package.join(entry.file_name()))?;
    }
    fs::remove_dir(fresh)?;
    Ok(())
}
