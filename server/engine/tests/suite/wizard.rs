//! The draft of the wizard: resumed, remembered, previewed.

use domain::import::{
    ColumnMapping, DetectionChange, DraftChange, HeaderChange, ImportSettings, ImportState, MappingProblem, SourceRate,
    Target, UseCaseChoice, WizardStep,
};
use domain::tag::{TAG_CHARACTERS, TAGS_AT_ONCE};
use domain::{ImportMode, Outcome, Overwrite, PersonField};

use crate::support::{on_both, outcomes};

#[test]
fn a_second_tab_finds_the_same_draft() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let first = place.engine.start_import(&place.actor, Some(campaign)).await?;
        place.engine.change_draft(&place.actor, first, DraftChange::Step(WizardStep::Fields)).await?;
        assert_eq!(place.engine.start_import(&place.actor, Some(campaign)).await?, first);
        assert_eq!(place.engine.get_draft(&place.actor, first).await?.step, WizardStep::Fields);
        place.engine.discard_draft(&place.actor, first).await?;
        assert_ne!(place.engine.start_import(&place.actor, Some(campaign)).await?, first);
        Ok(())
    });
}

#[test]
fn what_was_detected_can_be_corrected() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file = "Exported on 2026-11-20\n\nEmail;Name\na@x.example;Ann Lee\n";
        let import = place.draft(Some(campaign), file, |_| {}).await?;
        let view = place.engine.get_draft(&place.actor, import).await?.file.unwrap();
        assert_eq!((view.header_row, view.delimiter, view.rows), (Some(3), Some(';'), 1));
        assert_eq!(view.columns[1].suggested, Target::FullName);
        let none = DetectionChange { header: Some(HeaderChange::None), ..DetectionChange::default() };
        let changed = place.engine.change_draft(&place.actor, import, DraftChange::Detection(none)).await?;
        assert_eq!(changed.file.unwrap().header_row, None);
        let bad = DetectionChange { encoding: Some("klingon".to_owned()), ..DetectionChange::default() };
        assert!(place.engine.change_draft(&place.actor, import, DraftChange::Detection(bad)).await.is_err());
        Ok(())
    });
}

#[test]
fn a_clash_is_shown_until_someone_chooses_and_the_choice_is_remembered() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file = "Email,Telefon,Mobil\na@x.example,,+46 8 1\n";
        let import = place.engine.new_draft(&place.actor, Some(campaign)).await?;
        place.upload(import, file).await?;
        let rule = Some(Overwrite::Keep);
        let phone = ColumnMapping { target: Target::Field(PersonField::Phone), overwrite: rule };
        let view = place.engine.change_draft(&place.actor, import, DraftChange::Column(2, phone.clone())).await?;
        assert!(matches!(view.problems[..], [MappingProblem::Clash { .. }]));
        assert!(place.engine.run_import(&place.actor, import).await.is_err());
        let choice = DraftChange::FirstFilled(phone.target.clone());
        assert!(place.engine.change_draft(&place.actor, import, choice).await?.problems.is_empty());
        place.engine.run_import(&place.actor, import).await?;
        place.work().await?;
        assert_eq!(place.leads(campaign).await?[0].person.get(PersonField::Phone), "+46 8 1");
        let next = place.engine.new_draft(&place.actor, Some(campaign)).await?;
        let view = place.upload(next, file).await?;
        assert_eq!(view.settings.columns[2], phone, "the same headers are mapped as last time");
        assert!(view.problems.is_empty(), "and the choice between the two is remembered with them");

        // as contacts only they are another mapping, and the command line maps by header alone
        let contacts = place.engine.new_draft(&place.actor, None).await?;
        let by_header = place.upload(contacts, file).await?.settings.columns[2].clone();
        assert_ne!(by_header, phone);
        let unattended = place.draft(Some(campaign), file, |_| {}).await?;
        let columns = place.engine.get_draft(&place.actor, unattended).await?.settings.columns;
        assert!(columns.iter().all(|c| c.overwrite.is_none()), "{columns:?}");
        assert_ne!(columns[2], phone);
        // nor does it change what the wizard remembers
        place.engine.change_settings(&place.actor, unattended, |s| s.columns[2].target = Target::Skip).await?;
        place.engine.run_import_now(&place.actor, unattended).await?;
        let last = place.engine.new_draft(&place.actor, Some(campaign)).await?;
        assert_eq!(place.upload(last, file).await?.settings.columns[2], phone);
        Ok(())
    });
}

/// A file that takes a while to be looked at.
fn long_file() -> String {
    (0..60_000).fold(String::from("email,name\n"), |file, i| file + &format!("p{i}@x.example,Name {i}\n"))
}

/// Two tabs: what is chosen while a file is looked at stays.
#[test]
fn choices_made_while_a_file_comes_in_stay() {
    on_both(|place| async move {
        let import = place.engine.new_draft(&place.actor, None).await?;
        place.upload(import, "email\na@x.example\n").await?;
        let choose = async |change| place.engine.change_draft(&place.actor, import, change).await;
        let (file, choice) = (long_file(), DraftChange::Mode(ImportMode::UpdateOnly));
        let (uploaded, chosen) = tokio::join!(place.upload(import, &file), choose(choice));
        chosen?;
        assert_eq!(uploaded?.file.unwrap().rows, 60_000);
        assert_eq!(place.engine.get_draft(&place.actor, import).await?.settings.mode, ImportMode::UpdateOnly);

        let again = DetectionChange { header: Some(HeaderChange::None), ..DetectionChange::default() };
        let (looked, chosen) = tokio::join!(
            choose(DraftChange::Detection(again.clone())),
            choose(DraftChange::Overwrite(Overwrite::FillBlanks)),
        );
        looked?;
        chosen?;
        let draft = place.engine.get_draft(&place.actor, import).await?;
        assert_eq!(draft.settings.overwrite, Overwrite::FillBlanks);

        // a correction of a file that was replaced meanwhile must not bring the old file back
        let short = "email\nb@x.example\n";
        let (looked, uploaded) = tokio::join!(choose(DraftChange::Detection(again)), place.upload(import, short));
        uploaded?;
        let now = place.engine.get_draft(&place.actor, import).await?;
        assert_eq!(now.file.unwrap().bytes, short.len() as u64, "{looked:?}");
        place.engine.run_import(&place.actor, import).await?;
        place.work().await?;
        let done = place.engine.get_import_summary(&place.actor, import).await?.import;
        assert_eq!((done.state, done.problem), (ImportState::Done, None));
        Ok(())
    });
}

/// Two tabs: one starts the import, the other discards or changes it. One of them wins, and the import is sound.
#[test]
fn a_draft_is_either_started_or_discarded_or_changed() {
    on_both(|place| async move {
        for round in 0..12 {
            let import = place.engine.new_draft(&place.actor, None).await?;
            place.upload(import, "email,name\na@x.example,A\n").await?;
            let skip = ColumnMapping { target: Target::Skip, overwrite: None };
            let other = async {
                match round % 2 {
                    0 => place.engine.discard_draft(&place.actor, import).await,
                    _ => {
                        let change = DraftChange::Column(0, skip);
                        place.engine.change_draft(&place.actor, import, change).await.map(drop)
                    }
                }
            };
            let (started, other) = tokio::join!(place.engine.run_import(&place.actor, import), other);
            assert!(started.is_ok() != other.is_ok(), "{started:?} {other:?}");
            place.work().await?;
            if started.is_ok() {
                let done = place.engine.get_import_summary(&place.actor, import).await?.import;
                assert_eq!((done.state, done.problem), (ImportState::Done, None));
            }
        }
        Ok(())
    });
}

#[test]
fn files_that_no_import_has_go() {
    on_both(|place| async move {
        let files = || -> usize { std::fs::read_dir(place.folder.join("uploads")).unwrap().count() };
        let import = place.engine.new_draft(&place.actor, None).await?;
        place.upload(import, "email\na@x.example\n").await?;
        place.upload(import, "email\nb@x.example\n").await?;
        assert_eq!(files(), 1, "a new file takes the place of the old one");
        assert!(place.upload(import, "email,\"open\n").await.is_err());
        assert_eq!(files(), 1, "a file that is refused goes at once");
        let broken_off = place.engine.place_for_upload(&place.actor, import).await?;
        std::fs::write(broken_off.place(), "ema")?;
        assert_eq!(files(), 2);
        drop(broken_off);
        assert_eq!(files(), 1, "and so does one that broke off");
        // what a server that died left behind; the clock of the test is far ahead of its files
        std::fs::write(place.folder.join("uploads/0123"), "ema")?;
        let coming = place.engine.place_for_upload(&place.actor, import).await?;
        std::fs::write(coming.place(), "email\nc@x.example\n")?;
        assert_eq!(place.engine.sweep().await?.files, 1);
        assert_eq!(files(), 2, "neither the draft's file nor the one on its way in");
        place.engine.take_upload(&place.actor, import, coming, "c.csv", 18).await?;
        assert_eq!((files(), place.engine.sweep().await?.files), (1, 0));
        place.engine.discard_draft(&place.actor, import).await?;
        assert_eq!(files(), 0);
        Ok(())
    });
}

#[test]
fn use_cases_show_what_they_would_do_and_do_it() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file = "Email,First name,Company,Phone\nann@lumen-foods.se,ANN,Lumen Foods AB,+46 8 555 014 20\n";
        let import = place.draft(Some(campaign), file, |_| {}).await?;
        let views = place.engine.use_cases(&place.actor, import).await?;
        let of = |id: &str| views.iter().find(|v| v.id == id).unwrap();
        assert_eq!(of("tidyNames").examples[0].after, "Ann");
        assert_eq!(of("cleanCompany").examples[0].after, "Lumen Foods");
        assert!(of("splitFullName").problem.is_some(), "no column with whole names");
        for id in ["tidyNames", "cleanCompany", "companyDomain", "normalisePhone", "splitFullName"] {
            let inputs = of(id).inputs.iter().map(|i| i.column).collect();
            let choice = UseCaseChoice { id: id.to_owned(), on: true, inputs };
            place.engine.change_draft(&place.actor, import, DraftChange::UseCase(choice)).await?;
        }
        let views = place.engine.use_cases(&place.actor, import).await?;
        assert_eq!(views.iter().filter(|v| v.on).count(), 5, "four and the cleaning rule; one cannot run");
        place.engine.run_import_now(&place.actor, import).await?;
        let person = place.leads(campaign).await?.remove(0).person;
        assert_eq!(person.get(PersonField::FirstName), "Ann");
        assert_eq!(person.get(PersonField::CompanyName), "Lumen Foods");
        assert_eq!(person.get(PersonField::CompanyDomain), "lumen-foods.se");
        Ok(())
    });
}

#[test]
fn full_names_are_split_and_tags_united_on_the_way_in() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file = "Name,Mail,Tags\n\"de Wit, Sanne\",s@x.example,\"a; b\"\nJean Moreau,j@x.example,B\n";
        let rows = place.import(Some(campaign), file, |s| s.tags = vec!["Fair".to_owned()]).await?;
        assert_eq!(outcomes(&rows), [Outcome::Created, Outcome::Created]);
        let leads = place.leads(campaign).await?;
        assert_eq!(leads[0].person.display_name(), "Sanne de Wit");
        assert_eq!(leads[0].tags, ["a", "b", "Fair"]);
        assert_eq!(leads[1].tags, ["b", "Fair"]);
        Ok(())
    });
}

/// What is too long or too many is refused whole: a tag that was cut would be another tag.
#[test]
fn tags_are_refused_and_never_cut() {
    on_both(|place| async move {
        let import = place.draft(None, "Email\na@x.example\n", |_| {}).await?;
        let tags = |list: Vec<String>| place.engine.change_draft(&place.actor, import, DraftChange::Tags(list));
        let most: Vec<String> = (0..TAGS_AT_ONCE).map(|i| format!("{i:0>TAG_CHARACTERS$}")).collect();
        let mut padded = most.clone();
        padded.extend([" ".to_owned(), "\u{200b}".to_owned()]);
        assert_eq!(tags(padded).await?.settings.tags, most, "blank ones do not count");
        let long = tags(vec!["x".repeat(TAG_CHARACTERS + 1)]).await.unwrap_err().to_string();
        assert!(long.contains("at most 60 characters"), "{long}");
        let mut many = most.clone();
        many.push("one more".to_owned());
        assert!(tags(many).await.is_err());
        assert!(tags(vec!["a\0b".to_owned()]).await.is_err());
        assert_eq!(place.engine.get_draft(&place.actor, import).await?.settings.tags, most, "what was saved stays");
        Ok(())
    });
}

/// What the wizard's Skip does.
#[test]
fn a_skipped_step_runs_no_use_case() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file = "Email,First name,Company\nann@lumen-foods.se,ANN,Lumen Foods AB\n";
        let import = place.draft(Some(campaign), file, |_| {}).await?;
        for view in place.engine.use_cases(&place.actor, import).await?.into_iter().filter(|view| view.id != "trim") {
            let inputs = view.inputs.iter().map(|input| input.column).collect();
            let choice = UseCaseChoice { id: view.id, on: true, inputs };
            place.engine.change_draft(&place.actor, import, DraftChange::UseCase(choice)).await?;
        }
        place.engine.change_draft(&place.actor, import, DraftChange::DisableAll).await?;
        place.engine.change_draft(&place.actor, import, DraftChange::Step(WizardStep::Duplicates)).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let person = place.leads(campaign).await?.remove(0).person;
        assert_eq!(person.get(PersonField::FirstName), "ANN");
        assert_eq!(person.get(PersonField::CompanyName), "Lumen Foods AB");
        Ok(())
    });
}

#[test]
fn the_sample_is_an_ordinary_import() {
    on_both(|place| async move {
        let (campaign, import) = place.engine.import_sample(&place.actor, None).await?;
        assert_eq!(place.engine.get_campaign(&place.actor, campaign).await?.row.name, "Sample campaign");
        let state = place.engine.get_import_progress(&place.actor, import).await?.state;
        assert_eq!(state, ImportState::Queued, "it runs on the server, like any other");
        let (same, again) = place.engine.import_sample(&place.actor, Some(campaign)).await?;
        assert_eq!(same, campaign);
        let (_keep, go_on) = tokio::sync::watch::channel(false);
        while place.engine.work_once(&go_on).await? {}
        assert_eq!(place.leads(campaign).await?.len(), 8);
        let counts = place.engine.get_import_summary(&place.actor, again).await?.import.counts;
        assert_eq!((counts.of(Outcome::Created), counts.total()), (0, 8), "they are known by then");
        place.engine.archive_campaign(&place.actor, campaign, false).await?;
        assert!(place.engine.import_sample(&place.actor, Some(campaign)).await.is_err());
        Ok(())
    });
}

#[test]
fn sources_are_told_by_the_tags_of_their_imports() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let rate = |tag: Option<&str>, rows, duplicates| SourceRate { tag: tag.map(str::to_owned), rows, duplicates };
        assert_eq!(place.engine.import_sources(&place.actor).await?, []);
        let tagged = |tags: &[&str]| {
            let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
            move |settings: &mut ImportSettings| {
                settings.mode = ImportMode::CreateOnly;
                settings.tags = tags;
            }
        };
        let file = "Email\na@x.example\nb@x.example\nA@x.example\n";
        place.import(Some(campaign), file, tagged(&["Fair", "Spring"])).await?;
        place.import(Some(campaign), "Email\na@x.example\n", tagged(&["Fair"])).await?;
        place.import(Some(campaign), "Email\nc@x.example\n", tagged(&[])).await?;
        place.draft(Some(campaign), file, tagged(&["Draft"])).await?;
        let found = place.engine.import_sources(&place.actor).await?;
        assert_eq!(found, [rate(Some("Fair"), 4, 2), rate(Some("Spring"), 3, 1), rate(None, 1, 0)]);
        Ok(())
    });
}

/// The use cases of step 3 build on each other, and a preview shows what the import does.
#[test]
fn use_cases_build_on_each_other() {
    use domain::PersonField;
    use domain::import::{DraftChange, UseCaseChoice};
    on_both(|place| async move {
        let file =
            "Email,Name,Phone,Mobile\na@x.example,JANE DOE,,+442071838750\nb@x.example,'=BOB LEE,+442071838751,\n";
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let import = place
            .draft(Some(campaign), file, |settings| {
                let phone = domain::import::Target::Field(PersonField::Phone);
                settings.columns[3].target = phone.clone();
                settings.first_filled.push(phone);
            })
            .await?;
        let mut views = place.engine.use_cases(&place.actor, import).await?;
        for id in ["splitFullName", "tidyNames", "normalisePhone"] {
            let view = views.iter().find(|view| view.id == id).unwrap();
            assert_eq!(view.problem, None, "{id}");
            let inputs = view.inputs.iter().map(|input| input.column).collect();
            let choice = UseCaseChoice { id: id.to_owned(), on: true, inputs };
            place.engine.change_draft(&place.actor, import, DraftChange::UseCase(choice)).await?;
        }
        views = place.engine.use_cases(&place.actor, import).await?;
        let shown = |id: &str| {
            let view = views.iter().find(|view| view.id == id).unwrap();
            view.examples.iter().map(|e| (e.before.clone(), e.after.clone())).collect::<Vec<_>>()
        };
        let pair = |before: &str, after: &str| (before.to_owned(), after.to_owned());
        assert_eq!(shown("tidyNames"), [pair("JANE · DOE", "Jane · Doe"), pair("=BOB · LEE", "=Bob · Lee")]);
        assert_eq!(
            shown("normalisePhone"),
            [pair("+442071838750", "+44 20 7183 8750"), pair("+442071838751", "+44 20 7183 8751")],
            "the first filled column counts"
        );
        place.engine.run_import_now(&place.actor, import).await?;
        let leads = place.leads(campaign).await?;
        let got = |n: usize, field| leads[n].person.get(field).to_owned();
        use PersonField::{FirstName, LastName, Phone};
        assert_eq!([got(0, FirstName), got(0, LastName), got(0, Phone)], ["Jane", "Doe", "+44 20 7183 8750"]);
        assert_eq!([got(1, FirstName), got(1, LastName), got(1, Phone)], ["=Bob", "Lee", "+44 20 7183 8751"]);
        Ok(())
    });
}
