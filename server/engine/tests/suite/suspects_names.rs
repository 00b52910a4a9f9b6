//! People of one name are found whoever else has it, as pairs while they are few and as one entry when they are many.

use std::sync::Arc;

use domain::PersonField;
use domain::contact::{ContactChange, ContactField, ContactSelection};
use domain::ids::ContactId;
use domain::suspect::{Band, Decision, SuspectQuery};

use crate::dump::contact;
use crate::support::{Place, on_both};
use crate::suspects::{names, open, word, work};

/// A file of people of one name with nothing else in common, numbered from `from`.
fn file(first: &str, last: &str, numbers: std::ops::Range<usize>) -> String {
    let header = String::from("email,first name,last name,company\n");
    numbers.fold(header, |file, i| file + &format!("p{i}@{}.example,{first},{last},{}\n", word(i), word(i)))
}

async fn someone(place: &Place, number: usize) -> anyhow::Result<ContactId> {
    contact(place, &format!("p{number}@{}.example", word(number))).await
}

async fn delete(place: &Place, ids: Vec<ContactId>) -> anyhow::Result<domain::ids::ChangeId> {
    let these = ContactSelection::Ids(ids);
    Ok(place.engine.change_contacts(&place.actor, these, ContactChange::Delete).await?.change)
}

/// What is listed, and that a full scan lists the same.
async fn listed(place: &Place) -> anyhow::Result<(usize, Vec<(String, u64)>)> {
    work(place).await?;
    let found = (open(place).await?, names(place).await?);
    place.engine.scan_now(&place.actor).await?;
    work(place).await?;
    let scanned = (open(place).await?, names(place).await?);
    anyhow::ensure!(found.0.keys().eq(scanned.0.keys()), "{:?} scanned {:?}", found.0, scanned.0);
    anyhow::ensure!(found.1 == scanned.1, "{:?} scanned {:?}", found.1, scanned.1);
    anyhow::ensure!(scanned.0.values().all(|pair| pair.band == Band::Name), "{:?}", scanned.0);
    Ok((scanned.0.len(), scanned.1))
}

fn entry(name: &str, people: u64) -> (String, u64) {
    (name.to_owned(), people)
}

#[test]
fn spellings_that_share_a_block_are_entries_of_their_own() {
    on_both(|place: Arc<Place>| async move {
        let mut all = String::from("email,first name,last name,company\n");
        let spellings =
            [("Thomas", "Müller"), ("Thomas", "Mueller"), ("Martin", "Thomas"), ("Thomas", "Martin"), ("Ann", "Lee")];
        for (n, (first, last)) in spellings.into_iter().enumerate() {
            all += file(first, last, n * 10..n * 10 + 5).split_once('\n').unwrap().1;
        }
        place.import(None, &all, |_| {}).await?;
        let (_, found) = listed(&place).await?;
        let expected = ["Ann Lee", "Martin Thomas", "Thomas Martin", "Thomas Mueller", "Thomas Müller"];
        assert_eq!(found, expected.map(|name| entry(name, 5)));

        // each is decided alone, and the decision outlives a scan
        let query = SuspectQuery { band: Some(Band::Name), ..SuspectQuery::default() };
        let page = place.engine.list_suspects(&place.actor, &query).await?;
        let one = page.sections[0].namesakes.iter().find(|n| n.name == "Thomas Müller").unwrap();
        assert!(one.some.iter().all(|person| person.name == "Thomas Müller"), "{:?}", one.some);
        let decided = place.engine.decide_suspects(&place.actor, &[Decision::KeepNamesakes(one.key.clone())]).await?;
        assert_eq!(listed(&place).await?.1.len(), 4);
        place.engine.take_back_decisions(&place.actor, &decided).await?;
        assert_eq!(listed(&place).await?.1.len(), 5);
        Ok(())
    });
}

#[test]
fn namesakes_who_come_one_by_one_become_one_entry_and_pairs_again() {
    on_both(|place: Arc<Place>| async move {
        place.import(None, &file("John", "Smith", 0..4), |_| {}).await?;
        assert_eq!(listed(&place).await?, (6, vec![]));
        place.import(None, &file("John", "Smith", 4..5), |_| {}).await?;
        assert_eq!(listed(&place).await?, (0, vec![entry("John Smith", 5)]));
        place.import(None, &file("John", "Smith", 5..7), |_| {}).await?;
        assert_eq!(listed(&place).await?, (0, vec![entry("John Smith", 7)]));

        // two go, and one is called otherwise
        let (a, b) = (someone(&place, 0).await?, someone(&place, 5).await?);
        let change = delete(&place, vec![a, b]).await?;
        assert_eq!(listed(&place).await?, (0, vec![entry("John Smith", 5)]));
        let c = someone(&place, 6).await?;
        let last = ContactField::Person(PersonField::LastName);
        place.engine.edit_contact(&place.actor, c, last, "Zawadzki").await?;
        assert_eq!(listed(&place).await?, (6, vec![]));
        place.engine.undo_contact_change(&place.actor, change).await?;
        assert_eq!(listed(&place).await?, (0, vec![entry("John Smith", 6)]));

        // two of them are one person
        let pair = [someone(&place, 1).await?, someone(&place, 2).await?];
        let merged = place.engine.merge(&place.actor, pair[0], pair[1], &Default::default()).await?;
        assert_eq!(listed(&place).await?, (0, vec![entry("John Smith", 5)]));
        place.engine.undo_merge(&place.actor, merged.id).await?;
        assert_eq!(listed(&place).await?, (0, vec![entry("John Smith", 6)]));
        Ok(())
    });
}

/// B10: how many others share the block of the name does not matter.
#[test]
fn a_few_of_a_spelling_are_listed_beside_a_full_block() {
    on_both(|place: Arc<Place>| async move {
        place.import(None, &file("Thomas", "Müller", 0..24), |_| {}).await?;
        place.import(None, &file("Thomas", "Mueller", 24..27), |_| {}).await?;
        assert_eq!(listed(&place).await?, (3, vec![entry("Thomas Müller", 24)]));
        // the same when the few were there first
        place.import(None, &file("Ann", "Schroeder", 30..33), |_| {}).await?;
        work(&place).await?;
        place.import(None, &file("Ann", "Schröder", 33..60), |_| {}).await?;
        assert_eq!(listed(&place).await?, (6, vec![entry("Ann Schröder", 27), entry("Thomas Müller", 24)]));
        // and when an import that filled the block is taken back
        let last = place.engine.list_imports(&place.actor, None).await?.rows[0].id;
        place.engine.undo_import_now(&place.actor, last).await?;
        assert_eq!(listed(&place).await?, (6, vec![entry("Thomas Müller", 24)]));
        Ok(())
    });
}

/// A decision about a name is about the people there were: who comes after fewer were left is new.
#[test]
fn kept_apart_shrinks_with_the_people() {
    on_both(|place: Arc<Place>| async move {
        place.import(None, &file("John", "Smith", 0..8), |_| {}).await?;
        work(&place).await?;
        let query = SuspectQuery { band: Some(Band::Name), ..SuspectQuery::default() };
        let key = place.engine.list_suspects(&place.actor, &query).await?.sections[0].namesakes[0].key.clone();
        place.engine.decide_suspects(&place.actor, &[Decision::KeepNamesakes(key)]).await?;
        delete(&place, vec![someone(&place, 0).await?, someone(&place, 1).await?]).await?;
        assert_eq!(listed(&place).await?, (0, vec![]));
        place.import(None, &file("John", "Smith", 8..9), |_| {}).await?;
        assert_eq!(listed(&place).await?, (0, vec![entry("John Smith", 7)]), "one is new");
        Ok(())
    });
}
