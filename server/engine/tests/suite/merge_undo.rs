//! A merge is taken back: exactly when nothing was touched since (I10), with later edits kept and listed otherwise.

use domain::contact::{ContactChange, ContactSelection};
use domain::ids::{CampaignId, ContactId, MergeId};
use domain::lead::{LeadChange, LeadFilter, LeadSelection};
use domain::merge::MergeChoices;
use domain::{DuplicatePolicy, LeadStatus, PersonField};

use crate::dump::{contact, dump, same, stored};
use crate::support::{Place, on_both, with};

fn status(status: LeadStatus) -> impl FnOnce(&mut domain::import::ImportSettings) {
    with(DuplicatePolicy::Campaign, status)
}

fn all(expected: u64) -> LeadSelection {
    LeadSelection::Matching { filter: LeadFilter::default(), expected }
}

async fn merge(place: &Place, a: ContactId, b: ContactId) -> anyhow::Result<MergeId> {
    Ok(place.engine.merge(&place.actor, a, b, &MergeChoices::default()).await?.id)
}

/// Three records of Ann, oldest first, in campaigns of their own and in one together.
async fn three(place: &Place) -> anyhow::Result<(Vec<ContactId>, CampaignId)> {
    let campaign = place.engine.create_campaign(&place.actor, "C").await?;
    let mut ids = Vec::new();
    for (n, state) in [LeadStatus::Done, LeadStatus::InProgress, LeadStatus::ToLaunch].into_iter().enumerate() {
        let file = format!("email,job title,city,ice\na{n}@x.example,Title {n},{},ice {n}\n", ["A", "", "C"][n]);
        place
            .import(Some(campaign), &file, |s| {
                status(state)(s);
                s.tags = vec![format!("Tag {n}")];
            })
            .await?;
        let own = place.engine.create_campaign(&place.actor, &format!("Own {n}")).await?;
        place.import(Some(own), &file, status(LeadStatus::Scheduled)).await?;
        ids.push(contact(place, &format!("a{n}@x.example")).await?);
    }
    Ok((ids, campaign))
}

#[test]
fn undo_restores_everything_when_nothing_was_touched_since() {
    on_both(|place| async move {
        let (ids, _) = three(&place).await?;
        let before = dump(&place).await?;
        let id = merge(&place, ids[0], ids[1]).await?;
        place.sound().await?;
        let report = place.engine.undo_merge(&place.actor, id).await?;
        assert_eq!((report.survivor, report.loser, report.kept.len()), (ids[0], ids[1], 0));
        same(&before, &dump(&place).await?)?;
        let twice = place.engine.undo_merge(&place.actor, id).await.unwrap_err().into_problem();
        assert!(twice.message.contains("taken back already"), "{}", twice.message);
        assert!(place.engine.list_merged(&place.actor, None).await?.rows.is_empty());
        Ok(())
    });
}

/// B→A, then A→C: whichever is taken back first, and then the other, everything is as it was.
#[test]
fn a_chain_is_taken_back_in_any_order() {
    for first in [0, 1] {
        on_both(|place| async move {
            let (ids, _) = three(&place).await?;
            let before = dump(&place).await?;
            let one = merge(&place, ids[1], ids[2]).await?;
            let two = merge(&place, ids[2], ids[0]).await?;
            assert_eq!(place.engine.resolve_contact(&place.actor, ids[2]).await?, ids[0], "paths are compressed");
            place.sound().await?;
            let order = if first == 0 { [one, two] } else { [two, one] };
            let report = place.engine.undo_merge(&place.actor, order[0]).await?;
            assert_eq!(report.kept, []);
            place.sound().await?;
            if first == 0 {
                // the later merge was done anew without the third
                assert_eq!(place.engine.resolve_contact(&place.actor, ids[1]).await?, ids[0]);
                assert_eq!(place.engine.resolve_contact(&place.actor, ids[2]).await?, ids[2]);
                assert_eq!(stored(&place, ids[0]).await?.person.get(PersonField::JobTitle), "Title 1");
            }
            place.engine.undo_merge(&place.actor, order[1]).await?;
            same(&before, &dump(&place).await?)
        });
    }
}

#[test]
fn taking_back_the_middle_of_a_chain_leaves_what_the_later_merge_alone_would_have_made() {
    on_both(|place| async move {
        let (ids, _) = three(&place).await?;
        let one = merge(&place, ids[0], ids[2]).await?;
        merge(&place, ids[0], ids[1]).await?;
        place.engine.undo_merge(&place.actor, one).await?;
        let chained = dump(&place).await?;
        let alone = place.engine.list_merged(&place.actor, None).await?.rows[0].id;
        place.engine.undo_merge(&place.actor, alone).await?;
        merge(&place, ids[0], ids[1]).await?;
        // the same but for when the address was noted
        let timeless = |rows: Vec<String>| {
            let cut = |row: String| {
                if row.starts_with("contact_address") {
                    row.split(" created_at=").next().unwrap_or_default().to_owned()
                } else {
                    row
                }
            };
            let mut rows: Vec<String> = rows.into_iter().map(cut).collect();
            rows.sort();
            rows
        };
        same(&timeless(chained), &timeless(dump(&place).await?))
    });
}

#[test]
fn later_edits_are_kept_and_listed() {
    on_both(|place| async move {
        let (ids, campaign) = three(&place).await?;
        let id = merge(&place, ids[0], ids[1]).await?;
        // the title that came with the merge, one that did not, a status, a variable, and a lead that is deleted
        let file = "email,job title,city,ice\na0@x.example,Newest title,Newest city,newest ice\n";
        place.import(Some(campaign), file, |_| {}).await?;
        place.engine.change_leads(&place.actor, campaign, all(2), LeadChange::Status(LeadStatus::Interested)).await?;
        let own = place.engine.list_campaigns(&place.actor, "Own 1", false).await?.rows[0].id;
        place.engine.change_leads(&place.actor, own, all(1), LeadChange::Delete).await?;
        let report = place.engine.undo_merge(&place.actor, id).await?;
        let kept: Vec<&str> = report.kept.iter().map(|k| k.what.as_str()).collect();
        assert_eq!(
            kept,
            ["Job title of a0@x.example", "Status in C", "ice in C", "Lead in Own 1"],
            "{:?}",
            report.kept
        );
        let (one, two) = (stored(&place, ids[0]).await?, stored(&place, ids[1]).await?);
        assert_eq!(one.person.get(PersonField::JobTitle), "Newest title");
        assert_eq!(one.person.get(PersonField::City), "Newest city");
        assert_eq!(one.person.get(PersonField::Email), "a0@x.example", "nobody touched it since");
        assert_eq!(two.person.get(PersonField::JobTitle), "Title 1");
        assert!(place.leads(own).await?.is_empty(), "deleted stays deleted");
        let leads = place.leads(campaign).await?;
        let of = |id| leads.iter().find(|l| l.contact == id).map(|l| l.status);
        assert_eq!((of(ids[0]), of(ids[1])), (Some(LeadStatus::Interested), Some(LeadStatus::InProgress)));
        Ok(())
    });
}

#[test]
fn a_lead_that_was_deleted_as_one_stays_deleted_for_both() {
    on_both(|place| async move {
        let (ids, campaign) = three(&place).await?;
        let id = merge(&place, ids[0], ids[1]).await?;
        place.engine.change_leads(&place.actor, campaign, all(2), LeadChange::Delete).await?;
        let report = place.engine.undo_merge(&place.actor, id).await?;
        assert!(place.leads(campaign).await?.is_empty());
        assert!(report.kept.iter().any(|k| k.what == "Lead in C"), "{:?}", report.kept);
        Ok(())
    });
}

/// Edits made after the later merge stand when the earlier one is taken back.
#[test]
fn edits_survive_the_merges_that_are_done_anew() {
    on_both(|place| async move {
        let (ids, campaign) = three(&place).await?;
        let one = merge(&place, ids[1], ids[2]).await?;
        merge(&place, ids[0], ids[1]).await?;
        place.import(Some(campaign), "email,job title,ice\na2@x.example,Edited,edited\n", |_| {}).await?;
        place.engine.change_leads(&place.actor, campaign, all(1), LeadChange::Status(LeadStatus::Interested)).await?;
        place.engine.undo_merge(&place.actor, one).await?;
        let ann = stored(&place, ids[0]).await?;
        assert_eq!(ann.person.get(PersonField::JobTitle), "Edited");
        let leads = place.leads(campaign).await?;
        let lead = leads.iter().find(|l| l.contact == ids[0]).unwrap();
        assert_eq!((lead.status, lead.variables[0].1.as_str()), (LeadStatus::Interested, "edited"));
        assert_eq!(stored(&place, ids[2]).await?.person.get(PersonField::JobTitle), "Title 2");
        Ok(())
    });
}

/// R13: a bulk deletion is taken back after its people were merged.
#[test]
fn a_deletion_taken_back_after_a_merge_brings_the_lead_to_the_survivor() {
    on_both(|place| async move {
        let (ids, campaign) = three(&place).await?;
        let deleted = place.engine.change_leads(&place.actor, campaign, all(3), LeadChange::Delete).await?;
        let id = merge(&place, ids[0], ids[1]).await?;
        let undone = place.engine.undo_change(&place.actor, deleted.change).await?;
        assert_eq!((undone.count, undone.kept), (2, 1), "one person is one lead");
        let people: Vec<_> = place.leads(campaign).await?.iter().map(|l| l.contact).collect();
        assert_eq!(people, [ids[0], ids[2]]);
        place.sound().await?;
        place.engine.undo_merge(&place.actor, id).await?;
        Ok(())
    });
}

#[test]
fn a_tag_taken_back_after_a_merge_leaves_the_person() {
    on_both(|place| async move {
        let (ids, campaign) = three(&place).await?;
        let tag =
            place.engine.change_leads(&place.actor, campaign, all(3), LeadChange::AddTag("VIP".to_owned())).await?;
        let id = merge(&place, ids[0], ids[1]).await?;
        place.engine.undo_change(&place.actor, tag.change).await?;
        assert!(place.leads(campaign).await?.iter().all(|l| !l.tags.contains(&"VIP".to_owned())));
        place.engine.undo_merge(&place.actor, id).await?;
        assert!(place.leads(campaign).await?.iter().all(|l| !l.tags.contains(&"VIP".to_owned())));
        Ok(())
    });
}

/// The dump without the journal of acts on contacts, which keeps what was taken back too.
async fn people(place: &Place) -> anyhow::Result<Vec<String>> {
    let mut lines = dump(place).await?;
    lines.retain(|line| !line.starts_with("contact_change"));
    Ok(lines)
}

/// Whoever was deleted as one person is brought back first; then the merge is taken back as if nothing had been.
#[test]
fn a_merge_of_someone_deleted_waits_for_them_to_come_back() {
    on_both(|place| async move {
        let (ids, _) = three(&place).await?;
        let before = dump(&place).await?;
        let id = merge(&place, ids[0], ids[1]).await?;
        let merged = dump(&place).await?;
        let one = ContactSelection::Ids(vec![ids[0]]);
        let deleted = place.engine.change_contacts(&place.actor, one, ContactChange::Delete).await?;
        let refused = place.engine.undo_merge(&place.actor, id).await.unwrap_err().into_problem();
        assert!(refused.message.contains("was deleted after the merge"), "{}", refused.message);
        place.engine.undo_contact_change(&place.actor, deleted.change).await?;
        same(&merged, &people(&place).await?)?;
        place.engine.undo_merge(&place.actor, id).await?;
        same(&before, &people(&place).await?)
    });
}
