//! The contacts page: pages and filters, edits, deletion, and taking each of it back.

use std::cmp::Reverse;

use domain::contact::{
    Added, ContactChange, ContactField, ContactFilter, ContactQuery, ContactRow, ContactSelection, ContactSort, Edited,
    HistoryWhat, InCampaign, NewContact,
};
use domain::ids::{CampaignId, ChangeId, ContactId};
use domain::lead::{LeadChange, LeadSelection};
use domain::{FieldKind, LeadStatus, Outcome, Overwrite, Person, PersonField, SourceKind};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use crate::support::{Place, on_both, outcomes};

pub const FILE: &str = "email,first name,last name,company,linkedin url\n\
    ann@x.example,Ann,Lee,Lumen,https://linkedin.com/in/annlee\n\
    bea@x.example,Bea,Lind,Kantwerk,\n\
    cem@x.example,Cem,Kaya,Bosfor,\n";

pub const EMAIL: ContactField = ContactField::Person(PersonField::Email);
pub const FIRST: ContactField = ContactField::Person(PersonField::FirstName);
pub const LINKEDIN: ContactField = ContactField::Person(PersonField::LinkedinUrl);

pub fn query(filter: ContactFilter, sort: ContactSort, reverse: bool) -> ContactQuery {
    ContactQuery { filter, sort, reverse, cursor: None }
}

/// Everyone who matches, page by page; goes back to the start too, and finds the same.
pub async fn all(place: &Place, mut query: ContactQuery) -> anyhow::Result<Vec<ContactRow>> {
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

pub async fn everyone(place: &Place) -> anyhow::Result<Vec<ContactRow>> {
    all(place, query(ContactFilter::default(), ContactSort::Added, true)).await
}

pub async fn who(place: &Place, email: &str) -> anyhow::Result<ContactId> {
    let filter = ContactFilter { search: email.to_owned(), ..ContactFilter::default() };
    let found = all(place, query(filter, ContactSort::Added, false)).await?;
    anyhow::ensure!(found.len() == 1, "{} people match {email}", found.len());
    Ok(found[0].id)
}

pub async fn edit(place: &Place, contact: ContactId, field: ContactField, value: &str) -> anyhow::Result<ChangeId> {
    match place.engine.edit_contact(&place.actor, contact, field, value).await? {
        Edited::Saved { change } => Ok(change),
        other => anyhow::bail!("{other:?}"),
    }
}

pub async fn value(place: &Place, contact: ContactId, field: PersonField) -> anyhow::Result<String> {
    Ok(place.engine.get_contact(&place.actor, contact).await?.row.person.get(field).to_owned())
}

/// Whom an import of this address meets.
pub async fn met_by(place: &Place, campaign: CampaignId, address: &str) -> anyhow::Result<Vec<ContactId>> {
    let title = crate::support::unique("title");
    let file = format!("email,job title\n{address},{title}\n");
    place.import(Some(campaign), &file, |s| s.columns[0].overwrite = Some(Overwrite::Keep)).await?;
    let everyone = everyone(place).await?;
    Ok(everyone.iter().filter(|row| row.person.get(PersonField::JobTitle) == title).map(|row| row.id).collect())
}

pub fn ids(contacts: &[ContactId]) -> ContactSelection {
    ContactSelection::Ids(contacts.to_vec())
}

pub async fn furnished(place: &Place) -> anyhow::Result<(CampaignId, ContactId, ContactId, ContactId)> {
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
            file.extend(piece?);
        }
        let file = String::from_utf8(file)?;
        assert!(file.contains("\"'=HYPERLINK"), "no spreadsheet runs it: {file}");
        let rows = place.import(Some(campaign), &file, |_| {}).await?;
        assert_eq!(outcomes(&rows), [Outcome::Unchanged; 3]);
        Ok(())
    });
}

pub fn typed(values: &[(PersonField, &str)]) -> NewContact {
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
