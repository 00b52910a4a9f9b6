//! The real server, on a database of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::folder::{Folder, results};
use crate::http::post;
use crate::{PATIENCE, variable};

/// The workspace of a prepared server.
pub const WORKSPACE: &str = "Fernhill Labs";
/// Its owner.
pub const PERSON: &str = "Mara Lindqvist";
/// The owner's address.
pub const EMAIL: &str = "mara@fernhill.example";
/// The owner's password.
pub const PASSWORD: &str = "kingfisher at dawn";

/// Leads that are there before the browser comes: imported by the command line.
pub struct Prepared<'a> {
    /// Into which campaign; made if there is none.
    pub campaign: &'a str,
    /// Who: see [`crate::list`].
    pub people: std::ops::Range<usize>,
    /// Their status.
    pub status: &'a str,
}

/// A running server; its process ends with it, and its data goes.
pub struct Server {
    process: Child,
    /// Host and port.
    pub address: String,
    name: String,
    data: Folder,
    /// For the files that a journey uploads.
    pub files: Folder,
}

impl Server {
    /// One that nobody has set up yet.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(name: &str) -> anyhow::Result<Server> {
        Server::over(name, Folder::new(name)?, &[]).await
    }

    /// One with the demo workspace.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn demo(name: &str) -> anyhow::Result<Server> {
        Server::over(name, Folder::new(name)?, &["--demo"]).await
    }

    /// One with [`WORKSPACE`], its owner, and leads.
    ///
    /// # Errors
    /// When it does not start or does not take the leads.
    pub async fn prepared(name: &str, leads: &[Prepared<'_>]) -> anyhow::Result<Server> {
        let server = Server::start(name).await?;
        let form = [("workspace", WORKSPACE), ("name", PERSON), ("email", EMAIL), ("password", PASSWORD)];
        let answer = post(&server.address, "/set-up", &form, "").await?;
        ensure!(answer.header("location") == "/campaigns", "set-up was refused: {}", answer.head);
        if leads.is_empty() {
            return Ok(server);
        }
        let data = server.stop().await?;
        let files = Folder::new(name)?;
        for (i, lead) in leads.iter().enumerate() {
            let file = files.file(&format!("prepared-{i}.csv"), crate::list(lead.people.clone()))?;
            import(data.path(), &file, lead).await?;
        }
        Server::over(name, data, &[]).await
    }

    async fn over(name: &str, data: Folder, more: &[&str]) -> anyhow::Result<Server> {
        let log = std::fs::File::create(results()?.join(format!("{name}.server.log")))?;
        let mut process = Command::new(variable("ONEFOLD_BIN")?)
            .arg("serve")
            .arg("--data")
            .arg(data.path())
            .args(more)
            // the free port is the server's choice: it prints which
            .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("the server could not be started")?;
        let line = wait_for_line(&mut process, "Onefold is at http://").await.with_context(|| {
            let log = std::fs::read_to_string(results().unwrap_or_default().join(format!("{name}.server.log")));
            format!("the server did not start: {}", log.unwrap_or_default())
        })?;
        Ok(Server { process, address: line, name: name.to_owned(), data, files: Folder::new(name)? })
    }

    /// Ends it as an operator would, and keeps its data.
    ///
    /// # Errors
    /// When it does not end in time.
    pub async fn stop(mut self) -> anyhow::Result<Folder> {
        let id = self.process.id().context("the server has ended by itself")?;
        ensure!(Command::new("kill").arg(id.to_string()).status().await?.success(), "the server could not be stopped");
        let status = tokio::time::timeout(PATIENCE, self.process.wait()).await.context("the server does not end")??;
        ensure!(status.success(), "the server ended with {status}");
        Ok(self.data)
    }

    /// Whether the server wrote of a fault.
    ///
    /// # Errors
    /// With what it wrote.
    pub fn check_log(&self) -> anyhow::Result<()> {
        let log = std::fs::read_to_string(results()?.join(format!("{}.server.log", self.name)))?;
        let faults: Vec<&str> =
            log.lines().filter(|line| line.contains("ERROR") || line.contains("panicked")).collect();
        ensure!(faults.is_empty(), "the server wrote of faults:\n{}", faults.join("\n"));
        Ok(())
    }
}

/// Waits until a program prints a line with these first words; gives the rest of it. Later lines go nowhere.
pub(crate) async fn wait_for_line(process: &mut Child, words: &str) -> anyhow::Result<String> {
    let mut lines = BufReader::new(process.stdout.take().context("stdout is piped")?).lines();
    let found = tokio::time::timeout(PATIENCE, async {
        while let Some(line) = lines.next_line().await? {
            if let Some((_, rest)) = line.split_once(words) {
                return Ok(rest.trim().to_owned());
            }
        }
        bail!("it ended before it printed “{words}”")
    });
    let found = found.await.with_context(|| format!("it did not print “{words}” in time"))??;
    // whoever does not read blocks the writer
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok(found)
}

async fn import(data: &Path, file: &PathBuf, lead: &Prepared<'_>) -> anyhow::Result<()> {
    let mut command = Command::new(variable("ONEFOLD_BIN")?);
    command.arg("import").arg(file).arg("--data").arg(data).args(["--workspace", WORKSPACE, "--create-campaign"]);
    command.args(["--campaign", lead.campaign, "--status", lead.status]).env_remove("DATABASE_URL");
    let output = command.output().await?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let created =
        serde_json::from_str::<serde_json::Value>(&printed).ok().and_then(|v| v["counts"]["created"].as_u64());
    ensure!(
        created == Some(lead.people.len() as u64),
        "the command line did not import {}: {printed}{}",
        lead.campaign,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}
