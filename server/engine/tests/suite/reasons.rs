//! View details: the sentences, the file of reasons that imports again, and the second try under another policy.

use domain::import::RowQuery;
use domain::{DuplicatePolicy, LeadStatus, Outcome};

use crate::support::{Place, on_both, outcomes, with};

async fn file_of(place: &Place, import: domain::ids::ImportId) -> anyhow::Result<String> {
    let mut pieces = place.engine.reasons_file(&place.actor, import, Vec::new()).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.recv().await {
        bytes.extend(piece);
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
        let query = |tag: &str| RowQuery { import, outcomes: vec![], search: String::new(), tag: tag.to_owned(), after: 0 };
        let page = place.engine.import_rows(&place.actor, &query("fair")).await?;
        assert_eq!((page.matching, page.rows.iter().map(|r| r.row).collect::<Vec<_>>()), (3, vec![1, 3, 5]));
        // tags follow the person
        let (a, c) = (crate::dump::contact(&place, "a@x.example").await?, crate::dump::contact(&place, "c@x.example").await?);
        place.engine.merge(&place.actor, a, c, &domain::merge::MergeChoices::default()).await?;
        let page = place.engine.import_rows(&place.actor, &query("Fair")).await?;
        assert_eq!(page.rows.iter().map(|r| r.row).collect::<Vec<_>>(), [1, 3, 4, 5]);
        let stranger = place.engine.owner_of("Another team").await?;
        assert!(place.engine.get_import_row_tags(&stranger, import).await.is_err());
        Ok(())
    });
}
