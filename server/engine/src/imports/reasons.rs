//! Why a row had its outcome, as a sentence for people: one place for screen, CSV and command line.

use domain::Outcome;
use domain::import::Matched;
use domain::lead::OtherCampaign;

/// The sentence. `met` is the campaign that kept the row out, when it may be named.
pub(super) fn sentence(
    outcome: Outcome,
    reason: &str,
    matched: Option<Matched>,
    met: Option<&OtherCampaign>,
) -> String {
    let place = met.map_or_else(
        || "another campaign".to_owned(),
        |m| format!("{} of {} ({})", m.name, m.owner, m.status.label().to_lowercase()),
    );
    let by = matched.map_or("identifier", Matched::label);
    match (outcome, reason) {
        (Outcome::Failed, sentence) => sentence.to_owned(),
        (Outcome::Created, "waited") => "Came in when the other campaign was done with them.".to_owned(),
        (Outcome::Created, "knownPerson") => "New lead of someone who was here already.".to_owned(),
        (Outcome::Created, _) => "New person.".to_owned(),
        (Outcome::Updated, _) => format!("Matched by {by}; the file brought new values."),
        (Outcome::Unchanged, _) => format!("Matched by {by}; nothing new in the file."),
        (Outcome::DuplicateInFile, reason) => match reason.strip_prefix("row:") {
            Some(row) => format!("The same person as in row {row} of this file."),
            None => "The same person as in an earlier row of this file.".to_owned(),
        },
        (Outcome::DuplicateInCampaign, _) => format!("Already in this campaign, by {by}."),
        (Outcome::ActiveElsewhere, _) => format!("Matched by {by}; in progress in {place}."),
        (Outcome::DuplicateInWorkspace, "isContact") => format!("Already a contact of the workspace, by {by}."),
        (Outcome::DuplicateInWorkspace, _) => {
            let ended = met.is_some_and(|m| m.status.class() == domain::StatusClass::Ended);
            let ended = if ended { "ended" } else { "is" };
            format!("Blocked by the workspace policy; {ended} in {place}, by {by}.")
        }
        (Outcome::Suppressed, "waited") => "Must not be contacted any more; no longer waits.".to_owned(),
        (Outcome::Suppressed, "leftOut") => "Must not be contacted; left out, as chosen.".to_owned(),
        (Outcome::Suppressed, "blocked") => format!("Must not be contacted; not added here because of {place}."),
        (Outcome::Suppressed, "here") => "Must not be contacted; already in this campaign.".to_owned(),
        (Outcome::Suppressed, _) => "Imported, do not contact: nothing is ever sent to them.".to_owned(),
        (Outcome::SkippedDeleted, "waited") => "Deleted here since; no longer waits.".to_owned(),
        (Outcome::SkippedDeleted, _) => "Deleted here before; left out, as chosen.".to_owned(),
        (Outcome::NoMatch, "notInCampaign") => {
            "Known here, but not in this campaign; only existing leads are updated.".to_owned()
        }
        (Outcome::NoMatch, _) => "Nobody here has these identifiers; only existing leads are updated.".to_owned(),
        (Outcome::IdentityConflict, _) => "Its identifiers belong to two different people here.".to_owned(),
    }
}
