//! The schema walk, done: two people with a row in every table that leads to a person are merged, the merge is taken back,
//! and they are deleted for good. Each time the rows are where the one list of person tables says.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use domain::PersonField::Phone;
use domain::contact::ContactChange;
use domain::ids::ContactId;
use domain::lead::{LeadChange, LeadFilter, LeadSelection};
use domain::merge::MergeChoices;
use domain::{DuplicatePolicy, LeadStatus};
use store::person_tables::{AfterMerge, PERSON_TABLES, PersonTable};
use store::{Sql, Store};

use crate::contacts::{EMAIL, edit, ids};
use crate::dump::contact;
use crate::identifiers::{chosen, field};
use crate::support::{Place, on_both, with};

type Counts = BTreeMap<(&'static str, &'static str), i64>;

struct People {
    survivor: ContactId,
    loser: ContactId,
    /// Merged into the loser before.
    inner: ContactId,
    /// The loser's lead in the campaign that both are in, and the inner one's that became one with it.
    leads: [i64; 2],
}

fn leaked(query: String) -> Sql {
    Sql::new(Box::leak(query.into_boxed_str()))
}

/// What a column holds when it leads to the loser.
fn leads_to(table: &PersonTable, people: &People) -> i64 {
    match (table.table, table.column) {
        (_, "into_lead_id") => people.leads[0],
        ("merged_lead", "lead_id") => people.leads[1],
        ("bulk_change_lead", "lead_id") => people.leads[0],
        (_, "first_origin_id" | "second_origin_id") => people.inner.0,
        _ => people.loser.0,
    }
}

/// Rows of every column that lead to someone; what speaks of the two people as a pair is no row of theirs.
async fn count(
    store: &Store,
    place: &Place,
    value: impl Fn(&PersonTable) -> i64,
    pair: &People,
) -> anyhow::Result<Counts> {
    let mut tx = store.read().await?;
    let mut counts = Counts::new();
    for table in PERSON_TABLES {
        let mut query = format!(
            "SELECT count(*) FROM {} WHERE workspace_id = {} AND {} = {}",
            table.table,
            place.actor.workspace.0,
            table.column,
            value(table)
        );
        if table.table == "suspect" {
            let (a, b) = (pair.survivor.0.min(pair.loser.0), pair.survivor.0.max(pair.loser.0));
            query += &format!(" AND NOT (first_contact_id = {a} AND second_contact_id = {b})");
        }
        let (n,): (i64,) = tx.one(leaked(query)).await?;
        counts.insert((table.table, table.column), n);
    }
    Ok(counts)
}

/// Two people and others around them, so that the loser has a row in every table and on either side of each pair.
async fn furnished(place: &Place, store: &Store) -> anyhow::Result<People> {
    let first = place.engine.create_campaign(&place.actor, "First").await?;
    let second = place.engine.create_campaign(&place.actor, "Second").await?;
    let status = || with(DuplicatePolicy::Campaign, LeadStatus::ToLaunch);
    place
        .import(
            None,
            "phone,city\n+46709999999,Lund\n",
            chosen(vec![field(Phone), field(domain::PersonField::City)], vec![vec![field(Phone)]]),
        )
        .await?;
    let file =
        "email,phone\nbefore@x.example,\ns@x.example,\nl@x.example,+46701111111\ni@x.example,\nafter@x.example,\n";
    place
        .import(Some(first), file, |s| {
            status()(s);
            s.tags = vec!["Fair".to_owned()];
        })
        .await?;
    place.import(Some(second), "email\nl@x.example\n", status()).await?;
    let who = |email: &'static str| contact(place, email);
    let (before, survivor, loser) =
        (who("before@x.example").await?, who("s@x.example").await?, who("l@x.example").await?);
    let (inner, after) = (who("i@x.example").await?, who("after@x.example").await?);
    let of = |leads: &[domain::lead::LeadRow], id| leads.iter().find(|l| l.contact == id).map(|l| l.id.0).unwrap();
    let there = place.leads(first).await?;
    let leads = [of(&there, loser), of(&there, inner)];
    let all = LeadSelection::Matching { filter: LeadFilter::default(), expected: 5 };
    place.engine.change_leads(&place.actor, first, all, LeadChange::Status(LeadStatus::Done)).await?;
    edit(place, loser, EMAIL, "l2@x.example").await?;
    let w = place.actor.workspace.0;
    let mut tx = store.write().await?;
    for (a, b) in [(before, inner), (inner, after)] {
        tx.execute(leaked(format!(
            "INSERT INTO suspect (workspace_id, first_contact_id, second_contact_id, state, reason, created_at) \
             VALUES ({w}, {}, {}, 'open', 'name', 1)",
            a.0, b.0
        )))
        .await?;
    }
    tx.commit().await?;
    place.engine.separate(&place.actor, before, inner).await?;
    place.engine.separate(&place.actor, inner, after).await?;
    place.engine.merge(&place.actor, loser, inner, &MergeChoices::default()).await?;
    let mut tx = store.write().await?;
    let l = loser.0;
    for query in [
        format!("INSERT INTO match_key (workspace_id, key, contact_id) VALUES ({w}, 7, {l})"),
        format!("INSERT INTO contact_to_match (workspace_id, contact_id) VALUES ({w}, {l}) ON CONFLICT DO NOTHING"),
        format!(
            "INSERT INTO import_undo_kept (workspace_id, import_id, contact_id, what, why, who) \
             VALUES ({w}, 1, {l}, 'contact', 'edited', 'Lea')"
        ),
        format!(
            "INSERT INTO waiting_lead (workspace_id, campaign_id, contact_id, import_id, row_number, actor_id, \
             created_at, look_at) SELECT {w}, {}, {l}, max(id), 1, 1, 1, 1 FROM import WHERE workspace_id = {w}",
            second.0
        ),
    ] {
        tx.execute(leaked(query)).await?;
    }
    tx.commit().await?;
    Ok(People { survivor, loser, inner, leads })
}

#[test]
fn the_rows_of_every_table_are_where_the_list_says() {
    on_both(|place| async move {
        let store = Store::open(&place.url).await?;
        let people = furnished(&place, &store).await?;
        let loser = |table: &PersonTable| leads_to(table, &people);
        let survivor = |_: &PersonTable| people.survivor.0;
        let before = count(&store, &place, loser, &people).await?;
        let theirs = count(&store, &place, survivor, &people).await?;
        let none: Vec<_> = before.iter().filter(|(_, n)| **n == 0).map(|(column, _)| *column).collect();
        assert_eq!(none, [("merge_event", "loser_id")], "there is a row to look for");

        let id = place.engine.merge(&place.actor, people.survivor, people.loser, &MergeChoices::default()).await?.id;
        place.sound().await?;
        let after = count(&store, &place, loser, &people).await?;
        let gained = count(&store, &place, survivor, &people).await?;
        for table in PERSON_TABLES {
            let column = (table.table, table.column);
            let (was, is, has, had) = (before[&column], after[&column], gained[&column], theirs[&column]);
            let right = match table.after_merge {
                // an older lead of the survivor's may have taken it in: then nothing leads to the loser's any more
                AfterMerge::Survivor => is == 0 && (has > 0 || table.column == "into_lead_id"),
                AfterMerge::Both => is == was && has >= had && has > 0,
                AfterMerge::AsBefore => is == was,
                AfterMerge::Added => is + has > was + had && is >= was,
            };
            assert!(
                right,
                "{column:?} is not {:?}: {was} before, {is} now; the survivor {had}, {has}",
                table.after_merge
            );
        }

        place.engine.undo_merge(&place.actor, id).await?;
        place.sound().await?;
        let back = count(&store, &place, loser, &people).await?;
        for table in PERSON_TABLES.iter().filter(|t| t.after_merge != AfterMerge::Added) {
            let column = (table.table, table.column);
            assert_eq!(back[&column], before[&column], "{column:?} {}", table.undo);
        }

        place.engine.merge(&place.actor, people.survivor, people.loser, &MergeChoices::default()).await?;
        place.engine.change_contacts(&place.actor, ids(&[people.survivor]), ContactChange::Delete).await?;
        place.now.fetch_add(31 * 24 * 60 * 60 * 1_000, Ordering::Relaxed);
        assert_eq!(place.engine.sweep().await?.contacts, 3, "with those they had taken in");
        place.sound().await?;
        // what stays is numbers: the rows of imports and merges that must add up, and hashes that lead to nobody
        let stays = ["contact", "import_row", "import_undo_kept", "match_key", "merge_event", "merged_lead"];
        let left = count(&store, &place, loser, &people).await?;
        let own = count(&store, &place, survivor, &people).await?;
        let left: Vec<_> = left.iter().chain(&own).filter(|(c, n)| **n > 0 && !stays.contains(&c.0)).collect();
        assert!(left.is_empty(), "{left:?}");
        store.close().await;
        Ok(())
    });
}
