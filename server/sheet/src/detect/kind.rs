//! What a cell looks like, as far as telling a header from data needs it.

/// The look of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Empty,
    Text,
    Number,
    Date,
    Email,
    Phone,
    Url,
    Flag,
}

/// The look of `cell`.
pub(crate) fn kind(cell: &str) -> Kind {
    let cell = cell.trim();
    if cell.is_empty() {
        Kind::Empty
    } else if is_email(cell) {
        Kind::Email
    } else if is_url(cell) {
        Kind::Url
    } else if is_date(cell) {
        Kind::Date
    } else if is_number(cell) {
        Kind::Number
    } else if is_phone(cell) {
        Kind::Phone
    } else if ["true", "false", "yes", "no"].iter().any(|flag| cell.eq_ignore_ascii_case(flag)) {
        Kind::Flag
    } else {
        Kind::Text
    }
}

fn is_email(cell: &str) -> bool {
    let Some((local, domain)) = cell.rsplit_once('@') else {
        return false;
    };
    let domain = domain.trim_end_matches('>');
    !local.is_empty() && !domain.contains(char::is_whitespace) && domain.contains('.') && !domain.starts_with('.')
}

fn is_url(cell: &str) -> bool {
    let lower = cell.get(..12).unwrap_or(cell).to_ascii_lowercase();
    lower.starts_with("http://")
        || lower.starts_with("https://")
        || lower.starts_with("www.")
        || lower.starts_with("linkedin.com")
}

/// Digits grouped by `-`, `/` or `.` as dates are, with or without a time behind.
fn is_date(cell: &str) -> bool {
    let day = cell.split(['T', ' ']).next().unwrap_or(cell);
    ['-', '/', '.'].iter().any(|separator| {
        let groups: Vec<&str> = day.split(*separator).collect();
        groups.len() == 3
            && groups
                .iter()
                .all(|group| (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit()))
            && groups.iter().filter(|group| group.len() > 2).count() <= 1
            && groups.iter().any(|group| group.len() <= 2)
            && groups.iter().all(|group| group.len() != 3)
    })
}

fn is_number(cell: &str) -> bool {
    let bare = cell.trim_start_matches(['+', '-', '$', '€', '£']).trim_end_matches(['%', '€', '$', '£', ' ']).trim();
    !cell.starts_with('+')
        && bare.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.')
        && bare.chars().all(|character| {
            character.is_ascii_digit() || matches!(character, '.' | ',' | '\'' | '\u{a0}' | '\u{202f}')
        })
}

fn is_phone(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    (6..=17).contains(&digits)
        && cell.chars().all(|character| character.is_ascii_digit() || " +-().\u{a0}/".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_look_like_what_they_are() {
        for (cell, expected) in [
            ("", Kind::Empty),
            ("  ", Kind::Empty),
            ("Bob", Kind::Text),
            ("bob@example.com", Kind::Email),
            ("@bob", Kind::Text),
            ("1", Kind::Number),
            ("1,5", Kind::Number),
            ("-12.30", Kind::Number),
            ("1.234,50 €", Kind::Number),
            ("2024-01-05", Kind::Date),
            ("5/1/24", Kind::Date),
            ("05.01.2024 10:00", Kind::Date),
            ("192.168.1.1", Kind::Number),
            ("+33 6 12 34 56 78", Kind::Phone),
            ("(555) 123-4567", Kind::Phone),
            ("555-123-4567", Kind::Phone),
            ("https://example.com", Kind::Url),
            ("TRUE", Kind::Flag),
            ("Phone 2", Kind::Text),
        ] {
            assert_eq!(kind(cell), expected, "{cell:?}");
        }
    }
}
