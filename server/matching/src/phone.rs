//! The line a telephone number rings, however it is written.

use std::str::FromStr;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};
use thiserror::Error;

use crate::case::narrow;
use crate::invisible::is_invisible;
use crate::{Key, KeyKind};

/// A telephone number in the form that two numbers are compared in: E.164, without an extension.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct PhoneKey {
    e164: String,
    international: String,
}

/// Why a text is not a telephone number, as a sentence fragment for the person who imported it.
///
/// No message repeats the number: they end up in logs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Error)]
pub enum PhoneError {
    /// Nothing visible in the cell.
    #[error("the phone number is empty")]
    Empty,
    /// Letters, dates, or the `4.47911E+11` that a spreadsheet made of a number.
    #[error("this is not a phone number")]
    NotANumber,
    /// A national number, and nobody said of which country.
    #[error("the phone number has no country code and no default country is set")]
    NoCountry,
    /// A country code that no country has.
    #[error("the country code of the phone number does not exist")]
    UnknownCountry,
    /// Fewer digits than any number of that country has.
    #[error("the phone number is too short")]
    TooShort,
    /// More digits than any number of that country has.
    #[error("the phone number is too long")]
    TooLong,
    /// `0000000` and the like, which would join everybody who did not want to be called.
    #[error("the phone number is only a placeholder")]
    Placeholder,
    /// Two numbers: nobody can say which one identifies the person.
    #[error("there are several phone numbers in one cell")]
    SeveralNumbers,
}

impl PhoneKey {
    /// Reads a number; `default_country` (ISO 3166, two letters) is for numbers without a country code.
    ///
    /// The length has to be possible in the country. Whether the line exists is not asked: number ranges
    /// are opened faster than any table learns of them.
    ///
    /// # Errors
    /// When the text is not exactly one telephone number; the error says why.
    pub fn parse(raw: &str, default_country: Option<&str>) -> Result<Self, PhoneError> {
        let text = tidy(raw);
        if text.is_empty() {
            return Err(PhoneError::Empty);
        }
        if is_spreadsheet_float(&text) || text.chars().any(char::is_control) {
            return Err(PhoneError::NotANumber);
        }
        if holds_several(&text) {
            return Err(PhoneError::SeveralNumbers);
        }
        let number = match read(&text, default_country) {
            // `00` leads abroad nearly everywhere, though not from a country whose own prefix differs.
            Err(error) => match text.strip_prefix("00") {
                Some(rest) => read(&format!("+{rest}"), None).map_err(|_| error)?,
                None => return Err(error),
            },
            Ok(number) => number,
        };
        let e164 = number.format_as(PhoneNumberFormat::E164).into_owned();
        let mut bare = number.clone();
        bare.extension = None;
        let international = bare.format_as(PhoneNumberFormat::International).into_owned();
        Ok(Self { e164, international })
    }

    /// The canonical number, `+442071838750`.
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// The number as one reads it, `+44 20 7183 8750`.
    pub fn international(&self) -> String {
        self.international.clone()
    }

    /// The fingerprint that says whose number this is.
    pub fn key(&self) -> Key {
        Key::of(KeyKind::Phone, &self.e164)
    }
}

/// The number without what spreadsheets, chat programs and links put around it.
fn tidy(raw: &str) -> String {
    let visible: String = raw
        .chars()
        .filter(|character| !is_invisible(*character))
        .map(|character| if character.is_whitespace() { ' ' } else { narrow(character) })
        .collect();
    let text = visible.trim_matches([' ', '\'', '"', '=', ',', ';', '.']);
    let text = match text.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => &text[4..],
        _ => text,
    };
    text.trim().to_owned()
}

fn is_spreadsheet_float(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.split_once("e+").is_some_and(|(mantissa, exponent)| {
        let is_number =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit() || b".,".contains(&byte));
        is_number(mantissa) && is_number(exponent)
    })
}

fn holds_several(text: &str) -> bool {
    let long_parts = text
        .split([';', ',', '/', '|', '\\'])
        .filter(|part| part.chars().filter(|character| character.is_numeric()).count() >= 7)
        .count();
    text.matches('+').count() > 1 || long_parts > 1
}

fn read(text: &str, default_country: Option<&str>) -> Result<PhoneNumber, PhoneError> {
    let region = default_country.and_then(region);
    let number = PHONE_NUMBER_UTIL.parse(text, region).map_err(|error| {
        use rlibphonenumber::ParseError;
        match error {
            ParseError::InvalidCountryCode if text.starts_with('+') => PhoneError::UnknownCountry,
            ParseError::InvalidCountryCode => PhoneError::NoCountry,
            ParseError::TooShortAfterIdd | ParseError::TooShortNsn => PhoneError::TooShort,
            ParseError::TooLongNsn => PhoneError::TooLong,
            _ => PhoneError::NotANumber,
        }
    })?;
    let national = number.national_number.to_string();
    if national.bytes().all(|byte| Some(&byte) == national.as_bytes().first()) {
        return Err(PhoneError::Placeholder);
    }
    use rlibphonenumber::{NumberLengthType, ValidationError};
    match number.is_possible_with_reason() {
        Ok(NumberLengthType::IsPossible) => Ok(number),
        Ok(NumberLengthType::IsPossibleLocalOnly) | Err(ValidationError::TooShort) => Err(PhoneError::TooShort),
        Err(ValidationError::TooLong) => Err(PhoneError::TooLong),
        Err(_) => Err(PhoneError::NotANumber),
    }
}

/// The library's name for a country; `UK` is what people write for `GB`.
fn region(country: &str) -> Option<Region> {
    let country = country.trim().to_ascii_uppercase();
    let country = if country == "UK" { "GB" } else { &country };
    Region::from_str(country).ok()
}
