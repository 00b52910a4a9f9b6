//! The team's own fields: what a text becomes in each of them, computed in one place for every path (R1).

use domain::{CustomField, FieldKind, custom};

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
        FieldKind::Number | FieldKind::YesNo | FieldKind::Url => custom::checked_value(field.kind, &[], &text).ok(),
        FieldKind::Date => matching::read_day(&text, day_first),
        FieldKind::Choice => option(field, &text),
        FieldKind::Choices => return choices(field, &text),
    };
    Read { fits: value.is_some(), value }
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
            (FieldKind::Url, "HTTP://x.example", "http://x.example"),
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
