//! What taking things back needs.

use domain::SourceKind;
use domain::ids::{ChangeId, ContactId, ImportId, LeadId};
use store::consent::Tombstone;
use store::import_undo::{self, Kept};
use store::leads::Lead;
use store::{consent, contact_changes, contacts, imports, leads, suspects};

use crate::support::{CAMPAIGN, OTHER, USER, WORKSPACE, furnished, on_both, person};

const IMPORT: ImportId = ImportId(3);
const A: [u8; 16] = [1; 16];

#[test]
fn an_undo_is_saved_and_what_it_kept_comes_in_pages() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        imports::add(&mut tx, WORKSPACE, IMPORT, Some(CAMPAIGN), USER, "{}", 5).await?;
        assert!(!imports::set_undone(&mut tx, WORKSPACE, IMPORT, 6).await?, "a draft has nothing to undo");
        import_undo::start(&mut tx, WORKSPACE, IMPORT, USER, 6).await?;
        let mut undo = import_undo::get(&mut tx, WORKSPACE, IMPORT).await?.unwrap();
        assert_eq!((undo.row_number, undo.rows_done, undo.finished_at), (i64::MAX, 0, None));
        (undo.row_number, undo.contacts, undo.problem) = (7, 2, "broken".to_owned());
        import_undo::save(&mut tx, WORKSPACE, &undo).await?;
        import_undo::start(&mut tx, WORKSPACE, IMPORT, USER, 9).await?;
        let again = &import_undo::among(&mut tx, WORKSPACE, &[IMPORT]).await?[&IMPORT];
        assert_eq!((again.row_number, again.problem.as_str(), again.asked_at), (7, "", 6), "it goes on where it was");
        assert!(import_undo::get(&mut tx, OTHER, IMPORT).await?.is_none());

        let kept = |id, what: &str| Kept {
            contact_id: id,
            what: what.to_owned(),
            why: "edited".to_owned(),
            who: format!("P{id}"),
        };
        let all = vec![kept(2, "lead"), kept(1, "field:email"), kept(1, "contact")];
        assert_eq!(import_undo::keep(&mut tx, WORKSPACE, IMPORT, all.clone()).await?, 3);
        assert_eq!(import_undo::keep(&mut tx, WORKSPACE, IMPORT, all).await?, 0, "each once");
        let first = import_undo::kept(&mut tx, WORKSPACE, IMPORT, (i64::MIN, ""), 2).await?;
        assert_eq!(first, [kept(1, "contact"), kept(1, "field:email")]);
        let rest = import_undo::kept(&mut tx, WORKSPACE, IMPORT, (1, "field:email"), 9).await?;
        assert_eq!(rest, [kept(2, "lead")]);
        let of = import_undo::kept_of(&mut tx, WORKSPACE, IMPORT, &[ContactId(2)]).await?;
        assert!(of.contains(&(ContactId(2), "lead".to_owned())) && of.len() == 1);
        Ok(())
    });
}

#[test]
fn a_contact_goes_with_all_that_hangs_on_it() {
    on_both(|store| async move {
        furnished(&store).await?;
        let both = [ContactId(1), ContactId(2)];
        let mut tx = store.write().await?;
        contacts::add(&mut tx, WORKSPACE, (1..=2).map(person).collect(), 1).await?;
        imports::add(&mut tx, WORKSPACE, IMPORT, Some(CAMPAIGN), USER, "{}", 5).await?;
        contacts::add_source(&mut tx, WORKSPACE, (SourceKind::Import, IMPORT.0), &both, 5).await?;
        let sources = import_undo::sources(&mut tx, WORKSPACE, &both).await?;
        assert_eq!(sources.len(), 2);
        assert_eq!((sources[0].kind.as_str(), sources[0].campaign()), ("import", Some(CAMPAIGN)));
        suspects::add(&mut tx, WORKSPACE, &[(both[0], both[1])], "why", Some(IMPORT), 5).await?;
        suspects::want_matching(&mut tx, WORKSPACE, &both).await?;
        suspects::want_matching(&mut tx, WORKSPACE, &both).await?;
        let lead = Lead {
            id: LeadId(9),
            campaign: CAMPAIGN,
            contact: both[1],
            status: domain::LeadStatus::Done,
            variables: "{}".to_owned(),
            import: Some(IMPORT),
        };
        leads::add(&mut tx, WORKSPACE, vec![lead], 5).await?;
        let standing = &import_undo::leads(&mut tx, WORKSPACE, &both).await?[&LeadId(9)];
        assert_eq!((standing.contact_id, standing.campaign()), (2, CAMPAIGN));

        assert!(import_undo::held(&mut tx, WORKSPACE, &both).await?.is_empty());
        let id = (WORKSPACE, ChangeId(4));
        contact_changes::add(&mut tx, id, USER, ("edit", "{}"), &[(both[1], "was".to_owned())], 5).await?;
        assert_eq!(import_undo::held(&mut tx, WORKSPACE, &both).await?, [both[1]].into());
        assert_eq!(contact_changes::rows(&mut tx, WORKSPACE, ChangeId(4)).await?, [(both[1], "was".to_owned())]);
        contact_changes::set_undone(&mut tx, WORKSPACE, ChangeId(4), 8).await?;
        let change = contact_changes::get_for_update(&mut tx, WORKSPACE, ChangeId(4)).await?.unwrap();
        assert_eq!((change.kind.as_str(), change.undone_at), ("edit", Some(8)));
        contact_changes::remove_rows(&mut tx, WORKSPACE, ChangeId(4)).await?;

        assert_eq!(suspects::remove_of_import(&mut tx, WORKSPACE, IMPORT).await?, both);
        import_undo::remove_source(&mut tx, WORKSPACE, ("import", IMPORT.0), &both[1..]).await?;
        assert_eq!(import_undo::sources(&mut tx, WORKSPACE, &both).await?.len(), 1);
        import_undo::remove_contacts(&mut tx, WORKSPACE, &both[..1]).await?;
        assert_eq!(contacts::count(&mut tx, WORKSPACE).await?, 1);
        assert!(import_undo::gone(&mut tx, WORKSPACE, &both).await?.is_empty());
        contacts::set_shared_mailbox(&mut tx, WORKSPACE, &both, true).await?;
        assert!(contacts::among(&mut tx, WORKSPACE, &both).await?[0].shared_mailbox);
        Ok(())
    });
}

#[test]
fn tombstones_come_back_unless_their_deletion_was_undone() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        consent::bury(&mut tx, WORKSPACE, CAMPAIGN, &[A], ChangeId(7), 5).await?;
        let lifted = consent::allow_again(&mut tx, WORKSPACE, Some(CAMPAIGN), &[A]).await?;
        assert_eq!(lifted, [Tombstone { key: A, campaign: CAMPAIGN.0, change: 7, at: 5 }]);
        consent::put_back(&mut tx, WORKSPACE, &lifted).await?;
        assert_eq!(consent::allow_again(&mut tx, WORKSPACE, Some(CAMPAIGN), &[A]).await?, lifted);
        store::changes::add(&mut tx, WORKSPACE, ChangeId(7), CAMPAIGN, USER, ("delete", ""), 5).await?;
        store::changes::set_undone(&mut tx, WORKSPACE, ChangeId(7), 8).await?;
        consent::put_back(&mut tx, WORKSPACE, &lifted).await?;
        assert!(consent::deleted(&mut tx, WORKSPACE, Some(CAMPAIGN), &[A]).await?.is_empty());
        Ok(())
    });
}
