//! The use cases with what each would do to this file: loaded once with the page, then again after each choice that
//! matters to them, without taking the controls away.

use domain::import::{DraftView, UseCaseKind, UseCaseView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::Draft;
use crate::Failure;
use crate::components::{FailureBanner, Icon};
use crate::format::num;
use crate::server_fns::imports::use_cases;

/// The cleaning rule that stands in step 2.
pub const TRIM: &str = "trim";

/// The use cases as last loaded.
#[derive(Clone, Copy)]
pub struct UseCases(RwSignal<Vec<UseCaseView>>);

impl UseCases {
    /// Their names, in the registry's order; they do not change while the page is open.
    pub fn ids(self) -> Vec<String> {
        self.0.with_untracked(|cases| cases.iter().map(|case| case.id.clone()).collect())
    }

    /// Reads something of one of them.
    pub fn read<T>(self, id: &str, read: impl FnOnce(&UseCaseView) -> T) -> Option<T> {
        self.0.with(|cases| cases.iter().find(|case| case.id == id).map(read))
    }

    /// Reads something of one of them that does not change while the page is open.
    pub fn read_untracked<T>(self, id: &str, read: impl FnOnce(&UseCaseView) -> T) -> Option<T> {
        self.0.with_untracked(|cases| cases.iter().find(|case| case.id == id).map(read))
    }

    /// Which of the four kinds one is.
    pub fn kind(self, id: &str) -> Option<UseCaseKind> {
        self.read_untracked(id, |case| case.kind)
    }

    /// What one is called.
    pub fn title(self, id: &str) -> Option<String> {
        self.read_untracked(id, |case| case.title.clone())
    }

    /// How much one would change.
    pub fn effect(self, id: &str) -> Option<String> {
        self.read(id, |case| match case.changed {
            0 => format!("Changes nothing in the first {} rows.", num(case.of)),
            n => format!("Changes {} of the first {} rows.", num(n), num(case.of)),
        })
    }
}

/// Hands the use cases to its children: those that came with the page, or as soon as they are loaded.
#[component]
pub fn UseCaseLoader<F, V>(draft: Draft, children: F) -> impl IntoView
where
    F: Fn(UseCases) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let first = draft.first_cases.try_update_value(Option::take).flatten();
    let loaded = RwSignal::new(first.is_some());
    let cases = UseCases(RwSignal::new(first.unwrap_or_default()));
    let refused = RwSignal::new(None::<Failure>);
    keep_fresh(draft, cases, loaded, refused);
    move || match (refused.get(), loaded.get()) {
        (Some(failure), _) => view! { <FailureBanner failure/> }.into_any(),
        (None, true) => children(cases).into_any(),
        (None, false) => view! { <p class="hint">"Looking at the first rows…"</p> }.into_any(),
    }
}

/// Asks when there are none yet, and again whenever a choice was saved that changes what they would do.
fn keep_fresh(draft: Draft, cases: UseCases, loaded: RwSignal<bool>, refused: RwSignal<Option<Failure>>) {
    let matters = |view: &DraftView| {
        let settings = &view.settings;
        (settings.columns.clone(), settings.use_cases.clone(), settings.trim, settings.first_filled.clone())
    };
    let chosen = Memo::new(move |_| draft.view.with(matters));
    let turn = StoredValue::new(0_u64);
    Effect::new(move |before: Option<()>| {
        // Read, not only tracked: a memo that nobody read follows nothing itself.
        chosen.with(|_| ());
        if before.is_none() && loaded.get_untracked() {
            return;
        }
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        spawn_local(async move {
            let answer = use_cases(draft.id).await;
            if turn.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(list) => {
                    if refused.with_untracked(Option::is_some) {
                        refused.set(None);
                    }
                    cases.0.set(list);
                    if !loaded.get_untracked() {
                        loaded.set(true);
                    }
                }
                Err(failure) => refused.set(Some(failure)),
            }
        });
    });
}

/// Values before and after.
#[component]
pub fn Examples(cases: UseCases, #[prop(into)] id: String) -> impl IntoView {
    move || {
        let examples = cases.read(&id, |case| case.examples.clone()).unwrap_or_default();
        let lines = examples
            .into_iter()
            .map(|example| {
                view! {
                    <li>
                        <span class="b"><Spaced text=example.before/></span>
                        <Icon name="arrow-right"/>
                        <ins><span class="sr">"becomes "</span>{example.after}</ins>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="ba" aria-label="Examples">{lines}</ul> }
    }
}

/// A value with its odd spaces made visible: those around it, doubled ones, and every invisible character.
#[component]
fn Spaced(text: String) -> impl IntoView {
    parts(&text)
        .into_iter()
        .map(|part| match part {
            Part::Plain(text) => text.into_any(),
            Part::Odd(n) => view! { <span class="sp">{"\u{a0}".repeat(n)}</span> }.into_any(),
        })
        .collect_view()
}

#[derive(Debug, PartialEq)]
enum Part {
    Plain(String),
    Odd(usize),
}

fn parts(text: &str) -> Vec<Part> {
    let letters: Vec<char> = text.chars().collect();
    let (mut parts, mut plain, mut at) = (Vec::new(), String::new(), 0);
    while at < letters.len() {
        let run = letters[at..].iter().take_while(|c| is_blank(**c)).count();
        let edge = at == 0 || at + run == letters.len();
        if run == 0 || (run == 1 && letters[at] == ' ' && !edge) {
            plain.push(letters[at]);
            at += 1;
            continue;
        }
        if !plain.is_empty() {
            parts.push(Part::Plain(std::mem::take(&mut plain)));
        }
        parts.push(Part::Odd(run));
        at += run;
    }
    if !plain.is_empty() {
        parts.push(Part::Plain(plain));
    }
    parts
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_spaces_are_found_and_plain_ones_left() {
        let plain = |text: &str| Part::Plain(text.to_owned());
        assert_eq!(parts("Ann Lee"), [plain("Ann Lee")]);
        assert_eq!(parts("  Ann  Lee "), [Part::Odd(2), plain("Ann"), Part::Odd(2), plain("Lee"), Part::Odd(1)]);
        assert_eq!(parts("a\u{200b}b"), [plain("a"), Part::Odd(1), plain("b")]);
        assert_eq!(parts(""), []);
    }
}
