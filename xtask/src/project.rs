//! What Cargo.toml says: folders, packages, and the `[[workspace.metadata.leptos]]` table that
//! cargo-leptos reads too, so that both name things alike.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;

use crate::child;

/// The workspace as `cargo metadata` describes it.
pub struct Project {
    /// The folder of the workspace.
    pub root: PathBuf,
    /// Where cargo builds.
    pub target: PathBuf,
    /// The table of the web application.
    pub web: Web,
    /// The packages that a plain `cargo build` builds, by name.
    pub default_members: Vec<String>,
    /// The whole answer, for the test of the arrows.
    pub metadata: Value,
}

/// Names and places of the web application.
pub struct Web {
    /// The package of the server.
    pub server: String,
    /// The name of the server's program.
    pub binary: String,
    /// The package that becomes wasm.
    pub frontend: String,
    /// What the wasm, the script and the style sheet are called.
    pub output: String,
    /// Where everything the browser loads is put together.
    pub site: PathBuf,
    /// The folder in it for what is compiled.
    pub package_folder: String,
    /// Where the server listens, unless it is told otherwise.
    pub address: String,
    /// The style sheet that imports the others.
    pub style: PathBuf,
    /// Files that are served as they are.
    pub assets: PathBuf,
}

impl Project {
    /// Asks cargo.
    ///
    /// # Errors
    /// When cargo fails or the table lacks a name.
    pub fn read() -> anyhow::Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.parent().context("xtask lies in the workspace")?;
        let mut cargo = child::cargo(root);
        cargo.args(["metadata", "--format-version", "1", "--no-deps"]);
        let metadata: Value =
            serde_json::from_str(&child::output(&mut cargo)?).context("reading the answer of cargo metadata")?;
        Self::from_metadata(metadata)
    }

    fn from_metadata(metadata: Value) -> anyhow::Result<Self> {
        let root = PathBuf::from(text(&metadata, "workspace_root")?);
        let target = PathBuf::from(text(&metadata, "target_directory")?);
        let table = &metadata["metadata"]["leptos"][0];
        let web = Web {
            server: text(table, "bin-package")?,
            binary: text(table, "bin-target")?,
            frontend: text(table, "lib-package")?,
            output: text(table, "output-name")?,
            site: root.join(text(table, "site-root")?),
            package_folder: text(table, "site-pkg-dir")?,
            address: text(table, "site-addr")?,
            style: root.join(text(table, "style-file")?),
            assets: root.join(text(table, "assets-dir")?),
        };
        let default_ids =
            metadata["workspace_default_members"].as_array().context("cargo metadata lists no default members")?;
        let default_members = packages(&metadata)
            .filter(|package| default_ids.contains(&package["id"]))
            .map(|package| text(package, "name"))
            .collect::<anyhow::Result<_>>()?;
        Ok(Self { root, target, web, default_members, metadata })
    }

    /// The target folder of the wasm: its own, because flags and profiles of the two sides would
    /// otherwise push each other out.
    pub fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// What the server has to know about the site; cargo-leptos sets the same names.
    pub fn server_environment(&self) -> Vec<(&'static str, String)> {
        let address = std::env::var("LEPTOS_SITE_ADDR").unwrap_or_else(|_| self.web.address.clone());
        vec![
            ("LEPTOS_OUTPUT_NAME", self.web.output.clone()),
            ("LEPTOS_SITE_ROOT", self.web.site.display().to_string()),
            ("LEPTOS_SITE_PKG_DIR", self.web.package_folder.clone()),
            ("LEPTOS_SITE_ADDR", address),
        ]
    }
}

/// The packages of the workspace.
pub fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

fn text(value: &Value, name: &str) -> anyhow::Result<String> {
    let text = value[name].as_str().with_context(|| format!("Cargo.toml or cargo metadata lacks `{name}`"))?;
    Ok(text.to_owned())
}
