//! Two actors at once: whoever is later sees what the earlier did, nothing is lost, nobody waits in a circle.

use std::sync::Arc;

use domain::ids::ContactId;
use domain::lead::{LeadChange, LeadFilter, LeadSelection};
use domain::merge::MergeChoices;
use domain::{DuplicatePolicy, LeadStatus, Outcome};
use engine::Engine;

use crate::dump::contact;
use crate::support::{Place, on_both, with};

const GROUPS: usize = 12;

/// `GROUPS` times three records, in two campaigns by turns.
async fn crowd(place: &Place) -> anyhow::Result<Vec<[ContactId; 3]>> {
    let campaigns = [
        place.engine.create_campaign(&place.actor, "First").await?,
        place.engine.create_campaign(&place.actor, "Second").await?,
    ];
    let mut groups = Vec::new();
    for (n, campaign) in campaigns.into_iter().cycle().take(3).enumerate() {
        let rows = (0..GROUPS).map(|g| format!("p{g}.{n}@x.example,Title {n}\n"));
        let file = String::from("email,job title\n") + &rows.collect::<String>();
        place.import(Some(campaign), &file, with(DuplicatePolicy::Campaign, LeadStatus::InProgress)).await?;
    }
    let first = contact(place, "p0.0@x.example").await?;
    for g in 0..GROUPS {
        let mut group = [first; 3];
        for (n, id) in group.iter_mut().enumerate() {
            *id = contact(place, &format!("p{g}.{n}@x.example")).await?;
        }
        groups.push(group);
    }
    Ok(groups)
}

fn merge(place: &Arc<Place>, a: ContactId, b: ContactId) -> tokio::task::JoinHandle<engine::Result<()>> {
    let place = place.clone();
    tokio::spawn(async move { place.engine.merge(&place.actor, a, b, &MergeChoices::default()).await.map(|_| ()) })
}

async fn who(engine: &Engine, place: &Place, id: ContactId) -> anyhow::Result<ContactId> {
    Ok(engine.resolve_contact(&place.actor, id).await?)
}

#[test]
fn merging_a_with_b_and_b_with_c_at_once_makes_one_of_all() {
    on_both(|place: Arc<Place>| async move {
        let groups = crowd(&place).await?;
        let tasks: Vec<_> = groups.iter().flat_map(|&[a, b, c]| [merge(&place, a, b), merge(&place, c, b)]).collect();
        for task in tasks {
            task.await??;
        }
        for [a, b, c] in groups {
            let one = who(&place.engine, &place, b).await?;
            assert_eq!((who(&place.engine, &place, a).await?, who(&place.engine, &place, c).await?), (one, one));
        }
        Ok(())
    });
}

#[test]
fn of_two_who_merge_the_same_pair_one_is_told() {
    on_both(|place: Arc<Place>| async move {
        for [a, b, _] in crowd(&place).await? {
            let (one, two) = (merge(&place, a, b), merge(&place, b, a));
            let (one, two) = (one.await?, two.await?);
            assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
            let why = one.and(two).unwrap_err().into_problem().message;
            assert!(why.contains("one contact already"), "{why}");
        }
        Ok(())
    });
}

#[test]
fn an_undo_meets_a_merge_on_top_of_it_and_another_undo() {
    on_both(|place: Arc<Place>| async move {
        for [a, b, c] in crowd(&place).await? {
            let id = place.engine.merge(&place.actor, a, b, &MergeChoices::default()).await?.id;
            let undo = || {
                let place = place.clone();
                tokio::spawn(async move { place.engine.undo_merge(&place.actor, id).await.map(|_| ()) })
            };
            let (one, two, on_top) = (undo(), undo(), merge(&place, a, c));
            let (one, two) = (one.await?, two.await?);
            on_top.await??;
            assert!(one.is_ok() != two.is_ok(), "taken back once: {one:?} {two:?}");
            assert_eq!(who(&place.engine, &place, c).await?, who(&place.engine, &place, a).await?);
            assert_eq!(who(&place.engine, &place, b).await?, b);
        }
        Ok(())
    });
}

#[test]
fn people_are_either_merged_or_separated_never_both() {
    on_both(|place: Arc<Place>| async move {
        for [a, b, c] in crowd(&place).await? {
            let apart = {
                let place = place.clone();
                tokio::spawn(async move { place.engine.separate(&place.actor, b, c).await })
            };
            let (one, two) = (merge(&place, a, b), merge(&place, a, c));
            let (apart, one, two) = (apart.await?, one.await?, two.await?);
            let together = who(&place.engine, &place, b).await? == who(&place.engine, &place, c).await?;
            assert_eq!(together, apart.is_err(), "{apart:?} {one:?} {two:?}");
            assert_eq!(together, one.is_ok() && two.is_ok(), "{apart:?} {one:?} {two:?}");
        }
        Ok(())
    });
}

#[test]
fn imports_and_bulk_acts_meet_merges_and_never_make_anyone_twice() {
    on_both(|place: Arc<Place>| async move {
        let groups = crowd(&place).await?;
        let campaign = place.engine.create_campaign(&place.actor, "Third").await?;
        let mut file = String::from("email,job title\n");
        for g in 0..GROUPS {
            for n in 0..3 {
                file += &format!("P{g}.{n}@x.example,Imported\nnew{g}.{n}@x.example,New\n");
            }
        }
        let import = place.draft(Some(campaign), &file, with(DuplicatePolicy::Campaign, LeadStatus::Done)).await?;
        let importing = {
            let place = place.clone();
            tokio::spawn(async move { place.engine.run_import_now(&place.actor, import).await })
        };
        let ending = {
            let place = place.clone();
            let first = place.engine.list_campaigns(&place.actor, "First", false).await?.rows[0].id;
            tokio::spawn(async move {
                for expected in (0..=2 * GROUPS as u64).rev() {
                    let all = LeadSelection::Matching { filter: LeadFilter::default(), expected };
                    let done = LeadChange::Status(LeadStatus::Done);
                    // merges change the count while it is asked for; what matters is that nothing breaks
                    let _ = place.engine.change_leads(&place.actor, first, all, done).await;
                }
            })
        };
        let merging: Vec<_> = groups.iter().flat_map(|&[a, b, c]| [merge(&place, a, b), merge(&place, b, c)]).collect();
        for task in merging {
            task.await??;
        }
        importing.await??;
        ending.await?;
        let rows = place.rows(import).await?;
        assert!(rows.iter().all(|r| r.outcome != Outcome::Failed), "no row fails for a merge");
        let leads = place.leads(campaign).await?;
        let people: std::collections::HashSet<_> = leads.iter().map(|l| l.contact).collect();
        assert_eq!(people.len(), leads.len());
        assert_eq!(people.len(), GROUPS * 4, "each group is one person, beside the new ones");
        for [a, b, c] in groups {
            let one = who(&place.engine, &place, a).await?;
            assert_eq!((who(&place.engine, &place, b).await?, who(&place.engine, &place, c).await?), (one, one));
        }
        Ok(())
    });
}
