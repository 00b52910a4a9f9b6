//! A job goes on where it was: after a stop, after a shutdown, after a worker died.

use domain::import::ImportState;
use domain::{Outcome, OutcomeCounts};

use crate::support::on_both;

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
        // asked before the worker began: it may finish a short file, but never leaves it half said
        let (_stop, go_on) = tokio::sync::watch::channel(false);
        while place.engine.work_once(&go_on).await? {}
        let state = place.engine.get_import_progress(&place.actor, import).await?.state;
        if state == ImportState::Stopped {
            place.engine.resume_import(&place.actor, import).await?;
            while place.engine.work_once(&go_on).await? {}
        }
        assert_eq!(place.leads(campaign).await?.len(), 400);
        assert!(place.engine.resume_import(&place.actor, import).await.is_err(), "it is done");
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
