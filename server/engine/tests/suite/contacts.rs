//! The contacts page: pages and filters, edits, deletion, and taking each of it back.

use std::cmp::Reverse;

use domain::contact::{
    Added, ContactChange, ContactField, ContactFilter, ContactQuery, ContactRow, ContactSelection, ContactSort, Edited,
    HistoryWhat, InCampaign, NewContact,
};
use domain::ids::{CampaignId, ChangeId, ContactId};
use domain::lead::{LeadChange, LeadFilter, LeadSelection};
use domain::policy::DeletedRows;
use domain::{FieldKind, LeadStatus, Outcome, Overwrite, Person, PersonField, ProblemKind, SourceKind};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use crate::support::{Place, on_both, outcomes};

const FILE: &str = "email,first name,last name,company,linkedin url\n\
    ann@x.example,Ann,Lee,Lumen,https://linkedin.com/in/annlee\n\
    bea@x.example,Bea,Lind,Kantwerk,\n\
    cem@x.example,Cem,Kaya,Bosfor,\n";

const EMAIL: ContactField = ContactField::Person(PersonField::Email);
const FIRST: ContactField = ContactField::Person(PersonField::FirstName);
const LINKEDIN: ContactField = ContactField::Person(PersonField::LinkedinUrl);

fn query(filter: ContactFilter, sort: ContactSort, reverse: bool) -> ContactQuery {
    ContactQuery { filter, sort, reverse, cursor: None }
}

/// Everyone who matches, page by page; goes back to the start too, and finds the same.
async fn all(place: &Place, mut query: ContactQuery) -> anyhow::Result<Vec<ContactRow>> {
    let mut pages = Vec::new();
    loop {
        let page = place.engine.list_contacts(&place.actor, &query).await?;
        let next = page.next.clone();
        pages.push(page);
        match next {
            Some(next) => query.cursor = Some(next),
            None => break,
        }
    }
    let mut seen = 1;
    for page in &pages {
        assert_eq!(page.first, if page.rows.is_empty() { 0 } else { seen });
        seen += page.rows.len() as u64;
        assert_eq!(page.matching, pages.iter().map(|p| p.rows.len() as u64).sum::<u64>());
    }
    for pair in pages.windows(2).rev() {
        query.cursor = pair[1].previous.clone();
        assert_eq!(place.engine.list_contacts(&place.actor, &query).await?.rows, pair[0].rows, "backwards");
    }
    Ok(pages.into_iter().flat_map(|page| page.rows).collect())
}

async fn everyone(place: &Place) -> anyhow::Result<Vec<ContactRow>> {
    all(place, query(ContactFilter::default(), ContactSort::Added, true)).await
}

async fn who(place: &Place, email: &str) -> anyhow::Result<ContactId> {
    let filter = ContactFilter { search: email.to_owned(), ..ContactFilter::default() };
    let found = all(place, query(filter, ContactSort::Added, false)).await?;
    anyhow::ensure!(found.len() == 1, "{} people match {email}", found.len());
    Ok(found[0].id)
}

async fn edit(place: &Place, contact: ContactId, field: ContactField, value: &str) -> anyhow::Result<ChangeId> {
    match place.engine.edit_contact(&place.actor, contact, field, value).await? {
        Edited::Saved { change } => Ok(change),
        other => anyhow::bail!("{other:?}"),
    }
}

async fn value(place: &Place, contact: ContactId, field: PersonField) -> anyhow::Result<String> {
    Ok(place.engine.get_contact(&place.actor, contact).await?.row.person.get(field).to_owned())
}

/// Whom an import of this address meets.
async fn met_by(place: &Place, campaign: CampaignId, address: &str) -> anyhow::Result<Vec<ContactId>> {
    let title = crate::support::unique("title");
    let file = format!("email,job title\n{address},{title}\n");
    place.import(Some(campaign), &file, |s| s.columns[0].overwrite = Some(Overwrite::Keep)).await?;
    let everyone = everyone(place).await?;
    Ok(everyone.iter().filter(|row| row.person.get(PersonField::JobTitle) == title).map(|row| row.id).collect())
}

fn ids(contacts: &[ContactId]) -> ContactSelection {
    ContactSelection::Ids(contacts.to_vec())
}

async fn furnished(place: &Place) -> anyhow::Result<(CampaignId, ContactId, ContactId, ContactId)> {
    let campaign = place.engine.create_campaign(&place.actor, "C").await?;
    place.import(Some(campaign), FILE, |s| s.tags = vec!["Fair".to_owned()]).await?;
    let (a, b, c) =
        (who(place, "ann@x.example").await?, who(place, "bea@x.example").await?, who(place, "cem@x.example").await?);
    Ok((campaign, a, b, c))
}

/// The list against a naive one: 130 people of every kind, every sort, random filters.
#[test]
fn pages_and_filters_agree_with_a_naive_list() {
    on_both(|place| async move {
        let actor = &place.actor;
        let first = place.engine.create_campaign(actor, "First").await?;
        let second = place.engine.create_campaign(actor, "Second").await?;
        let file = |range: std::ops::Range<u32>| {
            let row = |i| format!("p{i}@x.example,N{},Family {},Company {}\n", i % 7, i % 11, i % 5);
            range.map(row).fold("email,first name,last name,company\n".to_owned(), |file, row| file + &row)
        };
        place.import(Some(first), &file(0..60), |s| s.tags = vec!["Odd".to_owned()]).await?;
        place.import(Some(second), &file(40..100), |_| {}).await?;
        place.import(None, &file(90..130), |s| s.tags = vec!["Late".to_owned()]).await?;
        let some: Vec<_> = place.leads(first).await?.iter().take(5).map(|lead| lead.id).collect();
        let change = LeadChange::Status(LeadStatus::Unsubscribed);
        place.engine.change_leads(actor, first, LeadSelection::Ids(some), change).await?;
        let everyone = everyone(&place).await?;
        assert_eq!(everyone.len(), 130);
        assert!(everyone.is_sorted_by_key(|row| row.id), "oldest first");

        let filters = (
            prop::sample::select(vec!["", "family 3", "N2", "company 1 family", "p7", "nobody", "50%", "_"]),
            prop::sample::subsequence(vec!["odd", "LATE", "none such"], 0..=3),
            prop::sample::subsequence(vec![SourceKind::Import, SourceKind::Manual], 0..=2),
            prop::sample::select(vec![
                None,
                Some(InCampaign::None),
                Some(InCampaign::One(first)),
                Some(InCampaign::One(second)),
            ]),
            prop::bool::weighted(0.2),
            prop::sample::select(ContactSort::ALL),
            any::<bool>(),
        );
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for round in 0..60 {
            let (search, tags, sources, campaign, do_not_contact, sort, reverse) =
                filters.new_tree(&mut runner).map_err(|e| anyhow::anyhow!("{e}"))?.current();
            let name = match campaign {
                Some(InCampaign::One(id)) if id == first => "First",
                _ => "Second",
            };
            let fits = |row: &ContactRow| {
                let text =
                    [PersonField::FirstName, PersonField::LastName, PersonField::Email, PersonField::CompanyName]
                        .map(|field| row.person.get(field).to_lowercase())
                        .join(" ");
                search.to_lowercase().split(' ').all(|word| text.contains(word))
                    && (tags.is_empty() || row.tags.iter().any(|tag| tags.iter().any(|t| t.eq_ignore_ascii_case(tag))))
                    && (sources.is_empty() || sources.contains(&SourceKind::Import))
                    && match campaign {
                        None => true,
                        Some(InCampaign::None) => row.campaigns.is_empty(),
                        Some(InCampaign::One(_)) => row.campaigns.iter().any(|c| c == name),
                    }
                    && (!do_not_contact || row.do_not_contact)
            };
            let mut naive: Vec<ContactRow> = everyone.iter().filter(|row| fits(row)).cloned().collect();
            let text = |row: &ContactRow, fields: &[PersonField]| {
                let words: Vec<_> = fields.iter().map(|field| row.person.get(*field).to_lowercase()).collect();
                words.join(" ")
            };
            match sort {
                ContactSort::Added => naive.sort_by_key(|row| Reverse(row.id)),
                ContactSort::Name => {
                    naive.sort_by_key(|row| (text(row, &[PersonField::LastName, PersonField::FirstName]), row.id));
                }
                ContactSort::Company => naive.sort_by_key(|row| (text(row, &[PersonField::CompanyName]), row.id)),
            }
            if reverse {
                naive.reverse();
            }
            let filter = ContactFilter {
                search: search.to_owned(),
                tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
                sources,
                campaign,
                do_not_contact,
                suspects: false,
            };
            let found = all(&place, query(filter.clone(), sort, reverse)).await?;
            assert_eq!(found, naive, "round {round}: {filter:?} by {sort}, reversed {reverse}");
        }
        Ok(())
    });
}

#[test]
fn an_edited_address_identifies_the_person_and_so_does_the_old_one() {
    on_both(|place| async move {
        let (campaign, ann, ..) = furnished(&place).await?;
        let change = edit(&place, ann, EMAIL, " Ann.Lee@New.example ").await?;
        assert_eq!(value(&place, ann, PersonField::Email).await?, "Ann.Lee@New.example");
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert_eq!(panel.addresses, ["ann@x.example"], "the old one is kept");
        let origin = panel.origin(EMAIL).unwrap();
        assert_eq!((origin.kind, origin.name.as_str()), (SourceKind::Manual, place.actor.user_name.as_str()));
        assert_eq!(panel.origin(FIRST).unwrap().kind, SourceKind::Import, "the others came with the file");
        place.sound().await?;
        for address in ["ann@x.example", "ANN.LEE@new.example"] {
            assert_eq!(met_by(&place, campaign, address).await?, [ann], "{address} finds her");
        }
        assert_eq!(everyone(&place).await?.len(), 3);
        let found = all(
            &place,
            query(
                ContactFilter { search: "ann.lee@new".to_owned(), ..ContactFilter::default() },
                ContactSort::Name,
                false,
            ),
        );
        assert_eq!(found.await?.len(), 1, "search finds the new one");

        let undone = place.engine.undo_contact_change(&place.actor, change).await?;
        assert_eq!((undone.count, undone.kept), (1, 0));
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert_eq!((panel.row.person.get(PersonField::Email), panel.addresses.len()), ("ann@x.example", 0));
        assert!(panel.row.person.get(PersonField::JobTitle).starts_with("title"), "what came since stays");
        assert_eq!(panel.origin(EMAIL).unwrap().kind, SourceKind::Import);
        let free = place.import(Some(campaign), "email\nann.lee@new.example\n", |_| {}).await?;
        assert_eq!(outcomes(&free), [Outcome::Created], "the address is free again");
        let twice = place.engine.undo_contact_change(&place.actor, change).await.unwrap_err().into_problem();
        assert!(twice.message.contains("already"), "{}", twice.message);
        Ok(())
    });
}

#[test]
fn another_spelling_of_the_same_address_is_no_new_identifier() {
    on_both(|place| async move {
        let (_, ann, ..) = furnished(&place).await?;
        let change = edit(&place, ann, EMAIL, "Ann@X.example").await?;
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert_eq!((panel.row.person.get(PersonField::Email), panel.addresses.len()), ("Ann@X.example", 0));
        assert_eq!(place.engine.edit_contact(&place.actor, ann, EMAIL, "Ann@X.example").await?, Edited::Unchanged);
        place.engine.undo_contact_change(&place.actor, change).await?;
        assert_eq!(value(&place, ann, PersonField::Email).await?, "ann@x.example");
        Ok(())
    });
}

/// A19, R1: never a twin.
#[test]
fn an_identifier_of_someone_else_is_a_conflict_and_a_suspect() {
    on_both(|place| async move {
        let (_, ann, bea, _) = furnished(&place).await?;
        let suspects = || ContactFilter { suspects: true, ..ContactFilter::default() };
        assert!(all(&place, query(suspects(), ContactSort::Added, false)).await?.is_empty());
        for (field, text) in [(EMAIL, "ANN@x.example"), (LINKEDIN, "https://www.linkedin.com/in/AnnLee/")] {
            let edited = place.engine.edit_contact(&place.actor, bea, field, text).await?;
            assert_eq!(edited, Edited::Taken { by: ann, name: "Ann Lee".to_owned() });
        }
        assert_eq!(value(&place, bea, PersonField::Email).await?, "bea@x.example");
        let found = all(&place, query(suspects(), ContactSort::Added, true)).await?;
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [ann, bea]);
        Ok(())
    });
}

#[test]
fn clearing_by_hand_is_an_act_of_its_own() {
    on_both(|place| async move {
        let (campaign, ann, ..) = furnished(&place).await?;
        let name = edit(&place, ann, FIRST, " ").await?;
        let email = edit(&place, ann, EMAIL, "").await?;
        assert_eq!(met_by(&place, campaign, "ann@x.example").await?, [ann], "the cleared address still finds her");
        place.sound().await?;
        place.engine.undo_contact_change(&place.actor, name).await?;
        assert_eq!(value(&place, ann, PersonField::FirstName).await?, "Ann");
        let undone = place.engine.undo_contact_change(&place.actor, email).await?;
        assert_eq!(undone.count + undone.kept, 1, "the import may have given it back");
        assert_eq!(value(&place, ann, PersonField::Email).await?, "ann@x.example");
        Ok(())
    });
}

#[test]
fn undo_of_an_edit_keeps_what_was_written_since_and_says_whose_the_address_is() {
    on_both(|place| async move {
        let (campaign, ann, bea, _) = furnished(&place).await?;
        let first = edit(&place, ann, FIRST, "Anna").await?;
        let second = edit(&place, ann, FIRST, "Annabel").await?;
        let undone = place.engine.undo_contact_change(&place.actor, first).await?;
        assert_eq!((undone.count, undone.kept), (0, 1));
        assert_eq!(value(&place, ann, PersonField::FirstName).await?, "Annabel");
        place.engine.undo_contact_change(&place.actor, second).await?;
        place.engine.undo_contact_change(&place.actor, first).await?;
        assert_eq!(value(&place, ann, PersonField::FirstName).await?, "Ann", "out of order, then in order");

        // back and forth, and undone from the middle
        let there = edit(&place, ann, EMAIL, "two@x.example").await?;
        let back = edit(&place, ann, EMAIL, "ann@x.example").await?;
        place.sound().await?;
        assert_eq!(place.engine.undo_contact_change(&place.actor, there).await?.kept, 1);
        place.engine.undo_contact_change(&place.actor, back).await?;
        place.sound().await?;
        place.engine.undo_contact_change(&place.actor, there).await?;
        place.sound().await?;
        assert_eq!(value(&place, ann, PersonField::Email).await?, "ann@x.example");

        // an edit of someone who was deleted since
        let late = edit(&place, bea, FIRST, "Beatrix").await?;
        place.engine.change_contacts(&place.actor, ids(&[bea]), ContactChange::Delete).await?;
        assert_eq!(place.engine.undo_contact_change(&place.actor, late).await?.kept, 1);
        let _ = campaign;
        Ok(())
    });
}

#[test]
fn a_value_that_the_field_cannot_hold_is_refused() {
    on_both(|place| async move {
        let (_, ann, ..) = furnished(&place).await?;
        let score = place.engine.add_field(&place.actor, "Score", FieldKind::Number, Vec::new()).await?;
        for (field, text, why) in [
            (EMAIL, "no address", "no email address"),
            (LINKEDIN, "https://x.example", "no LinkedIn profile"),
            (LINKEDIN, "https://www.linkedin.com/sales/lead/ACwAAA1,NAME,x", "Sales Navigator URL"),
            (FIRST, "a\0b", "characters of text"),
            (ContactField::Custom(score.id), "many", "not a number"),
        ] {
            let problem = place.engine.edit_contact(&place.actor, ann, field, text).await.unwrap_err().into_problem();
            assert!(problem.message.contains(why), "{field}: {}", problem.message);
            assert_eq!(problem.fields[0].0, field.to_string());
        }
        Ok(())
    });
}

/// R8: whoever asked not to be written to at an address is the person who has it.
#[test]
fn a_suppressed_address_silences_whoever_gets_it() {
    on_both(|place| async move {
        let (campaign, ann, bea, _) = furnished(&place).await?;
        let lead = place.leads(campaign).await?.into_iter().find(|lead| lead.contact == bea).unwrap();
        let change = LeadChange::Status(LeadStatus::Unsubscribed);
        place.engine.change_leads(&place.actor, campaign, LeadSelection::Ids(vec![lead.id]), change).await?;
        let gone = place.engine.change_contacts(&place.actor, ids(&[bea]), ContactChange::Delete).await?;
        let edited = edit(&place, ann, EMAIL, "bea@x.example").await?;
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert!(panel.row.do_not_contact);
        assert_eq!(panel.suppressions[0].0, "manual");
        place.engine.undo_contact_change(&place.actor, edited).await?;
        assert!(!place.engine.get_contact(&place.actor, ann).await?.row.do_not_contact, "it was not her address");
        place.engine.undo_contact_change(&place.actor, gone.change).await?;
        assert!(place.engine.get_contact(&place.actor, bea).await?.row.do_not_contact, "and it still is hers");
        Ok(())
    });
}

#[test]
fn the_history_says_what_happened_and_offers_what_can_be_taken_back() {
    on_both(|place| async move {
        let (_, ann, ..) = furnished(&place).await?;
        let first = edit(&place, ann, FIRST, "Anna").await?;
        let second = edit(&place, ann, FIRST, "Annabel").await?;
        place.engine.change_contacts(&place.actor, ids(&[ann]), ContactChange::AddTag("VIP".to_owned())).await?;
        place.engine.undo_contact_change(&place.actor, second).await?;
        let panel = place.engine.get_contact(&place.actor, ann).await?;
        assert_eq!(panel.row.tags, ["Fair", "VIP"]);
        let what: Vec<_> = panel.history.iter().map(|line| line.what.clone()).collect();
        let edited = |before: &str, after: &str, change| HistoryWhat::Edited {
            label: "First name".to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
            change,
        };
        assert_eq!(what[0], HistoryWhat::EditUndone { label: "First name".to_owned(), value: "Anna".to_owned() });
        assert_eq!(what[1], HistoryWhat::Tagged("VIP".to_owned()));
        assert_eq!(what[2], edited("Anna", "Annabel", None));
        assert_eq!(what[3], edited("Ann", "Anna", Some(first)));
        assert!(matches!(&what[4], HistoryWhat::Came(source) if source.kind == SourceKind::Import), "{:?}", what[4]);
        assert_eq!(what.len(), 5);
        assert!(panel.history[..4].iter().all(|line| line.actor == place.actor.user_name));
        Ok(())
    });
}

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
fn a_selection_of_all_that_match_is_counted_again() {
    on_both(|place| async move {
        furnished(&place).await?;
        let selection = ContactSelection::Matching { filter: ContactFilter::default(), expected: 2 };
        let stale = place.engine.change_contacts(&place.actor, selection, ContactChange::Delete).await;
        assert!(stale.unwrap_err().into_problem().message.contains("3 contacts match now, not 2"));
        assert_eq!(everyone(&place).await?.len(), 3);
        Ok(())
    });
}

#[test]
fn tags_come_and_go() {
    on_both(|place| async move {
        let (_, ann, bea, _) = furnished(&place).await?;
        let add = |name: &str| ContactChange::AddTag(name.to_owned());
        place.engine.change_contacts(&place.actor, ids(&[ann]), add("VIP")).await?;
        let both = place.engine.change_contacts(&place.actor, ids(&[ann, bea]), add("vip")).await?;
        assert_eq!((both.count, both.kept), (1, 1), "Ann has it");
        let undone = place.engine.undo_contact_change(&place.actor, both.change).await?;
        assert_eq!((undone.count, undone.kept), (1, 0));
        let tagged = ContactFilter { tags: vec!["vip".to_owned()], ..ContactFilter::default() };
        assert_eq!(all(&place, query(tagged, ContactSort::Added, true)).await?[0].id, ann);
        let gone = ContactChange::RemoveTag("fair".to_owned());
        let selection = ContactSelection::Matching { filter: ContactFilter::default(), expected: 3 };
        let removed = place.engine.change_contacts(&place.actor, selection, gone).await?;
        assert_eq!(removed.count, 3);
        place.engine.undo_contact_change(&place.actor, removed.change).await?;
        assert!(everyone(&place).await?.iter().all(|row| row.tags.contains(&"Fair".to_owned())));
        let history = place.engine.get_contact(&place.actor, ann).await?.history;
        assert_eq!(history[0].what, HistoryWhat::Tagged("Fair".to_owned()));
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

#[test]
fn a_viewer_may_look_and_another_workspace_sees_nothing() {
    on_both(|place| async move {
        let (_, ann, ..) = furnished(&place).await?;
        let before = everyone(&place).await?;
        let change = edit(&place, ann, FIRST, "Anna").await?;
        place.engine.undo_contact_change(&place.actor, change).await?;
        let viewer = engine::Actor { role: domain::Role::Viewer, ..place.actor.clone() };
        let member = engine::Actor { role: domain::Role::Member, ..place.actor.clone() };
        let e = &place.engine;
        let new = |actor: engine::Actor| async move { e.add_field(&actor, "X", FieldKind::Text, Vec::new()).await };
        let forbidden = [
            e.edit_contact(&viewer, ann, FIRST, "X").await.err(),
            e.change_contacts(&viewer, ids(&[ann]), ContactChange::Delete).await.err(),
            e.undo_contact_change(&viewer, change).await.err(),
            new(viewer.clone()).await.err(),
            new(member).await.err(),
        ];
        for error in forbidden {
            assert!(matches!(error, Some(engine::Error::Forbidden(_))), "{error:?}");
        }
        e.get_contact(&viewer, ann).await?;

        let stranger = engine::Actor { workspace: domain::ids::WorkspaceId(999_999), ..place.actor.clone() };
        assert!(matches!(e.get_contact(&stranger, ann).await, Err(engine::Error::NotFound("contact"))));
        assert!(e.edit_contact(&stranger, ann, FIRST, "X").await.is_err());
        assert!(matches!(e.undo_contact_change(&stranger, change).await, Err(engine::Error::NotFound("change"))));
        let list = query(ContactFilter::default(), ContactSort::Added, false);
        assert_eq!(e.list_contacts(&stranger, &list).await?.total, 0);
        let nobody = e.change_contacts(&stranger, ids(&[ann]), ContactChange::Delete).await?;
        assert_eq!(nobody.count, 0);
        assert!(e.list_deletions(&stranger).await?.is_empty());
        assert_eq!(everyone(&place).await?, before);
        Ok(())
    });
}

#[test]
fn the_file_of_contacts_imports_again_as_it_is() {
    on_both(|place| async move {
        let (campaign, ann, ..) = furnished(&place).await?;
        edit(&place, ann, ContactField::Person(PersonField::JobTitle), "=HYPERLINK(\"x\")").await?;
        let filter = ContactFilter { search: "example".to_owned(), ..ContactFilter::default() };
        let mut pieces = place.engine.contacts_file(&place.actor, &filter).await?;
        let mut file = Vec::new();
        while let Some(piece) = pieces.recv().await {
            file.extend(piece);
        }
        let file = String::from_utf8(file)?;
        assert!(file.contains("\"'=HYPERLINK"), "no spreadsheet runs it: {file}");
        let rows = place.import(Some(campaign), &file, |_| {}).await?;
        assert_eq!(outcomes(&rows), [Outcome::Unchanged; 3]);
        Ok(())
    });
}

fn typed(values: &[(PersonField, &str)]) -> NewContact {
    let mut person = Person::default();
    for (field, value) in values {
        person.set(*field, *value);
    }
    NewContact { person, ..NewContact::default() }
}

/// B6: by hand as by a file (R1, R11, B13).
#[test]
fn someone_added_by_hand_is_merged_into_who_they_are() {
    use PersonField::{CompanyName, Email, FirstName, JobTitle, LastName, LinkedinUrl};
    on_both(|place| async move {
        let (campaign, ann, bea, _) = furnished(&place).await?;
        let e = &place.engine;
        let person = typed(&[(Email, "ANN@x.example"), (FirstName, "Bea"), (LastName, "LIND")]).person;
        let found = e.find_lookalikes(&place.actor, &person).await?;
        let who: Vec<_> = found.iter().map(|one| (one.contact, one.by.is_some(), one.campaigns)).collect();
        assert_eq!(who, [(ann, true, 1), (bea, false, 1)], "by the address, and by the name only");

        let mut new = typed(&[(Email, "Ann@x.example"), (CompanyName, "  "), (JobTitle, "CEO")]);
        new.tags = vec!["VIP".to_owned()];
        let added = e.add_contact(&place.actor, new.clone()).await?;
        let Added::Merged { contact, name, change: Some(change) } = added else { anyhow::bail!("{added:?}") };
        assert_eq!((contact, name.as_str()), (ann, "Ann Lee"));
        let row = e.get_contact(&place.actor, ann).await?.row;
        assert_eq!((row.person.get(CompanyName), row.person.get(JobTitle)), ("Lumen", "CEO"), "empty never wins");
        assert_eq!(row.tags, ["Fair", "VIP"]);
        assert_eq!(everyone(&place).await?.len(), 3);
        let twice = e.add_contact(&place.actor, new).await?;
        assert!(matches!(twice, Added::Merged { change: None, .. }), "{twice:?}");
        assert!(!e.undo_added(&place.actor, change).await?.removed);
        let row = e.get_contact(&place.actor, ann).await?.row;
        assert_eq!((row.person.get(JobTitle), row.tags), ("", vec!["Fair".to_owned()]));

        let tier = e.add_field(&place.actor, "Tier", FieldKind::Choice, vec!["Gold".to_owned()]).await?;
        let mut new = typed(&[(Email, "dan@x.example"), (FirstName, "Dan")]);
        new.campaign = Some(campaign);
        new.custom.insert(tier.id, "gold".to_owned());
        let added = e.add_contact(&place.actor, new.clone()).await?;
        let Added::New { contact: dan, change: Some(change) } = added else { anyhow::bail!("{added:?}") };
        let panel = e.get_contact(&place.actor, dan).await?;
        assert_eq!((panel.row.custom[&tier.id].as_str(), panel.campaigns.len()), ("Gold", 1));
        assert_eq!(panel.sources[0].kind, SourceKind::Manual);
        place.sound().await?;
        assert!(e.undo_added(&place.actor, change).await?.removed);
        assert_eq!((everyone(&place).await?.len(), place.leads(campaign).await?.len()), (3, 3));

        new.custom.insert(tier.id, "iron".to_owned());
        let refused = e.add_contact(&place.actor, new).await.unwrap_err().into_problem();
        assert_eq!(refused.fields[0].0, tier.id.to_string());
        let nobody = e.add_contact(&place.actor, typed(&[(FirstName, "Eve")])).await.unwrap_err().into_problem();
        assert!(nobody.message.contains("email address or a LinkedIn URL"), "{}", nobody.message);
        let both = typed(&[(Email, "bea@x.example"), (LinkedinUrl, "https://linkedin.com/in/annlee")]);
        let conflict = e.add_contact(&place.actor, both).await?;
        assert!(matches!(conflict, Added::LeftOut(_)), "{conflict:?}");
        let viewer = engine::Actor { role: domain::Role::Viewer, ..place.actor.clone() };
        assert!(e.add_contact(&viewer, typed(&[(Email, "x@x.example")])).await.is_err());
        Ok(())
    });
}

/// R5: who is recognised by other fields than an address is so after an edit, a deletion and their undo.
#[test]
fn identifier_sets_follow_what_is_changed_by_hand() {
    on_both(|place| async move {
        let (campaign, ann, ..) = furnished(&place).await?;
        let phone = ContactField::Person(PersonField::Phone);
        let by_phone = |s: &mut domain::import::ImportSettings| {
            let target = domain::import::Target::Field;
            s.identifiers = vec![vec![target(PersonField::Phone)]];
        };
        edit(&place, ann, phone, "+46 70 123 45 67").await?;
        let file = "phone,job title\n+46 (70) 1234567,CEO\n";
        place.import(Some(campaign), file, by_phone).await?;
        assert_eq!(value(&place, ann, PersonField::JobTitle).await?, "CEO", "found by the number");
        place.sound().await?;
        let change = edit(&place, ann, phone, "+46 70 123 45 68").await?;
        place.sound().await?;
        place.engine.undo_contact_change(&place.actor, change).await?;
        place.sound().await?;
        let done = place.engine.change_contacts(&place.actor, ids(&[ann]), ContactChange::Delete).await?;
        place.sound().await?;
        place.engine.undo_contact_change(&place.actor, done.change).await?;
        place.sound().await?;
        place.import(Some(campaign), "phone,job title\n+46701234567,Founder\n", by_phone).await?;
        assert_eq!(value(&place, ann, PersonField::JobTitle).await?, "Founder");
        assert_eq!(everyone(&place).await?.len(), 3);
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
