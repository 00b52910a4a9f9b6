//! Two people who were taken for one stay apart on every path until someone takes that back (B15, R16).

use domain::Outcome;
use domain::ids::ContactId;
use domain::merge::MergeChoices;

use crate::dump::{contact, dump, same};
use crate::support::{Place, on_both, outcomes};

async fn four(place: &Place) -> anyhow::Result<Vec<ContactId>> {
    place.import(None, "email\na@x.example\nb@x.example\nc@x.example\nd@x.example\n", |_| {}).await?;
    let mut ids = Vec::new();
    for email in ["a@x.example", "b@x.example", "c@x.example", "d@x.example"] {
        ids.push(contact(place, email).await?);
    }
    Ok(ids)
}

async fn refused(place: &Place, a: ContactId, b: ContactId) -> String {
    let done = place.engine.merge(&place.actor, a, b, &MergeChoices::default()).await;
    done.map(|m| format!("merged by {}", m.id)).unwrap_or_else(|e| e.into_problem().message)
}

#[test]
fn a_separated_pair_is_not_merged_until_that_is_taken_back() {
    on_both(|place| async move {
        let ids = four(&place).await?;
        let before = dump(&place).await?;
        place.engine.separate(&place.actor, ids[1], ids[0]).await?;
        let page = place.engine.list_separated(&place.actor, None).await?;
        assert_eq!((page.rows.len(), page.rows[0].first, page.rows[0].second), (1, ids[0], ids[1]));
        assert_eq!(page.rows[0].second_email, "b@x.example");
        let why = refused(&place, ids[0], ids[1]).await;
        assert!(why.contains("a@x.example and b@x.example are kept apart") && why.contains("Separated list"), "{why}");
        let preview = place.engine.preview_merge(&place.actor, ids[0], ids[1], &MergeChoices::default()).await?;
        assert_eq!(preview.refusal, Some(why));
        let twice = place.engine.separate(&place.actor, ids[0], ids[1]).await.unwrap_err().into_problem();
        assert!(twice.message.contains("kept apart already"), "{}", twice.message);
        place.engine.undo_separate(&place.actor, ids[0], ids[1]).await?;
        same(&before, &dump(&place).await?)?;
        let twice = place.engine.undo_separate(&place.actor, ids[0], ids[1]).await.unwrap_err().into_problem();
        assert!(twice.message.contains("not kept apart"), "{}", twice.message);
        assert!(refused(&place, ids[0], ids[1]).await.contains("merged by"));
        let one = place.engine.separate(&place.actor, ids[0], ids[1]).await.unwrap_err().into_problem();
        assert!(one.message.contains("Merged list"), "{}", one.message);
        Ok(())
    });
}

/// The decision survives merges of either side into a third record, and comes back with whom it was about.
#[test]
fn a_separation_is_carried_over_by_merges_and_goes_back_with_them() {
    on_both(|place| async move {
        let ids = four(&place).await?;
        place.engine.separate(&place.actor, ids[1], ids[2]).await?;
        let before = dump(&place).await?;
        let merge = |a: usize, b: usize| {
            let (place, a, b) = (&place, ids[a], ids[b]);
            async move { place.engine.merge(&place.actor, a, b, &MergeChoices::default()).await }
        };
        let one = merge(0, 1).await?.id;
        let two = merge(2, 3).await?.id;
        place.sound().await?;
        let why = refused(&place, ids[0], ids[3]).await;
        assert!(why.contains("kept apart") && why.contains("merged into them since"), "{why}");
        let row = place.engine.list_separated(&place.actor, None).await?.rows.remove(0);
        assert_eq!((row.first, row.second, row.said_of), (ids[0], ids[2], Some((ids[1], ids[2]))));
        place.engine.undo_merge(&place.actor, one).await?;
        place.sound().await?;
        assert!(refused(&place, ids[1], ids[3]).await.contains("kept apart"));
        place.engine.undo_merge(&place.actor, two).await?;
        same(&before, &dump(&place).await?)?;
        // the same the other way round, when the other side moved on while the first was merged
        let one = merge(0, 1).await?.id;
        let other = place
            .engine
            .merge(
                &place.actor,
                ids[3],
                ids[2],
                &MergeChoices { survivor: domain::merge::Survivor::Is(ids[3]), ..MergeChoices::default() },
            )
            .await?
            .id;
        assert!(refused(&place, ids[1], ids[2]).await.contains("kept apart"));
        place.engine.undo_merge(&place.actor, one).await?;
        place.sound().await?;
        assert!(refused(&place, ids[1], ids[2]).await.contains("kept apart"));
        place.engine.undo_merge(&place.actor, other).await?;
        same(&before, &dump(&place).await?)
    });
}

#[test]
fn a_separation_taken_back_while_merged_stays_taken_back() {
    on_both(|place| async move {
        let ids = four(&place).await?;
        place.engine.separate(&place.actor, ids[1], ids[2]).await?;
        let id = place.engine.merge(&place.actor, ids[0], ids[1], &MergeChoices::default()).await?.id;
        place.engine.undo_separate(&place.actor, ids[1], ids[2]).await?;
        place.engine.undo_merge(&place.actor, id).await?;
        assert!(place.engine.list_separated(&place.actor, None).await?.rows.is_empty());
        assert!(refused(&place, ids[1], ids[2]).await.contains("merged by"));
        Ok(())
    });
}

/// An import whose row points at both finds the conflict, and does not open the question again.
#[test]
fn a_row_that_points_at_a_separated_pair_does_not_ask_again() {
    on_both(|place| async move {
        let file = "email,linkedin\na@x.example,\n,linkedin.com/in/other\n";
        place.import(None, file, |_| {}).await?;
        let a = contact(&place, "a@x.example").await?;
        let other = contact(&place, "").await?;
        place.engine.separate(&place.actor, a, other).await?;
        let rows = place.import(None, "email,linkedin\na@x.example,linkedin.com/in/other\n", |_| {}).await?;
        assert_eq!(outcomes(&rows), [Outcome::IdentityConflict]);
        place.sound().await?;
        place.engine.undo_separate(&place.actor, a, other).await?;
        Ok(())
    });
}

#[test]
fn the_lists_are_read_page_by_page() {
    on_both(|place| async move {
        let mut file = String::from("email\n");
        for n in 0..61 {
            file += &format!("p{n}@x.example\n");
        }
        place.import(None, &file, |_| {}).await?;
        let first = contact(&place, "p0@x.example").await?;
        for n in 1..61 {
            place.engine.separate(&place.actor, first, ContactId(first.0 + n)).await?;
        }
        let one = place.engine.list_separated(&place.actor, None).await?;
        let two = place.engine.list_separated(&place.actor, one.next.as_deref()).await?;
        assert_eq!((one.rows.len(), two.rows.len(), two.next), (50, 10, None));
        let seconds: Vec<i64> = one.rows.iter().chain(&two.rows).map(|r| r.second.0 - first.0).collect();
        assert_eq!(seconds, (1..61).rev().collect::<Vec<_>>(), "newest first, none twice");
        for n in 2..61 {
            place.engine.undo_separate(&place.actor, first, ContactId(first.0 + n)).await?;
        }
        for n in 2..61 {
            let into = ContactId(first.0 + n);
            place.engine.merge(&place.actor, first, into, &MergeChoices::default()).await?;
        }
        let one = place.engine.list_merged(&place.actor, None).await?;
        let two = place.engine.list_merged(&place.actor, one.next.as_deref()).await?;
        assert_eq!((one.rows.len(), two.rows.len(), two.next), (50, 9, None));
        assert!(place.engine.list_merged(&place.actor, Some("nonsense")).await.is_err());
        assert!(place.engine.list_separated(&place.actor, Some("1.2")).await.is_err());
        Ok(())
    });
}
