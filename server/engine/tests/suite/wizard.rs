//! The draft of the wizard: resumed, remembered, previewed.

use domain::import::{
    ColumnMapping, DetectionChange, DraftChange, HeaderChange, MappingProblem, Target, UseCaseChoice, WizardStep,
};
use domain::{Outcome, PersonField};

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
        let import = place.draft(Some(campaign), file, |_| {}).await?;
        let phone = ColumnMapping { target: Target::Field(PersonField::Phone), overwrite: None };
        let view = place.engine.change_draft(&place.actor, import, DraftChange::Column(2, phone.clone())).await?;
        assert!(matches!(view.problems[..], [MappingProblem::Clash { .. }]));
        assert!(place.engine.run_import(&place.actor, import).await.is_err());
        let choice = DraftChange::FirstFilled(phone.target.clone());
        assert!(place.engine.change_draft(&place.actor, import, choice).await?.problems.is_empty());
        place.engine.run_import_now(&place.actor, import).await?;
        assert_eq!(place.leads(campaign).await?[0].person.get(PersonField::Phone), "+46 8 1");
        let next = place.draft(Some(campaign), file, |_| {}).await?;
        let view = place.engine.get_draft(&place.actor, next).await?;
        assert_eq!(view.settings.columns[2], phone, "the same headers are mapped as last time");
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
