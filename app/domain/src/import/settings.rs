//! What a person chose in the wizard: kept on the server as the draft, and frozen with the import.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::identifiers::{effective_identifiers, group_problem, usual_identifiers};
use crate::ids::FieldId;
use crate::policy::{DeletedRows, SuppressedRows};
use crate::words::words;
use crate::{CustomField, DuplicatePolicy, ImportMode, LeadStatus, Outcome, Overwrite, PersonField, UnknownWord};

words! {
    /// The four steps of the wizard (A24).
    WizardStep, "step", {
        /// 1/4: mode and file.
        Upload = "upload",
        /// 2/4: columns to fields.
        Fields = "fields",
        /// 3/4: use cases that tidy or fill columns.
        Cleaning = "cleaning",
        /// 4/4: manage duplicates.
        Duplicates = "duplicates",
    }
}

impl WizardStep {
    /// What stands beside the number.
    pub const fn label(self) -> &'static str {
        match self {
            WizardStep::Upload => "Upload",
            WizardStep::Fields => "Fields",
            WizardStep::Cleaning => "Cleaning and AI",
            WizardStep::Duplicates => "Duplicates",
        }
    }

    /// From 1 to 4.
    pub const fn number(self) -> usize {
        self as usize + 1
    }
}

/// Where the values of a column go. In text: `skip`, `fullName`, `tags`, `field:email`,
/// `variable:icebreaker`, `custom:fld_7`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Target {
    /// Nowhere.
    Skip,
    /// A field of the person.
    Field(PersonField),
    /// A whole name, split into first and last on the way in.
    FullName,
    /// Tags, separated by commas or semicolons.
    Tags,
    /// A variable of the campaign, by name.
    Variable(String),
    /// A field of the team's own.
    Custom(FieldId),
}

impl Target {
    /// What a person calls it on the screen.
    pub fn label(&self) -> String {
        match self {
            Target::Skip => "Don’t import".to_owned(),
            Target::Field(field) => field.label().to_owned(),
            Target::FullName => "Full name".to_owned(),
            Target::Tags => "Tags".to_owned(),
            Target::Variable(name) => name.clone(),
            Target::Custom(_) => "A field of your own".to_owned(),
        }
    }

    /// The same where the team's own fields are at hand, so that they have their names.
    pub fn label_among(&self, fields: &[CustomField]) -> String {
        match self {
            Target::Custom(id) => fields.iter().find(|f| f.id == *id).map_or_else(|| self.label(), |f| f.name.clone()),
            other => other.label(),
        }
    }

    /// Whether two columns may go there without a choice: tags add up, skipping takes any number.
    pub fn takes_many(&self) -> bool {
        matches!(self, Target::Skip | Target::Tags)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Skip => f.write_str("skip"),
            Target::FullName => f.write_str("fullName"),
            Target::Tags => f.write_str("tags"),
            Target::Field(field) => write!(f, "field:{field}"),
            Target::Variable(name) => write!(f, "variable:{name}"),
            Target::Custom(id) => write!(f, "custom:{id}"),
        }
    }
}

impl FromStr for Target {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text.split_once(':') {
            Some(("field", name)) => name.parse().map(Target::Field),
            Some(("variable", name)) if !name.trim().is_empty() => Ok(Target::Variable(name.trim().to_owned())),
            Some(("custom", id)) => id.parse().map(Target::Custom).map_err(|_| unknown(text)),
            None if text == "skip" => Ok(Target::Skip),
            None if text == "fullName" => Ok(Target::FullName),
            None if text == "tags" => Ok(Target::Tags),
            _ => Err(unknown(text)),
        }
    }
}

fn unknown(text: &str) -> UnknownWord {
    UnknownWord {
        word: text.to_owned(),
        set: "target of a column",
        allowed: "skip, fullName, tags, field:…, variable:…, custom:fld_…".to_owned(),
    }
}

impl TryFrom<String> for Target {
    type Error = UnknownWord;
    fn try_from(text: String) -> Result<Self, UnknownWord> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> String {
        target.to_string()
    }
}

/// What happens to one column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMapping {
    /// Where its values go.
    pub target: Target,
    /// The rule for values that are there already; none follows the rule of the import.
    #[serde(default)]
    pub overwrite: Option<Overwrite>,
}

/// A use case of the third step, as the person set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseCaseChoice {
    /// Which use case, by its name in the registry.
    pub id: String,
    /// Whether it runs.
    pub on: bool,
    /// The column for each of its inputs, in their order; none where not matched yet.
    pub inputs: Vec<Option<usize>>,
}

/// Everything a person chose for an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportSettings {
    /// What may happen to leads.
    pub mode: ImportMode,
    /// The rule for values that are there already, unless a column has its own.
    pub overwrite: Overwrite,
    /// One per column of the file.
    pub columns: Vec<ColumnMapping>,
    /// Single-value targets that may take several columns: the first filled cell counts (A31).
    pub first_filled: Vec<Target>,
    /// By what people are recognised: groups joined by OR, the fields of one joined by AND (R5).
    pub identifiers: Vec<Vec<Target>>,
    /// Spaces and invisible characters around and inside values are tidied.
    pub trim: bool,
    /// The use cases that were touched; the others have the registry's default.
    pub use_cases: Vec<UseCaseChoice>,
    /// Whom to leave out.
    pub policy: DuplicatePolicy,
    /// Archived campaigns do not block under `workspace` (R10).
    pub ignore_archived: bool,
    /// What to do with people deleted here before.
    pub deleted: DeletedRows,
    /// What to do with people not to contact.
    pub suppressed: SuppressedRows,
    /// Tags that every imported person gets (A77).
    pub tags: Vec<String>,
    /// The status of new leads.
    pub status: LeadStatus,
    /// Which rows of an earlier import this one takes once more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<AgainRows>,
}

/// Rows that an earlier import left out, as View details showed them when they were chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgainRows {
    /// Only these outcomes; none means all.
    pub outcomes: Vec<Outcome>,
    /// Words that the person's name or address must contain.
    pub search: String,
    /// A tag that the person must carry; empty for everyone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tag: String,
    /// Rows up to this number: the earlier import may have gone on since.
    pub through: u64,
}

impl Default for AgainRows {
    fn default() -> Self {
        AgainRows { outcomes: Vec::new(), search: String::new(), tag: String::new(), through: u64::MAX }
    }
}

impl Default for ImportSettings {
    fn default() -> Self {
        ImportSettings {
            mode: ImportMode::CreateAndUpdate,
            overwrite: Overwrite::Overwrite,
            columns: Vec::new(),
            first_filled: Vec::new(),
            identifiers: usual_identifiers(),
            trim: true,
            use_cases: Vec::new(),
            policy: DuplicatePolicy::Active,
            ignore_archived: false,
            deleted: DeletedRows::Skip,
            suppressed: SuppressedRows::Store,
            tags: Vec::new(),
            status: LeadStatus::ToLaunch,
            again: None,
        }
    }
}

/// Why a mapping cannot be used yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MappingProblem {
    /// No column brings an identifier, so nobody could be recognised.
    NoIdentifier,
    /// A group of identifiers cannot be one; the sentence says why.
    Identifier(String),
    /// Several columns go to one single-value target, and nobody chose which counts.
    Clash {
        /// Where they go.
        target: Target,
        /// Which columns, from 0.
        columns: Vec<usize>,
    },
}

impl MappingProblem {
    /// The sentence for the person; `names` are the columns of the file.
    pub fn sentence(&self, names: &[&str]) -> String {
        match self {
            MappingProblem::NoIdentifier => "No column goes to Email, LinkedIn URL or another identifier, so nobody \
                 could be recognised. Choose the column that holds the addresses or the profiles."
                .to_owned(),
            MappingProblem::Identifier(sentence) => sentence.clone(),
            MappingProblem::Clash { target, columns } => {
                let list: Vec<&str> = columns.iter().filter_map(|&c| names.get(c).copied()).collect();
                format!(
                    "{} go to {}. Use the first that is filled, or send one elsewhere.",
                    list.join(" and "),
                    target.label()
                )
            }
        }
    }
}

/// What is wrong with a mapping; empty when it can be used. `fields` are the team's own.
pub fn mapping_problems(settings: &ImportSettings, fields: &[CustomField]) -> Vec<MappingProblem> {
    let mut problems = Vec::new();
    let groups = effective_identifiers(settings);
    if groups.is_empty() {
        problems.push(MappingProblem::NoIdentifier);
    }
    problems.extend(groups.iter().filter_map(|g| group_problem(g, fields)).map(MappingProblem::Identifier));
    let mut seen: Vec<&Target> = Vec::new();
    for column in &settings.columns {
        let target = &column.target;
        if target.takes_many() || settings.first_filled.contains(target) || seen.contains(&target) {
            continue;
        }
        seen.push(target);
        let columns: Vec<usize> =
            settings.columns.iter().enumerate().filter(|(_, c)| c.target == *target).map(|(i, _)| i).collect();
        if columns.len() > 1 {
            problems.push(MappingProblem::Clash { target: target.clone(), columns });
        }
    }
    problems
}

/// Which line the header is on, when the person says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HeaderChange {
    /// The file has none.
    None,
    /// This line, from 1.
    Row(u64),
}

/// What the person corrected in what was detected; what is none stays detected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DetectionChange {
    /// The encoding, by its word (`utf8`, `windows1252`, …).
    pub encoding: Option<String>,
    /// The delimiter.
    pub delimiter: Option<char>,
    /// The header.
    pub header: Option<HeaderChange>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
}

/// One change to a draft: each control of the wizard saves itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftChange {
    /// Goes to a step.
    Step(WizardStep),
    /// Sets the mode.
    Mode(ImportMode),
    /// Corrects what was detected; columns are suggested anew.
    Detection(DetectionChange),
    /// Sets the rule of the import.
    Overwrite(Overwrite),
    /// Sets one column.
    Column(usize, ColumnMapping),
    /// Columns as suggested.
    ResetColumns,
    /// Lets several columns go to one target: the first filled counts.
    FirstFilled(Target),
    /// Sets by what people are recognised; none of them makes it the usual ones.
    Identifiers(Vec<Vec<Target>>),
    /// Switches the tidying of spaces.
    Trim(bool),
    /// Sets one use case.
    UseCase(UseCaseChoice),
    /// Switches every use case off.
    DisableAll,
    /// Sets the policy.
    Policy(DuplicatePolicy),
    /// Sets whether archived campaigns block.
    IgnoreArchived(bool),
    /// Sets what happens to people deleted here before.
    Deleted(DeletedRows),
    /// Sets what happens to people not to contact.
    Suppressed(SuppressedRows),
    /// Sets the tags.
    Tags(Vec<String>),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(target: Target) -> ColumnMapping {
        ColumnMapping { target, overwrite: None }
    }

    #[test]
    fn a_target_reads_back_as_written() {
        for target in [
            Target::Skip,
            Target::FullName,
            Target::Tags,
            Target::Field(PersonField::Email),
            Target::Variable("a: b".to_owned()),
            Target::Custom(FieldId(7)),
        ] {
            assert_eq!(target.to_string().parse(), Ok(target));
        }
        assert!("variable: ".parse::<Target>().is_err());
        assert!("field:nonsense".parse::<Target>().is_err());
    }

    #[test]
    fn two_columns_on_one_field_force_a_choice() {
        let mut settings = ImportSettings {
            columns: vec![
                to(Target::Field(PersonField::Email)),
                to(Target::Field(PersonField::Phone)),
                to(Target::Field(PersonField::Phone)),
                to(Target::Tags),
                to(Target::Tags),
            ],
            ..ImportSettings::default()
        };
        let clash = MappingProblem::Clash { target: Target::Field(PersonField::Phone), columns: vec![1, 2] };
        assert_eq!(mapping_problems(&settings, &[]), [clash]);
        settings.first_filled.push(Target::Field(PersonField::Phone));
        assert_eq!(mapping_problems(&settings, &[]), []);
        settings.columns.remove(0);
        assert_eq!(mapping_problems(&settings, &[]), [MappingProblem::NoIdentifier]);
    }
}
