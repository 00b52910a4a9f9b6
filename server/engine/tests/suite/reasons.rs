//! View details: the sentences, the file of reasons that imports again, and the second try under another policy.

use domain::contact::{ContactChange, ContactSelection};
use domain::ids::ImportId;
use domain::import::{ImportState, RowQuery};
use domain::{DuplicatePolicy, ImportMode, LeadStatus, Outcome, PersonField};
use engine::Batches;
use store::{Store, imports};

use crate::support::{Place, on_both, on_both_by, outcomes, with};

async fn file_of(place: &Place, import: ImportId) -> anyhow::Result<String> {
    let mut pieces = place.engine.reasons_file(&place.actor, import, Vec::new()).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.recv().await {
        bytes.extend(piece?);
    }
    Ok(String::from_utf8(bytes)?)
}

#[test]
fn the_file_of_reasons_imports_again_as_it_is() {
    on_both(|place| async move {
        let first = place.engine.create_campaign(&place.actor, "First").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        let file = "Email;Name;Note\nann@x.example;Ann Lee;\"=1+1\"\nbob@x.example;\"Bob; the \"\"second\"\"\";\"two\nlines\"\ncem@x.example;Cem;\n";
        place.import(Some(first), file, with(DuplicatePolicy::Active, LeadStatus::Paused)).await?;
        let import = place.draft(Some(second), file, |_| {}).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        assert_eq!(outcomes(&place.rows(import).await?), [Outcome::ActiveElsewhere; 3]);
        let reasons = file_of(&place, import).await?;
        assert!(reasons.contains("'=1+1"), "no cell starts a formula: {reasons}");
        assert!(reasons.contains("in progress in First of Command line (paused)"), "{reasons}");
        let again = place.import(Some(second), &reasons, with(DuplicatePolicy::Campaign, LeadStatus::ToLaunch)).await?;
        assert_eq!(outcomes(&again), [Outcome::Created; 3]);
        let (a, b) = (place.leads(first).await?, place.leads(second).await?);
        for (a, b) in a.iter().zip(&b) {
            assert_eq!((&a.person, &a.variables), (&b.person, &b.variables), "nothing was changed by the round trip");
        }
        Ok(())
    });
}

/// All that View details shows.
fn all_of(import: ImportId) -> RowQuery {
    RowQuery { import, outcomes: Vec::new(), search: String::new(), tag: String::new(), after: 0 }
}

#[test]
fn rows_left_out_are_taken_under_another_policy_without_a_new_upload() {
    on_both(|place| async move {
        let first = place.engine.create_campaign(&place.actor, "First").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        let old = "email\na@x.example\nb@x.example\n";
        place.import(Some(first), old, with(DuplicatePolicy::Active, LeadStatus::Done)).await?;
        let file = "email,city\na@x.example,\nbroken,\nb@x.example,\nnew@x.example,\nA@x.example,Oslo\n\
                    New@x.example,Kiel\n";
        let import = place.draft(Some(second), file, with(DuplicatePolicy::Workspace, LeadStatus::ToLaunch)).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        use Outcome::{Created, DuplicateInFile, DuplicateInWorkspace, Failed};
        let expected = [DuplicateInWorkspace, Failed, DuplicateInWorkspace, Created, DuplicateInFile, DuplicateInFile];
        assert_eq!(outcomes(&place.rows(import).await?), expected);
        let counts = place.engine.count_again(&place.actor, &all_of(import)).await?;
        assert_eq!(counts, [(DuplicatePolicy::Active, 2), (DuplicatePolicy::Campaign, 2)]);
        let again = place.engine.import_again(&place.actor, &all_of(import), DuplicatePolicy::Active).await?;
        place.work().await?;
        let rows = place.rows(again).await?;
        assert_eq!(outcomes(&rows), [Created, Created, DuplicateInFile]);
        assert_eq!(rows.iter().map(|r| r.row).collect::<Vec<_>>(), [1, 3, 5], "numbered as in the file");
        let leads = place.leads(second).await?;
        let of = |address: &str| leads.iter().find(|l| l.person.get(PersonField::Email) == address).unwrap();
        assert_eq!(of("a@x.example").person.get(PersonField::City), "Oslo", "R4: a repeat's values apply");
        assert_eq!(of("new@x.example").person.get(PersonField::City), "Kiel", "they did in the first import");
        Ok(())
    });
}

/// What View details shows is what is imported again: the filter and the search count.
#[test]
fn just_the_rows_that_are_shown_are_imported_again() {
    on_both(|place| async move {
        let first = place.engine.create_campaign(&place.actor, "First").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        let file = "email\nann@x.example\nbob@x.example\ncem@x.example\n";
        place.import(Some(first), file, with(DuplicatePolicy::Active, LeadStatus::Paused)).await?;
        // someone not to contact whom the policy keeps out, too
        let ended = "email\ndee@x.example\n";
        place.import(Some(first), ended, with(DuplicatePolicy::Active, LeadStatus::Unsubscribed)).await?;
        let file = format!("{file}dee@x.example\n");
        let import = place.draft(Some(second), &file, with(DuplicatePolicy::Workspace, LeadStatus::ToLaunch)).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let shown = |outcomes: &[Outcome], search: &str| {
            let (outcomes, search) = (outcomes.to_vec(), search.to_owned());
            RowQuery { import, outcomes, search, tag: String::new(), after: 0 }
        };
        let count = async |shown: RowQuery| place.engine.count_again(&place.actor, &shown).await;
        let [active, campaign] = [DuplicatePolicy::Active, DuplicatePolicy::Campaign];
        assert_eq!(count(shown(&[], "")).await?, [(active, 1), (campaign, 4)], "three are in progress elsewhere");
        assert_eq!(count(shown(&[Outcome::Suppressed], "")).await?, [(active, 1), (campaign, 1)]);
        assert_eq!(count(shown(&[], "BOB@")).await?, [(active, 0), (campaign, 1)]);
        assert_eq!(count(shown(&[Outcome::Failed], "")).await?, [(active, 0), (campaign, 0)]);
        let nobody = place.engine.import_again(&place.actor, &shown(&[Outcome::Failed], ""), campaign).await;
        assert!(nobody.is_err());
        let again = place.engine.import_again(&place.actor, &shown(&[], "bob"), campaign).await?;
        place.work().await?;
        assert_eq!(outcomes(&place.rows(again).await?), [Outcome::Created]);
        let quiet = place.engine.import_again(&place.actor, &shown(&[Outcome::Suppressed], ""), campaign).await?;
        place.work().await?;
        assert_eq!(outcomes(&place.rows(quiet).await?), [Outcome::Suppressed]);
        assert_eq!(place.leads(second).await?.len(), 2);
        Ok(())
    });
}

/// A77: so does the tag. Who carries it may change while the second try is stopped: what was taken stays, the rest goes by
/// the tag as it is then.
#[test]
fn just_the_rows_of_a_tag_are_imported_again_also_when_it_changes_meanwhile() {
    let small = Batches { first: 5, smallest: 5, largest: 5, look_up: 5 };
    on_both_by(small, |place| async move {
        let first = place.engine.create_campaign(&place.actor, "First").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        let file =
            |n: std::ops::Range<usize>| n.fold("email\n".to_owned(), |file, i| file + &format!("p{i}@x.example\n"));
        for (people, tag) in [(0..40, "Fair"), (40..60, "Q4")] {
            let settings = |s: &mut domain::import::ImportSettings| {
                s.status = LeadStatus::Paused;
                s.tags = vec![tag.to_owned()];
            };
            place.import(Some(first), &file(people), settings).await?;
        }
        let import =
            place.draft(Some(second), &file(0..60), with(DuplicatePolicy::Active, LeadStatus::ToLaunch)).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let shown = RowQuery { tag: "fair".to_owned(), ..all_of(import) };
        assert_eq!(place.engine.count_again(&place.actor, &shown).await?, [(DuplicatePolicy::Campaign, 40)]);
        let none = RowQuery { tag: "nobody's".to_owned(), ..all_of(import) };
        assert!(place.engine.import_again(&place.actor, &none, DuplicatePolicy::Campaign).await.is_err());

        let again = place.engine.import_again(&place.actor, &shown, DuplicatePolicy::Campaign).await?;
        let stopped = place.halt_after(8);
        place.engine.work_once(&stopped).await?;
        let taken = place.rows(again).await?.len();
        assert!(0 < taken && taken < 39, "{taken} rows before the stop");
        let untagged = vec![
            crate::dump::contact(&place, "p0@x.example").await?,
            crate::dump::contact(&place, "p39@x.example").await?,
        ];
        let untag = ContactChange::RemoveTag("Fair".to_owned());
        place.engine.change_contacts(&place.actor, ContactSelection::Ids(untagged), untag).await?;
        place.work().await?;
        let progress = place.engine.get_import_progress(&place.actor, again).await?;
        assert_eq!((progress.state, progress.done), (ImportState::Done, 39));
        let rows: Vec<u64> = place.rows(again).await?.iter().map(|r| r.row).collect();
        assert_eq!(rows, (1..=39).collect::<Vec<u64>>());
        place.sound().await?;
        Ok(())
    });
}

/// A second try that is refused leaves nothing: no draft that could be discarded together with the first one's file.
#[test]
fn a_second_try_that_is_refused_leaves_the_first_import_whole() {
    on_both(|place| async move {
        let first = place.engine.create_campaign(&place.actor, "First").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        let file = "email\nann@x.example\n";
        place.import(Some(first), file, with(DuplicatePolicy::Active, LeadStatus::Paused)).await?;
        let import = place.draft(Some(second), file, |_| {}).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        place.engine.archive_campaign(&place.actor, second, false).await?;
        let before = place.engine.list_imports(&place.actor, None).await?.rows.len();
        let refused = place.engine.import_again(&place.actor, &all_of(import), DuplicatePolicy::Campaign).await;
        assert!(refused.unwrap_err().into_problem().message.contains("archived"));
        assert_eq!(place.engine.list_imports(&place.actor, None).await?.rows.len(), before, "no draft is left");

        // a draft of an older version that has the first one's file: neither discarding nor a new file takes it away
        let store = Store::open(&place.url).await?;
        for new_file in [false, true] {
            place.engine.unarchive_campaign(&place.actor, second).await?;
            let trap = place.engine.new_draft(&place.actor, Some(second)).await?;
            let mut tx = store.write().await?;
            let whole = imports::get(&mut tx, place.actor.workspace, import).await?.unwrap();
            let trap = imports::Import { id: trap, again_of: Some(import), ..whole };
            imports::save_draft(&mut tx, place.actor.workspace, &trap, 5).await?;
            tx.commit().await?;
            if new_file {
                place.upload(trap.id, "email\nbob@x.example\ncem@x.example\n").await?;
                place.engine.run_import(&place.actor, trap.id).await?;
                place.work().await?;
                assert_eq!(outcomes(&place.rows(trap.id).await?), [Outcome::Created; 2], "all rows of the new file");
            } else {
                place.engine.discard_draft(&place.actor, trap.id).await?;
            }
            assert!(file_of(&place, import).await?.contains("ann@x.example"), "the first one's file is there");
        }
        store.close().await;
        Ok(())
    });
}

/// A66, A67: when nearly everyone was left out, the summary says by whom and what a looser policy would do.
#[test]
fn when_nearly_all_are_left_out_the_summary_says_what_would_help() {
    on_both(|place| async move {
        let first = place.engine.create_campaign(&place.actor, "DACH chemicals").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        let file: String = (0..40).fold(String::from("email\n"), |f, i| f + &format!("p{i}@x.example\n"));
        let half: String = (0..10).fold(String::from("email\n"), |f, i| f + &format!("p{i}@x.example\n"));
        place.import(Some(first), &half, with(DuplicatePolicy::Active, LeadStatus::Scheduled)).await?;
        place.import(Some(first), &file, with(DuplicatePolicy::Active, LeadStatus::Done)).await?;
        let import = place.draft(Some(second), &file, with(DuplicatePolicy::Workspace, LeadStatus::ToLaunch)).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let summary = place.engine.get_import_summary(&place.actor, import).await?;
        assert_eq!((summary.excluded_by[0].name.as_str(), summary.excluded_by[0].count), ("DACH chemicals", 40));
        assert_eq!(summary.looser, [(DuplicatePolicy::Active, 30), (DuplicatePolicy::Campaign, 40)]);
        let query = RowQuery { import, outcomes: vec![], search: "P39@".to_owned(), tag: String::new(), after: 0 };
        let page = place.engine.import_rows(&place.actor, &query).await?;
        assert_eq!(page.matching, 1);
        let why = "Blocked by the workspace policy; ended in DACH chemicals of Command line (done), by Email.";
        assert_eq!(page.rows[0].why, why);
        Ok(())
    });
}

/// A77: the tags of the people who were left out say where the duplicates came from, and each is a filter.
#[test]
fn rows_left_out_are_grouped_by_the_tags_of_their_people() {
    on_both(|place| async move {
        let first = place.engine.create_campaign(&place.actor, "First").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        for (file, tag) in [("email\na@x.example\nb@x.example\n", "Fair"), ("email\nc@x.example\n", "Q4 Scrape")] {
            let settings = |s: &mut domain::import::ImportSettings| {
                s.status = LeadStatus::Paused;
                s.tags = vec![tag.to_owned(), "Everyone".to_owned()];
            };
            place.import(Some(first), file, settings).await?;
        }
        let file = "email\na@x.example\nnew@x.example\nb@x.example\nc@x.example\na@x.example\nbroken\n";
        let import = place.draft(Some(second), file, with(DuplicatePolicy::Active, LeadStatus::ToLaunch)).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let tags = place.engine.get_import_row_tags(&place.actor, import).await?;
        let tags: Vec<_> = tags.iter().map(|tag| (tag.name.as_str(), tag.rows)).collect();
        assert_eq!(tags, [("Everyone", 4), ("Fair", 3), ("Q4 Scrape", 1)], "the one who went in carries none of them");
        let query =
            |tag: &str| RowQuery { import, outcomes: vec![], search: String::new(), tag: tag.to_owned(), after: 0 };
        let page = place.engine.import_rows(&place.actor, &query("fair")).await?;
        assert_eq!((page.matching, page.rows.iter().map(|r| r.row).collect::<Vec<_>>()), (3, vec![1, 3, 5]));
        // tags follow the person
        let (a, c) =
            (crate::dump::contact(&place, "a@x.example").await?, crate::dump::contact(&place, "c@x.example").await?);
        place.engine.merge(&place.actor, a, c, &domain::merge::MergeChoices::default()).await?;
        let page = place.engine.import_rows(&place.actor, &query("Fair")).await?;
        assert_eq!(page.rows.iter().map(|r| r.row).collect::<Vec<_>>(), [1, 3, 4, 5]);
        let stranger = place.engine.owner_of("Another team").await?;
        assert!(place.engine.get_import_row_tags(&stranger, import).await.is_err());
        Ok(())
    });
}

/// What is offered must help: an archived campaign counts as ended, and without a campaign no policy plays a part.
#[test]
fn only_what_would_help_is_offered() {
    on_both(|place| async move {
        let first = place.engine.create_campaign(&place.actor, "First").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        let file = "email\nann@x.example\nbob@x.example\n";
        place.import(Some(first), file, with(DuplicatePolicy::Active, LeadStatus::Paused)).await?;
        let import = place.draft(Some(second), file, with(DuplicatePolicy::Workspace, LeadStatus::ToLaunch)).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let looser =
            async || Ok::<_, anyhow::Error>(place.engine.get_import_summary(&place.actor, import).await?.looser);
        assert_eq!(looser().await?, [(DuplicatePolicy::Active, 0), (DuplicatePolicy::Campaign, 2)]);
        // the stored rows say paused; the campaign has been archived since
        let store = Store::open(&place.url).await?;
        let mut tx = store.write().await?;
        store::campaigns::set_archived(&mut tx, place.actor.workspace, first, Some(9), 9).await?;
        tx.commit().await?;
        store.close().await;
        assert_eq!(looser().await?, [(DuplicatePolicy::Active, 2), (DuplicatePolicy::Campaign, 2)]);

        let contacts = place
            .draft(None, file, |s| {
                s.mode = ImportMode::CreateOnly;
                s.policy = DuplicatePolicy::Workspace;
            })
            .await?;
        place.engine.run_import_now(&place.actor, contacts).await?;
        assert_eq!(outcomes(&place.rows(contacts).await?), [Outcome::DuplicateInWorkspace; 2]);
        assert!(place.engine.get_import_summary(&place.actor, contacts).await?.looser.is_empty());
        assert!(place.engine.count_again(&place.actor, &all_of(contacts)).await?.is_empty());
        assert!(place.engine.import_again(&place.actor, &all_of(contacts), DuplicatePolicy::Campaign).await.is_err());
        Ok(())
    });
}

/// A row that failed fails again, with every cell it had: nothing that was lost may make it pass.
#[test]
fn what_failed_by_its_cells_fails_again() {
    on_both(|place| async move {
        let bytes = [
            b"Email,Company,First name\na@x.example,Acme, Inc,Bob\nb@x.example,Gl\xffbex,Ann\n".as_slice(),
            b"c@x.example,Globex,Cem,=1+1\nd@x.example,Z\xc3\xbcrich,Zo\xc3\xab\n",
        ]
        .concat();
        let path = place.folder.join("odd.csv");
        std::fs::write(&path, &bytes)?;
        let import = place.engine.new_draft(&place.actor, None).await?;
        place.engine.take_file(&place.actor, import, &path).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        use Outcome::{Created, Failed};
        assert_eq!(outcomes(&place.rows(import).await?), [Failed, Failed, Failed, Created]);
        let mut before = Vec::new();
        for round in 0..2 {
            let import = if round == 0 { import } else { before.pop().unwrap() };
            let mut pieces = place.engine.reasons_file(&place.actor, import, Vec::new()).await?;
            let mut file = Vec::new();
            while let Some(piece) = pieces.recv().await {
                file.extend(piece?);
            }
            let text = String::from_utf8_lossy(&file).into_owned();
            assert_eq!(text.matches("Import reason").count(), 1, "one column of reasons: {text}");
            assert!(text.contains("a@x.example,Acme, Inc,\"Failed: The row has"), "{text}");
            assert!(text.lines().nth(1).unwrap().ends_with(",Bob"), "{text}");
            assert!(text.lines().nth(3).unwrap().ends_with(",'=1+1"), "no cell starts a formula: {text}");
            std::fs::write(&path, &file)?;
            let again = place.engine.new_draft(&place.actor, None).await?;
            place.engine.take_file(&place.actor, again, &path).await?;
            place.engine.run_import_now(&place.actor, again).await?;
            assert_eq!(outcomes(&place.rows(again).await?), [Failed; 3]);
            before.push(again);
        }
        Ok(())
    });
}

/// The mapping that somebody chose for a file is that of its file of reasons, too.
#[test]
fn a_file_of_reasons_finds_the_mapping_of_its_file() {
    use domain::import::{ColumnMapping, Target};
    on_both(|place| async move {
        let mapping = [Target::Field(domain::PersonField::Email), Target::Tags]
            .map(|target| ColumnMapping { target, overwrite: None });
        let import = place.engine.new_draft(&place.actor, None).await?;
        place.upload(import, "Kanal,Gruppe\na@x.example,VIP\nbroken,VIP\n").await?;
        for (column, chosen) in mapping.iter().enumerate() {
            let choice = domain::import::DraftChange::Column(column, chosen.clone());
            place.engine.change_draft(&place.actor, import, choice).await?;
        }
        place.engine.run_import(&place.actor, import).await?;
        place.work().await?;
        let again = place.engine.new_draft(&place.actor, None).await?;
        let columns = place.upload(again, &file_of(&place, import).await?).await?.settings.columns;
        assert_eq!(columns[..2], mapping);
        assert_eq!(columns[2].target, Target::Skip);
        Ok(())
    });
}

/// Whoever downloads learns that the file is not whole.
#[test]
fn a_file_that_is_gone_or_short_is_no_whole_download() {
    on_both(|place| async move {
        let file: String = (0..20).fold(String::from("email\n"), |file, i| file + &format!("broken{i}\n"));
        let import = place.draft(None, &file, |_| {}).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let uploads = place.folder.join("uploads");
        let upload = std::fs::read_dir(&uploads)?.next().expect("there is one upload")?.path();
        std::fs::write(&upload, "email\nbroken0\n")?;
        let error = file_of(&place, import).await.expect_err("rows are missing");
        assert!(error.to_string().contains("ended before"), "{error}");
        std::fs::remove_file(&upload)?;
        let problem = place.engine.reasons_file(&place.actor, import, Vec::new()).await.unwrap_err().into_problem();
        assert!(problem.message.contains("not on the server any more"), "{problem:?}");
        Ok(())
    });
}
