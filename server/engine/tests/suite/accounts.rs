//! Accounts: the first one, the demo's, and what the command line made before anyone was here.

use std::sync::Arc;

use domain::ProblemKind;
use engine::{Clock, Engine, NewWorkspace};

use crate::support::{Place, on_both, unique};

fn mara(email: &str) -> NewWorkspace {
    NewWorkspace {
        workspace: "My own".to_owned(),
        name: "Mara".to_owned(),
        email: email.to_owned(),
        password: "kingfisher at dawn".to_owned(),
    }
}

async fn open(url: &str, folder: &std::path::Path) -> anyhow::Result<Engine> {
    Ok(Engine::open(url, folder, Clock::new(|| 1_800_000_000_000)).await?)
}

/// An empty database of the same kind, and a folder.
async fn fresh(place: &Place) -> anyhow::Result<(String, std::path::PathBuf)> {
    let folder = place.folder.join(unique("fresh"));
    std::fs::create_dir_all(&folder)?;
    let url = if place.url.starts_with("sqlite") {
        format!("sqlite://{}", folder.join("fresh.db").display())
    } else {
        let server = std::env::var("ONEFOLD_TEST_POSTGRES")?;
        store::test_database::create_postgres(&server, &unique("accounts")).await?
    };
    Ok((url, folder))
}

/// An import by the command line locks nobody out: whoever sets up becomes the owner of what it made.
#[test]
fn whoever_sets_up_becomes_the_owner_of_what_the_command_line_made() {
    on_both(|place: Arc<Place>| async move {
        let engine = &place.engine;
        assert!(engine.needs_set_up().await? && engine.adopts_workspaces().await?);
        let other = engine.owner_of("Another").await?;
        place.import(None, "email\nann@x.example\n", |_| {}).await?;
        let session = engine.set_up(NewWorkspace { workspace: String::new(), ..mara("mara@x.example") }).await?;
        let actor = engine.actor(&session.token).await?.unwrap();
        assert_eq!(actor.workspace, place.actor.workspace, "the oldest, with its name and its people");
        assert_eq!((actor.workspace_name.as_str(), actor.role), ("Fernhill Labs", domain::Role::Owner));
        assert!(!engine.needs_set_up().await?);
        let again = engine.set_up(mara("eve@x.example")).await.err().unwrap().into_problem();
        assert_eq!((again.kind, again.fields[0].0.as_str()), (ProblemKind::Conflict, "taken"));
        // the command line goes on as before
        assert_eq!(engine.owner_of("Another").await?.workspace, other.workspace);
        assert!(engine.sign_in(" MARA@x.example", "kingfisher at dawn").await?.is_some());
        Ok(())
    });
}

/// Two set-ups at once, also with different addresses, make one owner.
#[test]
fn of_two_who_set_up_at_once_one_is_told() {
    on_both(|place: Arc<Place>| async move {
        let (url, folder) = fresh(&place).await?;
        let engine = open(&url, &folder).await?;
        assert!(engine.needs_set_up().await? && !engine.adopts_workspaces().await?);
        let nameless = engine.set_up(NewWorkspace { workspace: " ".to_owned(), ..mara("a@x.example") }).await;
        assert_eq!(nameless.err().unwrap().into_problem().fields[0].0, "workspace");
        let one = |email: &'static str| {
            let engine = engine.clone();
            tokio::spawn(async move { engine.set_up(mara(email)).await.map(|_| ()) })
        };
        let tries = [one("a@x.example"), one("b@x.example"), one("a@x.example"), one("c@x.example")];
        let mut done = 0;
        for task in tries {
            match task.await? {
                Ok(()) => done += 1,
                Err(error) => assert_eq!(error.into_problem().fields[0].0, "taken"),
            }
        }
        assert_eq!(done, 1);
        engine.close().await;
        Ok(())
    });
}

/// The demo's password is known, so it is good for nothing where no demo is asked for; nor is a session from there.
#[test]
fn the_demo_account_signs_in_to_a_demo_only() {
    on_both(|place: Arc<Place>| async move {
        let (url, folder) = fresh(&place).await?;
        let engine = open(&url, &folder).await?;
        let sign_in = engine.demo().await?.unwrap();
        let session = engine.sign_in(sign_in.email, sign_in.password).await?.unwrap();
        assert!(engine.actor(&session.token).await?.is_some());
        assert!(engine.has_demo_account().await?);
        engine.close().await;
        let restarted = open(&url, &folder).await?;
        assert!(restarted.sign_in(sign_in.email, sign_in.password).await?.is_none());
        assert!(restarted.actor(&session.token).await?.is_none());
        assert!(!restarted.needs_set_up().await?, "nobody takes the demo over");
        assert!(restarted.demo().await?.is_some());
        assert!(restarted.actor(&session.token).await?.is_some());
        restarted.close().await;
        Ok(())
    });
}
