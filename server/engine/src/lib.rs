#![doc = include_str!("../README.md")]

mod accounts;
mod actor;
mod campaigns;
mod clock;
mod contacts;
mod demo;
mod doctor;
mod error;
mod field_list;
mod fields;
mod forms;
mod groups;
pub mod imports;
mod leads;
mod merge;
mod paging;
mod people;
mod random;
pub mod suspects;
mod sweep;
mod work;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use store::Store;
use tokio::sync::{Notify, Semaphore};

pub use accounts::{DEMO_REFUSED, NewWorkspace, SignedIn};
pub use actor::Actor;
pub use clock::Clock;
pub use demo::DemoSignIn;
pub use error::Error;
pub use forms::Registered;
pub use imports::{Intake, PersonUndone, TakenPerson};
pub use sweep::Swept;

/// What every use case returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Argon2 takes 19 MiB and a core for a moment: so many at a time, the others wait.
const HASHES_AT_ONCE: usize = 2;

/// Every use case of the product, behind one handle. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    uploads: PathBuf,
    limits: sheet::Limits,
    wake: Notify,
    hashing: Semaphore,
    /// Whether accounts whose password everyone knows may sign in.
    demo: AtomicBool,
}

impl Engine {
    /// Opens the database and the folder for uploads below `data`.
    ///
    /// # Errors
    /// When the database cannot be opened or the folder cannot be made.
    pub async fn open(database: &str, data: &Path, clock: Clock) -> Result<Self> {
        let uploads = data.join("uploads");
        std::fs::create_dir_all(&uploads).map_err(|e| Error::file("The folder for uploads could not be made", &e))?;
        let store = Store::open(database).await?;
        Ok(Engine(Arc::new(Inner {
            store,
            clock,
            uploads,
            limits: sheet::Limits::default(),
            wake: Notify::new(),
            hashing: Semaphore::new(HASHES_AT_ONCE),
            demo: AtomicBool::new(false),
        })))
    }

    /// Waits for what is being written and closes the database.
    pub async fn close(&self) {
        self.0.store.close().await;
    }

    /// The largest file that an import takes, in bytes.
    pub fn max_upload_bytes(&self) -> u64 {
        self.0.limits.max_bytes
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    fn now(&self) -> i64 {
        self.0.clock.now()
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({:?})", self.0.store)
    }
}
