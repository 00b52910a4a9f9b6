//! Pictures of people, merges, separated pairs, what waits to be compared, what happened to a contact.

use domain::LeadStatus;
use domain::ids::{CampaignId, ContactId, ImportId, LeadId, MergeId, UserId};
use store::merges::MergeEvent;
use store::picture::{self, *};
use store::separated::Position;
use store::{consent, contact_history, merges, separated, to_match};

use crate::support::{CAMPAIGN, OTHER, USER, WORKSPACE, furnished, on_both, people, person};

const ONE: ContactId = ContactId(1);
const TWO: ContactId = ContactId(2);
const KEY: Key = Key([7; 16]);

/// A row of every table, about the first contact.
fn full(picture: &Picture) -> Picture {
    let mut full = picture.clone();
    let address = AddressRow { kind: "email".to_owned(), value: "old@x.example".to_owned(), created_at: 3 };
    full.addresses.insert((ONE, KEY), address);
    full.identities.insert(KEY, ONE);
    full.suppressions.insert(KEY, SuppressionRow { origin: consent::MERGED.to_owned(), created_at: 4 });
    full.sources.insert((ONE, "import".to_owned(), 5), SourceRow { created_at: 5 });
    full.group_keys.insert((KEY, ONE), Present {});
    full.waiting.insert((CAMPAIGN, ONE), WaitingRow { import: ImportId(5), row: 3, actor: USER, created_at: 8 });
    let lead = LeadRow {
        campaign: CAMPAIGN,
        contact: ONE,
        status: LeadStatus::Done,
        variables: [("ice".to_owned(), "hi".to_owned())].into(),
        import: Some(ImportId(5)),
        created_at: 6,
    };
    full.leads.insert(LeadId(1), lead);
    full.merged_leads.insert(LeadId(9), LeadId(1));
    let suspect = SuspectRow {
        state: "open".to_owned(),
        reason: "name".to_owned(),
        import: None,
        created_at: 7,
        band: "obvious".to_owned(),
        weight: 8,
        probability: 9,
        parts: "[]".to_owned(),
        cluster: 1,
        updated_at: 10,
        origin: Some((ONE, ContactId(3))),
    };
    full.suspects.insert((ONE, TWO), suspect);
    full.separated.insert((ONE, TWO), SeparatedRow { weight: 1, actor: USER, created_at: 2, origin: None });
    if let Some(row) = full.contacts.get_mut(&ONE) {
        row.do_not_contact = true;
        row.person.set(domain::PersonField::City, "Malmö");
    }
    full
}

#[test]
fn a_picture_is_read_as_it_was_written_and_taken_back_without_a_trace() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=3).await?;
        let fold = |_: &domain::Person| person(1).1;
        let mut tx = store.write().await?;
        let mut before = picture::load(&mut tx, WORKSPACE, &[ONE], &[TWO, ContactId(3)]).await?;
        picture::load_identifiers(&mut tx, WORKSPACE, &[KEY], &mut before).await?;
        let full = full(&before);
        picture::write(&mut tx, WORKSPACE, &before.changes_to(&full), fold, 20).await?;
        let mut read = picture::load(&mut tx, WORKSPACE, &[ONE], &[]).await?;
        picture::load_identifiers(&mut tx, WORKSPACE, &[KEY], &mut read).await?;
        assert_eq!(read, full, "those it is paired with come along");
        assert_eq!(merges::lead_now(&mut tx, WORKSPACE, LeadId(9)).await?, Some(LeadId(1)));
        assert_eq!(merges::lead_now(&mut tx, OTHER, LeadId(9)).await?, None);
        let both = [LeadId(1), LeadId(9)];
        assert_eq!(merges::leads_now(&mut tx, WORKSPACE, &both).await?, [(LeadId(9), LeadId(1))].into());
        assert!(merges::leads_now(&mut tx, OTHER, &both).await?.is_empty());
        assert!(picture::load(&mut tx, OTHER, &[ONE], &[ONE]).await?.contacts.is_empty());

        // the lead goes to the other person, who took the first in; then everything goes back
        let mut moved = full.clone();
        moved.leads.get_mut(&LeadId(1)).unwrap().contact = TWO;
        moved.contacts.get_mut(&ONE).unwrap().merged_into = Some(TWO);
        moved.identities.insert(KEY, TWO);
        picture::write(&mut tx, WORKSPACE, &full.changes_to(&moved), fold, 21).await?;
        assert_eq!(picture::absorbed(&mut tx, WORKSPACE, &[TWO]).await?, [ONE]);
        assert_eq!(merges::taken_in(&mut tx, WORKSPACE, &[TWO]).await?, [(ONE, TWO)]);
        assert!(merges::taken_in(&mut tx, OTHER, &[TWO]).await?.is_empty());
        assert_eq!(picture::standing(&mut tx, WORKSPACE, &[ONE]).await?[&ONE].0, Some(TWO));
        picture::write(&mut tx, WORKSPACE, &moved.changes_to(&before), fold, 22).await?;
        let mut back = picture::load(&mut tx, WORKSPACE, &[ONE], &[TWO, ContactId(3)]).await?;
        picture::load_identifiers(&mut tx, WORKSPACE, &[KEY], &mut back).await?;
        assert_eq!(back, before);
        let counts = store::campaigns::counts(&mut tx, WORKSPACE, CampaignId(1)).await?;
        assert!(counts.iter().all(|(_, n)| *n == 0), "{counts:?}");
        Ok(())
    });
}

#[test]
fn a_suppression_by_a_merge_alone_goes_and_any_other_reason_stays() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        for key in [[1; 16], [2; 16]] {
            consent::suppress(&mut tx, WORKSPACE, &[key], consent::MERGED, 1).await?;
        }
        consent::suppress(&mut tx, WORKSPACE, &[[2; 16]], "link", 2).await?;
        consent::suppress(&mut tx, WORKSPACE, &[[2; 16]], consent::MERGED, 3).await?;
        consent::take_back_merged(&mut tx, WORKSPACE, &[[1; 16], [2; 16]]).await?;
        let left = consent::origins(&mut tx, WORKSPACE, &[[1; 16], [2; 16]]).await?;
        assert_eq!(left, [([2; 16], "link".to_owned(), 2)]);
        Ok(())
    });
}

#[test]
fn merges_are_listed_newest_first_until_they_are_taken_back() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=3).await?;
        let event = |id, loser| MergeEvent {
            id: MergeId(id),
            survivor: ONE,
            loser,
            choices: "{}".to_owned(),
            journal: "{}".to_owned(),
            created_at: id,
            undone_at: None,
        };
        let mut tx = store.write().await?;
        merges::add(&mut tx, WORKSPACE, &event(4, TWO), 8, USER).await?;
        merges::add(&mut tx, WORKSPACE, &event(5, ContactId(3)), 8, USER).await?;
        let rows = merges::list(&mut tx, WORKSPACE, None, 10).await?;
        assert_eq!(rows.iter().map(|r| r.id.0).collect::<Vec<_>>(), [5, 4]);
        assert_eq!((rows[0].survivor_email.as_str(), rows[0].by.as_str(), rows[0].at), ("p1@x.example", "Mara", 5));
        assert_eq!(merges::list(&mut tx, WORKSPACE, Some(MergeId(5)), 10).await?, rows[1..]);
        assert!(merges::list(&mut tx, OTHER, None, 10).await?.is_empty());
        assert_eq!(merges::of_batch(&mut tx, WORKSPACE, 8).await?, [MergeId(5), MergeId(4)]);
        assert_eq!((merges::count(&mut tx, WORKSPACE).await?, merges::count(&mut tx, OTHER).await?), (2, 0));
        assert!(merges::taken_in(&mut tx, WORKSPACE, &[ONE]).await?.is_empty(), "these are notes only");
        store::contacts::set_deleted(&mut tx, WORKSPACE, &[TWO], Some(0)).await?;
        assert_eq!(merges::list(&mut tx, WORKSPACE, None, 10).await?, rows[..1], "deleted for good");
        assert_eq!(merges::count(&mut tx, WORKSPACE).await?, 1);
        store::contacts::set_deleted(&mut tx, WORKSPACE, &[TWO], None).await?;
        merges::set_journal(&mut tx, WORKSPACE, MergeId(4), "[]").await?;
        merges::set_undone(&mut tx, WORKSPACE, MergeId(5), 9).await?;
        let stands = merges::standing_of(&mut tx, WORKSPACE, &[TWO, ContactId(3)]).await?;
        assert_eq!(stands.iter().map(|m| (m.id.0, m.journal.as_str())).collect::<Vec<_>>(), [(4, "[]")]);
        assert_eq!(merges::get(&mut tx, WORKSPACE, MergeId(5)).await?.unwrap().undone_at, Some(9));
        assert!(merges::get(&mut tx, OTHER, MergeId(5)).await?.is_none());
        assert!(merges::field_names(&mut tx, WORKSPACE).await?.is_empty());
        merges::forget(&mut tx, OTHER, &[TWO]).await?;
        assert_eq!(merges::get(&mut tx, WORKSPACE, MergeId(4)).await?.unwrap().journal, "[]");
        merges::forget(&mut tx, WORKSPACE, &[TWO]).await?;
        let journal = merges::get(&mut tx, WORKSPACE, MergeId(4)).await?.unwrap().journal;
        assert_eq!(journal, r#"{"beneath":[],"changes":{}}"#);
        assert_eq!(merges::get(&mut tx, WORKSPACE, MergeId(5)).await?.unwrap().journal, "{}");
        Ok(())
    });
}

#[test]
fn separated_pairs_are_listed_newest_first() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=3).await?;
        let before = Picture::default();
        let mut after = Picture::default();
        let row = |at, origin| SeparatedRow { weight: 0, actor: UserId(1), created_at: at, origin };
        after.separated.insert((ONE, TWO), row(5, None));
        after.separated.insert((ONE, ContactId(3)), row(5, Some((ONE, TWO))));
        let mut tx = store.write().await?;
        picture::write(&mut tx, WORKSPACE, &before.changes_to(&after), |_| person(1).1, 5).await?;
        let rows = separated::list(&mut tx, WORKSPACE, None, 10).await?;
        assert_eq!(separated::count(&mut tx, WORKSPACE).await?, rows.len() as u64);
        assert_eq!(separated::count(&mut tx, OTHER).await?, 0);
        assert_eq!(
            rows.iter().map(|r| (r.second.0, r.said_of)).collect::<Vec<_>>(),
            [(3, Some((ONE, TWO))), (2, None)]
        );
        let place = Position { at: 5, first: ONE, second: ContactId(3) };
        assert_eq!(separated::list(&mut tx, WORKSPACE, Some(place), 10).await?, rows[1..]);
        assert!(separated::list(&mut tx, OTHER, None, 10).await?.is_empty());
        Ok(())
    });
}

#[test]
fn what_waits_and_what_happened_is_kept_by_contact() {
    on_both(|store| async move {
        furnished(&store).await?;
        people(&store, 1..=2).await?;
        let first = contact_history::reserve(&store, 2).await?;
        let mut tx = store.write().await?;
        to_match::ask(&mut tx, WORKSPACE, &[ONE, TWO]).await?;
        let waiting = to_match::waiting(&mut tx, WORKSPACE, 10).await?;
        assert_eq!(waiting.iter().map(|w| w.contact()).collect::<Vec<_>>(), [ONE, TWO]);
        let said = |id, kind| contact_history::NewEvent { id, contact: ONE, kind, detail: "ctc_2".to_owned() };
        let both = vec![said(first, "merge"), said(first + 1, "undoMerge")];
        contact_history::add(&mut tx, WORKSPACE, USER, both, 5).await?;
        let events = contact_history::events(&mut tx, WORKSPACE, ONE).await?;
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["undoMerge", "merge"]);
        assert!(contact_history::events(&mut tx, OTHER, ONE).await?.is_empty());
        Ok(())
    });
}
