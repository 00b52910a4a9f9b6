//! Child processes: cargo calls that look like the user's own, and waiting that Ctrl-C ends.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::stop;

/// How often a wait looks up.
const GLANCE: Duration = Duration::from_millis(15);
/// How long a child may take to end after each of the signals.
const PATIENCE: Duration = Duration::from_secs(8);

/// A cargo call in the folder of the workspace.
///
/// `cargo run`, which runs us, leaves variables behind that describe the crate xtask. Some build
/// scripts (ring's) ask to run again when those change, so handing them on would rebuild half the
/// server at every turn between `cargo xtask` and a plain `cargo build`.
pub fn cargo(root: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root);
    for (name, _) in std::env::vars_os() {
        if describes_a_crate(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    command
}

fn describes_a_crate(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
        || matches!(name, "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "OUT_DIR")
}

/// Starts a program in a process group of its own, so that a signal reaches what it starts too,
/// and reaches it once.
///
/// # Errors
/// When the program is not there.
pub fn start(command: &mut Command) -> anyhow::Result<Child> {
    command.stdin(Stdio::null()).process_group(0).spawn().with_context(|| format!("starting {}", shown(command)))
}

/// Runs a program, its output passing through, and fails unless it succeeded.
///
/// # Errors
/// When it cannot be started, ends with anything but 0, or somebody asked to stop.
pub fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let status = wait(start(command)?)?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs a program quietly and returns what it wrote to its output.
///
/// # Errors
/// When it cannot be started or ends with anything but 0; the message holds what it said.
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("starting {}", shown(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{} failed ({}): {}", shown(command), output.status, said.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("reading {}", shown(command)))
}

/// Whether a program can be started and answers with success; says nothing either way.
pub fn answers(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Waits for a child, and ends what it leaves behind: a failed journey's browser, say. When
/// somebody asks to stop, it gets SIGINT, then SIGTERM, then SIGKILL.
///
/// # Errors
/// When somebody asked to stop; the child has ended by then.
pub fn wait(mut child: Child) -> anyhow::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            let _ = killpg(group(&child)?, Signal::SIGTERM);
            if stop::requested() {
                bail!("stopped");
            }
            return Ok(status);
        }
        if stop::requested() {
            end(&mut child)?;
            bail!("stopped");
        }
        std::thread::sleep(GLANCE);
    }
}

/// Ends a child and what it started.
///
/// # Errors
/// When the system refuses to say whether it ended.
pub fn end(child: &mut Child) -> anyhow::Result<()> {
    let group = group(child)?;
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGKILL] {
        // An error here means the group is gone, which is what we want.
        let _ = killpg(group, signal);
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            if child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(GLANCE);
        }
    }
    bail!("process {} did not end", child.id())
}

/// The process group of a child, which [`start`] made for it.
fn group(child: &Child) -> anyhow::Result<Pid> {
    Ok(Pid::from_raw(i32::try_from(child.id())?))
}

/// A command as one would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let mut text = name.to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}
