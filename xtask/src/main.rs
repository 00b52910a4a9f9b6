#![doc = include_str!("../README.md")]

mod arguments;
mod arrows;
mod bench;
mod child;
mod postgres;
mod profile;
mod project;
mod run;
mod site;
mod steps;
mod stop;
mod test;
mod tools;

use std::process::ExitCode;

use arguments::Command;

const HELP: &str = "\
The build and test commands of Onefold.

cargo xtask run [--release | --debug | --server-profile NAME] [-- ARGS]
        Build everything and start the server.
        ARGS follow `onefold serve`; without them: --demo --data data
cargo xtask build [--release | --debug | --server-profile NAME]
        The same without starting it.
cargo xtask site
        Only what the browser loads: wasm, script, style, assets.
cargo xtask test [PART…] [--fail-fast]
        Run every check, or the parts named; `cargo xtask test --list` lists them.
cargo xtask bench [--rows 100000] [--seed 1] [--runs 3]
        How fast a messy file imports, beside a plain insert of the same rows.
cargo xtask generate --out FILE [--rows 100000] [--seed 1]
        Write the messy file of leads that bench imports.
cargo xtask help
        This text.
";

fn main() -> ExitCode {
    let command = match arguments::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(problem) => {
            eprintln!("{problem}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    if let Err(error) = stop::listen() {
        eprintln!("Ctrl-C cannot be caught: {error:#}");
        return ExitCode::FAILURE;
    }
    match carry_out(command) {
        Ok(code) => code,
        // The person asked for it, so it is not news to them.
        Err(_) if stop::requested() => ExitCode::from(130),
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run { profile, serve } => run::run(&profile, &serve),
        Command::Build { profile } => run::build_only(&profile),
        Command::Site => run::site_only(),
        Command::Test { parts, fail_fast } => test::run(&parts, fail_fast),
        Command::ListParts => {
            test::list();
            Ok(ExitCode::SUCCESS)
        }
        Command::Bench { rows, seed, runs } => bench::run(rows, seed, runs),
        Command::Generate { rows, seed, out } => bench::generate(rows, seed, &out),
        Command::Measure { report, program } => bench::measure::as_child(&report, &program),
        Command::Help => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
    }
}
