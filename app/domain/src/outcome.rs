//! What becomes of a data row: exactly one outcome each, and counts that add up (R14, part C).

use std::collections::BTreeMap;

use crate::words::words;

words! {
    /// What became of one row of an import.
    Outcome, "row outcome", {
        /// A new lead (or, without a campaign, a new contact).
        Created = "created",
        /// Someone who was here got new values.
        Updated = "updated",
        /// Someone who was here, with nothing new.
        Unchanged = "unchanged",
        /// The person was met earlier in this file (R4).
        DuplicateInFile = "duplicate_in_file",
        /// The campaign has them and the mode does not update.
        DuplicateInCampaign = "duplicate_in_campaign",
        /// In progress in another campaign, under the policy `active`.
        ActiveElsewhere = "active_elsewhere",
        /// In some campaign, under the policy `workspace`.
        DuplicateInWorkspace = "duplicate_in_workspace",
        /// Must not be contacted: never sendable, whatever the policy lets pass.
        Suppressed = "suppressed",
        /// Deleted here before.
        SkippedDeleted = "skipped_deleted",
        /// Update only, and nobody here to update.
        NoMatch = "no_match",
        /// Two identifiers point at two people: for someone to decide.
        IdentityConflict = "identity_conflict",
        /// The row cannot be used.
        Failed = "failed",
    }
}

words! {
    /// The counts of the summary: the four of the source (A39–A42) and the rest.
    Bucket, "summary count", {
        /// Created, updated, unchanged.
        Imported = "imported",
        /// Left out because they are here already.
        Duplicates = "duplicates",
        /// Left out because someone is writing to them.
        ActiveElsewhere = "activeElsewhere",
        /// Cannot be used.
        Failed = "failed",
        /// Stored, never sent to.
        Suppressed = "suppressed",
        /// Everything else that needs a word of its own.
        Rest = "rest",
    }
}

impl Outcome {
    /// The count of the summary that this outcome belongs to.
    pub const fn bucket(self) -> Bucket {
        match self {
            Outcome::Created | Outcome::Updated | Outcome::Unchanged => Bucket::Imported,
            Outcome::DuplicateInFile | Outcome::DuplicateInCampaign | Outcome::DuplicateInWorkspace => {
                Bucket::Duplicates
            }
            Outcome::ActiveElsewhere => Bucket::ActiveElsewhere,
            Outcome::Failed => Bucket::Failed,
            Outcome::Suppressed => Bucket::Suppressed,
            Outcome::SkippedDeleted | Outcome::NoMatch | Outcome::IdentityConflict => Bucket::Rest,
        }
    }

    /// Left out by a duplicate check: what the yellow banner is about (A43).
    pub const fn is_exclusion(self) -> bool {
        matches!(self.bucket(), Bucket::Duplicates | Bucket::ActiveElsewhere)
    }

    /// Worth a line in View details: everything that did not simply go in.
    pub const fn is_detail(self) -> bool {
        !matches!(self.bucket(), Bucket::Imported)
    }

    /// What a person calls it on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Outcome::Created => "Created",
            Outcome::Updated => "Updated",
            Outcome::Unchanged => "Unchanged",
            Outcome::DuplicateInFile => "Repeats an earlier row",
            Outcome::DuplicateInCampaign => "Already in this campaign",
            Outcome::ActiveElsewhere => "In progress elsewhere",
            Outcome::DuplicateInWorkspace => "Already in a campaign",
            Outcome::Suppressed => "Do not contact",
            Outcome::SkippedDeleted => "Deleted here before",
            Outcome::NoMatch => "Nobody to update",
            Outcome::IdentityConflict => "Needs review",
            Outcome::Failed => "Failed",
        }
    }
}

/// How many rows had which outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "BTreeMap<Outcome, u64>", into = "BTreeMap<Outcome, u64>")]
pub struct OutcomeCounts([u64; Outcome::ALL.len()]);

impl OutcomeCounts {
    /// Counts one more row.
    pub fn add(&mut self, outcome: Outcome) {
        self.0[outcome as usize] += 1;
    }

    /// A row that had one outcome has another by now.
    pub fn change(&mut self, from: Outcome, to: Outcome) {
        let of_before = &mut self.0[from as usize];
        *of_before = of_before.saturating_sub(1);
        self.add(to);
    }

    /// The rows with this outcome.
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.0[outcome as usize]
    }

    /// The rows of one count of the summary.
    pub fn bucket(&self, bucket: Bucket) -> u64 {
        Outcome::ALL.iter().filter(|o| o.bucket() == bucket).map(|&o| self.of(o)).sum()
    }

    /// The rows that a duplicate check left out.
    pub fn excluded(&self) -> u64 {
        Outcome::ALL.iter().filter(|o| o.is_exclusion()).map(|&o| self.of(o)).sum()
    }

    /// All rows: equals the data rows of the file (R14).
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Every outcome with its count, zeros too.
    pub fn all(&self) -> impl Iterator<Item = (Outcome, u64)> + '_ {
        Outcome::ALL.iter().map(|&o| (o, self.of(o)))
    }
}

impl From<BTreeMap<Outcome, u64>> for OutcomeCounts {
    fn from(map: BTreeMap<Outcome, u64>) -> Self {
        let mut counts = OutcomeCounts::default();
        for (outcome, n) in map {
            counts.0[outcome as usize] = n;
        }
        counts
    }
}

impl From<OutcomeCounts> for BTreeMap<Outcome, u64> {
    fn from(counts: OutcomeCounts) -> Self {
        counts.all().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_the_summary_are_a_partition() {
        let mut counts = OutcomeCounts::default();
        for (i, &outcome) in Outcome::ALL.iter().enumerate() {
            for _ in 0..=i {
                counts.add(outcome);
            }
        }
        let buckets: u64 = Bucket::ALL.iter().map(|&b| counts.bucket(b)).sum();
        assert_eq!(buckets, counts.total());
        let text = serde_json::to_string(&counts).unwrap();
        assert_eq!(serde_json::from_str::<OutcomeCounts>(&text).unwrap(), counts);
        assert!(text.contains("\"duplicate_in_file\":4"));
    }
}
