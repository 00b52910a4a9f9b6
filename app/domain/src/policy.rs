//! The choices a person makes before an import runs.

use crate::words::words;

words! {
    /// What an import may do to leads (A25–A27).
    ImportMode, "import mode", {
        /// New people are added, known ones get new values.
        CreateAndUpdate = "createAndUpdate",
        /// New people are added, nobody in the campaign changes.
        CreateOnly = "createOnly",
        /// Only leads of the campaign change.
        UpdateOnly = "updateOnly",
    }
}

words! {
    /// What happens to a value that is there already (A32). An empty cell never clears one, whatever is chosen (R11).
    Overwrite, "overwrite rule", {
        /// The file's value wins.
        Overwrite = "overwrite",
        /// Only what is empty is filled.
        FillBlanks = "fillBlanks",
        /// What is known stays.
        Keep = "keep",
    }
}

words! {
    /// Whom an import leaves out because a campaign has them already (A10).
    DuplicatePolicy, "duplicate policy", {
        /// Only this campaign is checked.
        Campaign = "campaign",
        /// Also leaves out who is in progress in another campaign.
        Active = "active",
        /// Leaves out everyone who is in any campaign.
        Workspace = "workspace",
    }
}

words! {
    /// What to do with people who were deleted here before (R9).
    DeletedRows, "choice for deleted people", {
        /// They stay deleted.
        Skip = "skip",
        /// They come back.
        Restore = "restore",
    }
}

words! {
    /// What to do with people who must not be contacted (part C).
    SuppressedRows, "choice for people not to contact", {
        /// They become leads that nothing is ever sent to.
        Store = "store",
        /// They are left out.
        LeaveOut = "leaveOut",
    }
}

impl ImportMode {
    /// Whether people who are here already get new values.
    pub const fn updates(self) -> bool {
        !matches!(self, ImportMode::CreateOnly)
    }

    /// Whether people who are not here become leads.
    pub const fn creates(self) -> bool {
        !matches!(self, ImportMode::UpdateOnly)
    }

    /// The label of the radio card.
    pub const fn label(self) -> &'static str {
        match self {
            ImportMode::CreateAndUpdate => "Create and update leads",
            ImportMode::CreateOnly => "Create new leads only",
            ImportMode::UpdateOnly => "Update existing leads only",
        }
    }
}

impl Overwrite {
    /// What a person calls it on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Overwrite::Overwrite => "Overwrite",
            Overwrite::FillBlanks => "Fill blanks only",
            Overwrite::Keep => "Keep",
        }
    }

    /// The value that stands after `new` met `old`: an empty one never wins (R11).
    pub fn resolve<'a>(self, old: &'a str, new: &'a str) -> &'a str {
        match self {
            _ if new.is_empty() => old,
            Overwrite::Overwrite => new,
            Overwrite::FillBlanks if old.is_empty() => new,
            Overwrite::FillBlanks | Overwrite::Keep => old,
        }
    }
}

impl DuplicatePolicy {
    /// The label of the radio card (A12, A14, A17).
    pub const fn label(self) -> &'static str {
        match self {
            DuplicatePolicy::Campaign => "Don’t import leads that are already in this campaign",
            DuplicatePolicy::Active => "Don’t import leads currently in progress in another campaign",
            DuplicatePolicy::Workspace => "Don’t import leads that are already part of any campaign in your workspace",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_cell_never_clears_a_value() {
        for &rule in Overwrite::ALL {
            assert_eq!(rule.resolve("old", ""), "old");
        }
        assert_eq!(Overwrite::Overwrite.resolve("old", "new"), "new");
        assert_eq!(Overwrite::FillBlanks.resolve("old", "new"), "old");
        assert_eq!(Overwrite::FillBlanks.resolve("", "new"), "new");
        assert_eq!(Overwrite::Keep.resolve("", "new"), "");
    }
}
