//! The contacts page: its list, its changes and history, the team's fields, what is swept.

use domain::contact::{ContactFilter, ContactSort, InCampaign};
use domain::ids::{ChangeId, ContactId, FieldId, LeadId};
use domain::{CustomField, FieldKind, LeadStatus, Person, PersonField, SourceKind};
use store::contact_history::NewEvent;
use store::contact_list::{Folded, Window};
use store::leads::Lead;
use store::{
    Error, Position, Store, Tx, contact_changes, contact_history, contact_list, contacts, fields, leads, suspects,
    sweep, tags,
};

use crate::support::{CAMPAIGN, OTHER, USER, WORKSPACE, furnished, on_both, people, person};

fn folded(filter: ContactFilter) -> Folded {
    Folded::new(&filter, |text| text.to_lowercase())
}

async fn ids(tx: &mut Tx, filter: ContactFilter) -> anyhow::Result<Vec<i64>> {
    let filter = folded(filter);
    let picked = contact_list::pick_matching(tx, WORKSPACE, &filter, ContactId(0), 100).await?;
    assert_eq!(contact_list::count(tx, WORKSPACE, &filter).await?, picked.len() as u64);
    Ok(picked.into_iter().map(|id| id.0).collect())
}

async fn lead(tx: &mut Tx, id: i64, contact: i64) -> anyhow::Result<()> {
    let lead = Lead {
        id: LeadId(id),
        campaign: CAMPAIGN,
        contact: ContactId(contact),
        status: LeadStatus::Paused,
        variables: "{\"a\":\"b\"}".to_owned(),
        import: None,
    };
    Ok(leads::add(tx, WORKSPACE, vec![lead], 5).await?)
}

async fn ready(store: &Store) -> anyhow::Result<Tx> {
    furnished(store).await?;
    people(store, 1..=6).await?;
    Ok(store.write().await?)
}

#[test]
fn the_list_is_read_by_keyset_in_every_order() {
    on_both(|store| async move {
        let mut tx = ready(&store).await?;
        contacts::set_deleted(&mut tx, WORKSPACE, &[ContactId(4)], Some(9)).await?;
        let everyone = folded(ContactFilter::default());
        for (sort, descending, expected) in [
            (ContactSort::Added, false, [1, 2, 3, 5, 6]),
            (ContactSort::Added, true, [6, 5, 3, 2, 1]),
            // the names count down
            (ContactSort::Name, false, [6, 5, 3, 2, 1]),
            (ContactSort::Name, true, [1, 2, 3, 5, 6]),
            // all of one company
            (ContactSort::Company, false, [1, 2, 3, 5, 6]),
            (ContactSort::Company, true, [6, 5, 3, 2, 1]),
        ] {
            let mut seen = Vec::new();
            let mut after = None;
            loop {
                let window = Window { filter: &everyone, sort, descending, after, limit: 2 };
                let page = contact_list::window(&mut tx, WORKSPACE, &window).await?;
                let Some(last) = page.last() else { break };
                let key = match sort {
                    ContactSort::Added => "",
                    ContactSort::Name => &last.name_key,
                    ContactSort::Company => &last.company_key,
                };
                after = Some(Position { key: key.to_owned(), id: last.contact.id.0 });
                seen.extend(page.iter().map(|line| line.contact.id.0));
            }
            assert_eq!(seen, expected, "{sort}, descending {descending}");
        }
        assert!(contact_list::get(&mut tx, WORKSPACE, ContactId(4)).await?.is_none(), "deleted");
        assert!(contact_list::get(&mut tx, OTHER, ContactId(1)).await?.is_none(), "of another workspace");
        assert_eq!(contact_list::get(&mut tx, WORKSPACE, ContactId(1)).await?.map(|line| line.added_at), Some(5));
        assert_eq!(contact_list::of_name(&mut tx, WORKSPACE, "name 094", 5).await?, [ContactId(6)]);
        assert!(contact_list::of_name(&mut tx, WORKSPACE, "name 096", 5).await?.is_empty());
        Ok(())
    });
}

#[test]
fn filters_narrow_and_are_joined() {
    on_both(|store| async move {
        let mut tx = ready(&store).await?;
        lead(&mut tx, 1, 1).await?;
        tx.commit().await?;
        let made = tags::ensure(&store, WORKSPACE, &[("VIP".to_owned(), "vip".to_owned())]).await?;
        let mut tx = store.write().await?;
        tags::add(&mut tx, WORKSPACE, &[(ContactId(1), made["vip"]), (ContactId(2), made["vip"])], None).await?;
        contacts::add_source(&mut tx, WORKSPACE, (SourceKind::Manual, USER.0), &[ContactId(2)], 5).await?;
        contacts::set_do_not_contact(&mut tx, WORKSPACE, &[ContactId(3)]).await?;
        suspects::note(&mut tx, WORKSPACE, (ContactId(5), ContactId(2)), "why", 5).await?;
        let all = ContactFilter::default;
        for (filter, expected) in [
            (all(), vec![1, 2, 3, 4, 5, 6]),
            (ContactFilter { search: "P3@".to_owned(), ..all() }, vec![3]),
            (ContactFilter { search: "%".to_owned(), ..all() }, vec![1, 2, 3, 4, 5, 6]),
            (ContactFilter { search: "_@".to_owned(), ..all() }, vec![]),
            (ContactFilter { tags: vec!["Vip".to_owned()], ..all() }, vec![1, 2]),
            (ContactFilter { sources: vec![SourceKind::Manual], ..all() }, vec![2]),
            (ContactFilter { sources: vec![SourceKind::Import, SourceKind::Form], ..all() }, vec![]),
            (ContactFilter { campaign: Some(InCampaign::One(CAMPAIGN)), ..all() }, vec![1]),
            (ContactFilter { campaign: Some(InCampaign::None), ..all() }, vec![2, 3, 4, 5, 6]),
            (ContactFilter { do_not_contact: true, ..all() }, vec![3]),
            (ContactFilter { suspects: true, ..all() }, vec![2, 5]),
            (
                ContactFilter {
                    suspects: true,
                    tags: vec!["vip".to_owned()],
                    campaign: Some(InCampaign::None),
                    ..all()
                },
                vec![2],
            ),
        ] {
            assert_eq!(ids(&mut tx, filter.clone()).await?, expected, "{filter:?}");
        }
        assert_eq!(contact_list::count(&mut tx, OTHER, &folded(all())).await?, 0);
        Ok(())
    });
}

#[test]
fn changes_are_kept_read_and_forgotten() {
    on_both(|store| async move {
        let mut tx = ready(&store).await?;
        let id = (WORKSPACE, ChangeId(7));
        let kept = [(ContactId(2), "{\"a\":1}".to_owned()), (ContactId(1), "{}".to_owned())];
        contact_changes::add(&mut tx, id, USER, ("delete", "x"), &kept[..1], 50).await?;
        contact_changes::keep(&mut tx, WORKSPACE, ChangeId(7), kept[1..].to_vec()).await?;
        assert_eq!(contact_changes::rows(&mut tx, WORKSPACE, ChangeId(7)).await?, [kept[1].clone(), kept[0].clone()]);
        let second = contact_changes::kept(&mut tx, WORKSPACE, ChangeId(7), ContactId(1), 9).await?;
        assert_eq!(second, [kept[0].clone()]);
        let found = contact_changes::get_for_update(&mut tx, WORKSPACE, ChangeId(7)).await?.unwrap();
        assert_eq!((found.kind.as_str(), found.created_at, found.undone_at), ("delete", 50, None));
        assert!(contact_changes::get_for_update(&mut tx, OTHER, ChangeId(7)).await?.is_none());
        let (deletion, first) = contact_changes::deletions(&mut tx, WORKSPACE).await?.remove(0);
        assert_eq!((deletion.contacts, first, deletion.actor.as_str()), (2, ContactId(1), "Mara"));
        assert_eq!(contact_changes::open(&mut tx, WORKSPACE, &[ChangeId(7), ChangeId(8)]).await?, [ChangeId(7)]);
        contact_changes::set_undone(&mut tx, WORKSPACE, ChangeId(7), 60).await?;
        assert!(contact_changes::open(&mut tx, WORKSPACE, &[ChangeId(7)]).await?.is_empty());
        assert_eq!(contact_changes::forget(&mut tx, 50, 10).await?, 0);
        assert_eq!(contact_changes::forget(&mut tx, 51, 10).await?, 1);
        assert!(contact_changes::rows(&mut tx, WORKSPACE, ChangeId(7)).await?.is_empty());
        Ok(())
    });
}

#[test]
fn history_and_sources_are_told_by_name() {
    on_both(|store| async move {
        let mut tx = ready(&store).await?;
        let event = |id, kind| NewEvent { id, contact: ContactId(1), kind, detail: "{}".to_owned() };
        contact_history::add(&mut tx, WORKSPACE, USER, vec![event(1, "edit"), event(2, "tag")], 9).await?;
        let events = contact_history::events(&mut tx, WORKSPACE, ContactId(1)).await?;
        assert_eq!(events.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>(), ["tag", "edit"]);
        assert!(contact_history::events(&mut tx, OTHER, ContactId(1)).await?.is_empty());
        assert!(contact_history::taken_in(&mut tx, WORKSPACE, ContactId(1)).await?.is_empty());
        contacts::add_source(&mut tx, WORKSPACE, (SourceKind::Manual, USER.0), &[ContactId(1)], 5).await?;
        let came = contact_history::sources(&mut tx, WORKSPACE, ContactId(1)).await?;
        assert_eq!(came, [(SourceKind::Manual, USER.0, 5)]);
        let asked: Vec<_> = SourceKind::ALL.iter().map(|&kind| (kind, 1)).collect();
        let names = contact_history::source_names(&mut tx, WORKSPACE, &asked).await?;
        assert_eq!(names.line(SourceKind::Manual, 1, 5).name, "Mara");
        assert_eq!(names.line(SourceKind::Import, 1, 5).name, "", "there is no such import");
        Ok(())
    });
}

#[test]
fn leads_and_suspects_go_and_come_back_as_they_were() {
    on_both(|store| async move {
        let mut tx = ready(&store).await?;
        for id in 1..=2 {
            lead(&mut tx, id, id).await?;
        }
        suspects::note(&mut tx, WORKSPACE, (ContactId(2), ContactId(1)), "why", 5).await?;
        suspects::note(&mut tx, WORKSPACE, (ContactId(2), ContactId(3)), "why", 5).await?;
        let both = [ContactId(1), ContactId(2)];
        let gone = leads::take_out(&mut tx, WORKSPACE, &both).await?;
        assert_eq!(gone.iter().map(|lead| lead.id).collect::<Vec<_>>(), [1, 2]);
        let pairs = suspects::take_off(&mut tx, WORKSPACE, &both).await?;
        assert_eq!(pairs.len(), 2, "each pair once");
        assert!(suspects::open(&mut tx, WORKSPACE).await?.is_empty());
        lead(&mut tx, 9, 2).await?;
        let back = leads::put_back(&mut tx, WORKSPACE, &gone).await?;
        assert_eq!(back.into_iter().collect::<Vec<_>>(), [LeadId(1)], "R6: the campaign has the other one again");
        suspects::put_back(&mut tx, WORKSPACE, &pairs, 9).await?;
        suspects::put_back(&mut tx, WORKSPACE, &pairs, 9).await?;
        assert_eq!(suspects::open(&mut tx, WORKSPACE).await?.len(), 2);
        let names = leads::campaign_names(&mut tx, WORKSPACE, &both).await?;
        assert_eq!(names[&ContactId(1)], ["Nordics"]);
        Ok(())
    });
}

#[test]
fn a_field_is_found_by_its_values() {
    on_both(|store| async move {
        let mut tx = ready(&store).await?;
        let field = |id, name: &str| CustomField {
            id: FieldId(id),
            name: name.to_owned(),
            kind: FieldKind::Choice,
            options: vec!["A".to_owned(), "\"".to_owned()],
        };
        fields::add(&mut tx, WORKSPACE, &field(1, "One"), "one", 5).await?;
        fields::add(&mut tx, WORKSPACE, &field(11, "Eleven"), "eleven", 5).await?;
        assert_eq!(fields::list(&mut tx, WORKSPACE).await?, [field(1, "One"), field(11, "Eleven")]);
        assert!(fields::list(&mut tx, OTHER).await?.is_empty());
        fields::update(&mut tx, WORKSPACE, &field(1, "Uno"), "uno", 6).await?;
        assert_eq!(fields::list(&mut tx, WORKSPACE).await?[0].name, "Uno");

        let values = |json: &str, id| (ContactId(id), json.to_owned());
        let custom = vec![
            values("{\"fld_1\":\"A\"}", 1),
            values("{\"fld_11\":\"A\"}", 2),
            values("{\"fld_11\":\"\\\"fld_1\\\":\"}", 3),
        ];
        fields::write_values(&mut tx, WORKSPACE, custom).await?;
        assert_eq!(fields::people(&mut tx, WORKSPACE, FieldId(1)).await?, 1);
        assert_eq!(fields::people(&mut tx, WORKSPACE, FieldId(11)).await?, 2);
        let having = fields::having(&mut tx, WORKSPACE, FieldId(11), ContactId(2), 5).await?;
        assert_eq!(having.iter().map(|(id, _)| id.0).collect::<Vec<_>>(), [3]);

        fields::set_removed(&mut tx, WORKSPACE, FieldId(1), Some(9), "REMOVED fld_1").await?;
        assert_eq!(fields::removed(&mut tx, WORKSPACE).await?, [(field(1, "Uno"), 9)]);
        fields::add(&mut tx, WORKSPACE, &field(12, "Uno"), "uno", 5).await?;
        assert!(fields::removed_before(&mut tx, 9).await?.is_empty());
        assert_eq!(fields::removed_before(&mut tx, 10).await?, [(WORKSPACE, FieldId(1))]);
        fields::forget(&mut tx, WORKSPACE, FieldId(1)).await?;
        assert!(fields::removed(&mut tx, WORKSPACE).await?.is_empty());
        let again = fields::add(&mut tx, WORKSPACE, &field(13, "UNO"), "uno", 5).await;
        assert!(matches!(again, Err(Error::Conflict)), "{again:?}");
        Ok(())
    });
}

#[test]
fn a_contact_that_is_emptied_keeps_its_id_and_nothing_else() {
    on_both(|store| async move {
        let mut tx = ready(&store).await?;
        let address =
            contacts::Address { contact: ContactId(1), key: [7; 16], kind: "email", value: "old@x.example".to_owned() };
        contacts::add_addresses(&mut tx, WORKSPACE, vec![address], 5).await?;
        contacts::add_source(&mut tx, WORKSPACE, (SourceKind::Manual, USER.0), &[ContactId(1)], 5).await?;
        suspects::want_matching(&mut tx, WORKSPACE, &[ContactId(1), ContactId(1)]).await?;
        suspects::note(&mut tx, WORKSPACE, (ContactId(1), ContactId(2)), "why", 5).await?;
        contacts::set_deleted(&mut tx, WORKSPACE, &[ContactId(1)], Some(9)).await?;
        assert_eq!(contacts::deleted(&mut tx, WORKSPACE, &[ContactId(1), ContactId(2)]).await?, [ContactId(1)]);
        assert_eq!(contacts::live(&mut tx, WORKSPACE, &[ContactId(1), ContactId(2)]).await?, [ContactId(2)]);
        assert!(sweep::long_deleted(&mut tx, 9, 10).await?.is_empty());
        assert_eq!(sweep::long_deleted(&mut tx, 10, 10).await?, [(WORKSPACE, ContactId(1))]);
        assert!(sweep::merged_into(&mut tx, WORKSPACE, &[ContactId(1)]).await?.is_empty());
        sweep::empty(&mut tx, WORKSPACE, &[ContactId(1)]).await?;
        assert!(sweep::long_deleted(&mut tx, 10, 10).await?.is_empty(), "once");
        let left = contacts::among(&mut tx, WORKSPACE, &[ContactId(1), ContactId(2)]).await?;
        assert_eq!(left[0].person, Person::default());
        assert_eq!(left[1].person.get(PersonField::Email), person(2).0.person.get(PersonField::Email));
        assert!(contacts::address_keys(&mut tx, WORKSPACE, &[ContactId(1)]).await?.is_empty());
        assert!(contact_history::sources(&mut tx, WORKSPACE, ContactId(1)).await?.is_empty());
        assert!(suspects::open(&mut tx, WORKSPACE).await?.is_empty());
        let state = contacts::state(&mut tx, WORKSPACE, ContactId(1)).await?.unwrap();
        assert_eq!((state.deleted_at, state.is_live()), (Some(0), false));
        assert!(contacts::deleted(&mut tx, WORKSPACE, &[ContactId(1)]).await?.is_empty(), "it cannot come back");
        Ok(())
    });
}
