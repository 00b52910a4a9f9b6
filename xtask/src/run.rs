//! Build everything and start it.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use crate::child;
use crate::profile::Profile;
use crate::project::Project;
use crate::site;
use crate::steps::Steps;

/// What `serve` gets when nothing else is asked for: a demo workspace in `data/`.
const DEMO: [&str; 3] = ["--demo", "--data", "data"];

/// Builds and starts the server, and stays until one of the two ends.
///
/// # Errors
/// When a step fails; whatever the server says is its own.
pub fn run(profile: &Profile, serve: &[String]) -> anyhow::Result<ExitCode> {
    let project = Project::read()?;
    let program = build(&project, profile)?;
    let mut server = Command::new(program);
    server.current_dir(&project.root).arg("serve");
    if serve.is_empty() {
        server.args(DEMO);
    } else {
        server.args(serve);
    }
    server.envs(project.server_environment());
    println!("── {}", child::shown(&server));
    let status = child::wait(child::start(&mut server)?)?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Builds everything.
///
/// # Errors
/// When a step fails.
pub fn build_only(profile: &Profile) -> anyhow::Result<ExitCode> {
    let program = build(&Project::read()?, profile)?;
    println!("{}", program.display());
    Ok(ExitCode::SUCCESS)
}

/// Builds what the browser loads.
///
/// # Errors
/// When a step fails.
pub fn site_only() -> anyhow::Result<ExitCode> {
    let project = Project::read()?;
    let mut steps = Steps::new();
    site::build(&project, &mut steps)?;
    steps.print();
    Ok(ExitCode::SUCCESS)
}

/// Site and server; returns the server's program.
///
/// # Errors
/// When a step fails.
pub fn build(project: &Project, profile: &Profile) -> anyhow::Result<PathBuf> {
    let mut steps = Steps::new();
    site::build(project, &mut steps)?;
    steps.take("server", || server(project, profile))?;
    steps.print();
    Ok(program(project, profile))
}

/// Compiles the server's program.
///
/// # Errors
/// When it does not compile.
pub fn server(project: &Project, profile: &Profile) -> anyhow::Result<String> {
    let mut cargo = child::cargo(&project.root);
    cargo.args(["build", "--package", &project.web.server]);
    cargo.args(["--bin", &project.web.binary, "--profile", profile.name()]);
    child::succeed(&mut cargo)?;
    Ok(format!("profile {}", profile.name()))
}

/// Where the server's program is after [`server`].
pub fn program(project: &Project, profile: &Profile) -> PathBuf {
    profile.folder(&project.target).join(&project.web.binary)
}
