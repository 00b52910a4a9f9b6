//! The fields of a person, and the values of one.

use std::collections::BTreeMap;

use crate::words::words;

words! {
    /// A field that belongs to the person and is shared by every campaign (R2).
    PersonField, "person field", {
        /// The primary address, as it is sent to.
        Email = "email",
        /// Given name.
        FirstName = "firstName",
        /// Family name.
        LastName = "lastName",
        /// Where they work.
        CompanyName = "companyName",
        /// The company's registrable domain.
        CompanyDomain = "companyDomain",
        /// What they do there.
        JobTitle = "jobTitle",
        /// Telephone number.
        Phone = "phone",
        /// Public profile on LinkedIn.
        LinkedinUrl = "linkedinUrl",
        /// Profile in LinkedIn Sales Navigator: an identifier of its own kind (A19).
        LinkedinUrlSalesNav = "linkedinUrlSalesNav",
        /// Line of business.
        Industry = "industry",
        /// Town.
        City = "city",
        /// Postal code.
        Postcode = "postcode",
        /// Street and number.
        Street = "street",
        /// Country.
        Country = "country",
        /// Time zone.
        Timezone = "timezone",
        /// Date of birth.
        DateOfBirth = "dateOfBirth",
        /// Address of a picture.
        Picture = "picture",
        /// How they like to be reached.
        PreferredContactMethod = "preferredContactMethod",
        /// Who in the team looks after them.
        ContactOwner = "contactOwner",
        /// Their id in the system they came from.
        ExternalId = "externalId",
    }
}

impl PersonField {
    /// How many person fields there are.
    pub const COUNT: usize = PersonField::ALL.len();

    /// What a person calls it on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            PersonField::Email => "Email",
            PersonField::FirstName => "First name",
            PersonField::LastName => "Last name",
            PersonField::CompanyName => "Company",
            PersonField::CompanyDomain => "Company domain",
            PersonField::JobTitle => "Job title",
            PersonField::Phone => "Phone",
            PersonField::LinkedinUrl => "LinkedIn URL",
            PersonField::LinkedinUrlSalesNav => "Sales Navigator URL",
            PersonField::Industry => "Industry",
            PersonField::City => "City",
            PersonField::Postcode => "Postcode",
            PersonField::Street => "Street",
            PersonField::Country => "Country",
            PersonField::Timezone => "Time zone",
            PersonField::DateOfBirth => "Date of birth",
            PersonField::Picture => "Picture",
            PersonField::PreferredContactMethod => "Preferred contact method",
            PersonField::ContactOwner => "Contact owner",
            PersonField::ExternalId => "External ID",
        }
    }
}

/// The values of one person, one per field; an empty text is "not known".
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "BTreeMap<PersonField, String>", into = "BTreeMap<PersonField, String>")]
pub struct Person([String; PersonField::COUNT]);

impl Default for Person {
    fn default() -> Self {
        Person(std::array::from_fn(|_| String::new()))
    }
}

impl Person {
    /// The value of a field; empty when not known.
    pub fn get(&self, field: PersonField) -> &str {
        &self.0[field as usize]
    }

    /// Sets a field, whatever was there.
    pub fn set(&mut self, field: PersonField, value: impl Into<String>) {
        self.0[field as usize] = value.into();
    }

    /// The fields that have a value.
    pub fn known(&self) -> impl Iterator<Item = (PersonField, &str)> {
        PersonField::ALL.iter().map(|&f| (f, self.get(f))).filter(|(_, v)| !v.is_empty())
    }

    /// What to call this person on a screen: the name, else the address, else the profile.
    pub fn display_name(&self) -> String {
        let name = format!("{} {}", self.get(PersonField::FirstName), self.get(PersonField::LastName));
        let name = name.trim();
        [
            name,
            self.get(PersonField::Email),
            self.get(PersonField::LinkedinUrl),
            self.get(PersonField::LinkedinUrlSalesNav),
        ]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or("No name")
        .to_owned()
    }
}

impl From<BTreeMap<PersonField, String>> for Person {
    fn from(values: BTreeMap<PersonField, String>) -> Self {
        let mut person = Person::default();
        for (field, value) in values {
            person.set(field, value);
        }
        person
    }
}

impl From<Person> for BTreeMap<PersonField, String> {
    fn from(person: Person) -> Self {
        person.known().map(|(field, value)| (field, value.to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_keeps_its_own_place() {
        let mut person = Person::default();
        for &field in PersonField::ALL {
            person.set(field, field.word());
        }
        for &field in PersonField::ALL {
            assert_eq!(person.get(field), field.word());
        }
        let text = serde_json::to_string(&person).unwrap();
        assert_eq!(serde_json::from_str::<Person>(&text).unwrap(), person);
    }

    #[test]
    fn someone_without_a_name_shows_their_address() {
        let mut person = Person::default();
        assert_eq!(person.display_name(), "No name");
        person.set(PersonField::Email, "ann@acme.example");
        assert_eq!(person.display_name(), "ann@acme.example");
        person.set(PersonField::LastName, "Lee");
        assert_eq!(person.display_name(), "Lee");
    }
}
