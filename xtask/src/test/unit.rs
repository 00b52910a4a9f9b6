//! Every test that needs no browser, on both databases.

use super::context::{Context, END_TO_END};
use crate::child;

/// Runs the tests of all crates but `end2end`, then the examples in the documentation.
pub fn run(context: &mut Context) -> anyhow::Result<String> {
    let root = context.project.root.clone();
    let nextest = child::answers(child::cargo(&root).args(["nextest", "--version"]));

    let mut tests = child::cargo(&root);
    if nextest {
        tests.args(["nextest", "run", "--no-fail-fast", "--no-tests=fail"]);
    } else {
        tests.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"]);
    }
    context.select_server_side(&mut tests, |name| name != END_TO_END);
    context.with_postgres(&mut tests)?;
    let tested = child::succeed(&mut tests);

    let mut examples = child::cargo(&root);
    examples.args(["test", "--doc"]);
    context.select_server_side(&mut examples, |name| {
        name != END_TO_END && context.project.has_library(name)
    });
    let documented = child::succeed(&mut examples);
    tested.and(documented)?;
    Ok(if nextest {
        "with nextest"
    } else {
        "with cargo test"
    }
    .to_owned())
}
