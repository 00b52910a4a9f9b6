//! One field of a contact, changed by hand and taken back.

use domain::contact::{ContactChange, ContactField, ContactFilter, ContactSort, Edited, HistoryWhat};
use domain::lead::{LeadChange, LeadSelection};
use domain::{FieldKind, LeadStatus, Outcome, PersonField, SourceKind};

use crate::contacts::{EMAIL, FIRST, LINKEDIN, all, edit, everyone, furnished, ids, met_by, query, value};
use crate::support::{on_both, outcomes};

#[test]
fn an_edited_address_identifies_the_person_and_so_does_the_old_one() {
    on_both(|place| async move {
        let (campaign, ann, ..) = furnished(&place).await?;
        let change = edit(&place, ann, EMAIL, " Ann.Lee@New.example ").await?;
        assert_eq!(value(&place, ann, PersonField::Email).await?, "Ann.Lee@New.example");
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert_eq!(panel.addresses, ["ann@x.example"], "the old one is kept");
        let origin = panel.origin(EMAIL).unwrap();
        assert_eq!((origin.kind, origin.name.as_str()), (SourceKind::Manual, place.actor.user_name.as_str()));
        assert_eq!(panel.origin(FIRST).unwrap().kind, SourceKind::Import, "the others came with the file");
        place.sound().await?;
        for address in ["ann@x.example", "ANN.LEE@new.example"] {
            assert_eq!(met_by(&place, campaign, address).await?, [ann], "{address} finds her");
        }
        assert_eq!(everyone(&place).await?.len(), 3);
        let found = all(
            &place,
            query(
                ContactFilter { search: "ann.lee@new".to_owned(), ..ContactFilter::default() },
                ContactSort::Name,
                false,
            ),
        );
        assert_eq!(found.await?.len(), 1, "search finds the new one");

        let undone = place.engine.undo_contact_change(&place.actor, change).await?;
        assert_eq!((undone.count, undone.kept), (1, 0));
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert_eq!((panel.row.person.get(PersonField::Email), panel.addresses.len()), ("ann@x.example", 0));
        assert!(panel.row.person.get(PersonField::JobTitle).starts_with("title"), "what came since stays");
        assert_eq!(panel.origin(EMAIL).unwrap().kind, SourceKind::Import);
        let free = place.import(Some(campaign), "email\nann.lee@new.example\n", |_| {}).await?;
        assert_eq!(outcomes(&free), [Outcome::Created], "the address is free again");
        let twice = place.engine.undo_contact_change(&place.actor, change).await.unwrap_err().into_problem();
        assert!(twice.message.contains("already"), "{}", twice.message);
        Ok(())
    });
}

#[test]
fn another_spelling_of_the_same_address_is_no_new_identifier() {
    on_both(|place| async move {
        let (_, ann, ..) = furnished(&place).await?;
        let change = edit(&place, ann, EMAIL, "Ann@X.example").await?;
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert_eq!((panel.row.person.get(PersonField::Email), panel.addresses.len()), ("Ann@X.example", 0));
        assert_eq!(place.engine.edit_contact(&place.actor, ann, EMAIL, "Ann@X.example").await?, Edited::Unchanged);
        place.engine.undo_contact_change(&place.actor, change).await?;
        assert_eq!(value(&place, ann, PersonField::Email).await?, "ann@x.example");
        Ok(())
    });
}

/// A19, R1: never a twin.
#[test]
fn an_identifier_of_someone_else_is_a_conflict_and_a_suspect() {
    on_both(|place| async move {
        let (_, ann, bea, _) = furnished(&place).await?;
        let suspects = || ContactFilter { suspects: true, ..ContactFilter::default() };
        assert!(all(&place, query(suspects(), ContactSort::Added, false)).await?.is_empty());
        for (field, text) in [(EMAIL, "ANN@x.example"), (LINKEDIN, "https://www.linkedin.com/in/AnnLee/")] {
            let edited = place.engine.edit_contact(&place.actor, bea, field, text).await?;
            assert_eq!(edited, Edited::Taken { by: ann, name: "Ann Lee".to_owned() });
        }
        assert_eq!(value(&place, bea, PersonField::Email).await?, "bea@x.example");
        let found = all(&place, query(suspects(), ContactSort::Added, true)).await?;
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [ann, bea]);
        Ok(())
    });
}

#[test]
fn clearing_by_hand_is_an_act_of_its_own() {
    on_both(|place| async move {
        let (campaign, ann, ..) = furnished(&place).await?;
        let name = edit(&place, ann, FIRST, " ").await?;
        let email = edit(&place, ann, EMAIL, "").await?;
        assert_eq!(met_by(&place, campaign, "ann@x.example").await?, [ann], "the cleared address still finds her");
        place.sound().await?;
        place.engine.undo_contact_change(&place.actor, name).await?;
        assert_eq!(value(&place, ann, PersonField::FirstName).await?, "Ann");
        let undone = place.engine.undo_contact_change(&place.actor, email).await?;
        assert_eq!(undone.count + undone.kept, 1, "the import may have given it back");
        assert_eq!(value(&place, ann, PersonField::Email).await?, "ann@x.example");
        Ok(())
    });
}

#[test]
fn undo_of_an_edit_keeps_what_was_written_since_and_says_whose_the_address_is() {
    on_both(|place| async move {
        let (campaign, ann, bea, _) = furnished(&place).await?;
        let first = edit(&place, ann, FIRST, "Anna").await?;
        let second = edit(&place, ann, FIRST, "Annabel").await?;
        let undone = place.engine.undo_contact_change(&place.actor, first).await?;
        assert_eq!((undone.count, undone.kept), (0, 1));
        assert_eq!(value(&place, ann, PersonField::FirstName).await?, "Annabel");
        place.engine.undo_contact_change(&place.actor, second).await?;
        place.engine.undo_contact_change(&place.actor, first).await?;
        assert_eq!(value(&place, ann, PersonField::FirstName).await?, "Ann", "out of order, then in order");

        // back and forth, and undone from the middle
        let there = edit(&place, ann, EMAIL, "two@x.example").await?;
        let back = edit(&place, ann, EMAIL, "ann@x.example").await?;
        place.sound().await?;
        assert_eq!(place.engine.undo_contact_change(&place.actor, there).await?.kept, 1);
        place.engine.undo_contact_change(&place.actor, back).await?;
        place.sound().await?;
        place.engine.undo_contact_change(&place.actor, there).await?;
        place.sound().await?;
        assert_eq!(value(&place, ann, PersonField::Email).await?, "ann@x.example");

        // an edit of someone who was deleted since
        let late = edit(&place, bea, FIRST, "Beatrix").await?;
        place.engine.change_contacts(&place.actor, ids(&[bea]), ContactChange::Delete).await?;
        assert_eq!(place.engine.undo_contact_change(&place.actor, late).await?.kept, 1);
        let _ = campaign;
        Ok(())
    });
}

#[test]
fn a_value_that_the_field_cannot_hold_is_refused() {
    on_both(|place| async move {
        let (_, ann, ..) = furnished(&place).await?;
        let score = place.engine.add_field(&place.actor, "Score", FieldKind::Number, Vec::new()).await?;
        for (field, text, why) in [
            (EMAIL, "no address", "no email address"),
            (LINKEDIN, "https://x.example", "no LinkedIn profile"),
            (LINKEDIN, "https://www.linkedin.com/sales/lead/ACwAAA1,NAME,x", "Sales Navigator URL"),
            (FIRST, "a\0b", "characters of text"),
            (ContactField::Custom(score.id), "many", "not a number"),
        ] {
            let problem = place.engine.edit_contact(&place.actor, ann, field, text).await.unwrap_err().into_problem();
            assert!(problem.message.contains(why), "{field}: {}", problem.message);
            assert_eq!(problem.fields[0].0, field.to_string());
        }
        Ok(())
    });
}

/// R8: whoever asked not to be written to at an address is the person who has it.
#[test]
fn a_suppressed_address_silences_whoever_gets_it() {
    on_both(|place| async move {
        let (campaign, ann, bea, _) = furnished(&place).await?;
        let lead = place.leads(campaign).await?.into_iter().find(|lead| lead.contact == bea).unwrap();
        let change = LeadChange::Status(LeadStatus::Unsubscribed);
        place.engine.change_leads(&place.actor, campaign, LeadSelection::Ids(vec![lead.id]), change).await?;
        let gone = place.engine.change_contacts(&place.actor, ids(&[bea]), ContactChange::Delete).await?;
        let edited = edit(&place, ann, EMAIL, "bea@x.example").await?;
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert!(panel.row.do_not_contact);
        assert_eq!(panel.suppressions[0].0, "manual");
        place.engine.undo_contact_change(&place.actor, edited).await?;
        assert!(!place.engine.get_contact(&place.actor, ann).await?.row.do_not_contact, "it was not her address");
        place.engine.undo_contact_change(&place.actor, gone.change).await?;
        assert!(place.engine.get_contact(&place.actor, bea).await?.row.do_not_contact, "and it still is hers");
        Ok(())
    });
}

#[test]
fn the_history_says_what_happened_and_offers_what_can_be_taken_back() {
    on_both(|place| async move {
        let (_, ann, ..) = furnished(&place).await?;
        let first = edit(&place, ann, FIRST, "Anna").await?;
        let second = edit(&place, ann, FIRST, "Annabel").await?;
        place.engine.change_contacts(&place.actor, ids(&[ann]), ContactChange::AddTag("VIP".to_owned())).await?;
        place.engine.undo_contact_change(&place.actor, second).await?;
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert_eq!(panel.row.tags, ["Fair", "VIP"]);
        let what: Vec<_> = panel.history.iter().map(|line| line.what.clone()).collect();
        let edited = |before: &str, after: &str, change| HistoryWhat::Edited {
            label: "First name".to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
            change,
        };
        assert_eq!(what[0], HistoryWhat::EditUndone { label: "First name".to_owned(), value: "Anna".to_owned() });
        assert_eq!(what[1], HistoryWhat::Tagged("VIP".to_owned()));
        assert_eq!(what[2], edited("Anna", "Annabel", None));
        assert_eq!(what[3], edited("Ann", "Anna", Some(first)));
        assert!(matches!(&what[4], HistoryWhat::Came(source) if source.kind == SourceKind::Import), "{:?}", what[4]);
        assert_eq!(what.len(), 5);
        assert!(panel.history[..4].iter().all(|line| line.actor == place.actor.user_name));
        Ok(())
    });
}

/// R5: who is recognised by other fields than an address is so after an edit, a deletion and their undo.
#[test]
fn identifier_sets_follow_what_is_changed_by_hand() {
    on_both(|place| async move {
        let (campaign, ann, ..) = furnished(&place).await?;
        let phone = ContactField::Person(PersonField::Phone);
        let by_phone = |s: &mut domain::import::ImportSettings| {
            let target = domain::import::Target::Field;
            s.identifiers = vec![vec![target(PersonField::Phone)]];
        };
        edit(&place, ann, phone, "+46 70 123 45 67").await?;
        let file = "phone,job title\n+46 (70) 1234567,CEO\n";
        place.import(Some(campaign), file, by_phone).await?;
        assert_eq!(value(&place, ann, PersonField::JobTitle).await?, "CEO", "found by the number");
        place.sound().await?;
        let change = edit(&place, ann, phone, "+46 70 123 45 68").await?;
        place.sound().await?;
        place.engine.undo_contact_change(&place.actor, change).await?;
        place.sound().await?;
        let done = place.engine.change_contacts(&place.actor, ids(&[ann]), ContactChange::Delete).await?;
        place.sound().await?;
        place.engine.undo_contact_change(&place.actor, done.change).await?;
        place.sound().await?;
        place.import(Some(campaign), "phone,job title\n+46701234567,Founder\n", by_phone).await?;
        assert_eq!(value(&place, ann, PersonField::JobTitle).await?, "Founder");
        assert_eq!(everyone(&place).await?.len(), 3);
        Ok(())
    });
}
