//! Two contacts become one (B13, B14, B23, R8, A52), and what the reviewer sees before (B12).

use domain::contact::{ContactChange, ContactSelection};
use domain::ids::{ContactId, LeadId};
use domain::lead::{LeadChange, LeadFilter, LeadSelection};
use domain::merge::{FieldKey, MergeChoices, PairToMerge, Side, Survivor, UndoneMany};
use domain::suspect::{Decided, Decision, TakenBack};
use domain::{Act, DuplicatePolicy, LeadStatus, Outcome, Overwrite, PersonField, Role};
use engine::Actor;

use crate::dump::{contact, dump, same, stored};
use crate::support::{Place, on_both, outcomes, with};

const OLD: &str = "email,first name,last name,job title,city,linkedin\n\
                   ann@old.example,Ann,Lee,Buyer,Malmö,linkedin.com/in/ann-lee\n";
const NEW: &str = "email,first name,last name,job title,city,phone\n\
                   ann@new.example,Ann,Lee,Head of buying,  ,+46 70 123 45 67\n";

async fn ann_twice(place: &Place) -> anyhow::Result<(ContactId, ContactId)> {
    place.import(None, OLD, |s| s.tags = vec!["Fair".to_owned()]).await?;
    place.import(None, NEW, |s| s.tags = vec!["Web".to_owned()]).await?;
    Ok((contact(place, "ann@old.example").await?, contact(place, "ann@new.example").await?))
}

fn status(status: LeadStatus) -> impl FnOnce(&mut domain::import::ImportSettings) {
    with(DuplicatePolicy::Campaign, status)
}

#[test]
fn the_older_contact_takes_the_newer_ones_values_and_keeps_its_id() {
    on_both(|place| async move {
        let (old, new) = ann_twice(&place).await?;
        let choices = MergeChoices::default();
        let preview = place.engine.preview_merge(&place.actor, new, old, &choices).await?;
        let before = dump(&place).await?;
        let merged = place.engine.merge(&place.actor, new, old, &choices).await?;
        assert_eq!((merged.survivor, merged.loser), (old, new));
        let ann = stored(&place, old).await?;
        let get = |field| ann.person.get(field);
        assert_eq!(get(PersonField::Email), "ann@new.example");
        assert_eq!(get(PersonField::JobTitle), "Head of buying");
        assert_eq!(get(PersonField::City), "Malmö", "blank never overwrites");
        assert_eq!(get(PersonField::LinkedinUrl), "linkedin.com/in/ann-lee");
        assert!(!get(PersonField::Phone).is_empty());
        assert_eq!(ann.origins["jobTitle"].id, new.0, "the value says which contact it came with");
        // the preview said just that
        assert_eq!((preview.survivor.id, preview.loser.id), (old, new));
        for field in &preview.fields {
            if let FieldKey::Person(f) = field.field {
                assert_eq!(field.result, get(f), "{f}");
            }
        }
        let differs: Vec<bool> = preview.fields.iter().map(|f| f.differs).collect();
        assert!(differs.is_sorted_by(|a, b| a >= b) && differs[0], "differing fields come first");
        assert_eq!(preview.tags, ["Fair", "Web"]);
        assert_eq!(preview.sources.len(), 2);
        assert_eq!(preview.addresses, ["ann@old.example"]);
        assert_eq!((preview.do_not_contact, preview.warnings.len(), preview.refusal), (false, 0, None));
        // either id and either address finds the person
        assert_eq!(place.engine.resolve_contact(&place.actor, new).await?, old);
        assert_eq!(place.engine.resolve_contact(&place.actor, old).await?, old);
        let again = place.import(None, "email\nann@new.example\nANN@old.example\nann@old.example.\n", |_| {}).await?;
        assert_eq!(outcomes(&again), [Outcome::Unchanged, Outcome::DuplicateInFile, Outcome::DuplicateInFile]);
        let page = place.engine.list_merged(&place.actor, None).await?;
        assert_eq!((page.rows[0].survivor, page.rows[0].loser, page.next), (old, new, None));
        assert_eq!(page.rows[0].loser_email, "ann@new.example");
        assert!(same(&before, &dump(&place).await?).is_err(), "the dump sees the merge");
        Ok(())
    });
}

#[test]
fn the_reviewer_may_flip_the_survivor_and_choose_value_by_value() {
    on_both(|place| async move {
        let (old, new) = ann_twice(&place).await?;
        let choices = MergeChoices {
            survivor: Survivor::Is(new),
            fields: [
                (FieldKey::Person(PersonField::JobTitle), Side::Loser),
                // an empty value is never taken, also when someone asks for it
                (FieldKey::Person(PersonField::City), Side::Survivor),
            ]
            .into(),
        };
        let merged = place.engine.merge(&place.actor, old, new, &choices).await?;
        assert_eq!((merged.survivor, merged.loser), (new, old));
        let ann = stored(&place, new).await?;
        assert_eq!(ann.person.get(PersonField::Email), "ann@new.example");
        assert_eq!(ann.person.get(PersonField::JobTitle), "Buyer");
        assert_eq!(ann.person.get(PersonField::City), "Malmö");
        assert_eq!(place.engine.resolve_contact(&place.actor, old).await?, new);
        let file = "email,linkedin\nann@old.example,\n,linkedin.com/in/ann-lee\n";
        let known = place.import(None, file, |s| s.overwrite = Overwrite::FillBlanks).await?;
        assert_eq!(outcomes(&known), [Outcome::Unchanged, Outcome::DuplicateInFile]);
        Ok(())
    });
}

/// B23: one lead a campaign, the further status, no step repeated, nobody lost; a lead of one side alone moves.
#[test]
fn leads_of_one_campaign_become_one_and_the_others_move() {
    on_both(|place| async move {
        let both = place.engine.create_campaign(&place.actor, "Both").await?;
        let only_new = place.engine.create_campaign(&place.actor, "Only new").await?;
        place
            .import(Some(both), "email,ice\na@old.example,hello\nother@x.example,\n", status(LeadStatus::Done))
            .await?;
        place.import(Some(both), "email,ice\na@new.example,hi again\n", status(LeadStatus::ToLaunch)).await?;
        place.import(Some(only_new), "email\na@new.example\n", status(LeadStatus::Interested)).await?;
        let (old, new) = (contact(&place, "a@old.example").await?, contact(&place, "a@new.example").await?);
        let gone = place.leads(both).await?.into_iter().find(|l| l.contact == new).map(|l| l.id).unwrap();
        let preview = place.engine.preview_merge(&place.actor, old, new, &MergeChoices::default()).await?;
        let said: Vec<_> = preview.leads.iter().map(|l| (l.survivor, l.loser, l.result)).collect();
        let (done, launch, yes) = (LeadStatus::Done, LeadStatus::ToLaunch, LeadStatus::Interested);
        assert_eq!(said, [(Some(done), Some(launch), done), (None, Some(yes), yes)]);
        place.engine.merge(&place.actor, old, new, &MergeChoices::default()).await?;
        let leads = place.leads(both).await?;
        assert_eq!(leads.len(), 2, "each person counts once (A3)");
        let ann = leads.iter().find(|l| l.contact == old).unwrap();
        assert_eq!(ann.status, LeadStatus::Done);
        assert_eq!(ann.variables, [("ice".to_owned(), "hi again".to_owned())]);
        let moved = place.leads(only_new).await?;
        assert_eq!((moved[0].contact, moved[0].status), (old, LeadStatus::Interested));
        assert_eq!(place.engine.get_lead(&place.actor, gone).await?.row.id, ann.id, "an old link finds the lead");
        assert!(place.engine.get_lead(&place.actor, LeadId(987_654)).await.is_err());
        Ok(())
    });
}

/// R15, A52: whom two campaigns would be writing to, one holds.
#[test]
fn merging_pauses_all_but_the_most_advanced_campaign() {
    on_both(|place| async move {
        let mut campaigns = Vec::new();
        for name in ["First", "Second", "Third", "Fourth"] {
            campaigns.push(place.engine.create_campaign(&place.actor, name).await?);
        }
        place.import(Some(campaigns[0]), "email\na@old.example\n", status(LeadStatus::Reviewed)).await?;
        place.import(Some(campaigns[1]), "email\na@new.example\n", status(LeadStatus::InProgress)).await?;
        place.import(Some(campaigns[2]), "email\na@old.example\n", status(LeadStatus::ToLaunch)).await?;
        place.import(Some(campaigns[3]), "email\na@new.example\n", status(LeadStatus::Done)).await?;
        let (old, new) = (contact(&place, "a@old.example").await?, contact(&place, "a@new.example").await?);
        let preview = place.engine.preview_merge(&place.actor, old, new, &MergeChoices::default()).await?;
        assert!(preview.warnings[0].contains("First is paused"), "{:?}", preview.warnings);
        let merged = place.engine.merge(&place.actor, old, new, &MergeChoices::default()).await?;
        assert_eq!(merged.paused, 1);
        let mut found = Vec::new();
        for campaign in campaigns {
            found.extend(place.leads(campaign).await?.into_iter().map(|l| l.status));
        }
        use LeadStatus::{Done, InProgress, Paused, ToLaunch};
        assert_eq!(found, [Paused, InProgress, ToLaunch, Done]);
        place.engine.undo_merge(&place.actor, merged.id).await?;
        Ok(())
    });
}

/// R8: the stricter consent wins, for every address of theirs.
#[test]
fn whoever_must_not_be_contacted_stays_so_under_both_addresses() {
    on_both(|place| async move {
        let first = place.engine.create_campaign(&place.actor, "First").await?;
        let second = place.engine.create_campaign(&place.actor, "Second").await?;
        place.import(Some(first), "email\na@old.example\n", status(LeadStatus::ToLaunch)).await?;
        place.import(Some(first), "email\na@new.example\n", status(LeadStatus::Unsubscribed)).await?;
        let (old, new) = (contact(&place, "a@old.example").await?, contact(&place, "a@new.example").await?);
        let before = dump(&place).await?;
        let preview = place.engine.preview_merge(&place.actor, old, new, &MergeChoices::default()).await?;
        assert!(preview.do_not_contact && !preview.warnings.is_empty());
        let merged = place.engine.merge(&place.actor, old, new, &MergeChoices::default()).await?;
        assert!(stored(&place, old).await?.do_not_contact);
        assert_eq!(place.leads(first).await?[0].status, LeadStatus::Unsubscribed);
        let rows = place.import(Some(second), "email\na@old.example\n", status(LeadStatus::ToLaunch)).await?;
        assert_eq!(outcomes(&rows), [Outcome::Suppressed]);
        let lead = place.leads(second).await?.remove(0);
        place.engine.change_leads(&place.actor, second, LeadSelection::Ids(vec![lead.id]), LeadChange::Delete).await?;
        // taking it back gives the other person their consent back, which was never theirs to lose
        place.engine.undo_merge(&place.actor, merged.id).await?;
        assert!(!stored(&place, old).await?.do_not_contact);
        assert!(stored(&place, new).await?.do_not_contact);
        let after: Vec<_> = dump(&place).await?;
        let kind = |row: &String| row.starts_with("suppression") || row.starts_with("identity");
        let only = |rows: &[String]| rows.iter().filter(|r| kind(r)).cloned().collect::<Vec<_>>();
        same(&only(&before), &only(&after))?;
        Ok(())
    });
}

/// R8: someone who asks to be left alone while merged is left alone as both people afterwards.
#[test]
fn an_unsubscription_since_holds_for_both_after_undo() {
    on_both(|place| async move {
        let campaign = place.engine.create_campaign(&place.actor, "C").await?;
        place.import(Some(campaign), "email\na@old.example\n", status(LeadStatus::InProgress)).await?;
        place.import(Some(campaign), "email\na@new.example\n", status(LeadStatus::ToLaunch)).await?;
        let (old, new) = (contact(&place, "a@old.example").await?, contact(&place, "a@new.example").await?);
        let merged = place.engine.merge(&place.actor, old, new, &MergeChoices::default()).await?;
        let all = LeadSelection::Matching { filter: LeadFilter::default(), expected: 1 };
        let stop = LeadChange::Status(LeadStatus::Unsubscribed);
        place.engine.change_leads(&place.actor, campaign, all, stop).await?;
        let report = place.engine.undo_merge(&place.actor, merged.id).await?;
        assert!(stored(&place, old).await?.do_not_contact && stored(&place, new).await?.do_not_contact);
        assert!(report.kept.iter().any(|k| k.what.starts_with("Do not contact")), "{:?}", report.kept);
        assert!(report.kept.iter().any(|k| k.what == "Status in C"), "{:?}", report.kept);
        Ok(())
    });
}

#[test]
fn several_pairs_are_merged_in_order_and_refusals_do_not_stop_them() {
    on_both(|place| async move {
        place.import(None, "email\na@x.example\nb@x.example\nc@x.example\nd@x.example\n", |_| {}).await?;
        let mut ids = Vec::new();
        for email in ["a@x.example", "b@x.example", "c@x.example", "d@x.example"] {
            ids.push(contact(&place, email).await?);
        }
        let before = dump(&place).await?;
        let pair = |a: usize, b: usize| PairToMerge { first: ids[a], second: ids[b], choices: MergeChoices::default() };
        let mut pairs = vec![pair(0, 1), pair(1, 2), pair(0, 2), pair(2, 3)];
        pairs.push(PairToMerge { first: ids[0], second: ContactId(999_999), choices: MergeChoices::default() });
        let done = place.engine.merge_many(&place.actor, &pairs).await?;
        assert_eq!(done.merged.iter().map(|m| m.loser).collect::<Vec<_>>(), [ids[1], ids[2], ids[3]]);
        assert!(done.merged.iter().all(|m| m.survivor == ids[0]), "whoever became somebody else is followed");
        assert_eq!(done.refused.len(), 2);
        assert!(done.refused[0].why.contains("one contact already"), "{:?}", done.refused);
        assert!(done.refused[1].why.contains("no such contact"), "{:?}", done.refused);
        place.sound().await?;
        let done_back = place.engine.undo_batch(&place.actor, done.batch).await?;
        assert_eq!((done_back.undone.len(), done_back.refused.len()), (3, 0));
        same(&before, &dump(&place).await?)?;
        assert_eq!(place.engine.undo_batch(&place.actor, done.batch).await?, UndoneMany::default());
        Ok(())
    });
}

/// One of many that cannot be taken back is named, and the others are.
#[test]
fn a_bulk_merge_is_taken_back_but_for_what_cannot_be() {
    on_both(|place| async move {
        let mut file = String::from("email\n");
        (0..6).for_each(|n| file += &format!("p{n}@x.example\n"));
        place.import(None, &file, |_| {}).await?;
        let mut ids = Vec::new();
        for n in 0..6 {
            ids.push(contact(&place, &format!("p{n}@x.example")).await?);
        }
        let pair = |a: usize, b: usize| PairToMerge { first: ids[a], second: ids[b], choices: MergeChoices::default() };
        let decision = Decision::Merge(vec![pair(0, 1), pair(2, 3), pair(4, 5)]);
        let decided = place.engine.decide_suspects(&place.actor, &[decision]).await?;
        let picked = ContactSelection::Ids(vec![ids[2]]);
        place.engine.change_contacts(&place.actor, picked, ContactChange::Delete).await?;
        let back = place.engine.take_back_decisions(&place.actor, &decided).await?;
        assert_eq!((back.merges, back.kept.len()), (2, 1), "{back:?}");
        assert!(back.kept[0].contains("was deleted after the merge"), "{back:?}");
        for n in [1, 5] {
            assert_eq!(place.engine.resolve_contact(&place.actor, ids[n]).await?, ids[n]);
        }
        // once more, and with nothing left at all, is no error
        assert_eq!(place.engine.take_back_decisions(&place.actor, &decided).await?.merges, 0);
        let none = Decided { batch: 999_999, ..Decided::default() };
        assert_eq!(place.engine.take_back_decisions(&place.actor, &none).await?, TakenBack::default());
        Ok(())
    });
}

#[test]
fn only_those_who_may_handle_duplicates_merge_and_nothing_is_changed_for_others() {
    on_both(|place| async move {
        let (old, new) = ann_twice(&place).await?;
        let merged = place.engine.merge(&place.actor, old, new, &MergeChoices::default()).await?;
        let before = dump(&place).await?;
        for role in [Role::Viewer, Role::Member] {
            assert!(!role.may(Act::HandleDuplicates));
            let actor = Actor { role, ..place.actor.clone() };
            let choices = MergeChoices::default();
            assert!(place.engine.merge(&actor, old, new, &choices).await.is_err());
            assert!(place.engine.merge_many(&actor, &[]).await.is_err());
            assert!(place.engine.undo_merge(&actor, merged.id).await.is_err());
            assert!(place.engine.undo_batch(&actor, 1).await.is_err());
            assert!(place.engine.separate(&actor, old, new).await.is_err());
            assert!(place.engine.undo_separate(&actor, old, new).await.is_err());
            assert_eq!(place.engine.list_merged(&actor, None).await?.rows.len(), 1);
        }
        let other = place.engine.owner_of("Another workspace").await?;
        let missing = place.engine.undo_merge(&other, merged.id).await.unwrap_err().into_problem();
        assert!(missing.message.contains("no such merge"), "{}", missing.message);
        assert!(place.engine.merge(&other, old, new, &MergeChoices::default()).await.is_err());
        assert!(place.engine.resolve_contact(&other, old).await.is_err());
        assert!(place.engine.list_merged(&other, None).await?.rows.is_empty());
        let people = |rows: Vec<String>| rows.into_iter().filter(|r| r.starts_with("contact")).collect::<Vec<_>>();
        same(&people(before), &people(dump(&place).await?))
    });
}
