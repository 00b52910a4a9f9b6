//! Imports, their rows, jobs, audit, sessions, ids.

use domain::LeadStatus;
use domain::ids::{CampaignId, ContactId, ImportId, JobId, LeadId};
use domain::import::{ImportState, WizardStep};
use domain::{Outcome, OutcomeCounts, Role};
use store::import_rows::{ImportRow, Which};
use store::jobs::Held;
use store::leads::Lead;
use store::waiting::Waiting;
use store::{audit, campaigns, checks, contacts, import_rows, imports, jobs, leads, team, waiting};

use crate::support::{CAMPAIGN, OTHER, USER, WORKSPACE, furnished, on_both, people};

const IMPORT: ImportId = ImportId(3);

#[test]
fn a_draft_becomes_a_running_import_once() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        imports::add(&mut tx, WORKSPACE, IMPORT, Some(CAMPAIGN), USER, "{}", 5).await?;
        assert_eq!(imports::open_draft(&mut tx, WORKSPACE, Some(CAMPAIGN), USER).await?, Some(IMPORT));
        assert_eq!(imports::open_draft(&mut tx, WORKSPACE, None, USER).await?, None);
        let mut import = imports::get(&mut tx, WORKSPACE, IMPORT).await?.unwrap();
        assert!(imports::get(&mut tx, OTHER, IMPORT).await?.is_none());
        import.step = WizardStep::Fields;
        import.file_name = "leads.csv".to_owned();
        import.total_rows = 3;
        import.dry_run_key = "k".to_owned();
        assert!(imports::save_draft(&mut tx, WORKSPACE, &import, 6).await?);
        assert!(!imports::ask_dry_run(&mut tx, WORKSPACE, IMPORT, "k").await?, "asked for already");
        imports::save_dry_run(&mut tx, WORKSPACE, IMPORT, "k", "\"x\"", 3).await?;
        imports::save_dry_run(&mut tx, WORKSPACE, IMPORT, "stale", "\"y\"", 3).await?;
        assert_eq!(imports::get(&mut tx, WORKSPACE, IMPORT).await?.unwrap().dry_run, "\"x\"");

        assert!(imports::ask_dry_run(&mut tx, WORKSPACE, IMPORT, "k2").await?);
        let asked = imports::get_for_update(&mut tx, WORKSPACE, IMPORT).await?.unwrap();
        assert_eq!((asked.dry_run.as_str(), asked.file_name.as_str()), ("", "leads.csv"));

        let draft = [ImportState::Draft];
        assert!(imports::move_state(&mut tx, WORKSPACE, IMPORT, &draft, ImportState::Queued, "", 7).await?);
        assert!(!imports::move_state(&mut tx, WORKSPACE, IMPORT, &draft, ImportState::Queued, "", 7).await?);
        assert!(!imports::save_draft(&mut tx, WORKSPACE, &import, 8).await?, "no draft any more");
        let queued = [ImportState::Queued];
        assert!(imports::move_state(&mut tx, WORKSPACE, IMPORT, &queued, ImportState::Running, "", 8).await?);
        let mut counts = OutcomeCounts::default();
        counts.add(Outcome::Created);
        assert!(imports::save_progress(&mut tx, WORKSPACE, IMPORT, (0, 1), &counts, (2, 3), 9).await?);
        let stale = imports::save_progress(&mut tx, WORKSPACE, IMPORT, (0, 5), &counts, (2, 3), 9).await?;
        assert!(!stale, "somebody else has gone on with it");
        let running = imports::get(&mut tx, WORKSPACE, IMPORT).await?.unwrap();
        assert_eq!((running.pending_elsewhere, running.skipped_values, running.journaled), (2, 3, true));
        assert_eq!((running.started_at, running.done_rows, &running.counts), (Some(8), 1, &counts));
        assert_eq!(imports::newest_counts(&mut tx, WORKSPACE, 10).await?, [(running.settings, running.counts)]);
        assert!(imports::newest_counts(&mut tx, WORKSPACE, 0).await?.is_empty());
        counts.change(Outcome::Created, Outcome::Suppressed);
        imports::save_counts(&mut tx, OTHER, IMPORT, &OutcomeCounts::default(), (0, 0), 10).await?;
        imports::save_counts(&mut tx, WORKSPACE, IMPORT, &counts, (4, 5), 10).await?;
        let moved = imports::get(&mut tx, WORKSPACE, IMPORT).await?.unwrap();
        assert_eq!((moved.counts, moved.pending_elsewhere, moved.skipped_values), (counts, 4, 5));
        assert_eq!((moved.done_rows, moved.total_rows, moved.state), (1, 3, ImportState::Running));
        imports::save_total(&mut tx, OTHER, IMPORT, 7).await?;
        imports::save_total(&mut tx, WORKSPACE, IMPORT, 2).await?;
        assert_eq!(imports::get(&mut tx, WORKSPACE, IMPORT).await?.unwrap().total_rows, 2);
        assert_eq!(imports::list(&mut tx, WORKSPACE, None, 10).await?.len(), 1);
        assert!(imports::list(&mut tx, WORKSPACE, Some(IMPORT), 10).await?.is_empty());
        assert!(!imports::delete_draft(&mut tx, WORKSPACE, IMPORT).await?);

        assert!(imports::has_file(&mut tx, WORKSPACE, &running.file_path).await?);
        assert!(!imports::has_file(&mut tx, OTHER, &running.file_path).await?);
        let files = [running.file_path.clone(), "nobody's".to_owned()];
        assert_eq!(imports::files_among(&mut tx, &files).await?, files[..1]);
        assert_eq!(imports::remembered_columns(&mut tx, WORKSPACE, &[1; 16]).await?, None);
        for columns in ["a", "b"] {
            imports::remember_columns(&mut tx, WORKSPACE, &[1; 16], columns, 5).await?;
        }
        assert_eq!(imports::remembered_columns(&mut tx, WORKSPACE, &[1; 16]).await?.as_deref(), Some("b"));
        Ok(())
    });
}

#[test]
fn rows_are_kept_filtered_and_grouped() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        imports::add(&mut tx, WORKSPACE, IMPORT, Some(CAMPAIGN), USER, "{}", 5).await?;
        let row = |row_number: i64, outcome: Outcome, reason: &str| ImportRow {
            row_number,
            outcome: outcome.word().to_owned(),
            reason: reason.to_owned(),
            who: format!("Péter {row_number}"),
            search: format!("peter {row_number}"),
            ..ImportRow::default()
        };
        let rows = vec![
            row(1, Outcome::Created, "newPerson"),
            row(2, Outcome::DuplicateInFile, "row:1"),
            row(3, Outcome::DuplicateInFile, "row:2"),
            row(4, Outcome::Failed, "No email address."),
        ];
        import_rows::add(&mut tx, WORKSPACE, IMPORT, rows.clone()).await?;
        let all = Which::default();
        assert_eq!(import_rows::page(&mut tx, WORKSPACE, IMPORT, &all, 0, 10).await?, rows);
        assert!(import_rows::page(&mut tx, OTHER, IMPORT, &all, 0, 10).await?.is_empty());
        let repeats = Which { outcomes: vec![Outcome::DuplicateInFile], words: vec!["peter".to_owned()], tag: None };
        assert_eq!(import_rows::count(&mut tx, WORKSPACE, IMPORT, &repeats).await?, 2);
        assert_eq!(import_rows::page(&mut tx, WORKSPACE, IMPORT, &repeats, 2, 10).await?[0].row_number, 3);
        let groups = import_rows::groups(&mut tx, WORKSPACE, IMPORT).await?;
        let found: Vec<_> = groups.iter().map(|g| (g.0.as_str(), g.4)).collect();
        assert_eq!(found, [("duplicate_in_file", 2), ("failed", 1)], "repeats are one group");
        let wrong = checks::imports(&mut tx, WORKSPACE).await?;
        assert!(wrong.is_empty(), "a draft is not checked: {wrong:?}");
        imports::move_state(&mut tx, WORKSPACE, IMPORT, &[ImportState::Draft], ImportState::Done, "", 9).await?;
        assert!(!checks::imports(&mut tx, WORKSPACE).await?.is_empty(), "four rows and no counts do not add up");
        Ok(())
    });
}

#[test]
fn a_job_is_held_by_one_worker_and_taken_over_when_it_dies() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        jobs::ask(&mut tx, JobId(1), WORKSPACE, "import", 3, 5).await?;
        let first = jobs::claim(&mut tx, 10, 40).await?.unwrap();
        assert!(jobs::claim(&mut tx, 20, 50).await?.is_none(), "the lease holds");
        assert_eq!(jobs::keep(&mut tx, &first, 60).await?, Held::GoOn);
        let second = jobs::claim(&mut tx, 61, 90).await?.unwrap();
        assert_eq!(jobs::keep(&mut tx, &first, 99).await?, Held::Lost, "the first was taken for dead");
        assert!(jobs::ask_to_stop(&mut tx, WORKSPACE, "import", 3).await?);
        assert_eq!(jobs::keep(&mut tx, &second, 99).await?, Held::StopAsked);
        jobs::release(&mut tx, &second).await?;
        let third = jobs::claim(&mut tx, 62, 99).await?.unwrap();
        jobs::finish(&mut tx, &third).await?;
        assert!(jobs::claim(&mut tx, 1_000, 2_000).await?.is_none());
        assert!(!jobs::ask_to_stop(&mut tx, WORKSPACE, "import", 3).await?);
        jobs::ask(&mut tx, JobId(2), WORKSPACE, "import", 3, 5).await?;
        assert_eq!(jobs::claim(&mut tx, 1_000, 2_000).await?.unwrap().id, 2);
        Ok(())
    });
}

#[test]
fn a_job_that_broke_is_tried_again_until_it_is_given_up() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        jobs::ask(&mut tx, JobId(1), WORKSPACE, "import", 3, 5).await?;
        let first = jobs::claim(&mut tx, 10, 40).await?.unwrap();
        assert_eq!(jobs::broke(&mut tx, &first).await?, Some(1));
        let second = jobs::claim(&mut tx, 11, 40).await?.unwrap();
        assert_eq!(jobs::broke(&mut tx, &first).await?, None, "it is another's by now");
        assert_eq!(jobs::broke(&mut tx, &second).await?, Some(2));
        jobs::give_up(&mut tx, &second).await?;
        assert!(jobs::claim(&mut tx, 1_000, 2_000).await?.is_none());
        assert!(!jobs::is_pending(&mut tx, WORKSPACE, "import", 3).await?);
        Ok(())
    });
}

#[test]
fn a_session_ends_by_time_and_by_wish() {
    on_both(|store| async move {
        assert!(!team::anyone(&mut store.read().await?).await?);
        furnished(&store).await?;
        let mut tx = store.write().await?;
        assert!(team::anyone(&mut tx).await?);
        assert_eq!(team::user_by_email(&mut tx, &[1; 16]).await?.unwrap().password_hash, "hash");
        team::add_session(&mut tx, &[9; 32], USER, WORKSPACE, 5, 100).await?;
        let member = team::session(&mut tx, &[9; 32], 99, false).await?.unwrap();
        assert_eq!((member.user, member.workspace, member.role), (USER, WORKSPACE, Role::Owner));
        assert!(team::session(&mut tx, &[9; 32], 100, true).await?.is_none(), "expired");
        assert!(team::session(&mut tx, &[8; 32], 5, true).await?.is_none());
        team::end_session(&mut tx, &[9; 32]).await?;
        assert!(team::session(&mut tx, &[9; 32], 5, true).await?.is_none());
        assert_eq!(team::membership(&mut tx, USER).await?, Some((WORKSPACE, Role::Owner)));
        assert_eq!(team::workspaces(&mut tx).await?, [WORKSPACE, OTHER]);
        assert_eq!(team::workspace_by_name(&mut tx, "Workspace 2").await?.unwrap().id, OTHER);
        assert!(team::workspace_by_id(&mut tx, WORKSPACE).await?.unwrap().fold_gmail);
        assert_eq!(team::first_member(&mut tx, WORKSPACE, Role::Owner).await?.unwrap().1, "Mara");
        assert_eq!(team::user_names(&mut tx, WORKSPACE).await?[&USER], "Mara");
        Ok(())
    });
}

#[test]
fn every_act_leaves_an_entry() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        for _ in 0..2 {
            let event = audit::Event {
                workspace: WORKSPACE,
                actor: USER,
                action: "campaign.create",
                subject: "cam_1".to_owned(),
                detail: "",
                at: 5,
            };
            audit::record(&mut tx, event).await?;
        }
        assert_eq!(audit::count(&mut tx, WORKSPACE, "campaign.create", "cam_1").await?, 2);
        Ok(())
    });
}

#[test]
fn ids_are_never_given_twice() {
    on_both(|store| async move {
        let first = store.reserve("lead", 3).await?;
        let second = store.reserve("lead", 1_000).await?;
        let third = store.reserve("lead", 1).await?;
        assert!(first + 3 <= second && second + 1_000 <= third, "{first} {second} {third}");
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.reserve("contact", 7).await })
            })
            .collect();
        let mut given = Vec::new();
        for task in tasks {
            let first = task.await??;
            given.extend(first..first + 7);
        }
        given.sort_unstable();
        given.dedup();
        assert_eq!(given.len(), 56);
        Ok(())
    });
}

#[test]
fn who_waits_is_found_once_nobody_writes_to_them() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=4).await?;
        let busy = CampaignId(9);
        let mut tx = store.write().await?;
        campaigns::add(&mut tx, WORKSPACE, busy, "Busy", "busy", USER, 1).await?;
        imports::add(&mut tx, WORKSPACE, IMPORT, Some(CAMPAIGN), USER, "{}", 5).await?;
        let waiting =
            |who, row| Waiting { campaign_id: 1, contact_id: who, import_id: IMPORT.0, row_number: row, actor_id: 1 };
        for (who, row) in [(1, 7), (2, 5), (3, 6)] {
            assert!(waiting::add(&mut tx, WORKSPACE, &waiting(who, row), 10).await?);
        }
        assert!(!waiting::add(&mut tx, WORKSPACE, &waiting(1, 8), 11).await?, "once for a campaign");
        let lead = |id, contact, status| Lead {
            id: LeadId(id),
            campaign: busy,
            contact: ContactId(contact),
            status,
            variables: "{}".to_owned(),
            import: None,
        };
        let there = vec![lead(1, 1, LeadStatus::Paused), lead(2, 2, LeadStatus::Done)];
        leads::add(&mut tx, WORKSPACE, there, 12).await?;
        let start = (ImportId(0), 0);
        let due = async |tx: &mut store::Tx, after| -> anyhow::Result<Vec<i64>> {
            Ok(waiting::due(tx, WORKSPACE, after, 10).await?.iter().map(|w| w.row_number).collect())
        };
        assert_eq!(due(&mut tx, start).await?, [5, 6], "in file order; one is at work in Busy");
        assert_eq!(due(&mut tx, (IMPORT, 5)).await?, [6]);
        assert!(waiting::due(&mut tx, OTHER, start, 10).await?.is_empty());
        contacts::set_do_not_contact(&mut tx, WORKSPACE, &[ContactId(1)]).await?;
        assert_eq!(due(&mut tx, start).await?, [5, 6, 7], "it is sure that they do not come in");
        campaigns::set_archived(&mut tx, WORKSPACE, CAMPAIGN, Some(13), 13).await?;
        assert!(due(&mut tx, start).await?.is_empty(), "the campaign here is archived");
        campaigns::set_archived(&mut tx, WORKSPACE, CAMPAIGN, None, 14).await?;
        let draft = [ImportState::Draft];
        imports::move_state(&mut tx, WORKSPACE, IMPORT, &draft, ImportState::Running, "", 15).await?;
        assert!(due(&mut tx, start).await?.is_empty(), "the import is running");

        assert!(waiting::to_look(&mut tx, 9).await?.is_empty());
        assert_eq!(waiting::to_look(&mut tx, 10).await?, [WORKSPACE]);
        waiting::looked(&mut tx, WORKSPACE, 10, 70).await?;
        assert!(waiting::to_look(&mut tx, 69).await?.is_empty());
        waiting::look_now(&mut tx, WORKSPACE, ContactId(2), 20).await?;
        assert_eq!(waiting::to_look(&mut tx, 20).await?, [WORKSPACE]);

        let everyone = [1, 2, 3, 4].map(ContactId);
        assert_eq!(waiting::among(&mut tx, WORKSPACE, CAMPAIGN, &everyone).await?.len(), 3);
        assert!(waiting::among(&mut tx, OTHER, CAMPAIGN, &everyone).await?.is_empty());
        assert!(waiting::remove(&mut tx, OTHER, CAMPAIGN, &everyone).await?.is_empty());
        let gone = waiting::remove(&mut tx, WORKSPACE, CAMPAIGN, &everyone[1..2]).await?;
        assert_eq!(gone.into_iter().collect::<Vec<_>>(), [ContactId(2)]);
        assert_eq!(waiting::remove_of_import(&mut tx, WORKSPACE, IMPORT).await?, 2);
        Ok(())
    });
}

#[test]
fn a_row_that_was_decided_again_is_written_anew() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        let row = |number, outcome: &str| ImportRow {
            row_number: number,
            outcome: outcome.to_owned(),
            who: "Ann".to_owned(),
            ..ImportRow::default()
        };
        let rows = vec![row(1, "created"), row(2, "active_elsewhere"), row(3, "failed")];
        import_rows::add(&mut tx, WORKSPACE, IMPORT, rows).await?;
        let again = ImportRow { contact_id: Some(4), before: Some("{}".to_owned()), ..row(2, "created") };
        import_rows::replace(&mut tx, WORKSPACE, IMPORT, vec![again.clone()]).await?;
        let found = import_rows::among(&mut tx, WORKSPACE, IMPORT, &[3, 2, 9]).await?;
        assert_eq!(found, [again, row(3, "failed")]);
        assert!(import_rows::among(&mut tx, OTHER, IMPORT, &[2]).await?.is_empty());
        Ok(())
    });
}

/// An account of the command line is nobody's, and one whose password everyone knows is let in to a demo only.
#[test]
fn accounts_say_whom_they_are_for() {
    use store::team::{AccountKind, NewUser};
    on_both(|store| async move {
        let user = |id: i64, kind| NewUser {
            id: domain::ids::UserId(id),
            email: format!("p{id}@x.example"),
            email_key: [u8::try_from(id).unwrap(); 16],
            name: format!("P{id}"),
            password_hash: "hash".to_owned(),
            kind,
        };
        store.reserve("user_account", 1).await?;
        let mut tx = store.write().await?;
        team::lock_set_up(&mut tx).await?;
        team::add_user(&mut tx, &user(1, AccountKind::CommandLine), 1).await?;
        assert!(!team::anyone(&mut tx).await? && !team::any_demo(&mut tx).await?, "nobody can sign in");
        team::add_user(&mut tx, &user(2, AccountKind::Demo), 1).await?;
        assert!(team::anyone(&mut tx).await? && team::any_demo(&mut tx).await?);
        let demo = team::user_by_email(&mut tx, &[2; 16]).await?.unwrap();
        assert!(demo.is_demo() && !team::user_by_email(&mut tx, &[1; 16]).await?.unwrap().is_demo());
        let workspace = team::Workspace {
            id: WORKSPACE,
            name: "W".to_owned(),
            default_country: String::new(),
            default_policy: domain::DuplicatePolicy::Active,
            fold_gmail: false,
        };
        team::add_workspace(&mut tx, &workspace, 1).await?;
        let id = domain::ids::UserId(2);
        team::add_member(&mut tx, WORKSPACE, id, domain::Role::Owner, 1).await?;
        team::add_session(&mut tx, &[9; 32], id, WORKSPACE, 1, 100).await?;
        assert!(team::session(&mut tx, &[9; 32], 5, true).await?.is_some());
        assert!(team::session(&mut tx, &[9; 32], 5, false).await?.is_none());
        Ok(())
    });
}
