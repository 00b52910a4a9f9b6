//! Which columns the lead list shows, remembered in this browser.

use domain::PersonField;
use domain::import::Target;
use leptos::prelude::*;

use crate::components::{ColumnMenu, ColumnOption, ShownColumns};

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

/// The columns that are shown.
#[derive(Clone, Copy)]
pub struct Columns(ShownColumns);

impl Columns {
    /// Company, title and date at first.
    pub fn new() -> Self {
        Columns(ShownColumns::new("onefold.columns", &["field:companyName", "field:jobTitle", "added"]))
    }

    /// The shown ones, in order, of a campaign with these variables.
    pub fn shown(&self, variables: &[String]) -> Vec<Column> {
        Column::all(variables).into_iter().filter(|column| self.0.holds(&column.word())).collect()
    }
}

/// The popover with a box per column.
#[component]
pub fn ColumnChooser(columns: Columns, variables: Vec<String>) -> impl IntoView {
    let all = Column::all(&variables);
    let first_variable = all.iter().position(|column| matches!(column, Column::Value(Target::Variable(_))));
    let option = |(i, column): (usize, Column)| ColumnOption {
        word: column.word(),
        label: column.label(),
        heading: (first_variable == Some(i)).then_some("Variables of this campaign"),
    };
    view! { <ColumnMenu columns=columns.0 options=all.into_iter().enumerate().map(option).collect()/> }
}
