//! A file of leads as people really have them: several notations of everything, repeats in other
//! spellings, invalid and empty addresses. The same seed gives the same file, byte for byte.

use std::borrow::Cow;
use std::io::Write;

use super::random::Random;
use super::words::{COMPANY, FIRST, LAST, LEGAL, OPENING, PLACE, SOURCE, TITLE, TRADE};

const HEADER: [&str; 14] = [
    "Email",
    "First Name",
    "Last Name",
    "Company",
    "Job Title",
    "Phone",
    "LinkedIn URL",
    "Website",
    "City",
    "Country",
    "Icebreaker",
    "Source",
    "Employees",
    "Last Contacted",
];

/// Purposes of chance, so that what a person is does not depend on how a row spells it.
const WHO: u64 = 1;
const SPELLING: u64 = 2;
const REPEAT: u64 = 3;

/// In so many of a hundred rows.
const REPEATS: u64 = 10;
const EMPTY_EMAILS: u64 = 3;
const INVALID_EMAILS: u64 = 2;

/// What was put into the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows about somebody who had a row before.
    pub repeats: u64,
    /// Rows without an email.
    pub empty: u64,
    /// Rows with an email that is none.
    pub invalid: u64,
}

/// Writes the header and so many rows; holds one row at a time.
pub fn write(rows: u64, seed: u64, mut out: impl Write) -> std::io::Result<Counts> {
    let mut counts = Counts::default();
    write_record(&mut out, &HEADER.map(Cow::Borrowed))?;
    for row in 0..rows {
        let origin = origin(seed, row);
        counts.repeats += u64::from(origin != row);
        let record = record(seed, row, origin, &mut counts);
        write_record(&mut out, &record)?;
    }
    out.flush()?;
    Ok(counts)
}

/// The row that first told of this row's person; itself, unless this row is a repeat.
fn origin(seed: u64, mut row: u64) -> u64 {
    loop {
        let mut random = Random::new(seed, REPEAT, row);
        if row == 0 || !random.percent(REPEATS) {
            return row;
        }
        row = random.below(row);
    }
}

fn record(seed: u64, row: u64, origin: u64, counts: &mut Counts) -> [Cow<'static, str>; 14] {
    let mut who = Random::new(seed, WHO, origin);
    let first = who.pick(&FIRST);
    let last = who.pick(&LAST);
    let brand = (who.pick(&COMPANY), who.pick(&TRADE), who.below(200));
    let place = who.pick(&PLACE);
    let title = who.pick(&TITLE);
    let number = 10_000_000 + who.below(89_999_999);
    let (has_phone, has_profile, has_site) = (who.percent(75), who.percent(80), who.percent(70));
    let (short, full) = (plain(first), plain(last));
    let domain = format!("{}{}{}.example", brand.0, brand.1, brand.2).to_lowercase();

    let mut spelling = Random::new(seed, SPELLING, row);
    let kind = spelling.below(100);
    let email = if kind < EMPTY_EMAILS {
        counts.empty += 1;
        Cow::Borrowed(spelling.pick(&["", "", "-", " ", "n/a"]))
    } else if kind < EMPTY_EMAILS + INVALID_EMAILS {
        counts.invalid += 1;
        Cow::Owned(invalid_email(&mut spelling, &full, &domain))
    } else {
        let address = format!("{short}.{full}{}@{domain}", base36(origin));
        Cow::Owned(email(&mut spelling, address))
    };
    let profile = has_profile.then(|| {
        let slug = format!("{short}-{full}-{}", base36(origin));
        profile(&mut spelling, &slug)
    });
    let phone = has_phone.then(|| phone(&mut spelling, place.2, number));
    let site = has_site.then(|| site(&mut spelling, &domain));
    [
        email,
        name(&mut spelling, first),
        name(&mut spelling, last),
        Cow::Owned(company(&mut spelling, brand)),
        Cow::Borrowed(title),
        Cow::Owned(phone.unwrap_or_default()),
        Cow::Owned(profile.unwrap_or_default()),
        Cow::Owned(site.unwrap_or_default()),
        Cow::Borrowed(place.0),
        Cow::Borrowed(place.1),
        Cow::Owned(icebreaker(&mut spelling, brand.0)),
        Cow::Borrowed(spelling.pick(&SOURCE)),
        Cow::Owned((1 + spelling.below(900)).to_string()),
        Cow::Owned(date(&mut spelling)),
    ]
}

fn email(spelling: &mut Random, address: String) -> String {
    match spelling.below(10) {
        0 => address.to_uppercase(),
        1 => format!(" {address}"),
        2 => format!("{address}  "),
        3 => {
            let mut letters = address.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect()
        }
        4 => format!("\u{a0}{address}"),
        _ => address,
    }
}

fn invalid_email(spelling: &mut Random, name: &str, domain: &str) -> String {
    match spelling.below(6) {
        0 => format!("{name}@"),
        1 => format!("@{domain}"),
        2 => format!("{name} at {domain}"),
        3 => format!("{name}@{domain}, info@{domain}"),
        4 => format!("{name}@@{domain}"),
        _ => name.to_owned(),
    }
}

fn profile(spelling: &mut Random, slug: &str) -> String {
    let host = "linkedin.com/in/";
    match spelling.below(8) {
        0 => format!("http://www.{host}{slug}"),
        1 => format!("{host}{slug}"),
        2 => format!("www.{host}{slug}/"),
        3 => format!("https://de.{host}{slug}"),
        4 => format!("https://www.{host}{slug}/?trk=people"),
        5 => format!("https://www.LinkedIn.com/in/{slug}"),
        _ => format!("https://www.{host}{slug}"),
    }
}

fn name(spelling: &mut Random, name: &'static str) -> Cow<'static, str> {
    match spelling.below(20) {
        0 => Cow::Owned(name.to_uppercase()),
        1 => Cow::Owned(name.to_lowercase()),
        2 => Cow::Owned(format!("{name} ")),
        _ => Cow::Borrowed(name),
    }
}

fn company(spelling: &mut Random, (brand, trade, number): (&str, &str, u64)) -> String {
    let name = format!("{brand}{trade} {number}");
    if spelling.percent(40) {
        return name;
    }
    let legal = spelling.pick(&LEGAL);
    let gap = if legal.starts_with(',') { "" } else { " " };
    format!("{name}{gap}{legal}")
}

fn phone(spelling: &mut Random, code: &str, number: u64) -> String {
    let (start, end) = (number / 10_000, number % 10_000);
    match spelling.below(6) {
        0 => format!("+{code} {start} {end:04}"),
        1 => format!("00{code}{number}"),
        2 => format!("+{code}-{start}-{end:04}"),
        3 => format!("0{start}/{end:04}"),
        4 => format!("(+{code}) {start}.{end:04}"),
        _ => format!("+{code}{number}"),
    }
}

fn site(spelling: &mut Random, domain: &str) -> String {
    match spelling.below(4) {
        0 => format!("https://www.{domain}/"),
        1 => format!("www.{domain}"),
        2 => format!("http://{domain}"),
        _ => domain.to_owned(),
    }
}

fn icebreaker(spelling: &mut Random, brand: &str) -> String {
    if spelling.percent(35) {
        return String::new();
    }
    spelling.pick(&OPENING).replace("{}", brand)
}

fn date(spelling: &mut Random) -> String {
    let (year, month) = (2023 + spelling.below(3), 1 + spelling.below(12));
    let day = 1 + spelling.below(28);
    match spelling.below(4) {
        0 => String::new(),
        1 => format!("{day}.{month}.{year}"),
        _ => format!("{year}-{month:02}-{day:02}"),
    }
}

/// A name as it stands in an address: plain letters only.
fn plain(name: &str) -> String {
    let letters = name.chars().flat_map(char::to_lowercase);
    let folded = letters.map(|letter| match letter {
        'á' | 'å' => 'a',
        'ç' | 'č' | 'ć' => 'c',
        'đ' => 'd',
        'é' | 'è' | 'ë' => 'e',
        'í' => 'i',
        'ł' => 'l',
        'ñ' => 'n',
        'ö' | 'ø' => 'o',
        'ř' => 'r',
        'ß' => 's',
        'ú' | 'ü' => 'u',
        other => other,
    });
    folded.filter(char::is_ascii_alphabetic).collect()
}

/// A short text for a number, so that two people of one name have two addresses.
fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((number % 36) as u32, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

fn write_record(out: &mut impl Write, fields: &[Cow<'_, str>]) -> std::io::Result<()> {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        if field.contains([',', '"', '\n', '\r']) {
            write!(out, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            out.write_all(field.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(rows: u64, seed: u64) -> std::io::Result<(String, Counts)> {
        let mut bytes = Vec::new();
        let counts = write(rows, seed, &mut bytes)?;
        Ok((String::from_utf8_lossy(&bytes).into_owned(), counts))
    }

    #[test]
    fn a_seed_is_a_file() -> std::io::Result<()> {
        assert_eq!(file(500, 7)?, file(500, 7)?);
        assert_ne!(file(500, 7)?.0, file(500, 8)?.0);
        // A longer file begins with the shorter one.
        assert!(file(600, 7)?.0.starts_with(&file(500, 7)?.0));
        Ok(())
    }

    #[test]
    fn the_mess_is_as_large_as_promised() -> std::io::Result<()> {
        let rows = 20_000;
        let (text, counts) = file(rows, 1)?;
        let share = |count: u64| count as f64 / rows as f64;
        assert!((0.09..0.11).contains(&share(counts.repeats)), "{counts:?}");
        assert!((0.04..0.06).contains(&share(counts.empty + counts.invalid)), "{counts:?}");
        let bytes = text.len() as u64 / rows;
        assert!((195..225).contains(&bytes), "{bytes} bytes a row");
        Ok(())
    }

    #[test]
    fn a_repeat_points_at_a_first_row() {
        for row in 0..5_000 {
            let first = origin(3, row);
            assert!(first <= row);
            assert_eq!(origin(3, first), first);
        }
    }
}
