//! What merges leave to others: addresses that several share, the lists of what was decided, and what is forgotten when
//! people are deleted for good.

use std::sync::atomic::Ordering;

use domain::contact::ContactChange;
use domain::ids::ContactId;
use domain::import::ImportSettings;
use domain::merge::MergeChoices;
use domain::policy::DeletedRows;
use domain::{Outcome, PersonField::*};
use store::{Sql, Store, suspects};

use crate::contacts::{ids, met_by};
use crate::dump::{contact, dump, same, stored};
use crate::identifiers::{chosen, field};
use crate::support::{Place, on_both, outcomes};

const A_MONTH: i64 = 31 * 24 * 60 * 60 * 1_000;

async fn merge(place: &Place, a: ContactId, b: ContactId) -> anyhow::Result<domain::ids::MergeId> {
    Ok(place.engine.merge(&place.actor, a, b, &MergeChoices::default()).await?.id)
}

fn family() -> impl FnOnce(&mut ImportSettings) {
    chosen(vec![field(Email), field(FirstName), field(DateOfBirth)], vec![vec![field(Email), field(DateOfBirth)]])
}

async fn texts(place: &Place, query: &'static str) -> anyhow::Result<Vec<String>> {
    let store = Store::open(&place.url).await?;
    let rows: Vec<(String,)> = store.read().await?.all(Sql::new(query)).await?;
    store.close().await;
    Ok(rows.into_iter().map(|(text,)| text).collect())
}

/// R16: whoever has a shared mailbox as a further address inherits it, so that it is not buried with its owner.
#[test]
fn a_shared_address_goes_to_a_survivor_who_has_it_as_a_further_one() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file = "email,first name,dob\nhome@x.example,Ann,1980-01-02\nhome@x.example,Bo,2010-05-06\n";
        place.import(None, file, family()).await?;
        place.import(None, "email,first name\nbo@x.example,Bo\n", |_| {}).await?;
        let everyone = crate::contacts::everyone(&place).await?;
        let named = |name: &str, email: &str| {
            let found = everyone.iter().find(|r| r.person.get(FirstName) == name && r.person.get(Email) == email);
            found.map(|row| row.id).unwrap()
        };
        let (ann, bo) = (named("Ann", "home@x.example"), named("Bo", "home@x.example"));
        let before = dump(&place).await?;
        let id = merge(&place, bo, named("Bo", "bo@x.example")).await?;
        assert_eq!(stored(&place, bo).await?.person.get(Email), "bo@x.example", "the other is a further address");
        let deleted = place.engine.change_contacts(&place.actor, ids(&[ann]), ContactChange::Delete).await?;
        place.sound().await?;
        let met = place.import(Some(campaign), "email\nHOME@x.example\n", |_| {}).await?;
        assert_eq!(outcomes(&met), [Outcome::Created], "a lead of Bo, and no tombstone");
        assert_eq!(met_by(&place, campaign, "home@x.example").await?, [bo]);
        // without the merge it is Bo's own
        place.engine.undo_merge(&place.actor, id).await?;
        place.sound().await?;
        assert_eq!(met_by(&place, campaign, "home@x.example").await?, [bo]);
        // who comes back shares it again
        place.engine.undo_contact_change(&place.actor, deleted.change).await?;
        place.sound().await?;
        assert_eq!(met_by(&place, campaign, "home@x.example").await?, [ann]);
        let addresses = |rows: Vec<String>| {
            let kept = ["identity", "contact_address", "tombstone"];
            rows.into_iter().filter(|r| kept.iter().any(|t| r.starts_with(t))).collect::<Vec<_>>()
        };
        same(&addresses(before), &addresses(dump(&place).await?))
    });
}

/// The address of the one who was taken in belongs to somebody else by the time the merge is taken back.
#[test]
fn an_address_that_somebody_else_has_by_now_stays_with_them() {
    on_both(|place| async move {
        place.import(None, "email,city\na@x.example,Lund\n", |_| {}).await?;
        let file = "email,linkedin,city\nb@x.example,linkedin.com/in/bea,Kiel\n";
        place.import(None, file, |_| {}).await?;
        let (a, b) = (contact(&place, "a@x.example").await?, contact(&place, "b@x.example").await?);
        let id = merge(&place, a, b).await?;
        // while the survivor is deleted, the addresses come in again with other people
        let deleted = place.engine.change_contacts(&place.actor, ids(&[a]), ContactChange::Delete).await?;
        let file = "email,linkedin\nb@x.example,\nnew@x.example,linkedin.com/in/bea\n";
        let back = place.import(None, file, |s| s.deleted = DeletedRows::Restore).await?;
        assert_eq!(outcomes(&back), [Outcome::Created, Outcome::Created]);
        let (other, third) = (contact(&place, "b@x.example").await?, contact(&place, "new@x.example").await?);
        place.engine.undo_contact_change(&place.actor, deleted.change).await?;
        place.sound().await?;

        let report = place.engine.undo_merge(&place.actor, id).await?;
        place.sound().await?;
        let kept: Vec<&str> = report.kept.iter().map(|k| k.what.as_str()).collect();
        assert!(kept.iter().any(|what| what.starts_with("b@x.example of ")), "{kept:?}");
        assert!(kept.iter().any(|what| what.contains("linkedin.com/in/bea of ")), "{kept:?}");
        let loser = stored(&place, b).await?;
        assert_eq!((loser.person.get(Email), loser.person.get(LinkedinUrl)), ("b@x.example", ""));
        assert!(loser.shared_mailbox, "the mailbox is shared from now on");
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        assert_eq!(met_by(&place, campaign, "b@x.example").await?, [other]);
        assert_eq!(met_by(&place, campaign, "new@x.example").await?, [third]);
        Ok(())
    });
}

/// R13: a lead that became one with an older one is not gone when the import that brought it is taken back.
#[test]
fn an_import_whose_lead_was_united_with_an_older_one_says_so() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        // the younger contact's lead is the older one: the survivor's own becomes one with it
        place.import(None, "email\na@x.example\n", |_| {}).await?;
        place.import(Some(campaign), "email\nb@x.example\n", |_| {}).await?;
        let import = place.draft(Some(campaign), "email\na@x.example\n", |_| {}).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        merge(&place, contact(&place, "a@x.example").await?, contact(&place, "b@x.example").await?).await?;
        assert_eq!(place.leads(campaign).await?.len(), 1);
        let undone = place.engine.undo_import_now(&place.actor, import).await?;
        assert_eq!((undone.leads, undone.kept), (0, 1), "{undone:?}");
        let kept = place.engine.list_undo_kept(&place.actor, import, None).await?.rows;
        assert_eq!((kept[0].what.as_str(), kept[0].why.as_str()), ("The lead", "Merged with another lead since."));
        assert_eq!(place.leads(campaign).await?.len(), 1);
        Ok(())
    });
}

#[test]
fn the_lists_and_their_counts_agree_and_whoever_is_deleted_for_good_is_in_neither() {
    on_both(|place| async move {
        let file = "email,first name\na@x.example,Ann\nb@x.example,Bea\nc@x.example,Cem\nd@x.example,Dag\n";
        place.import(None, file, |_| {}).await?;
        let mut all = Vec::new();
        for name in ["a", "b", "c", "d"] {
            all.push(contact(&place, &format!("{name}@x.example")).await?);
        }
        let [a, b, c, d] = all[..] else { unreachable!() };
        let id = merge(&place, a, b).await?;
        place.engine.separate(&place.actor, c, d).await?;
        place.engine.separate(&place.actor, a, d).await?;
        let agree = |place: std::sync::Arc<Place>| async move {
            let store = Store::open(&place.url).await?;
            let counts = suspects::count_decided(&mut store.read().await?, place.actor.workspace).await?;
            store.close().await;
            let separated = place.engine.list_separated(&place.actor, None).await?.rows.len() as u64;
            let merged = place.engine.list_merged(&place.actor, None).await?.rows.len() as u64;
            assert_eq!(counts, (separated, merged));
            anyhow::Ok(counts)
        };
        assert_eq!(agree(place.clone()).await?, (2, 1));
        place.engine.change_contacts(&place.actor, ids(&[a, c]), ContactChange::Delete).await?;
        assert_eq!(agree(place.clone()).await?, (0, 1), "a deleted person can come back, and then the merge be undone");
        let waits = place.engine.undo_merge(&place.actor, id).await.unwrap_err().into_problem();
        assert!(waits.message.contains("Bring them back first"), "{}", waits.message);

        place.now.fetch_add(A_MONTH, Ordering::Relaxed);
        assert_eq!(place.engine.sweep().await?.contacts, 3);
        place.sound().await?;
        assert_eq!(agree(place.clone()).await?, (0, 0));
        let never = place.engine.undo_merge(&place.actor, id).await.unwrap_err().into_problem();
        assert!(never.message.contains("for good"), "{}", never.message);
        for (what, query) in [
            ("journals", "SELECT journal FROM merge_event"),
            ("rows", "SELECT COALESCE(before, '') || who || search FROM import_row"),
            ("people", "SELECT email || custom || origins FROM contact"),
        ] {
            for text in texts(&place, query).await? {
                let gone = ["a@x.example", "b@x.example", "c@x.example", "Ann", "Bea", "Cem"];
                assert!(gone.iter().all(|word| !text.contains(word)), "{what}: {text}");
            }
        }
        Ok(())
    });
}
