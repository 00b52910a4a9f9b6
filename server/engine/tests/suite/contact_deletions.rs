//! Contacts that are deleted, and what comes back.

use domain::contact::{ContactChange, ContactFilter, ContactSelection, ContactSort};
use domain::lead::{LeadChange, LeadFilter, LeadSelection};
use domain::policy::DeletedRows;
use domain::{Outcome, PersonField, ProblemKind};

use crate::contacts::{EMAIL, FIRST, all, edit, everyone, furnished, ids, met_by, query, who};
use crate::support::{on_both, outcomes};

#[test]
fn a_deletion_is_taken_back_whole() {
    on_both(|place| async move {
        let (campaign, ann, bea, cem) = furnished(&place).await?;
        let other = place.engine.create_campaign(&place.actor, "Other").await?;
        place.import(Some(other), "email,icebreaker\nann@x.example,Hello\n", |_| {}).await?;
        edit(&place, ann, EMAIL, "ann@new.example").await?;
        place.engine.edit_contact(&place.actor, bea, EMAIL, "cem@x.example").await?;
        let before = (everyone(&place).await?, place.leads(campaign).await?, place.leads(other).await?);
        let all = ContactSelection::Matching { filter: ContactFilter::default(), expected: 3 };
        let done = place.engine.change_contacts(&place.actor, all, ContactChange::Delete).await?;
        assert_eq!((done.count, done.kept, done.leads), (3, 0, 4));
        assert_eq!((everyone(&place).await?.len(), place.leads(campaign).await?.len()), (0, 0));
        place.sound().await?;
        let problem = place.engine.get_contact(&place.actor, ann).await.unwrap_err().into_problem();
        assert!(problem.kind == ProblemKind::NotFound && problem.message.contains("Recently deleted"));
        let deletions = place.engine.list_deletions(&place.actor).await?;
        assert_eq!((deletions[0].contacts, deletions[0].first.as_str(), deletions[0].undone), (3, "Ann Lee", false));

        let undone = place.engine.undo_contact_change(&place.actor, done.change).await?;
        assert_eq!((undone.count, undone.kept, undone.conflicting), (3, 0, 0));
        assert_eq!((everyone(&place).await?, place.leads(campaign).await?, place.leads(other).await?), before);
        let suspects = ContactFilter { suspects: true, ..ContactFilter::default() };
        assert_eq!(
            super::contacts::all(&place, query(suspects, ContactSort::Added, true)).await?.len(),
            2,
            "{bea} {cem}"
        );
        let again = place.import(Some(campaign), "email\nANN@new.example\nann@new.example\n", |_| {}).await?;
        assert_eq!(outcomes(&again), [Outcome::Unchanged, Outcome::DuplicateInFile], "no tombstone is left");
        assert!(place.engine.list_deletions(&place.actor).await?[0].undone);
        Ok(())
    });
}

/// R9 for the whole workspace, and what happens when someone comes in again before the undo.
#[test]
fn a_deleted_person_stays_out_and_comes_back_beside_who_has_the_address_by_then() {
    on_both(|place| async move {
        let (campaign, ann, bea, _) = furnished(&place).await?;
        let other = place.engine.create_campaign(&place.actor, "Other").await?;
        let done = place.engine.change_contacts(&place.actor, ids(&[ann, bea]), ContactChange::Delete).await?;
        let file = "email,first name,last name\nANN@x.example,Ann,Lee\n";
        for campaign in [Some(campaign), Some(other), None] {
            assert_eq!(outcomes(&place.import(campaign, file, |_| {}).await?), [Outcome::SkippedDeleted]);
        }
        let back = place.import(Some(campaign), file, |s| s.deleted = DeletedRows::Restore).await?;
        assert_eq!(outcomes(&back), [Outcome::Created]);
        let twin = who(&place, "ann@x.example").await?;
        assert_ne!(twin, ann);

        let undone = place.engine.undo_contact_change(&place.actor, done.change).await?;
        assert_eq!((undone.count, undone.kept, undone.conflicting), (1, 0, 1), "Bea as she was, Ann beside her twin");
        let conflict = &undone.conflicts[0];
        assert_eq!((conflict.contact, conflict.other.clone()), (ann, Some((twin, "Ann Lee".to_owned()))));
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert!(panel.row.shared_mailbox && panel.campaigns.is_empty(), "R6: the campaign has her twin");
        let suspects = ContactFilter { suspects: true, ..ContactFilter::default() };
        let pair = all(&place, query(suspects, ContactSort::Added, true)).await?;
        assert_eq!(pair.iter().map(|row| row.id).collect::<Vec<_>>(), [ann, twin]);
        place.sound().await?;
        assert_eq!(met_by(&place, campaign, "ann@x.example").await?, [twin], "the address is hers");
        // an address of her own makes her someone again
        edit(&place, ann, EMAIL, "ann@own.example").await?;
        assert!(!place.engine.get_contact(&place.actor, ann).await?.row.shared_mailbox);
        assert_eq!(met_by(&place, other, "ann@own.example").await?, [ann]);
        Ok(())
    });
}

#[test]
fn leads_of_the_deleted_do_not_come_back_by_another_undo() {
    on_both(|place| async move {
        let (campaign, ann, bea, cem) = furnished(&place).await?;
        let everyone = LeadSelection::Matching { filter: LeadFilter::default(), expected: 3 };
        let leads = place.engine.change_leads(&place.actor, campaign, everyone, LeadChange::Delete).await?;
        place.engine.change_contacts(&place.actor, ids(&[ann]), ContactChange::Delete).await?;
        let undone = place.engine.undo_change(&place.actor, leads.change).await?;
        assert_eq!((undone.count, undone.kept), (2, 1));
        let mut there: Vec<_> = place.leads(campaign).await?.iter().map(|lead| lead.contact).collect();
        there.sort_unstable();
        assert_eq!(there, [bea, cem]);
        Ok(())
    });
}

#[test]
fn after_thirty_days_a_deletion_is_final() {
    on_both(|place| async move {
        let (campaign, ann, bea, cem) = furnished(&place).await?;
        let day = 24 * 60 * 60 * 1_000;
        let pass = |days: i64| place.now.fetch_add(days * day, std::sync::atomic::Ordering::Relaxed);
        edit(&place, bea, FIRST, "Beatrix").await?;
        let done = place.engine.change_contacts(&place.actor, ids(&[ann]), ContactChange::Delete).await?;
        pass(29);
        assert_eq!(place.engine.sweep().await?, engine::Swept::default());
        let late = place.engine.change_contacts(&place.actor, ids(&[cem]), ContactChange::Delete).await?;
        pass(2);
        let swept = place.engine.sweep().await?;
        assert_eq!((swept.contacts, swept.changes), (1, 2));
        let refused = place.engine.undo_contact_change(&place.actor, done.change).await.unwrap_err().into_problem();
        assert_eq!(refused.kind, ProblemKind::NotFound);
        assert_eq!(place.engine.sweep().await?, engine::Swept::default(), "once");
        place.sound().await?;
        let still = place.import(Some(campaign), "email\nann@x.example\n", |_| {}).await?;
        assert_eq!(outcomes(&still), [Outcome::SkippedDeleted], "the tombstone stays");
        assert_eq!(place.engine.undo_contact_change(&place.actor, late.change).await?.count, 1);
        Ok(())
    });
}

/// R16: who shares a mailbox by the team's choice goes, and comes back; the address stays with whoever is there.
#[test]
fn a_shared_address_stays_with_those_who_share_it() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        let file = "email,first name\nhome@x.example,Ann\nhome@x.example,Bea\n";
        let by_both = |s: &mut domain::import::ImportSettings| {
            let target = domain::import::Target::Field;
            s.identifiers = vec![vec![target(PersonField::Email), target(PersonField::FirstName)]];
        };
        place.import(Some(campaign), file, by_both).await?;
        let both: Vec<_> = everyone(&place).await?.iter().map(|row| (row.id, row.shared_mailbox)).collect();
        let [(ann, true), (bea, true)] = both[..] else { anyhow::bail!("{both:?}") };
        place.sound().await?;

        let change = edit(&place, ann, EMAIL, "ann@own.example").await?;
        assert!(place.engine.get_contact(&place.actor, ann).await?.addresses.is_empty(), "it is not hers any more");
        assert_eq!(met_by(&place, campaign, "home@x.example").await?, [bea]);
        place.sound().await?;
        place.engine.undo_contact_change(&place.actor, change).await?;
        place.sound().await?;
        assert_eq!(met_by(&place, campaign, "home@x.example").await?, [ann], "the oldest again");

        let before = everyone(&place).await?;
        let done = place.engine.change_contacts(&place.actor, ids(&[ann]), ContactChange::Delete).await?;
        assert_eq!(met_by(&place, campaign, "home@x.example").await?, [bea], "no tombstone stands in her way");
        place.sound().await?;
        let undone = place.engine.undo_contact_change(&place.actor, done.change).await?;
        assert_eq!((undone.count, undone.conflicting), (1, 0));
        place.sound().await?;
        assert_eq!(met_by(&place, campaign, "home@x.example").await?, [ann]);
        assert_eq!(everyone(&place).await?.len(), before.len());
        assert_eq!(place.leads(campaign).await?.len(), 2);
        Ok(())
    });
}
