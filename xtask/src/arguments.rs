//! What was asked for, read from the command line. By hand: an argument parser would be the
//! largest dependency here, and every cold start would compile it.

use std::path::PathBuf;

use crate::profile::Profile;

/// One call of `cargo xtask`.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Build everything, then start the server with these arguments after `serve`.
    Run { profile: Profile, serve: Vec<String> },
    /// Build everything.
    Build { profile: Profile },
    /// Build what the browser loads.
    Site,
    /// Run these parts of the checks, or all when none is named.
    Test { parts: Vec<String>, fail_fast: bool },
    /// Name the parts.
    ListParts,
    /// Measure the import.
    Bench { rows: u64, seed: u64, runs: u32 },
    /// Write the file that the bench imports.
    Generate { rows: u64, seed: u64, out: PathBuf },
    /// Run a program and write down what it took; the bench calls this itself.
    Measure { report: PathBuf, program: Vec<String> },
    /// Say what there is.
    Help,
}

const ROWS: u64 = 100_000;
const SEED: u64 = 1;
const RUNS: u32 = 3;

/// Reads the arguments after `cargo xtask`.
///
/// # Errors
/// A sentence for the person who typed them.
pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut words: Vec<String> = arguments.collect();
    let after = match words.iter().position(|word| word == "--") {
        Some(at) => {
            let after = words.split_off(at + 1);
            words.pop();
            Some(after)
        }
        None => None,
    };
    let mut words = words.into_iter();
    let Some(name) = words.next() else {
        return Ok(Command::Help);
    };
    let mut words = Words(words.collect());
    if words.flag("--help") || words.flag("-h") {
        return Ok(Command::Help);
    }
    if after.is_some() && !matches!(name.as_str(), "run" | "measure") {
        return Err(format!("`{name}` takes nothing after `--`."));
    }
    let command = match name.as_str() {
        "run" => Command::Run { profile: words.profile()?, serve: after.unwrap_or_default() },
        "build" => Command::Build { profile: words.profile()? },
        "site" => Command::Site,
        "test" if words.flag("--list") => Command::ListParts,
        "test" => Command::Test { fail_fast: words.flag("--fail-fast"), parts: words.names() },
        "bench" => Command::Bench {
            rows: words.number("--rows")?.unwrap_or(ROWS),
            seed: words.number("--seed")?.unwrap_or(SEED),
            runs: words.number("--runs")?.unwrap_or(RUNS).max(1),
        },
        "generate" => Command::Generate {
            rows: words.number("--rows")?.unwrap_or(ROWS),
            seed: words.number("--seed")?.unwrap_or(SEED),
            out: words.value("--out")?.ok_or("`generate` needs `--out FILE`.")?.into(),
        },
        "measure" => Command::Measure {
            report: words.names().pop().ok_or("`measure` needs a file.")?.into(),
            program: after.ok_or("`measure` needs `-- PROGRAM`.")?,
        },
        "help" | "--help" | "-h" => Command::Help,
        other => return Err(format!("There is no command `{other}`.")),
    };
    match words.0.first() {
        Some(left) => Err(format!("`{name}` does not know `{left}`.")),
        None => Ok(command),
    }
}

/// The words not understood yet; each look-up takes out what it understood.
struct Words(Vec<String>);

impl Words {
    fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    fn value(&mut self, name: &str) -> Result<Option<String>, String> {
        let joined = format!("{name}=");
        if let Some(at) = self.0.iter().position(|word| word.starts_with(&joined)) {
            return Ok(Some(self.0.remove(at)[joined.len()..].to_owned()));
        }
        let Some(at) = self.0.iter().position(|word| word == name) else {
            return Ok(None);
        };
        self.0.remove(at);
        if at == self.0.len() || self.0[at].starts_with("--") {
            return Err(format!("`{name}` needs a value."));
        }
        Ok(Some(self.0.remove(at)))
    }

    fn number<N: std::str::FromStr>(&mut self, name: &str) -> Result<Option<N>, String> {
        let Some(text) = self.value(name)? else {
            return Ok(None);
        };
        let digits = text.replace(['_', ','], "");
        match digits.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(format!("`{name}` needs a whole number, not `{text}`.")),
        }
    }

    fn profile(&mut self) -> Result<Profile, String> {
        let named = self.value("--server-profile")?;
        let release = self.flag("--release");
        let debug = self.flag("--debug");
        match (named, release, debug) {
            (None, false, _) => Ok(Profile::dev()),
            (None, true, false) => Ok(Profile::release()),
            (Some(name), false, false) => Ok(Profile::named(&name)),
            _ => Err("Choose one of --release, --debug and --server-profile.".to_owned()),
        }
    }

    fn names(&mut self) -> Vec<String> {
        let (names, options) = std::mem::take(&mut self.0).into_iter().partition(|word| !word.starts_with('-'));
        self.0 = options;
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn commands_are_understood() {
        let cases = [
            ("", Command::Help),
            ("run --help", Command::Help),
            ("run", Command::Run { profile: Profile::dev(), serve: vec![] }),
            (
                "run --release -- --data elsewhere",
                Command::Run { profile: Profile::release(), serve: vec!["--data".to_owned(), "elsewhere".to_owned()] },
            ),
            ("build --server-profile debug", Command::Build { profile: Profile::dev() }),
            (
                "test unit --fail-fast browser",
                Command::Test { parts: vec!["unit".to_owned(), "browser".to_owned()], fail_fast: true },
            ),
            ("bench --rows=1_000_000 --seed 7", Command::Bench { rows: 1_000_000, seed: 7, runs: 3 }),
        ];
        for (line, command) in cases {
            assert_eq!(read(line), Ok(command), "{line}");
        }
    }

    #[test]
    fn slips_are_named() {
        let cases = [
            ("fly", "no command `fly`"),
            ("run --fast", "`--fast`"),
            ("run --release --debug", "Choose one"),
            ("bench --rows many", "not `many`"),
            ("bench --rows", "needs a value"),
            ("generate", "--out FILE"),
            ("site -- --data x", "nothing after"),
        ];
        for (line, part) in cases {
            let problem = read(line).expect_err(line);
            assert!(problem.contains(part), "{line}: {problem}");
        }
    }
}
