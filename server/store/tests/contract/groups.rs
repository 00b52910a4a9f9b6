//! Sets of fields that recognise people, and the lock that keeps twins out.

use domain::ids::ContactId;
use store::{Dialect, Sql, contacts, groups};

use crate::support::{OTHER, WORKSPACE, furnished, on_both, person};

const A: [u8; 16] = [1; 16];
const B: [u8; 16] = [2; 16];

#[test]
fn keys_belong_to_everyone_who_has_the_values() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        contacts::add(&mut tx, WORKSPACE, (1..=3).map(person).collect(), 1).await?;
        groups::register(&mut tx, WORKSPACE, 1, "field:phone", 5).await?;
        groups::register(&mut tx, WORKSPACE, 2, "field:phone", 6).await?;
        assert_eq!(groups::list(&mut tx, WORKSPACE).await?, [("field:phone".to_owned(), false)]);
        groups::set_filled(&mut tx, WORKSPACE, &["field:phone".to_owned()], 7).await?;
        assert_eq!(groups::list(&mut tx, WORKSPACE).await?, [("field:phone".to_owned(), true)]);
        assert!(groups::list(&mut tx, OTHER).await?.is_empty());

        let everyone: Vec<ContactId> = (1..=3).map(ContactId).collect();
        let keys = [(A, ContactId(3)), (A, ContactId(1)), (B, ContactId(2))];
        groups::replace(&mut tx, WORKSPACE, &everyone, &keys).await?;
        let found = groups::holders(&mut tx, WORKSPACE, &[A]).await?;
        assert_eq!(found, [(A, ContactId(1)), (A, ContactId(3))], "the oldest first");
        groups::replace(&mut tx, WORKSPACE, &[ContactId(1)], &[(B, ContactId(1))]).await?;
        assert_eq!(groups::holders(&mut tx, WORKSPACE, &[A]).await?, [(A, ContactId(3))]);
        tx.execute(Sql::new("UPDATE contact SET merged_into = 1 WHERE id = 3")).await?;
        assert!(groups::holders(&mut tx, WORKSPACE, &[A]).await?.is_empty(), "who was merged is nobody");
        assert_eq!(groups::of(&mut tx, WORKSPACE, &[ContactId(3)]).await?, [(A, ContactId(3))]);
        Ok(())
    });
}

/// Many hold the lock together, one holds it alone; on SQLite the one writer is alone anyway.
#[test]
fn whoever_wants_the_workspace_alone_waits_for_the_others() {
    on_both(|store| async move {
        furnished(&store).await?;
        if store.dialect() == Dialect::Sqlite {
            let mut tx = store.write().await?;
            groups::lock(&mut tx, WORKSPACE, true).await?;
            return Ok(tx.commit().await?);
        }
        let (mut one, mut two) = (store.write().await?, store.write().await?);
        groups::lock(&mut one, WORKSPACE, false).await?;
        groups::lock(&mut two, WORKSPACE, false).await?;
        let mut alone = store.write().await?;
        alone.execute(Sql::new("SET LOCAL lock_timeout = '50ms'")).await?;
        let refused = groups::lock(&mut alone, WORKSPACE, true).await;
        assert!(refused.is_err_and(|e| e.is_busy()), "two others write people");
        one.commit().await?;
        two.commit().await?;
        let mut alone = store.write().await?;
        groups::lock(&mut alone, WORKSPACE, true).await?;
        Ok(alone.commit().await?)
    });
}
