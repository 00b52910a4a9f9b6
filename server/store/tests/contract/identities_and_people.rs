//! Identities, contacts, consent, tags.

use domain::PersonField;
use domain::SourceKind;
use domain::ids::{CampaignId, ChangeId, ContactId, ImportId};
use store::contacts::Address;
use store::{Error, consent, contacts, identities, suspects, tags};

use crate::support::{CAMPAIGN, OTHER, WORKSPACE, furnished, on_both, people, person};

const A: [u8; 16] = [1; 16];
const B: [u8; 16] = [2; 16];
const C: [u8; 16] = [3; 16];

#[test]
fn an_identifier_belongs_to_whoever_claimed_it_first() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        let first = identities::claim(&mut tx, WORKSPACE, &[(A, ContactId(1)), (B, ContactId(1))]).await?;
        assert_eq!((first[&A], first[&B]), (ContactId(1), ContactId(1)));
        tx.commit().await?;

        let mut tx = store.write().await?;
        let second = identities::claim(&mut tx, WORKSPACE, &[(A, ContactId(2)), (C, ContactId(2))]).await?;
        assert_eq!((second[&A], second[&C]), (ContactId(1), ContactId(2)));
        // C goes to the one who has A, B is given back
        identities::settle(&mut tx, OTHER, &[(A, Some(ContactId(9))), (C, None)]).await?;
        identities::settle(&mut tx, WORKSPACE, &[(C, Some(ContactId(1))), (B, None)]).await?;
        tx.commit().await?;

        let mut tx = store.read().await?;
        let now = identities::owners(&mut tx, WORKSPACE, &[A, B, C]).await?;
        assert_eq!((now.get(&A), now.get(&B), now.get(&C)), (Some(&ContactId(1)), None, Some(&ContactId(1))));
        assert!(identities::owners(&mut tx, OTHER, &[A, B, C]).await?.is_empty(), "another workspace knows nothing");
        assert!(identities::owners(&mut tx, WORKSPACE, &[]).await?.is_empty());
        Ok(())
    });
}

#[test]
fn a_dropped_transaction_leaves_nothing() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        identities::claim(&mut tx, WORKSPACE, &[(A, ContactId(1))]).await?;
        drop(tx);
        assert!(identities::owners(&mut store.read().await?, WORKSPACE, &[A]).await?.is_empty());
        Ok(())
    });
}

#[test]
fn contacts_are_written_and_read_whole() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=1_200).await?;
        let ids: Vec<ContactId> = (1..=1_200).map(ContactId).collect();
        let mut tx = store.write().await?;
        let found = contacts::among(&mut tx, WORKSPACE, &ids).await?;
        assert_eq!(found.len(), 1_200, "more than one statement holds");
        assert_eq!(found[6].person, person(7).0.person);
        assert!(contacts::among(&mut tx, OTHER, &ids).await?.is_empty());
        assert_eq!(contacts::after(&mut tx, WORKSPACE, ContactId(1_198), 10).await?.len(), 2);
        assert_eq!(contacts::count(&mut tx, WORKSPACE).await?, 1_200);

        let (mut contact, folded) = person(7);
        for &field in PersonField::ALL {
            contact.person.set(field, format!("new {field} ł 🙂"));
        }
        contacts::lock(&mut tx, WORKSPACE, &ids[..10]).await?;
        contacts::update(&mut tx, WORKSPACE, vec![(contact.clone(), folded)], 9).await?;
        assert_eq!(contacts::among(&mut tx, WORKSPACE, &[ContactId(7)]).await?, [contact]);
        // many at once, each with its own values; not those of another workspace
        let mut many: Vec<_> = (1..=1_200).map(person).collect();
        many.iter_mut().for_each(|(c, _)| c.person.set(PersonField::City, format!("City {}", c.id.0)));
        contacts::update(&mut tx, OTHER, many.clone(), 9).await?;
        assert_eq!(contacts::among(&mut tx, WORKSPACE, &ids[8..9]).await?[0].person, person(9).0.person);
        contacts::update(&mut tx, WORKSPACE, many.clone(), 9).await?;
        let mut found = contacts::among(&mut tx, WORKSPACE, &ids).await?;
        found.sort_by_key(|c| c.id);
        assert!(found.iter().eq(many.iter().map(|(c, _)| c)));
        contacts::set_do_not_contact(&mut tx, WORKSPACE, &[ContactId(8)]).await?;
        assert!(contacts::among(&mut tx, WORKSPACE, &[ContactId(8)]).await?[0].do_not_contact);
        Ok(())
    });
}

#[test]
fn a_second_contact_of_the_same_id_is_a_conflict() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, [1]).await?;
        let again = contacts::add(&mut store.write().await?, WORKSPACE, vec![person(1)], 5).await;
        assert!(matches!(again, Err(Error::Conflict)), "{again:?}");
        Ok(())
    });
}

#[test]
fn addresses_sources_and_suspects_are_kept_once() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=2).await?;
        let address = Address { contact: ContactId(1), key: A, kind: "email", value: "old@x.example".to_owned() };
        let mut tx = store.write().await?;
        for _ in 0..2 {
            contacts::add_addresses(&mut tx, WORKSPACE, vec![address.clone()], 5).await?;
            contacts::add_source(&mut tx, WORKSPACE, (SourceKind::Import, 3), &[ContactId(1)], 5).await?;
            suspects::add(&mut tx, WORKSPACE, &[(ContactId(1), ContactId(2))], "why", Some(ImportId(3)), 5).await?;
        }
        let both = [ContactId(1), ContactId(2)];
        let found = contacts::addresses(&mut tx, WORKSPACE, &both).await?;
        assert_eq!(found, [(ContactId(1), "email".to_owned(), "old@x.example".to_owned())]);
        assert_eq!(contacts::address_keys(&mut tx, WORKSPACE, &both).await?, [(ContactId(1), A, "email".to_owned())]);
        assert_eq!(suspects::open(&mut tx, WORKSPACE).await?, [(ContactId(1), ContactId(2))]);
        assert!(contacts::sources(&mut tx, WORKSPACE, ContactId(1)).await?.is_empty(), "no such import");
        Ok(())
    });
}

#[test]
fn suppressions_and_tombstones_are_found_by_identifier() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        consent::suppress(&mut tx, WORKSPACE, &[A, A, B], "manual", 5).await?;
        let found = consent::suppressed(&mut tx, WORKSPACE, &[A, B, C]).await?;
        assert_eq!(found, [A, B].into_iter().collect());
        assert!(consent::suppressed(&mut tx, OTHER, &[A]).await?.is_empty());

        consent::bury(&mut tx, WORKSPACE, CAMPAIGN, &[A, B], ChangeId(7), 5).await?;
        assert_eq!(consent::deleted(&mut tx, WORKSPACE, Some(CAMPAIGN), &[A, B, C]).await?.len(), 2);
        assert!(consent::deleted(&mut tx, WORKSPACE, Some(CampaignId(99)), &[A]).await?.is_empty());
        assert!(consent::deleted(&mut tx, WORKSPACE, None, &[A]).await?.is_empty());
        consent::allow_again(&mut tx, WORKSPACE, Some(CAMPAIGN), &[A]).await?;
        assert_eq!(consent::deleted(&mut tx, WORKSPACE, Some(CAMPAIGN), &[A, B]).await?, [B].into_iter().collect());
        consent::unbury(&mut tx, WORKSPACE, ChangeId(7)).await?;
        assert!(consent::deleted(&mut tx, WORKSPACE, Some(CAMPAIGN), &[A, B]).await?.is_empty());

        // two people of one address; and what a later deletion leaves does not hide the earlier one's
        consent::bury(&mut tx, WORKSPACE, CAMPAIGN, &[B, A, B, A], ChangeId(8), 6).await?;
        consent::bury(&mut tx, WORKSPACE, CAMPAIGN, &[A, C], ChangeId(9), 7).await?;
        consent::unbury(&mut tx, WORKSPACE, ChangeId(9)).await?;
        assert_eq!(
            consent::deleted(&mut tx, WORKSPACE, Some(CAMPAIGN), &[A, B, C]).await?,
            [A, B].into_iter().collect()
        );
        Ok(())
    });
}

#[test]
fn a_tag_is_one_tag_however_it_is_written() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=2).await?;
        let names = [("Nuremberg".to_owned(), "nuremberg".to_owned()), ("Q4".to_owned(), "q4".to_owned())];
        let first = tags::ensure(&store, WORKSPACE, &names).await?;
        let again = tags::ensure(&store, WORKSPACE, &[("NUREMBERG".to_owned(), "nuremberg".to_owned())]).await?;
        assert_eq!(first["nuremberg"], again["nuremberg"]);
        let tag = first["nuremberg"];
        let mut tx = store.write().await?;
        assert_eq!(tags::add(&mut tx, WORKSPACE, &[(ContactId(1), tag), (ContactId(1), tag)], None).await?, 1);
        let both = [ContactId(1), ContactId(2)];
        assert_eq!(tags::having(&mut tx, WORKSPACE, tag, &both).await?, [ContactId(1)]);
        assert_eq!(tags::of_contacts(&mut tx, WORKSPACE, &both).await?[&ContactId(1)], ["Nuremberg"]);
        assert_eq!(tags::names(&mut tx, WORKSPACE).await?, ["Nuremberg", "Q4"]);
        let names = tags::names_of(&mut tx, WORKSPACE, &[tag, 987_654]).await?;
        assert_eq!(names, [(tag, "Nuremberg".to_owned())].into_iter().collect());
        assert!(tags::names_of(&mut tx, OTHER, &[tag]).await?.is_empty());
        assert_eq!(tags::remove(&mut tx, WORKSPACE, tag, &both).await?, 1);
        Ok(())
    });
}

/// R16: who shares an address, by their own fields and by further addresses; whoever is gone shares nothing.
#[test]
fn those_who_share_an_address_are_found_by_it() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=4).await?;
        let mut tx = store.write().await?;
        let ids: Vec<ContactId> = (1..=3).map(ContactId).collect();
        contacts::set_shared_mailbox(&mut tx, WORKSPACE, &ids, true).await?;
        let further =
            |id| Address { contact: ContactId(id), key: [7; 16], kind: "email", value: "h@x.example".to_owned() };
        contacts::add_addresses(&mut tx, WORKSPACE, vec![further(2), further(3), further(4)], 1).await?;
        contacts::set_deleted(&mut tx, WORKSPACE, &[ContactId(3)], Some(9)).await?;
        let sharing = contacts::sharing(&mut tx, WORKSPACE).await?;
        let shown: Vec<_> = sharing.iter().map(|(id, p)| (id.0, p.get(domain::PersonField::Email))).collect();
        assert_eq!(shown, [(1, "p1@x.example"), (2, "p2@x.example")]);
        let all: Vec<ContactId> = (1..=4).map(ContactId).collect();
        let mut among = contacts::sharing_among(&mut tx, WORKSPACE, &all).await?;
        among.sort_unstable();
        assert_eq!(among, all[..2]);
        let further = contacts::sharing_further(&mut tx, WORKSPACE, &[[7; 16], [8; 16]]).await?;
        assert_eq!(further, [([7; 16], ContactId(2))]);
        assert!(contacts::sharing(&mut tx, OTHER).await?.is_empty());
        assert!(contacts::sharing_among(&mut tx, OTHER, &all).await?.is_empty());
        assert!(contacts::sharing_further(&mut tx, OTHER, &[[7; 16]]).await?.is_empty());
        Ok(())
    });
}
