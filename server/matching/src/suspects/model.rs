//! The numbers of the model: one default for every list, with where each comes from.
//!
//! A comparison ends at a level. For each level four chances are known: that two records of *one person* end
//! there (m, after Fellegi and Sunter 1969), that two *strangers* do (u), two people of one *household*, and two
//! *colleagues*. The last two are what usual models lack: a family shares its name, street and telephone, a
//! company its domain and switchboard, so those agreements must not count again and again as if independent.
//!
//! None of the numbers was searched for by a fit; README.md says what was looked at. m of names, dates and places follow what Splink's and FEBRL's
//! documentation report for estimated models (exact first name 0.5 to 0.8, last name 0.6 to 0.85, date of birth
//! 0.6 to 0.9, town 0.6 to 0.8; a typo in 3 to 8 of 100 values), u of names what the census name files give, and
//! the rest is reasoned beside the number.

/// What the chances of a level say, in bits: log2 of the ratio to the chance of strangers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Weight {
    /// For one person.
    pub(super) bits: f64,
    /// For two people of one household.
    pub(super) household: f64,
    /// For two colleagues.
    pub(super) colleague: f64,
}

/// The chances of one level.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chances {
    /// Two records of one person.
    pub(super) person: f64,
    /// Two strangers.
    pub(super) stranger: f64,
    /// Two people of one household; at least the strangers' when left at 0.
    pub(super) household: f64,
    /// Two people of one company; at least the strangers' when left at 0.
    pub(super) colleague: f64,
}

const fn chances(person: f64, stranger: f64) -> Chances {
    Chances { person, stranger, household: 0.0, colleague: 0.0 }
}

impl Chances {
    const fn household(mut self, chance: f64) -> Self {
        self.household = chance;
        self
    }

    const fn colleague(mut self, chance: f64) -> Self {
        self.colleague = chance;
        self
    }

    /// The same level with another chance for strangers, for values of known frequency.
    pub(super) fn by_chance(mut self, stranger: f64) -> Self {
        self.stranger = stranger;
        self
    }

    /// The bits of a level that speaks against one person, or for it only as far as its chances say.
    pub(super) fn weight(self) -> Weight {
        let ratio = |chance: f64| (chance.max(self.stranger) / self.stranger).log2();
        let exactly = |chance: f64| if chance == 0.0 { 0.0 } else { (chance / self.stranger).log2() };
        Weight {
            bits: ratio_to(self.person, self.stranger),
            household: if self.person < self.stranger { exactly(self.household) } else { ratio(self.household) },
            colleague: if self.person < self.stranger { exactly(self.colleague) } else { ratio(self.colleague) },
        }
    }

    /// The bits of an equal value: never against, and never better explained by a relative than by one person,
    /// so that knowing an equal value more never lowers a score.
    pub(super) fn agreement(self) -> Weight {
        let weight = self.weight();
        let bits = weight.bits.max(0.0);
        Weight { bits, household: weight.household.clamp(0.0, bits), colleague: weight.colleague.clamp(0.0, bits) }
    }
}

fn ratio_to(chance: f64, stranger: f64) -> f64 {
    (chance / stranger).log2()
}

impl Weight {
    /// A value that proves nothing.
    pub(super) const NONE: Weight = Weight { bits: 0.0, household: 0.0, colleague: 0.0 };

    /// The same evidence at a part of its strength, where another value has said most of it already, to everybody.
    pub(super) fn times(self, part: f64) -> Self {
        Self { bits: self.bits * part, household: self.household * part, colleague: self.colleague * part }
    }

    /// The same, where what tells one person from relatives and colleagues was not said by the other value.
    pub(super) fn times_but_whole_apart(self, part: f64) -> Self {
        let gone = self.bits * (1.0 - part);
        Self { bits: self.bits - gone, household: self.household - gone, colleague: self.colleague - gone }
    }

    /// The same evidence with some bits less for one person and for relatives, but not below none for one person.
    pub(super) fn less(self, bits: f64) -> Self {
        let gone = bits.min(self.bits.max(0.0));
        let kept = self.bits - gone;
        Self { bits: kept, household: self.household - gone, colleague: self.colleague.min(kept) }
    }
}

/// People that a list is imagined to lack. A pair's prior odds and the shares of names reckon with them, so that
/// in a list of two people equal names are not yet proof. A thousand is about how many people share a
/// commune, a customer base or a trade fair, of whom a short list is a part.
pub(super) const UNSEEN_PEOPLE: f64 = 1_000.0;

/// Pairs of records of one person for each person, before a list was looked at: customer data bases are said to
/// hold about one duplicate in ten. A full scan estimates it anew.
pub(super) const PAIRS_PER_PERSON: f64 = 0.1;

/// How many people's worth of evidence the first guess of [`PAIRS_PER_PERSON`] has against a scan's own count.
pub(super) const PRIOR_PEOPLE: f64 = 500.0;

/// Pairs of two people of one household for each person: lists of businesspeople hold few, of customers some.
pub(super) const HOUSEHOLD_PAIRS_PER_PERSON: f64 = 0.05;

/// Pairs of two colleagues for each person: a company in an outreach list brings a handful of contacts.
pub(super) const COLLEAGUE_PAIRS_PER_PERSON: f64 = 2.0;

/// Bits that two equal names share: names come from one language and one generation, so that somebody who
/// shares the last name shares the first about twice as often as a stranger.
pub(super) const NAMES_GO_TOGETHER: f64 = 1.0;

/// The rarest share that a first name is credited with: fashions and regions make clusters.
pub(super) const RAREST_FIRST: f64 = 2e-5;

/// The rarest share that a family name is credited with: the rarest are families, who are in one list together.
pub(super) const RAREST_LAST: f64 = 4e-6;

/// First names. Relatives share one seldom (one son in forty is named after his father, and one pair of
/// relatives in four is a father and a son), strangers by its share.
pub(super) mod first_name {
    use super::{Chances, chances};
    pub(in super::super) const SAME: Chances = chances(0.80, 0.0).household(0.006);
    /// A random pair of different names is short for each other in about 4 of 1,000 cases by the census files.
    pub(in super::super) const NICKNAME: Chances = chances(0.05, 0.004);
    /// `Anna` and `Anna Maria`, `John` and `John P`.
    pub(in super::super) const PART: Chances = chances(0.04, 0.001);
    pub(in super::super) const TYPO: Chances = chances(0.06, 0.002);
    /// `Alex` and `Alexander`.
    pub(in super::super) const SHORTENED: Chances = chances(0.02, 0.002);
    pub(in super::super) const SIMILAR: Chances = chances(0.03, 0.006);
    /// Given that one is an initial, it fits by chance in one of twelve.
    pub(in super::super) const INITIAL: Chances = chances(0.95, 0.08);
    /// A middle name in use, a nickname no table knows: rare, and what tells apart a family.
    pub(in super::super) const DIFFERENT: Chances = chances(0.02, 0.97).household(0.97).colleague(0.97);
    /// Two names that tables know, and not as one: no typo and no nickname, only a middle name in use.
    pub(in super::super) const DIFFERENT_KNOWN: Chances = chances(0.01, 0.97).household(0.97).colleague(0.97);
}

/// Family names. Three of four pairs in a household share one.
pub(super) mod last_name {
    use super::{Chances, chances};
    pub(in super::super) const SAME: Chances = chances(0.82, 0.0).household(0.75);
    /// `Smith` and `Smith-Jones`.
    pub(in super::super) const PART: Chances = chances(0.04, 0.0004).household(0.02);
    pub(in super::super) const TYPO: Chances = chances(0.05, 0.0006).household(0.02);
    pub(in super::super) const SHORTENED: Chances = chances(0.01, 0.001);
    pub(in super::super) const SIMILAR: Chances = chances(0.03, 0.005).household(0.01);
    pub(in super::super) const INITIAL: Chances = chances(0.95, 0.08).household(0.75);
    /// Marriage and divorce: about one record in twenty over the years a list grows.
    pub(in super::super) const DIFFERENT: Chances = chances(0.05, 0.985).household(0.22).colleague(0.97);
}

/// Added to the bits of swapped names: lists have them swapped in two of a hundred rows, against eight of ten
/// with both names right.
pub(super) const SWAPPED: f64 = -4.5;

/// What a swapped pair of names says less for relatives than for one person: a family shares the last name, but
/// the first in six of a thousand pairs only. log2(0.75 / 0.82 * 0.006 / 0.80).
pub(super) const SWAPPED_RELATIVES: f64 = -7.2;

/// `Jr` and `Sr`. One in eighty men writes such a suffix, and half of the lists drop it.
pub(super) mod generation {
    use super::{Chances, chances};
    pub(in super::super) const SAME: Chances = chances(0.9, 0.4).household(0.1);
    pub(in super::super) const ONE_SAYS_IT: Chances = chances(0.006, 0.012);
    /// The same for two relatives of one first name: that is what the suffix is there for.
    pub(in super::super) const ONE_SAYS_IT_NAMESAKES: Chances = chances(0.006, 0.012).household(0.4);
    pub(in super::super) const DIFFERENT: Chances = chances(0.005, 0.6).household(0.9).colleague(0.6);
}

/// Addresses, numbers and profiles: how many others a value that two people have is shared with by chance.
pub(super) mod contact {
    use super::{Chances, chances};
    /// Two records of one person carry one address in half the cases, but families share some.
    pub(in super::super) const EMAIL: Chances = chances(0.45, 0.0).household(0.07).colleague(0.01);
    /// Bits that a variant by dots and tags has less than the same address.
    pub(in super::super) const EMAIL_VARIANT_LESS: f64 = 0.5;
    /// Two mistyped letters; colleagues with like names have like addresses.
    pub(in super::super) const EMAIL_TYPO: Chances = chances(0.08, 0.0).household(0.02).colleague(0.02);
    /// A peculiar word before the @, taken along to another provider.
    pub(in super::super) const LOCAL_PART: Chances = chances(0.10, 0.0008).household(0.005);
    /// The person's own names before the @: it says little more than the names do.
    pub(in super::super) const LOCAL_PART_OF_NAMES: Chances = chances(0.20, 0.14).household(0.01).colleague(0.14);
    /// Work and private, the former and the new employer: half of all people who are in a list twice.
    pub(in super::super) const EMAIL_DIFFERENT: Chances = chances(0.40, 0.99).household(0.90).colleague(0.97);
    pub(in super::super) const PHONE: Chances = chances(0.45, 0.0).household(0.35).colleague(0.10);
    /// One digit: a typo, or the next extension of the same office.
    pub(in super::super) const PHONE_TYPO: Chances = chances(0.03, 0.0001).household(0.01).colleague(0.03);
    pub(in super::super) const PHONE_DIFFERENT: Chances = chances(0.40, 0.99).household(0.60).colleague(0.90);
    pub(in super::super) const LINKEDIN: Chances = chances(0.85, 0.0);
    /// A profile's link changes seldom, and hardly anybody has two.
    pub(in super::super) const LINKEDIN_DIFFERENT: Chances = chances(0.06, 0.999).household(0.999).colleague(0.999);
    /// Of two people with an equal address who share it with nobody else, so many are two people.
    pub(in super::super) const EMAIL_SHARED: f64 = 0.01;
    /// The same for telephone numbers.
    pub(in super::super) const PHONE_SHARED: f64 = 0.04;
    /// The same for profiles: a link pasted into the wrong row.
    pub(in super::super) const LINKEDIN_SHARED: f64 = 0.002;
    /// People with a value from which on it is nobody's own.
    pub(in super::super) const GENERIC_FROM: u32 = 25;
}

/// The employer. People change it, and write it in many ways; colleagues share it by definition, and of relatives who
/// are both in a list of businesspeople one pair in eleven, in a family firm.
pub(super) mod company {
    use super::{Chances, chances};
    pub(in super::super) const SAME: Chances = chances(0.60, 0.0).household(0.09).colleague(0.60);
    pub(in super::super) const SIMILAR: Chances = chances(0.10, 0.001).household(0.016).colleague(0.10);
    pub(in super::super) const DIFFERENT: Chances = chances(0.30, 0.995).household(0.97).colleague(0.30);
    /// What an equal company still says beside an equal address at the company.
    pub(in super::super) const BESIDE_EMAIL: f64 = 0.1;
    /// The share of people in a company of which nothing is known.
    pub(in super::super) const EXPECTED: f64 = 2e-4;
}

/// Days of birth: 365 days times the sixty years in which customers are born make 22,000.
pub(super) mod birth_date {
    use super::{Chances, chances};
    /// Twins, and forms that carry over the day of whoever was entered before.
    pub(in super::super) const SAME: Chances = chances(0.82, 0.0).household(0.02);
    pub(in super::super) const TRANSPOSED: Chances = chances(0.03, 0.0006);
    /// Of the days there are, about 25 differ in one digit.
    pub(in super::super) const ONE_DIGIT: Chances = chances(0.07, 0.0012);
    /// And about 300 in two.
    pub(in super::super) const TWO_DIGITS: Chances = chances(0.03, 0.014);
    pub(in super::super) const OTHER_YEAR: Chances = chances(0.015, 0.0027);
    pub(in super::super) const SAME_YEAR: Chances = chances(0.015, 0.016);
    pub(in super::super) const DIFFERENT: Chances = chances(0.03, 0.96).household(0.95).colleague(0.96);
    pub(in super::super) const EXPECTED: f64 = 1.0 / 22_000.0;
}

/// Where people live or work. One in four records of a person is from before a move.
pub(super) mod place {
    use super::{Chances, chances};
    pub(in super::super) const STREET: Chances = chances(0.60, 2e-5).household(0.60).colleague(0.30);
    /// The street with another number or none, or mistyped.
    pub(in super::super) const STREET_SIMILAR: Chances = chances(0.15, 0.0005).household(0.08).colleague(0.08);
    /// Only the number of the house.
    pub(in super::super) const HOUSE_NUMBER: Chances = chances(0.04, 0.012).household(0.01);
    pub(in super::super) const STREET_DIFFERENT: Chances = chances(0.22, 0.985).household(0.06).colleague(0.50);
    pub(in super::super) const POSTCODE: Chances = chances(0.75, 0.0).household(0.75).colleague(0.50);
    pub(in super::super) const POSTCODE_TYPO: Chances = chances(0.05, 0.006).household(0.04).colleague(0.04);
    pub(in super::super) const POSTCODE_DIFFERENT: Chances = chances(0.20, 0.995).household(0.06).colleague(0.40);
    /// The share of people in a postcode of which nothing is known.
    pub(in super::super) const POSTCODE_EXPECTED: f64 = 5e-4;
    pub(in super::super) const CITY: Chances = chances(0.75, 0.0).household(0.75).colleague(0.60);
    pub(in super::super) const CITY_TYPO: Chances = chances(0.06, 0.004).household(0.05).colleague(0.05);
    pub(in super::super) const CITY_DIFFERENT: Chances = chances(0.22, 0.97).household(0.08).colleague(0.35);
    /// The share of people in a town of which nothing is known.
    pub(in super::super) const CITY_EXPECTED: f64 = 5e-3;
    /// Lists mix a few countries.
    pub(in super::super) const COUNTRY: Chances = chances(0.97, 0.70).household(0.97).colleague(0.90);
    pub(in super::super) const COUNTRY_DIFFERENT: Chances = chances(0.06, 0.30).household(0.03).colleague(0.10);
    /// What a further line of an address still says when one of it was compared: postcodes lie in towns, streets in
    /// postcodes, and a move changes all.
    pub(in super::super) const NEXT_LINE: f64 = 0.2;
}
