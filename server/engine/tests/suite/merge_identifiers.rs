//! Merges of people whom imports recognise by chosen sets of fields (R5, B9): what led to one of the two leads to the
//! survivor, what both have together does too, and taking the merge back gives each their own.

use std::sync::Arc;

use domain::PersonField::{self, *};
use domain::contact::ContactField;
use domain::ids::ContactId;
use domain::import::{ImportSettings, Target};
use domain::merge::MergeChoices;
use domain::{Outcome, Overwrite};

use crate::contacts::edit;
use crate::dump::{contact, dump, same};
use crate::identifiers::{chosen, field};
use crate::support::{Place, on_both, outcomes, unique};

const CITY: ContactField = ContactField::Person(City);

async fn merge(place: &Place, a: ContactId, b: ContactId) -> anyhow::Result<domain::ids::MergeId> {
    Ok(place.engine.merge(&place.actor, a, b, &MergeChoices::default()).await?.id)
}

/// Whom an import finds by these fields; none when it makes someone new, who is deleted again.
async fn found(place: &Place, by: &[PersonField], values: &str) -> anyhow::Result<Option<ContactId>> {
    let title = unique("title");
    let mut columns: Vec<Target> = by.iter().copied().map(field).collect();
    let set = columns.clone();
    columns.push(field(JobTitle));
    let names: Vec<&str> = by.iter().map(|f| f.word()).collect();
    let file = format!("{},job title\n{values},{title}\n", names.join(","));
    let count = set.len();
    let import = |settings: &mut ImportSettings| {
        chosen(columns, vec![set])(settings);
        // looked for, not written anew
        settings.columns[..count].iter_mut().for_each(|c| c.overwrite = Some(Overwrite::Keep));
    };
    let rows = place.import(None, &file, import).await?;
    place.sound().await?;
    let everyone = crate::contacts::everyone(place).await?;
    let met = everyone.iter().find(|row| row.person.get(JobTitle) == title).map(|row| row.id);
    let met = met.ok_or_else(|| anyhow::anyhow!("nobody was taken: {rows:?}"))?;
    if outcomes(&rows) == [Outcome::Created] {
        let twin = crate::contacts::ids(&[met]);
        place.engine.change_contacts(&place.actor, twin, domain::contact::ContactChange::Delete).await?;
        return Ok(None);
    }
    Ok(Some(met))
}

/// Makes sure that a set is one that imports have recognised people by.
async fn register(place: &Place, by: &[PersonField], value: &str) -> anyhow::Result<()> {
    assert_eq!(found(place, by, value).await?, None, "nobody has these");
    Ok(())
}

#[test]
fn a_set_that_only_both_together_fill_finds_the_survivor() {
    on_both(|place| async move {
        register(&place, &[LastName, DateOfBirth], "Nobody,1950-01-01").await?;
        place.import(None, "email,last name,dob\na@x.example,Smith,\nb@x.example,,1980-03-31\n", |_| {}).await?;
        let (a, b) = (contact(&place, "a@x.example").await?, contact(&place, "b@x.example").await?);
        let before = dump(&place).await?;
        let id = merge(&place, a, b).await?;
        place.sound().await?;
        let smith =
            |place: Arc<Place>| async move { found(&place, &[LastName, DateOfBirth], "SMITH,31.03.1980").await };
        assert_eq!(smith(place.clone()).await?, Some(a), "no twin");
        place.engine.undo_merge(&place.actor, id).await?;
        place.sound().await?;
        assert_eq!(smith(place.clone()).await?, None, "neither of the two has both");
        // once more, with nothing in between: no trace
        let [before, after] = {
            let id = merge(&place, a, b).await?;
            place.engine.undo_merge(&place.actor, id).await?;
            [before, dump(&place).await?]
        };
        let keys = |rows: &[String]| rows.iter().filter(|r| r.starts_with("group_key")).cloned().collect::<Vec<_>>();
        assert_eq!(keys(&before).len() + 1, keys(&after).len(), "but the key of the one who was made and deleted");
        Ok(())
    });
}

/// As with addresses: the old values go on leading to the person, whatever is edited, until the merge is taken back.
#[test]
fn the_values_of_both_find_the_survivor_until_the_merge_is_taken_back() {
    on_both(|place| async move {
        register(&place, &[Phone], "+46 70 999 99 99").await?;
        place.import(None, "email,phone\na@x.example,+46 70 111 11 11\nb@x.example,+46 70 222 22 22\n", |_| {}).await?;
        let (a, b) = (contact(&place, "a@x.example").await?, contact(&place, "b@x.example").await?);
        let by = |place: Arc<Place>, n: u8| async move {
            found(&place, &[Phone], &format!("+46 70 {n}{n}{n} {n}{n} {n}{n}")).await
        };
        let before = dump(&place).await?;
        let id = merge(&place, a, b).await?;
        place.sound().await?;
        edit(&place, a, CITY, "Lund").await?;
        place.sound().await?;
        assert_eq!((by(place.clone(), 1).await?, by(place.clone(), 2).await?), (Some(a), Some(a)));
        place.engine.undo_merge(&place.actor, id).await?;
        place.sound().await?;
        assert_eq!((by(place.clone(), 1).await?, by(place.clone(), 2).await?), (Some(a), Some(b)), "each their own");
        let keys = |rows: Vec<String>| rows.into_iter().filter(|r| r.starts_with("group_key")).collect::<Vec<_>>();
        same(&keys(before), &keys(dump(&place).await?))
    });
}

/// Also one in the middle of a chain, and when the set is used for the first time after the merges.
#[test]
fn a_set_that_is_used_after_the_merges_knows_the_values_of_before() {
    on_both(|place| async move {
        let file = "email,phone\na@x.example,+46701111111\nb@x.example,+46702222222\nc@x.example,+46703333333\n";
        place.import(None, file, |_| {}).await?;
        let mut ids = Vec::new();
        for email in ["a@x.example", "b@x.example", "c@x.example"] {
            ids.push(contact(&place, email).await?);
        }
        let first = merge(&place, ids[0], ids[1]).await?;
        let second = merge(&place, ids[0], ids[2]).await?;
        let by = |place: Arc<Place>, n: u8| async move {
            found(&place, &[Phone], &format!("+4670{}", n.to_string().repeat(7))).await
        };
        for n in 1..=3 {
            assert_eq!(by(place.clone(), n).await?, Some(ids[0]), "{n}");
        }
        place.engine.undo_merge(&place.actor, first).await?;
        let three = (by(place.clone(), 1).await?, by(place.clone(), 2).await?, by(place.clone(), 3).await?);
        assert_eq!(three, (Some(ids[0]), Some(ids[1]), Some(ids[0])), "the later merge was done anew");
        place.engine.undo_merge(&place.actor, second).await?;
        let three = (by(place.clone(), 1).await?, by(place.clone(), 2).await?, by(place.clone(), 3).await?);
        assert_eq!(three, (Some(ids[0]), Some(ids[1]), Some(ids[2])));
        // a deleted survivor comes back with all of them
        merge(&place, ids[0], ids[1]).await?;
        let deleted = place
            .engine
            .change_contacts(&place.actor, crate::contacts::ids(&[ids[0]]), domain::contact::ContactChange::Delete)
            .await?;
        place.engine.undo_contact_change(&place.actor, deleted.change).await?;
        place.sound().await?;
        assert_eq!(by(place.clone(), 2).await?, Some(ids[0]));
        Ok(())
    });
}

/// An import by chosen sets has no unique key to hold people by: merges wait for it, and it for them.
#[test]
fn imports_by_chosen_sets_meet_merges_and_undos_and_make_no_twins() {
    on_both(|place: Arc<Place>| async move {
        const PAIRS: usize = 40;
        let mut file = String::from("email,phone\n");
        for n in 0..PAIRS * 2 {
            file += &format!("p{n}@x.example,+4670{n:07}\n");
        }
        place.import(None, &file, |_| {}).await?;
        register(&place, &[Phone], "+46 70 999 99 99").await?;
        let mut people = std::collections::BTreeMap::new();
        for row in crate::contacts::everyone(&place).await? {
            people.insert(row.person.get(Email).to_owned(), row.id);
        }
        let phones = (0..PAIRS * 2).fold(String::from("phone,city\n"), |file, n| file + &format!("+4670{n:07},Lund\n"));
        let mut imports = Vec::new();
        for _ in 0..3 {
            let by_phone = chosen(vec![field(Phone), field(City)], vec![vec![field(Phone)]]);
            imports.push(place.draft(None, &phones, by_phone).await?);
        }
        let importing = {
            let (place, imports) = (place.clone(), imports.clone());
            tokio::spawn(async move {
                for import in imports {
                    place.engine.run_import_now(&place.actor, import).await?;
                }
                anyhow::Ok(())
            })
        };
        for n in 0..PAIRS {
            let id = |n: usize| people[&format!("p{n}@x.example")];
            let merged = merge(&place, id(2 * n), id(2 * n + 1)).await?;
            if n % 3 == 0 {
                place.engine.undo_merge(&place.actor, merged).await?;
            }
        }
        importing.await??;
        for import in imports {
            let rows = place.rows(import).await?;
            let usual = [Outcome::Updated, Outcome::Unchanged, Outcome::DuplicateInFile];
            let wrong: Vec<_> = rows.iter().filter(|r| !usual.contains(&r.outcome)).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
        let there = crate::contacts::everyone(&place).await?;
        assert!(there.iter().all(|row| !row.person.get(Email).is_empty()), "nobody was made anew");
        Ok(())
    });
}
