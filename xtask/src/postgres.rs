//! A PostgreSQL of our own for one run of the tests: on loopback, with a password nobody knows,
//! in a folder that goes away with it.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::unistd::{User, geteuid};

use crate::{child, stop, tools};

/// Somebody else may take the free port before PostgreSQL does.
const TRIES: u32 = 3;
/// On a busy machine the first start takes its time.
const START: Duration = Duration::from_secs(60);
/// Whom PostgreSQL runs as when we are root, which it refuses to be.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];
/// Durability is nothing to a database that lives for minutes.
const SETTINGS: [&str; 9] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "autovacuum=off",
    "log_min_messages=warning",
    "lc_messages=C",
];

/// A running PostgreSQL; it stops when this is dropped.
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    account: Option<User>,
    server: Child,
    url: String,
}

impl Postgres {
    /// Creates a database cluster in a temporary folder and starts it.
    ///
    /// # Errors
    /// When PostgreSQL is missing and may not be installed, or does not start; the message holds
    /// its log.
    pub fn start() -> anyhow::Result<Self> {
        let programs = tools::postgres_programs()?;
        let account = account()?;
        let folder = temporary_folder(account.as_ref())?;
        let started = Self::start_in(programs, account, &folder);
        if started.is_err() {
            let _ = fs::remove_dir_all(&folder);
        }
        started
    }

    fn start_in(programs: PathBuf, account: Option<User>, folder: &Path) -> anyhow::Result<Self> {
        let password = password()?;
        let password_file = folder.join("password");
        fs::write(&password_file, &password)?;
        give(&password_file, account.as_ref())?;
        let data = folder.join("data");
        let mut create = as_account(account.as_ref(), &programs.join("initdb"))?;
        create.arg("--pgdata").arg(&data).arg("--pwfile").arg(&password_file);
        create.args(["--username=postgres", "--auth=password", "--no-sync"]);
        create.args(["--encoding=UTF8", "--locale=C", "--no-instructions"]);
        child::output(create.current_dir(folder)).context("creating the test PostgreSQL")?;

        for _ in 0..TRIES {
            let port = free_port()?;
            let log = folder.join("log");
            let mut server = as_account(account.as_ref(), &programs.join("postgres"))?;
            server.arg("-D").arg(&data).args(["-p", &port.to_string()]);
            for setting in SETTINGS {
                server.args(["-c", setting]);
            }
            let log_file = fs::File::create(&log)?;
            server.current_dir(folder).stdout(Stdio::null()).stderr(log_file);
            let mut server = child::start(&mut server)?;
            let ready = wait_until_ready(&mut server, &data);
            if let Ok(true) = ready {
                return Ok(Self {
                    programs,
                    folder: folder.to_owned(),
                    account,
                    server,
                    url: format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres"),
                });
            }
            child::end(&mut server)?;
            ready?;
            let said = fs::read_to_string(&log)?;
            if !said.contains("Address already in use") {
                bail!("the test PostgreSQL did not start:\n{said}");
            }
        }
        bail!("the test PostgreSQL found no free port")
    }

    /// Where to connect, as the superuser: tests create databases of their own.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder of `initdb`, `pg_ctl` and `postgres`.
    pub fn programs(&self) -> &Path {
        &self.programs
    }

    fn stop(&mut self) -> anyhow::Result<()> {
        let mut stop = as_account(self.account.as_ref(), &self.programs.join("pg_ctl"))?;
        stop.args(["stop", "--mode=immediate", "--silent", "--pgdata"]);
        stop.arg(self.folder.join("data")).current_dir(&self.folder);
        let stopped = child::output(&mut stop);
        child::end(&mut self.server)?;
        fs::remove_dir_all(&self.folder)?;
        stopped.map(drop)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("the test PostgreSQL was not stopped well: {error:#}");
        }
    }
}

/// `true` when it answers, `false` when it ended.
fn wait_until_ready(server: &mut Child, data: &Path) -> anyhow::Result<bool> {
    let since = Instant::now();
    while since.elapsed() < START {
        // The last line of this file is what `pg_ctl --wait` waits for too.
        let state = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
        if state.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
            return Ok(true);
        }
        if server.try_wait()?.is_some() {
            return Ok(false);
        }
        if stop::requested() {
            bail!("stopped");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(false)
}

/// The account to step down to, when we are root.
fn account() -> anyhow::Result<Option<User>> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    for name in ACCOUNTS {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    bail!("PostgreSQL does not run as root, and there is no account `postgres` or `nobody`")
}

/// A program, run as that account.
fn as_account(account: Option<&User>, program: &Path) -> anyhow::Result<Command> {
    let Some(account) = account else {
        return Ok(Command::new(program));
    };
    if tools::on_path("setpriv").is_some() {
        let mut command = Command::new("setpriv");
        command.arg(format!("--reuid={}", account.uid));
        command.arg(format!("--regid={}", account.gid));
        // The last one: it ends with us even when we are killed.
        command.args(["--clear-groups", "--pdeathsig=INT", "--"]);
        command.arg(program);
        return Ok(command);
    }
    if tools::on_path("runuser").is_some() {
        let mut command = Command::new("runuser");
        command.args(["-u", &account.name, "--"]).arg(program);
        return Ok(command);
    }
    bail!("PostgreSQL does not run as root, and neither setpriv nor runuser is here (util-linux)")
}

fn temporary_folder(account: Option<&User>) -> anyhow::Result<PathBuf> {
    let name = format!("onefold-postgres-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir(&folder).with_context(|| format!("creating {}", folder.display()))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
    give(&folder, account)?;
    Ok(folder)
}

fn give(path: &Path, account: Option<&User>) -> anyhow::Result<()> {
    if let Some(account) = account {
        chown(path, Some(account.uid.as_raw()), Some(account.gid.as_raw()))?;
    }
    Ok(())
}

/// Other people of this machine reach loopback too, and a superuser may run programs.
fn password() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
}
