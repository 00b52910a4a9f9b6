//! The team's own fields.

use domain::ids::FieldId;
use domain::{CustomField, FieldKind};
use store::{Error, fields};

use crate::support::{OTHER, WORKSPACE, furnished, on_both};

#[test]
fn fields_are_kept_with_their_options_and_one_name_is_one_field() {
    on_both(|store| async move {
        furnished(&store).await?;
        let mut tx = store.write().await?;
        let plan = CustomField {
            id: FieldId(1),
            name: "Plan".to_owned(),
            kind: FieldKind::Choice,
            options: vec!["Free".to_owned(), "Paid \"now\"".to_owned()],
        };
        let since = CustomField { id: FieldId(2), name: "Since".to_owned(), kind: FieldKind::Date, options: vec![] };
        fields::add(&mut tx, WORKSPACE, &plan, "plan", 1).await?;
        fields::add(&mut tx, WORKSPACE, &since, "since", 1).await?;
        assert_eq!(fields::list(&mut tx, WORKSPACE).await?, [plan.clone(), since.clone()]);
        assert!(fields::list(&mut tx, OTHER).await?.is_empty());

        let renamed = CustomField { name: "Tarif".to_owned(), options: vec!["Free".to_owned()], ..plan.clone() };
        assert!(!fields::update(&mut tx, OTHER, &renamed, "tarif", 2).await?, "of another workspace");
        assert!(fields::update(&mut tx, WORKSPACE, &renamed, "tarif", 2).await?);
        assert_eq!(fields::list(&mut tx, WORKSPACE).await?, [renamed, since]);
        tx.commit().await?;

        let mut tx = store.write().await?;
        let twin = CustomField { id: FieldId(3), ..plan };
        let refused = fields::add(&mut tx, WORKSPACE, &twin, "since", 3).await;
        assert!(matches!(refused, Err(Error::Conflict)), "{refused:?}");
        Ok(())
    });
}
