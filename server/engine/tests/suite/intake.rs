//! People who come in by another door than a file: the same decisions, one contact, and a way back.

use std::sync::Arc;

use domain::policy::DeletedRows;
use domain::{Outcome, Overwrite, Person, PersonField, ProblemKind, Role, SourceKind};
use engine::Intake;
use store::{Store, contacts, test_database};

use crate::support::{Place, on_both};

fn someone(values: &[(PersonField, &str)], kind: SourceKind) -> Intake {
    let mut person = Person::default();
    values.iter().for_each(|(field, value)| person.set(*field, *value));
    Intake::new(person, (kind, 1))
}

async fn lines(place: &Place) -> anyhow::Result<Vec<String>> {
    let store = Store::open(&place.url).await?;
    let lines = test_database::people(&mut store.read().await?, place.actor.workspace).await?;
    store.close().await;
    Ok(lines)
}

#[test]
fn a_form_and_a_hand_find_the_person_that_a_file_brought() {
    on_both(|place| async move {
        use PersonField::*;
        let campaign = place.engine.create_campaign(&place.actor, "A").await?;
        place.import(Some(campaign), "email,first name\nann@x.example,Ann\n", |_| {}).await?;
        let before = lines(&place).await?;
        let mut form = someone(&[(Email, " ANN@x.example "), (FirstName, "Anna"), (City, "Lund")], SourceKind::Form);
        form.overwrite = Overwrite::FillBlanks;
        form.tags = vec!["web".to_owned()];
        let taken = place.engine.take_person(&place.actor, form).await?;
        assert_eq!((taken.outcome, taken.new), (Outcome::Updated, false));
        assert_eq!(taken.matched.map(|m| m.label()), Some("Email"));
        let lead = &place.leads(campaign).await?[0];
        assert_eq!((lead.person.get(FirstName), lead.person.get(City)), ("Ann", "Lund"), "a form fills blanks");
        assert_eq!((taken.contact, lead.tags.as_slice()), (Some(lead.contact), &["web".to_owned()][..]));

        let typed = someone(&[(Email, "ann@x.example"), (FirstName, "Anna")], SourceKind::Manual);
        let typed = place.engine.take_person(&place.actor, typed).await?;
        assert_eq!((typed.outcome, typed.contact), (Outcome::Updated, taken.contact), "a hand is trusted");
        let store = Store::open(&place.url).await?;
        let contact =
            contacts::among(&mut store.read().await?, place.actor.workspace, &[lead.contact]).await?.remove(0);
        store.close().await;
        let origin = |f: PersonField| contact.origins.get(f.word()).map(|o| o.kind);
        let origins = (origin(FirstName), origin(City), origin(Email));
        assert_eq!(origins, (Some(SourceKind::Manual), Some(SourceKind::Form), None));

        for change in [typed.change.unwrap(), taken.change.unwrap()] {
            let undone = place.engine.undo_person(&place.actor, change).await?;
            assert_eq!((undone.contact, undone.restored, undone.kept.len()), (false, 1, 0));
        }
        assert_eq!(lines(&place).await?, before);
        let twice = place.engine.undo_person(&place.actor, taken.change.unwrap()).await.unwrap_err().into_problem();
        assert_eq!(twice.kind, ProblemKind::Conflict);
        Ok(())
    });
}

#[test]
fn someone_new_comes_in_and_goes_out_without_a_trace() {
    on_both(|place| async move {
        use PersonField::*;
        let campaign = place.engine.create_campaign(&place.actor, "A").await?;
        let mut new = someone(&[(Email, "new@x.example"), (LastName, "New")], SourceKind::Manual);
        new.campaign = Some(campaign);
        new.variables = vec![("ice".to_owned(), "hello".to_owned())];
        new.tags = vec!["typed, web".to_owned()];
        let taken = place.engine.take_person(&place.actor, new.clone()).await?;
        assert_eq!((taken.outcome, taken.new), (Outcome::Created, true));
        let leads = place.leads(campaign).await?;
        assert_eq!((Some(leads[0].id), leads[0].tags.len()), (taken.lead, 2));
        let again = place.engine.take_person(&place.actor, new.clone()).await?;
        assert_eq!((again.outcome, again.change), (Outcome::Unchanged, None), "pressing twice changes nothing");

        let undone = place.engine.undo_person(&place.actor, taken.change.unwrap()).await?;
        assert_eq!((undone.contact, undone.lead), (true, true), "{undone:?}");
        assert!(lines(&place).await?.is_empty());

        let nobody = someone(&[(LastName, "Nobody")], SourceKind::Manual);
        let nobody = place.engine.take_person(&place.actor, nobody).await?;
        assert_eq!((nobody.outcome, nobody.contact, nobody.change), (Outcome::Failed, None, None));
        assert!(nobody.why.contains("No email address"), "{}", nobody.why);
        let broken = someone(&[(Email, "ann@x.example"), (City, "a\0b")], SourceKind::Form);
        assert_eq!(place.engine.take_person(&place.actor, broken).await?.outcome, Outcome::Failed);

        let viewer = engine::Actor { role: Role::Viewer, ..place.actor.clone() };
        let refused = place.engine.take_person(&viewer, new).await.unwrap_err().into_problem();
        assert_eq!(refused.kind, ProblemKind::Forbidden);
        Ok(())
    });
}

#[test]
fn who_was_edited_since_stays() {
    on_both(|place| async move {
        use PersonField::*;
        let first = someone(&[(Email, "a@x.example"), (City, "Lund")], SourceKind::Manual);
        let taken = place.engine.take_person(&place.actor, first).await?;
        let edit = someone(&[(Email, "a@x.example"), (City, "Malmö")], SourceKind::Manual);
        place.engine.take_person(&place.actor, edit).await?;
        let between = lines(&place).await?;
        let late = someone(&[(Email, "a@x.example"), (City, "Kiel")], SourceKind::Manual);
        let late = place.engine.take_person(&place.actor, late).await?;
        place.engine.undo_person(&place.actor, late.change.unwrap()).await?;
        assert_eq!(lines(&place).await?, between, "they still came by this door");
        let undone = place.engine.undo_person(&place.actor, taken.change.unwrap()).await?;
        assert_eq!((undone.contact, undone.restored), (false, 0));
        assert_eq!(undone.kept.iter().map(|k| k.what.as_str()).collect::<Vec<_>>(), ["The contact"]);
        Ok(())
    });
}

/// Eight people post the same address at once, with and without the profile: one contact, whoever was first.
#[test]
fn posts_of_one_person_at_once_make_one_contact() {
    on_both(|place: Arc<Place>| async move {
        use PersonField::*;
        let campaign = place.engine.create_campaign(&place.actor, "A").await?;
        for round in 0..6 {
            let email = format!("Race{round}@x.example");
            let profile = format!("linkedin.com/in/race{round}");
            let posts: Vec<_> = (0..8)
                .map(|i| {
                    let mut values = vec![(Email, email.as_str())];
                    if i % 2 == 0 {
                        values.push((LinkedinUrl, profile.as_str()));
                    }
                    let mut intake = someone(&values, SourceKind::Form);
                    intake.campaign = Some(campaign);
                    intake.deleted = DeletedRows::Restore;
                    let place = place.clone();
                    tokio::spawn(async move { place.engine.take_person(&place.actor, intake).await })
                })
                .collect();
            let mut created = 0;
            for post in posts {
                created += u64::from(post.await??.outcome == Outcome::Created);
            }
            assert_eq!(created, 1);
        }
        assert_eq!(place.leads(campaign).await?.len(), 6);
        Ok(())
    });
}
