//! Campaigns, counters, leads, the lead list, bulk changes.

use domain::LeadStatus;
use domain::campaign::ClassCounts;
use domain::ids::{CampaignId, ChangeId, ContactId, ImportId, LeadId};
use domain::lead::{LeadFilter, LeadSort};
use store::Position;
use store::changes::Forgotten;
use store::lead_list::{Folded, Window};
use store::leads::Lead;
use store::{Dialect, Error, Sql, Store, campaigns, changes, checks, lead_list, leads, tags};

use crate::support::{CAMPAIGN, OTHER, USER, WORKSPACE, furnished, on_both, people};

fn lead(id: i64, status: LeadStatus) -> Lead {
    Lead {
        id: LeadId(id),
        campaign: CAMPAIGN,
        contact: ContactId(id),
        status,
        variables: "{\"icebreaker\":\"hi\"}".to_owned(),
        import: Some(ImportId(1)),
    }
}

/// Leads 1 to 60; the odd ones done.
async fn sixty(store: &Store) -> anyhow::Result<()> {
    furnished(store).await?;
    people(store, 1..=60).await?;
    let status = |id| if id % 2 == 0 { LeadStatus::InProgress } else { LeadStatus::Done };
    let mut tx = store.write().await?;
    leads::add(&mut tx, WORKSPACE, (1..=60).map(|id| lead(id, status(id))).collect(), 5).await?;
    let counts = [(LeadStatus::InProgress, 30), (LeadStatus::Done, 30), (LeadStatus::Paused, 0)];
    campaigns::add_counts(&mut tx, WORKSPACE, CAMPAIGN, &counts).await?;
    Ok(tx.commit().await?)
}

#[test]
fn campaigns_are_listed_renamed_and_archived() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        campaigns::add(&mut tx, WORKSPACE, CampaignId(5), "Ünïcode 🙂", "unicode", USER, 7).await?;
        let listed = campaigns::list(&mut tx, WORKSPACE, false).await?;
        assert_eq!(listed.iter().map(|c| c.id.0).collect::<Vec<_>>(), [5, 1], "newest change first");
        assert_eq!(listed[0].owner, "Mara");
        campaigns::rename(&mut tx, WORKSPACE, CampaignId(5), "Other", "other", 8).await?;
        campaigns::set_archived(&mut tx, WORKSPACE, CampaignId(5), Some(9), 9).await?;
        campaigns::touch(&mut tx, WORKSPACE, CAMPAIGN, 10).await?;
        assert_eq!(campaigns::totals(&mut tx, WORKSPACE).await?, (1, 1));
        assert_eq!(campaigns::list(&mut tx, WORKSPACE, true).await?[0].name, "Other");
        assert_eq!(campaigns::by_name(&mut tx, WORKSPACE, "other").await?.unwrap().id, CampaignId(5));
        assert!(campaigns::get(&mut tx, OTHER, CampaignId(5)).await?.is_none(), "another workspace's is not there");
        assert_eq!(campaigns::among(&mut tx, WORKSPACE, &[CAMPAIGN, CampaignId(2)]).await?.len(), 1);
        let names = ["b".to_owned(), "a".to_owned(), "b".to_owned()];
        campaigns::add_variables(&mut tx, WORKSPACE, CAMPAIGN, &names).await?;
        assert_eq!(campaigns::variables(&mut tx, WORKSPACE, CAMPAIGN).await?, ["a", "b"]);
        Ok(())
    });
}

#[test]
fn counters_move_with_the_leads() {
    on_both(|store| async move {
        sixty(&store).await?;
        let mut tx = store.write().await?;
        let expected = ClassCounts { active: 30, pending: 0, ended: 30 };
        assert_eq!(campaigns::class_counts(&mut tx, WORKSPACE).await?, [(CAMPAIGN, expected)]);
        assert!(checks::counters(&mut tx, WORKSPACE).await?.is_empty());
        campaigns::add_counts(&mut tx, WORKSPACE, CAMPAIGN, &[(LeadStatus::Done, -1)]).await?;
        let wrong = checks::counters(&mut tx, WORKSPACE).await?;
        assert_eq!(wrong, ["I7: cam_1 shows 29 leads as done, there are 30"]);
        assert!(checks::orphans(&mut tx).await?.is_empty());
        assert!(checks::database(&mut tx).await?.is_empty());
        Ok(())
    });
}

#[test]
fn a_campaign_holds_one_person_once() {
    on_both(|store| async move {
        sixty(&store).await?;
        let twin = Lead { id: LeadId(99), ..lead(1, LeadStatus::ToLaunch) };
        let again = leads::add(&mut store.write().await?, WORKSPACE, vec![twin], 5).await;
        assert!(matches!(again, Err(Error::Conflict)), "{again:?}");
        Ok(())
    });
}

#[test]
fn memberships_say_where_a_person_is() {
    on_both(|store| async move {
        sixty(&store).await?;
        let mut tx = store.write().await?;
        campaigns::add(&mut tx, WORKSPACE, CampaignId(5), "Second", "second", USER, 7).await?;
        campaigns::set_archived(&mut tx, WORKSPACE, CampaignId(5), Some(9), 9).await?;
        let second = Lead { id: LeadId(99), campaign: CampaignId(5), ..lead(1, LeadStatus::Paused) };
        leads::add(&mut tx, WORKSPACE, vec![second], 5).await?;
        let found = leads::memberships(&mut tx, WORKSPACE, &[ContactId(1), ContactId(77)]).await?;
        assert_eq!(found.len(), 1);
        let places: Vec<_> = found[&ContactId(1)].iter().map(|m| (m.campaign.0, m.status, m.archived)).collect();
        assert_eq!(places, [(1, LeadStatus::Done, false), (5, LeadStatus::Paused, true)]);
        let others = leads::elsewhere(&mut tx, WORKSPACE, ContactId(1), CAMPAIGN).await?;
        assert_eq!((others.len(), others[0].name.as_str(), others[0].archived), (1, "Second", true));
        leads::set_variables(&mut tx, OTHER, vec![(LeadId(2), "{}".to_owned())], 6).await?;
        leads::set_variables(&mut tx, WORKSPACE, vec![(LeadId(1), "{}".to_owned())], 6).await?;
        let variables = leads::variables(&mut tx, WORKSPACE, CAMPAIGN, &[ContactId(1), ContactId(2)]).await?;
        assert_eq!(variables[&ContactId(1)], (LeadId(1), "{}".to_owned()));
        assert_eq!(variables[&ContactId(2)].1, "{\"icebreaker\":\"hi\"}");
        Ok(())
    });
}

#[test]
fn pages_go_on_where_the_last_one_ended_in_every_order() {
    on_both(|store| async move {
        sixty(&store).await?;
        let mut tx = store.read().await?;
        for sort in LeadSort::ALL.iter().copied() {
            for descending in [false, true] {
                let filter = Folded::default();
                let mut seen = Vec::new();
                let mut after = None;
                loop {
                    let window = Window { filter: &filter, sort, descending, after: after.take(), limit: 7 };
                    let page = lead_list::window(&mut tx, WORKSPACE, CAMPAIGN, &window).await?;
                    let Some(last) = page.last() else { break };
                    let key = match sort {
                        LeadSort::Added => "",
                        LeadSort::Name => &last.name_key,
                        LeadSort::Company => &last.company_key,
                    };
                    after = Some(Position { key: key.to_owned(), id: last.id.0 });
                    seen.extend(page.iter().map(|l| l.id.0));
                }
                let mut expected: Vec<i64> = (1..=60).collect();
                // names run against the ids, companies are all alike
                if (sort == LeadSort::Name) != descending {
                    expected.reverse();
                }
                assert_eq!(seen, expected, "{sort} {descending}");
            }
        }
        Ok(())
    });
}

#[test]
fn one_filter_serves_list_count_and_bulk() {
    on_both(|store| async move {
        sixty(&store).await?;
        let tag = tags::ensure(&store, WORKSPACE, &[("VIP".to_owned(), "vip".to_owned())]).await?["vip"];
        let mut tx = store.write().await?;
        tags::add(&mut tx, WORKSPACE, &[(ContactId(2), tag), (ContactId(3), tag)], None).await?;
        let cases = [
            (LeadFilter::default(), 60),
            (LeadFilter { statuses: vec![LeadStatus::Done], ..LeadFilter::default() }, 30),
            (LeadFilter { tags: vec!["vip".to_owned()], ..LeadFilter::default() }, 2),
            (LeadFilter { search: "p1@x".to_owned(), ..LeadFilter::default() }, 1),
            (LeadFilter { search: "100% co_op".to_owned(), ..LeadFilter::default() }, 60),
            (LeadFilter { search: "100_".to_owned(), ..LeadFilter::default() }, 0),
            (LeadFilter { search: "'; DROP TABLE lead; --".to_owned(), ..LeadFilter::default() }, 0),
            (
                LeadFilter {
                    search: "name".to_owned(),
                    tags: vec!["vip".to_owned()],
                    statuses: vec![LeadStatus::Done, LeadStatus::Bounced],
                },
                1,
            ),
        ];
        for (filter, expected) in cases {
            let folded = Folded::new(&filter, str::to_lowercase);
            let window = Window { filter: &folded, sort: LeadSort::Added, descending: true, after: None, limit: 100 };
            let listed = lead_list::window(&mut tx, WORKSPACE, CAMPAIGN, &window).await?.len();
            let counted = lead_list::count(&mut tx, WORKSPACE, CAMPAIGN, &folded).await?;
            let picked = lead_list::pick_matching(&mut tx, WORKSPACE, CAMPAIGN, &folded, 0, 100).await?.len();
            assert_eq!((listed, counted, picked), (expected, expected as u64, expected), "{filter:?}");
        }
        let (campaign, line) = lead_list::get(&mut tx, WORKSPACE, LeadId(4)).await?.unwrap();
        assert_eq!((campaign, line.contact), (CAMPAIGN, ContactId(4)));
        assert!(lead_list::get(&mut tx, OTHER, LeadId(4)).await?.is_none());
        assert_eq!(lead_list::pick(&mut tx, WORKSPACE, CAMPAIGN, &[LeadId(4), LeadId(99)]).await?.len(), 1);
        Ok(())
    });
}

#[test]
fn a_bulk_change_keeps_what_stood_before() {
    on_both(|store| async move {
        sixty(&store).await?;
        let mut tx = store.write().await?;
        let change = ChangeId(7);
        changes::add(&mut tx, WORKSPACE, change, CAMPAIGN, USER, ("delete", ""), 8).await?;
        let leads = lead_list::pick(&mut tx, WORKSPACE, CAMPAIGN, &[LeadId(1), LeadId(2)]).await?;
        changes::keep(&mut tx, WORKSPACE, change, &leads).await?;
        changes::delete_leads(&mut tx, WORKSPACE, &[1, 2]).await?;
        let all = Folded::default();
        assert_eq!(lead_list::count(&mut tx, WORKSPACE, CAMPAIGN, &all).await?, 58);
        // one of the two is here again by now
        leads::add(&mut tx, WORKSPACE, vec![Lead { id: LeadId(99), ..lead(2, LeadStatus::ToLaunch) }], 9).await?;
        let kept = changes::kept(&mut tx, WORKSPACE, change, 0, 10).await?;
        assert_eq!(changes::put_back(&mut tx, WORKSPACE, CAMPAIGN, &kept, 9).await?, [1]);
        changes::set_undone(&mut tx, WORKSPACE, change, 9).await?;
        let found = changes::get_for_update(&mut tx, WORKSPACE, change).await?.unwrap();
        assert_eq!((found.created_at, found.undone_at), (8, Some(9)));
        assert!(changes::get_for_update(&mut tx, OTHER, change).await?.is_none());
        let changed = changes::set_status(&mut tx, WORKSPACE, &[1, 4], Some(LeadStatus::Done), LeadStatus::Paused, 9);
        assert_eq!(changed.await?, [1], "the lead that is not done any more stays");
        Ok(())
    });
}

#[test]
fn recent_changes_are_listed_and_forgotten() {
    on_both(|store| async move {
        sixty(&store).await?;
        let mut tx = store.write().await?;
        let picked = lead_list::pick(&mut tx, WORKSPACE, CAMPAIGN, &[LeadId(1), LeadId(2), LeadId(3)]).await?;
        for (id, leads) in [(7, 0..2), (8, 2..3), (9, 0..0)] {
            let change = ("status", "done");
            changes::add(&mut tx, WORKSPACE, ChangeId(id), CAMPAIGN, USER, change, id).await?;
            changes::keep(&mut tx, WORKSPACE, ChangeId(id), &picked[leads]).await?;
        }
        changes::set_undone(&mut tx, WORKSPACE, ChangeId(8), 12).await?;
        let recent = changes::recent(&mut tx, WORKSPACE, CAMPAIGN, 0).await?;
        let found: Vec<_> = recent.iter().map(|c| (c.id, c.leads, c.created_at, c.undone_at)).collect();
        assert_eq!(found, [(8, 1, 8, Some(12)), (7, 2, 7, None)], "what changed nothing is not listed");
        assert_eq!((recent[0].kind.as_str(), recent[0].detail.as_str()), ("status", "done"));
        assert_eq!(recent[0].actor, "Mara");
        assert_eq!(changes::recent(&mut tx, WORKSPACE, CAMPAIGN, 8).await?.len(), 1);
        assert!(changes::recent(&mut tx, OTHER, CAMPAIGN, 0).await?.is_empty());
        let ids = [ChangeId(7), ChangeId(8), ChangeId(9)];
        let single = changes::only_people(&mut tx, WORKSPACE, &ids).await?;
        assert_eq!(single, [(ChangeId(8), ContactId(picked[2].contact_id))].into_iter().collect());

        assert_eq!(changes::forget(&mut tx, 7, 10).await?, Forgotten::default());
        let part = changes::forget(&mut tx, 8, 1).await?;
        assert_eq!((part, changes::kept(&mut tx, WORKSPACE, ChangeId(7), 0, 9).await?.len()), (more(0), 1));
        assert_eq!(changes::forget(&mut tx, 8, 10).await?, more(1));
        assert_eq!(changes::forget(&mut tx, 8, 10).await?, Forgotten::default());
        assert!(changes::get_for_update(&mut tx, WORKSPACE, ChangeId(7)).await?.is_none());
        assert_eq!(changes::recent(&mut tx, WORKSPACE, CAMPAIGN, 0).await?.len(), 1, "the others are kept");
        Ok(())
    });
}

fn more(changes: u64) -> Forgotten {
    Forgotten { changes, more: true }
}

/// Who adds a lead waits for whoever holds the campaign, and the other way round.
#[test]
fn a_locked_campaign_waits_for_its_leads() {
    on_both(|store| async move {
        sixty(&store).await?;
        let mut tx = store.write().await?;
        campaigns::lock(&mut tx, WORKSPACE, CAMPAIGN).await?;
        campaigns::lock(&mut tx, OTHER, CAMPAIGN).await?;
        if store.dialect() == Dialect::Postgres {
            let mut other = store.write().await?;
            other.execute(Sql::new("SET LOCAL lock_timeout = '50ms'")).await?;
            let busy = campaigns::touch(&mut other, WORKSPACE, CAMPAIGN, 9).await.unwrap_err();
            assert!(busy.is_busy(), "{busy:?}");
        }
        Ok(())
    });
}
