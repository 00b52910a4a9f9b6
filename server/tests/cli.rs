//! The command line as people and scripts use it: the real program, on a folder of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;
use serde_json::Value;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let name = format!("onefold_cli_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(Folder(folder))
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> anyhow::Result<String> {
        let path = self.0.join(name);
        std::fs::write(&path, content)?;
        Ok(path.display().to_string())
    }

    /// Files below `data/uploads`.
    fn uploads(&self) -> usize {
        std::fs::read_dir(self.0.join("data/uploads")).map_or(0, Iterator::count)
    }

    /// Imports a file into a workspace, with further arguments.
    fn import(&self, file: &str, arguments: &[&str]) -> anyhow::Result<Ended> {
        let data = self.0.join("data").display().to_string();
        self.run(&both(&["import", file, "--data", &data, "--workspace", "Team"], arguments))
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<Ended> {
        let done = Command::new(env!("CARGO_BIN_EXE_onefold"))
            .args(arguments)
            .current_dir(&self.0)
            .env_remove("DATABASE_URL")
            .env_remove("RUST_LOG")
            .output()?;
        Ok(Ended {
            code: done.status.code().context("the program was killed")?,
            out: String::from_utf8(done.stdout)?,
            err: String::from_utf8(done.stderr)?,
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// How the program ended, and what it said.
#[derive(Debug)]
struct Ended {
    code: i32,
    out: String,
    err: String,
}

impl Ended {
    /// The JSON object of something that was done.
    fn done(&self) -> anyhow::Result<Value> {
        anyhow::ensure!(self.code == 0, "{self:?}");
        Ok(serde_json::from_str(self.out.lines().next().context("nothing was said")?)?)
    }

    /// The sentence of a refusal.
    fn refused(&self) -> anyhow::Result<&str> {
        anyhow::ensure!(self.code == 1 && self.out.is_empty() && !self.err.trim().is_empty(), "{self:?}");
        Ok(&self.err)
    }

    /// The outcomes that are not zero, with the sum checked.
    fn counts(&self) -> anyhow::Result<Vec<(String, u64)>> {
        let object = self.done()?;
        let counts = object["counts"].as_object().context("no counts")?;
        anyhow::ensure!(counts.len() == 12, "every outcome of part C has its count: {counts:?}");
        let all: Vec<(String, u64)> = counts.iter().map(|(k, n)| (k.clone(), n.as_u64().unwrap_or(0))).collect();
        let sum: u64 = all.iter().map(|(_, n)| n).sum();
        anyhow::ensure!(object["rows"].as_u64() == Some(sum), "{object}");
        Ok(all.into_iter().filter(|(_, n)| *n > 0).collect())
    }
}

fn both<'a>(first: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [first, more].concat()
}

fn some(counts: &[(&str, u64)]) -> Vec<(String, u64)> {
    let mut all: Vec<_> = counts.iter().map(|(k, n)| ((*k).to_owned(), *n)).collect();
    all.sort();
    all
}

fn sorted(mut counts: Vec<(String, u64)>) -> Vec<(String, u64)> {
    counts.sort();
    counts
}

/// The records of a CSV file, the header first.
fn records(path: &Path) -> anyhow::Result<Vec<Vec<String>>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path)?;
    let records: Result<Vec<csv::StringRecord>, _> = reader.records().collect();
    Ok(records?.iter().map(|r| r.iter().map(str::to_owned).collect()).collect())
}

const OUTREACH: [&str; 3] = ["--campaign", "Outreach", "--create-campaign"];
const HEADER: [&str; 4] = ["row", "outcome", "reason", "campaign"];

#[test]
fn a_file_is_imported_and_each_row_has_its_outcome() -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let file = folder.file("a.csv", "Email,First name\nann@x.example,Ann\nANN@x.example,Anna\nbroken,Bo\n")?;
    let out = folder.0.join("out.csv");
    let out_text = out.display().to_string();
    let ended = folder.import(&file, &both(&OUTREACH, &["--outcomes", &out_text, "--status", "paused"]))?;
    assert_eq!(sorted(ended.counts()?), some(&[("created", 1), ("duplicate_in_file", 1), ("failed", 1)]));
    let lines = records(&out)?;
    assert_eq!(lines[0], HEADER);
    assert_eq!(
        lines[1..].iter().map(|l| (&*l[0], &*l[1])).collect::<Vec<_>>(),
        [("1", "created"), ("2", "duplicate_in_file"), ("3", "failed")]
    );
    assert!(lines[1..].iter().all(|l| !l[2].is_empty()), "each with its reason: {lines:?}");

    // she is paused there: another campaign leaves her out, and the file names the first one
    let other = ["--campaign", "Other", "--create-campaign", "--outcomes", &out_text];
    let ended = folder.import(&file, &other)?;
    assert_eq!(sorted(ended.counts()?), some(&[("active_elsewhere", 1), ("duplicate_in_file", 1), ("failed", 1)]));
    assert_eq!(records(&out)?[1][3], "Outreach");
    let ended = folder.import(&file, &["--campaign", "Other", "--policy", "campaign"])?;
    assert_eq!(sorted(ended.counts()?), some(&[("created", 1), ("duplicate_in_file", 1), ("failed", 1)]));
    let ended = folder.import(&file, &["--campaign", "Other", "--policy", "workspace", "--mode", "createOnly"])?;
    assert_eq!(sorted(ended.counts()?), some(&[("duplicate_in_campaign", 1), ("duplicate_in_file", 1), ("failed", 1)]));
    let data = folder.0.join("data").display().to_string();
    assert_eq!(folder.run(&["doctor", "--data", &data])?.out.trim(), "All is well.");
    Ok(())
}

#[test]
fn mode_and_overwrite_do_what_they_say() -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let first = folder.file("a.csv", "email,city\nann@x.example,Oslo\n")?;
    let second = folder.file("b.csv", "email,city,job title\nann@x.example,Kiel,Owner\nnew@x.example,Rome,\n")?;
    folder.import(&first, &OUTREACH)?.done()?;
    let update = ["--campaign", "Outreach", "--mode", "updateOnly", "--overwrite"];
    let run = |rule: &'static str| folder.import(&second, &both(&update, &[rule]));
    assert_eq!(sorted(run("keep")?.counts()?), some(&[("no_match", 1), ("unchanged", 1)]));
    assert_eq!(sorted(run("fillBlanks")?.counts()?), some(&[("no_match", 1), ("updated", 1)]));
    assert_eq!(sorted(run("fillBlanks")?.counts()?), some(&[("no_match", 1), ("unchanged", 1)]));
    assert_eq!(sorted(run("overwrite")?.counts()?), some(&[("no_match", 1), ("updated", 1)]));
    Ok(())
}

#[test]
fn a_dry_run_says_what_would_happen_and_makes_nothing() -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let file = folder.file("a.csv", "email\nann@x.example\nbo@x.example\nann@x.example\n")?;
    let out = folder.0.join("out.csv");
    let out_text = out.display().to_string();
    let dry = both(&OUTREACH, &["--dry-run", "--outcomes", &out_text]);
    for round in 0..2 {
        let told = folder.import(&file, &dry)?;
        assert_eq!(sorted(told.counts()?), some(&[("created", 2), ("duplicate_in_file", 1)]), "round {round}");
        let lines = records(&out)?;
        assert_eq!((lines.len(), &*lines[0], &*lines[3][1]), (4, &HEADER.map(str::to_owned)[..], "duplicate_in_file"));
        // neither the campaign nor (the first time) the workspace is there
        let refused = folder.import(&file, &["--campaign", "Outreach"])?;
        assert!(refused.refused()?.contains("no campaign \"Outreach\""), "{refused:?}");
        let data = folder.0.join("data").display().to_string();
        let scanned = folder.run(&["suspects", "--data", &data, "--workspace", "Team"])?;
        if round == 0 {
            assert!(scanned.refused()?.contains("no workspace"), "{scanned:?}");
            folder.import(&folder.file("b.csv", "email\nzed@x.example\n")?, &[])?.done()?;
        }
    }
    // against a campaign that is there, told and done are the same
    let ended = folder.import(&file, &OUTREACH)?;
    let told = folder.import(&file, &["--campaign", "Outreach", "--dry-run", "--mode", "createOnly"])?;
    assert_eq!(sorted(told.counts()?), some(&[("duplicate_in_campaign", 2), ("duplicate_in_file", 1)]));
    assert_eq!(sorted(ended.counts()?), some(&[("created", 2), ("duplicate_in_file", 1)]));
    assert_eq!(folder.uploads(), 2, "the two files that were imported");
    Ok(())
}

#[test]
fn a_file_without_rows_says_so_and_leaves_nothing() -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let file = folder.file("a.csv", "email,name\n")?;
    let out = folder.0.join("out.csv");
    let out_text = out.display().to_string();
    folder.import(&folder.file("b.csv", "email\nann@x.example\n")?, &[])?.done()?;
    let ways: [&[&str]; 3] = [&["--dry-run"], &[], &OUTREACH];
    for arguments in ways {
        let ended = folder.import(&file, &both(arguments, &["--outcomes", &out_text]))?;
        assert!(ended.counts()?.is_empty(), "{ended:?}");
        assert_eq!(records(&out)?, [HEADER]);
        std::fs::remove_file(&out)?;
        assert_eq!(folder.uploads(), 1);
    }
    Ok(())
}

#[test]
fn what_cannot_be_imported_is_refused_in_words_and_leaves_nothing() -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let out = folder.0.join("out.csv").display().to_string();
    let mut zip = b"PK\x03\x04\x14\0\0\0\x08\0".to_vec();
    zip.extend([0x9c; 400]);
    let cases: [(&str, &[u8], &str); 4] = [
        ("quote.csv", b"email,note\na@x.example,fine\nb@x.example,\"open\nc@x.example,\n", "line 3"),
        ("nobody.csv", b"first name,city\nAnn,Oslo\n", "No column goes to Email"),
        ("empty.csv", b"", ""),
        ("archive.csv", &zip, ""),
    ];
    for (name, content, words) in cases {
        let file = folder.file(name, content)?;
        let ways: [&[&str]; 2] = [&["--dry-run", "--outcomes", &out], &["--outcomes", &out]];
        for arguments in ways {
            let refused = folder.import(&file, &both(&OUTREACH, arguments))?;
            assert!(refused.refused()?.contains(words), "{name}: {refused:?}");
            assert!(!Path::new(&out).exists(), "{name} left a file behind");
        }
    }
    let missing = folder.import("nowhere.csv", &[])?;
    assert!(missing.refused()?.contains("nowhere.csv"), "{missing:?}");
    let data = folder.0.join("data").display().to_string();
    let scanned = folder.run(&["suspects", "--data", &data, "--workspace", "Team"])?;
    assert!(scanned.refused()?.contains("no workspace"), "nothing was made for them: {scanned:?}");
    assert_eq!(folder.uploads(), 0);
    Ok(())
}

#[test]
fn a_nul_fails_its_row_only() -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let file = folder.file("a.csv", "email,name\nann@x.example,Ann\nb\0o@x.example,Bo\n")?;
    let ended = folder.import(&file, &[])?;
    assert_eq!(sorted(ended.counts()?), some(&[("created", 1), ("failed", 1)]));
    Ok(())
}

#[test]
fn inspect_says_how_a_file_is_written() -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let file = folder.file("a.csv", "Exported today\n\nEmail;Name\na@x.example;\"Lee; Ann\"\nb@x.example;Bo\n")?;
    let ended = folder.run(&["inspect", &file])?;
    let object = ended.done()?;
    assert_eq!(object["delimiter"], ";");
    assert_eq!((object["headerRow"].as_u64(), object["rowCount"].as_u64()), (Some(3), Some(2)));
    assert_eq!(object["columns"], serde_json::json!(["Email", "Name"]));
    assert_eq!(ended.out.lines().count(), 1);
    let rows = folder.run(&["inspect", &file, "--rows"])?;
    let lines: Vec<Value> = rows.out.lines().skip(1).map(serde_json::from_str).collect::<Result<_, _>>()?;
    assert_eq!(lines.len(), 3, "the header and every record: {rows:?}");
    assert_eq!(lines[1], serde_json::json!(["a@x.example", "Lee; Ann"]));
    let ragged = folder.run(&["inspect", &folder.file("b.csv", "email,name\na@x.example,A\nb@x.example,B,more\n")?])?;
    assert!(ragged.done()?["problems"].as_array().is_some_and(|p| !p.is_empty()), "{ragged:?}");
    folder.run(&["inspect", &folder.file("c.csv", "a,b\n1,\"open\n")?])?.refused()?;
    Ok(())
}

#[test]
fn what_was_typed_wrong_is_a_matter_of_usage() -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let file = folder.file("a.csv", "email\na@x.example\n")?;
    let wrong: [&[&str]; 4] =
        [&["--mode", "sometimes"], &["--policy", "never"], &["--create-campaign"], &["--no-such"]];
    for arguments in wrong {
        let ended = folder.import(&file, arguments)?;
        assert_eq!(ended.code, 2, "{ended:?}");
    }
    assert_eq!(folder.run(&[])?.code, 2);
    assert!(!folder.0.join("data").exists());
    Ok(())
}
