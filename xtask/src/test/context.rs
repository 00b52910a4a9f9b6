//! What the parts share during one run.

use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::statvfs::statvfs;

use crate::postgres::Postgres;
use crate::project::Project;

/// The crate with the browser's journeys, which has a part of its own.
pub const END_TO_END: &str = "end2end";
/// This crate.
pub const XTASK: &str = env!("CARGO_PKG_NAME");
/// The crate with the pages. Not a default member, because it needs to be told which side to be.
pub const PAGES: &str = "app";

/// So many free bytes in memory are enough for what two journeys or tests at a time write; a container has 64 MiB.
const ENOUGH_MEMORY: u64 = 4 << 30;

/// Shared by all parts of one run; what it started ends with it.
pub struct Context {
    /// The workspace.
    pub project: Project,
    /// The server's program, once it is built.
    pub program: Option<PathBuf>,
    postgres: Option<Postgres>,
}

impl Context {
    /// Nothing is started yet.
    pub fn new(project: Project) -> Self {
        Self { project, program: None, postgres: None }
    }

    /// Tells a test command where PostgreSQL is; the first call starts it.
    ///
    /// # Errors
    /// When it is missing and may not be installed, or does not start.
    pub fn with_postgres(&mut self, command: &mut Command) -> anyhow::Result<()> {
        let postgres = match self.postgres.take() {
            Some(running) => running,
            None => Postgres::start()?,
        };
        command.env("ONEFOLD_TEST_POSTGRES", postgres.url());
        command.env("ONEFOLD_TEST_POSTGRES_BIN", postgres.programs());
        self.postgres = Some(postgres);
        Ok(())
    }

    /// Has a test command keep its databases and browser profiles in memory, where there is enough of it: they need not
    /// survive the machine, and a disk that others write to makes a test wait for seconds.
    pub fn with_fast_folder(command: &mut Command) {
        let memory = Path::new("/dev/shm");
        #[allow(clippy::useless_conversion, reason = "counts of blocks are 32 bits wide on some systems")]
        let free =
            statvfs(memory).map_or(0, |stat| u64::from(stat.fragment_size()) * u64::from(stat.blocks_available()));
        if free >= ENOUGH_MEMORY {
            command.env("TMPDIR", memory);
        }
    }

    /// Selects every crate of the server's side: the default members that `wanted` keeps, and the
    /// pages with `ssr`, as the server has them.
    pub fn select_server_side(&self, command: &mut Command, wanted: impl Fn(&str) -> bool) {
        for name in &self.project.default_members {
            if wanted(name) {
                command.args(["--package", name]);
            }
        }
        let pages = PAGES.to_owned();
        if wanted(&pages) && !self.project.default_members.contains(&pages) {
            command.args(["--package", &pages, "--features", "app/ssr"]);
        }
    }
}
