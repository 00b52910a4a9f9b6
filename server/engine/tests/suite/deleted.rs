//! R9: deleted stays deleted, until someone asks for them again.

use domain::Outcome;
use domain::lead::{LeadChange, LeadFilter, LeadSelection};
use domain::policy::DeletedRows;

use crate::support::{on_both, outcomes};

#[test]
fn a_deleted_person_stays_out_until_someone_restores_them() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let other = place.engine.create_campaign(&place.actor, "Other").await?;
        let file = "email\na@x.example\nb@x.example\n";
        place.import(Some(campaign), file, |_| {}).await?;
        let selection = LeadSelection::Matching { filter: LeadFilter::default(), expected: 2 };
        place.engine.change_leads(&place.actor, campaign, selection, LeadChange::Delete).await?;
        let import = place.draft(Some(campaign), "email\nA@x.example\nnew@x.example\n", |_| {}).await?;
        assert_eq!(place.engine.dry_run_now(&place.actor, import).await?.deleted, 1, "the wizard asks");
        place.engine.run_import_now(&place.actor, import).await?;
        assert_eq!(outcomes(&place.rows(import).await?), [Outcome::SkippedDeleted, Outcome::Created]);
        let elsewhere = place.import(Some(other), "email\na@x.example\n", |_| {}).await?;
        assert_eq!(outcomes(&elsewhere), [Outcome::Created], "deleted from one campaign, not from the workspace");
        let back = place.import(Some(campaign), file, |s| s.deleted = DeletedRows::Restore).await?;
        assert_eq!(outcomes(&back), [Outcome::Created, Outcome::Created]);
        let again = place.import(Some(campaign), file, |_| {}).await?;
        assert_eq!(outcomes(&again), [Outcome::Unchanged, Outcome::Unchanged], "restored for good");
        Ok(())
    });
}
