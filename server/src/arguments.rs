//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use domain::{DuplicatePolicy, ImportMode, LeadStatus, Overwrite};

/// Onefold: a team workspace for outreach campaigns that never contacts one person twice by mistake.
#[derive(Debug, Parser)]
#[command(name = "onefold", version)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the pages and do the work.
    Serve(Serve),
    /// Say how a file is written and what is in it, as JSON.
    Inspect(Inspect),
    /// Import a file without a browser and say what became of its rows, as JSON.
    Import(Import),
    /// Compare everyone of a workspace with everyone and list who may be one person.
    Suspects(Suspects),
    /// Find the people who may be one in a plain file, without a workspace.
    Match(Match),
    /// Check that the data is sound.
    Doctor(Doctor),
}

/// Where the data is.
#[derive(Debug, Args)]
pub struct Data {
    /// The folder for the database and the uploads.
    #[arg(long, default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// A PostgreSQL address; without it the database is a file in the folder.
    #[arg(long, env = "DATABASE_URL", value_name = "URL")]
    pub database: Option<String>,
}

impl Data {
    /// The address of the database; the folder is made.
    pub fn url(&self) -> anyhow::Result<String> {
        use anyhow::Context as _;
        std::fs::create_dir_all(&self.data)
            .with_context(|| format!("the folder {} could not be made", self.data.display()))?;
        Ok(match &self.database {
            Some(url) => url.clone(),
            None => format!("sqlite://{}", self.data.join("onefold.db").display()),
        })
    }
}

/// `onefold serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// Make a demo workspace if the database is empty. Only on a loopback address.
    #[arg(long)]
    pub demo: bool,
    /// Say that browsers reach this server by https, so that cookies are kept to it.
    #[arg(long, env = "ONEFOLD_HTTPS")]
    pub https: bool,
    /// Say that only a proxy reaches this server, so that the client's address is the last one of X-Forwarded-For.
    #[arg(long, env = "ONEFOLD_BEHIND_PROXY")]
    pub behind_proxy: bool,
}

/// `onefold inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// The file.
    pub file: PathBuf,
    /// After the JSON object, a line for the header and for every data record: JSON arrays of strings.
    #[arg(long)]
    pub rows: bool,
}

/// `onefold import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The file.
    pub file: PathBuf,
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// The workspace, by name; made if there is none.
    #[arg(long, value_name = "NAME")]
    pub workspace: String,
    /// The campaign, by name; without it rows become contacts only.
    #[arg(long, value_name = "NAME")]
    pub campaign: Option<String>,
    /// Make the campaign if there is none of this name.
    #[arg(long, requires = "campaign")]
    pub create_campaign: bool,
    /// What may happen to leads: createAndUpdate, createOnly, updateOnly.
    #[arg(long, default_value = "createAndUpdate")]
    pub mode: ImportMode,
    /// What happens to values that are there already: overwrite, fillBlanks, keep.
    #[arg(long, default_value = "overwrite")]
    pub overwrite: Overwrite,
    /// Whom to leave out: campaign, active, workspace. The workspace's default if not given.
    #[arg(long)]
    pub policy: Option<DuplicatePolicy>,
    /// The status of created leads, for moving from another tool.
    #[arg(long, default_value = "toLaunch")]
    pub status: LeadStatus,
    /// Only say what would happen; nothing is made for it, no workspace and no campaign.
    #[arg(long)]
    pub dry_run: bool,
    /// Write what became (or with --dry-run, would become) of each row: row, outcome, reason, campaign.
    #[arg(long, value_name = "OUT.csv")]
    pub outcomes: Option<PathBuf>,
}

/// `onefold doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
}

/// `onefold suspects`.
#[derive(Debug, Args)]
pub struct Suspects {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// The workspace, by name.
    #[arg(long, value_name = "NAME")]
    pub workspace: String,
    /// Only pairs of at least this probability, from 0 to 1.
    #[arg(long, value_name = "S", default_value_t = 0.0)]
    pub min_score: f64,
    /// Write the pairs: a, b, email_a, email_b, score, band, reasons.
    #[arg(long, value_name = "OUT.csv")]
    pub pairs: Option<PathBuf>,
}

/// `onefold match`.
#[derive(Debug, Args)]
pub struct Match {
    /// The file: a header that names the fields of people, and a record each.
    pub file: PathBuf,
    /// Write the pairs: a, b, score, band, reasons. The numbers are those of data records, from 1.
    #[arg(long, value_name = "OUT.csv")]
    pub pairs: PathBuf,
}
