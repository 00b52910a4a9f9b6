//! Which columns the lead list shows, remembered in this browser.

use std::str::FromStr;

use domain::PersonField;
use domain::import::Target;
use leptos::prelude::*;

use crate::components::{Icon, Menu};

/// A column beside name and status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// A field of the person, or a variable of the campaign.
    Value(Target),
    /// The person's tags.
    Tags,
    /// When the lead was added.
    Added,
}

impl Column {
    /// What stands in the header.
    pub fn label(&self) -> String {
        match self {
            Column::Value(target) => target.label(),
            Column::Tags => "Tags".to_owned(),
            Column::Added => "Added".to_owned(),
        }
    }

    /// When the column gives way: `p3` first, `p1` last.
    pub fn class(&self) -> &'static str {
        match self {
            Column::Value(Target::Field(PersonField::CompanyName)) => "p2",
            Column::Value(Target::Field(PersonField::JobTitle)) => "p3",
            Column::Added => "p1 r",
            // Someone chose it: it stays, and the table scrolls.
            _ => "p1",
        }
    }

    fn word(&self) -> String {
        match self {
            Column::Value(target) => target.to_string(),
            Column::Tags => "tags".to_owned(),
            Column::Added => "added".to_owned(),
        }
    }

    /// Every column of a campaign with these variables, in the order they are shown.
    fn all(variables: &[String]) -> Vec<Column> {
        PersonField::ALL
            .iter()
            .filter(|field| !matches!(field, PersonField::Email | PersonField::FirstName | PersonField::LastName))
            .map(|&field| Column::Value(Target::Field(field)))
            .chain(variables.iter().map(|name| Column::Value(Target::Variable(name.clone()))))
            .chain([Column::Tags, Column::Added])
            .collect()
    }
}

impl FromStr for Column {
    type Err = domain::UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "tags" => Ok(Column::Tags),
            "added" => Ok(Column::Added),
            _ => text.parse().map(Column::Value),
        }
    }
}

const KEY: &str = "onefold.columns";

/// The columns that are shown.
#[derive(Clone, Copy)]
pub struct Columns(RwSignal<Vec<Column>>);

impl Columns {
    /// Company, title and date at first; what this browser remembers once the script runs.
    pub fn new() -> Self {
        let shown = RwSignal::new(vec![
            Column::Value(Target::Field(PersonField::CompanyName)),
            Column::Value(Target::Field(PersonField::JobTitle)),
            Column::Added,
        ]);
        Effect::new(move |_| {
            let stored = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
            if let Some(stored) = stored {
                shown.set(stored.lines().filter_map(|word| word.parse().ok()).collect());
            }
        });
        Columns(shown)
    }

    /// The shown ones, in order, of a campaign with these variables.
    pub fn shown(&self, variables: &[String]) -> Vec<Column> {
        self.0.with(|shown| Column::all(variables).into_iter().filter(|column| shown.contains(column)).collect())
    }

    fn set(&self, column: &Column, on: bool) {
        self.0.update(|shown| {
            shown.retain(|known| known != column);
            if on {
                shown.push(column.clone());
            }
        });
        let words: Vec<_> = self.0.with_untracked(|shown| shown.iter().map(Column::word).collect());
        if let Some(storage) = storage() {
            let _ = storage.set_item(KEY, &words.join("\n"));
        }
    }
}

fn storage() -> Option<leptos::web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The popover with a box per column.
#[component]
pub fn ColumnChooser(columns: Columns, variables: Vec<String>) -> impl IntoView {
    let all = Column::all(&variables);
    let first_variable = all.iter().position(|column| matches!(column, Column::Value(Target::Variable(_))));
    let count = all.len();
    let text = move || {
        let shown = columns.shown(&variables).len();
        view! { <Icon name="columns"/>"Columns "<span class="num">{format!("{shown}/{count}")}</span> }
    };
    let line = move |(i, column): (usize, Column)| {
        let label = column.label();
        let known = column.clone();
        view! {
            {(first_variable == Some(i)).then(|| view! { <li class="heading">"Variables of this campaign"</li> })}
            <li>
                <label class="item">
                    <input
                        type="checkbox"
                        prop:checked=move || columns.0.with(|shown| shown.contains(&known))
                        on:change=move |event| columns.set(&column, event_target_checked(&event))
                    />
                    {label}
                </label>
            </li>
        }
    };
    view! {
        <Menu id="columns" class="btn sm desktop-only" text=move || text().into_any() popover_class="wide">
            <ul aria-label="Columns">{all.into_iter().enumerate().map(line).collect_view()}</ul>
        </Menu>
    }
}
