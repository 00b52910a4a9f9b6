//! Campaigns, roles and the wall between workspaces.

use domain::campaign::Archived;
use domain::{DuplicatePolicy, LeadStatus, ProblemKind, Role};
use engine::Actor;

use crate::support::{on_both, with};

#[test]
fn a_campaign_is_made_renamed_archived_and_brought_back() {
    on_both(|place| async move {
        let id = place.engine.create_campaign(&place.actor, "  Nordics  ").await?;
        place.engine.rename_campaign(&place.actor, id, "Nordics 2026").await?;
        assert_eq!(place.engine.list_campaigns(&place.actor, "NORD", false).await?.rows[0].name, "Nordics 2026");
        for bad in ["", "  ", "\u{200b}", &"x".repeat(121)] {
            assert!(place.engine.create_campaign(&place.actor, bad).await.is_err());
        }
        let file = "email\na@x.example\nb@x.example\n";
        place.import(Some(id), file, with(DuplicatePolicy::Active, LeadStatus::InProgress)).await?;
        assert_eq!(place.engine.archive_campaign(&place.actor, id, false).await?, Archived::HasActive(2));
        assert_eq!(place.engine.archive_campaign(&place.actor, id, true).await?, Archived::Done);
        let list = place.engine.list_campaigns(&place.actor, "", true).await?;
        assert_eq!((list.open, list.archived, list.rows[0].leads.ended), (0, 1, 2));
        assert!(place.engine.start_import(&place.actor, Some(id)).await.is_err(), "archived");
        assert_eq!(place.engine.unarchive_campaign(&place.actor, id).await?.ended, 0);
        assert_eq!(place.engine.list_campaigns(&place.actor, "", false).await?.rows.len(), 1);
        Ok(())
    });
}

#[test]
fn a_viewer_looks_and_changes_nothing() {
    on_both(|place| async move {
        let id = place.engine.create_campaign(&place.actor, "C").await?;
        let viewer = Actor { role: Role::Viewer, ..place.actor.clone() };
        assert_eq!(place.engine.list_campaigns(&viewer, "", false).await?.rows.len(), 1);
        let refused = [
            place.engine.create_campaign(&viewer, "D").await.map(drop),
            place.engine.rename_campaign(&viewer, id, "D").await,
            place.engine.archive_campaign(&viewer, id, false).await.map(drop),
            place.engine.unarchive_campaign(&viewer, id).await.map(drop),
            place.engine.start_import(&viewer, Some(id)).await.map(drop),
        ];
        for result in refused {
            assert_eq!(result.unwrap_err().into_problem().kind, ProblemKind::Forbidden);
        }
        Ok(())
    });
}

/// What belongs to another workspace is not there: the same answer as for what never was.
#[test]
fn another_workspace_finds_nothing() {
    on_both(|place| async move {
        let id = place.engine.create_campaign(&place.actor, "C").await?;
        let import = place.draft(Some(id), "email\na@x.example\n", |_| {}).await?;
        place.engine.run_import_now(&place.actor, import).await?;
        let lead = place.leads(id).await?.remove(0).id;
        let stranger = place.engine.owner_of("Someone else").await?;
        let answers = [
            place.engine.get_campaign(&stranger, id).await.map(drop),
            place.engine.rename_campaign(&stranger, id, "Mine").await,
            place.engine.archive_campaign(&stranger, id, true).await.map(drop),
            place.engine.get_lead(&stranger, lead).await.map(drop),
            place.engine.get_import_summary(&stranger, import).await.map(drop),
            place.engine.get_draft(&stranger, import).await.map(drop),
            place.engine.reasons_file(&stranger, import, Vec::new()).await.map(drop),
            place.engine.start_import(&stranger, Some(id)).await.map(drop),
        ];
        for answer in answers {
            assert_eq!(answer.unwrap_err().into_problem().kind, ProblemKind::NotFound);
        }
        // the same person may be in both bases, each for itself
        let theirs = place.engine.create_campaign(&stranger, "Theirs").await?;
        assert_ne!(theirs, id);
        Ok(())
    });
}

#[test]
fn signing_in_takes_the_right_password_and_ends_with_signing_out() {
    on_both(|place| async move {
        let sign_in = place.engine.demo().await?;
        assert!(sign_in.is_none(), "no demo beside real people");
        assert!(place.engine.sign_in("nobody@x.example", "whatever it is").await?.is_none());
        assert!(place.engine.sign_in("not an address", "whatever it is").await?.is_none());
        Ok(())
    });
}
