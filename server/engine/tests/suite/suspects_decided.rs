//! Suspects that somebody said, that were decided before, or that the team chose to see apart.

use std::sync::Arc;

use domain::contact::{ContactField, Edited};
use domain::ids::ContactId;
use domain::import::{ColumnMapping, Target};
use domain::merge::{MergeChoices, PairToMerge};
use domain::suspect::{Band, Decision, SuspectEntry, SuspectQuery};
use domain::{Outcome, PersonField, ProblemKind};

use crate::dump::{contact, dump, same};
use crate::support::{Place, on_both, outcomes};
use crate::suspects::{key, open, work};

/// The entries of a band, as Duplication Handling shows them.
async fn entries(place: &Place, band: Band) -> anyhow::Result<Vec<SuspectEntry>> {
    let query = SuspectQuery { band: Some(band), ..SuspectQuery::default() };
    Ok(place.engine.list_suspects(&place.actor, &query).await?.sections.remove(0).entries)
}

async fn edit(place: &Place, id: ContactId, field: PersonField, value: &str) -> anyhow::Result<Edited> {
    Ok(place.engine.edit_contact(&place.actor, id, ContactField::Person(field), value).await?)
}

fn ids(entry: &SuspectEntry) -> Vec<ContactId> {
    entry.people.iter().map(|person| person.id).collect()
}

#[test]
fn two_people_whom_an_edit_or_a_row_brings_together_are_listed_and_scored() {
    on_both(|place: Arc<Place>| async move {
        place
            .import(None, "email,linkedin,last name\na@x.example,,Lee\nb@y.example,linkedin.com/in/b,Novak\n", |_| {})
            .await?;
        work(&place).await?;
        let (a, b) = (contact(&place, "a@x.example").await?, contact(&place, "b@y.example").await?);
        assert!(
            matches!(edit(&place, b, PersonField::Email, "a@x.example").await?, Edited::Taken { by, .. } if by == a)
        );
        for scored in [false, true] {
            let listed = entries(&place, Band::Review).await?;
            assert_eq!(listed.iter().map(ids).collect::<Vec<_>>(), [vec![a, b]], "at once, and scored: {scored}");
            assert_eq!(place.engine.count_suspects(&place.actor).await?, 1);
            assert_eq!(!listed[0].pairs[0].parts.is_empty(), scored);
            assert!(listed[0].pairs[0].shared_row);
            work(&place).await?;
        }

        place.import(None, "email,last name\nc@z.example,Wieland\n", |_| {}).await?;
        work(&place).await?;
        let rows = place.import(None, "email,linkedin\nc@z.example,linkedin.com/in/b\n", |_| {}).await?;
        assert_eq!(outcomes(&rows), [Outcome::IdentityConflict]);
        work(&place).await?;
        let c = contact(&place, "c@z.example").await?;
        let check = || async {
            let pairs = entries(&place, Band::Review).await?.into_iter().flat_map(|entry| entry.pairs);
            let mut pairs: Vec<_> = pairs.map(|p| (p.first, p.second, p.parts.is_empty())).collect();
            pairs.sort();
            anyhow::ensure!(pairs == [(a, b, false), (b, c, false)], "{pairs:?}");
            anyhow::Ok(())
        };
        check().await?;
        place.engine.scan_now(&place.actor).await?;
        check().await
    });
}

/// Two of one name who are kept apart, and then turn out to have a telephone and a day of birth in common.
async fn asked_again(place: &Place, scan: bool) -> anyhow::Result<(ContactId, ContactId)> {
    let file = "email,first name,last name\nann@x.example,Ann,Bergström\nann@y.example,Ann,Bergström\n";
    place.import(None, file, |_| {}).await?;
    work(place).await?;
    let (a, b) = (contact(place, "ann@x.example").await?, contact(place, "ann@y.example").await?);
    place.engine.separate(&place.actor, a, b).await?;
    work(place).await?;
    assert!(open(place).await?.is_empty());
    for id in [a, b] {
        edit(place, id, PersonField::Phone, "+46 8 123 4567").await?;
        edit(place, id, PersonField::DateOfBirth, "1980-02-03").await?;
    }
    if scan {
        place.engine.scan_now(&place.actor).await?;
    } else {
        work(place).await?;
    }
    let found = open(place).await?;
    let pair = &found[&key("ann@x.example", "ann@y.example")];
    anyhow::ensure!(pair.band == Band::Review, "somebody said otherwise, so it is not obvious: {pair:?}");
    anyhow::ensure!(pair.parts.iter().any(|part| part.words.contains("phone")), "what is new is shown: {pair:?}");
    anyhow::ensure!(entries(place, Band::Review).await?.iter().map(ids).eq([vec![a, b]]));
    Ok((a, b))
}

#[test]
fn a_pair_that_is_asked_about_again_is_separated_again() {
    for scan in [false, true] {
        on_both(move |place: Arc<Place>| async move {
            let (a, b) = asked_again(&place, scan).await?;
            let decided = place.engine.decide_suspects(&place.actor, &[Decision::Separate(vec![(a, b)])]).await?;
            assert_eq!((decided.separated.len(), decided.refused), (1, vec![]));
            assert!(open(&place).await?.is_empty());
            // the same evidence does not ask a third time
            work(&place).await?;
            place.engine.scan_now(&place.actor).await?;
            work(&place).await?;
            assert!(open(&place).await?.is_empty());
            let twice = place.engine.separate(&place.actor, a, b).await.unwrap_err().into_problem();
            assert!(twice.message.contains("kept apart already"), "{}", twice.message);
            place.engine.undo_separate(&place.actor, a, b).await?;
            work(&place).await?;
            assert_eq!(open(&place).await?.len(), 1);
            assert!(place.engine.list_separated(&place.actor, None).await?.rows.is_empty());
            Ok(())
        });
    }
}

#[test]
fn a_pair_that_is_asked_about_again_is_merged_and_that_is_taken_back() {
    for scan in [false, true] {
        on_both(move |place: Arc<Place>| async move {
            let (a, b) = asked_again(&place, scan).await?;
            work(&place).await?;
            let before = dump(&place).await?;
            let preview = place.engine.preview_merge(&place.actor, a, b, &MergeChoices::default()).await?;
            assert_eq!(preview.refusal, None);
            let pair = PairToMerge { first: a, second: b, choices: MergeChoices::default() };
            let decided = place.engine.decide_suspects(&place.actor, &[Decision::Merge(vec![pair])]).await?;
            assert_eq!((decided.merged, decided.refused.clone()), (1, vec![]));
            assert!(place.engine.list_separated(&place.actor, None).await?.rows.is_empty());
            place.sound().await?;
            place.engine.take_back_decisions(&place.actor, &decided).await?;
            same(&before, &dump(&place).await?)?;
            assert_eq!(place.engine.list_separated(&place.actor, None).await?.rows.len(), 1);
            work(&place).await?;
            assert_eq!(open(&place).await?.len(), 1, "it waits for a decision, as it did");
            Ok(())
        });
    }
}

#[test]
fn people_who_share_a_mailbox_by_choice_are_never_obvious() {
    on_both(|place: Arc<Place>| async move {
        use PersonField::*;
        let columns = [Email, ExternalId, FirstName, LastName, Phone, DateOfBirth, City].map(Target::Field);
        let file = "email,id,first name,last name,phone,dob,city\n\
                    home@bergstroem.example,1,Inês,Carvalho,+46 8 123 4567,1980-02-03,Malmö\n\
                    home@bergstroem.example,2,Inês,Carvalho,+46 8 123 4567,1980-02-03,Malmö\n";
        let rows = place
            .import(None, file, |settings| {
                settings.columns = columns.map(|target| ColumnMapping { target, overwrite: None }).to_vec();
                settings.identifiers = vec![vec![Target::Field(Email), Target::Field(ExternalId)]];
            })
            .await?;
        assert_eq!(outcomes(&rows), [Outcome::Created, Outcome::Created]);
        for scan in [false, true] {
            if scan {
                place.engine.scan_now(&place.actor).await?;
            }
            work(&place).await?;
            assert!(entries(&place, Band::Obvious).await?.is_empty());
            let listed = entries(&place, Band::Review).await?;
            let mail = listed[0].pairs[0].parts.iter().find(|part| part.words.contains("email"));
            assert!(listed.len() == 1 && mail.is_none_or(|part| part.bits <= 0.0), "scan {scan}: {listed:?}");
        }
        let done = place.engine.merge_obvious(&place.actor, 0).await?;
        assert_eq!(done.merged, 0);
        Ok(())
    });
}

/// Who is in a cluster follows from its pairs, not from the number that it got when there were others.
#[test]
fn merging_all_obvious_ones_leaves_out_whom_no_pair_holds_any_more() {
    on_both(|place: Arc<Place>| async move {
        let phone = "+46 8 123 4567,1980-02-03";
        let file = format!(
            "email,first name,last name,phone,dob\na@x.example,Inês,Carvalho,{phone}\nb@y.example,Inês,Carvalho,{phone}\n\
             c@z.example,Inês,Carvalho,{phone}\n"
        );
        place.import(None, &file, |_| {}).await?;
        work(&place).await?;
        assert_eq!(entries(&place, Band::Obvious).await?.iter().map(|e| e.people.len()).collect::<Vec<_>>(), [3]);
        let a = contact(&place, "a@x.example").await?;
        let (b, c) = (contact(&place, "b@y.example").await?, contact(&place, "c@z.example").await?);
        // nobody has compared them again yet
        place.engine.separate(&place.actor, a, b).await?;
        place.engine.separate(&place.actor, a, c).await?;
        let done = place.engine.merge_obvious(&place.actor, 1).await?;
        assert_eq!((done.merged, done.refused), (1, vec![]));
        assert_eq!(place.engine.resolve_contact(&place.actor, c).await?, b);
        assert_eq!(place.engine.resolve_contact(&place.actor, a).await?, a);
        Ok(())
    });
}

#[test]
fn nobody_decides_more_at_once_than_can_be_looked_at() {
    on_both(|place: Arc<Place>| async move {
        let pair = (ContactId(1), ContactId(2));
        let refused = |decisions: Vec<Decision>| {
            let place = place.clone();
            async move { place.engine.decide_suspects(&place.actor, &decisions).await.unwrap_err().into_problem() }
        };
        let halves = vec![Decision::Separate(vec![pair; 2_501]); 2];
        let merge = PairToMerge { first: pair.0, second: pair.1, choices: MergeChoices::default() };
        for decisions in
            [vec![Decision::Separate(vec![pair; 5_001])], halves, vec![Decision::Merge(vec![merge; 5_001])]]
        {
            let problem = refused(decisions).await;
            assert!(problem.kind == ProblemKind::Invalid && problem.message.contains("at once"), "{problem:?}");
        }
        Ok(())
    });
}
