//! Every test that needs no browser, on both databases.

use std::process::Command;

use super::context::{Context, END_TO_END, XTASK};
use crate::child;

/// Runs the tests of all crates but `end2end`, then the examples in the documentation.
///
/// The crates of the server go by themselves, and always all of them: in any other company cargo
/// would choose other features for what they import, and build most of it a second time.
pub fn run(context: &mut Context) -> anyhow::Result<String> {
    let runner = Runner::choose(context);

    let mut server_side = runner.tests(context);
    context.select_server_side(&mut server_side, is_server_side);
    context.with_postgres(&mut server_side)?;
    Context::with_fast_folder(&mut server_side);
    let server_side = child::succeed(&mut server_side);

    let mut own = runner.tests(context);
    let own = child::succeed(own.args(["--package", XTASK]));

    let mut examples = child::cargo(&context.project.root);
    examples.args(["test", "--doc"]);
    context.select_server_side(&mut examples, is_server_side);
    let examples = child::succeed(&mut examples);

    server_side.and(own).and(examples)?;
    Ok(match runner {
        Runner::Nextest => "with nextest",
        Runner::Cargo => "with cargo test",
    }
    .to_owned())
}

fn is_server_side(name: &str) -> bool {
    name != END_TO_END && name != XTASK
}

/// What runs the tests.
#[derive(Clone, Copy)]
enum Runner {
    /// A process for each test, where it is installed.
    Nextest,
    /// What every Rust has.
    Cargo,
}

impl Runner {
    fn choose(context: &Context) -> Self {
        let mut ask = child::cargo(&context.project.root);
        if child::answers(ask.args(["nextest", "--version"])) { Self::Nextest } else { Self::Cargo }
    }

    fn tests(self, context: &Context) -> Command {
        let mut cargo = child::cargo(&context.project.root);
        match self {
            Self::Nextest => cargo.args(["nextest", "run", "--no-fail-fast", "--no-tests=fail"]),
            Self::Cargo => cargo.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"]),
        };
        cargo
    }
}
