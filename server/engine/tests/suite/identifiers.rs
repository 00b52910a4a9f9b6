//! By what an import recognises people (B7–B9, B16, R5, R16): groups joined by OR, fields of a group by AND.

use std::sync::Arc;

use domain::ids::{CampaignId, FieldId, ImportId};
use domain::import::{ColumnMapping, DraftChange, ImportSettings, MappingProblem, Target, UndoView};
use domain::{CustomField, FieldKind, Outcome, Overwrite, PersonField};
use store::{Store, contacts, fields, test_database};
use tokio::sync::watch;

use crate::support::{Place, on_both, outcomes};

pub fn field(field: PersonField) -> Target {
    Target::Field(field)
}

/// Columns in order, and what people are recognised by.
pub fn chosen(columns: Vec<Target>, identifiers: Vec<Vec<Target>>) -> impl FnOnce(&mut ImportSettings) {
    move |settings| {
        settings.columns = columns.into_iter().map(|target| ColumnMapping { target, overwrite: None }).collect();
        settings.identifiers = identifiers;
    }
}

async fn store(place: &Place) -> anyhow::Result<Store> {
    Ok(Store::open(&place.url).await?)
}

async fn lines(place: &Place) -> anyhow::Result<Vec<String>> {
    let store = store(place).await?;
    let lines = test_database::people(&mut store.read().await?, place.actor.workspace).await?;
    store.close().await;
    Ok(lines)
}

async fn own_field(place: &Place, id: i64, name: &str, kind: FieldKind, options: &[&str]) -> anyhow::Result<FieldId> {
    let options = options.iter().map(|o| (*o).to_owned()).collect();
    let field = CustomField { id: FieldId(id), name: name.to_owned(), kind, options };
    let store = store(place).await?;
    let mut tx = store.write().await?;
    fields::add(&mut tx, place.actor.workspace, &field, &name.to_lowercase(), 1).await?;
    tx.commit().await?;
    store.close().await;
    Ok(FieldId(id))
}

async fn undo(place: &Place, import: ImportId) -> anyhow::Result<UndoView> {
    Ok(place.engine.undo_import_now(&place.actor, import).await?)
}

/// B9: email and birth date, one differs, so it is somebody else; and R16: they share the mailbox and stay apart.
#[test]
fn people_who_share_a_mailbox_stay_apart_when_the_team_says_so() {
    on_both(|place| async move {
        use PersonField::*;
        let campaign = place.engine.create_campaign(&place.actor, "Families").await?;
        place.import(Some(campaign), "email,first name,dob\nhome@x.example,Ann,1980-01-02\n", |_| {}).await?;
        let before = lines(&place).await?;
        let columns = || vec![field(Email), field(FirstName), field(DateOfBirth)];
        let both = || vec![vec![field(Email), field(DateOfBirth)]];
        let file = "email,first name,dob\nHOME@x.example,Ann,02.01.1980\nhome@x.example,Bo,2010-05-06\n\
                    home@x.example,Bo,6 May 2010\nhome@x.example,Cia,\n";
        let import = place.draft(Some(campaign), file, chosen(columns(), both())).await?;
        let dry = place.engine.dry_run_now(&place.actor, import).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let rows = place.rows(import).await?;
        let expected = [Outcome::Unchanged, Outcome::Created, Outcome::DuplicateInFile, Outcome::Failed];
        assert_eq!(
            outcomes(&rows),
            [Outcome::Updated, expected[1], expected[2], expected[3]],
            "the date is written anew"
        );
        assert!(rows[3].why.contains("Email with Date of birth"), "an empty value matches nobody: {}", rows[3].why);
        let counted = &dry.policies[0].counts;
        assert_eq!((counted.of(Outcome::Created), counted.of(Outcome::Failed)), (1, 1), "the dry run told the truth");
        let leads = place.leads(campaign).await?;
        assert_eq!(leads.len(), 2);
        assert!(
            leads.iter().all(|l| matching::EmailKey::parse(l.person.get(Email)).unwrap().as_str() == "home@x.example")
        );
        let store = store(&place).await?;
        let ids: Vec<_> = leads.iter().map(|l| l.contact).collect();
        let people = contacts::among(&mut store.read().await?, place.actor.workspace, &ids).await?;
        store.close().await;
        assert!(people.iter().all(|c| c.shared_mailbox), "both are marked");
        place.sound().await?;

        // the usual identifiers find the owner of the address, who was here first
        let usual = place.import(Some(campaign), "email,job title\nhome@x.example,Owner\n", |_| {}).await?;
        assert_eq!(outcomes(&usual), [Outcome::Updated]);
        let owner = place.leads(campaign).await?.into_iter().find(|l| l.person.get(JobTitle) == "Owner").unwrap();
        assert_eq!(owner.person.get(FirstName), "Ann");

        // a second time nothing changes, in another workspace nobody is known
        let again = place.import(Some(campaign), file, chosen(columns(), both())).await?;
        assert_eq!(outcomes(&again)[..2], [Outcome::Unchanged, Outcome::Updated], "Bo’s date is spelled another way");
        let last = place.engine.list_imports(&place.actor, None).await?.rows;
        undo(&place, last[0].id).await?;
        undo(&place, last[1].id).await?;
        undo(&place, import).await?;
        assert_eq!(lines(&place).await?, {
            // the set stays registered, so Ann keeps her key in it
            let mut with_keys = before;
            with_keys.extend(lines(&place).await?.into_iter().filter(|l| l.starts_with("group_key")));
            with_keys.sort();
            with_keys
        });
        Ok(())
    });
}

#[test]
fn a_phone_or_an_own_number_recognises_people_without_an_address() {
    on_both(|place| async move {
        use PersonField::*;
        let number = own_field(&place, 1, "Member number", FieldKind::Text, &[]).await?;
        let columns = || vec![field(FirstName), field(Phone), Target::Custom(number)];
        let either = || vec![vec![field(Phone)], vec![Target::Custom(number)]];
        let campaign = place.engine.create_campaign(&place.actor, "Members").await?;
        let first = "first name,phone,member number\nAnn,+46 70 123 45 67,A-1\nBo,,a-2\nNobody,,\n";
        let rows = place.import(Some(campaign), first, chosen(columns(), either())).await?;
        assert_eq!(outcomes(&rows), [Outcome::Created, Outcome::Created, Outcome::Failed]);
        assert!(rows[2].why.contains("no Phone, no Member number"), "{}", rows[2].why);
        // the same people, known by the other of the two; then both at once, which are two people
        let second = "first name,phone,member number\n,0046701234567,\n,,\" A-2 \"\nAnn B,,A-1\n,+46701234567,A-2\n";
        let rows = place.import(Some(campaign), second, chosen(columns(), either())).await?;
        let expected = [Outcome::Updated, Outcome::Updated, Outcome::DuplicateInFile, Outcome::IdentityConflict];
        assert_eq!(outcomes(&rows), expected, "{rows:?}");
        assert!(rows[0].matched.is_some());
        let leads = place.leads(campaign).await?;
        assert_eq!(leads.len(), 2);
        assert_eq!(leads[0].person.get(FirstName), "Ann B", "a repeat's values apply");
        Ok(())
    });
}

/// The first use of a set of fields goes over everyone who is here; later writes keep their keys.
#[test]
fn people_of_before_are_found_and_changes_are_followed() {
    on_both(|place| async move {
        use PersonField::*;
        let campaign = place.engine.create_campaign(&place.actor, "A").await?;
        let many =
            (0..1_500).fold(String::from("email,phone\n"), |file, i| file + &format!("p{i}@x.example,+4670{i:07}\n"));
        place.import(Some(campaign), &many, |_| {}).await?;
        let by_phone = || chosen(vec![field(Phone), field(City)], vec![vec![field(Phone)]]);
        let rows = place.import(Some(campaign), "phone,city\n+46700000007,Lund\n", by_phone()).await?;
        assert_eq!(outcomes(&rows), [Outcome::Updated]);
        // a usual import gives the person another number: the old one finds nobody, the new one does
        place.import(Some(campaign), "email,phone\np7@x.example,+46709999999\n", |_| {}).await?;
        let rows =
            place.import(Some(campaign), "phone,city\n+46709999999,Kiel\n+46700000007,Oslo\n", by_phone()).await?;
        assert_eq!(outcomes(&rows), [Outcome::Updated, Outcome::Created]);
        // several have one number: the oldest counts
        place.import(Some(campaign), "email,phone\np8@x.example,+46700000003\n", |_| {}).await?;
        let rows = place.import(Some(campaign), "phone,city\n+46700000003,Umeå\n", by_phone()).await?;
        assert_eq!(outcomes(&rows), [Outcome::Updated]);
        let oldest = place.leads(campaign).await?.into_iter().find(|l| l.person.get(City) == "Umeå").unwrap();
        assert_eq!(oldest.person.get(Email), "p3@x.example");
        Ok(())
    });
}

/// B8, B16: offered are mapped fields only; few-valued ones are refused by the engine too.
#[test]
fn what_cannot_identify_is_refused_in_words() {
    on_both(|place| async move {
        use PersonField::*;
        let plan = own_field(&place, 1, "Plan", FieldKind::Choice, &["Free", "Paid"]).await?;
        let file = "email,country,plan,phone\nann@x.example,SE,free,1\n";
        let import = place.draft(None, file, |_| {}).await?;
        let draft = place.engine.get_draft(&place.actor, import).await?;
        assert_eq!(draft.settings.columns[2].target, Target::Custom(plan), "suggested by its name");
        assert_eq!(draft.fields.len(), 1);
        let set = |groups: Vec<Vec<Target>>| {
            let place = place.clone();
            async move { place.engine.change_draft(&place.actor, import, DraftChange::Identifiers(groups)).await }
        };
        for (group, word) in [
            (vec![Target::Custom(plan)], "Plan"),
            (vec![field(Email), field(Country)], "Country"),
            (vec![field(FirstName), field(LastName)], "Names alone"),
            (vec![field(ExternalId)], "No column"),
        ] {
            let refused = set(vec![group]).await.unwrap_err().into_problem();
            assert!(refused.message.contains(word), "{refused:?}");
        }
        let chosen = set(vec![vec![field(Phone)], vec![field(Phone)]]).await?;
        assert_eq!(chosen.settings.identifiers, [[field(Phone)]], "each once");
        let column = ColumnMapping { target: Target::Skip, overwrite: None };
        let gone = place.engine.change_draft(&place.actor, import, DraftChange::Column(3, column)).await?;
        assert_eq!(gone.problems, [MappingProblem::NoIdentifier]);
        assert!(place.engine.run_import(&place.actor, import).await.is_err(), "nobody could be recognised");
        let usual = set(Vec::new()).await?;
        assert_eq!((usual.settings.identifiers.len(), usual.problems.len()), (3, 0));
        // behind the wizard's back
        place
            .engine
            .change_settings(&place.actor, import, |s| s.identifiers = vec![vec![Target::Custom(plan)]])
            .await?;
        assert!(place.engine.run_import(&place.actor, import).await.is_err());
        place.engine.discard_draft(&place.actor, import).await?;
        Ok(())
    });
}

/// Two imports by another field than the address, at once: no key is unique, so the workspace's lock must hold.
#[test]
fn imports_by_other_identifiers_at_once_make_no_twins() {
    on_both(|place: Arc<Place>| async move {
        use PersonField::*;
        let campaigns: [CampaignId; 2] = [
            place.engine.create_campaign(&place.actor, "A").await?,
            place.engine.create_campaign(&place.actor, "B").await?,
        ];
        let file = (0..400).fold(String::from("phone,first name\n"), |file, i| file + &format!("+4670{i:07},N\n"));
        let mut imports = Vec::new();
        for n in 0..4 {
            let by_phone = chosen(vec![field(Phone), field(FirstName)], vec![vec![field(Phone)]]);
            let import = place.draft(Some(campaigns[n % 2]), &file, by_phone).await?;
            place.engine.run_import(&place.actor, import).await?;
            imports.push(import);
        }
        let (stop, stopped) = watch::channel(false);
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let (engine, stopped) = (place.engine.clone(), stopped.clone());
                tokio::spawn(async move { engine.work(stopped).await })
            })
            .collect();
        for &import in &imports {
            while place.engine.get_import_progress(&place.actor, import).await?.state.is_busy() {
                tokio::task::yield_now().await;
            }
        }
        stop.send(true)?;
        for worker in workers {
            worker.await?;
        }
        for import in imports {
            let summary = place.engine.get_import_summary(&place.actor, import).await?.import;
            assert_eq!((summary.problem, summary.counts.of(Outcome::Failed)), (None, 0));
        }
        let store = store(&place).await?;
        assert_eq!(contacts::count(&mut store.read().await?, place.actor.workspace).await?, 400);
        store.close().await;
        Ok(())
    });
}

#[test]
fn own_fields_are_read_by_their_type_and_taken_back() {
    on_both(|place| async move {
        let plan = own_field(&place, 1, "Plan", FieldKind::Choice, &["Free", "Paid"]).await?;
        let since = own_field(&place, 2, "Since", FieldKind::Date, &[]).await?;
        let seats = own_field(&place, 3, "Seats", FieldKind::Number, &[]).await?;
        place.import(None, "email,plan,since,seats\nann@x.example,FREE,31.12.2025,\"1,5\"\n", |_| {}).await?;
        let before = lines(&place).await?;
        let file = "email,plan,since,seats\nann@x.example,gold,2026-01-01,7\nbo@x.example,paid,soon,\n";
        let import = place.draft(None, file, |s| s.columns[3].overwrite = Some(Overwrite::FillBlanks)).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let rows = place.rows(import).await?;
        assert_eq!(outcomes(&rows), [Outcome::Updated, Outcome::Created], "a value that does not fit fails no row");
        let summary = place.engine.get_import_summary(&place.actor, import).await?.import;
        assert_eq!(summary.skipped_values, 2, "gold is no plan, soon is no day");
        let store = store(&place).await?;
        let all =
            contacts::after(&mut store.read().await?, place.actor.workspace, domain::ids::ContactId(0), 9).await?;
        store.close().await;
        let of = |n: usize, id: FieldId| all[n].custom.get(&id).map(String::as_str);
        assert_eq!((of(0, plan), of(0, since), of(0, seats)), (Some("Free"), Some("2026-01-01"), Some("1.5")));
        assert_eq!((of(1, plan), of(1, since), of(1, seats)), (Some("Paid"), None, None));
        let origin = all[0].origins.get(&since.to_string()).map(|o| o.id);
        assert_eq!((origin, all[0].origins.len()), (Some(import.0), 1), "only what was replaced has an origin");
        let undone = undo(&place, import).await?;
        assert_eq!((undone.contacts, undone.restored, undone.kept), (1, 1, 0));
        assert_eq!(lines(&place).await?, before);
        Ok(())
    });
}
