//! The team's own fields: what a text becomes in each of them, computed in one place for every path (R1).

use domain::{CustomField, FieldKind};

/// A text as a field keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read {
    /// What is kept; none when nothing of the text fits.
    pub value: Option<String>,
    /// Whether all of it fits.
    pub fits: bool,
}

/// Reads a text for a field; `day_first` settles which number of a date is the day. An empty text is no value and fits.
pub(crate) fn read_value(field: &CustomField, text: &str, day_first: bool) -> Read {
    let text = matching::trim_invisible_lines(text);
    if text.is_empty() {
        return Read { value: None, fits: true };
    }
    let value = match field.kind {
        FieldKind::Text => Some(text.into_owned()),
        FieldKind::Number => number(&text),
        FieldKind::Date => matching::read_day(&text, day_first),
        FieldKind::YesNo => yes_no(&text),
        FieldKind::Choice => option(field, &text),
        FieldKind::Choices => return choices(field, &text),
        FieldKind::Url => url(&text),
    };
    Read { fits: value.is_some(), value }
}

/// A number with a point; signs that part the thousands are dropped.
fn number(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '_')).collect();
    let (sign, digits) = match plain.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest),
        None => ("", plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let point = match (digits.rfind(','), digits.rfind('.')) {
        (Some(comma), Some(point)) => Some(comma.max(point)),
        // "1,234" parts thousands, "1,5" and "12,3456" are decimals
        (Some(comma), None) if digits.matches(',').count() == 1 && digits.len() - comma - 1 != 3 => Some(comma),
        (Some(_), None) | (None, None) => None,
        (None, Some(point)) => (digits.matches('.').count() == 1).then_some(point),
    };
    let (whole, part) = point.map_or((digits, ""), |at| (&digits[..at], &digits[at + 1..]));
    let whole: String = whole.chars().filter(|c| !matches!(c, ',' | '.')).collect();
    let digits_only = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() && part.is_empty() || !digits_only(&whole) || !digits_only(part) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let part = part.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if whole == "0" && part.is_empty() { "" } else { sign };
    Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

fn yes_no(text: &str) -> Option<String> {
    let word = match matching::fold_search(text).as_str() {
        "yes" | "y" | "true" | "t" | "1" | "x" | "on" | "ja" | "j" | "oui" | "si" | "sim" | "wahr" | "vrai" => "yes",
        "no" | "n" | "false" | "f" | "0" | "off" | "nein" | "nej" | "nee" | "non" | "nao" | "falsch" | "faux" => "no",
        _ => return None,
    };
    Some(word.to_owned())
}

fn option(field: &CustomField, text: &str) -> Option<String> {
    let folded = matching::fold_text(text);
    field.options.iter().find(|option| matching::fold_text(option) == folded).cloned()
}

/// Each option once, in the order of the field; what is no option is left out.
fn choices(field: &CustomField, text: &str) -> Read {
    let parts: Vec<&str> = match option(field, text) {
        Some(_) => vec![text],
        None => text.split([';', ',', '|', '\n']).filter(|part| !matching::is_blank(part)).collect(),
    };
    let found: Vec<Option<String>> = parts.iter().map(|part| option(field, part)).collect();
    let kept: Vec<&str> =
        field.options.iter().filter(|o| found.iter().flatten().any(|f| f == *o)).map(String::as_str).collect();
    Read { value: (!kept.is_empty()).then(|| kept.join("; ")), fits: found.iter().all(Option::is_some) }
}

/// A web address; without a scheme it is taken for one of https. Nothing that could run in a page.
fn url(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let host = rest.unwrap_or(&lower).split(['/', '?', '#']).next().unwrap_or_default();
    let sound = host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !text.contains(char::is_whitespace)
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':'));
    let scheme_of_its_own = rest.is_none() && lower.split(['/', '?']).next().is_some_and(|start| start.contains(':'));
    match (sound && !scheme_of_its_own, rest) {
        (false, _) => None,
        (true, Some(_)) => Some(text.to_owned()),
        (true, None) => Some(format!("https://{text}")),
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::FieldId;

    use super::*;

    fn field(kind: FieldKind, options: &[&str]) -> CustomField {
        let options = options.iter().map(|o| (*o).to_owned()).collect();
        CustomField { id: FieldId(1), name: "F".to_owned(), kind, options }
    }

    fn kept(kind: FieldKind, text: &str) -> Option<String> {
        read_value(&field(kind, &["Red", "Light blue"]), text, true).value
    }

    #[test]
    fn each_type_takes_what_people_write() {
        for (kind, text, expected) in [
            (FieldKind::Text, "  a  b ", "a b"),
            (FieldKind::Number, "1,234.50", "1234.5"),
            (FieldKind::Number, "1.234,50", "1234.5"),
            (FieldKind::Number, "1 234", "1234"),
            (FieldKind::Number, "12,5", "12.5"),
            (FieldKind::Number, "1,234", "1234"),
            (FieldKind::Number, "-0.50", "-0.5"),
            (FieldKind::Number, "-0", "0"),
            (FieldKind::Date, "31.12.2025", "2025-12-31"),
            (FieldKind::YesNo, "JA", "yes"),
            (FieldKind::YesNo, "false", "no"),
            (FieldKind::Choice, "LIGHT  blue", "Light blue"),
            (FieldKind::Choices, "light blue, red", "Red; Light blue"),
            (FieldKind::Url, "x.example/a", "https://x.example/a"),
            (FieldKind::Url, "HTTP://x.example", "HTTP://x.example"),
        ] {
            assert_eq!(kept(kind, text).as_deref(), Some(expected), "{kind}: {text}");
            assert_eq!(kept(kind, expected).as_deref(), Some(expected), "{kind}: what is kept reads as itself");
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_said() {
        for (kind, text) in [
            (FieldKind::Number, "twelve"),
            (FieldKind::Number, "1-2"),
            (FieldKind::Date, "soon"),
            (FieldKind::YesNo, "maybe"),
            (FieldKind::Choice, "green"),
            (FieldKind::Url, "javascript:alert(1)"),
            (FieldKind::Url, "no address"),
        ] {
            let read = read_value(&field(kind, &["Red"]), text, true);
            assert_eq!(read, Read { value: None, fits: false }, "{kind}: {text}");
        }
        let some = read_value(&field(FieldKind::Choices, &["Red"]), "red; green", true);
        assert_eq!(some, Read { value: Some("Red".to_owned()), fits: false });
        assert_eq!(read_value(&field(FieldKind::Date, &[]), " ", true), Read { value: None, fits: true });
    }
}
