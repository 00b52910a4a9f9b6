//! A68: what can be done about a row that was left out. Remove the person there, or let them wait until it ends.

use std::sync::atomic::Ordering;

use domain::contact::{ContactChange, ContactSelection, HistoryWhat};
use domain::ids::{CampaignId, ImportId};
use domain::import::{AddHere, RowActs, RowQuery};
use domain::lead::{LeadChange, LeadSelection};
use domain::merge::MergeChoices;
use domain::{DuplicatePolicy, LeadStatus, Outcome, Role};
use engine::Actor;

use crate::dump::{contact, dump, same};
use crate::support::{Place, on_both, outcomes, with};

const THERE: &str = "email,first name,last name\nann@x.example,Ann,Lee\nbob@x.example,Bob,Ray\n";
const FILE: &str = "email,first name,last name,Ice\nnew@x.example,New,One,hi\nann@x.example,Ann,Lee,hello\n";
/// The row of Ann.
const ANN: u64 = 2;

/// Ann is in progress in Busy, and an import into Next left her out.
struct Story {
    busy: CampaignId,
    next: CampaignId,
    import: ImportId,
}

impl Story {
    async fn begin(place: &Place) -> anyhow::Result<Story> {
        let busy = place.engine.create_campaign(&place.actor, "Busy").await?;
        let next = place.engine.create_campaign(&place.actor, "Next").await?;
        place.import(Some(busy), THERE, with(DuplicatePolicy::Active, LeadStatus::InProgress)).await?;
        let import = import(place, next, FILE).await?;
        assert_eq!(outcomes(&place.rows(import).await?), [Outcome::Created, Outcome::ActiveElsewhere]);
        Ok(Story { busy, next, import })
    }
}

async fn import(place: &Place, campaign: CampaignId, file: &str) -> anyhow::Result<ImportId> {
    let import = place
        .draft(Some(campaign), file, |settings| {
            with(DuplicatePolicy::Active, LeadStatus::ToLaunch)(settings);
            settings.tags = vec!["Fair".to_owned()];
        })
        .await?;
    place.engine.run_import_now(&place.actor, import).await?;
    Ok(import)
}

/// What View details offers for a row.
async fn offered(place: &Place, import: ImportId, row: u64) -> anyhow::Result<Option<RowActs>> {
    let query = RowQuery { import, outcomes: vec![], search: String::new(), tag: String::new(), after: row - 1 };
    let page = place.engine.import_rows(&place.actor, &query).await?;
    Ok(page.rows.into_iter().find(|r| r.row == row).and_then(|r| r.acts))
}

async fn add_of(place: &Place, import: ImportId, row: u64) -> anyhow::Result<AddHere> {
    Ok(offered(place, import, row).await?.map_or(AddHere::No, |acts| acts.add))
}

/// A minute passes, and the worker looks.
async fn a_minute_later(place: &Place) -> anyhow::Result<()> {
    place.now.fetch_add(60_000, Ordering::Relaxed);
    let (_stop, go_on) = tokio::sync::watch::channel(false);
    while place.engine.work_once(&go_on).await? {}
    Ok(())
}

async fn set(place: &Place, campaign: CampaignId, email: &str, change: LeadChange) -> anyhow::Result<()> {
    let who = contact(place, email).await?;
    let leads = place.leads(campaign).await?;
    let lead = leads.iter().find(|l| l.contact == who).map(|l| l.id).expect("a lead");
    place.engine.change_leads(&place.actor, campaign, LeadSelection::Ids(vec![lead]), change).await?;
    Ok(())
}

/// Everything that concerns people, but what is kept of bulk acts.
async fn people(place: &Place) -> anyhow::Result<Vec<String>> {
    let mut rows = dump(place).await?;
    rows.retain(|row| !row.starts_with("bulk_change"));
    Ok(rows)
}

async fn emails(place: &Place, campaign: CampaignId) -> anyhow::Result<Vec<String>> {
    let leads = place.leads(campaign).await?;
    Ok(leads.iter().map(|l| l.person.get(domain::PersonField::Email).to_owned()).collect())
}

#[test]
fn removed_there_makes_room_and_can_be_taken_back() {
    on_both(|place| async move {
        let Story { busy, next, import } = Story::begin(&place).await?;
        let acts = offered(&place, import, ANN).await?.expect("something can be done");
        assert_eq!((acts.name.as_str(), acts.there), ("Ann Lee", Some((busy, "Busy".to_owned()))));
        assert_eq!(acts.add, AddHere::WhenEnded("Busy".to_owned()));
        assert_eq!(offered(&place, import, 1).await?, None, "nothing for a row that went in");

        let before = people(&place).await?;
        let removed = place.engine.remove_there(&place.actor, import, ANN, busy).await?;
        assert_eq!(removed.changed.count, 1);
        assert_eq!(removed.acts.map(|acts| (acts.there, acts.add)), Some((None, AddHere::Now)));
        assert_eq!(emails(&place, busy).await?, ["bob@x.example"]);
        let twice = place.engine.remove_there(&place.actor, import, ANN, busy).await;
        assert!(twice.is_err(), "she is not there any more");
        place.engine.undo_change(&place.actor, removed.changed.change).await?;
        same(&before, &people(&place).await?)?;

        // out again: no import brings her back there, and she may come in here
        place.engine.remove_there(&place.actor, import, ANN, busy).await?;
        let there = place.import(Some(busy), THERE, |_| {}).await?;
        assert_eq!(outcomes(&there)[0], Outcome::SkippedDeleted);
        let acts = place.engine.wait_to_come_in(&place.actor, import, ANN).await?;
        assert_eq!(acts.map(|acts| acts.add), Some(AddHere::Coming));
        a_minute_later(&place).await?;
        assert_eq!(emails(&place, next).await?, ["new@x.example", "ann@x.example"]);
        Ok(())
    });
}

/// Whoever was taken out to be brought in anew is not kept out by that very act.
#[test]
fn removed_from_the_campaign_of_the_import_leaves_no_tombstone() {
    on_both(|place| async move {
        let Story { busy, .. } = Story::begin(&place).await?;
        let file = "email\nann@x.example\n";
        let create = |s: &mut domain::import::ImportSettings| s.mode = domain::ImportMode::CreateOnly;
        let again = place.draft(Some(busy), file, create).await?;
        place.engine.run_import_now(&place.actor, again).await?;
        assert_eq!(outcomes(&place.rows(again).await?), [Outcome::DuplicateInCampaign]);
        let acts = offered(&place, again, 1).await?.expect("something can be done");
        assert_eq!((acts.there, acts.add), (Some((busy, "Busy".to_owned())), AddHere::No));
        assert!(place.engine.wait_to_come_in(&place.actor, again, 1).await.is_err(), "she is here");
        place.engine.remove_there(&place.actor, again, 1, busy).await?;
        assert_eq!(outcomes(&place.import(Some(busy), file, create).await?), [Outcome::Created]);
        Ok(())
    });
}

/// A52: who came in and was launched meanwhile is not written to by two when the removal is taken back.
#[test]
fn a_removal_taken_back_too_late_comes_back_as_done() {
    on_both(|place| async move {
        let Story { busy, next, import } = Story::begin(&place).await?;
        let removed = place.engine.remove_there(&place.actor, import, ANN, busy).await?;
        place.engine.wait_to_come_in(&place.actor, import, ANN).await?;
        a_minute_later(&place).await?;
        set(&place, next, "ann@x.example", LeadChange::Status(LeadStatus::InProgress)).await?;
        let back = place.engine.undo_change(&place.actor, removed.changed.change).await?;
        assert_eq!((back.count, back.ended), (1, 1));
        let ann = contact(&place, "ann@x.example").await?;
        let status = place.leads(busy).await?.iter().find(|l| l.contact == ann).map(|l| l.status);
        assert_eq!(status, Some(LeadStatus::Done));
        Ok(())
    });
}

#[test]
fn who_waits_comes_in_when_the_other_lead_ends() {
    on_both(|place| async move {
        let Story { busy, next, import } = Story::begin(&place).await?;
        let acts = place.engine.wait_to_come_in(&place.actor, import, ANN).await?.expect("she waits");
        assert_eq!(acts.add, AddHere::Waits("Busy".to_owned()));
        let twice = place.engine.wait_to_come_in(&place.actor, import, ANN).await?;
        assert_eq!(twice, Some(acts), "asked twice is asked once");
        a_minute_later(&place).await?;
        assert_eq!(emails(&place, next).await?, ["new@x.example"], "Busy is not done with her");

        set(&place, busy, "ann@x.example", LeadChange::Status(LeadStatus::Done)).await?;
        assert_eq!(add_of(&place, import, ANN).await?, AddHere::Coming);
        a_minute_later(&place).await?;
        let leads = place.leads(next).await?;
        assert_eq!(emails(&place, next).await?, ["new@x.example", "ann@x.example"]);
        assert_eq!(leads[1].status, LeadStatus::ToLaunch);
        assert_eq!(leads[1].variables, [("Ice".to_owned(), "hello".to_owned())]);
        let rows = place.rows(import).await?;
        assert_eq!(outcomes(&rows), [Outcome::Created; 2]);
        assert_eq!(rows[1].why, "Came in when the other campaign was done with them.");
        let summary = place.engine.get_import_summary(&place.actor, import).await?;
        assert_eq!((summary.import.counts.of(Outcome::Created), summary.import.counts.total()), (2, 2));
        let ann = contact(&place, "ann@x.example").await?;
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        let came = HistoryWhat::Waited { campaign: "Next".to_owned(), came: true };
        assert!(panel.history.iter().any(|line| line.what == came), "{:?}", panel.history);
        assert!(panel.row.tags.iter().any(|tag| tag == "Fair"), "with the tags of the import");

        // nobody waits any more, and nothing happens twice
        let after = dump(&place).await?;
        a_minute_later(&place).await?;
        same(&after, &dump(&place).await?)?;
        assert!(place.engine.stop_waiting(&place.actor, import, ANN).await.is_err());
        place.sound().await?;

        // undoing the import takes her back like the others
        place.engine.undo_import_now(&place.actor, import).await?;
        assert!(emails(&place, next).await?.is_empty());
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert!(panel.row.tags.is_empty(), "{:?}", panel.row.tags);
        Ok(())
    });
}

#[test]
fn who_waits_comes_in_when_the_other_campaign_is_archived_or_lets_them_go() {
    on_both(|place| async move {
        let Story { busy, next, import } = Story::begin(&place).await?;
        place.engine.wait_to_come_in(&place.actor, import, ANN).await?;
        // the campaign here is archived: she waits, whatever ends there
        place.engine.archive_campaign(&place.actor, next, true).await?;
        set(&place, busy, "ann@x.example", LeadChange::Delete).await?;
        a_minute_later(&place).await?;
        assert_eq!(add_of(&place, import, ANN).await?, AddHere::Archived);
        place.engine.unarchive_campaign(&place.actor, next).await?;
        a_minute_later(&place).await?;
        assert_eq!(emails(&place, next).await?, ["new@x.example", "ann@x.example"]);

        let third = place.engine.create_campaign(&place.actor, "Third").await?;
        let import = self::import(&place, third, "email\nbob@x.example\n").await?;
        place.engine.wait_to_come_in(&place.actor, import, 1).await?;
        place.engine.archive_campaign(&place.actor, busy, true).await?;
        a_minute_later(&place).await?;
        assert_eq!(emails(&place, third).await?, ["bob@x.example"]);
        Ok(())
    });
}

#[test]
fn another_campaign_that_begins_meanwhile_keeps_them_waiting() {
    on_both(|place| async move {
        let Story { busy, next, import } = Story::begin(&place).await?;
        place.engine.wait_to_come_in(&place.actor, import, ANN).await?;
        let other = place.engine.create_campaign(&place.actor, "Other").await?;
        let status = with(DuplicatePolicy::Campaign, LeadStatus::Scheduled);
        place.import(Some(other), "email\nann@x.example\n", status).await?;
        set(&place, busy, "ann@x.example", LeadChange::Status(LeadStatus::Done)).await?;
        a_minute_later(&place).await?;
        assert_eq!(emails(&place, next).await?, ["new@x.example"]);
        assert_eq!(add_of(&place, import, ANN).await?, AddHere::Waits("Other".to_owned()));
        let acts = place.engine.stop_waiting(&place.actor, import, ANN).await?.expect("she can be asked for again");
        assert_eq!(acts.add, AddHere::WhenEnded("Other".to_owned()));
        set(&place, other, "ann@x.example", LeadChange::Delete).await?;
        a_minute_later(&place).await?;
        assert_eq!(emails(&place, next).await?, ["new@x.example"], "nobody waits");
        Ok(())
    });
}

/// R8, R9: the wait brings in nobody who must not be contacted or who was deleted.
#[test]
fn who_is_refused_for_good_waits_no_more_and_is_counted() {
    on_both(|place| async move {
        let busy = place.engine.create_campaign(&place.actor, "Busy").await?;
        let next = place.engine.create_campaign(&place.actor, "Next").await?;
        place.import(Some(busy), THERE, with(DuplicatePolicy::Active, LeadStatus::InProgress)).await?;
        let import = self::import(&place, next, THERE).await?;
        place.engine.wait_to_come_in(&place.actor, import, 1).await?;
        place.engine.wait_to_come_in(&place.actor, import, 2).await?;
        set(&place, busy, "ann@x.example", LeadChange::Status(LeadStatus::Unsubscribed)).await?;
        let bob = contact(&place, "bob@x.example").await?;
        let gone =
            place.engine.change_contacts(&place.actor, ContactSelection::Ids(vec![bob]), ContactChange::Delete).await?;
        a_minute_later(&place).await?;
        assert!(emails(&place, next).await?.is_empty());
        let rows = place.rows(import).await?;
        assert_eq!(outcomes(&rows), [Outcome::Suppressed, Outcome::SkippedDeleted]);
        assert_eq!(rows[0].why, "Must not be contacted any more; no longer waits.");
        assert_eq!(rows[1].why, "Deleted here since; no longer waits.");
        let counts = place.engine.get_import_summary(&place.actor, import).await?.import.counts;
        assert_eq!((counts.of(Outcome::Suppressed), counts.of(Outcome::SkippedDeleted), counts.total()), (1, 1, 2));
        place.engine.undo_contact_change(&place.actor, gone.change).await?;
        set(&place, busy, "bob@x.example", LeadChange::Status(LeadStatus::Done)).await?;
        a_minute_later(&place).await?;
        assert!(emails(&place, next).await?.is_empty(), "the wait is over");
        let ann = contact(&place, "ann@x.example").await?;
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        let vain = HistoryWhat::Waited { campaign: "Next".to_owned(), came: false };
        assert!(panel.history.iter().any(|line| line.what == vain));
        Ok(())
    });
}

/// The wait moves with a merge, and back when the merge is taken back.
#[test]
fn a_merged_contact_waits_on_as_the_survivor() {
    on_both(|place| async move {
        place.import(None, "email\nold@x.example\n", |_| {}).await?;
        let Story { busy, next, import } = Story::begin(&place).await?;
        place.engine.wait_to_come_in(&place.actor, import, ANN).await?;
        let before = dump(&place).await?;
        let (old, ann) = (contact(&place, "old@x.example").await?, contact(&place, "ann@x.example").await?);
        let merged = place.engine.merge(&place.actor, ann, old, &MergeChoices::default()).await?;
        assert_eq!(merged.survivor, old);
        assert_eq!(add_of(&place, import, ANN).await?, AddHere::Waits("Busy".to_owned()));
        place.engine.undo_merge(&place.actor, merged.id).await?;
        same(&before, &dump(&place).await?)?;

        let merged = place.engine.merge(&place.actor, ann, old, &MergeChoices::default()).await?;
        set(&place, busy, "ann@x.example", LeadChange::Status(LeadStatus::Done)).await?;
        a_minute_later(&place).await?;
        assert_eq!(place.leads(next).await?.iter().filter(|l| l.contact == old).count(), 1);
        // the wait has ended: it does not come back
        place.engine.undo_merge(&place.actor, merged.id).await?;
        assert!(!dump(&place).await?.iter().any(|line| line.starts_with("waiting")));
        Ok(())
    });
}

#[test]
fn undoing_the_import_ends_its_waits() {
    on_both(|place| async move {
        let Story { busy, next, import } = Story::begin(&place).await?;
        place.engine.wait_to_come_in(&place.actor, import, ANN).await?;
        place.engine.undo_import_now(&place.actor, import).await?;
        assert_eq!(offered(&place, import, ANN).await?, None);
        assert!(place.engine.wait_to_come_in(&place.actor, import, ANN).await.is_err());
        set(&place, busy, "ann@x.example", LeadChange::Status(LeadStatus::Done)).await?;
        a_minute_later(&place).await?;
        assert!(emails(&place, next).await?.is_empty());
        Ok(())
    });
}

/// Under `workspace` an ended lead keeps people out too: a wait would not end.
#[test]
fn nobody_waits_for_what_never_ends() {
    on_both(|place| async move {
        let Story { busy, next, .. } = Story::begin(&place).await?;
        let strict = with(DuplicatePolicy::Workspace, LeadStatus::ToLaunch);
        let import = place.draft(Some(next), "email\nann@x.example\n", strict).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let acts = offered(&place, import, 1).await?.expect("something can be done");
        assert_eq!((acts.there, acts.add), (Some((busy, "Busy".to_owned())), AddHere::No));
        let refused = place.engine.wait_to_come_in(&place.actor, import, 1).await.expect_err("refused");
        assert!(refused.into_problem().message.contains("would not end"));
        Ok(())
    });
}

#[test]
fn a_viewer_may_not_and_another_workspace_finds_nothing() {
    on_both(|place| async move {
        let Story { busy, import, .. } = Story::begin(&place).await?;
        place.engine.wait_to_come_in(&place.actor, import, ANN).await?;
        let viewer = Actor { role: Role::Viewer, ..place.actor.clone() };
        let stranger = place.engine.owner_of("Another team").await?;
        let before = dump(&place).await?;
        for (actor, what) in [(&viewer, "the role Viewer"), (&stranger, "not found")] {
            let refusals = [
                place.engine.remove_there(actor, import, ANN, busy).await.expect_err("refused"),
                place.engine.wait_to_come_in(actor, import, ANN).await.expect_err("refused"),
                place.engine.stop_waiting(actor, import, ANN).await.expect_err("refused"),
            ];
            for refusal in refusals {
                assert!(refusal.to_string().to_lowercase().contains(&what.to_lowercase()), "{refusal}");
            }
        }
        same(&before, &dump(&place).await?)?;
        Ok(())
    });
}
