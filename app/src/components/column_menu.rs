use leptos::prelude::*;

use super::{Icon, Menu};

/// The words of the columns that a list shows, remembered in this browser.
#[derive(Clone, Copy)]
pub struct ShownColumns {
    key: &'static str,
    words: RwSignal<Vec<String>>,
}

impl ShownColumns {
    /// These at first; what this browser remembers under `key` once the script runs.
    pub fn new(key: &'static str, first: &[&str]) -> Self {
        let words = RwSignal::new(first.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        Effect::new(move |_| {
            let stored = storage().and_then(|storage| storage.get_item(key).ok().flatten());
            if let Some(stored) = stored {
                words.set(stored.lines().map(str::to_owned).collect());
            }
        });
        ShownColumns { key, words }
    }

    /// Whether a column is shown.
    pub fn holds(&self, word: &str) -> bool {
        self.words.with(|words| words.iter().any(|known| known == word))
    }

    fn set(&self, word: &str, on: bool) {
        self.words.update(|words| {
            words.retain(|known| known != word);
            if on {
                words.push(word.to_owned());
            }
        });
        if let Some(storage) = storage() {
            let _ = storage.set_item(self.key, &self.words.with_untracked(|words| words.join("\n")));
        }
    }
}

fn storage() -> Option<leptos::web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// One column to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnOption {
    /// Its word.
    pub word: String,
    /// What stands in its head.
    pub label: String,
    /// A heading above it, where a group begins.
    pub heading: Option<&'static str>,
}

/// The popover with a box per column.
#[component]
pub fn ColumnMenu(columns: ShownColumns, options: Vec<ColumnOption>) -> impl IntoView {
    let count = options.len();
    let words: Vec<String> = options.iter().map(|option| option.word.clone()).collect();
    let text = move || {
        let shown = words.iter().filter(|word| columns.holds(word)).count();
        view! { <Icon name="columns"/>"Columns "<span class="num">{format!("{shown}/{count}")}</span> }
    };
    let line = move |ColumnOption { word, label, heading }: ColumnOption| {
        let known = word.clone();
        view! {
            {heading.map(|heading| view! { <li class="heading">{heading}</li> })}
            <li>
                <label class="item">
                    <input
                        type="checkbox"
                        prop:checked=move || columns.holds(&known)
                        on:change=move |event| columns.set(&word, event_target_checked(&event))
                    />
                    {label}
                </label>
            </li>
        }
    };
    view! {
        <Menu id="columns" class="btn sm desktop-only" text=move || text().into_any() popover_class="wide">
            <ul aria-label="Columns">{options.into_iter().map(line).collect_view()}</ul>
        </Menu>
    }
}
