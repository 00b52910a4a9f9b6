//! Dates of birth, leniently read and compared as people mistype them.

/// Days of birth that are filled in where nobody knows the day; they prove nothing.
const PLACEHOLDERS: &[u32] = &[19000101, 19010101, 19700101, 19800101, 20000101, 11111111, 18991230, 18991231];

/// A day of birth as the number YYYYMMDD. It need not exist: a mistyped 19710631 still compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BirthDate(u32);

/// How near two days of birth are, the nearest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum BirthDateLevel {
    /// The same day.
    Same,
    /// Day and month change places, or two neighbouring digits do.
    Transposed,
    /// One digit differs.
    OneDigit,
    /// Two digits differ.
    TwoDigits,
    /// The day and the month, but another year.
    OtherYear,
    /// The year and nothing else, or the month and the year.
    SameYear,
    /// Nothing of the above.
    Different,
}

impl BirthDate {
    /// Reads `1971-06-24`, `19710624`, `24/06/1971`, `24.6.1971` and a day before a time of day.
    ///
    /// Of `06/07/1971` nobody can say which is the month: the day is taken first, and a comparison with the
    /// other order is one level below the same day. `None` for what is no date or a usual placeholder.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let day = text.trim().split(['T', ' ']).next().unwrap_or_default();
        let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
        if !parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        let number = |text: &str| text.parse::<u32>().ok();
        let (year, month, day) = match parts.as_slice() {
            [whole] if whole.len() == 8 => {
                let year = number(&whole[..4])?;
                // `24061971`: no year is 2406.
                if (1850..=2100).contains(&year) {
                    (year, number(&whole[4..6])?, number(&whole[6..])?)
                } else {
                    (number(&whole[4..])?, number(&whole[2..4])?, number(&whole[..2])?)
                }
            }
            [year, month, day] if year.len() == 4 => (number(year)?, number(month)?, number(day)?),
            [day, month, year] if year.len() == 4 => {
                let (day, month) = (number(day)?, number(month)?);
                // A month beyond December shows the American order.
                if month > 12 && day <= 12 { (number(year)?, day, month) } else { (number(year)?, month, day) }
            }
            _ => return None,
        };
        let plausible = (1850..=2100).contains(&year) && (1..=99).contains(&month) && (1..=99).contains(&day);
        if !plausible {
            return None;
        }
        let date = year * 10_000 + month * 100 + day;
        (!PLACEHOLDERS.contains(&date)).then_some(Self(date))
    }

    /// The day as YYYYMMDD, to hash.
    pub(super) fn number(self) -> u32 {
        self.0
    }

    fn year(self) -> u32 {
        self.0 / 10_000
    }

    /// How near another day is.
    pub(super) fn level(self, other: BirthDate) -> BirthDateLevel {
        if self == other {
            return BirthDateLevel::Same;
        }
        let (one, two) = (self.digits(), other.digits());
        let differing: Vec<usize> = (0..8).filter(|&place| one[place] != two[place]).collect();
        let crossed = |left: usize, right: usize| one[left] == two[right] && one[right] == two[left];
        let months_and_days = self.year() == other.year() && one[4..6] == two[6..8] && one[6..8] == two[4..6];
        match differing.as_slice() {
            _ if months_and_days => BirthDateLevel::Transposed,
            [left, right] if right - left == 1 && crossed(*left, *right) => BirthDateLevel::Transposed,
            [_] => BirthDateLevel::OneDigit,
            [_, _] => BirthDateLevel::TwoDigits,
            _ if one[4..] == two[4..] => BirthDateLevel::OtherYear,
            _ if self.year() == other.year() => BirthDateLevel::SameYear,
            _ => BirthDateLevel::Different,
        }
    }

    fn digits(self) -> [u32; 8] {
        let mut rest = self.0;
        let mut digits = [0; 8];
        for digit in digits.iter_mut().rev() {
            *digit = rest % 10;
            rest /= 10;
        }
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_usual_way_of_writing() {
        for text in [
            "1971-06-24",
            "19710624",
            "24/06/1971",
            "24.06.1971",
            "24.6.1971",
            "6/24/1971",
            "1971/06/24",
            "1971-06-24T00:00:00Z",
            "24061971",
        ] {
            assert_eq!(BirthDate::parse(text).map(BirthDate::number), Some(19710624), "{text}");
        }
        for text in [
            "",
            "-",
            "June 1971",
            "1971",
            "24.06.71",
            "1900-01-01",
            "1970-01-01",
            "0000-00-00",
            "é9710624",
            "1971-99999999-24",
            "1971-06-4294967295",
            "4294967295-06-24",
        ] {
            assert_eq!(BirthDate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn tells_how_dates_are_mistyped() {
        for (one, two, level) in [
            ("1971-06-24", "24.06.1971", BirthDateLevel::Same),
            ("1971-06-24", "1971-05-24", BirthDateLevel::OneDigit),
            ("1971-06-24", "1917-06-24", BirthDateLevel::Transposed),
            ("1971-06-04", "1971-04-06", BirthDateLevel::Transposed),
            ("1971-06-24", "1999-06-24", BirthDateLevel::TwoDigits),
            ("1971-06-24", "2002-06-24", BirthDateLevel::OtherYear),
            ("1971-06-24", "1971-11-03", BirthDateLevel::SameYear),
            ("1971-06-24", "1945-11-03", BirthDateLevel::Different),
        ] {
            let (one, two) = (BirthDate::parse(one).unwrap(), BirthDate::parse(two).unwrap());
            assert_eq!(one.level(two), level);
            assert_eq!(two.level(one), level);
        }
    }
}
