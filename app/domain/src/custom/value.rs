//! What a custom field accepts, and the one spelling in which each value is kept: so that search, export and the
//! comparison of two people never meet one value written in two ways.

use super::FieldKind;

/// The longest value of a field, in characters: more is a document, and breaks every table.
pub const VALUE_CHARACTERS: usize = 2_000;
/// Between the values of a multiple choice.
const BETWEEN: &str = "; ";

/// The value of a field whose type alone says what it accepts, as it is kept; none when it does not fit, and for types
/// that need more than the text: days and options are read by the engine.
///
/// ```
/// use domain::{FieldKind, custom::plain_value};
/// assert_eq!(plain_value(FieldKind::Number, "1 250,5").as_deref(), Some("1250.5"));
/// assert_eq!(plain_value(FieldKind::YesNo, "Ja").as_deref(), Some("yes"));
/// assert_eq!(plain_value(FieldKind::Url, "no address"), None);
/// ```
pub fn plain_value(kind: FieldKind, text: &str) -> Option<String> {
    let text = text.trim();
    match kind {
        FieldKind::Text => Some(text.to_owned()),
        FieldKind::Number => number(text),
        FieldKind::YesNo => yes_or_no(text),
        FieldKind::Url => url(text),
        FieldKind::Date | FieldKind::Choice | FieldKind::Choices => None,
    }
}

/// Why no field can hold a text, as a sentence for whoever typed it.
pub fn unusable(text: &str) -> Option<String> {
    if text.contains('\0') {
        return Some("This holds a NUL character, which is no text.".to_owned());
    }
    let is_long = text.chars().count() > VALUE_CHARACTERS;
    is_long.then(|| format!("Use at most {VALUE_CHARACTERS} characters."))
}

/// Why a field of a type cannot hold a text, as a sentence for whoever typed it.
pub fn refusal(kind: FieldKind, options: &[String], text: &str) -> String {
    match kind {
        FieldKind::Text => format!("“{text}” cannot be kept."),
        FieldKind::Number => format!("“{text}” is not a number. Write it like 1250 or 3.5."),
        FieldKind::Date => format!("“{text}” is not a day. Write it like 2026-05-03 or 3.5.2026."),
        FieldKind::YesNo => format!("“{text}” is neither yes nor no."),
        FieldKind::Choice | FieldKind::Choices => {
            format!("“{text}” is not one of the options: {}.", options.join(", "))
        }
        FieldKind::Url => format!("“{text}” is not a web address. Write it like https://example.com/page."),
    }
}

/// The single values of a multiple choice.
pub fn split_choices(value: &str) -> impl Iterator<Item = &str> {
    value.split(';').map(str::trim).filter(|part| !part.is_empty())
}

/// The values of a multiple choice as one text.
pub fn join_choices<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    values.into_iter().collect::<Vec<_>>().join(BETWEEN)
}

/// Digits with a point. Spaces and apostrophes group digits; where both comma and point stand, the last one is the
/// decimal; a comma alone is, unless three digits follow it, as in `1,250`.
fn number(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let rest: String = rest.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')).collect();
    let commas = rest.matches(',').count();
    let points = rest.matches('.').count();
    let plain = match (rest.rfind(','), rest.rfind('.')) {
        (Some(comma), Some(point)) if comma > point => grouped(&rest, '.', ',').filter(|_| commas == 1)?,
        (Some(_), Some(_)) => grouped(&rest, ',', '.').filter(|_| points == 1)?,
        (Some(comma), None) if commas > 1 || rest.len() - comma == 4 => grouped(&rest, ',', '.')?,
        (Some(_), None) => rest.replace(',', "."),
        (None, Some(_)) if points > 1 => grouped(&rest, '.', ',')?,
        _ => rest,
    };
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || (whole.is_empty() && decimals.is_empty()) || plain.ends_with('.') {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let decimals = decimals.trim_end_matches('0');
    let sign = if whole == "0" && decimals.is_empty() { "" } else { sign };
    Some(if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") })
}

/// A number without its separators of thousands, if they stand where such belong; with a point as its decimal.
fn grouped(text: &str, group: char, decimal: char) -> Option<String> {
    let (whole, decimals) = text.split_once(decimal).unwrap_or((text, ""));
    let mut parts = whole.split(group);
    let first = parts.next()?;
    if first.is_empty() || first.len() > 3 || decimals.contains(group) {
        return None;
    }
    let mut plain = first.to_owned();
    for part in parts {
        if part.len() != 3 {
            return None;
        }
        plain.push_str(part);
    }
    Some(if decimals.is_empty() { plain } else { format!("{plain}.{decimals}") })
}

fn yes_or_no(text: &str) -> Option<String> {
    const YES: &[&str] =
        &["yes", "y", "true", "t", "1", "x", "on", "ja", "j", "oui", "sí", "si", "sim", "wahr", "vrai"];
    const NO: &[&str] =
        &["no", "n", "false", "f", "0", "off", "nein", "nej", "nee", "non", "não", "nao", "falsch", "faux"];
    let word = text.to_lowercase();
    let of = |words: &[&str]| words.contains(&word.as_str());
    if of(YES) {
        Some("yes".to_owned())
    } else if of(NO) {
        Some("no".to_owned())
    } else {
        None
    }
}

/// Only the web: an address of another scheme might run something where it is clicked.
fn url(text: &str) -> Option<String> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme.to_lowercase(), rest),
        None => ("https".to_owned(), text),
    };
    let host = rest.split(['/', '?', '#']).next()?;
    let name = host.split(':').next()?;
    let port = host.strip_prefix(name)?.trim_start_matches(':');
    let sound = matches!(scheme.as_str(), "http" | "https")
        && name.contains('.')
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        && port.bytes().all(|b| b.is_ascii_digit())
        && !rest.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '`' | '\\'));
    sound.then(|| format!("{scheme}://{}{}", host.to_lowercase(), &rest[host.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: FieldKind, cases: &[(&str, Option<&str>)]) {
        for (text, kept) in cases {
            let value = plain_value(kind, text);
            assert_eq!(value.as_deref(), *kept, "{kind}: “{text}”");
            if let Some(value) = value {
                assert_eq!(plain_value(kind, &value), Some(value), "what is kept is accepted as it is");
            }
        }
    }

    #[test]
    fn numbers_have_one_spelling() {
        check(
            FieldKind::Number,
            &[
                ("7", Some("7")),
                (" -0,50 ", Some("-0.5")),
                ("1,250", Some("1250")),
                ("1.250", Some("1.25")),
                ("1,250,000", Some("1250000")),
                ("1.250.000", Some("1250000")),
                ("1,250.75", Some("1250.75")),
                ("1.250,75", Some("1250.75")),
                ("12 500", Some("12500")),
                ("1’000", Some("1000")),
                ("-0", Some("0")),
                ("007", Some("7")),
                (".5", Some("0.5")),
                ("", None),
                ("5.", None),
                ("1,25,0", None),
                ("12,34.5,6", None),
                ("1e5", None),
                ("seven", None),
                ("-", None),
            ],
        );
    }

    #[test]
    fn few_valued_fields_know_their_values() {
        check(FieldKind::YesNo, &[("YES", Some("yes")), ("nein", Some("no")), ("0", Some("no")), ("maybe", None)]);
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        check(
            FieldKind::Url,
            &[
                ("Example.com", Some("https://example.com")),
                ("HTTP://Example.com:8080/A?b=C#d", Some("http://example.com:8080/A?b=C#d")),
                ("https://müller.example/ä", Some("https://müller.example/ä")),
                ("javascript://x.example/%0aalert(1)", None),
                ("javascript:alert(1)", None),
                ("data:text/html,x", None),
                ("https://a b.example", None),
                ("https://x.example/\"onclick", None),
                ("localhost", None),
                ("https://user@x.example", None),
                ("https://..", None),
            ],
        );
    }

    #[test]
    fn any_text_is_a_text_but_not_without_end() {
        check(FieldKind::Text, &[("  a\nb ", Some("a\nb")), ("   ", Some(""))]);
        assert_eq!(unusable(&"x".repeat(VALUE_CHARACTERS)), None);
        assert!(unusable(&"x".repeat(VALUE_CHARACTERS + 1)).is_some());
        assert!(unusable("a\0b").is_some());
    }
}
