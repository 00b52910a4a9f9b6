//! Registration forms: their pages, and what was sent by them.

use domain::Outcome;
use domain::form::{FormSettings, NewForm};
use domain::ids::FormId;
use store::forms;

use crate::support::{CAMPAIGN, OTHER, USER, WORKSPACE, furnished, on_both};

#[test]
fn a_form_is_found_by_its_address_while_it_is_open() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        let settings = FormSettings { title: "Join \"us\"".to_owned(), trusted: true, ..FormSettings::default() };
        let form = NewForm { name: "News".to_owned(), campaign: Some(CAMPAIGN), settings };
        let id = FormId(1);
        forms::add(&mut tx, WORKSPACE, (id, "abc"), &form, USER, 1).await?;
        let row = forms::list(&mut tx, WORKSPACE).await?.remove(0);
        assert_eq!((row.id, row.token.as_str(), &row.form, row.closed), (id, "abc", &form, false));
        assert!(!row.campaign.is_empty() && !row.campaign_archived);
        assert!(forms::list(&mut tx, OTHER).await?.is_empty());

        let open = forms::open(&mut tx, "abc").await?.unwrap();
        assert_eq!((open.id, open.workspace, open.campaign), (id, WORKSPACE, Some(CAMPAIGN)));
        assert_eq!(open.settings, form.settings);
        assert!(forms::open(&mut tx, "ABC").await?.is_none());

        let changed = NewForm { campaign: None, ..form };
        assert!(!forms::update(&mut tx, OTHER, id, &changed, 2).await?, "of another workspace");
        assert!(forms::update(&mut tx, WORKSPACE, id, &changed, 2).await?);
        assert_eq!(forms::open(&mut tx, "abc").await?.unwrap().campaign, None);
        assert!(!forms::set_closed(&mut tx, OTHER, id, Some(3), 3).await?);
        assert!(forms::set_closed(&mut tx, WORKSPACE, id, Some(3), 3).await?);
        assert!(forms::open(&mut tx, "abc").await?.is_none());
        Ok(())
    });
}

#[test]
fn what_is_sent_twice_is_noted_once() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        let id = FormId(1);
        forms::add(&mut tx, WORKSPACE, (id, "abc"), &NewForm::default(), USER, 1).await?;
        assert!(forms::note_post(&mut tx, WORKSPACE, id, &[1; 16], Outcome::Failed, 5).await?);
        assert!(!forms::note_post(&mut tx, WORKSPACE, id, &[1; 16], Outcome::Failed, 6).await?);
        assert!(forms::note_post(&mut tx, WORKSPACE, id, &[2; 16], Outcome::Failed, 7).await?);
        forms::set_outcome(&mut tx, WORKSPACE, id, &[1; 16], Outcome::Created).await?;
        forms::set_outcome(&mut tx, WORKSPACE, id, &[2; 16], Outcome::Created).await?;
        assert_eq!(forms::outcomes(&mut tx, WORKSPACE).await?, [(id, Outcome::Created, 2, 7)]);
        assert!(forms::outcomes(&mut tx, OTHER).await?.is_empty());
        Ok(())
    });
}
