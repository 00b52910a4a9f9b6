//! A calendar day, however people write it.

use crate::fold_search;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Bytes of the longest text that is looked at: more is a note in the wrong column.
const LONGEST: usize = 200;

/// The day as `YYYY-MM-DD`; none when the text is no day that ever was or will be.
///
/// `1980-03-31`, `31.3.1980`, `31/03/1980`, `19800331`, `31 March 1980` and `Mar 31, 1980` are all understood, and a time
/// behind the day is dropped. Where day and month could change places, `day_first` decides, but for points, which only
/// people who write the day first put there. Two digits are no year.
pub fn read_day(text: &str, day_first: bool) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let folded = fold_search(text);
    let date = time_start(&folded).map_or(folded.as_str(), |start| &folded[..start]);
    let parts: Vec<&str> = date
        .split(|c: char| !c.is_alphanumeric() && c != ':')
        .filter(|part| !part.is_empty())
        .take_while(|part| !part.contains(':'))
        .collect();
    let number = |part: &str| (part.len() <= 4).then(|| part.parse::<u32>().ok()).flatten();
    let (year, month, day) = match parts[..] {
        [all] if all.len() == 8 && all.bytes().all(|byte| byte.is_ascii_digit()) => {
            (number(&all[..4])?, number(all.get(4..6)?)?, number(all.get(6..)?)?)
        }
        [first, second, third, ..] => {
            if let Some(month) = month_of(second) {
                (year_of(third)?, month, number(ordinal(first))?)
            } else if let Some(month) = month_of(first) {
                (year_of(third)?, month, number(ordinal(second))?)
            } else if first.len() == 4 {
                (number(first)?, number(second)?, number(third)?)
            } else {
                let (a, b) = (number(first)?, number(second)?);
                let day_leads = a > 12 || (b <= 12 && (day_first || date.contains('.')));
                let (day, month) = if day_leads { (a, b) } else { (b, a) };
                (year_of(third)?, month, day)
            }
        }
        _ => return None,
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    ((1_000..=9_999).contains(&year) && (1..=days).contains(&day)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Where the `t` stands that parts a day from its time; the one in `oct` stands between letters.
fn time_start(folded: &str) -> Option<usize> {
    let bytes = folded.as_bytes();
    let digit = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_digit);
    let (start, _) = folded.match_indices('t').find(|&(place, _)| place > 0 && digit(place - 1) && digit(place + 1))?;
    folded[start..].contains(':').then_some(start)
}

fn year_of(part: &str) -> Option<u32> {
    (part.len() == 4).then(|| part.parse().ok()).flatten()
}

/// `march` and `mar`; no abbreviation of fewer letters.
fn month_of(part: &str) -> Option<u32> {
    let start = part.get(..3)?;
    let index = MONTHS.iter().position(|month| *month == start)?;
    part.chars().all(char::is_alphabetic).then(|| u32::try_from(index + 1).ok()).flatten()
}

/// `31st` is `31`.
fn ordinal(part: &str) -> &str {
    ["st", "nd", "rd", "th"].iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_day_has_many_spellings() {
        for text in [
            "1980-03-31",
            "1980/3/31",
            "19800331",
            "31.03.1980",
            "31. 3. 1980",
            "31/03/1980",
            "3/31/1980",
            "31-3-1980",
            "31 March 1980",
            "Mar 31, 1980",
            "31st mar 1980",
            "1980-03-31T00:00:00Z",
            "1980-03-31 00:00",
            "31 March 1980 09:12",
            "31 March 1980T09:12",
            "  31.03.1980\u{a0}",
        ] {
            assert_eq!(read_day(text, true).as_deref(), Some("1980-03-31"), "{text}");
        }
        assert_eq!(read_day("04/05/1980", true).as_deref(), Some("1980-05-04"));
        assert_eq!(read_day("04/05/1980", false).as_deref(), Some("1980-04-05"));
        assert_eq!(read_day("04.05.1980", false).as_deref(), Some("1980-05-04"), "points mean the day first");
        assert_eq!(read_day("14 Oct 2023 09:12", true).as_deref(), Some("2023-10-14"), "a t inside a month");
        assert_eq!(read_day("14 August 2023 at 9:12", true).as_deref(), Some("2023-08-14"));
        assert_eq!(read_day("29.2.2000", true).as_deref(), Some("2000-02-29"));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "",
            "soon",
            "31.02.1980",
            "1980",
            "31.03.80",
            "13/13/1980",
            "29.2.1900",
            "0000-01-01",
            "1980-00-10",
            "ä1980-1",
            "87年生",
            "987年生",
            "1987年生",
            "一九八七年",
            "１９８７年生まれ",
            "٣١٠٣١٩٨٠",
            "éé80-é",
            "🎂🎂",
            "31年03月1980",
        ] {
            assert_eq!(read_day(text, true), None, "{text}");
        }
    }
}
