//! Admin → Fields: the team's own fields and what people have in them.

use domain::FieldKind;
use domain::contact::{ContactField, ContactFilter, ContactQuery, ContactSort, Edited};
use domain::ids::ContactId;

use crate::support::{Place, on_both};

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

async fn ann(place: &Place) -> anyhow::Result<ContactId> {
    place.import(None, "email\nann@x.example\n", |_| {}).await?;
    let query =
        ContactQuery { filter: ContactFilter::default(), sort: ContactSort::Added, reverse: false, cursor: None };
    Ok(place.engine.list_contacts(&place.actor, &query).await?.rows[0].id)
}

#[test]
fn a_field_is_made_used_renamed_removed_and_brought_back() {
    on_both(|place| async move {
        let (e, actor) = (&place.engine, &place.actor);
        let ann = ann(&place).await?;
        let tier = e.add_field(actor, " Tier ", FieldKind::Choice, texts(&["Gold", "", "gold", "Silver "])).await?;
        assert_eq!((tier.name.as_str(), tier.options.clone()), ("Tier", texts(&["Gold", "Silver"])));
        let own = ContactField::Custom(tier.id);
        let saved = e.edit_contact(actor, ann, own, "SILVER").await?;
        let Edited::Saved { change } = saved else { anyhow::bail!("{saved:?}") };
        let held = || async { anyhow::Ok(e.get_contact(actor, ann).await?.row.custom.get(&tier.id).cloned()) };
        assert_eq!(held().await?.as_deref(), Some("Silver"));
        assert_eq!(e.count_field(actor, tier.id).await?, 1);

        e.update_field(actor, tier.id, "Level", texts(&["Gold"])).await?;
        assert_eq!(held().await?.as_deref(), Some("Silver"), "what she has stays");
        let refused = e.edit_contact(actor, ann, own, "Bronze").await.unwrap_err().into_problem();
        assert!(refused.message.contains("Gold"), "{}", refused.message);

        e.remove_field(actor, tier.id).await?;
        assert!(e.get_contact(actor, ann).await?.fields.is_empty());
        assert!(e.edit_contact(actor, ann, own, "Gold").await.is_err(), "nobody writes into what nobody sees");
        let again = e.add_field(actor, "LEVEL", FieldKind::Text, Vec::new()).await?;
        assert_eq!(e.get_contact(actor, ann).await?.row.custom.get(&again.id), None, "the new one is another");
        let taken = e.restore_field(actor, tier.id).await.unwrap_err().into_problem();
        assert!(taken.message.contains("another field"), "{}", taken.message);
        e.update_field(actor, again.id, "Other", Vec::new()).await?;
        e.restore_field(actor, tier.id).await?;
        assert_eq!(held().await?.as_deref(), Some("Silver"), "and what she had is there");
        e.undo_contact_change(actor, change).await?;
        assert_eq!(held().await?, None);
        Ok(())
    });
}

#[test]
fn a_field_that_stays_removed_is_cleared_after_thirty_days() {
    on_both(|place| async move {
        let (e, actor) = (&place.engine, &place.actor);
        let ann = ann(&place).await?;
        let mut ids = Vec::new();
        for name in ["One", "Two"] {
            let field = e.add_field(actor, name, FieldKind::Text, Vec::new()).await?;
            e.edit_contact(actor, ann, ContactField::Custom(field.id), "\"fld_1\": x").await?;
            ids.push(field.id);
        }
        e.remove_field(actor, ids[0]).await?;
        place.now.fetch_add(31 * 24 * 60 * 60 * 1_000, std::sync::atomic::Ordering::Relaxed);
        let swept = e.sweep().await?;
        assert_eq!(swept.fields, 1);
        assert!(e.list_fields(actor).await?.removed.is_empty());
        let custom = e.get_contact(actor, ann).await?.row.custom;
        assert_eq!(custom.into_iter().collect::<Vec<_>>(), [(ids[1], "\"fld_1\": x".to_owned())]);
        assert_eq!(e.count_field(actor, ids[1]).await?, 1);
        Ok(())
    });
}

#[test]
fn names_and_options_that_would_confuse_are_refused() {
    on_both(|place| async move {
        let (e, actor) = (&place.engine, &place.actor);
        let first = e.add_field(actor, "Größe", FieldKind::Text, Vec::new()).await?;
        let second = e.add_field(actor, "Other", FieldKind::Text, Vec::new()).await?;
        for (name, kind, options, why) in [
            ("  ", FieldKind::Text, texts(&[]), "Give the field a name"),
            ("GRÖSSE", FieldKind::Text, texts(&[]), "already"),
            ("email", FieldKind::Text, texts(&[]), "already"),
            ("Tags", FieldKind::Text, texts(&[]), "already"),
            ("A", FieldKind::Choice, texts(&[" "]), "at least one option"),
            ("A", FieldKind::Choices, texts(&["a;b"]), "semicolon"),
        ] {
            let problem = e.add_field(actor, name, kind, options).await.unwrap_err().into_problem();
            assert!(problem.message.contains(why), "{name}: {}", problem.message);
        }
        assert!(e.update_field(actor, second.id, "größe", Vec::new()).await.is_err());
        e.update_field(actor, first.id, "GRÖSSE", Vec::new()).await?;
        assert_eq!(e.list_fields(actor).await?.fields.len(), 2);
        Ok(())
    });
}
