//! Names for columns: unique, trimmed, never empty.

use std::collections::{HashMap, HashSet};

use crate::problem::{FileProblem, ProblemKind};

/// The columns of a table, and what was done to the names in the file to get them.
pub(crate) struct Columns {
    pub names: Vec<String>,
    pub problems: Vec<FileProblem>,
}

/// For a file without a header.
pub(crate) fn numbered(count: usize) -> Columns {
    let names = (1..=count).map(|number| format!("Column {number}")).collect();
    Columns { names, problems: Vec::new() }
}

/// From the header record, which starts on `line`. `count` may ask for more columns than the header names.
pub(crate) fn named(header: &[String], line: u64, count: usize) -> Columns {
    let mut problems = Vec::new();
    let mut note = |kind, index: usize, message| {
        problems.push(FileProblem { kind, line, column: Some(index as u64 + 1), message });
    };
    // Names that are in the file are kept as they are, so a made-up name has to make way for them.
    let mut taken: HashSet<String> = header.iter().map(|name| clean(name)).collect();
    let mut seen = HashSet::new();
    let mut last_number: HashMap<String, u64> = HashMap::new();
    let mut names = Vec::with_capacity(count);
    for index in 0..count.max(header.len()) {
        let wanted = header.get(index).map(|name| clean(name)).unwrap_or_default();
        let base = if wanted.is_empty() { format!("Column {}", index + 1) } else { wanted.clone() };
        let is_free = if wanted.is_empty() { !taken.contains(&base) } else { !seen.contains(&base) };
        let name = if is_free { base.clone() } else { next_free(&base, &taken, &mut last_number) };
        if wanted.is_empty() {
            note(
                ProblemKind::EmptyHeader,
                index,
                format!("Column {} has no name; it is called \"{name}\" here.", index + 1),
            );
        } else if name != base {
            note(
                ProblemKind::DuplicateHeader,
                index,
                format!(
                    "There is more than one column called \"{base}\"; column {} is called \"{name}\" here.",
                    index + 1
                ),
            );
        }
        taken.insert(name.clone());
        seen.insert(name.clone());
        names.push(name);
    }
    Columns { names, problems }
}

/// The name without control characters but line breaks and tabs: databases and terminals stumble over them.
fn clean(name: &str) -> String {
    let text: String = name.chars().filter(|character| !character.is_control() || character.is_whitespace()).collect();
    text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}').to_owned()
}

fn next_free(base: &str, taken: &HashSet<String>, last_number: &mut HashMap<String, u64>) -> String {
    let number = last_number.entry(base.to_owned()).or_insert(1);
    loop {
        *number += 1;
        let name = format!("{base} ({number})");
        if !taken.contains(&name) {
            return name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_never_empty() {
        for (header, names) in [
            (&["a", "b"][..], &["a", "b"][..]),
            (&[" a ", ""], &["a", "Column 2"]),
            (&["a", "a", "a"], &["a", "a (2)", "a (3)"]),
            (&["a", "a", "a (2)"], &["a", "a (3)", "a (2)"]),
            (&["", "Column 1"], &["Column 1 (2)", "Column 1"]),
            (&["a\0", "b\nc\u{1b}", "\u{7}"], &["a", "b\nc", "Column 3"]),
            (&["a\0", "a"], &["a", "a (2)"]),
            (&["Column 2", ""], &["Column 2", "Column 2 (2)"]),
        ] {
            let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(named(&header, 1, header.len()).names, names, "{header:?}");
        }
    }
}
