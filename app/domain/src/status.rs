//! Lead statuses and what they mean for others who want to write to the same person (part D of the contract).

use crate::words::words;

words! {
    /// Where a lead stands in its campaign. The words are the users'; the other product's API words are read too.
    LeadStatus, "lead status", {
        /// Added, the campaign has not been launched for them.
        ToLaunch = "toLaunch" | "review",
        /// Details are being looked up.
        Enriching = "enriching" | "scanning",
        /// Checked by someone, waits for its turn.
        Reviewed = "reviewed",
        /// Has a date for the next step.
        Scheduled = "scheduled",
        /// Steps are being sent.
        InProgress = "inProgress" | "running",
        /// Held by someone.
        Paused = "paused",
        /// Every step was sent.
        Done = "done",
        /// Answered and wants to talk.
        Interested = "interested",
        /// Answered and does not.
        NotInterested = "notInterested",
        /// Asked to be left alone.
        Unsubscribed = "unsubscribed",
        /// Left out by someone.
        Skipped = "skipped",
        /// The address does not exist.
        Bounced = "bounced",
        /// A step could not be done.
        Failed = "failed",
    }
}

words! {
    /// What a status means to the `active` policy and to the charts.
    StatusClass, "status class", {
        /// Someone is writing to them: blocks `active`.
        Active = "active",
        /// Not begun: does not block, but the summary warns (R15).
        Pending = "pending",
        /// Over: does not block `active`.
        Ended = "ended",
    }
}

impl LeadStatus {
    /// The class of the status (part D).
    pub const fn class(self) -> StatusClass {
        match self {
            LeadStatus::InProgress | LeadStatus::Paused | LeadStatus::Reviewed | LeadStatus::Scheduled => {
                StatusClass::Active
            }
            LeadStatus::ToLaunch | LeadStatus::Enriching => StatusClass::Pending,
            LeadStatus::Done
            | LeadStatus::Interested
            | LeadStatus::NotInterested
            | LeadStatus::Unsubscribed
            | LeadStatus::Skipped
            | LeadStatus::Bounced
            | LeadStatus::Failed => StatusClass::Ended,
        }
    }

    /// Whether reaching this status means that nobody may write to the person again (R8).
    pub const fn suppresses(self) -> bool {
        matches!(self, LeadStatus::Unsubscribed | LeadStatus::Bounced)
    }

    /// How far along the lead is, for two leads of one person in one campaign that become one: the further one stays,
    /// so that no step is repeated. Someone's hold (`paused`) outranks a campaign that runs, because a merge must not
    /// resume what was held; every ended status outranks the active ones, because whoever is through is not begun
    /// again; and among the ended, what the person said outranks what happened to the mail, a no outranks a yes, and
    /// nothing outranks being asked to stop (R8).
    pub const fn progress(self) -> u8 {
        match self {
            LeadStatus::ToLaunch => 0,
            LeadStatus::Enriching => 1,
            LeadStatus::Reviewed => 2,
            LeadStatus::Scheduled => 3,
            LeadStatus::InProgress => 4,
            LeadStatus::Paused => 5,
            LeadStatus::Skipped => 6,
            LeadStatus::Failed => 7,
            LeadStatus::Done => 8,
            LeadStatus::Bounced => 9,
            LeadStatus::Interested => 10,
            LeadStatus::NotInterested => 11,
            LeadStatus::Unsubscribed => 12,
        }
    }

    /// The further of two.
    #[must_use]
    pub const fn further(self, other: LeadStatus) -> LeadStatus {
        if other.progress() > self.progress() { other } else { self }
    }

    /// Whether steps go out, or will by themselves: the active statuses but the one that someone holds.
    pub const fn is_moving(self) -> bool {
        matches!(self.class(), StatusClass::Active) && !matches!(self, LeadStatus::Paused)
    }

    /// What a person calls it on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            LeadStatus::ToLaunch => "To launch",
            LeadStatus::Enriching => "Enriching",
            LeadStatus::Reviewed => "Reviewed",
            LeadStatus::Scheduled => "Scheduled",
            LeadStatus::InProgress => "In progress",
            LeadStatus::Paused => "Paused",
            LeadStatus::Done => "Done",
            LeadStatus::Interested => "Interested",
            LeadStatus::NotInterested => "Not interested",
            LeadStatus::Unsubscribed => "Unsubscribed",
            LeadStatus::Skipped => "Skipped",
            LeadStatus::Bounced => "Bounced",
            LeadStatus::Failed => "Failed",
        }
    }
}

impl StatusClass {
    /// What a person calls it on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            StatusClass::Active => "Active",
            StatusClass::Pending => "Pending",
            StatusClass::Ended => "Ended",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_active_statuses_and_no_others_block() {
        let active: Vec<_> =
            LeadStatus::ALL.iter().filter(|s| s.class() == StatusClass::Active).map(|s| s.word()).collect();
        assert_eq!(active, ["reviewed", "scheduled", "inProgress", "paused"]);
    }

    #[test]
    fn the_further_of_two_statuses_never_begins_anything_again() {
        use std::collections::BTreeSet;
        let ranks: BTreeSet<u8> = LeadStatus::ALL.iter().map(|s| s.progress()).collect();
        assert_eq!(ranks.len(), LeadStatus::ALL.len(), "each has a rank of its own");
        for &a in LeadStatus::ALL {
            for &b in LeadStatus::ALL {
                let both = a.further(b);
                assert_eq!(both, b.further(a));
                assert!(both == a || both == b);
                let class = |s: LeadStatus| match s.class() {
                    StatusClass::Pending => 0,
                    StatusClass::Active => 1,
                    StatusClass::Ended => 2,
                };
                assert_eq!(class(both), class(a).max(class(b)), "{a} and {b}");
            }
        }
        assert_eq!(LeadStatus::InProgress.further(LeadStatus::Paused), LeadStatus::Paused);
        assert_eq!(LeadStatus::Interested.further(LeadStatus::NotInterested), LeadStatus::NotInterested);
    }

    #[test]
    fn the_other_products_words_are_read() {
        assert_eq!("running".parse(), Ok(LeadStatus::InProgress));
        assert_eq!("review".parse(), Ok(LeadStatus::ToLaunch));
        assert_eq!("scanning".parse(), Ok(LeadStatus::Enriching));
        assert!("nonsense".parse::<LeadStatus>().is_err());
    }
}
