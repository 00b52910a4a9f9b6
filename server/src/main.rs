#![doc = include_str!("../README.md")]
// the types of pages nest as deep as their markup
#![recursion_limit = "512"]

mod arguments;
mod clock;
mod commands;
mod http;
mod serve;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// Exit codes: 0 done, 1 refused with a message, 2 usage (clap's own).
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,onefold=info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&error.into()),
    };
    let done = runtime.block_on(async {
        match arguments.command {
            Command::Serve(serve) => serve::serve(serve).await,
            Command::Inspect(inspect) => commands::inspect::run(&inspect),
            Command::Import(import) => commands::import::run(import).await,
            Command::Suspects(suspects) => commands::suspects::run(suspects).await,
            Command::Match(file) => commands::match_file::run(&file),
            Command::Doctor(doctor) => commands::doctor::run(doctor).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&error),
    }
}

fn refuse(error: &anyhow::Error) -> ExitCode {
    eprintln!("onefold: {error:#}");
    ExitCode::from(1)
}
