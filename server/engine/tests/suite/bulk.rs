//! Bulk acts on leads and their undo (R13).

use domain::LeadStatus;
use domain::lead::{LeadChange, LeadFilter, LeadSelection};

use crate::support::on_both;

const FILE: &str = "email,first name\na@x.example,Ann\nb@x.example,Bea\nc@x.example,Cem\n";

fn all(expected: u64) -> LeadSelection {
    LeadSelection::Matching { filter: LeadFilter::default(), expected }
}

#[test]
fn a_deletion_is_taken_back_whole() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        place.import(Some(campaign), FILE, |_| {}).await?;
        let before = place.leads(campaign).await?;
        let done = place.engine.change_leads(&place.actor, campaign, all(3), LeadChange::Delete).await?;
        assert_eq!((done.count, place.leads(campaign).await?.len()), (3, 0));
        place.sound().await?;
        let undone = place.engine.undo_change(&place.actor, done.change).await?;
        assert_eq!((undone.count, undone.kept), (3, 0));
        assert_eq!(place.leads(campaign).await?, before);
        let twice = place.engine.undo_change(&place.actor, done.change).await.unwrap_err().into_problem();
        assert!(twice.message.contains("already"), "{}", twice.message);
        Ok(())
    });
}

#[test]
fn undo_keeps_what_was_changed_since_and_counts_it() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        place.import(Some(campaign), FILE, |_| {}).await?;
        let done = LeadChange::Status(LeadStatus::Done);
        let first = place.engine.change_leads(&place.actor, campaign, all(3), done).await?;
        let lead = place.leads(campaign).await?.remove(0);
        let later = LeadChange::Status(LeadStatus::Interested);
        place.engine.change_leads(&place.actor, campaign, LeadSelection::Ids(vec![lead.id]), later).await?;
        let undone = place.engine.undo_change(&place.actor, first.change).await?;
        assert_eq!((undone.count, undone.kept), (2, 1));
        let status: Vec<_> = place.leads(campaign).await?.iter().map(|l| l.status).collect();
        assert_eq!(status, [LeadStatus::Interested, LeadStatus::ToLaunch, LeadStatus::ToLaunch]);
        Ok(())
    });
}

#[test]
fn tags_come_and_go() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        place.import(Some(campaign), FILE, |s| s.tags = vec!["Fair 2026".to_owned()]).await?;
        let tag = LeadChange::AddTag("VIP".to_owned());
        let added = place.engine.change_leads(&place.actor, campaign, all(3), tag).await?;
        assert_eq!(place.leads(campaign).await?[0].tags, ["Fair 2026", "VIP"]);
        let filter = LeadFilter { tags: vec!["vip".to_owned()], ..LeadFilter::default() };
        let selection = LeadSelection::Matching { filter, expected: 3 };
        let removed = place
            .engine
            .change_leads(&place.actor, campaign, selection, LeadChange::RemoveTag("fair 2026".to_owned()))
            .await?;
        assert_eq!(removed.count, 3);
        place.engine.undo_change(&place.actor, added.change).await?;
        place.engine.undo_change(&place.actor, removed.change).await?;
        assert_eq!(place.leads(campaign).await?[0].tags, ["Fair 2026"]);
        Ok(())
    });
}

#[test]
fn a_selection_of_all_that_match_is_counted_again() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        place.import(Some(campaign), FILE, |_| {}).await?;
        let stale = place.engine.change_leads(&place.actor, campaign, all(2), LeadChange::Delete).await;
        assert!(stale.unwrap_err().into_problem().message.contains("3 leads match now, not 2"));
        assert_eq!(place.leads(campaign).await?.len(), 3);
        Ok(())
    });
}

/// A52: the guard runs again when a lead becomes active.
#[test]
fn nobody_becomes_active_in_two_campaigns() {
    on_both(|place| async move {
        let first = place.engine.create_campaign(&place.actor, "First").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        for campaign in [first, second] {
            place.import(Some(campaign), FILE, |_| {}).await?;
        }
        let launch = || LeadChange::Status(LeadStatus::InProgress);
        let lead = place.leads(first).await?.remove(0);
        place.engine.change_leads(&place.actor, first, LeadSelection::Ids(vec![lead.id]), launch()).await?;
        let done = place.engine.change_leads(&place.actor, second, all(3), launch()).await?;
        assert_eq!((done.count, done.kept), (2, 1));
        Ok(())
    });
}
