//! Fields of the team's own, and where a value came from.

mod value;

use std::collections::BTreeMap;

pub use value::{VALUE_CHARACTERS, join_choices, plain_value, refusal, split_choices, unusable};

use serde::{Deserialize, Serialize};

use crate::ids::FieldId;
use crate::words::words;

words! {
    /// What a custom field holds.
    FieldKind, "field type", {
        /// Any text.
        Text = "text",
        /// A number.
        Number = "number",
        /// A day, kept as `YYYY-MM-DD`.
        Date = "date",
        /// `yes` or `no`.
        YesNo = "yesNo",
        /// One of a list.
        Choice = "choice",
        /// Any of a list, kept joined by `; `.
        Choices = "choices",
        /// A web address.
        Url = "url",
    }
}

impl FieldKind {
    /// What a person calls it on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            FieldKind::Text => "Text",
            FieldKind::Number => "Number",
            FieldKind::Date => "Date",
            FieldKind::YesNo => "Yes or no",
            FieldKind::Choice => "Single choice",
            FieldKind::Choices => "Multiple choice",
            FieldKind::Url => "URL",
        }
    }

    /// Whether it takes a list of options.
    pub const fn has_options(self) -> bool {
        matches!(self, FieldKind::Choice | FieldKind::Choices)
    }

    /// Whether it has so few values that it can never say who someone is (B16).
    pub const fn is_few_valued(self) -> bool {
        matches!(self, FieldKind::YesNo | FieldKind::Choice | FieldKind::Choices)
    }
}

/// A field of the team's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomField {
    /// Its id: values are kept by it, so that it can be renamed.
    pub id: FieldId,
    /// What the team calls it.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// The options of a choice field.
    pub options: Vec<String>,
}

/// The team's own fields, and those that were removed lately.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldUse {
    /// The fields, oldest first.
    pub fields: Vec<CustomField>,
    /// The fields that can come back, with the moment they were removed, newest first.
    pub removed: Vec<(CustomField, i64)>,
}

/// The custom values of one contact; a field that is not there is not known.
pub type CustomValues = BTreeMap<FieldId, String>;

words! {
    /// By which way something came in (B1).
    SourceKind, "source", {
        /// A file.
        Import = "import",
        /// A registration form.
        Form = "form",
        /// Someone typed it.
        Manual = "manual",
        /// A program.
        Api = "api",
        /// Another contact that was merged in.
        Merge = "merge",
    }
}

/// Where a value came from: which way, and which import, form, user or merged contact. A value that a merge brought
/// keeps the age of the contact it came with, so that merging several in any order ends with the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The way.
    pub kind: SourceKind,
    /// The number of the import, form, user or merged contact.
    pub id: i64,
    /// When it came in, Unix milliseconds; by a merge: when the contact did that it came with.
    pub at: i64,
}

/// Where values came from that did not come with the contact itself; by the word of a person field, or a custom
/// field's id.
pub type Origins = BTreeMap<String, Origin>;
