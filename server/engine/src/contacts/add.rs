//! Someone added by hand: who they may be while they are typed, and what becomes of them (B6).

use std::collections::HashMap;

use domain::contact::{AddUndone, Added, ContactField, Lookalike, NewContact};
use domain::ids::{ChangeId, ContactId};
use domain::import::Matched;
use domain::{Act, Outcome, Person, PersonField, Problem, ProblemKind, SourceKind};
use store::{contact_list, contacts, fields, identities, leads, team};

use super::{Typed, email_rules};
use crate::{Actor, Engine, Error, Intake, Result, people};

/// People of the same name that are listed; a dozen namesakes help nobody.
const NAMESAKES: i64 = 5;

impl Engine {
    /// Who is there already and may be this person: by an identifier, or by the name only.
    ///
    /// # Errors
    /// As the database says.
    pub async fn find_lookalikes(&self, actor: &Actor, person: &Person) -> Result<Vec<Lookalike>> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let rules = email_rules(&mut tx, actor).await?;
        let keys = people::keys(person, rules);
        let wanted: Vec<_> = keys.iter().map(|(_, key)| *key).collect();
        let owners = identities::owners(&mut tx, actor.workspace, &wanted).await?;
        let mut found: Vec<(ContactId, Option<Matched>)> = Vec::new();
        for (kind, key) in &keys {
            if let Some(owner) = owners.get(key)
                && !found.iter().any(|(id, _)| id == owner)
            {
                found.push((*owner, Some(*kind)));
            }
        }
        let whole = [PersonField::FirstName, PersonField::LastName].iter().all(|f| !matching::is_blank(person.get(*f)));
        if whole {
            let name = people::folded(person).name;
            for id in contact_list::of_name(&mut tx, actor.workspace, &name, NAMESAKES).await? {
                if !found.iter().any(|(known, _)| *known == id) {
                    found.push((id, None));
                }
            }
        }
        let ids: Vec<ContactId> = found.iter().map(|(id, _)| *id).collect();
        let known: HashMap<ContactId, Person> =
            contacts::among(&mut tx, actor.workspace, &ids).await?.into_iter().map(|c| (c.id, c.person)).collect();
        let campaigns = leads::campaign_names(&mut tx, actor.workspace, &ids).await?;
        Ok(found
            .into_iter()
            .filter_map(|(contact, by)| {
                let person = known.get(&contact)?;
                Some(Lookalike {
                    contact,
                    name: person.display_name(),
                    email: person.get(PersonField::Email).to_owned(),
                    company: person.get(PersonField::CompanyName).to_owned(),
                    campaigns: campaigns.get(&contact).map_or(0, |names| names.len() as u64),
                    by,
                })
            })
            .collect())
    }

    /// Adds someone by hand. Whoever has the address or profile already gets what was typed: newer values win, empty
    /// ones change nothing (R11, B13). Into a campaign they go under the workspace's policy, as by an import.
    ///
    /// # Errors
    /// Refuses values that their fields cannot hold, and someone nobody could be recognised by.
    pub async fn add_contact(&self, actor: &Actor, new: NewContact) -> Result<Added> {
        actor.may(Act::EditContacts)?;
        let mut tx = self.store().read().await?;
        let place =
            team::workspace_by_id(&mut tx, actor.workspace).await?.ok_or(Error::Fault("the workspace is gone"))?;
        let rules = email_rules(&mut tx, actor).await?;
        let own = fields::list(&mut tx, actor.workspace).await?;
        drop(tx);
        let mut typed = Typed::new(&own, &place);
        new.person.known().for_each(|(field, text)| typed.put(ContactField::Person(field), text));
        new.custom.iter().for_each(|(field, text)| typed.put(ContactField::Custom(*field), text));
        let (person, values, mut wrong) = typed.end();
        if wrong.is_empty() && people::keys(&person, rules).is_empty() {
            let why = "Write an email address or a LinkedIn URL: by them a person is recognised.";
            wrong.push((PersonField::Email.word().to_owned(), why.to_owned()));
        }
        if let Some(message) = wrong.first().map(|(_, message)| message.clone()) {
            return Err(Problem { fields: wrong, ..Problem::new(ProblemKind::Invalid, message) }.into());
        }
        let intake = Intake {
            custom: values,
            tags: new.tags,
            campaign: new.campaign,
            policy: place.default_policy,
            ..Intake::new(person, (SourceKind::Manual, actor.user.0))
        };
        let taken = self.take_person(actor, intake).await?;
        Ok(match (taken.outcome, taken.contact) {
            (Outcome::Created | Outcome::Updated | Outcome::Unchanged | Outcome::Suppressed, Some(contact)) => {
                if taken.new {
                    Added::New { contact, change: taken.change }
                } else {
                    let mut tx = self.store().read().await?;
                    let known = contacts::among(&mut tx, actor.workspace, &[contact]).await?;
                    let name = known.first().map(|c| c.person.display_name()).unwrap_or_default();
                    Added::Merged { contact, name, change: taken.change }
                }
            }
            _ => Added::LeftOut(taken.why),
        })
    }

    /// Takes an addition back: a new contact goes, someone who was there has the old values.
    ///
    /// # Errors
    /// When it was taken back already.
    pub async fn undo_added(&self, actor: &Actor, change: ChangeId) -> Result<AddUndone> {
        actor.may(Act::EditContacts)?;
        let undone = self.undo_person(actor, change).await?;
        Ok(AddUndone { removed: undone.contact, kept: undone.kept.len() as u64 })
    }
}
