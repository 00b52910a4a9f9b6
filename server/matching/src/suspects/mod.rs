//! Suspects: which contacts may be one person, how likely, and why.

mod birth_date;
mod block_key;
mod cluster;
mod common_names;
mod compare;
mod compare_contact;
mod compare_names;
mod compare_places;
mod comparison;
mod fold;
mod frequencies;
mod hash;
mod mailbox;
mod model;
mod nicknames;
mod profile;
mod scan;
mod similarity;

pub use block_key::{BlockKey, BlockKind, LARGEST_BLOCK};
pub use cluster::{Cluster, cluster};
pub use compare::compare;
pub use comparison::{Band, Comparison, Feature, Level, Part, Thresholds};
pub use frequencies::{Frequencies, Mix};
pub use profile::{Person, Profile};
pub use scan::{NAMESAKES_TOGETHER, Namesakes, Pair, Scan, namesakes, scan};
