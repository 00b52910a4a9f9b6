//! Which columns the contacts have, remembered in this browser.

use domain::contact::ContactField;
use domain::{CustomField, PersonField};
use leptos::prelude::*;

use crate::components::{ColumnMenu, ColumnOption, ShownColumns};

/// A column beside the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// A field of everyone.
    Person(PersonField),
    /// A field of the team's own.
    Custom(CustomField),
    /// The campaigns the person is in.
    Campaigns,
    /// The person's tags.
    Tags,
    /// When the contact was added.
    Added,
}

impl Column {
    /// What stands in the header.
    pub fn label(&self) -> String {
        match self {
            Column::Person(field) => field.label().to_owned(),
            Column::Custom(field) => field.name.clone(),
            Column::Campaigns => "Campaigns".to_owned(),
            Column::Tags => "Tags".to_owned(),
            Column::Added => "Added".to_owned(),
        }
    }

    /// When the column gives way: `p3` first, `p1` last.
    pub fn class(&self) -> &'static str {
        match self {
            Column::Person(PersonField::CompanyName) => "p2",
            Column::Person(PersonField::JobTitle) | Column::Tags => "p3",
            Column::Added => "p1 r",
            // Someone chose it: it stays, and the table scrolls.
            _ => "p1",
        }
    }

    fn word(&self) -> String {
        match self {
            Column::Person(field) => field.word().to_owned(),
            Column::Custom(field) => ContactField::Custom(field.id).to_string(),
            Column::Campaigns => "campaigns".to_owned(),
            Column::Tags => "tags".to_owned(),
            Column::Added => "added".to_owned(),
        }
    }

    /// Every column, in the order they are shown.
    fn all(fields: &[CustomField]) -> Vec<Column> {
        PersonField::ALL
            .iter()
            .filter(|field| !matches!(field, PersonField::Email | PersonField::FirstName | PersonField::LastName))
            .map(|&field| Column::Person(field))
            .chain([Column::Campaigns, Column::Tags])
            .chain(fields.iter().cloned().map(Column::Custom))
            .chain([Column::Added])
            .collect()
    }
}

/// The columns that are shown.
#[derive(Clone, Copy)]
pub struct Columns(ShownColumns);

impl Columns {
    /// Company, campaigns, tags and date at first.
    pub fn new() -> Self {
        Columns(ShownColumns::new("onefold.contacts.columns", &["companyName", "campaigns", "tags", "added"]))
    }

    /// The shown ones, in order, of a workspace with these fields.
    pub fn shown(&self, fields: &[CustomField]) -> Vec<Column> {
        Column::all(fields).into_iter().filter(|column| self.0.holds(&column.word())).collect()
    }
}

/// The popover with a box per column.
#[component]
pub fn ColumnChooser(columns: Columns, fields: Vec<CustomField>) -> impl IntoView {
    let all = Column::all(&fields);
    let first_own = all.iter().position(|column| matches!(column, Column::Custom(_)));
    let option = |(i, column): (usize, Column)| ColumnOption {
        word: column.word(),
        label: column.label(),
        heading: (first_own == Some(i)).then_some("Fields of your team"),
    };
    view! { <ColumnMenu columns=columns.0 options=all.into_iter().enumerate().map(option).collect()/> }
}
