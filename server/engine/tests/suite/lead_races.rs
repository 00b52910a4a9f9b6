//! Bulk acts, their undo, archiving and merges at once: nobody is active twice, nothing is lost, and what was cut off
//! goes on.

use std::sync::Arc;

use domain::campaign::Archived;
use domain::ids::{CampaignId, LeadId};
use domain::lead::{LeadChange, LeadFilter, LeadSelection};
use domain::merge::MergeChoices;
use domain::{DuplicatePolicy, LeadStatus, StatusClass};
use store::{Dialect, Sql, Store};

use crate::support::{Place, on_both, with};

const PEOPLE: usize = 60;

fn file() -> String {
    (0..PEOPLE).fold(String::from("email,first name\n"), |file, n| file + &format!("p{n}@x.example,P{n}\n"))
}

fn all(expected: usize) -> LeadSelection {
    LeadSelection::Matching { filter: LeadFilter::default(), expected: expected as u64 }
}

async fn campaign(place: &Place, name: &str, status: LeadStatus) -> anyhow::Result<(CampaignId, Vec<LeadId>)> {
    let campaign = place.engine.create_campaign(&place.actor, name).await?;
    place.import(Some(campaign), &file(), with(DuplicatePolicy::Campaign, status)).await?;
    Ok((campaign, place.leads(campaign).await?.iter().map(|lead| lead.id).collect()))
}

/// The people who are active in more than one of these campaigns.
async fn twice(place: &Place, campaigns: &[CampaignId]) -> anyhow::Result<usize> {
    let mut active = std::collections::HashMap::new();
    for campaign in campaigns {
        for lead in place.leads(*campaign).await? {
            *active.entry(lead.contact).or_insert(0) += usize::from(lead.status.class() == StatusClass::Active);
        }
    }
    Ok(active.values().filter(|n| **n > 1).count())
}

#[test]
fn an_undo_and_a_launch_elsewhere_never_both_make_someone_active() {
    on_both(|place: Arc<Place>| async move {
        let (first, _) = campaign(&place, "First", LeadStatus::InProgress).await?;
        let (second, there) = campaign(&place, "Second", LeadStatus::ToLaunch).await?;
        for round in 0..6 {
            let (change, act) = match round % 2 {
                0 => (LeadChange::Status(LeadStatus::Done), "status"),
                _ => (LeadChange::Delete, "delete"),
            };
            let done = place.engine.change_leads(&place.actor, first, all(PEOPLE), change).await?;
            let launching: Vec<_> = there
                .chunks(7)
                .map(|leads| {
                    let (place, leads) = (place.clone(), LeadSelection::Ids(leads.to_vec()));
                    let launch = LeadChange::Status(LeadStatus::Scheduled);
                    tokio::spawn(async move { place.engine.change_leads(&place.actor, second, leads, launch).await })
                })
                .collect();
            let undone = place.engine.undo_change(&place.actor, done.change).await?;
            for launched in launching {
                launched.await??;
            }
            assert_eq!(undone.count + undone.kept, PEOPLE as u64, "{act}");
            assert_eq!(twice(&place, &[first, second]).await?, 0, "round {round}, {act}");
            place.sound().await?;
            let end = LeadChange::Status(LeadStatus::ToLaunch);
            place.engine.change_leads(&place.actor, second, all(PEOPLE), end).await?;
            let again = LeadChange::Status(LeadStatus::InProgress);
            place.engine.change_leads(&place.actor, first, all(PEOPLE), again).await?;
        }
        Ok(())
    });
}

#[test]
fn an_archived_campaign_has_no_active_lead_however_close_the_launch() {
    on_both(|place: Arc<Place>| async move {
        let (first, _) = campaign(&place, "First", LeadStatus::Done).await?;
        for round in 0..10 {
            let launching = {
                let place = place.clone();
                let launch = LeadChange::Status(LeadStatus::Scheduled);
                tokio::spawn(async move { place.engine.change_leads(&place.actor, first, all(PEOPLE), launch).await })
            };
            let archived = place.engine.archive_campaign(&place.actor, first, false).await?;
            let launched = launching.await?;
            let active = place.leads(first).await?.iter().filter(|l| l.status == LeadStatus::Scheduled).count();
            match archived {
                Archived::Done => assert_eq!((active, launched.is_err()), (0, true), "round {round}"),
                Archived::HasActive(n) => assert_eq!((active, n, launched.is_ok()), (PEOPLE, PEOPLE as u64, true)),
            }
            if archived == Archived::Done {
                place.engine.unarchive_campaign(&place.actor, first).await?;
            }
            let end = LeadChange::Status(LeadStatus::Done);
            place.engine.change_leads(&place.actor, first, all(PEOPLE), end).await?;
        }
        Ok(())
    });
}

#[test]
fn a_deletion_taken_back_while_people_are_merged_brings_no_lead_to_the_merged() {
    on_both(|place: Arc<Place>| async move {
        let (first, _) = campaign(&place, "First", LeadStatus::Done).await?;
        let people: Vec<_> = place.leads(first).await?.iter().map(|lead| lead.contact).collect();
        let deleted = place.engine.change_leads(&place.actor, first, all(PEOPLE), LeadChange::Delete).await?;
        let merging: Vec<_> = people
            .chunks(2)
            .map(|pair| {
                let (place, pair) = (place.clone(), [pair[0], pair[1]]);
                tokio::spawn(async move {
                    place.engine.merge(&place.actor, pair[1], pair[0], &MergeChoices::default()).await
                })
            })
            .collect();
        place.engine.undo_change(&place.actor, deleted.change).await?;
        for merged in merging {
            merged.await??;
        }
        let leads = place.leads(first).await?;
        assert_eq!(leads.len(), PEOPLE / 2, "one person is one lead");
        for lead in leads {
            assert_eq!(place.engine.resolve_contact(&place.actor, lead.contact).await?, lead.contact);
        }
        Ok(())
    });
}

/// The database refuses in the middle: what was committed until then stands, and asking again does the rest.
#[test]
fn what_was_cut_off_is_listed_and_taken_back_by_asking_again() {
    on_both(|place: Arc<Place>| async move {
        const LEADS: usize = 2_003;
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file = (0..LEADS).fold(String::from("email\n"), |file, n| file + &format!("p{n}@x.example\n"));
        place.import(Some(campaign), &file, |_| {}).await?;
        let last = place.leads(campaign).await?.pop().unwrap();
        let store = Store::open(&place.url).await?;

        // an act that dies with the process before its second batch
        break_lead(&store, last.id, "'done'").await?;
        let done = LeadChange::Status(LeadStatus::Done);
        let cut = place.engine.change_leads(&place.actor, campaign, all(LEADS), done).await.unwrap_err();
        let words = cut.into_problem().message;
        assert!(words.contains("2000 leads") && words.contains("Recent changes"), "{words}");
        let recent = place.engine.list_recent_changes(&place.actor, campaign).await?;
        assert_eq!((recent.len(), recent[0].leads, recent[0].undone), (1, 2_000, false));
        mend_lead(&store).await?;
        place.sound().await?;
        assert_eq!(place.engine.undo_change(&place.actor, recent[0].change).await?.count, 2_000);

        // and an undo that does
        let done = LeadChange::Status(LeadStatus::Done);
        let change = place.engine.change_leads(&place.actor, campaign, all(LEADS), done).await?.change;
        break_lead(&store, last.id, "'toLaunch'").await?;
        assert!(place.engine.undo_change(&place.actor, change).await.is_err());
        mend_lead(&store).await?;
        let rest = place.engine.undo_change(&place.actor, change).await?;
        assert_eq!(rest.count, 3, "the first batch was back already");
        assert!(place.leads(campaign).await?.iter().all(|lead| lead.status == LeadStatus::ToLaunch));
        assert!(place.engine.list_recent_changes(&place.actor, campaign).await?[0].undone);
        store.close().await;
        Ok(())
    });
}

/// From now on the database refuses to give this lead this status (a literal of SQL), as if the process had died there.
async fn break_lead(store: &Store, lead: LeadId, status: &'static str) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    tx.execute(Sql::new("CREATE TABLE broken (lead_id BIGINT, status TEXT)")).await?;
    let insert = Sql::new("INSERT INTO broken (lead_id, status) VALUES (").arg(lead.0).push(", ").push(status);
    tx.execute(insert.push(")")).await?;
    match store.dialect() {
        Dialect::Sqlite => {
            tx.execute(Sql::new(
                "CREATE TRIGGER breaks BEFORE UPDATE ON lead \
                 WHEN EXISTS (SELECT 1 FROM broken b WHERE b.lead_id = NEW.id AND b.status = NEW.status) \
                 BEGIN SELECT RAISE(ABORT, 'broken'); END",
            ))
            .await?;
        }
        Dialect::Postgres => {
            tx.execute(Sql::new(
                "CREATE FUNCTION breaks() RETURNS trigger AS $$ BEGIN \
                 IF EXISTS (SELECT 1 FROM broken b WHERE b.lead_id = NEW.id AND b.status = NEW.status) \
                 THEN RAISE EXCEPTION 'broken'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
            ))
            .await?;
            tx.execute(Sql::new("CREATE TRIGGER breaks BEFORE UPDATE ON lead FOR EACH ROW EXECUTE FUNCTION breaks()"))
                .await?;
        }
    }
    Ok(tx.commit().await?)
}

async fn mend_lead(store: &Store) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    match store.dialect() {
        Dialect::Sqlite => tx.execute(Sql::new("DROP TRIGGER breaks")).await?,
        Dialect::Postgres => tx.execute(Sql::new("DROP FUNCTION breaks CASCADE")).await?,
    };
    tx.execute(Sql::new("DROP TABLE broken")).await?;
    Ok(tx.commit().await?)
}
