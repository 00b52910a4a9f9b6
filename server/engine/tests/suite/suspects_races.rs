//! The matcher beside people who merge, delete and edit, and beside itself: nobody who is gone is listed, nothing that
//! changed is forgotten, everyone is counted once.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::PersonField;
use domain::contact::{ContactChange, ContactField, ContactSelection};
use domain::ids::ContactId;
use domain::merge::MergeChoices;
use store::{Sql, Store, contacts, jobs};
use tokio::task::JoinHandle;

use crate::support::{Place, Random, on_both};
use crate::suspects::{names, open, word, work};

const PEOPLE: usize = 60;

/// What every three people have in common: a name and a telephone number that nobody else has.
fn known_by(group: usize) -> (String, String) {
    const FIRST: [&str; 5] = ["Berg", "Lind", "Sand", "Wester", "Norr"];
    const LAST: [&str; 4] = ["ström", "gren", "qvist", "vall"];
    (format!("{}{}", FIRST[group % 5], LAST[group / 5 % 4]), format!("+46 8 123 {}", 1_000 + group * 37))
}

fn crowd() -> String {
    (0..PEOPLE).fold(String::from("email,first name,last name,company,phone,dob\n"), |file, i| {
        let (last, phone) = known_by(i / 3);
        let day = format!("19{}-02-03", 50 + i / 3);
        file + &format!("p{i}@{}.example,Hanna,{last},{},{phone},{day}\n", word(i + 500), word(i / 3))
    })
}

/// Makes someone one of their group, or somebody else whom nothing leads to.
async fn edit(place: &Place, who: ContactId, group: Option<usize>) {
    let other = || (format!("Zawadzki-{who}"), format!("+46 31 {}", 500_000 + who.0));
    let (last, phone) = group.map_or_else(other, known_by);
    for (field, value) in [(PersonField::LastName, last), (PersonField::Phone, phone)] {
        // nobody edits who is gone
        drop(place.engine.edit_contact(&place.actor, who, ContactField::Person(field), &value).await);
    }
}

async fn everyone(place: &Place) -> anyhow::Result<Vec<ContactId>> {
    let store = Store::open(&place.url).await?;
    let all = contacts::after(&mut store.read().await?, place.actor.workspace, ContactId(0), 1_000).await?;
    store.close().await;
    Ok(all.into_iter().map(|contact| contact.id).collect())
}

/// Works until told to stop, as two servers do. A job that fails here is a failure of the test.
fn workers(place: &Arc<Place>, go_on: &tokio::sync::watch::Receiver<bool>) -> Vec<JoinHandle<anyhow::Result<()>>> {
    (0..2)
        .map(|_| {
            let (place, go_on) = (place.clone(), go_on.clone());
            tokio::spawn(async move {
                while !*go_on.borrow() {
                    if !place.engine.work_once(&go_on).await? {
                        tokio::task::yield_now().await;
                    }
                }
                Ok(())
            })
        })
        .collect()
}

/// The counts of values that are those of more than one, as they are stored.
async fn counts(place: &Place) -> anyhow::Result<Vec<(i64, i64)>> {
    let store = Store::open(&place.url).await?;
    let counts = store.read().await?.all(Sql::new("SELECT term, people FROM match_term ORDER BY term")).await?;
    store.close().await;
    Ok(counts)
}

/// Lets a worker have the jobs of those that gave up: their leases are over.
async fn settle(place: &Place) -> anyhow::Result<()> {
    place.now.fetch_add(60_000, Ordering::Relaxed);
    work(place).await
}

#[test]
fn nobody_who_is_gone_is_listed_and_no_change_is_forgotten() {
    on_both(|place: Arc<Place>| async move {
        place.import(None, &crowd(), |_| {}).await?;
        let ids = everyone(&place).await?;
        let (stop, go_on) = tokio::sync::watch::channel(false);
        let workers = workers(&place, &go_on);
        let seed = 61;
        let mut random = Random::new(seed);
        for round in 0..40 {
            let (a, b) = (ids[random.below(PEOPLE)], ids[random.below(PEOPLE)]);
            match random.below(4) {
                0 => drop(place.engine.merge(&place.actor, a, b, &MergeChoices::default()).await),
                1 => {
                    let these = ContactSelection::Ids(vec![a]);
                    drop(place.engine.change_contacts(&place.actor, these, ContactChange::Delete).await);
                }
                2 => {
                    let group = random.chance(50).then(|| random.below(PEOPLE / 3));
                    edit(&place, a, group).await;
                }
                _ if round % 2 == 0 => place.engine.ask_scan(&place.actor).await?,
                _ => {
                    let merges = place.engine.list_merged(&place.actor, None).await?;
                    if let Some(merge) = merges.rows.first() {
                        drop(place.engine.undo_merge(&place.actor, merge.id).await);
                    }
                }
            }
        }
        stop.send(true)?;
        for worker in workers {
            worker.await?.map_err(|e| e.context(format!("seed {seed}")))?;
        }
        settle(&place).await?;
        place.sound().await?;
        let found = (open(&place).await?, names(&place).await?);
        place.engine.scan_now(&place.actor).await?;
        settle(&place).await?;
        let scanned = (open(&place).await?, names(&place).await?);
        assert_eq!(found.0.keys().collect::<Vec<_>>(), scanned.0.keys().collect::<Vec<_>>(), "seed {seed}");
        assert_eq!(found.1, scanned.1, "seed {seed}");
        Ok(())
    });
}

#[test]
fn scans_at_once_count_everyone_once() {
    on_both(|place: Arc<Place>| async move {
        place.import(None, &crowd(), |_| {}).await?;
        work(&place).await?;
        place.engine.scan_now(&place.actor).await?;
        work(&place).await?;
        let expected = counts(&place).await?;
        assert!(!expected.is_empty());
        let (stop, go_on) = tokio::sync::watch::channel(false);
        let workers = workers(&place, &go_on);
        for _ in 0..12 {
            place.engine.ask_scan(&place.actor).await?;
            // whoever is at it is taken for dead
            place.now.fetch_add(40_000, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
        stop.send(true)?;
        for worker in workers {
            worker.await??;
        }
        settle(&place).await?;
        assert_eq!(counts(&place).await?, expected);
        Ok(())
    });
}

/// A scan that is asked for while there is one is done after it, and never beside it.
#[test]
fn a_scan_asked_for_during_one_is_done_once_more() {
    on_both(|place: Arc<Place>| async move {
        let workspace = place.actor.workspace;
        place.engine.ask_scan(&place.actor).await?;
        place.engine.ask_scan(&place.actor).await?;
        let store = Store::open(&place.url).await?;
        let rows = |store: Store| async move {
            let sql = Sql::new("SELECT id, again FROM job WHERE kind = 'scan' AND state = 'ready' ORDER BY id");
            anyhow::Ok(store.read().await?.all::<(i64, i64)>(sql).await?)
        };
        let [(id, 0)] = rows(store.clone()).await?[..] else { panic!("one waits, and will do") };
        let now = place.now.load(Ordering::Relaxed);
        let mut tx = store.write().await?;
        let job = jobs::claim(&mut tx, now, now + 30_000).await?.unwrap();
        tx.commit().await?;
        assert_eq!(job.id, id);
        place.engine.ask_scan(&place.actor).await?;
        assert_eq!(rows(store.clone()).await?, [(id, 1)], "nobody else begins one");
        let mut tx = store.write().await?;
        assert!(jobs::claim(&mut tx, now, now + 30_000).await?.is_none());
        jobs::finish(&mut tx, &job).await?;
        tx.commit().await?;
        assert_eq!(rows(store.clone()).await?, [(id, 0)]);

        // whoever was told to stop stops, and leaves the list as it was
        let mut tx = store.write().await?;
        jobs::ask_to_stop(&mut tx, workspace, "scan", workspace.0).await?;
        tx.commit().await?;
        work(&place).await?;
        assert!(rows(store.clone()).await?.is_empty());
        let scanned = place.engine.suspect_state(&place.actor).await?.scan;
        assert_eq!((scanned.scanned_at, scanned.running), (None, false));
        store.close().await;
        Ok(())
    });
}

#[test]
fn the_night_asks_for_a_scan() {
    on_both(|place: Arc<Place>| async move {
        const HOUR: i64 = 60 * 60 * 1_000;
        place.import(None, &crowd(), |_| {}).await?;
        work(&place).await?;
        let scanned = || async { anyhow::Ok(place.engine.suspect_state(&place.actor).await?.scan) };
        assert_eq!(scanned().await?.scanned_at, None, "new people are compared as they come");
        let now = place.now.load(Ordering::Relaxed);
        let night = (now - 2 * HOUR).div_euclid(24 * HOUR) * 24 * HOUR + 26 * HOUR;
        place.now.store(night - 1_000, Ordering::Relaxed);
        work(&place).await?;
        assert_eq!(scanned().await?.scanned_at, None, "it is not two yet");
        place.now.store(night + 1, Ordering::Relaxed);
        work(&place).await?;
        let at = scanned().await?.scanned_at.unwrap();
        assert!((night..night + HOUR).contains(&at));
        place.now.store(night + 23 * HOUR, Ordering::Relaxed);
        work(&place).await?;
        assert_eq!(scanned().await?.scanned_at, Some(at), "once a night");
        place.now.store(night + 25 * HOUR, Ordering::Relaxed);
        work(&place).await?;
        assert!(scanned().await?.scanned_at.unwrap() > at);
        Ok(())
    });
}
