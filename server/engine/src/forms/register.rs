//! The public side of a form: anyone may open it and send it. What it answers is the same for everyone who filled it in
//! properly, whether the person was here already, may not be written to, or is kept out of the campaign.

use domain::contact::ContactField;
use domain::form::{PublicForm, Question, Registration};
use domain::policy::DeletedRows;
use domain::{CustomField, CustomValues, FieldKind, Outcome, Overwrite, Person, PersonField, SourceKind};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use store::contact_history::{self, NewEvent};
use store::forms::{self, OpenForm};
use store::team::Workspace;
use store::{audit, fields, team};

use crate::contacts::history::AGREED;
use crate::contacts::{Typed, hex};
use crate::imports::{Intake, Ready, TRIES};
use crate::random::random_hex;
use crate::{Actor, Engine, Error, Result};

/// 128 bits that stand for some texts.
fn short_hash<'a>(texts: impl IntoIterator<Item = &'a str>) -> [u8; 16] {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    let whole = hash.finalize();
    std::array::from_fn(|i| whole[i])
}

/// What makes a registration this one: the number of the page together with the answers. So a second click is nothing
/// new, and an address that was put right on the same page is.
fn print_of(sent: &Registration) -> [u8; 16] {
    let answers = sent.answers.iter().flat_map(|(name, text)| [name.as_str(), text.as_str()]);
    short_hash(std::iter::once(sent.nonce.as_str()).chain(answers))
}

/// What whoever sent a form is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// It was taken. Nothing else may be said: it would tell who is known here.
    Done,
    /// Some answers cannot be used: the name of each input with a sentence. `consent` is the box under the text.
    Invalid(Vec<(String, String)>),
}

/// What the history keeps of a text that someone agreed to.
#[derive(Serialize)]
struct Agreed<'a> {
    form: &'a str,
    agreed: &'a str,
}

impl Engine {
    /// What the page of a form shows; none for an address that leads nowhere, or to a form that is closed.
    ///
    /// # Errors
    /// As the database says.
    pub async fn public_form(&self, token: &str) -> Result<Option<PublicForm>> {
        let mut tx = self.store().read().await?;
        let Some(form) = forms::open(&mut tx, token).await? else { return Ok(None) };
        let own = fields::list(&mut tx, form.workspace).await?;
        Ok(Some(public(token, &form, &own)?))
    }

    /// Takes in whoever sent a form, by the same code as a row of an import. The same answers from the same page are
    /// taken once; the same answer is given again.
    ///
    /// # Errors
    /// When there is no such form or it is closed.
    pub async fn register(&self, token: &str, sent: &Registration) -> Result<Registered> {
        let mut tx = self.store().read().await?;
        let gone = || Error::gone("This form is closed. Nothing was sent.");
        let form = forms::open(&mut tx, token).await?.ok_or_else(gone)?;
        let place = team::workspace_by_id(&mut tx, form.workspace).await?.ok_or(Error::NotFound("workspace"))?;
        let own = fields::list(&mut tx, form.workspace).await?;
        drop(tx);
        let page = public(token, &form, &own)?;
        let (person, custom) = match read(&page, sent, &own, &place) {
            Ok(read) => read,
            Err(wrong) => return Ok(Registered::Invalid(wrong)),
        };
        let print = print_of(sent);
        let intake = Intake {
            custom,
            tags: form.settings.tags.clone(),
            campaign: form.campaign,
            policy: place.default_policy,
            overwrite: if form.settings.trusted { Overwrite::Overwrite } else { Overwrite::FillBlanks },
            deleted: if form.settings.trusted { DeletedRows::Restore } else { DeletedRows::Skip },
            ..Intake::new(person, (SourceKind::Form, form.id.0))
        };
        let actor = Actor::public(form.workspace);
        let ready = self.ready_person(&actor, intake).await?;
        let event = contact_history::reserve(self.store(), 1).await?;
        for _ in 1..TRIES {
            match self.try_register(&actor, &form, &ready, &print, event).await {
                Err(Error::Store(error)) if error.is_busy() => {}
                ended => return ended.map(|()| Registered::Done),
            }
        }
        self.try_register(&actor, &form, &ready, &print, event).await.map(|()| Registered::Done)
    }

    async fn try_register(
        &self,
        actor: &Actor,
        form: &OpenForm,
        ready: &Ready,
        print: &[u8; 16],
        event: i64,
    ) -> Result<()> {
        let now = self.now();
        let mut tx = self.store().write().await?;
        if !forms::note_post(&mut tx, form.workspace, form.id, print, Outcome::Failed, now).await? {
            return Ok(());
        }
        let taken = ready.take(&mut tx, actor, now).await?;
        let outcome = match taken.outcome {
            // whoever must not be contacted is stored all the same, but not past another campaign that keeps them out
            Outcome::Suppressed if !taken.taken => Outcome::DuplicateInWorkspace,
            outcome => outcome,
        };
        forms::set_outcome(&mut tx, form.workspace, form.id, print, outcome).await?;
        if let Some(contact) = taken.contact.filter(|_| taken.taken)
            && !form.settings.consent.is_empty()
        {
            let detail = serde_json::to_string(&Agreed { form: &form.name, agreed: &form.settings.consent })?;
            let agreed = NewEvent { id: event, contact, kind: AGREED, detail };
            contact_history::add(&mut tx, form.workspace, actor.user, vec![agreed], now).await?;
        }
        // the audit names no person: who came by the form stands in its contacts
        audit::record(&mut tx, self.event(actor, "form.post", form.id.to_string(), outcome.word())).await?;
        Ok(tx.commit().await?)
    }
}

/// The form as anyone may see it.
fn public(token: &str, form: &OpenForm, own: &[CustomField]) -> Result<PublicForm> {
    let address = Question {
        field: ContactField::Person(PersonField::Email),
        label: PersonField::Email.label().to_owned(),
        kind: FieldKind::Text,
        options: Vec::new(),
        required: true,
    };
    let others = form.settings.fields.iter().filter_map(|asked| {
        let (label, kind, options) = match asked.field {
            ContactField::Person(field) => (field.label().to_owned(), FieldKind::Text, Vec::new()),
            ContactField::Custom(id) => {
                // a field that was removed is asked no more
                let field = own.iter().find(|field| field.id == id)?;
                (field.name.clone(), field.kind, field.options.clone())
            }
        };
        Some(Question { field: asked.field, label, kind, options, required: asked.required })
    });
    Ok(PublicForm {
        token: token.to_owned(),
        title: form.settings.title.clone(),
        intro: form.settings.intro.clone(),
        questions: std::iter::once(address).chain(others).collect(),
        consent: form.settings.consent.clone(),
        consent_print: hex::write(&short_hash([form.settings.consent.as_str()])),
        thanks: form.settings.thanks.clone(),
        nonce: random_hex::<16>()?,
    })
}

/// The answers as values of a person, or everything that is wrong with them.
fn read(
    page: &PublicForm,
    sent: &Registration,
    own: &[CustomField],
    place: &Workspace,
) -> std::result::Result<(Person, CustomValues), Vec<(String, String)>> {
    let mut typed = Typed::new(own, place);
    for question in &page.questions {
        typed.put(question.field, &sent.answer(question));
        if question.required && typed.is_blank(question.field) {
            typed.refuse(question.field, format!("{} is missing.", question.label));
        }
    }
    let (person, custom, mut wrong) = typed.end();
    if !page.consent.is_empty() && sent.agreed != page.consent_print {
        let why = match sent.agreed.as_str() {
            "" => "Tick this box to register.",
            _ => "This text was changed since you opened the page. Read it again and tick the box.",
        };
        wrong.push(("consent".to_owned(), why.to_owned()));
    }
    if wrong.is_empty() { Ok((person, custom)) } else { Err(wrong) }
}
