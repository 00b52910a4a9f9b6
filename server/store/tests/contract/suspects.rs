//! Suspects, blocking keys, names that many people have.

use domain::ids::{ContactId, ImportId, JobId};
use domain::suspect::Band;
use store::match_keys::Settings;
use store::namesakes::{self, Namesake};
use store::suspects::{SCORE, Suspect};
use store::{contacts, jobs, match_keys, suspects, to_match};

use crate::support::{OTHER, WORKSPACE, furnished, on_both, people};

fn pair(first: i64, second: i64, band: Band, probability: i64, cluster: i64) -> Suspect {
    Suspect {
        first_contact_id: first,
        second_contact_id: second,
        reason: SCORE.to_owned(),
        band: band.word().to_owned(),
        weight: probability / 100,
        probability,
        parts: "[]".to_owned(),
        cluster_id: cluster,
    }
}

#[test]
fn clusters_come_by_band_and_the_surest_first() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=20).await?;
        let mut tx = store.write().await?;
        let scored = vec![
            pair(1, 2, Band::Obvious, 990_000, 1),
            pair(3, 4, Band::Obvious, 999_000, 3),
            // three who hang together, once weakly: someone should look
            pair(5, 6, Band::Obvious, 995_000, 5),
            pair(6, 7, Band::Review, 600_000, 5),
            pair(8, 9, Band::Review, 700_000, 8),
            pair(10, 11, Band::Name, 20_000, 0),
            pair(10, 12, Band::Name, 10_000, 0),
        ];
        suspects::put(&mut tx, WORKSPACE, scored, 10).await?;
        assert_eq!(suspects::count_open(&mut tx, WORKSPACE).await?, [2, 2, 2]);
        assert_eq!(suspects::count_open(&mut tx, OTHER).await?, [0, 0, 0]);

        let obvious = suspects::clusters(&mut tx, WORKSPACE, Band::Obvious, &[], None, 10).await?;
        assert_eq!(obvious, [(999_000, ContactId(3)), (990_000, ContactId(1))]);
        let after = Some(obvious[0]);
        let rest = suspects::clusters(&mut tx, WORKSPACE, Band::Obvious, &[], after, 10).await?;
        assert_eq!(rest, [obvious[1]]);
        let review = suspects::clusters(&mut tx, WORKSPACE, Band::Review, &[], None, 10).await?;
        assert_eq!(review, [(995_000, ContactId(5)), (700_000, ContactId(8))]);
        // `people` names contact 8 "Name 092"
        let found = suspects::clusters(&mut tx, WORKSPACE, Band::Review, &["name 092".to_owned()], None, 10).await?;
        assert_eq!(found, [(700_000, ContactId(8))]);
        let pairs = suspects::of_clusters(&mut tx, WORKSPACE, &[ContactId(5)]).await?;
        assert_eq!(pairs.iter().map(|p| p.second_contact_id).collect::<Vec<_>>(), [6, 7]);

        let names = suspects::name_pairs(&mut tx, WORKSPACE, &[], None, 10).await?;
        assert_eq!(names.iter().map(|p| p.second_contact_id).collect::<Vec<_>>(), [11, 12]);
        let place = Some((20_000, ContactId(10), ContactId(11)));
        assert_eq!(suspects::name_pairs(&mut tx, WORKSPACE, &[], place, 10).await?, names[1..]);
        let all = suspects::after(&mut tx, WORKSPACE, (ContactId(5), ContactId(6)), 2).await?;
        assert_eq!(all.iter().map(|p| (p.first_contact_id, p.second_contact_id)).collect::<Vec<_>>(), [(6, 7), (8, 9)]);
        assert_eq!(suspects::of_contacts(&mut tx, WORKSPACE, &[ContactId(6)]).await?.len(), 2);
        Ok(())
    });
}

#[test]
fn a_scan_brings_pairs_up_to_date_and_lets_go_of_others() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=6).await?;
        let mut tx = store.write().await?;
        suspects::add(&mut tx, WORKSPACE, &[(ContactId(5), ContactId(6))], "sharedIdentifiers", Some(ImportId(1)), 5)
            .await?;
        let scored = vec![pair(1, 2, Band::Review, 700_000, 1), pair(3, 4, Band::Review, 700_000, 3)];
        suspects::put(&mut tx, WORKSPACE, scored, 10).await?;
        suspects::put(&mut tx, WORKSPACE, vec![pair(1, 2, Band::Obvious, 990_000, 1)], 20).await?;
        let unseen = suspects::unseen(&mut tx, WORKSPACE, 15, 10).await?;
        assert_eq!(unseen, [(ContactId(3), ContactId(4))]);
        assert_eq!(suspects::said(&mut tx, WORKSPACE).await?, [(ContactId(5), ContactId(6))]);
        assert!(suspects::said(&mut tx, OTHER).await?.is_empty());
        let both = [unseen[0], (ContactId(1), ContactId(2))];
        suspects::remove_unseen(&mut tx, WORKSPACE, &both, 15).await?;
        let left = suspects::after(&mut tx, WORKSPACE, (ContactId(0), ContactId(0)), 10).await?;
        assert_eq!(left.iter().map(|p| p.first_contact_id).collect::<Vec<_>>(), [1, 5], "what an import said stays");
        assert_eq!(left[0].band, "obvious");
        suspects::remove_open(&mut tx, WORKSPACE, &[(ContactId(1), ContactId(2)), (ContactId(9), ContactId(9))])
            .await?;
        assert_eq!(suspects::open(&mut tx, WORKSPACE).await?, [(ContactId(5), ContactId(6))]);
        Ok(())
    });
}

#[test]
fn names_that_many_people_have_are_one_entry_each() {
    on_both(|store| async move {
        furnished(&store).await?;
        let name = |key, people| Namesake { key, name: format!("Name {key}"), people };
        let mut tx = store.write().await?;
        namesakes::replace(&mut tx, WORKSPACE, vec![name(7, 30), name(8, 40)], 1).await?;
        namesakes::put(&mut tx, WORKSPACE, vec![name(7, 50)], 2).await?;
        assert_eq!(namesakes::open(&mut tx, WORKSPACE, None, 10).await?, [name(7, 50), name(8, 40)]);
        assert_eq!(namesakes::open(&mut tx, WORKSPACE, Some((50, 7)), 10).await?, [name(8, 40)]);
        assert_eq!(suspects::count_open(&mut tx, WORKSPACE).await?, [0, 0, 2]);
        assert!(namesakes::keep(&mut tx, WORKSPACE, 7, true).await?);
        assert_eq!(namesakes::open(&mut tx, WORKSPACE, None, 10).await?, [name(8, 40)]);
        namesakes::replace(&mut tx, WORKSPACE, vec![name(7, 50)], 3).await?;
        assert!(namesakes::open(&mut tx, WORKSPACE, None, 10).await?.is_empty(), "a scan keeps the decision");
        namesakes::put(&mut tx, WORKSPACE, vec![name(7, 51)], 3).await?;
        assert_eq!(namesakes::open(&mut tx, WORKSPACE, None, 10).await?, [name(7, 51)], "one more came");
        namesakes::put(&mut tx, WORKSPACE, vec![name(7, 20)], 3).await?;
        namesakes::put(&mut tx, WORKSPACE, vec![name(7, 21)], 3).await?;
        assert_eq!(
            namesakes::open(&mut tx, WORKSPACE, None, 10).await?,
            [name(7, 21)],
            "so few were left, and one came"
        );
        namesakes::put(&mut tx, WORKSPACE, vec![name(9, 60)], 3).await?;
        namesakes::remove(&mut tx, WORKSPACE, &[9, 10]).await?;
        namesakes::remove(&mut tx, OTHER, &[7]).await?;
        assert_eq!(namesakes::open(&mut tx, WORKSPACE, None, 10).await?, [name(7, 21)]);
        assert!(!namesakes::keep(&mut tx, OTHER, 7, true).await?);
        namesakes::replace(&mut tx, WORKSPACE, vec![], 3).await?;
        assert!(namesakes::open(&mut tx, WORKSPACE, None, 10).await?.is_empty());
        Ok(())
    });
}

#[test]
fn blocking_keys_find_candidates_and_terms_add_up() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=3).await?;
        let mut tx = store.write().await?;
        let keys = [(-5, ContactId(1)), (-5, ContactId(2)), (9, ContactId(3))];
        assert_eq!(match_keys::add(&mut tx, WORKSPACE, &keys).await?, 3);
        assert_eq!(match_keys::add(&mut tx, WORKSPACE, &keys).await?, 0, "what is there is no harm");
        assert_eq!(match_keys::among(&mut tx, WORKSPACE, &[-5, 9]).await?, keys);
        let mut sizes = match_keys::sizes(&mut tx, WORKSPACE, &[-5, 9, 10]).await?;
        sizes.sort_unstable();
        assert_eq!(sizes, [(-5, 2, ContactId(1)), (9, 1, ContactId(3))]);
        assert_eq!(match_keys::of(&mut tx, WORKSPACE, &[ContactId(2), ContactId(3)]).await?.len(), 2);
        match_keys::remove(&mut tx, WORKSPACE, &[(-5, ContactId(2)), (9, ContactId(2))]).await?;
        match_keys::remove(&mut tx, OTHER, &keys).await?;
        assert_eq!(match_keys::among(&mut tx, WORKSPACE, &[-5, 9]).await?, [keys[0], keys[2]]);
        assert_eq!(match_keys::people_of(&mut tx, WORKSPACE, -5, 1).await?, [ContactId(1)]);
        match_keys::add_terms(&mut tx, WORKSPACE, &[(4, 2), (-4, 1)]).await?;
        match_keys::add_terms(&mut tx, WORKSPACE, &[(4, 3)]).await?;
        assert_eq!(match_keys::terms(&mut tx, WORKSPACE, &[4, 5]).await?, [(4, 5)]);
        match_keys::take_terms(&mut tx, WORKSPACE, &[(4, 2), (-4, 2), (6, 1)]).await?;
        let counted = |found: Vec<(i64, i64)>| found.into_iter().collect::<std::collections::BTreeMap<_, _>>();
        let counts = counted(match_keys::terms(&mut tx, WORKSPACE, &[4, -4, 6]).await?);
        assert_eq!(counts, [(4, 3), (-4, 1)].into(), "never below none");
        match_keys::set_terms(&mut tx, WORKSPACE, &[(4, 7), (6, 2)]).await?;
        match_keys::set_terms(&mut tx, WORKSPACE, &[(4, 7), (6, 2)]).await?;
        let counts = counted(match_keys::terms(&mut tx, WORKSPACE, &[4, -4, 6]).await?);
        assert_eq!(counts, [(4, 7), (-4, 1), (6, 2)].into(), "written twice is written once");
        match_keys::forget(&mut tx, WORKSPACE).await?;
        assert!(match_keys::among(&mut tx, WORKSPACE, &[-5, 9]).await?.is_empty());
        Ok(())
    });
}

#[test]
fn a_workspace_knows_when_it_was_scanned() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=3).await?;
        let mut tx = store.write().await?;
        assert_eq!(match_keys::settings(&mut tx, WORKSPACE).await?, Settings::default());
        assert_eq!(match_keys::to_scan(&mut tx, 100).await?, [WORKSPACE], "a workspace without people needs none");
        match_keys::set_scanned(&mut tx, WORKSPACE, 100, "[7]").await?;
        match_keys::set_thresholds(&mut tx, WORKSPACE, 500_000, 990_000).await?;
        let settings = match_keys::settings(&mut tx, WORKSPACE).await?;
        assert_eq!((settings.scanned_at, settings.match_mix.as_str()), (Some(100), "[7]"));
        assert_eq!((settings.review_from, settings.obvious_from), (500_000, 990_000));
        assert!(match_keys::to_scan(&mut tx, 100).await?.is_empty());

        let ids: Vec<_> = [1, 2, 3].map(ContactId).to_vec();
        assert_eq!(match_keys::live_among(&mut tx, WORKSPACE, &ids).await?.len(), 3);
        assert_eq!(match_keys::live_after(&mut tx, WORKSPACE, ContactId(1), 9).await?.len(), 2);
        assert_eq!(match_keys::count_live(&mut tx, WORKSPACE).await?, 3);
        // `people` are of time 5
        to_match::ask_changed(&mut tx, WORKSPACE, 6).await?;
        assert_eq!(to_match::count(&mut tx, WORKSPACE).await?, 0);
        contacts::set_deleted(&mut tx, WORKSPACE, &[ContactId(2)], Some(7)).await?;
        to_match::ask_changed(&mut tx, WORKSPACE, 6).await?;
        assert_eq!(to_match::waiting(&mut tx, WORKSPACE, 9).await?[0].contact(), ContactId(2), "its keys have to go");
        to_match::ask_changed(&mut tx, WORKSPACE, 5).await?;
        assert_eq!(to_match::count(&mut tx, WORKSPACE).await?, 3);
        Ok(())
    });
}

#[test]
fn who_is_asked_for_while_being_compared_waits_on() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=4).await?;
        let mut tx = store.write().await?;
        suspects::want_matching(&mut tx, WORKSPACE, &[ContactId(3), ContactId(1)]).await?;
        suspects::want_matching(&mut tx, WORKSPACE, &[ContactId(1)]).await?;
        to_match::look_again(&mut tx, WORKSPACE, &[ContactId(0), ContactId(3)]).await?;
        let read = to_match::waiting(&mut tx, WORKSPACE, 10).await?;
        let ids: Vec<i64> = read.iter().map(|w| w.contact_id).collect();
        assert_eq!(ids, [1, 3, 0], "those whose block has changed come last");
        assert_eq!(to_match::waiting(&mut tx, WORKSPACE, 1).await?, read[..1]);
        // somebody changes the first two, and the last is done and asked for anew
        to_match::ask(&mut tx, WORKSPACE, &[ContactId(1)]).await?;
        to_match::look_again(&mut tx, WORKSPACE, &[ContactId(3)]).await?;
        to_match::compared(&mut tx, WORKSPACE, &read[2..]).await?;
        to_match::ask(&mut tx, WORKSPACE, &[ContactId(0)]).await?;
        to_match::compared(&mut tx, OTHER, &read).await?;
        to_match::compared(&mut tx, WORKSPACE, &read).await?;
        assert_eq!(to_match::count(&mut tx, WORKSPACE).await?, 3, "none of them is what was read");
        let read = to_match::waiting(&mut tx, WORKSPACE, 10).await?;
        to_match::compared(&mut tx, WORKSPACE, &read[..2]).await?;
        assert_eq!(to_match::count(&mut tx, WORKSPACE).await?, 1);
        assert_eq!(to_match::count(&mut tx, OTHER).await?, 0);
        assert_eq!(to_match::workspaces(&mut tx).await?, [WORKSPACE]);
        Ok(())
    });
}

#[test]
fn a_pair_is_asked_about_again_with_what_speaks_for_it_now() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=4).await?;
        let mut tx = store.write().await?;
        suspects::put(&mut tx, WORKSPACE, vec![pair(1, 2, Band::Name, 10_000, 0)], 10).await?;
        let close = "UPDATE suspect SET state = 'separated', reason = 'byHand'";
        tx.execute(store::Sql::new(close)).await?;
        let again = [(ContactId(1), ContactId(2)), (ContactId(3), ContactId(4))];
        suspects::reopen(&mut tx, OTHER, &again, 20).await?;
        assert!(suspects::open(&mut tx, WORKSPACE).await?.is_empty());
        suspects::reopen(&mut tx, WORKSPACE, &again, 20).await?;
        suspects::put(&mut tx, WORKSPACE, vec![pair(1, 2, Band::Review, 700_000, 1)], 20).await?;
        let found = suspects::of_contacts(&mut tx, WORKSPACE, &[ContactId(1)]).await?;
        assert_eq!(found, [pair(1, 2, Band::Review, 700_000, 1)], "a pair as any other");
        Ok(())
    });
}

#[test]
fn a_job_asked_for_while_it_is_done_is_done_once_more() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        jobs::ask_once(&mut tx, JobId(1), WORKSPACE, "scan", 1, 5).await?;
        jobs::ask_once(&mut tx, JobId(2), WORKSPACE, "scan", 1, 5).await?;
        jobs::ask_once(&mut tx, JobId(3), OTHER, "scan", 1, 5).await?;
        let job = jobs::claim(&mut tx, 10, 40).await?.unwrap();
        assert_eq!((job.id, jobs::claim(&mut tx, 10, 40).await?.unwrap().id), (1, 3), "one of each");
        jobs::ask_once(&mut tx, JobId(4), WORKSPACE, "scan", 1, 20).await?;
        assert!(jobs::claim(&mut tx, 20, 50).await?.is_none(), "nobody works beside the first");
        jobs::finish(&mut tx, &job).await?;
        let job = jobs::claim(&mut tx, 21, 60).await?.unwrap();
        assert_eq!((job.id, job.attempts), (1, 2));
        jobs::finish(&mut tx, &job).await?;
        assert!(jobs::claim(&mut tx, 22, 60).await?.is_none());
        jobs::ask_once(&mut tx, JobId(5), WORKSPACE, "scan", 1, 30).await?;
        assert_eq!(jobs::claim(&mut tx, 31, 60).await?.unwrap().id, 5);
        Ok(())
    });
}
