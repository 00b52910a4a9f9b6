//! `cargo xtask test`: every check, in parts that can be asked for by name.

mod browser;
mod context;
mod lint;
mod part;
mod unit;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::bail;

use self::context::Context;
use self::part::{PARTS, Part};
use crate::project::Project;
use crate::{steps, stop};

/// Prints the parts and what each is for.
pub fn list() {
    for part in &PARTS {
        println!("{:<10} {}", part.name, part.summary);
    }
}

/// Runs the named parts, or all, and prints what was run. A failed part does not keep the others
/// from running unless `fail_fast`.
///
/// # Errors
/// When a name is unknown or somebody asked to stop; a failed check is an exit code instead.
pub fn run(names: &[String], fail_fast: bool) -> anyhow::Result<ExitCode> {
    let chosen = chosen(names)?;
    let mut context = Context::new(Project::read()?);
    let mut outcomes = Vec::new();
    for part in chosen {
        println!("\n══ {}: {}", part.name, part.summary);
        let since = Instant::now();
        let result = (part.run)(&mut context);
        if stop::requested() {
            bail!("stopped");
        }
        if let Err(error) = &result {
            eprintln!("\n{} failed: {error:#}", part.name);
        }
        let failed = result.is_err();
        outcomes.push(Outcome { part, result, time: since.elapsed() });
        if failed && fail_fast {
            break;
        }
    }
    drop(context);
    Ok(report(&outcomes, names.is_empty()))
}

/// The parts of these names in their own order, or all of them.
fn chosen(names: &[String]) -> anyhow::Result<Vec<&'static Part>> {
    for name in names {
        if !PARTS.iter().any(|part| part.name == *name) {
            let known: Vec<_> = PARTS.iter().map(|part| part.name).collect();
            bail!("there is no part `{name}`; there are: {}", known.join(", "));
        }
    }
    let wanted = |part: &&Part| names.is_empty() || names.iter().any(|name| part.name == *name);
    Ok(PARTS.iter().filter(wanted).collect())
}

/// How one part went.
struct Outcome {
    part: &'static Part,
    result: anyhow::Result<String>,
    time: Duration,
}

/// Prints the table and the closing line.
fn report(outcomes: &[Outcome], all: bool) -> ExitCode {
    println!("\n══ what was run");
    for outcome in outcomes {
        let time = steps::shown(outcome.time);
        let (mark, remark) = match &outcome.result {
            Ok(remark) => ("passed", remark.clone()),
            Err(error) => ("FAILED", first_line(&format!("{error:#}"))),
        };
        println!("  {:<10} {mark}  {time:>12}   {remark}", outcome.part.name);
    }
    let not_run = PARTS.len() - outcomes.len();
    if not_run > 0 {
        let why = if all { "after the failure" } else { "not asked for" };
        println!("  {not_run} of {} parts were not run: {why}", PARTS.len());
    }
    let total: Duration = outcomes.iter().map(|outcome| outcome.time).sum();
    println!("  {:<10} {:>20}", "total", steps::shown(total));
    let failed = outcomes.iter().filter(|one| one.result.is_err()).count();
    println!("\n{} passed, {failed} failed", outcomes.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_run_in_their_own_order() -> anyhow::Result<()> {
        let names = ["unit".to_owned(), "fmt".to_owned()];
        let chosen: Vec<_> = chosen(&names)?.iter().map(|part| part.name).collect();
        assert_eq!(chosen, ["fmt", "unit"]);
        Ok(())
    }

    #[test]
    fn an_unknown_part_is_refused() {
        let error = chosen(&["uint".to_owned()]).map(drop).expect_err("unknown");
        assert!(error.to_string().contains("`uint`"), "{error}");
    }
}
