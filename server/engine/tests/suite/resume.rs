//! A job goes on where it was: after a stop, after a shutdown, after a worker died.

use std::sync::atomic::Ordering;

use domain::import::ImportState;
use domain::{DuplicatePolicy, Outcome, OutcomeCounts};
use engine::Batches;
use store::{Store, imports, jobs, test_database};
use tokio::sync::watch;

use crate::support::{Place, on_both, on_both_by};

/// Batches so small that a short file has many.
const SMALL: Batches = Batches { first: 20, smallest: 20, largest: 20, look_up: 20 };

fn file(rows: usize) -> String {
    // every fifth row repeats an earlier one in another spelling
    (0..rows).fold(String::from("Email,First name\n"), |file, i| {
        let n = if i % 5 == 4 { i - 4 } else { i };
        file + &format!("Person{n}@Firm.example,Name {i}\n")
    })
}

#[test]
fn a_stopped_import_goes_on_and_ends_as_if_it_had_never_stopped() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let import = place.draft(Some(campaign), &file(3_000), |_| {}).await?;
        place.engine.run_import(&place.actor, import).await?;
        // the server is told to close while the import runs
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let engine = place.engine.clone();
        let worker = tokio::spawn(async move { engine.work_once(&stopped).await });
        while place.engine.get_import_progress(&place.actor, import).await?.done == 0 {
            tokio::task::yield_now().await;
        }
        stop.send(true)?;
        worker.await??;
        let halfway = place.engine.get_import_progress(&place.actor, import).await?;
        assert!(halfway.state.is_busy() || halfway.done == 3_000, "{halfway:?}");

        let (_stop, go_on) = tokio::sync::watch::channel(false);
        while place.engine.work_once(&go_on).await? {}
        let done = place.engine.get_import_progress(&place.actor, import).await?;
        assert_eq!(done.state, ImportState::Done);
        let expected: OutcomeCounts = [(Outcome::Created, 2_400), (Outcome::DuplicateInFile, 600)]
            .into_iter()
            .collect::<std::collections::BTreeMap<_, _>>()
            .into();
        assert_eq!(done.counts, expected);
        Ok(())
    });
}

#[test]
fn a_person_stops_an_import_and_resumes_it_later() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let import = place.draft(Some(campaign), &file(500), |_| {}).await?;
        place.engine.run_import(&place.actor, import).await?;
        place.engine.stop_import(&place.actor, import).await?;
        place.work().await?;
        assert_eq!(place.engine.get_import_progress(&place.actor, import).await?.state, ImportState::Stopped);
        place.engine.resume_import(&place.actor, import).await?;
        place.work().await?;
        assert_eq!(place.leads(campaign).await?.len(), 400);
        assert!(place.engine.resume_import(&place.actor, import).await.is_err(), "it is done");
        Ok(())
    });
}

/// A worker whose lease ran out, because it was paused or the clock was set, writes nothing once another has its job;
/// nor does it call the import failed.
#[test]
fn a_worker_that_lost_its_job_writes_nothing_and_the_other_finishes() {
    on_both_by(SMALL, |place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let import = place.draft(Some(campaign), &file(5_000), |_| {}).await?;
        place.engine.run_import(&place.actor, import).await?;
        let (_stop, go_on) = watch::channel(false);
        let engine = place.engine.clone();
        let paused = tokio::spawn(async move { engine.work_once(&go_on).await });
        while place.engine.get_import_progress(&place.actor, import).await?.done == 0 {
            tokio::task::yield_now().await;
        }
        // it renews its lease with every batch, so another must come at the right moment
        let store = Store::open(&place.url).await?;
        let (job, done) = loop {
            let now = place.now.fetch_add(31_000, Ordering::Relaxed) + 31_000;
            let mut tx = store.write().await?;
            if let Some(job) = jobs::claim(&mut tx, now, now + 30_000).await? {
                let then = imports::get(&mut tx, place.actor.workspace, import).await?.unwrap();
                tx.commit().await?;
                break (job, then.done_rows);
            }
        };
        paused.await??;
        let mut tx = store.write().await?;
        let left = imports::get(&mut tx, place.actor.workspace, import).await?.unwrap();
        assert_eq!((left.state, left.done_rows, left.problem.as_str()), (ImportState::Running, done, ""));
        assert!(done < 5_000, "the import was through already");
        jobs::release(&mut tx, &job).await?;
        tx.commit().await?;
        store.close().await;
        place.work().await?;
        all_taken(&place, import, 5_000).await
    });
}

async fn all_taken(place: &Place, import: domain::ids::ImportId, rows: u64) -> anyhow::Result<()> {
    let done = place.engine.get_import_progress(&place.actor, import).await?;
    assert_eq!(done.state, ImportState::Done);
    let (created, repeats) = (done.counts.of(Outcome::Created), done.counts.of(Outcome::DuplicateInFile));
    assert_eq!((created, repeats, done.counts.total()), (rows / 5 * 4, rows / 5, rows));
    assert_eq!(place.rows(import).await?.len() as u64, rows);
    Ok(())
}

/// The server closes after every few batches, wherever that is.
#[test]
fn an_import_that_is_closed_again_and_again_comes_out_the_same() {
    on_both_by(SMALL, |place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let import = place.draft(Some(campaign), &file(1_000), |_| {}).await?;
        place.engine.run_import(&place.actor, import).await?;
        let mut closed = 0;
        for looks in (4..).cycle().take(60) {
            let stopped = place.halt_after(looks % 23);
            place.engine.work_once(&stopped).await?;
            closed += 1;
            if !place.engine.get_import_progress(&place.actor, import).await?.state.is_busy() {
                break;
            }
        }
        assert!(closed > 3, "it was closed {closed} times");
        place.work().await?;
        all_taken(&place, import, 1_000).await
    });
}

#[test]
fn an_import_that_is_stopped_while_it_waits_writes_nothing() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let import = place.draft(Some(campaign), &file(50), |s| s.tags = vec!["Fair".to_owned()]).await?;
        place.engine.run_import(&place.actor, import).await?;
        place.engine.stop_import(&place.actor, import).await?;
        place.work().await?;
        let progress = place.engine.get_import_progress(&place.actor, import).await?;
        assert_eq!((progress.state, progress.done), (ImportState::Stopped, 0));
        let view = place.engine.get_campaign(&place.actor, campaign).await?;
        assert!(view.tags.is_empty() && view.variables.is_empty() && view.row.leads.total() == 0, "{view:?}");
        place.engine.resume_import(&place.actor, import).await?;
        place.work().await?;
        all_taken(&place, import, 50).await
    });
}

/// A job that breaks every time is given up and says so where people look; the worker does the others.
#[test]
fn a_job_that_breaks_every_time_is_given_up_and_others_are_done() {
    on_both(|place| async move {
        let broken = place.draft(None, &file(5), |_| {}).await?;
        let counted = place.draft(None, &file(5), |_| {}).await?;
        let sound = place.draft(None, &file(5), |_| {}).await?;
        place.engine.run_import(&place.actor, broken).await?;
        place.engine.dry_run(&place.actor, counted).await?;
        place.engine.run_import(&place.actor, sound).await?;
        // what no version has ever written
        let store = Store::open(&place.url).await?;
        let mut tx = store.write().await?;
        for import in [broken, counted] {
            test_database::set_settings(&mut tx, place.actor.workspace, import, "{").await?;
        }
        jobs::ask(&mut tx, domain::ids::JobId(900_000), place.actor.workspace, "nobody knows", 1, 5).await?;
        tx.commit().await?;
        store.close().await;
        let (_stop, go_on) = watch::channel(false);
        let mut broke = 0;
        loop {
            match place.engine.work_once(&go_on).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) => broke += 1,
            }
        }
        assert_eq!(broke, 9, "three jobs, three times each");
        let failed = place.engine.get_import_progress(&place.actor, broken).await?;
        assert_eq!((failed.state, failed.done), (ImportState::Failed, 0));
        assert_eq!(place.engine.get_import_progress(&place.actor, sound).await?.state, ImportState::Done);
        let store = Store::open(&place.url).await?;
        let dry_run = imports::get(&mut store.read().await?, place.actor.workspace, counted).await?.unwrap().dry_run;
        assert!(dry_run.contains("broke this off"), "{dry_run}");
        store.close().await;
        Ok(())
    });
}

/// Nothing goes into an archived campaign, by whichever way.
#[test]
fn an_archived_campaign_takes_nobody_in() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let draft = place.draft(Some(campaign), &file(5), |_| {}).await?;
        let queued = place.draft(Some(campaign), &file(5), |_| {}).await?;
        let stopped = place.draft(Some(campaign), &file(5), |_| {}).await?;
        place.engine.run_import(&place.actor, stopped).await?;
        place.engine.stop_import(&place.actor, stopped).await?;
        place.work().await?;
        place.engine.run_import(&place.actor, queued).await?;
        place.engine.archive_campaign(&place.actor, campaign, false).await?;
        for refused in [
            place.engine.new_draft(&place.actor, Some(campaign)).await.map(drop),
            place.engine.start_import(&place.actor, Some(campaign)).await.map(drop),
            place.engine.run_import(&place.actor, draft).await,
            place.engine.run_import_now(&place.actor, draft).await,
            place.engine.resume_import(&place.actor, stopped).await,
        ] {
            assert!(refused.unwrap_err().into_problem().message.contains("This campaign is archived"));
        }
        place.work().await?;
        let failed = place.engine.get_import_summary(&place.actor, queued).await?.import;
        assert_eq!((failed.state, failed.done), (ImportState::Failed, 0));
        assert!(failed.problem.is_some_and(|p| p.contains("This campaign is archived")));
        place.engine.unarchive_campaign(&place.actor, campaign).await?;
        place.engine.resume_import(&place.actor, queued).await?;
        place.work().await?;
        all_taken(&place, queued, 5).await
    });
}

/// A dry run of more rows than are looked up together counts what a run of as many batches does, also where people are
/// recognised by several fields and an earlier row changes one of them.
#[test]
fn a_dry_run_in_many_parts_counts_what_the_run_does() {
    on_both_by(Batches { first: 2, smallest: 2, largest: 2, look_up: 2 }, |place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        use domain::PersonField::{Email, FirstName, LinkedinUrl, Phone};
        use domain::import::Target::Field;
        // by address and name, or by profile: the profile leads to Ann, who then has another name
        let file = "email,first name,linkedin,phone\n\
                    a@x.example,Ann,linkedin.com/in/a,1\n\
                    b@x.example,Bea,,2\n\
                    ,Anna,linkedin.com/in/a,\n\
                    c@x.example,Cem,,3\n\
                    a@x.example,Anna,,4\n\
                    a@x.example,Ann,,5\n";
        let import = place
            .draft(Some(campaign), file, |s| {
                s.identifiers = vec![vec![Field(Email), Field(FirstName)], vec![Field(LinkedinUrl)]];
                s.columns.iter_mut().zip([Email, FirstName, LinkedinUrl, Phone]).for_each(|(c, f)| c.target = Field(f));
            })
            .await?;
        let dry = place.engine.dry_run_now(&place.actor, import).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let counts = place.engine.get_import_progress(&place.actor, import).await?.counts;
        assert_eq!(counts.of(Outcome::DuplicateInFile), 2, "{counts:?}");
        assert_eq!(dry.of(DuplicatePolicy::Active).unwrap().counts, counts);
        Ok(())
    });
}

/// Other clicks stay quick while an import runs: a click waits for the batch at hand, not for the file.
#[test]
fn a_click_is_answered_between_two_batches() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let import = place.draft(Some(campaign), &file(20_000), |_| {}).await?;
        place.engine.run_import(&place.actor, import).await?;
        let (_stop, go_on) = tokio::sync::watch::channel(false);
        let engine = place.engine.clone();
        let worker = tokio::spawn(async move { while engine.work_once(&go_on).await.unwrap() {} });
        let mut clicks = 0;
        loop {
            let before = place.engine.get_import_progress(&place.actor, import).await?;
            place.engine.create_campaign(&place.actor, &format!("Click {clicks}")).await?;
            let after = place.engine.get_import_progress(&place.actor, import).await?;
            if !after.state.is_busy() {
                break;
            }
            clicks += 1;
            // at most the batch at hand and one that had queued before; a batch has at most 4,000 rows
            assert!(after.done - before.done <= 8_000, "a click waited for rows {} to {}", before.done, after.done);
        }
        assert!(clicks >= 3, "the import let only {clicks} clicks through");
        worker.await?;
        Ok(())
    });
}

/// An import is done when every row has an outcome: a file that became shorter is no reason to say so.
#[test]
fn an_import_with_rows_missing_is_not_done() {
    on_both(|place| async move {
        let import = place.draft(None, &file(300), |_| {}).await?;
        let upload = std::fs::read_dir(place.folder.join("uploads"))?.next().expect("there is one upload")?.path();
        std::fs::write(&upload, file(200))?;
        place.engine.run_import(&place.actor, import).await?;
        let (_stop, go_on) = tokio::sync::watch::channel(false);
        while place.engine.work_once(&go_on).await? {}
        let progress = place.engine.get_import_progress(&place.actor, import).await?;
        assert_eq!((progress.state, progress.done), (ImportState::Failed, 200));
        Ok(())
    });
}
