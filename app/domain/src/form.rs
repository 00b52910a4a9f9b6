//! Registration forms: what a public page asks, and where whoever fills it in goes.

use serde::{Deserialize, Serialize};

use crate::contact::ContactField;
use crate::ids::{CampaignId, FormId};
use crate::{FieldKind, Outcome, PersonField};

/// The fields of a person that a stranger may be asked for, beside the address, which every form asks for. Not who of
/// the team looks after them, and nothing else that identifies people: whoever typed the profile of somebody known here
/// would become that person under an address of their own.
pub const ASKABLE: &[PersonField] = &[
    PersonField::FirstName,
    PersonField::LastName,
    PersonField::CompanyName,
    PersonField::JobTitle,
    PersonField::Phone,
    PersonField::Industry,
    PersonField::Street,
    PersonField::Postcode,
    PersonField::City,
    PersonField::Country,
    PersonField::DateOfBirth,
    PersonField::PreferredContactMethod,
];

/// A question of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// The field that the answer goes to.
    pub field: ContactField,
    /// Whether it must be answered.
    pub required: bool,
}

/// What the page asks and says, and what becomes of the answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormSettings {
    /// The heading of the page.
    pub title: String,
    /// What stands below it; may be empty.
    pub intro: String,
    /// What is asked beside the address, in this order.
    pub fields: Vec<FormField>,
    /// What whoever registers must agree to; empty when nothing is asked.
    pub consent: String,
    /// What the page says afterwards.
    pub thanks: String,
    /// Tags that people get.
    pub tags: Vec<String>,
    /// Whether answers replace what is known, and bring back who was deleted. Otherwise they fill blanks only, and
    /// deleted stays deleted (R9): anyone can type anything here.
    pub trusted: bool,
}

/// A form as it is made or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewForm {
    /// What the team calls it.
    pub name: String,
    /// The campaign that people become leads of, if any.
    pub campaign: Option<CampaignId>,
    /// The rest.
    pub settings: FormSettings,
}

/// A line of Admin → Forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormRow {
    /// Its id.
    pub id: FormId,
    /// What its public address ends with.
    pub token: String,
    /// What it asks, and where it leads.
    pub form: NewForm,
    /// The name of the campaign, if it has one.
    pub campaign: String,
    /// Whether that campaign is archived: then people become contacts only.
    pub campaign_archived: bool,
    /// Whether it takes nobody any more.
    pub closed: bool,
    /// How many registrations came in.
    pub taken: u64,
    /// How many were left out, by what became of them.
    pub left_out: Vec<(Outcome, u64)>,
    /// When the last one came, Unix milliseconds.
    pub last_at: Option<i64>,
}

impl FormRow {
    /// The path of the public page.
    pub fn path(&self) -> String {
        format!("/forms/{}", self.token)
    }
}

/// A question as the public page asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The field, which is also the name of the input.
    pub field: ContactField,
    /// What it is called.
    pub label: String,
    /// What is typed: a text for the fields that everyone has.
    pub kind: FieldKind,
    /// What can be chosen.
    pub options: Vec<String>,
    /// Whether it must be answered.
    pub required: bool,
}

/// A form as anyone may see it: nothing of the team but what it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicForm {
    /// What its address ends with.
    pub token: String,
    /// The heading.
    pub title: String,
    /// What stands below it.
    pub intro: String,
    /// What is asked, the address first.
    pub questions: Vec<Question>,
    /// What must be agreed to; empty when nothing is.
    pub consent: String,
    /// A print of that text: a box that was ticked under another text agrees to nothing.
    pub consent_print: String,
    /// What is said afterwards.
    pub thanks: String,
    /// A number for this copy of the page, which nobody can guess.
    pub nonce: String,
}

/// What somebody sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registration {
    /// The number that the page was given: the same answers sent twice count once.
    pub nonce: String,
    /// The answers by the name of their input; the options of a multiple choice one by one.
    pub answers: Vec<(String, String)>,
    /// The print of the text that was agreed to; empty when none was.
    pub agreed: String,
}

impl Registration {
    /// The answer to a question, as one text.
    pub fn answer(&self, question: &Question) -> String {
        let name = question.field.to_string();
        let mut given = self.answers.iter().filter(|(input, _)| *input == name).map(|(_, text)| text.as_str());
        match question.kind {
            FieldKind::Choices => crate::custom::join_choices(given.filter(|text| !text.is_empty())),
            _ => given.next_back().unwrap_or_default().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::FieldId;

    #[test]
    fn answers_are_read_by_the_kind_of_the_question() {
        let question = |kind| Question {
            field: ContactField::Custom(FieldId(3)),
            label: String::new(),
            kind,
            options: Vec::new(),
            required: false,
        };
        let sent = |texts: &[&str]| Registration {
            answers: texts.iter().map(|text| ("fld_3".to_owned(), (*text).to_owned())).collect(),
            ..Registration::default()
        };
        assert_eq!(sent(&["", "Gold", "Silver"]).answer(&question(FieldKind::Choices)), "Gold; Silver");
        assert_eq!(sent(&["no", "yes"]).answer(&question(FieldKind::YesNo)), "yes", "the last one counts");
        assert_eq!(sent(&[]).answer(&question(FieldKind::Text)), "");
    }

    #[test]
    fn nobody_can_type_what_identifies_somebody_else() {
        for never in [PersonField::Email, PersonField::ExternalId, PersonField::LinkedinUrl, PersonField::ContactOwner]
        {
            assert!(!ASKABLE.contains(&never), "{never}");
        }
    }
}
