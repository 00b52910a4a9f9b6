//! View details: the sentences, the file of reasons that imports again, and the second try under another policy.

use domain::import::RowQuery;
use domain::{DuplicatePolicy, LeadStatus, Outcome};

use crate::support::{Place, on_both, outcomes, with};

async fn file_of(place: &Place, import: domain::ids::ImportId) -> anyhow::Result<String> {
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

#[test]
fn rows_left_out_are_taken_under_another_policy_without_a_new_upload() {
    on_both(|place| async move {
        let first = place.engine.create_campaign(&place.actor, "First").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        let old = "email\na@x.example\nb@x.example\n";
        place.import(Some(first), old, with(DuplicatePolicy::Active, LeadStatus::Done)).await?;
        let file = "email\na@x.example\nbroken\nb@x.example\nA@x.example\n";
        let import = place.draft(Some(second), file, with(DuplicatePolicy::Workspace, LeadStatus::ToLaunch)).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        use Outcome::{Created, DuplicateInFile, DuplicateInWorkspace, Failed};
        let expected = [DuplicateInWorkspace, Failed, DuplicateInWorkspace, DuplicateInFile];
        assert_eq!(outcomes(&place.rows(import).await?), expected);
        let again = place.engine.import_again(&place.actor, import, DuplicatePolicy::Active).await?;
        let (_stop, go_on) = tokio::sync::watch::channel(false);
        while place.engine.work_once(&go_on).await? {}
        let rows = place.rows(again).await?;
        assert_eq!(outcomes(&rows), [Created, Created]);
        assert_eq!(rows.iter().map(|r| r.row).collect::<Vec<_>>(), [1, 3], "numbered as in the file");
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
        let query = RowQuery { import, outcomes: vec![], search: "P39@".to_owned(), after: 0 };
        let page = place.engine.import_rows(&place.actor, &query).await?;
        assert_eq!(page.matching, 1);
        let why = "Blocked by the workspace policy; ended in DACH chemicals of Command line (done), by Email.";
        assert_eq!(page.rows[0].why, why);
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
        let chosen = mapping.to_vec();
        let file = "Kanal,Gruppe\na@x.example,VIP\nbroken,VIP\n";
        let import = place.draft(None, file, move |settings| settings.columns = chosen).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let again = place.draft(None, &file_of(&place, import).await?, |_| {}).await?;
        let columns = place.engine.get_draft(&place.actor, again).await?.settings.columns;
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
