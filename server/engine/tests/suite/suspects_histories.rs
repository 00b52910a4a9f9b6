//! Whatever happens to people, what is listed is what a full scan lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::PersonField;
use domain::contact::{ContactChange, ContactField, ContactSelection};
use domain::ids::{ChangeId, ContactId, ImportId, MergeId};
use domain::merge::MergeChoices;
use domain::suspect::Band;
use store::{Store, contacts};

use crate::support::{Place, Random, on_both};
use crate::suspects::{names, open, word, work};

/// Spellings that share the block of a name, and other names. Whoever has one is by far not the only one.
const NAMES: [(&str, &str); 6] = [
    ("Thomas", "Müller"),
    ("Thomas", "Mueller"),
    ("Martin", "Thomas"),
    ("Thomas", "Martin"),
    ("Aoife", "Zawadzki"),
    ("Sanne", "Lindgren"),
];

type Listed = (BTreeMap<[String; 2], Band>, Vec<(String, u64)>);

async fn listed(place: &Place) -> anyhow::Result<Listed> {
    work(place).await?;
    let pairs = open(place).await?.into_iter().map(|(emails, pair)| (emails, pair.band)).collect();
    Ok((pairs, names(place).await?))
}

/// What has happened so far, and what can be taken back of it.
struct History<'a> {
    place: &'a Place,
    random: Random,
    people: usize,
    deletions: Vec<ChangeId>,
    imports: Vec<ImportId>,
    merges: Vec<MergeId>,
}

impl History<'_> {
    async fn anyone(&mut self) -> anyhow::Result<Option<ContactId>> {
        let store = Store::open(&self.place.url).await?;
        let mut tx = store.read().await?;
        let all = contacts::after(&mut tx, self.place.actor.workspace, ContactId(0), 10_000).await?;
        let ids: Vec<ContactId> = all.iter().map(|contact| contact.id).collect();
        let live = contacts::live(&mut tx, self.place.actor.workspace, &ids).await?;
        drop(tx);
        store.close().await;
        Ok((!live.is_empty()).then(|| self.random.one(&live)))
    }

    /// New people; one in four comes twice, with so much in common that nobody could doubt it.
    async fn come(&mut self) -> anyhow::Result<()> {
        let mut file = String::from("email,first name,last name,company,phone,dob,city\n");
        let (first, last) = self.random.one(&NAMES);
        for _ in 0..=self.random.below(9) {
            self.people += 1;
            let n = self.people;
            let day = format!("{}-{:02}-{:02}", 1950 + n % 50, 1 + n % 12, 1 + n % 28);
            let rest = format!("{first},{last},{},+46 8 {},{day},{}", word(n), 500_000 + n * 37, word(n + 50_000));
            file += &format!("p{n}@{}.example,{rest}\n", word(n));
            if self.random.chance(25) {
                file += &format!("q{n}@{}.example,{rest}\n", word(n + 90_000));
            }
        }
        let import = self.place.draft(None, &file, |_| {}).await?;
        self.place.engine.run_import_now(&self.place.actor, import).await?;
        self.imports.push(import);
        Ok(())
    }

    async fn step(&mut self) -> anyhow::Result<()> {
        let (engine, actor) = (&self.place.engine, &self.place.actor);
        match self.random.below(12) {
            0..5 => self.come().await?,
            5 | 6 => {
                let Some(who) = self.anyone().await? else { return Ok(()) };
                let these = ContactSelection::Ids(vec![who]);
                self.deletions.push(engine.change_contacts(actor, these, ContactChange::Delete).await?.change);
            }
            7 => {
                if let Some(change) = self.deletions.pop() {
                    engine.undo_contact_change(actor, change).await?;
                }
            }
            8 => {
                let Some(who) = self.anyone().await? else { return Ok(()) };
                let last = self.random.one(&NAMES).1;
                engine.edit_contact(actor, who, ContactField::Person(PersonField::LastName), last).await?;
            }
            9 => {
                let (Some(a), Some(b)) = (self.anyone().await?, self.anyone().await?) else { return Ok(()) };
                if let Ok(merged) = engine.merge(actor, a, b, &MergeChoices::default()).await {
                    self.merges.push(merged.id);
                }
            }
            10 => {
                if let Some(merge) = self.merges.pop() {
                    // whoever was deleted since has to come back first
                    drop(engine.undo_merge(actor, merge).await);
                }
            }
            _ => {
                if let Some(import) = self.imports.pop() {
                    engine.undo_import_now(actor, import).await?;
                }
            }
        }
        if self.random.chance(60) {
            work(self.place).await?;
        }
        Ok(())
    }
}

#[test]
fn after_any_history_a_full_scan_lists_nothing_else() {
    on_both(|place: Arc<Place>| async move {
        for seed in 1..=4 {
            let mut history = History {
                place: &place,
                random: Random::new(seed),
                people: usize::try_from(seed)? * 1_000,
                deletions: Vec::new(),
                imports: Vec::new(),
                merges: Vec::new(),
            };
            for step in 0..30 {
                history.step().await.map_err(|e| e.context(format!("seed {seed}, step {step}")))?;
            }
            let found = listed(&place).await?;
            place.sound().await?;
            place.engine.scan_now(&place.actor).await?;
            let scanned = listed(&place).await?;
            for (emails, band) in &scanned.0 {
                assert_eq!(found.0.get(emails), Some(band), "seed {seed}: {emails:?} is listed by the scan");
            }
            for (emails, band) in &found.0 {
                assert!(scanned.0.contains_key(emails), "seed {seed}: {emails:?} {band:?} is not listed by the scan");
            }
            assert_eq!(found.1, scanned.1, "seed {seed}");
        }
        Ok(())
    });
}
