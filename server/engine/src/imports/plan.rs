//! From a record of the file to a row that can be decided on: mapping, cleaning, canonical identifiers.

use domain::ids::FieldId;
use domain::import::{ImportSettings, Matched, Target, UseCaseChoice, effective_identifiers};
use domain::{CustomField, Overwrite, Person, PersonField};
use matching::{EmailKey, EmailRules, LinkedInKey};
use sheet::{Record, RowProblem};
use store::identities::KeyBytes;
use store::team::Workspace;

use super::intake::Intake;
use super::use_cases::{self, UseCase};
use crate::fields::{day_first, read_value};
use crate::groups::Groups;
use crate::people;

/// A row, normalised.
#[derive(Debug, Clone, Default)]
pub(super) struct Incoming {
    /// Number of the data record, from 1.
    pub number: u64,
    /// The person's values.
    pub person: Person,
    /// The campaign's variables.
    pub variables: Vec<(String, String)>,
    /// The row's own tags.
    pub tags: Vec<String>,
    /// The identifiers, each once.
    pub keys: Vec<(Matched, KeyBytes)>,
    /// Values of the team's own fields.
    pub custom: Vec<(FieldId, String)>,
    /// Its keys in the sets of fields that this import recognises people by, beside the identifiers.
    pub groups: Vec<KeyBytes>,
    /// Own fields whose value did not fit and was left out.
    pub skipped: Vec<FieldId>,
    /// Why the row cannot be used.
    pub refused: Option<String>,
}

/// Where the columns of a file go, and how their cells are read: alike for the import and for its previews.
pub(super) struct Columns {
    targets: Vec<Target>,
    trim: bool,
}

impl Columns {
    /// The columns of some settings.
    pub fn new(settings: &ImportSettings) -> Self {
        Columns { targets: settings.columns.iter().map(|c| c.target.clone()).collect(), trim: settings.trim }
    }

    /// The cells of a record.
    pub fn cells(&self, record: &Record) -> Vec<String> {
        record.fields.iter().map(|cell| self.tidy_text(&sheet::export::unescape_cell(cell))).collect()
    }

    fn tidy_text(&self, cell: &str) -> String {
        if matching::is_blank(cell) {
            String::new()
        } else if self.trim {
            matching::trim_invisible_lines(cell).into_owned()
        } else {
            cell.to_owned()
        }
    }

    /// The person's values that stand in the cells; of several columns of one field the first filled counts.
    pub fn person(&self, cells: &[String]) -> Person {
        let mut person = Person::default();
        let mut full_name = "";
        for (cell, target) in cells.iter().zip(&self.targets) {
            match target {
                Target::Field(field) if person.get(*field).is_empty() => person.set(*field, cell.as_str()),
                Target::FullName if full_name.is_empty() => full_name = cell,
                _ => {}
            }
        }
        split_name(&mut person, full_name);
        person
    }

    /// What a use case is given of a row. Where a column goes to the field that an input is about, that is the person's
    /// value as it is by now, not the cell: so use cases build on each other, and the first filled of several columns
    /// counts here, too. `earlier` are the use cases before it.
    pub fn inputs<'a>(
        &self,
        (use_case, choice): (&UseCase, &UseCaseChoice),
        earlier: &[(UseCase, UseCaseChoice)],
        person: &'a Person,
        cells: &'a [String],
    ) -> Vec<&'a str> {
        let value = |from: &Target, column: usize| match from {
            Target::Field(field) if self.feeds(column, *field, earlier) => person.get(*field),
            _ => cells.get(column).map_or("", String::as_str),
        };
        let inputs = use_case.inputs.iter().zip(&choice.inputs);
        inputs.map(|(input, column)| column.map_or("", |column| value(&input.from, column))).collect()
    }

    /// Whether a column brings the values of a field, by itself or through a use case.
    fn feeds(&self, column: usize, field: PersonField, earlier: &[(UseCase, UseCaseChoice)]) -> bool {
        let is_name = matches!(field, PersonField::FirstName | PersonField::LastName);
        let by_target = match self.targets.get(column) {
            Some(Target::Field(target)) => *target == field,
            Some(Target::FullName) => is_name,
            _ => false,
        };
        let writes = |(use_case, choice): &(UseCase, UseCaseChoice)| {
            use_cases::runs(use_case, choice)
                && use_case.writes.contains(&field)
                && choice.inputs.contains(&Some(column))
        };
        by_target || earlier.iter().any(writes)
    }
}

/// How every row of a file is read: compiled once from the settings.
pub(super) struct Plan {
    columns: Columns,
    use_cases: Vec<(UseCase, UseCaseChoice)>,
    country: Option<String>,
    email: EmailRules,
    overwrite: Overwrite,
    by_field: Vec<(Target, Overwrite)>,
    /// The team's own fields.
    fields: Vec<CustomField>,
    /// The identifiers that recognise people in this import.
    chosen: Vec<Matched>,
    /// The sets of fields that do so, too.
    groups: Groups,
    /// What a row without any of them is told.
    nothing: String,
}

impl Plan {
    /// The plan of some settings in a workspace.
    pub fn new(settings: &ImportSettings, place: &Workspace, fields: Vec<CustomField>) -> Self {
        let email = EmailRules { fold_gmail: place.fold_gmail };
        let country = place.default_country.as_str();
        // who comes in by another door than a file has no columns to choose from
        let identifiers = match settings.columns.is_empty() {
            true => settings.identifiers.clone(),
            false => effective_identifiers(settings),
        };
        let (single, groups): (Vec<_>, Vec<_>) = identifiers.iter().cloned().partition(|g| identity(g).is_some());
        let mut chosen: Vec<Matched> = single.iter().filter_map(|g| identity(g)).collect();
        if chosen.contains(&Matched::Linkedin) {
            // a column of profiles may hold those of Sales Navigator
            chosen.push(Matched::SalesNavigator);
        }
        let use_cases = use_cases::registry()
            .into_iter()
            .map(|u| {
                let choice = use_cases::choice(&u, settings);
                (u, choice)
            })
            .filter(|(u, choice)| use_cases::runs(u, choice))
            .collect();
        Plan {
            columns: Columns::new(settings),
            use_cases,
            country: Some(country.to_owned()).filter(|c| !c.is_empty()),
            email,
            groups: Groups::new(&groups, email, country),
            nothing: nothing(&identifiers, &fields),
            chosen,
            fields,
            overwrite: settings.overwrite,
            by_field: settings
                .columns
                .iter()
                .filter_map(|c| c.overwrite.map(|rule| (c.target.clone(), rule)))
                .collect(),
        }
    }

    /// The rules by which email keys are made.
    pub fn email_rules(&self) -> EmailRules {
        self.email
    }

    /// The sets of fields that recognise people in this import, beside the identifiers.
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Whether an identifier of this kind recognises people in this import.
    pub fn identifies(&self, kind: Matched) -> bool {
        self.chosen.contains(&kind)
    }

    /// The rule for one of the team's own fields that has a value already.
    pub fn overwrite_custom(&self, id: FieldId) -> Overwrite {
        let target = Target::Custom(id);
        self.by_field.iter().find(|(t, _)| *t == target).map_or(self.overwrite, |(_, rule)| *rule)
    }

    /// The rule for a field that has a value already.
    pub fn overwrite(&self, field: PersonField) -> Overwrite {
        let by_column = |target: &Target| self.by_field.iter().find(|(t, _)| t == target).map(|(_, rule)| *rule);
        let name = matches!(field, PersonField::FirstName | PersonField::LastName);
        by_column(&Target::Field(field))
            .or_else(|| by_column(&Target::FullName).filter(|_| name))
            .unwrap_or(self.overwrite)
    }

    /// The rule for a variable that has a value already.
    pub fn overwrite_variable(&self, name: &str) -> Overwrite {
        let target = |t: &Target| matches!(t, Target::Variable(n) if n == name);
        self.by_field.iter().find(|(t, _)| target(t)).map_or(self.overwrite, |(_, rule)| *rule)
    }

    /// The variables that rows can bring.
    pub fn variables(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for target in &self.columns.targets {
            if let Target::Variable(name) = target
                && !names.contains(name)
            {
                names.push(name.clone());
            }
        }
        names
    }

    /// Reads one record.
    pub fn read(&self, record: &Record) -> Incoming {
        let mut row = Incoming { number: record.number, ..Incoming::default() };
        row.refused = record.problem.as_ref().and_then(refusal);
        let cells = self.columns.cells(record);
        row.person = self.columns.person(&cells);
        for (cell, target) in cells.iter().zip(&self.columns.targets) {
            if cell.is_empty() {
                continue;
            }
            match target {
                Target::Tags => row.tags.extend(tags(cell)),
                Target::Variable(name) if !row.variables.iter().any(|(n, _)| n == name) => {
                    row.variables.push((name.clone(), cell.clone()));
                }
                Target::Custom(id) if !row.custom.iter().any(|(i, _)| i == id) => self.read_custom(&mut row, *id, cell),
                Target::Skip | Target::Field(_) | Target::FullName | Target::Variable(_) | Target::Custom(_) => {}
            }
        }
        for (place, (use_case, choice)) in self.use_cases.iter().enumerate() {
            let inputs = self.columns.inputs((use_case, choice), &self.use_cases[..place], &row.person, &cells);
            if inputs.iter().all(|v| v.is_empty()) {
                continue;
            }
            let outputs = use_case.run(&inputs, self.country.as_deref());
            use_case.write(outputs, &mut row.person);
        }
        self.identify(&mut row);
        row
    }

    /// Reads someone who came in by another door than a file.
    pub fn read_person(&self, intake: &Intake) -> Incoming {
        let mut row = Incoming { number: 1, ..Incoming::default() };
        let texts = intake.person.known().map(|(_, v)| v).chain(intake.variables.iter().map(|(_, v)| v.as_str()));
        if texts.chain(intake.tags.iter().map(String::as_str)).any(|text| text.contains('\0')) {
            row.refused = Some("A value holds a NUL character, which is no text.".to_owned());
        }
        for (field, value) in intake.person.known() {
            row.person.set(field, self.columns.tidy_text(value));
        }
        for (id, value) in &intake.custom {
            self.read_custom(&mut row, *id, value);
        }
        let variables = intake.variables.iter().map(|(name, value)| (name.clone(), self.columns.tidy_text(value)));
        row.variables = variables.filter(|(_, value)| !value.is_empty()).collect();
        row.tags = intake.tags.iter().flat_map(|t| tags(t)).collect();
        self.identify(&mut row);
        row
    }

    /// A value of a field of the team's own: what does not fit is left out, the row goes in all the same.
    fn read_custom(&self, row: &mut Incoming, id: FieldId, text: &str) {
        let Some(field) = self.fields.iter().find(|f| f.id == id) else { return };
        let read = read_value(field, text, day_first(self.country.as_deref()));
        if !read.fits {
            row.skipped.push(id);
        }
        row.custom.extend(read.value.map(|value| (id, value)));
    }

    /// Tidies the identifiers for display, finds their keys, and refuses a row that nobody could be recognised by.
    fn identify(&self, row: &mut Incoming) {
        let email = row.person.get(PersonField::Email).to_owned();
        if !email.is_empty() {
            match EmailKey::parse_with(&email, self.email) {
                Ok(_) => row.person.set(PersonField::Email, matching::clean_email(&email)),
                Err(error) => {
                    row.refused.get_or_insert_with(|| format!("Invalid email: {error}."));
                }
            }
        }
        let url = row.person.get(PersonField::LinkedinUrl).to_owned();
        let profile = LinkedInKey::parse(&url);
        if let Ok(LinkedInKey::SalesNavigator(_)) = profile
            && row.person.get(PersonField::LinkedinUrlSalesNav).is_empty()
        {
            row.person.set(PersonField::LinkedinUrlSalesNav, url.as_str());
            row.person.set(PersonField::LinkedinUrl, "");
        }
        row.keys = people::keys(&row.person, self.email);
        row.groups = self.groups.keys(&row.person, &row.custom.iter().cloned().collect());
        let recognised = row.keys.iter().any(|(kind, _)| self.identifies(*kind)) || !row.groups.is_empty();
        if !recognised && row.refused.is_none() {
            row.refused = Some(match profile {
                Err(error) if !url.is_empty() && self.groups.is_empty() => {
                    format!("No email address, and the LinkedIn URL cannot be used: {error}.")
                }
                _ => self.nothing.clone(),
            });
        }
    }
}

/// The identifier that a group of one field is.
fn identity(group: &[Target]) -> Option<Matched> {
    match group {
        [Target::Field(PersonField::Email)] => Some(Matched::Email),
        [Target::Field(PersonField::LinkedinUrl)] => Some(Matched::Linkedin),
        [Target::Field(PersonField::LinkedinUrlSalesNav)] => Some(Matched::SalesNavigator),
        _ => None,
    }
}

/// What a row is told that brings nothing to recognise a person by.
fn nothing(identifiers: &[Vec<Target>], fields: &[CustomField]) -> String {
    if identifiers.iter().all(|group| identity(group).is_some()) {
        return "No email address and no LinkedIn profile.".to_owned();
    }
    let group =
        |group: &Vec<Target>| group.iter().map(|target| target.label_among(fields)).collect::<Vec<_>>().join(" with ");
    let all: Vec<String> = identifiers.iter().map(group).collect();
    format!("Nothing to recognise the person by: no {}.", all.join(", no "))
}

fn split_name(person: &mut Person, full_name: &str) {
    if full_name.is_empty() {
        return;
    }
    let (first, last) = matching::split_full_name(full_name);
    for (field, value) in [(PersonField::FirstName, first), (PersonField::LastName, last)] {
        if person.get(field).is_empty() {
            person.set(field, value);
        }
    }
}

fn tags(cell: &str) -> impl Iterator<Item = String> + '_ {
    cell.split([',', ';']).map(|t| matching::trim_invisible(t).into_owned()).filter(|t| !t.is_empty())
}

fn refusal(problem: &RowProblem) -> Option<String> {
    match problem {
        RowProblem::TooManyFields { found, expected } => {
            Some(format!("The row has {found} cells, the file has {expected} columns."))
        }
        RowProblem::Nul { column } => Some(format!("Column {column} holds a NUL character, which is no text.")),
        RowProblem::InvalidText { column } => {
            Some(format!("Column {column} holds bytes that are no text in the file’s encoding."))
        }
        // the text is there, only its quotes are odd
        RowProblem::StrayQuote { .. } => None,
    }
}
