//! Time and peak memory of a program, exactly: xtask starts itself once more for each, so that
//! the program is the only child that process ever has, and asks the system what its children took.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::Context;
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Value, json};

use crate::child;

/// What one run took.
pub struct Measured {
    /// Wall time.
    pub seconds: f64,
    /// The most memory it held at once.
    pub peak_bytes: u64,
}

/// Runs a program through [`as_child`] and reads what it took.
///
/// # Errors
/// When the program fails.
pub fn measure(program: &Command, report: &Path) -> anyhow::Result<Measured> {
    took(&mut as_only_child(program, report)?, report)
}

/// As [`measure`]; what the program prints goes into a file.
///
/// # Errors
/// When the program fails.
pub fn measure_saying(program: &Command, report: &Path, said: &Path) -> anyhow::Result<Measured> {
    took(as_only_child(program, report)?.stdout(fs::File::create(said)?), report)
}

fn as_only_child(program: &Command, report: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("measure").arg(report).arg("--");
    command.arg(program.get_program()).args(program.get_args());
    Ok(command)
}

fn took(command: &mut Command, report: &Path) -> anyhow::Result<Measured> {
    child::succeed(command)?;
    let value: Value = serde_json::from_slice(&fs::read(report)?)?;
    Ok(Measured {
        seconds: value["seconds"].as_f64().context("no time was measured")?,
        peak_bytes: value["peak_bytes"].as_u64().context("no memory was measured")?,
    })
}

/// `xtask measure REPORT -- PROGRAM`: runs the program and writes down what it took.
///
/// # Errors
/// When the program cannot be started.
pub fn as_child(report: &Path, program: &[String]) -> anyhow::Result<ExitCode> {
    let (name, arguments) = program.split_first().context("no program is named")?;
    let since = Instant::now();
    let status = child::wait(child::start(Command::new(name).args(arguments))?)?;
    let seconds = since.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    // Kilobytes on Linux, bytes on macOS.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let peak_bytes = u64::try_from(usage.max_rss())? * unit;
    let value = json!({ "seconds": seconds, "peak_bytes": peak_bytes });
    fs::write(report, value.to_string())?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
