//! Which people are worth comparing: those who share a key.

use super::fold::is_street_word;
use super::hash::hash;
use super::mailbox;
use super::nicknames::roots;
use super::profile::{Field, Profile, sound};
use super::scan::NAMESAKES_TOGETHER;

/// The most people of any block that are compared with each other; [`BlockKey::largest_block`] says it for a key.
///
/// A block is all people with one key. A larger block yields no candidates at all: its people meet in the
/// blocks of their more specific keys, each of which obeys the same rule. Nothing but the number of people
/// with a key has to be known to obey it, so a look-up in a database can.
pub const LARGEST_BLOCK: usize = 25;

/// The same for keys that strangers often share.
const LARGEST_BLOCK_BY_CHANCE: usize = 12;

/// One feature, or several together, in 64 bits: the kind in the upper six, a hash in the others.
///
/// Stored as a row per person; candidates are the people with an equal key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct BlockKey(u64);

/// What two people share who share a key. The number is part of stored keys: add numbers, never change one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum BlockKind {
    /// First and last name, in either order.
    Name = 1,
    /// Both names and the company: narrows `Name`.
    NameAtCompany = 2,
    /// Both names and the town: narrows `Name`.
    NameInCity = 3,
    /// A formal first name and the sound of the family name.
    FormalName = 4,
    /// The sound of the family name, an initial and the company: a typo in the first name.
    SoundAtCompany = 5,
    /// A formal first name and the company: a family name changed by marriage. Narrowed by `SoundAtCompany`.
    FirstAtCompany = 6,
    /// The mailbox behind dots and tags.
    Mailbox = 7,
    /// What is before the @, at any provider.
    LocalPart = 8,
    /// A company's domain and the start of what is before the @: a typo in an address.
    DomainAndStart = 9,
    /// A telephone number.
    Phone = 10,
    /// A LinkedIn profile.
    LinkedIn = 11,
    /// The sound of the family name, an initial and the town.
    SoundInCity = 12,
    /// The day of birth.
    BirthDate = 13,
    /// The day of birth and the sound of either name: narrows `BirthDate`.
    BirthDateAndSound = 14,
    /// The postcode and the sound of either name.
    PostcodeAndSound = 15,
    /// Street and number.
    Street = 16,
    /// Street, number and the sound of either name: narrows `Street`.
    StreetAndSound = 17,
    /// First and last name in this order, letter for letter: narrows `Name`, so that two people of one name meet though
    /// the name's block is full of swapped and otherwise spelled ones. More people of one name are listed together.
    ExactName = 18,
}

impl BlockKey {
    fn of(kind: BlockKind, parts: &[&str]) -> Self {
        Self((kind as u64) << 58 | hash(parts) >> 6)
    }

    /// The key as databases store it.
    pub fn as_i64(self) -> i64 {
        self.0.cast_signed()
    }

    /// A key read back from a database.
    pub fn from_i64(stored: i64) -> Self {
        Self(stored.cast_unsigned())
    }

    /// The most people with this key that are compared with each other; of a larger block, none are.
    ///
    /// What nearly identifies a person may be shared by a family of records. What a dozen strangers share by chance
    /// in a long list costs comparisons and finds nobody: those are cut earlier.
    pub fn largest_block(self) -> usize {
        const CHANCE: [BlockKind; 5] = [
            BlockKind::FormalName,
            BlockKind::FirstAtCompany,
            BlockKind::LocalPart,
            BlockKind::SoundInCity,
            BlockKind::PostcodeAndSound,
        ];
        let kind = self.0 >> 58;
        if kind == BlockKind::ExactName as u64 {
            return NAMESAKES_TOGETHER - 1;
        }
        if CHANCE.iter().any(|by_chance| *by_chance as u64 == kind) { LARGEST_BLOCK_BY_CHANCE } else { LARGEST_BLOCK }
    }

    /// Whether this key says that both names are the same, so that its people are namesakes.
    pub fn is_name(self) -> bool {
        self.0 >> 58 == BlockKind::Name as u64
    }
}

impl Profile {
    /// All keys of a person, sorted and without twins: eleven for a usual contact.
    ///
    /// A missing value makes no key, nor does one that many people share by its nature, such as `info@`.
    pub fn blocking_keys(&self) -> Vec<BlockKey> {
        let mut keys = Vec::with_capacity(16);
        self.name_keys(&mut keys);
        self.contact_keys(&mut keys);
        self.address_keys(&mut keys);
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn name_keys(&self, keys: &mut Vec<BlockKey>) {
        let [pair, company, city] = [Field::NamePair, Field::Company, Field::City].map(|field| self.text(field));
        if !pair.is_empty() {
            keys.push(BlockKey::of(BlockKind::Name, &[pair]));
            keys.push(BlockKey::of(BlockKind::ExactName, &[self.text(Field::First), self.text(Field::Last)]));
            if !company.is_empty() {
                keys.push(BlockKey::of(BlockKind::NameAtCompany, &[pair, company]));
            }
            if !city.is_empty() {
                keys.push(BlockKey::of(BlockKind::NameInCity, &[pair, city]));
            }
        }
        let first = self.text(Field::First).split(' ').next().unwrap_or_default();
        let Some(initial) = first.get(..first.chars().next().map_or(0, char::len_utf8)) else { return };
        if first.is_empty() {
            return;
        }
        for root in roots(first).filter(|root| root.len() > initial.len()) {
            for last in self.values(Field::LastSounds) {
                keys.push(BlockKey::of(BlockKind::FormalName, &[root, last]));
            }
            if !company.is_empty() {
                keys.push(BlockKey::of(BlockKind::FirstAtCompany, &[root, company]));
            }
        }
        for last in self.values(Field::LastSounds) {
            if !company.is_empty() {
                keys.push(BlockKey::of(BlockKind::SoundAtCompany, &[last, initial, company]));
            }
            if !city.is_empty() {
                keys.push(BlockKey::of(BlockKind::SoundInCity, &[last, initial, city]));
            }
        }
    }

    fn contact_keys(&self, keys: &mut Vec<BlockKey>) {
        for address in self.values(Field::Emails).filter(|address| !mailbox::is_role(address)) {
            keys.push(BlockKey::of(BlockKind::Mailbox, &[&mailbox::fold_mailbox(address)]));
            let local = mailbox::local_letters(address);
            if local.chars().count() >= 5 {
                keys.push(BlockKey::of(BlockKind::LocalPart, &[&local]));
            }
            let (_, domain) = mailbox::split(address);
            let start: String = local.chars().take(2).collect();
            if !crate::is_free_mail(domain) {
                keys.push(BlockKey::of(BlockKind::DomainAndStart, &[domain, &start]));
            }
        }
        for number in self.values(Field::Phones) {
            keys.push(BlockKey::of(BlockKind::Phone, &[number]));
        }
        for profile in self.values(Field::LinkedIn) {
            keys.push(BlockKey::of(BlockKind::LinkedIn, &[profile]));
        }
    }

    fn address_keys(&self, keys: &mut Vec<BlockKey>) {
        // Either name under one kind, so that swapped names meet.
        let last = self.values(Field::LastSounds);
        let sounds = self.values(Field::FirstSound).chain(last).filter(|sound| sound.len() > 1);
        if let Some(day) = self.birth_date() {
            let day = day.number().to_string();
            keys.push(BlockKey::of(BlockKind::BirthDate, &[&day]));
            keys.extend(sounds.clone().map(|sound| BlockKey::of(BlockKind::BirthDateAndSound, &[&day, sound])));
        }
        let postcode = self.text(Field::Postcode);
        if !postcode.is_empty() {
            keys.extend(sounds.clone().map(|sound| BlockKey::of(BlockKind::PostcodeAndSound, &[postcode, sound])));
        }
        let street = street_sound(self.text(Field::Street));
        if !street.is_empty() {
            keys.push(BlockKey::of(BlockKind::Street, &[&street]));
            keys.extend(sounds.map(|sound| BlockKey::of(BlockKind::StreetAndSound, &[&street, sound])));
        }
    }
}

/// The number of the house and the sound of the longest word, which a wrong or left-out `street` and a second
/// line seldom change. Empty without a word.
fn street_sound(street: &str) -> String {
    let is_number = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let number = street.split(' ').find(|word| is_number(word)).unwrap_or_default();
    let words = street.split(' ').take(4).filter(|word| !is_number(word) && !is_street_word(word));
    // The first of equally long words.
    let longest = words.reduce(|longest, word| if word.len() > longest.len() { word } else { longest });
    let Some(longest) = longest.filter(|word| word.len() > 2) else {
        return String::new();
    };
    format!("{number} {}", sound(longest))
}
