//! The draft on this page: what the server last said of it, and the one way to change it.

use std::collections::{BTreeMap, VecDeque};

use domain::ids::ImportId;
use domain::import::{ColumnMapping, DraftChange, DraftView, ImportSummary, Target, UseCaseView, WizardStep};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::watch::{ImportWatch, use_import_watch};
use crate::Failure;
use crate::server_fns::imports::{change_draft, get_draft, run_import};

/// Something to be done on the server, in its turn.
enum Act {
    Change(DraftChange),
    Run,
}

/// A handle on the draft; every control of the wizard saves itself through it.
#[derive(Clone, Copy)]
pub struct Draft {
    /// Which import.
    pub id: ImportId,
    /// What the server last said.
    pub view: RwSignal<DraftView>,
    /// The sentence of the last refusal, until something works again.
    pub refused: RwSignal<Option<String>>,
    /// Whether the person has gone to another step on this page, so that focus must follow.
    pub moved: StoredValue<bool>,
    /// Whether something is on its way to the server.
    pub saving: RwSignal<bool>,
    /// Whether a file is on its way to the server.
    pub uploading: RwSignal<bool>,
    /// The use cases as they came with the page; taken by whoever shows them first.
    pub first_cases: StoredValue<Option<Vec<UseCaseView>>>,
    /// The summary as it came with the page.
    pub first_summary: StoredValue<Option<ImportSummary>>,
    /// The names of new variables that are being typed, by their columns.
    pub names: RwSignal<BTreeMap<usize, String>>,
    watch: ImportWatch,
    waiting: StoredValue<VecDeque<Act>>,
}

impl Draft {
    /// The handle on a draft as it was loaded.
    pub fn new(view: DraftView) -> Self {
        Draft {
            id: view.id,
            view: RwSignal::new(view),
            refused: RwSignal::new(None),
            moved: StoredValue::new(false),
            saving: RwSignal::new(false),
            uploading: RwSignal::new(false),
            first_cases: StoredValue::new(None),
            first_summary: StoredValue::new(None),
            names: RwSignal::new(BTreeMap::new()),
            watch: use_import_watch(),
            waiting: StoredValue::new(VecDeque::new()),
        }
    }

    /// Saves one choice, after those that are still on their way.
    pub fn save(self, change: DraftChange) {
        if let DraftChange::Tags(tags) = &change {
            // The next tag is added to these, and it may come before the answer does.
            self.view.update(|view| view.settings.tags.clone_from(tags));
        }
        self.put(Act::Change(change));
    }

    /// Sends a column somewhere; its rule for values that are there already stays.
    pub fn send_column(self, index: usize, target: Target) {
        let overwrite =
            self.view.with_untracked(|view| view.settings.columns.get(index).and_then(|column| column.overwrite));
        self.save(DraftChange::Column(index, ColumnMapping { target, overwrite }));
    }

    /// Takes the names that are still being typed: who goes on has chosen them, pressed Add or not.
    pub fn take_names(self) {
        let names = self.names.with_untracked(BTreeMap::clone);
        if names.is_empty() {
            return;
        }
        self.names.set(BTreeMap::new());
        for (index, name) in names {
            let name = name.trim();
            if !name.is_empty() {
                self.send_column(index, Target::Variable(name.to_owned()));
            }
        }
    }

    /// Ends the wizard, once everything before it is saved.
    pub fn run(self) {
        self.put(Act::Run);
    }

    /// Goes to a step at once and remembers it on the server.
    pub fn go(self, step: WizardStep) {
        self.moved.set_value(true);
        self.take_names();
        self.view.update(|view| view.step = step);
        self.save(DraftChange::Step(step));
    }

    /// Takes what the server said, unless the page is gone.
    pub fn replace(self, view: DraftView) {
        self.refused.try_set(None);
        self.view.try_set(view);
    }

    /// Asks the server for the draft as it stands.
    pub async fn reload(self) {
        match get_draft(self.id).await {
            Ok(view) => _ = self.view.try_set(view),
            Err(failure) => _ = self.refused.try_set(Some(failure.to_string())),
        }
    }

    fn put(self, act: Act) {
        self.waiting.update_value(|waiting| waiting.push_back(act));
        if self.saving.get_untracked() {
            return;
        }
        self.saving.set(true);
        spawn_local(async move {
            while let Some(act) = self.waiting.try_update_value(VecDeque::pop_front).flatten() {
                match self.send(act).await {
                    // An answer that does not know of the choices still waiting would turn their controls back.
                    Ok(view) if self.waiting.try_with_value(VecDeque::is_empty) == Some(true) => self.replace(view),
                    Ok(_) => {}
                    Err(failure) => {
                        self.waiting.try_update_value(VecDeque::clear);
                        self.reload().await;
                        self.refused.try_set(Some(failure.to_string()));
                    }
                }
            }
            self.saving.try_set(false);
        });
    }

    async fn send(self, act: Act) -> Result<DraftView, Failure> {
        match act {
            Act::Change(change) => change_draft(self.id, change).await,
            Act::Run => {
                let watch = self.watch;
                run_import(self.id).await?;
                watch.start(self.id);
                get_draft(self.id).await
            }
        }
    }
}
