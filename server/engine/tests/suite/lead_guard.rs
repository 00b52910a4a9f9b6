//! A52 wherever leads become active again: undo of a bulk act, archiving and bringing back.

use domain::campaign::{Archived, Unarchived};
use domain::ids::{CampaignId, ChangeId, LeadId};
use domain::lead::{Changed, LeadChange, LeadFilter, LeadSelection, RecentAct};
use domain::{DuplicatePolicy, LeadStatus, ProblemKind};

use crate::support::{Place, on_both, with};

const FILE: &str = "email,first name,ice\na@x.example,Ann,a\nb@x.example,Bea,b\nc@x.example,Cem,c\n";

fn all(expected: u64) -> LeadSelection {
    LeadSelection::Matching { filter: LeadFilter::default(), expected }
}

async fn set(place: &Place, campaign: CampaignId, leads: &[LeadId], status: LeadStatus) -> engine::Result<Changed> {
    let ids = LeadSelection::Ids(leads.to_vec());
    place.engine.change_leads(&place.actor, campaign, ids, LeadChange::Status(status)).await
}

/// Two campaigns of the same three people: in progress in the first, to be launched in the second.
async fn furnished(place: &Place) -> anyhow::Result<(CampaignId, Vec<LeadId>, CampaignId, Vec<LeadId>)> {
    let first = place.engine.create_campaign(&place.actor, "First").await?;
    let second = place.engine.create_campaign(&place.actor, "Second").await?;
    place.import(Some(first), FILE, with(DuplicatePolicy::Campaign, LeadStatus::InProgress)).await?;
    place.import(Some(second), FILE, with(DuplicatePolicy::Campaign, LeadStatus::ToLaunch)).await?;
    let ids = |leads: Vec<domain::lead::LeadRow>| leads.iter().map(|lead| lead.id).collect::<Vec<_>>();
    Ok((first, ids(place.leads(first).await?), second, ids(place.leads(second).await?)))
}

async fn statuses(place: &Place, campaign: CampaignId) -> anyhow::Result<Vec<LeadStatus>> {
    Ok(place.leads(campaign).await?.iter().map(|lead| lead.status).collect())
}

#[test]
fn undo_of_a_status_makes_nobody_active_in_two_campaigns() {
    on_both(|place| async move {
        let (first, here, second, there) = furnished(&place).await?;
        let done = set(&place, first, &here, LeadStatus::Done).await?;
        set(&place, second, &there[..1], LeadStatus::InProgress).await?;
        // and one must not be contacted at all by now (R8)
        set(&place, second, &there[1..2], LeadStatus::Unsubscribed).await?;
        let undone = place.engine.undo_change(&place.actor, done.change).await?;
        assert_eq!((undone.count, undone.kept), (1, 2));
        assert_eq!(statuses(&place, first).await?, [LeadStatus::Done, LeadStatus::Done, LeadStatus::InProgress]);
        assert!(place.leads(first).await?[1].do_not_contact);
        Ok(())
    });
}

/// From one active status to another nobody becomes active: that goes back whoever writes to them elsewhere.
#[test]
fn undo_between_active_statuses_asks_nobody() {
    on_both(|place| async move {
        let (first, here, second, there) = furnished(&place).await?;
        let change = set(&place, first, &here, LeadStatus::Paused).await?;
        let filter = with(DuplicatePolicy::Campaign, LeadStatus::InProgress);
        let third = place.engine.create_campaign(&place.actor, "Third").await?;
        place.import(Some(third), FILE, filter).await?;
        assert_eq!(place.engine.undo_change(&place.actor, change.change).await?.count, 3);
        assert_eq!(set(&place, second, &there, LeadStatus::Scheduled).await?.kept, 3);
        Ok(())
    });
}

#[test]
fn undo_of_a_deletion_brings_those_who_may_not_be_active_back_as_done() {
    on_both(|place| async move {
        let (first, _, second, there) = furnished(&place).await?;
        let deleted = place.engine.change_leads(&place.actor, first, all(3), LeadChange::Delete).await?;
        set(&place, second, &there[..1], LeadStatus::InProgress).await?;
        let undone = place.engine.undo_change(&place.actor, deleted.change).await?;
        assert_eq!((undone.count, undone.kept, undone.ended), (3, 0, 1));
        let active = LeadStatus::InProgress;
        assert_eq!(statuses(&place, first).await?, [LeadStatus::Done, active, active]);
        assert_eq!(place.leads(first).await?[0].variables, [("ice".to_owned(), "a".to_owned())], "nothing is lost");
        Ok(())
    });
}

#[test]
fn nobody_becomes_active_in_an_archived_campaign() {
    on_both(|place| async move {
        let (first, here, ..) = furnished(&place).await?;
        let done = set(&place, first, &here, LeadStatus::Done).await?;
        let paused = set(&place, first, &here[..1], LeadStatus::Interested).await?;
        assert_eq!(place.engine.archive_campaign(&place.actor, first, false).await?, Archived::Done);
        let refused = set(&place, first, &here, LeadStatus::Scheduled).await.unwrap_err().into_problem();
        assert_eq!(refused.kind, ProblemKind::Conflict);
        assert!(refused.message.contains("“First” is archived"), "{}", refused.message);
        assert_eq!(place.engine.undo_change(&place.actor, paused.change).await?.count, 1, "done is not active");
        let undone = place.engine.undo_change(&place.actor, done.change).await?;
        assert_eq!((undone.count, undone.kept), (0, 3));
        let deleted = place.engine.change_leads(&place.actor, first, all(3), LeadChange::Delete).await?;
        assert_eq!(place.engine.undo_change(&place.actor, deleted.change).await?.count, 3);
        assert_eq!(statuses(&place, first).await?, [LeadStatus::Done; 3]);
        Ok(())
    });
}

/// An import that was under way brings active leads into a campaign that is archived by then.
#[test]
fn bringing_a_campaign_back_ends_those_who_are_active_elsewhere() {
    on_both(|place| async move {
        let (first, here, second, there) = furnished(&place).await?;
        set(&place, first, &here, LeadStatus::Done).await?;
        let late = place.engine.create_campaign(&place.actor, "Late").await?;
        place.engine.archive_campaign(&place.actor, late, false).await?;
        place.import(Some(late), FILE, with(DuplicatePolicy::Campaign, LeadStatus::Scheduled)).await?;
        set(&place, second, &there[..1], LeadStatus::InProgress).await?;
        set(&place, second, &there[1..2], LeadStatus::Unsubscribed).await?;
        let back = place.engine.unarchive_campaign(&place.actor, late).await?;
        assert_eq!(back, Unarchived { ended: 2 });
        assert_eq!(statuses(&place, late).await?, [LeadStatus::Done, LeadStatus::Done, LeadStatus::Scheduled]);
        place.sound().await?;
        // it stands among the recent changes, and the guard is asked again
        let recent = place.engine.list_recent_changes(&place.actor, late).await?;
        assert_eq!((recent.len(), &recent[0].what, recent[0].leads), (1, &RecentAct::Status(LeadStatus::Done), 2));
        set(&place, second, &there[..1], LeadStatus::Interested).await?;
        let undone = place.engine.undo_change(&place.actor, recent[0].change).await?;
        assert_eq!((undone.count, undone.kept), (1, 1));
        assert_eq!(place.engine.unarchive_campaign(&place.actor, late).await?, Unarchived::default(), "it is open");
        Ok(())
    });
}

/// Two people of one address: their deletion is one, and a deletion after it does not hide it (R9).
#[test]
fn people_of_a_shared_address_are_deleted_and_come_back() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file = "email,linkedin\ninfo@x.example,linkedin.com/in/ann\ninfo@x.example,linkedin.com/in/bea\n";
        let by_profile = |s: &mut domain::import::ImportSettings| {
            s.identifiers = vec![vec![domain::import::Target::Field(domain::PersonField::LinkedinUrl)]];
        };
        place.import(Some(campaign), file, by_profile).await?;
        let leads = place.leads(campaign).await?;
        assert_eq!(leads.len(), 2);
        let deleted = place.engine.change_leads(&place.actor, campaign, all(2), LeadChange::Delete).await?;
        assert_eq!(place.engine.undo_change(&place.actor, deleted.change).await?.count, 2);
        let delete = |lead: LeadId| {
            let one = LeadSelection::Ids(vec![lead]);
            place.engine.change_leads(&place.actor, campaign, one, LeadChange::Delete)
        };
        delete(leads[0].id).await?;
        let second = delete(leads[1].id).await?;
        place.engine.undo_change(&place.actor, second.change).await?;
        let again = place.import(Some(campaign), "email,linkedin\ninfo@x.example,linkedin.com/in/ann\n", by_profile);
        assert_eq!(crate::support::outcomes(&again.await?), [domain::Outcome::SkippedDeleted]);
        Ok(())
    });
}

#[test]
fn recent_changes_say_what_was_done_for_thirty_days() {
    on_both(|place| async move {
        let (first, here, second, _) = furnished(&place).await?;
        let status = set(&place, first, &here, LeadStatus::Done).await?;
        let nothing = set(&place, first, &here, LeadStatus::Done).await?;
        assert_eq!((nothing.count, nothing.kept), (0, 3));
        let one = LeadSelection::Ids(here[..1].to_vec());
        place.engine.change_leads(&place.actor, first, one, LeadChange::AddTag("VIP".to_owned())).await?;
        place.engine.change_leads(&place.actor, first, all(3), LeadChange::Delete).await?;
        let recent = place.engine.list_recent_changes(&place.actor, first).await?;
        let words: Vec<_> = recent.iter().map(|r| (r.what.clone(), r.leads, r.whom.as_deref(), r.undone)).collect();
        let expected = [
            (RecentAct::Delete, 3, None, false),
            (RecentAct::AddTag("VIP".to_owned()), 1, Some("Ann"), false),
            (RecentAct::Status(LeadStatus::Done), 3, None, false),
        ];
        assert_eq!(words, expected);
        assert!(place.engine.list_recent_changes(&place.actor, second).await?.is_empty());
        let stranger = place.engine.owner_of("Someone else").await?;
        assert!(place.engine.list_recent_changes(&stranger, first).await.is_err());
        assert!(place.engine.undo_change(&stranger, status.change).await.is_err());

        place.engine.undo_change(&place.actor, recent[0].change).await?;
        assert!(place.engine.list_recent_changes(&place.actor, first).await?[0].undone);
        assert_eq!(place.engine.sweep().await?.changes, 0, "thirty days are not over");
        place.now.fetch_add(30 * 24 * 60 * 60 * 1_000 + 60_000, std::sync::atomic::Ordering::Relaxed);
        let old = place.engine.undo_change(&place.actor, status.change).await.unwrap_err().into_problem();
        assert!(old.message.contains("thirty days"), "{}", old.message);
        assert!(place.engine.list_recent_changes(&place.actor, first).await?.is_empty());
        assert_eq!(place.engine.sweep().await?.changes, 4);
        assert_eq!(place.engine.sweep().await?.changes, 0);
        let gone = place.engine.undo_change(&place.actor, ChangeId(status.change.0)).await.unwrap_err();
        assert_eq!(gone.into_problem().kind, ProblemKind::NotFound);
        Ok(())
    });
}
