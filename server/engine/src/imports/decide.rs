//! What becomes of one row: a pure function of the row, of what the look-ups found, and of the settings (part C).

use domain::ids::CampaignId;
use domain::import::ImportSettings;
use domain::policy::{DeletedRows, SuppressedRows};
use domain::{DuplicatePolicy, ImportMode, LeadStatus, Outcome, StatusClass};

/// The settings that the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// What may happen to leads.
    pub mode: ImportMode,
    /// Whom to leave out.
    pub policy: DuplicatePolicy,
    /// Archived campaigns do not block under `workspace` (R10).
    pub ignore_archived: bool,
    /// What to do with people deleted here before.
    pub deleted: DeletedRows,
    /// What to do with people not to contact.
    pub suppressed: SuppressedRows,
    /// Whether rows become leads at all; without a campaign they become contacts only.
    pub to_campaign: bool,
}

impl Rules {
    /// The rules of an import's settings.
    pub fn new(settings: &ImportSettings, to_campaign: bool) -> Self {
        Rules {
            mode: settings.mode,
            policy: settings.policy,
            ignore_archived: settings.ignore_archived,
            deleted: settings.deleted,
            suppressed: settings.suppressed,
            to_campaign,
        }
    }
}

/// The person's place in another campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elsewhere {
    /// Which campaign.
    pub campaign: CampaignId,
    /// Where the person stands there.
    pub status: LeadStatus,
    /// Whether that campaign is archived.
    pub archived: bool,
}

/// The person was met earlier in this file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// In which row.
    pub row: u64,
    /// Whether that row went in, so that this one's values may apply too (R4, R7).
    pub taken: bool,
}

/// What is known of a row's person, as if every row before had been applied (R4).
#[derive(Debug, Clone, Default)]
pub struct Facts<'a> {
    /// Why the row cannot be used at all.
    pub refused: Option<&'a str>,
    /// How many different people its identifiers belong to.
    pub people: usize,
    /// Met earlier in this file.
    pub met: Option<Met>,
    /// Deleted here before.
    pub deleted: bool,
    /// Must not be contacted.
    pub suppressed: bool,
    /// This campaign has the person.
    pub here: bool,
    /// The person's places in other campaigns, oldest first.
    pub elsewhere: &'a [Elsewhere],
}

/// What becomes of a row, and what is written for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The outcome; `Updated` stands for updated or unchanged until the values are compared.
    pub outcome: Outcome,
    /// Why, as a code (a failed row: the sentence).
    pub reason: String,
    /// The campaign that kept it out.
    pub met_there: Option<Elsewhere>,
    /// The person becomes a contact, if they are none.
    pub person: bool,
    /// The row's values and further identifiers go to the person, by the overwrite rule.
    pub values: bool,
    /// The person becomes a lead of this campaign.
    pub lead: bool,
}

impl Decision {
    fn nothing(outcome: Outcome, reason: impl Into<String>) -> Self {
        Decision { outcome, reason: reason.into(), met_there: None, person: false, values: false, lead: false }
    }

    /// Whether anything is written for the row's person.
    pub fn takes(&self) -> bool {
        self.person || self.values || self.lead || matches!(self.outcome, Outcome::Updated)
    }
}

/// Decides what becomes of a row, in the order of checks of part C.
pub fn decide(facts: &Facts<'_>, rules: &Rules) -> Decision {
    if let Some(sentence) = facts.refused {
        return Decision::nothing(Outcome::Failed, sentence);
    }
    if facts.people > 1 {
        return Decision::nothing(Outcome::IdentityConflict, "twoPeople");
    }
    let known = facts.people == 1;
    let updates = rules.mode.updates();
    if let Some(met) = facts.met {
        let values = updates && met.taken && known;
        return Decision { values, ..Decision::nothing(Outcome::DuplicateInFile, format!("row:{}", met.row)) };
    }
    if facts.deleted && rules.deleted == DeletedRows::Skip {
        return Decision::nothing(Outcome::SkippedDeleted, "deleted");
    }
    if facts.suppressed && rules.mode.creates() {
        return suppressed(facts, rules);
    }
    if !rules.to_campaign {
        return contact_only(known, rules);
    }
    if facts.here {
        return if updates {
            Decision { values: true, ..Decision::nothing(Outcome::Updated, "") }
        } else {
            Decision::nothing(Outcome::DuplicateInCampaign, "inCampaign")
        };
    }
    if !rules.mode.creates() {
        return Decision::nothing(Outcome::NoMatch, if known { "notInCampaign" } else { "nobody" });
    }
    if let Some((outcome, reason, blocker)) = blocked(facts.elsewhere, rules) {
        return Decision { met_there: Some(blocker), ..Decision::nothing(outcome, reason) };
    }
    Decision {
        person: true,
        values: updates || !known,
        lead: true,
        ..Decision::nothing(Outcome::Created, if known { "knownPerson" } else { "newPerson" })
    }
}

/// Someone who must not be contacted: passing the policy never makes them sendable, and the policy still keeps them
/// out of a campaign.
fn suppressed(facts: &Facts<'_>, rules: &Rules) -> Decision {
    if rules.suppressed == SuppressedRows::LeaveOut {
        return Decision::nothing(Outcome::Suppressed, "leftOut");
    }
    let known = facts.people == 1;
    let values = rules.mode.updates() || !known;
    if !rules.to_campaign {
        return Decision { person: true, values, ..Decision::nothing(Outcome::Suppressed, "stored") };
    }
    if facts.here {
        return Decision { values: rules.mode.updates(), ..Decision::nothing(Outcome::Suppressed, "here") };
    }
    match blocked(facts.elsewhere, rules) {
        Some((_, _, blocker)) => {
            Decision { met_there: Some(blocker), ..Decision::nothing(Outcome::Suppressed, "blocked") }
        }
        None => Decision { person: true, values, lead: true, ..Decision::nothing(Outcome::Suppressed, "stored") },
    }
}

fn contact_only(known: bool, rules: &Rules) -> Decision {
    match (known, rules.mode) {
        (true, ImportMode::CreateOnly) => Decision::nothing(Outcome::DuplicateInWorkspace, "isContact"),
        (true, _) => Decision { values: true, ..Decision::nothing(Outcome::Updated, "") },
        (false, ImportMode::UpdateOnly) => Decision::nothing(Outcome::NoMatch, "nobody"),
        (false, _) => Decision { person: true, values: true, ..Decision::nothing(Outcome::Created, "newPerson") },
    }
}

/// The campaign that keeps someone out, with the outcome and the reason.
pub(super) fn blocked(elsewhere: &[Elsewhere], rules: &Rules) -> Option<(Outcome, &'static str, Elsewhere)> {
    let is_active = |e: &&Elsewhere| e.status.class() == StatusClass::Active && !e.archived;
    match rules.policy {
        DuplicatePolicy::Campaign => None,
        DuplicatePolicy::Active => {
            elsewhere.iter().find(is_active).map(|e| (Outcome::ActiveElsewhere, "activeElsewhere", *e))
        }
        DuplicatePolicy::Workspace => {
            let counts = |e: &&Elsewhere| !(rules.ignore_archived && e.archived);
            // the one that matters most to the reader: an active campaign, else the first
            let blocker = elsewhere.iter().filter(counts).find(is_active).or(elsewhere.iter().find(counts));
            blocker.map(|e| (Outcome::DuplicateInWorkspace, "inWorkspace", *e))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(mode: ImportMode, policy: DuplicatePolicy) -> Rules {
        Rules {
            mode,
            policy,
            ignore_archived: false,
            deleted: DeletedRows::Skip,
            suppressed: SuppressedRows::Store,
            to_campaign: true,
        }
    }

    fn there(status: LeadStatus, archived: bool) -> Elsewhere {
        Elsewhere { campaign: CampaignId(9), status, archived }
    }

    /// A14, A15, A16, A17, R10, R15: every status under every policy.
    #[test]
    fn each_status_elsewhere_blocks_as_part_d_says() {
        for &status in LeadStatus::ALL {
            let elsewhere = [there(status, false)];
            let facts = Facts { people: 1, elsewhere: &elsewhere, ..Facts::default() };
            let outcome = |policy| decide(&facts, &rules(ImportMode::CreateAndUpdate, policy)).outcome;
            assert_eq!(outcome(DuplicatePolicy::Campaign), Outcome::Created);
            let active =
                if status.class() == StatusClass::Active { Outcome::ActiveElsewhere } else { Outcome::Created };
            assert_eq!(outcome(DuplicatePolicy::Active), active, "{status}");
            assert_eq!(outcome(DuplicatePolicy::Workspace), Outcome::DuplicateInWorkspace);
        }
    }

    #[test]
    fn one_active_lead_blocks_however_many_have_ended() {
        let elsewhere =
            [there(LeadStatus::Done, false), there(LeadStatus::Paused, false), there(LeadStatus::Done, true)];
        let facts = Facts { people: 1, elsewhere: &elsewhere, ..Facts::default() };
        let decision = decide(&facts, &rules(ImportMode::CreateAndUpdate, DuplicatePolicy::Active));
        assert_eq!((decision.outcome, decision.met_there), (Outcome::ActiveElsewhere, Some(elsewhere[1])));
    }

    #[test]
    fn archived_campaigns_count_as_ended() {
        let elsewhere = [there(LeadStatus::InProgress, true)];
        let facts = Facts { people: 1, elsewhere: &elsewhere, ..Facts::default() };
        let mut rules = rules(ImportMode::CreateAndUpdate, DuplicatePolicy::Active);
        assert_eq!(decide(&facts, &rules).outcome, Outcome::Created);
        rules.policy = DuplicatePolicy::Workspace;
        assert_eq!(decide(&facts, &rules).outcome, Outcome::DuplicateInWorkspace);
        rules.ignore_archived = true;
        assert_eq!(decide(&facts, &rules).outcome, Outcome::Created);
    }

    #[test]
    fn someone_not_to_contact_stays_so_under_every_policy() {
        let elsewhere = [there(LeadStatus::Unsubscribed, false)];
        let facts = Facts { people: 1, suppressed: true, elsewhere: &elsewhere, ..Facts::default() };
        for &policy in DuplicatePolicy::ALL {
            let decision = decide(&facts, &rules(ImportMode::CreateAndUpdate, policy));
            assert_eq!(decision.outcome, Outcome::Suppressed);
            assert_eq!(decision.lead, policy != DuplicatePolicy::Workspace, "the policy still keeps them out");
        }
        let update = decide(&facts, &rules(ImportMode::UpdateOnly, DuplicatePolicy::Campaign));
        assert_eq!(update.outcome, Outcome::NoMatch);
    }

    #[test]
    fn a_repeat_applies_its_values_only_where_the_first_went_in() {
        let met = |taken| Facts { people: 1, met: Some(Met { row: 3, taken }), ..Facts::default() };
        let values = |mode, taken| decide(&met(taken), &rules(mode, DuplicatePolicy::Active)).values;
        assert!(values(ImportMode::CreateAndUpdate, true));
        assert!(values(ImportMode::UpdateOnly, true));
        assert!(!values(ImportMode::CreateOnly, true));
        assert!(!values(ImportMode::CreateAndUpdate, false));
    }

    /// R7: what is excluded writes nothing.
    #[test]
    fn nothing_excluded_is_written() {
        let elsewhere = [there(LeadStatus::Scheduled, false)];
        for &mode in ImportMode::ALL {
            for &policy in DuplicatePolicy::ALL {
                for here in [false, true] {
                    let facts = Facts { people: 1, here, elsewhere: &elsewhere, ..Facts::default() };
                    let decision = decide(&facts, &rules(mode, policy));
                    assert!(!(decision.outcome.is_exclusion() && decision.takes()), "{mode} {policy} {here}");
                }
            }
        }
    }
}
