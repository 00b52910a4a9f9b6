//! An engine of its own for each test, with a clock that the test moves.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use domain::ids::{CampaignId, ImportId};
use domain::import::{DraftView, ImportSettings, RowView};
use domain::lead::{LeadFilter, LeadQuery, LeadRow, LeadSort};
use domain::{DuplicatePolicy, LeadStatus, Outcome};
use engine::{Actor, Batches, Clock, Engine};
use tokio::sync::watch;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A name that no other test of this run, or of another run on the same server, uses.
pub fn unique(name: &str) -> String {
    format!("{name}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A small generator of our own: a seed gives the same history on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % n as u64).unwrap()
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// An engine on a database of its own.
pub struct Place {
    pub engine: Engine,
    pub actor: Actor,
    pub folder: PathBuf,
    pub url: String,
    pub now: Arc<AtomicI64>,
    halt: Halt,
}

/// When the server is told to close, by the clock.
type Halt = Arc<Mutex<Option<(i64, watch::Sender<bool>)>>>;

impl Place {
    async fn open(url: String, folder: PathBuf, batches: Batches) -> anyhow::Result<Self> {
        let now = Arc::new(AtomicI64::new(1_800_000_000_000));
        let halt = Halt::default();
        let (clock, halting) = (now.clone(), halt.clone());
        let clock = Clock::new(move || {
            let now = clock.fetch_add(1, Ordering::Relaxed);
            if let Some((at, stop)) = &*halting.lock().unwrap()
                && now >= *at
            {
                stop.send_replace(true);
            }
            now
        });
        let engine = Engine::open_with(&url, &folder, clock, batches).await?;
        let actor = engine.owner_of("Fernhill Labs").await?;
        Ok(Place { engine, actor, folder, url, now, halt })
    }

    /// The server closes when the clock has been asked so many more times: at the same place on every machine.
    pub fn halt_after(&self, looks: i64) -> watch::Receiver<bool> {
        let (stop, stopped) = watch::channel(false);
        *self.halt.lock().unwrap() = Some((self.now.load(Ordering::Relaxed) + looks, stop));
        stopped
    }

    /// The same engine for somebody else.
    pub fn of(&self, actor: Actor) -> Place {
        let Place { engine, folder, url, now, halt, .. } = self;
        let (engine, folder, url) = (engine.clone(), folder.clone(), url.clone());
        Place { engine, actor, folder, url, now: now.clone(), halt: halt.clone() }
    }

    /// Uploads a file to a draft, as the wizard does.
    pub async fn upload(&self, import: ImportId, file: &str) -> anyhow::Result<DraftView> {
        let upload = self.engine.place_for_upload(&self.actor, import).await?;
        std::fs::write(upload.place(), file)?;
        Ok(self.engine.take_upload(&self.actor, import, upload, "file.csv", file.len() as u64).await?)
    }

    /// Does every job there is.
    pub async fn work(&self) -> anyhow::Result<()> {
        let (_stop, go_on) = watch::channel(false);
        while self.engine.work_once(&go_on).await? {}
        Ok(())
    }

    /// A draft of this file, ready to run; `change` sets what a person would choose.
    pub async fn draft(
        &self,
        campaign: Option<CampaignId>,
        file: &str,
        change: impl FnOnce(&mut ImportSettings),
    ) -> anyhow::Result<ImportId> {
        let path = self.folder.join(format!("{}.csv", unique("file")));
        std::fs::write(&path, file)?;
        let import = self.engine.new_draft(&self.actor, campaign).await?;
        self.engine.take_file(&self.actor, import, &path).await?;
        std::fs::remove_file(&path)?;
        self.engine.change_settings(&self.actor, import, change).await?;
        Ok(import)
    }

    /// Imports a file and says what became of each row.
    pub async fn import(
        &self,
        campaign: Option<CampaignId>,
        file: &str,
        change: impl FnOnce(&mut ImportSettings),
    ) -> anyhow::Result<Vec<RowView>> {
        let import = self.draft(campaign, file, change).await?;
        self.engine.run_import_now(&self.actor, import).await?;
        self.rows(import).await
    }

    /// Every row of an import.
    pub async fn rows(&self, import: ImportId) -> anyhow::Result<Vec<RowView>> {
        let mut pages = self.engine.all_rows(&self.actor, import).await?;
        let mut rows = Vec::new();
        while let Some(page) = pages.recv().await {
            rows.extend(page?);
        }
        Ok(rows)
    }

    /// Every lead of a campaign, oldest first.
    pub async fn leads(&self, campaign: CampaignId) -> anyhow::Result<Vec<LeadRow>> {
        let mut cursor = None;
        let mut leads = Vec::new();
        loop {
            let query = LeadQuery {
                campaign,
                filter: LeadFilter::default(),
                sort: LeadSort::Added,
                reverse: true,
                cursor: cursor.take(),
            };
            let page = self.engine.list_leads(&self.actor, &query).await?;
            leads.extend(page.rows);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(leads),
            }
        }
    }

    /// The invariants hold.
    pub async fn sound(&self) -> anyhow::Result<()> {
        let wrong = self.engine.doctor().await?;
        anyhow::ensure!(wrong.is_empty(), "{wrong:#?}");
        Ok(())
    }
}

/// The outcomes of rows, in file order.
pub fn outcomes(rows: &[RowView]) -> Vec<Outcome> {
    rows.iter().map(|row| row.outcome).collect()
}

/// A change of settings that sets policy and status.
pub fn with(policy: DuplicatePolicy, status: LeadStatus) -> impl FnOnce(&mut ImportSettings) {
    move |settings| {
        settings.policy = policy;
        settings.status = status;
    }
}

/// Runs a test on both databases, then checks the invariants.
pub fn on_both<F, Fut>(test: F)
where
    F: Fn(Arc<Place>) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    on_both_by(Batches::default(), test);
}

/// The same where rows are taken in batches of other sizes.
pub fn on_both_by<F, Fut>(batches: Batches, test: F)
where
    F: Fn(Arc<Place>) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        for database in ["SQLite", "PostgreSQL"] {
            let folder = std::env::temp_dir().join(unique("onefold_engine"));
            std::fs::create_dir_all(&folder).unwrap();
            let url = if database == "SQLite" {
                format!("sqlite://{}", folder.join("test.db").display())
            } else {
                let server = std::env::var("ONEFOLD_TEST_POSTGRES").expect(
                    "these tests need a PostgreSQL: run them by `cargo xtask test unit`, or set ONEFOLD_TEST_POSTGRES",
                );
                store::test_database::create_postgres(&server, &unique("engine")).await.unwrap()
            };
            let place = Arc::new(Place::open(url, folder.clone(), batches).await.unwrap());
            let done = test(place.clone()).await;
            let sound = if done.is_ok() { place.sound().await } else { Ok(()) };
            place.engine.close().await;
            std::fs::remove_dir_all(&folder).unwrap();
            done.and(sound).map_err(|e| e.context(format!("on {database}"))).unwrap();
        }
    });
}
