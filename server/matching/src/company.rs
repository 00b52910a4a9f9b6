//! Company names as people say them.

use crate::legal_forms::{BEGINNINGS, ENDINGS, NEEDS_SIGN, UNSPACED};
use crate::text::{fold_search, trim_invisible};

/// The most words a legal form is written in, as in `GmbH & Co. KG a. A.`.
const LONGEST_FORM: usize = 6;

/// A company name without its legal form, as one writes it in a message: `Acme` for `Acme GmbH & Co. KG`.
///
/// Never empty for a name that is not blank: a name made of legal forms alone stays as it is.
pub fn clean_company(name: &str) -> String {
    let tidy = trim_invisible(name).replace(['（'], "(").replace(['）'], ")");
    let mut kept = tidy.as_str();
    loop {
        let shorter = without_ending(without_unspaced(without_beginning(kept)));
        if shorter == kept {
            break;
        }
        kept = shorter;
    }
    kept.to_owned()
}

fn without_ending(name: &str) -> &str {
    // The last words are tried as one form, the longest first, so that `Pty Ltd` goes before `Ltd`.
    let starts: Vec<usize> = word_starts(name);
    let first = starts.len().saturating_sub(LONGEST_FORM).max(1);
    for &start in &starts[first.min(starts.len())..] {
        let (rest, form) = name.split_at(start);
        if is_ending(form)
            && let Some(rest) = trimmed_rest(rest)
        {
            return rest;
        }
    }
    name
}

fn word_starts(name: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut after_space = true;
    for (position, character) in name.char_indices() {
        // `Acme,Inc.` has no space before the form.
        let separates = character == ' ' || character == ',';
        if after_space && !separates {
            starts.push(position);
        }
        after_space = separates;
    }
    starts
}

fn is_ending(form: &str) -> bool {
    let squashed = squash(form);
    if !ENDINGS.contains(&squashed.as_str()) {
        return false;
    }
    if !NEEDS_SIGN.contains(&squashed.as_str()) {
        return true;
    }
    form.contains(['.', '/']) || form.chars().skip(1).any(char::is_uppercase)
}

fn squash(form: &str) -> String {
    let is_sign = |character: char| matches!(character, '.' | '/' | ' ' | ',' | '(' | ')');
    fold_search(form).chars().filter(|character| !is_sign(*character)).collect()
}

fn without_beginning(name: &str) -> &str {
    for beginning in BEGINNINGS {
        let Some(rest) = name.strip_prefix(beginning) else {
            continue;
        };
        if rest.starts_with([' ', '"', '«', '“', '„'])
            && let Some(rest) = trimmed_rest(rest)
        {
            return rest;
        }
    }
    name
}

fn without_unspaced(name: &str) -> &str {
    for form in UNSPACED {
        let rest = name.strip_prefix(form).or_else(|| name.strip_suffix(form));
        if let Some(rest) = rest.and_then(trimmed_rest) {
            return rest;
        }
    }
    name
}

/// What is left beside a legal form, without the comma or the quotation marks that set it off.
fn trimmed_rest(rest: &str) -> Option<&str> {
    let rest = rest.trim_matches(|character: char| matches!(character, ' ' | ',' | '，' | '-' | '–' | '|'));
    let quotes = [('«', '»'), ('"', '"'), ('“', '”'), ('„', '“')];
    let unquoted = quotes.into_iter().find_map(|(open, close)| {
        let inner = rest.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.contains([open, close])).then_some(inner.trim())
    });
    let rest = unquoted.unwrap_or(rest);
    rest.chars().any(char::is_alphanumeric).then_some(rest)
}
