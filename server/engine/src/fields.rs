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

/// Whether people of a workspace write the day before the month: everywhere but in the United States.
pub(crate) fn day_first(country: Option<&str>) -> bool {
    country != Some("US")
}

/// The value as it is kept, for somebody who typed it, or a sentence about why it cannot be. Nothing but white space is
/// no value.
pub(crate) fn typed_value(field: &CustomField, text: &str, day_first: bool) -> std::result::Result<String, String> {
    if let Some(sentence) = custom::unusable(text.trim()) {
        return Err(sentence);
    }
    let read = read_value(field, text, day_first);
    if read.fits {
        return Ok(read.value.unwrap_or_default());
    }
    let text = matching::trim_invisible_lines(text);
    let unknown = parts(field, &text).into_iter().find(|part| option(field, part).is_none());
    let about = if field.kind == FieldKind::Choices { unknown.map(str::trim) } else { None };
    Err(custom::refusal(field.kind, &field.options, about.unwrap_or(&text)))
}

/// Reads a text for a field; `day_first` settles which number of a date is the day. An empty text is no value and fits.
pub(crate) fn read_value(field: &CustomField, text: &str, day_first: bool) -> Read {
    let text = matching::trim_invisible_lines(text);
    if text.is_empty() {
        return Read { value: None, fits: true };
    }
    let value = match field.kind {
        FieldKind::Text | FieldKind::Number | FieldKind::YesNo | FieldKind::Url => {
            custom::plain_value(field.kind, &text)
        }
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

/// The single values of a text; an option may have a separator in its name.
fn parts<'a>(field: &CustomField, text: &'a str) -> Vec<&'a str> {
    match option(field, text) {
        Some(_) => vec![text],
        None => text.split([';', ',', '|', '\n']).filter(|part| !matching::is_blank(part)).collect(),
    }
}

/// Each option once, in the order of the field; what is no option is left out.
fn choices(field: &CustomField, text: &str) -> Read {
    let found: Vec<Option<String>> = parts(field, text).iter().map(|part| option(field, part)).collect();
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

    /// A file, a form and a member by hand read a value alike.
    #[test]
    fn what_is_typed_is_read_as_from_a_file() {
        let typed = |kind, text| typed_value(&field(kind, &["Red", "Light blue"]), text, true);
        for (kind, text, expected) in [
            (FieldKind::Date, "31/03/1980", "1980-03-31"),
            (FieldKind::Date, "31 March 1980", "1980-03-31"),
            (FieldKind::Choice, " LIGHT  blue", "Light blue"),
            (FieldKind::Choices, "light blue, red", "Red; Light blue"),
            (FieldKind::Number, "1 250,5", "1250.5"),
            (FieldKind::Text, "  ", ""),
        ] {
            assert_eq!(typed(kind, text).as_deref(), Ok(expected), "{kind}: {text}");
        }
        let us = typed_value(&field(FieldKind::Date, &[]), "03/31/1980", day_first(Some("US")));
        assert_eq!(us.as_deref(), Ok("1980-03-31"));
        for (kind, text, sentence) in [
            (FieldKind::Date, "31.2.2026", "“31.2.2026” is not a day. Write it like 2026-05-03 or 3.5.2026."),
            (FieldKind::Choices, "Red; bronze", "“bronze” is not one of the options: Red, Light blue."),
            (FieldKind::Text, "a\0b", "This holds a NUL character, which is no text."),
        ] {
            assert_eq!(typed(kind, text), Err(sentence.to_owned()), "{kind}: {text}");
        }
        let long = "x".repeat(custom::VALUE_CHARACTERS + 1);
        assert!(typed(FieldKind::Text, &long).is_err());
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
