//! How fast a messy file imports, how that compares with merely writing its rows down, and how fast everyone in it is
//! then compared with everyone.

mod leads;
pub mod measure;
mod random;
mod words;

use std::fs;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Context;
use serde_json::Value;

use self::measure::Measured;
use crate::profile::Profile;
use crate::project::Project;
use crate::{child, run as start};

/// The example of `store` that inserts the same rows into the same tables and nothing else.
const BASELINE: &str = "plain_insert";

/// Writes the file of leads.
///
/// # Errors
/// When it cannot be written.
pub fn generate(rows: u64, seed: u64, out: &Path) -> anyhow::Result<ExitCode> {
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = fs::File::create(out).with_context(|| format!("creating {}", out.display()))?;
    let counts = leads::write(rows, seed, BufWriter::new(file))?;
    let bytes = fs::metadata(out)?.len();
    println!(
        "{}: {rows} rows, {} bytes a row, seed {seed}; {} repeats, {} empty and {} invalid emails",
        out.display(),
        bytes / rows.max(1),
        counts.repeats,
        counts.empty,
        counts.invalid,
    );
    Ok(ExitCode::SUCCESS)
}

/// Generates, builds, measures in pairs, and prints the table.
///
/// # Errors
/// When a build, an import or the plain insert fails.
pub fn run(rows: u64, seed: u64, runs: u32) -> anyhow::Result<ExitCode> {
    let project = Project::read()?;
    let folder = project.target.join("bench");
    let file = folder.join(format!("leads-{rows}-{seed}.csv"));
    generate(rows, seed, &file)?;
    let release = Profile::release();
    let (import, plain) = build(&project, &release)?;

    let mut imports = Vec::new();
    let mut plains = Vec::new();
    let mut scans = Vec::new();
    let mut found = Found::default();
    for number in 1..=runs {
        let place = folder.join(format!("run-{number}"));
        if place.exists() {
            fs::remove_dir_all(&place)?;
        }
        fs::create_dir_all(&place)?;
        let mut command = Command::new(&import);
        command.arg("import").arg(&file).arg("--data").arg(place.join("data"));
        command.args(["--workspace", "Bench", "--campaign", "Bench", "--create-campaign"]);
        imports.push(measure::measure(&command, &place.join("import.json"))?);
        let mut command = Command::new(&import);
        command.arg("suspects").arg("--data").arg(place.join("data")).args(["--workspace", "Bench"]);
        let said = place.join("said.json");
        scans.push(measure::measure_saying(&command, &place.join("scan.json"), &said)?);
        found = Found::read(&said)?;
        let mut command = Command::new(&plain);
        command.arg(&file).arg(place.join("plain.db"));
        plains.push(measure::measure(&command, &place.join("plain.json"))?);
        fs::remove_dir_all(&place)?;
        if let (Some(imported), Some(inserted), Some(scanned)) = (imports.last(), plains.last(), scans.last()) {
            let (import, plain, scan) = (imported.seconds, inserted.seconds, scanned.seconds);
            println!("run {number} of {runs}: import {import:.2} s, plain insert {plain:.2} s, scan {scan:.2} s");
        }
    }
    print_table(rows, &imports, &plains);
    print_scan(&found, &scans);
    Ok(ExitCode::SUCCESS)
}

/// Both programs in one call: apart, cargo would build what they share once for each.
fn build(project: &Project, profile: &Profile) -> anyhow::Result<(PathBuf, PathBuf)> {
    let mut cargo = child::cargo(&project.root);
    cargo.args(["build", "--profile", profile.name()]);
    cargo.args(["--package", &project.web.server, "--bin", &project.web.binary]);
    cargo.args(["--package", "store", "--example", BASELINE]);
    child::succeed(&mut cargo)?;
    let examples = profile.folder(&project.target).join("examples");
    Ok((start::program(project, profile), examples.join(BASELINE)))
}

fn print_table(rows: u64, imports: &[Measured], plains: &[Measured]) {
    // A pair ran back to back on the same machine, so its ratio is steadier than its times.
    let pairs = imports.iter().zip(plains);
    let ratio = median(pairs.map(|(import, plain)| import.seconds / plain.seconds));
    println!("\n{:<14} {:>9} {:>12} {:>12}", "", "seconds", "rows/second", "peak memory");
    for (name, measured) in [("onefold import", imports), ("plain insert", plains)] {
        let seconds = median(measured.iter().map(|one| one.seconds));
        let memory = median(measured.iter().map(|one| one.peak_bytes as f64)) / 1e6;
        let speed = rows as f64 / seconds;
        println!("{name:<14} {seconds:>9.2} {speed:>12.0} {memory:>9.0} MB");
    }
    println!("{:<14} {ratio:>9.2} times the plain insert", "ratio");
    println!("medians of {} paired runs, {rows} rows", imports.len());
}

/// What a full scan looked at and listed.
#[derive(Debug, Default)]
struct Found {
    contacts: f64,
    candidates: f64,
    pairs: f64,
}

impl Found {
    fn read(said: &Path) -> anyhow::Result<Self> {
        let value: Value = serde_json::from_slice(&fs::read(said)?)?;
        let number = |name: &str| value[name].as_f64().with_context(|| format!("the scan did not say its {name}"));
        Ok(Found { contacts: number("contacts")?, candidates: number("candidates")?, pairs: number("pairs")? })
    }
}

fn print_scan(found: &Found, scans: &[Measured]) {
    let seconds = median(scans.iter().map(|one| one.seconds));
    let memory = median(scans.iter().map(|one| one.peak_bytes as f64)) / 1e6;
    let Found { contacts, candidates, pairs } = found;
    println!(
        "\nfull scan: {contacts} contacts in {seconds:.2} s ({:.0} a second), peak memory {memory:.0} MB; \
         {:.1} candidates a contact, {pairs} pairs",
        contacts / seconds,
        candidates / contacts.max(1.0),
    );
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
    }
}
