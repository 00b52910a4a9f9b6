//! What the page has in hand: staged decisions, the entry that is open, and the last decision, to take it back.

use std::collections::HashMap;

use domain::Act;
use domain::ids::ContactId;
use domain::merge::MergeChoices;
use domain::suspect::{Decided, Decision};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Toasts, use_toasts};
use crate::format::{counted, num};
use crate::server_fns::duplicates::{decide_suspects, merge_obvious, take_back_decisions};
use crate::state::{Refresh, use_refresh, use_session};

/// A decision that waits to be saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Staged {
    /// The entry it is about, or `entry:pair` for one pair of a cluster.
    pub key: String,
    /// What it says, for the list: “Merge Ann Lee”.
    pub words: String,
    /// The decision.
    pub decision: Decision,
    /// Why it could not be done, once that was tried.
    pub refused: Option<String>,
}

impl Staged {
    /// Whether this decides something that is decided by `key` too: the same pair, or an entry and one of its pairs.
    fn is_about(&self, key: &str) -> bool {
        let within = |part: &str, whole: &str| part.strip_prefix(whole).is_some_and(|rest| rest.starts_with(':'));
        self.key == key || within(&self.key, key) || within(key, &self.key)
    }

    /// What was said against it, if anything.
    fn answer(&self, decided: &Decided) -> Option<String> {
        let has = |first: ContactId, second: ContactId| match &self.decision {
            Decision::Merge(pairs) => pairs.iter().any(|pair| (pair.first, pair.second) == (first, second)),
            Decision::Separate(pairs) => pairs.contains(&(first, second)),
            Decision::KeepNamesakes(_) => false,
        };
        decided.refused.iter().find(|refused| has(refused.first, refused.second)).map(|refused| refused.why.clone())
    }
}

/// Staged decisions of the whole app: they outlive the page, until they are saved or discarded.
#[derive(Clone, Copy)]
pub struct StagedDecisions(RwSignal<Vec<Staged>>);

impl StagedDecisions {
    /// One for the whole app, in context. The browser asks before it leaves while some are not saved.
    pub fn provide() {
        let staged = RwSignal::new(Vec::<Staged>::new());
        provide_context(StagedDecisions(staged));
        Effect::new(move |_| {
            let listener = window_event_listener(ev::beforeunload, move |event| {
                if staged.with_untracked(|staged| !staged.is_empty()) {
                    event.prevent_default();
                }
            });
            on_cleanup(move || listener.remove());
        });
    }
}

/// What was picked for a pair in its preview.
type Picked = HashMap<(ContactId, ContactId), ArcRwSignal<MergeChoices>>;

/// The desk of one page, in context.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Whether decisions are staged instead of done at once.
    pub stages: RwSignal<bool>,
    /// What waits to be saved.
    pub staged: RwSignal<Vec<Staged>>,
    /// The entry whose preview is open.
    pub open: RwSignal<Option<String>>,
    /// What was decided last, for the key `u`.
    pub last: RwSignal<Option<Decided>>,
    /// Something is being saved.
    pub busy: RwSignal<bool>,
    /// Why the member may not decide, if so.
    pub refusal: StoredValue<Option<String>>,
    picked: StoredValue<Picked>,
    toasts: Toasts,
    refresh: Refresh,
}

impl Desk {
    /// A clean desk, in context.
    pub fn provide() -> Desk {
        let desk = Desk {
            stages: RwSignal::new(false),
            staged: expect_context::<StagedDecisions>().0,
            open: RwSignal::new(None),
            last: RwSignal::new(None),
            busy: RwSignal::new(false),
            refusal: StoredValue::new(use_session().refusal(Act::HandleDuplicates)),
            picked: StoredValue::new(HashMap::new()),
            toasts: use_toasts(),
            refresh: use_refresh(),
        };
        provide_context(desk);
        desk
    }

    /// Whether nothing may be decided now.
    pub fn off(self) -> bool {
        self.busy.get() || self.refusal.with_value(Option::is_some)
    }

    /// Decides: at once, or staged where the member stages.
    pub fn decide(self, key: String, words: String, decision: Decision) {
        if self.refusal.with_value(Option::is_some) {
            return;
        }
        if self.stages.get_untracked() {
            self.staged.update(|staged| {
                staged.retain(|other| !other.is_about(&key));
                staged.push(Staged { key, words, decision, refused: None });
            });
        } else {
            self.run(Saved::AtOnce, async move { decide_suspects(vec![decision]).await });
        }
    }

    /// What was picked for a pair; kept while the list is read again.
    pub fn picked(self, first: ContactId, second: ContactId) -> RwSignal<MergeChoices> {
        self.picked
            .try_update_value(|picked| picked.entry((first, second)).or_default().clone())
            .unwrap_or_default()
            .into()
    }

    /// Takes a decision off the desk.
    pub fn unstage(self, key: &str) {
        self.staged.update(|staged| staged.retain(|other| other.key != key));
    }

    /// What is staged for an entry and its pairs.
    pub fn staged_for(self, key: &str) -> Vec<Staged> {
        self.staged.with(|staged| staged.iter().filter(|staged| staged.is_about(key)).cloned().collect())
    }

    /// Saves what is staged.
    pub fn save_staged(self) {
        let decisions = self.staged.with_untracked(|staged| staged.iter().map(|s| s.decision.clone()).collect());
        self.run(Saved::Staged, async move { decide_suspects(decisions).await });
    }

    /// Merges all obvious entries, as many as were shown.
    pub fn merge_obvious(self, expected: u64) {
        self.run(Saved::AtOnce, async move { merge_obvious(expected).await });
    }

    fn run(self, saved: Saved, work: impl Future<Output = Result<Decided, crate::Failure>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let Desk { toasts, refresh, .. } = self;
        spawn_local(async move {
            match work.await {
                Ok(decided) => {
                    self.settle(&decided, saved);
                    say(toasts, refresh, &decided);
                }
                Err(failure) => toasts.fail(&failure),
            }
            refresh.ring();
            self.busy.try_set(false);
        });
    }

    /// Puts away what is done. What was refused of the staged decisions stays, with the reason.
    fn settle(self, decided: &Decided, saved: Saved) {
        if saved == Saved::Staged {
            self.staged.try_update(|staged| {
                staged.retain_mut(|staged| {
                    staged.refused = staged.answer(decided);
                    staged.refused.is_some()
                });
            });
        }
        self.picked.try_update_value(HashMap::clear);
        self.open.try_set(None);
        self.last.try_set(Some(decided.clone()));
    }

    /// Takes the last decision back.
    pub fn undo(self) {
        if let Some(decided) = self.last.get_untracked() {
            self.last.set(None);
            take_back(self.toasts, self.refresh, decided);
        }
    }
}

/// Which decisions are being saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saved {
    /// One that was made just now.
    AtOnce,
    /// Those that were staged.
    Staged,
}

/// The desk of the page around.
pub fn use_desk() -> Desk {
    expect_context()
}

/// Says what was decided, with the way back.
fn say(toasts: Toasts, refresh: Refresh, decided: &Decided) {
    let mut done = Vec::new();
    if decided.merged > 0 {
        done.push(match decided.merged {
            1 => "Merged into one contact".to_owned(),
            n => format!("{} contacts merged into others", num(n)),
        });
    }
    if !decided.separated.is_empty() {
        done.push(counted(decided.separated.len() as u64, "pair kept apart", "pairs kept apart"));
    }
    if !decided.namesakes.is_empty() {
        done.push("People of one name kept apart".to_owned());
    }
    let refused = decided.refused.first().map(|why| match decided.refused.len() {
        1 => format!(" Not done: {}", why.why),
        n => format!(" {} were not done, the first because: {}", num(n as u64), why.why),
    });
    let text = format!("{}.{}", done.join(", "), refused.unwrap_or_default());
    if done.is_empty() {
        return toasts.say(text.trim_start_matches('.').trim().to_owned());
    }
    let decided = decided.clone();
    toasts.offer(text, "Undo", move || take_back(toasts, refresh, decided.clone()));
}

fn take_back(toasts: Toasts, refresh: Refresh, decided: Decided) {
    spawn_local(async move {
        match take_back_decisions(decided).await {
            Ok(back) => {
                let kept = match back.kept.len() {
                    0 => String::new(),
                    1 => format!(" One thing was kept as it is: {}", back.kept[0]),
                    n => format!(" {} things were kept as they are, the first: {}", num(n as u64), back.kept[0]),
                };
                toasts
                    .say(format!("Taken back: {}.{kept}", counted(back.merges + back.pairs, "decision", "decisions")));
            }
            Err(failure) => toasts.fail(&failure),
        }
        refresh.ring();
    });
}
