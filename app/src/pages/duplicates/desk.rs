//! What the page has in hand: staged decisions, the entry that is open, and the last decision, to take it back.

use domain::Act;
use domain::suspect::{Decided, Decision};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Toasts, use_toasts};
use crate::format::{counted, num};
use crate::server_fns::duplicates::{decide_suspects, merge_obvious, take_back_decisions};
use crate::state::{Refresh, use_refresh, use_session};

/// A decision that waits to be saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Staged {
    /// The entry it is about.
    pub key: String,
    /// What it says, for the list: “Merge Ann Lee”.
    pub words: String,
    /// The decision.
    pub decision: Decision,
}

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
    toasts: Toasts,
    refresh: Refresh,
}

impl Desk {
    /// A clean desk, in context.
    pub fn provide() -> Desk {
        let desk = Desk {
            stages: RwSignal::new(false),
            staged: RwSignal::new(Vec::new()),
            open: RwSignal::new(None),
            last: RwSignal::new(None),
            busy: RwSignal::new(false),
            refusal: StoredValue::new(use_session().refusal(Act::HandleDuplicates)),
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
                staged.retain(|other| other.key != key);
                staged.push(Staged { key, words, decision });
            });
        } else {
            self.save(vec![decision]);
        }
    }

    /// Takes an entry's decision off the desk.
    pub fn unstage(self, key: &str) {
        self.staged.update(|staged| staged.retain(|other| other.key != key));
    }

    /// The decision staged for an entry, in words.
    pub fn staged_words(self, key: &str) -> Option<String> {
        self.staged.with(|staged| staged.iter().find(|s| s.key == key).map(|s| s.words.clone()))
    }

    /// Saves what is staged.
    pub fn save_staged(self) {
        let decisions = self.staged.with_untracked(|staged| staged.iter().map(|s| s.decision.clone()).collect());
        self.save(decisions);
    }

    fn save(self, decisions: Vec<Decision>) {
        self.run(async move { decide_suspects(decisions).await });
    }

    /// Merges all obvious entries, as many as were shown.
    pub fn merge_obvious(self, expected: u64) {
        self.run(async move { merge_obvious(expected).await });
    }

    fn run(self, work: impl Future<Output = Result<Decided, crate::Failure>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let Desk { toasts, refresh, .. } = self;
        spawn_local(async move {
            match work.await {
                Ok(decided) => {
                    self.staged.try_set(Vec::new());
                    self.open.try_set(None);
                    self.last.try_set(Some(decided.clone()));
                    say(toasts, refresh, &decided);
                }
                Err(failure) => toasts.fail(&failure),
            }
            refresh.ring();
            self.busy.try_set(false);
        });
    }

    /// Takes the last decision back.
    pub fn undo(self) {
        if let Some(decided) = self.last.get_untracked() {
            self.last.set(None);
            take_back(self.toasts, self.refresh, decided);
        }
    }
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
        1 => format!(" Not done: {why}"),
        n => format!(" {} were not done, the first because: {why}", num(n as u64)),
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
                    n => format!(" {n} things were kept as they are, the first: {}", back.kept[0]),
                };
                toasts
                    .say(format!("Taken back: {}.{kept}", counted(back.merges + back.pairs, "decision", "decisions")));
            }
            Err(failure) => toasts.fail(&failure),
        }
        refresh.ring();
    });
}
