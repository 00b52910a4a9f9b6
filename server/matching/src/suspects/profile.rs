//! People as they are compared: what they typed, and the features folded from it once.

use rphonetic::{DoubleMetaphone, Encoder};

use super::birth_date::BirthDate;
use super::fold::{Generation, clip, fold_name, fold_value, skeleton, without_placeholders};
use super::mailbox;
use crate::{LinkedInKey, PhoneKey, clean_company, company_domain, is_free_mail, split_full_name};

/// What is known about a person, as it was typed. A blank text is a missing value.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Person {
    /// The caller's number for the person; results name people by it.
    pub id: i64,
    /// First names.
    pub first_name: String,
    /// The family name; when blank, a full name in `first_name` is split.
    pub last_name: String,
    /// All addresses, in any writing.
    pub emails: Vec<String>,
    /// The employer's name.
    pub company_name: String,
    /// The employer's domain or website.
    pub company_domain: String,
    /// All telephone numbers, with or without a country code.
    pub phones: Vec<String>,
    /// Links to LinkedIn or Sales Navigator.
    pub linkedin_urls: Vec<String>,
    /// The town.
    pub city: String,
    /// The postcode.
    pub postcode: String,
    /// Street and number.
    pub street: String,
    /// The country's name or code.
    pub country: String,
    /// The day of birth: `1971-06-24`, `19710624`, `24/06/1971`, `24.06.1971`.
    pub date_of_birth: String,
}

/// The features of a [`Person`] that keys and comparisons read, folded once.
///
/// All texts lie in one allocation: about 250 bytes for a usual contact, 120 for one with only a name and an
/// address, so that a million of them fit in memory with their keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    id: i64,
    texts: Box<str>,
    ends: [u16; FIELDS],
    birth_date: Option<BirthDate>,
    generation: Generation,
    names_from_email: bool,
}

/// The texts of a profile, in the order they lie in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    /// Folded first names.
    First,
    /// Folded family name.
    Last,
    /// Phonetic code of the first first name.
    FirstSound,
    /// Phonetic codes of the family name, of both ends where it has several words.
    LastSounds,
    /// Both names as one skeleton, the lesser first, so that swapped names meet.
    NamePair,
    /// Company without its legal form.
    Company,
    /// Registrable domain of the company.
    Domain,
    /// Town.
    City,
    /// Postcode without spaces.
    Postcode,
    /// Street and number.
    Street,
    /// Country.
    Country,
    /// Canonical addresses, parted by spaces.
    Emails,
    /// The last nine digits of each number, parted by spaces.
    Phones,
    /// Slugs and ids, parted by spaces, each after a letter for its kind.
    LinkedIn,
}

const FIELDS: usize = Field::LinkedIn as usize + 1;

/// The most addresses, numbers or links of one person that are looked at.
const MOST_VALUES: usize = 8;

/// Digits of a telephone number that are compared: enough to be unique, and without the country code and the
/// trunk zero, which one list has and the next leaves out.
const PHONE_DIGITS: usize = 9;

/// Bytes of a telephone number that are looked at; more is a note.
const LONGEST_PHONE: usize = 100;

/// Letters of a phonetic code; Double Metaphone's usual length.
const SOUND_LENGTH: usize = 4;

impl Profile {
    /// Folds what was typed. Never fails: what cannot be read is a missing value.
    pub fn of(person: &Person) -> Self {
        Self::within(person, None)
    }

    /// [`Profile::of`] where telephone numbers without a country code are those of `country` (ISO 3166, two letters).
    pub fn within(person: &Person, country: Option<&str>) -> Self {
        let (mut first, mut last, generation) = names(person);
        let emails: Vec<String> =
            distinct(person.emails.iter().take(MOST_VALUES).filter_map(|typed| mailbox::canonical(typed)));
        let mut names_from_email = false;
        if first.is_empty()
            && last.is_empty()
            && let Some((from_first, from_last)) = emails.iter().find_map(|address| mailbox::names_in(address))
        {
            (first, last, names_from_email) = (from_first, from_last, true);
        }
        let stated_domain = company_domain(&person.company_domain);
        let domain =
            stated_domain.or_else(|| emails.iter().find_map(|address| own_domain(address))).unwrap_or_default();
        let phones = distinct(person.phones.iter().take(MOST_VALUES).filter_map(|typed| phone_digits(typed, country)));
        let linkedin = distinct(person.linkedin_urls.iter().take(MOST_VALUES).filter_map(|typed| linkedin_id(typed)));
        let mut texts = Texts::default();
        texts.push(&first);
        texts.push(&last);
        texts.push(&sound(first.split(' ').next().unwrap_or_default()));
        texts.push(&last_sounds(&last));
        texts.push(&name_pair(&first, &last));
        texts.push(&fold_value(&clean_company(clip(&person.company_name, 200))));
        texts.push(&domain);
        texts.push(&fold_value(&person.city));
        texts.push(&fold_value(&person.postcode).replace(' ', ""));
        texts.push(&fold_value(&person.street));
        texts.push(&fold_value(&person.country));
        texts.push(&emails.join(" "));
        texts.push(&phones.join(" "));
        texts.push(&linkedin.join(" "));
        Self {
            id: person.id,
            texts: texts.all.into_boxed_str(),
            ends: texts.ends,
            birth_date: BirthDate::parse(&person.date_of_birth),
            generation,
            names_from_email,
        }
    }

    /// The caller's number for the person.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The folded text of a field; empty where the value is missing.
    pub(super) fn text(&self, field: Field) -> &str {
        let index = field as usize;
        let start = if index == 0 { 0 } else { usize::from(self.ends[index - 1]) };
        self.texts.get(start..usize::from(self.ends[index])).unwrap_or_default()
    }

    /// The values of a field that may hold several.
    pub(super) fn values(&self, field: Field) -> impl Iterator<Item = &str> + Clone {
        self.text(field).split(' ').filter(|value| !value.is_empty())
    }

    pub(super) fn birth_date(&self) -> Option<BirthDate> {
        self.birth_date
    }

    pub(super) fn generation(&self) -> Generation {
        self.generation
    }

    /// Whether the names were read from the address, so that both are one piece of evidence.
    pub(super) fn names_from_email(&self) -> bool {
        self.names_from_email
    }

    /// First and last name, to sort namesakes together.
    pub(super) fn name(&self) -> (&str, &str) {
        (self.text(Field::First), self.text(Field::Last))
    }

    /// Whether both have the same folded first and last name, in this order.
    pub(super) fn same_name(&self, other: &Profile) -> bool {
        let is_named = !self.text(Field::First).is_empty() && !self.text(Field::Last).is_empty();
        is_named
            && self.text(Field::First) == other.text(Field::First)
            && self.text(Field::Last) == other.text(Field::Last)
    }
}

#[derive(Default)]
struct Texts {
    all: String,
    ends: [u16; FIELDS],
    count: usize,
}

impl Texts {
    /// Appends the next field. Each is at most 4,000 bytes, so that all ends fit in 16 bits.
    fn push(&mut self, text: &str) {
        self.all.push_str(clip(text, 4_000).trim_end());
        self.ends[self.count] = u16::try_from(self.all.len()).unwrap_or(u16::MAX);
        self.count += 1;
    }
}

fn names(person: &Person) -> (String, String, Generation) {
    let (first, last) = if crate::is_blank(&person.last_name) && person.first_name.trim().contains(' ') {
        split_full_name(clip(&person.first_name, 200))
    } else {
        (clip(&person.first_name, 200).to_owned(), clip(&person.last_name, 200).to_owned())
    };
    let (first, of_first) = fold_name(&first);
    let (last, of_last) = fold_name(&last);
    let mut generation = if of_last == Generation::Unsaid { of_first } else { of_last };
    if generation == Generation::Unsaid {
        // The split drops the suffix of a full name.
        generation = fold_name(&person.first_name).1;
    }
    let (first, last) = without_placeholders(first, last);
    (first, last, generation)
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut values: Vec<String> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// The domain behind an address, unless it is one where anybody has a mailbox.
fn own_domain(address: &str) -> Option<String> {
    let (_, domain) = mailbox::split(address);
    if is_free_mail(domain) { None } else { company_domain(address) }
}

/// The last digits of the number with its country code, which a national number gets from `country`: of `12 34 56 78`
/// in Denmark they are those of `+45 12 34 56 78`.
fn phone_digits(typed: &str, country: Option<&str>) -> Option<String> {
    let typed = clip(typed, LONGEST_PHONE);
    if !typed.contains('+')
        && let Some(country) = country
        && let Ok(number) = PhoneKey::parse(typed, Some(country))
    {
        return tail_of(number.e164());
    }
    tail_of(typed)
}

fn tail_of(typed: &str) -> Option<String> {
    // After the number an extension may stand: `x12`, `ext. 12`, `;ext=12`, `#12`.
    let start = typed.find(|character: char| character.is_ascii_digit())?;
    let number = typed[start..].split(['e', 'E', 'x', 'X', ';', '#']).next().unwrap_or_default();
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let tail = &digits[digits.len().saturating_sub(PHONE_DIGITS)..];
    let one_digit = tail.bytes().all(|byte| Some(&byte) == tail.as_bytes().first());
    let counted = matches!(tail, "123456789" | "234567890" | "987654321");
    (tail.len() >= 6 && !one_digit && !counted).then(|| tail.to_owned())
}

fn linkedin_id(typed: &str) -> Option<String> {
    let id = match LinkedInKey::parse(typed).ok()? {
        LinkedInKey::Profile(slug) => format!("p{slug}"),
        LinkedInKey::SalesNavigator(id) => format!("s{}", id.split(',').next().unwrap_or_default()),
    };
    (!id.contains(' ')).then_some(id)
}

/// How a word is spoken in English; a word in letters that Double Metaphone does not know stands for itself.
pub(super) fn sound(word: &str) -> String {
    if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let code = DoubleMetaphone::new(Some(SOUND_LENGTH)).encode(word);
    if code.is_empty() { word.to_owned() } else { code }
}

/// The sound of a family name, or of both its ends: either half of `Smith-Jones` may be left out.
fn last_sounds(last: &str) -> String {
    let Some((before, end)) = last.rsplit_once(' ') else { return sound(last) };
    let start = before.split(' ').next().unwrap_or_default();
    // Particles are no half of a name.
    let (whole, end_sound) = (skeleton(last), sound(end));
    if whole == end || start.len() < 3 || skeleton(start) != start {
        return end_sound;
    }
    let start_sound = sound(start);
    if start_sound == end_sound { end_sound } else { format!("{start_sound} {end_sound}") }
}

fn name_pair(first: &str, last: &str) -> String {
    if first.is_empty() || last.is_empty() {
        return String::new();
    }
    let (first, last) = (skeleton(first), skeleton(last));
    if first <= last { format!("{first} {last}") } else { format!("{last} {first}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_contact_is_small() {
        let profile = Profile::of(&Person {
            id: 1,
            first_name: "Alexandra".into(),
            last_name: "Montgomery".into(),
            emails: vec!["alexandra.montgomery@example-company.com".into()],
            company_name: "Example Company International GmbH".into(),
            company_domain: "www.example-company.com".into(),
            phones: vec!["+44 20 7183 8750".into()],
            linkedin_urls: vec!["https://www.linkedin.com/in/alexandra-montgomery-12ab34".into()],
            city: "Manchester".into(),
            country: "United Kingdom".into(),
            ..Person::default()
        });
        assert!(std::mem::size_of::<Profile>() <= 72);
        assert!(profile.texts.len() + std::mem::size_of::<Profile>() <= 300);
        assert_eq!(profile.text(Field::Phones), "071838750");
        assert_eq!(profile.text(Field::Company), "example company international");
        assert_eq!(profile.text(Field::LinkedIn), "palexandra-montgomery-12ab34");
    }

    #[test]
    fn reads_a_full_name_and_a_name_in_an_address() {
        let full = Profile::of(&Person { first_name: "John Smith Jr.".into(), ..Person::default() });
        assert_eq!((full.text(Field::First), full.text(Field::Last)), ("john", "smith"));
        assert_eq!(full.generation(), Generation::Second);
        let mail = Profile::of(&Person { emails: vec!["jane.doe@x.com".into()], ..Person::default() });
        assert_eq!((mail.text(Field::First), mail.text(Field::Last)), ("jane", "doe"));
        assert!(mail.names_from_email());
    }

    #[test]
    fn both_halves_of_a_family_name_sound() {
        assert_eq!(last_sounds("smith jones").split(' ').count(), 2);
        assert_eq!(last_sounds("de la cruz"), sound("cruz"));
        assert_eq!(last_sounds("van den berg"), sound("berg"));
    }

    #[test]
    fn the_end_of_a_number_is_compared() {
        assert_eq!(
            phone_digits("+44 20 7183 8750", None),
            phone_digits("020 7183 8750 ext 4", None).map(|_| "071838750".to_owned())
        );
        assert_eq!(phone_digits("0000000000", None), None);
        assert_eq!(phone_digits("112", None), None);
    }

    #[test]
    fn a_national_number_meets_itself_with_its_country_code() {
        for (country, national, international) in [
            ("DK", "12 34 56 78", "+45 12 34 56 78"),
            ("NO", "21 23 45 67", "0047 21 23 45 67"),
            ("GB", "020 7183 8750", "+44 (0)20 7183 8750"),
            ("US", "(415) 555-0132 x12", "+1 415 555 0132"),
            ("SE", "08-12 34 56", "+46 8 12 34 56"),
        ] {
            let digits = phone_digits(national, Some(country));
            assert!(digits.is_some());
            assert_eq!(digits, phone_digits(international, Some(country)), "{national}");
        }
        assert_eq!(phone_digits("1234 5678, ask for Bob", Some("DK")), tail_of("12345678"), "what it cannot read");
    }
}
