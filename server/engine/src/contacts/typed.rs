//! What somebody typed about one person, checked field by field: by a member who adds them by hand, or by a stranger on
//! a form.

use domain::contact::ContactField;
use domain::{CustomField, CustomValues, Person};
use matching::EmailRules;
use store::team::Workspace;

use super::edit::person_value;
use crate::fields::{day_first, typed_value};

/// The values that can be kept so far, and a sentence about each that cannot.
pub(crate) struct Typed<'a> {
    own: &'a [CustomField],
    rules: EmailRules,
    day_first: bool,
    person: Person,
    custom: CustomValues,
    wrong: Vec<(String, String)>,
}

impl<'a> Typed<'a> {
    /// Nothing is typed yet; `own` are the team's own fields.
    pub fn new(own: &'a [CustomField], place: &Workspace) -> Self {
        let rules = EmailRules { fold_gmail: place.fold_gmail };
        let day_first = day_first(Some(&place.default_country));
        Typed { own, rules, day_first, person: Person::default(), custom: CustomValues::default(), wrong: Vec::new() }
    }

    /// Takes a value in the spelling in which it is kept, or notes why not. A field that is gone takes nothing.
    pub fn put(&mut self, field: ContactField, text: &str) {
        let value = match field {
            ContactField::Person(field) => person_value(field, text, self.rules),
            ContactField::Custom(id) => match self.own.iter().find(|field| field.id == id) {
                Some(own) => typed_value(own, text, self.day_first),
                None => return,
            },
        };
        match (value, field) {
            (Err(why), field) => self.refuse(field, why),
            (Ok(value), ContactField::Person(field)) => self.person.set(field, value),
            (Ok(value), ContactField::Custom(id)) => {
                if !value.is_empty() {
                    self.custom.insert(id, value);
                }
            }
        }
    }

    /// Whether a field has neither a value nor a sentence about one.
    pub fn is_blank(&self, field: ContactField) -> bool {
        let name = field.to_string();
        let known = match field {
            ContactField::Person(field) => !self.person.get(field).is_empty(),
            ContactField::Custom(id) => self.custom.contains_key(&id),
        };
        !known && !self.wrong.iter().any(|(about, _)| *about == name)
    }

    /// Notes what is wrong with a field.
    pub fn refuse(&mut self, field: ContactField, why: String) {
        self.wrong.push((field.to_string(), why));
    }

    /// The values, and what is wrong.
    pub fn end(self) -> (Person, CustomValues, Vec<(String, String)>) {
        (self.person, self.custom, self.wrong)
    }
}
