//! What a comparison of two people says, part by part.

use std::fmt;

/// What of two people is compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Feature {
    /// First names.
    FirstName,
    /// Family names.
    LastName,
    /// Both names at once, where they are swapped.
    Names,
    /// `Jr`, `Sr`, `III`.
    Generation,
    /// Addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// LinkedIn profiles.
    LinkedIn,
    /// Employers, by name or by domain.
    Company,
    /// Days of birth.
    BirthDate,
    /// Street and number.
    Street,
    /// Postcodes.
    Postcode,
    /// Towns.
    City,
    /// Countries.
    Country,
    /// What the agreements above are worth less because a family or a company shares them anyway.
    Relation,
}

/// At which level a comparison ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Equal when folded.
    Same,
    /// Equal but for what alphabets and separators change: `Müller` and `Mueller`; for addresses, dots and tags.
    Variant,
    /// One is short for the other, or both for a third.
    Nickname,
    /// One is a part of the other: `Smith` and `Smith-Jones`, `Anna` and `Anna Maria`.
    Part,
    /// A letter or two off, a digit off, two digits swapped.
    Typo,
    /// One is the beginning of the other.
    Shortened,
    /// Written or spoken alike, but not the same.
    Similar,
    /// An initial that fits.
    Initial,
    /// First and last name in each other's place; day and month in each other's place.
    Swapped,
    /// The same before the @, another provider or company after it.
    SameLocalPart,
    /// Equal, but many people have it, so that it proves nothing.
    Generic,
    /// One of the two says it, the other says nothing.
    OneSided,
    /// Could be two people of one household.
    Household,
    /// Could be two people of one company.
    Colleagues,
    /// Nothing in common.
    Different,
}

/// One comparison, with what it says about whether the two are one person.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Part {
    /// What was compared.
    pub feature: Feature,
    /// What came out.
    pub level: Level,
    /// Match weight: log2 of how many times as often it comes out so for one person as for two strangers.
    pub bits: f64,
}

impl Part {
    /// A few words for a chip on the screen: `same name`, `different email`, `nickname`.
    pub fn chip(&self) -> String {
        let feature = self.feature;
        match (feature, self.level) {
            (Feature::Names, Level::Swapped) => "swapped names".to_owned(),
            (Feature::FirstName, Level::Nickname) => "nickname".to_owned(),
            (Feature::FirstName | Feature::LastName, Level::Initial) => format!("{feature}: initial"),
            (Feature::Relation, Level::Household) => "relatives share this too".to_owned(),
            (Feature::Relation, _) => "colleagues share this too".to_owned(),
            (Feature::Email, Level::Variant) => "same mailbox in another spelling".to_owned(),
            (Feature::Email, Level::SameLocalPart) => "same name before the @".to_owned(),
            (Feature::Generation, Level::OneSided) => "Jr or Sr on one side".to_owned(),
            (_, Level::Same) => format!("same {feature}"),
            (_, Level::Variant) => format!("{feature} spelled another way"),
            (_, Level::Part) => format!("part of the {feature}"),
            (_, Level::Typo) => format!("{feature} one or two letters off"),
            (_, Level::Shortened) => format!("shortened {feature}"),
            (_, Level::Similar) => format!("similar {feature}"),
            (_, Level::Swapped) => format!("{feature} with digits swapped"),
            (_, Level::Generic) => format!("{feature} shared by many"),
            (_, _) => format!("different {feature}"),
        }
    }
}

impl fmt::Display for Feature {
    /// As it stands in a sentence.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Feature::FirstName => "first name",
            Feature::LastName => "last name",
            Feature::Names => "names",
            Feature::Generation => "generation",
            Feature::Email => "email",
            Feature::Phone => "phone",
            Feature::LinkedIn => "LinkedIn profile",
            Feature::Company => "company",
            Feature::BirthDate => "date of birth",
            Feature::Street => "street",
            Feature::Postcode => "postcode",
            Feature::City => "city",
            Feature::Country => "country",
            Feature::Relation => "relation",
        })
    }
}

/// How sure a suspect is; the columns of the Duplication Handling page. The surest is the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Band {
    /// The same first and last name, another address, and nothing that says more (B10).
    Name,
    /// More likely one person than two: somebody has to look.
    Review,
    /// As good as certain.
    Obvious,
}

impl Band {
    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Band::Name => "name",
            Band::Review => "review",
            Band::Obvious => "obvious",
        }
    }
}

/// From which probability on a pair is in which band.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Thresholds {
    /// Probability from which on a pair is listed for review.
    pub review: f64,
    /// Probability from which on a pair is obvious.
    pub obvious: f64,
}

impl Default for Thresholds {
    /// Even odds ask for a look: that is where precision and recall together are best if probabilities are
    /// honest. Obvious may be wrong once in a hundred at its weakest pair, which is far less often on the whole.
    fn default() -> Self {
        Self { review: 0.5, obvious: 0.99 }
    }
}

/// Two people compared.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// What was compared, in the order of [`Feature`]. Missing values have no part.
    pub parts: Vec<Part>,
    /// The sum of the parts, added in their order.
    pub bits: f64,
    /// How likely they are one person.
    pub probability: f64,
    /// Where the pair is listed under the thresholds; `None` for not at all.
    pub band: Option<Band>,
}
