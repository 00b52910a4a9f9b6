//! What Duplication Handling shows: people who may be one.

use serde::{Deserialize, Serialize};

use crate::ids::ContactId;
use crate::words::words;

words! {
    /// How sure it is that two contacts are one person.
    Band, "band", {
        /// So sure that many may be merged at once.
        Obvious = "obvious",
        /// Someone should look.
        Review = "review",
        /// Nothing but the name speaks for it (B10).
        Name = "name",
    }
}

impl Band {
    /// What a person calls it on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Band::Obvious => "Obvious",
            Band::Review => "Review",
            Band::Name => "Same name only",
        }
    }
}

/// One piece of evidence for or against two contacts being one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuspectPart {
    /// What was compared and how it came out: “same name”, “different email”.
    pub words: String,
    /// Its weight, in bits: above zero it speaks for one person, below for two.
    pub bits: f64,
}

/// A pair with its score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuspectPair {
    /// The contact with the smaller id.
    pub first: ContactId,
    /// The other one.
    pub second: ContactId,
    /// The evidence; its weights add up to `bits`.
    pub parts: Vec<SuspectPart>,
    /// The match weight.
    pub bits: f64,
    /// How many of a hundred such pairs are one person, as a fraction.
    pub probability: f64,
    /// The band that follows from it.
    pub band: Band,
    /// One row of an import had an identifier of each.
    pub shared_row: bool,
}

/// A contact in a line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuspectPerson {
    /// Who.
    pub id: ContactId,
    /// Their name, or what they are called by.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their company.
    pub company: String,
}

/// One entry of the list: two people, or several who hang together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuspectEntry {
    /// The cluster: its smallest contact.
    pub cluster: ContactId,
    /// The people, oldest first.
    pub people: Vec<SuspectPerson>,
    /// The pairs among them, the surest first.
    pub pairs: Vec<SuspectPair>,
    /// The band of the weakest pair.
    pub band: Band,
}

/// Many people of one name with nothing else in common: one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamesakeEntry {
    /// Which, for paging and acts.
    pub key: String,
    /// Their name.
    pub name: String,
    /// How many.
    pub people: u64,
    /// The first of them.
    pub some: Vec<SuspectPerson>,
}

/// How many open entries there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuspectCounts {
    /// Entries whose pairs are all obvious.
    pub obvious: u64,
    /// Entries to look at.
    pub review: u64,
    /// Entries of one name.
    pub name: u64,
    /// Decisions that were made: kept apart.
    pub separated: u64,
    /// Decisions that were made: merged.
    pub merged: u64,
}

impl SuspectCounts {
    /// Everything that waits for a decision.
    pub fn open(&self) -> u64 {
        self.obvious + self.review + self.name
    }
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SuspectQuery {
    /// Only this band; none shows the first of each.
    pub band: Option<Band>,
    /// Words that name, address or company of one of the people must contain.
    pub search: String,
    /// Entries after this one, as the page before gave it.
    pub after: Option<String>,
}

/// The entries of one band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuspectSection {
    /// Which.
    pub band: Band,
    /// Clusters and pairs, the surest first.
    pub entries: Vec<SuspectEntry>,
    /// People of one name; only in the band `name`.
    pub namesakes: Vec<NamesakeEntry>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuspectPage {
    /// What there is to decide.
    pub counts: SuspectCounts,
    /// By band.
    pub sections: Vec<SuspectSection>,
}

/// What stands around the list, and changes while people are compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SuspectState {
    /// What there is to decide.
    pub counts: SuspectCounts,
    /// The state of scanning.
    pub scan: ScanState,
    /// From which probability on a pair is listed for review.
    pub review_from: f64,
    /// From which on it is obvious.
    pub obvious_from: f64,
}

/// When everyone was last compared with everyone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanState {
    /// Unix milliseconds; none when never.
    pub scanned_at: Option<i64>,
    /// A scan is running or waits for its turn.
    pub running: bool,
    /// Contacts that are new or changed and were not compared yet.
    pub waiting: u64,
    /// Contacts of the workspace.
    pub contacts: u64,
}

/// A person typed in to ask “why not?”.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedPerson {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Address.
    pub email: String,
    /// Company.
    pub company: String,
    /// Telephone.
    pub phone: String,
    /// Profile.
    pub linkedin: String,
    /// Town.
    pub city: String,
    /// Date of birth.
    pub date_of_birth: String,
}

/// Why two typed people are suspects or are not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhyNot {
    /// The evidence.
    pub parts: Vec<SuspectPart>,
    /// Its sum.
    pub bits: f64,
    /// The probability.
    pub probability: f64,
    /// The band; none when such a pair is not listed.
    pub band: Option<Band>,
    /// An import would take them for one person at once: they share this identifier.
    pub same_identifier: Option<String>,
    /// Whether they would be compared at all: two people with nothing in common to find them by never meet.
    pub meets: bool,
}

/// One decision about suspects, as it is staged and saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// They are one person: each pair, in order.
    Merge(Vec<crate::merge::PairToMerge>),
    /// They are different people: each pair.
    Separate(Vec<(ContactId, ContactId)>),
    /// All people of a name are different people.
    KeepNamesakes(String),
}

/// What became of decisions that were saved together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The handle to take the merges back; 0 when there were none.
    pub batch: i64,
    /// Merges done.
    pub merged: u64,
    /// Pairs kept apart.
    pub separated: Vec<(ContactId, ContactId)>,
    /// Names whose people are kept apart.
    pub namesakes: Vec<String>,
    /// Those that were not done.
    pub refused: Vec<crate::merge::MergeRefused>,
}

/// What taking decisions back did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// Contacts that are back.
    pub merges: u64,
    /// Pairs that wait for a decision again.
    pub pairs: u64,
    /// What was left as it is, because it changed since or cannot be taken back, a sentence each.
    pub kept: Vec<String>,
}
