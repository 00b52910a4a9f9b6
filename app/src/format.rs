//! How numbers and dates are written: the same text on the server and in the browser, so no clock and no locale. The
//! interface is English, and so are its numbers and months; only the time zone is the person's own, see [`Zone`].

/// A number with separators: `12,480`.
pub fn num(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 lead`, `12,480 leads`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", num(n), if n == 1 { one } else { many })
}

/// By whose clock a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// Everyone's: what the server writes, which does not know where the reader is. Says so.
    Utc,
    /// The reader's own, so many minutes ahead of UTC at that moment.
    Local(i32),
}

impl Zone {
    /// A day: `19 Nov 2026`.
    pub fn date(self, at: i64) -> String {
        let civil = Civil::of(self.shifted(at));
        format!("{} {} {}", civil.day, MONTHS[civil.month as usize - 1], civil.year)
    }

    /// A day and a time: `19 Nov 2026, 10:42 UTC`, or `19 Nov 2026, 11:42` by the reader's own clock.
    pub fn date_time(self, at: i64) -> String {
        let word = if self == Zone::Utc { " UTC" } else { "" };
        format!("{}{word}", self.clock(at))
    }

    /// The same with its zone in any case, for a tooltip: `19 Nov 2026, 11:42 UTC+1`.
    pub fn exact(self, at: i64) -> String {
        let zone = match self {
            Zone::Utc | Zone::Local(0) => "UTC".to_owned(),
            Zone::Local(minutes) => {
                let sign = if minutes < 0 { '−' } else { '+' };
                let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
                if rest == 0 { format!("UTC{sign}{hours}") } else { format!("UTC{sign}{hours}:{rest:02}") }
            }
        };
        format!("{} {zone}", self.clock(at))
    }

    fn clock(self, at: i64) -> String {
        let civil = Civil::of(self.shifted(at));
        format!("{}, {:02}:{:02}", self.date(at), civil.hour, civil.minute)
    }

    fn shifted(self, at: i64) -> i64 {
        match self {
            Zone::Utc => at,
            Zone::Local(minutes) => at.saturating_add(i64::from(minutes) * 60_000),
        }
    }
}

/// A moment as machines read it: `2026-11-19T10:42:07Z`.
pub fn machine_time(at: i64) -> String {
    let Civil { year, month, day, hour, minute, second } = Civil::of(at);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The first letters of the first and the last word of a name, for an avatar.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

struct Civil {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Civil {
    /// The Gregorian date of Unix milliseconds (the days-to-civil algorithm of Howard Hinnant).
    fn of(at: i64) -> Civil {
        let seconds = at.div_euclid(1000);
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        Civil {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * month_from_march + 2) / 5 + 1,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (12_480, "12,480"), (1_000_000, "1,000,000")] {
            assert_eq!(num(n), text);
        }
        assert_eq!(counted(1, "lead", "leads"), "1 lead");
        assert_eq!(counted(0, "lead", "leads"), "0 leads");
    }

    #[test]
    fn dates_follow_the_calendar() {
        for (at, text) in [
            (0, "1 Jan 1970, 00:00 UTC"),
            (-1, "31 Dec 1969, 23:59 UTC"),
            (951_782_400_000, "29 Feb 2000, 00:00 UTC"),
            (1_795_084_920_000, "19 Nov 2026, 10:42 UTC"),
        ] {
            assert_eq!(Zone::Utc.date_time(at), text);
            assert_eq!(Zone::Utc.exact(at), text);
        }
        assert_eq!(machine_time(951_782_407_000), "2000-02-29T00:00:07Z");
    }

    #[test]
    fn a_moment_is_written_by_the_clock_of_its_reader() {
        let late = 1_795_129_800_000; // 19 Nov 2026, 23:10 UTC
        for (minutes, day, time, zone) in [
            (0, "19 Nov 2026", "23:10", "UTC"),
            (60, "20 Nov 2026", "00:10", "UTC+1"),
            (345, "20 Nov 2026", "04:55", "UTC+5:45"),
            (-210, "19 Nov 2026", "19:40", "UTC−3:30"),
        ] {
            let local = Zone::Local(minutes);
            assert_eq!(local.date(late), day);
            assert_eq!(local.date_time(late), format!("{day}, {time}"));
            assert_eq!(local.exact(late), format!("{day}, {time} {zone}"));
        }
    }

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Mara Lindqvist"), "ML");
        assert_eq!(initials("ann marie lee"), "AL");
        assert_eq!(initials("Ann"), "A");
        assert_eq!(initials(""), "");
    }
}
