//! A database of its own for each test.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::DuplicatePolicy;
use domain::Role;
use domain::ids::{CampaignId, ContactId, UserId, WorkspaceId};
use domain::{Person, PersonField};
use store::contacts::{Contact, Folded};
use store::{Store, campaigns, contacts, team, test_database};

pub const WORKSPACE: WorkspaceId = WorkspaceId(1);
pub const OTHER: WorkspaceId = WorkspaceId(2);
pub const USER: UserId = UserId(1);
pub const CAMPAIGN: CampaignId = CampaignId(1);

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A name that no other test of this run, or of another run on the same server, uses.
pub fn unique(name: &str) -> String {
    format!("{name}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Runs a test on both databases.
pub fn on_both<F, Fut>(test: F)
where
    F: Fn(Store) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = std::env::temp_dir().join(unique("onefold_store"));
        std::fs::create_dir_all(&folder).unwrap();
        let store = Store::open(&format!("sqlite://{}", folder.join("test.db").display())).await.unwrap();
        test(store.clone()).await.map_err(|e| e.context("on SQLite")).unwrap();
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();

        let server = std::env::var("ONEFOLD_TEST_POSTGRES")
            .expect("these tests need a PostgreSQL: run them by `cargo xtask test unit`, or set ONEFOLD_TEST_POSTGRES");
        let url = test_database::create_postgres(&server, &unique("store")).await.unwrap();
        let store = Store::open(&url).await.unwrap();
        test(store.clone()).await.map_err(|e| e.context("on PostgreSQL")).unwrap();
        store.close().await;
    });
}

/// Two workspaces with the same user, a campaign in each.
pub async fn furnished(store: &Store) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    let mara = team::NewUser {
        id: USER,
        email: "mara@x.example".to_owned(),
        email_key: [1; 16],
        name: "Mara".to_owned(),
        password_hash: "hash".to_owned(),
        kind: team::AccountKind::Person,
    };
    team::add_user(&mut tx, &mara, 1).await?;
    for id in [WORKSPACE, OTHER] {
        let workspace = team::Workspace {
            id,
            name: format!("Workspace {}", id.0),
            default_country: "SE".to_owned(),
            default_policy: DuplicatePolicy::Active,
            fold_gmail: true,
        };
        team::add_workspace(&mut tx, &workspace, 1).await?;
        team::add_member(&mut tx, id, USER, Role::Owner, 1).await?;
        campaigns::add(&mut tx, id, CampaignId(id.0), "Nordics", "nordics", USER, 1).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A contact of this id, named after it.
pub fn person(id: i64) -> (Contact, Folded) {
    let mut person = Person::default();
    person.set(PersonField::Email, format!("p{id}@x.example"));
    person.set(PersonField::LastName, format!("Name {:03}", 100 - id));
    person.set(PersonField::CompanyName, "100% Co_op");
    let folded = Folded {
        search: format!("p{id}@x.example name {:03} 100% co_op", 100 - id),
        name: format!("name {:03}", 100 - id),
        company: "100% co_op".to_owned(),
    };
    (Contact { person, ..Contact::new(ContactId(id)) }, folded)
}

/// Contacts of these ids.
pub async fn people(store: &Store, ids: impl IntoIterator<Item = i64>) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    contacts::add(&mut tx, WORKSPACE, ids.into_iter().map(person).collect(), 5).await?;
    Ok(tx.commit().await?)
}
