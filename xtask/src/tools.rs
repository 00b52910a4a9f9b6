//! Tools from outside: found where they are, installed where that is allowed, and otherwise named
//! in the line that installs them. Nothing is skipped silently.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::child;

/// What rustc calls the browser.
pub const WASM: &str = "wasm32-unknown-unknown";
/// The profile of Cargo.toml for what a person downloads.
pub const WASM_PROFILE: &str = "wasm-release";

/// Makes sure that Rust can compile for the browser, and returns the version of rustc.
///
/// # Errors
/// When the target is missing and there is no rustup to add it.
pub fn rust_for_browser() -> anyhow::Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = child::output(Command::new(&rustc).arg("--version"))
        .context("there is no working rustc; install Rust with rustup")?;
    let ask = ["--print", "target-libdir", "--target", WASM];
    let library = child::output(Command::new(&rustc).args(ask))?;
    if !Path::new(library.trim()).is_dir() {
        if !child::answers(Command::new("rustup").arg("--version")) {
            bail!(
                "Rust's {WASM} target is missing, and there is no rustup to add it. \
                 Install rustup, or your distribution's package of that target \
                 (Debian: `apt-get install libstd-rust-dev-wasm32`), and run this again."
            );
        }
        child::succeed(Command::new("rustup").args(["target", "add", WASM]))?;
    }
    Ok(version.trim().to_owned())
}

/// Makes sure that a component of the toolchain (`clippy`, `rustfmt`) is there.
///
/// # Errors
/// When it is missing and there is no rustup to add it.
pub fn component(root: &Path, subcommand: &str, component: &str) -> anyhow::Result<()> {
    if child::answers(child::cargo(root).args([subcommand, "--version"])) {
        return Ok(());
    }
    child::succeed(Command::new("rustup").args(["component", "add", component]))
        .with_context(|| format!("`cargo {subcommand}` is missing; install it: rustup component add {component}"))
}

/// A program on the PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Chromium, from `ONEFOLD_CHROMIUM` or the PATH.
///
/// # Errors
/// When it is missing and may not be installed.
pub fn chromium() -> anyhow::Result<PathBuf> {
    found_or_installed("ONEFOLD_CHROMIUM", &["chromium"], &|| {
        ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(on_path)
    })
}

/// Chromium's driver, from `ONEFOLD_CHROMEDRIVER` or the PATH.
///
/// # Errors
/// When it is missing and may not be installed.
pub fn chromedriver() -> anyhow::Result<PathBuf> {
    found_or_installed("ONEFOLD_CHROMEDRIVER", &["chromium-driver"], &|| {
        let beside = PathBuf::from("/usr/lib/chromium/chromedriver");
        on_path("chromedriver").or_else(|| beside.is_file().then_some(beside))
    })
}

/// The folder of PostgreSQL's own programs, the newest where there are several.
///
/// # Errors
/// When it is missing and may not be installed.
pub fn postgres_programs() -> anyhow::Result<PathBuf> {
    found_or_installed("ONEFOLD_TEST_POSTGRES_BIN", &["postgresql"], &|| {
        debian_postgres().or_else(|| {
            let program = on_path("initdb")?.canonicalize().ok()?;
            let folder = program.parent()?;
            has_postgres(folder).then(|| folder.to_owned())
        })
    })
}

/// Debian keeps each version's programs in a folder of its own, off the PATH.
fn debian_postgres() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .flatten()
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let programs = entry.path().join("bin");
            has_postgres(&programs).then_some((version, programs))
        })
        .max()
        .map(|(_, programs)| programs)
}

fn has_postgres(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file())
}

/// The script of axe-core, which looks for what keeps people out of a page.
///
/// # Errors
/// When npm is missing and may not be installed, or fails.
pub fn axe(target: &Path) -> anyhow::Result<PathBuf> {
    /// Pinned, so that a page that passed yesterday passes today.
    const AXE: &str = "axe-core@4.14.1";
    if let Some(given) = std::env::var_os("ONEFOLD_AXE") {
        return Ok(given.into());
    }
    let folder = target.join("tools").join(AXE);
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.is_file() {
        if on_path("npm").is_none() {
            install(&["npm"])?;
        }
        std::fs::create_dir_all(&folder)?;
        let mut npm = Command::new("npm");
        npm.arg("install").arg("--prefix").arg(&folder);
        npm.args(["--no-save", "--no-package-lock", "--ignore-scripts"]);
        npm.args(["--no-audit", "--no-fund", "--loglevel=error", AXE]);
        child::succeed(&mut npm)?;
    }
    if !script.is_file() {
        bail!("npm installed {AXE} without {}", script.display());
    }
    Ok(script)
}

fn found_or_installed(
    variable: &str,
    packages: &[&str],
    find: &dyn Fn() -> Option<PathBuf>,
) -> anyhow::Result<PathBuf> {
    if let Some(given) = std::env::var_os(variable) {
        return Ok(given.into());
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    install(packages)?;
    find().with_context(|| format!("{} is installed and still not found", packages.join(", ")))
}

/// Installs Debian packages, when we may.
fn install(packages: &[&str]) -> anyhow::Result<()> {
    let root = nix::unistd::geteuid().is_root();
    let sudo = !root && child::answers(Command::new("sudo").args(["-n", "true"]));
    if !(root || sudo) || on_path("apt-get").is_none() {
        bail!(
            "{} is missing. Install it and run this again:\n    \
             sudo apt-get update && sudo apt-get install -y {}",
            packages.join(", "),
            packages.join(" ")
        );
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if root { "env" } else { "sudo" });
        if sudo {
            command.args(["-n", "env"]);
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        child::succeed(command.args(arguments))
    };
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], packages].concat())
}
