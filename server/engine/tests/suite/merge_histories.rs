//! Random histories of imports (also by chosen sets of fields), merges, undos, separations, edits, deletions and bulk
//! acts. Merges that nobody touched are taken back in any order without a trace (I10), and the invariants hold whatever
//! happened before: at the end of every history, and after every step of the one that `ONEFOLD_SEED` names.

use domain::contact::{ContactChange, ContactField, ContactSelection};
use domain::ids::{CampaignId, ChangeId, ContactId, ImportId, LeadId, MergeId};
use domain::import::Target;
use domain::lead::{LeadChange, LeadSelection};
use domain::merge::{FieldKey, MergeChoices, Side, Survivor};
use domain::policy::DeletedRows;
use domain::{DuplicatePolicy, LeadStatus, Overwrite, PersonField};
use store::{Store, contacts};

use crate::dump::{dump_of, same};
use crate::support::{Place, on_both};

/// Histories in a normal run on SQLite, and on PostgreSQL. `ONEFOLD_MERGE_HISTORIES=N` runs N on each.
const HISTORIES: [u64; 2] = [200, 50];

/// A small generator of our own: a seed gives the same history on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % n.max(1) as u64).unwrap()
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

struct History {
    place: Place,
    store: Store,
    random: Random,
    campaigns: Vec<CampaignId>,
    merges: Vec<MergeId>,
    bulk: Vec<(CampaignId, ChangeId)>,
    imports: Vec<ImportId>,
    changes: Vec<ChangeId>,
}

impl History {
    async fn everyone(&self) -> anyhow::Result<Vec<ContactId>> {
        let mut tx = self.store.read().await?;
        let all = contacts::after(&mut tx, self.place.actor.workspace, ContactId(0), 1_000).await?;
        Ok(all.into_iter().map(|c| c.id).collect())
    }

    async fn import(&mut self) -> anyhow::Result<()> {
        let r = &mut self.random;
        let mut file = String::from("email,linkedin,first name,job title,city,ice,tags,phone\n");
        for row in 0..1 + r.below(6) {
            // the first row shows what the column is
            let mail = if row == 0 || r.chance(85) { format!("p{}@x.example", r.below(9)) } else { String::new() };
            let link =
                if row == 0 || r.chance(35) { format!("linkedin.com/in/p{}", r.below(9)) } else { String::new() };
            let words = ["", " ", "Ann", "Bea", "Cem"];
            let (name, title, city, ice) = (r.one(&words), r.one(&words), r.one(&words), r.one(&words));
            let phone = if row == 0 || r.chance(40) { format!("+4670123450{}", r.below(4)) } else { String::new() };
            file += &format!("{mail},{link},{name},{title},{city},{ice},{},{phone}\n", r.one(&["", "red", "blue"]));
        }
        // of fields that name nobody alone, as a team may choose; a mailbox may be shared then
        let sets = [
            vec![vec![Target::Field(PersonField::Phone)]],
            vec![vec![Target::Field(PersonField::Email), Target::Field(PersonField::City)]],
            vec![vec![Target::Field(PersonField::Phone), Target::Field(PersonField::JobTitle)]],
        ];
        let identifiers = if r.chance(25) { sets[r.below(sets.len())].clone() } else { Vec::new() };
        let campaign = if r.chance(80) { Some(r.one(&self.campaigns)) } else { None };
        let status = r.one(&[LeadStatus::ToLaunch, LeadStatus::InProgress, LeadStatus::Scheduled, LeadStatus::Done]);
        let overwrite = r.one(Overwrite::ALL);
        let policy = r.one(&[DuplicatePolicy::Campaign, DuplicatePolicy::Active]);
        let restore = r.chance(50);
        let import = self
            .place
            .draft(campaign, &file, |s| {
                s.status = status;
                s.overwrite = overwrite;
                s.policy = policy;
                if restore {
                    s.deleted = DeletedRows::Restore;
                }
                if !identifiers.is_empty() {
                    s.identifiers = identifiers;
                }
            })
            .await?;
        self.place
            .engine
            .run_import_now(&self.place.actor, import)
            .await
            .map_err(|e| anyhow::anyhow!(e).context(file))?;
        self.imports.push(import);
        Ok(())
    }

    /// A refusal in words is an answer, too; anything else is not.
    fn refused<T>(result: engine::Result<T>) -> anyhow::Result<Option<T>> {
        match result {
            Ok(done) => Ok(Some(done)),
            Err(error @ (engine::Error::Refused(_) | engine::Error::NotFound(_))) => {
                let why = error.into_problem().message;
                anyhow::ensure!(!why.contains("right now"), "nobody else is here: {why}");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn edit(&mut self) -> anyhow::Result<()> {
        let Some((who, _)) = self.pair().await? else { return Ok(()) };
        let r = &mut self.random;
        let (field, value) = match r.below(4) {
            0 => (PersonField::Email, format!("p{}@x.example", r.below(9))),
            1 => (PersonField::City, (*r.one(&[&"Dan", &"Eva", &""])).to_owned()),
            2 => (PersonField::LinkedinUrl, format!("https://linkedin.com/in/p{}", r.below(9))),
            _ => (PersonField::Phone, format!("+4670123450{}", r.below(4))),
        };
        let edited = self.place.engine.edit_contact(&self.place.actor, who, ContactField::Person(field), &value).await;
        if let Some(domain::contact::Edited::Saved { change }) = Self::refused(edited)? {
            self.changes.push(change);
        }
        Ok(())
    }

    async fn delete(&mut self) -> anyhow::Result<()> {
        let Some((a, b)) = self.pair().await? else { return Ok(()) };
        let picked = ContactSelection::Ids(if self.random.chance(50) { vec![a] } else { vec![a, b] });
        let done = self.place.engine.change_contacts(&self.place.actor, picked, ContactChange::Delete).await?;
        self.changes.push(done.change);
        Ok(())
    }

    async fn take_change_back(&mut self) -> anyhow::Result<()> {
        if self.changes.is_empty() {
            return Ok(());
        }
        let at = self.random.below(self.changes.len());
        let change = self.changes.remove(at);
        Self::refused(self.place.engine.undo_contact_change(&self.place.actor, change).await)?;
        Ok(())
    }

    async fn take_import_back(&mut self) -> anyhow::Result<()> {
        if self.imports.is_empty() {
            return Ok(());
        }
        let at = self.random.below(self.imports.len());
        let import = self.imports.remove(at);
        self.place.engine.undo_import_now(&self.place.actor, import).await?;
        Ok(())
    }

    async fn sound(&self) -> anyhow::Result<()> {
        let wrong = self.place.engine.doctor_of(self.place.actor.workspace).await?;
        anyhow::ensure!(wrong.is_empty(), "{wrong:#?}");
        Ok(())
    }

    async fn pair(&mut self) -> anyhow::Result<Option<(ContactId, ContactId)>> {
        let all = self.everyone().await?;
        if all.len() < 2 {
            return Ok(None);
        }
        Ok(Some((self.random.one(&all), self.random.one(&all))))
    }

    async fn merge(&mut self) -> anyhow::Result<Option<MergeId>> {
        let Some((a, b)) = self.pair().await? else { return Ok(None) };
        let r = &mut self.random;
        let mut choices = MergeChoices::default();
        if r.chance(30) {
            choices.survivor = Survivor::Is(b);
        }
        for field in [PersonField::Email, PersonField::JobTitle, PersonField::City] {
            if r.chance(15) {
                choices.fields.insert(FieldKey::Person(field), r.one(Side::ALL));
            }
        }
        Ok(match self.place.engine.merge(&self.place.actor, a, b, &choices).await {
            Ok(done) => Some(done.id),
            Err(error @ (engine::Error::Refused(_) | engine::Error::NotFound(_))) => {
                let why = error.into_problem().message;
                anyhow::ensure!(why.contains("one contact already") || why.contains("kept apart"), "{why}");
                None
            }
            Err(error) => return Err(error.into()),
        })
    }

    async fn bulk(&mut self) -> anyhow::Result<()> {
        let campaign = self.random.one(&self.campaigns);
        let leads = self.place.leads(campaign).await?;
        if leads.is_empty() {
            return Ok(());
        }
        let ids: Vec<LeadId> = leads.iter().map(|l| l.id).filter(|_| self.random.chance(40)).collect();
        let change = match self.random.below(5) {
            0 => LeadChange::Delete,
            1 => LeadChange::AddTag("VIP".to_owned()),
            2 => LeadChange::RemoveTag("red".to_owned()),
            3 => LeadChange::Status(LeadStatus::Unsubscribed),
            _ => LeadChange::Status(self.random.one(LeadStatus::ALL)),
        };
        let done = self.place.engine.change_leads(&self.place.actor, campaign, LeadSelection::Ids(ids), change).await?;
        self.bulk.push((campaign, done.change));
        Ok(())
    }

    async fn step(&mut self) -> anyhow::Result<()> {
        let actor = self.place.actor.clone();
        match self.random.below(18) {
            0..=2 => self.import().await?,
            3..=5 => {
                let done = self.merge().await?;
                self.merges.extend(done);
            }
            6 | 7 if !self.merges.is_empty() => {
                let at = self.random.below(self.merges.len());
                let id = self.merges.remove(at);
                // of someone who is deleted, it waits for them to come back
                if Self::refused(self.place.engine.undo_merge(&actor, id).await)?.is_none() {
                    self.merges.push(id);
                }
            }
            12 | 13 => self.edit().await?,
            14 => self.delete().await?,
            15 | 16 => self.take_change_back().await?,
            17 => self.take_import_back().await?,
            8 => {
                if let Some((a, b)) = self.pair().await? {
                    let _ = self.place.engine.separate(&actor, a, b).await;
                }
            }
            9 => {
                let rows = self.place.engine.list_separated(&actor, None).await?.rows;
                if !rows.is_empty() {
                    let row = &rows[self.random.below(rows.len())];
                    self.place.engine.undo_separate(&actor, row.first, row.second).await?;
                }
            }
            10 => self.bulk().await?,
            _ => {
                if let Some((_, change)) = self.bulk.pop() {
                    self.place.engine.undo_change(&actor, change).await?;
                }
            }
        }
        Ok(())
    }

    /// A few merges in a row, taken back in any order, leave no trace.
    async fn there_and_back(&mut self) -> anyhow::Result<()> {
        let before = dump_of(&self.store, &self.place).await?;
        let mut done = Vec::new();
        for _ in 0..1 + self.random.below(5) {
            done.extend(self.merge().await?);
        }
        while !done.is_empty() {
            let id = done.remove(self.random.below(done.len()));
            let report = self.place.engine.undo_merge(&self.place.actor, id).await?;
            anyhow::ensure!(report.kept.is_empty(), "nothing was touched since: {:?}", report.kept);
        }
        same(&before, &dump_of(&self.store, &self.place).await?)
    }
}

async fn history(place: &Place, store: &Store, seed: u64, thorough: bool) -> anyhow::Result<()> {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let actor = place.engine.owner_of(&format!("Merges {seed}")).await?;
    let place = place.of(actor);
    let mut campaigns = Vec::new();
    for n in 0..3 {
        campaigns.push(place.engine.create_campaign(&place.actor, &format!("C{n}")).await?);
    }
    let steps = 3 + random.below(9);
    let mut history = History {
        place,
        store: store.clone(),
        random,
        campaigns,
        merges: Vec::new(),
        bulk: Vec::new(),
        imports: Vec::new(),
        changes: Vec::new(),
    };
    history.import().await?;
    for step in 0..steps {
        history.step().await.map_err(|e| e.context(format!("step {step}")))?;
        if thorough {
            history.sound().await.map_err(|e| e.context(format!("after step {step}")))?;
        }
    }
    history.there_and_back().await?;
    // and whatever else stands can be taken back too
    while !history.merges.is_empty() {
        let at = history.random.below(history.merges.len());
        let id = history.merges.remove(at);
        History::refused(history.place.engine.undo_merge(&history.place.actor, id).await)?;
        if thorough {
            history.sound().await.map_err(|e| e.context(format!("after {id} was taken back at the end")))?;
        }
    }
    history.sound().await
}

#[test]
fn merges_of_random_histories_are_taken_back_without_a_trace() {
    let number = |name: &str| std::env::var(name).ok().and_then(|s| s.parse::<u64>().ok());
    let (only, from) = (number("ONEFOLD_SEED"), number("ONEFOLD_FIRST_SEED").unwrap_or(1));
    let asked = number("ONEFOLD_MERGE_HISTORIES");
    println!("seeds from {from}; ONEFOLD_SEED=N runs one, ONEFOLD_FIRST_SEED=N others");
    on_both(|place| async move {
        let count = asked.unwrap_or(HISTORIES[usize::from(!place.url.starts_with("sqlite"))]);
        let store = Store::open(&place.url).await?;
        for seed in from..from + count {
            if only.is_none_or(|only| only == seed) {
                history(&place, &store, seed, only.is_some()).await.map_err(|e| e.context(format!("seed {seed}")))?;
            }
        }
        store.close().await;
        Ok(())
    });
}
