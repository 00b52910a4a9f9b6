//! The use cases of step 3. Each declares what it needs and what it writes; a use case backed by a model joins by
//! adding an entry here, without a change to the wizard.

use domain::import::{ImportSettings, Target, UseCaseChoice, UseCaseKind};
use domain::{Person, PersonField};

/// The use case that makes first and last names of whole ones.
const SPLIT: &str = "splitFullName";

/// One input of a use case.
pub(super) struct Input {
    /// What it needs, in words.
    pub label: &'static str,
    /// Whether it can run without.
    pub required: bool,
    /// Columns going there are taken without asking.
    pub from: Target,
}

/// A use case: values of some columns in, values for some fields out.
pub(super) struct UseCase {
    /// Its name in drafts.
    pub id: &'static str,
    /// What it does, in a few words.
    pub title: &'static str,
    /// What it needs and writes, in a sentence.
    pub sentence: &'static str,
    /// Which of the four kinds.
    pub kind: UseCaseKind,
    /// What it needs.
    pub inputs: Vec<Input>,
    /// What it writes.
    pub writes: Vec<PersonField>,
    /// One text per input in, one per written field out; an empty text writes nothing.
    run: fn(&[&str], country: Option<&str>) -> Vec<String>,
}

impl UseCase {
    /// What it makes of one row.
    pub fn run(&self, inputs: &[&str], country: Option<&str>) -> Vec<String> {
        (self.run)(inputs, country)
    }

    /// Puts what it made of a row where it belongs; an empty text writes nothing.
    pub fn write(&self, outputs: Vec<String>, person: &mut Person) {
        for (&field, value) in self.writes.iter().zip(outputs) {
            if !value.is_empty() {
                person.set(field, value);
            }
        }
    }
}

fn input(label: &'static str, required: bool, field: PersonField) -> Input {
    Input { label, required, from: Target::Field(field) }
}

/// Every use case, in the order they run.
pub(super) fn registry() -> Vec<UseCase> {
    use PersonField::*;
    vec![
        UseCase {
            id: SPLIT,
            title: "Split a full name",
            sentence: "Takes a column with whole names and writes first and last name.",
            kind: UseCaseKind::Transform,
            inputs: vec![Input { label: "Full name", required: true, from: Target::FullName }],
            writes: vec![FirstName, LastName],
            run: |values, _| {
                let (first, last) = matching::split_full_name(values[0]);
                vec![first, last]
            },
        },
        UseCase {
            id: "tidyNames",
            title: "Write names with capitals",
            sentence: "Takes first and last name and writes them the way people sign. Mixed case stays as it is.",
            kind: UseCaseKind::Clean,
            inputs: vec![input("First name", false, FirstName), input("Last name", false, LastName)],
            writes: vec![FirstName, LastName],
            run: |values, _| values.iter().map(|v| matching::tidy_name(v)).collect(),
        },
        UseCase {
            id: "cleanCompany",
            title: "Drop legal forms from company names",
            sentence: "Takes the company and writes its name without GmbH, Ltd, Inc. and the like.",
            kind: UseCaseKind::Clean,
            inputs: vec![input("Company", true, CompanyName)],
            writes: vec![CompanyName],
            run: |values, _| vec![matching::clean_company(values[0])],
        },
        UseCase {
            id: "companyDomain",
            title: "Find the company’s domain",
            sentence: "Takes the website, or else the email address, and writes the company domain. \
                       Free mail providers are nobody’s company.",
            kind: UseCaseKind::Enrich,
            inputs: vec![input("Website", false, CompanyDomain), input("Email", false, Email)],
            writes: vec![CompanyDomain],
            run: |values, _| {
                let domain = values.iter().find_map(|v| matching::company_domain(v));
                vec![domain.unwrap_or_default()]
            },
        },
        UseCase {
            id: "normalisePhone",
            title: "Phone numbers in international form",
            sentence: "Takes the phone number and writes it with its country code, where the country is clear.",
            kind: UseCaseKind::Clean,
            inputs: vec![input("Phone", true, Phone)],
            writes: vec![Phone],
            run: |values, country| {
                vec![matching::PhoneKey::parse(values[0], country).map(|p| p.international()).unwrap_or_default()]
            },
        },
    ]
}

/// How a use case stands in a draft: as the person set it, else off with the inputs that the mapping suggests.
pub(super) fn choice(use_case: &UseCase, settings: &ImportSettings) -> UseCaseChoice {
    let of = |target: &Target| settings.columns.iter().position(|c| c.target == *target);
    let suggested = |input: &Input| of(&input.from).or_else(|| whole_names(input, settings));
    match settings.use_cases.iter().find(|c| c.id == use_case.id) {
        Some(choice) => UseCaseChoice {
            id: choice.id.clone(),
            on: choice.on,
            inputs: use_case
                .inputs
                .iter()
                .enumerate()
                .map(|(i, _)| choice.inputs.get(i).copied().flatten().filter(|&c| c < settings.columns.len()))
                .collect(),
        },
        None => UseCaseChoice {
            id: use_case.id.to_owned(),
            on: false,
            inputs: use_case.inputs.iter().map(suggested).collect(),
        },
    }
}

/// The column whose whole names are split, for an input that needs a first or last name.
fn whole_names(input: &Input, settings: &ImportSettings) -> Option<usize> {
    if !matches!(input.from, Target::Field(PersonField::FirstName | PersonField::LastName)) {
        return None;
    }
    let split = settings.use_cases.iter().find(|choice| choice.id == SPLIT && choice.on);
    let full = settings.columns.iter().position(|c| c.target == Target::FullName);
    full.or_else(|| split?.inputs.first().copied().flatten())
}

/// Whether a use case is on and can run.
pub(super) fn runs(use_case: &UseCase, choice: &UseCaseChoice) -> bool {
    choice.on && problem(use_case, choice).is_none()
}

/// Why a use case cannot run with these inputs; none when it can.
pub(super) fn problem(use_case: &UseCase, choice: &UseCaseChoice) -> Option<String> {
    let missing: Vec<&str> = use_case
        .inputs
        .iter()
        .zip(&choice.inputs)
        .filter(|(input, column)| input.required && column.is_none())
        .map(|(input, _)| input.label)
        .collect();
    if !missing.is_empty() {
        return Some(format!("Choose the column for {} first.", missing.join(" and ")));
    }
    if choice.inputs.iter().all(Option::is_none) {
        let labels: Vec<&str> = use_case.inputs.iter().map(|i| i.label).collect();
        return Some(format!("Choose a column for {} first.", labels.join(" or ")));
    }
    None
}
