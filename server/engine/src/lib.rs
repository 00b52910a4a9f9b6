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
mod pieces;
mod random;
mod search;
pub mod suspects;
mod sweep;
mod work;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use store::Store;
use tokio::sync::{Notify, Semaphore};

pub use accounts::{DEMO_REFUSED, NewWorkspace, SignedIn};
pub use actor::Actor;
pub use clock::Clock;
pub use demo::DemoSignIn;
pub use error::Error;
pub use forms::Registered;
pub use imports::{Intake, PersonUndone, TakenPerson};
pub use pieces::Pieces;
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
    /// Names of files in it that are on their way in: no import has them yet.
    coming_in: Mutex<HashSet<String>>,
    limits: sheet::Limits,
    batches: Batches,
    wake: Notify,
    hashing: Semaphore,
    /// Whether accounts whose password everyone knows may sign in.
    demo: AtomicBool,
}

/// How many rows of a file are taken at a time. A test makes them few, so that a short file has many batches.
#[derive(Debug, Clone, Copy)]
pub struct Batches {
    /// The first batch of an import.
    pub first: usize,
    /// The smallest one, however long it takes.
    pub smallest: usize,
    /// The largest one, however quick it is.
    pub largest: usize,
    /// Rows that a dry run looks up together.
    pub look_up: usize,
}

impl Default for Batches {
    fn default() -> Self {
        Batches { first: 250, smallest: 50, largest: 4_000, look_up: 1_000 }
    }
}

impl Engine {
    /// Opens the database and the folder for uploads below `data`.
    ///
    /// # Errors
    /// When the database cannot be opened or the folder cannot be made.
    pub async fn open(database: &str, data: &Path, clock: Clock) -> Result<Self> {
        Self::open_with(database, data, clock, Batches::default()).await
    }

    /// The same with batches of other sizes; for tests.
    ///
    /// # Errors
    /// As `open`.
    pub async fn open_with(database: &str, data: &Path, clock: Clock, batches: Batches) -> Result<Self> {
        let uploads = data.join("uploads");
        std::fs::create_dir_all(&uploads).map_err(|e| Error::file("The folder for uploads could not be made", &e))?;
        let store = Store::open(database).await?;
        Ok(Engine(Arc::new(Inner {
            store,
            clock,
            uploads,
            coming_in: Mutex::default(),
            limits: sheet::Limits { max_bytes: domain::import::LARGEST_FILE, ..sheet::Limits::default() },
            batches,
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

    /// Looks at or changes the names of the files on their way in.
    fn coming_in<T>(&self, with: impl FnOnce(&mut HashSet<String>) -> T) -> T {
        with(&mut self.0.coming_in.lock().unwrap_or_else(PoisonError::into_inner))
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
