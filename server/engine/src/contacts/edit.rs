//! One field of one contact, changed by hand.

use std::collections::HashMap;

use domain::contact::{ContactField, Edited};
use domain::ids::{ChangeId, ContactId};
use domain::{Act, Origin, PersonField, Problem, SourceKind, custom};
use matching::{EmailKey, EmailRules, LinkedInKey};
use serde::{Deserialize, Serialize};
use store::contacts::{Address, Contact};
use store::identities::KeyBytes;
use store::{Tx, audit, consent, contact_changes, contact_history, contacts, fields, identities, suspects, team};

use super::history::{self, Detail};
use super::{email_rules, hex, list};
use crate::fields::{day_first, typed_value};
use crate::{Actor, Engine, Error, Result, groups, people};

/// What an edit replaced, for its undo.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Before {
    /// The field.
    pub field: ContactField,
    /// What stood there.
    pub before: String,
    /// What the edit wrote.
    pub after: String,
    /// Where the old value came from, when the contact said so.
    pub origin: Option<Origin>,
    /// Identifiers that the contact gained.
    pub gained: Vec<String>,
    /// Further addresses that keep the old identifiers.
    pub addresses: Vec<String>,
    /// Identifiers of a shared mailbox that went to someone else who shares it.
    #[serde(default)]
    pub handed: Vec<(String, ContactId)>,
    /// Whether nothing could be sent before.
    pub do_not_contact: bool,
    /// Whether the address was shared before.
    pub shared_mailbox: bool,
}

/// The value of a field; empty when not known.
pub(super) fn value_of(contact: &Contact, field: ContactField) -> &str {
    match field {
        ContactField::Person(field) => contact.person.get(field),
        ContactField::Custom(id) => contact.custom.get(&id).map_or("", String::as_str),
    }
}

/// Sets a field and where its value comes from.
pub(super) fn set(contact: &mut Contact, field: ContactField, value: &str, origin: Option<Origin>) {
    match field {
        ContactField::Person(field) => contact.person.set(field, value),
        ContactField::Custom(id) if value.is_empty() => {
            contact.custom.remove(&id);
        }
        ContactField::Custom(id) => {
            contact.custom.insert(id, value.to_owned());
        }
    }
    let word = field.to_string();
    match origin {
        Some(origin) => contact.origins.insert(word, origin),
        None => contact.origins.remove(&word),
    };
}

impl Engine {
    /// Changes one field of a contact. An empty value clears it: someone did that on purpose, and can take it back. A
    /// new address or profile identifies the person from now on, and the old one still does. One that belongs to
    /// someone else is not taken: the two become a duplicate suspect (A19, R1).
    ///
    /// # Errors
    /// Refuses a value that the field cannot hold, and a contact that is gone.
    pub async fn edit_contact(
        &self,
        actor: &Actor,
        contact: ContactId,
        field: ContactField,
        value: &str,
    ) -> Result<Edited> {
        actor.may(Act::EditContacts)?;
        let change = ChangeId(self.store().reserve("bulk_change", 1).await?);
        let event = self.reserve_events(1).await?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        let groups = groups::load(&mut tx, actor.workspace, false).await?;
        if list::live_contact(&mut tx, actor, contact).await? != contact {
            return Err(Error::conflict("This contact was merged into another meanwhile. Open it again to change it."));
        }
        let rules = email_rules(&mut tx, actor).await?;
        let value = usable_value(&mut tx, actor, field, value, rules).await?;
        let known = one(&mut tx, actor, contact).await?;
        if value_of(&known, field) == value {
            return Ok(Edited::Unchanged);
        }
        let mut after = known.person.clone();
        if let ContactField::Person(field) = field {
            after.set(field, value.as_str());
        }
        let old_keys: HashMap<KeyBytes, _> =
            people::keys(&known.person, rules).into_iter().map(|(m, k)| (k, m)).collect();
        let new_keys: Vec<KeyBytes> = people::keys(&after, rules).into_iter().map(|(_, key)| key).collect();
        let mut gained: Vec<(KeyBytes, ContactId)> =
            new_keys.iter().filter(|key| !old_keys.contains_key(*key)).map(|key| (*key, contact)).collect();
        gained.sort_unstable();
        let wanted: Vec<KeyBytes> = gained.iter().map(|(key, _)| *key).collect();
        let had = identities::owners(&mut tx, actor.workspace, &wanted).await?;
        let owners = identities::claim(&mut tx, actor.workspace, &gained).await?;
        if let Some(&by) = owners.values().find(|owner| **owner != contact) {
            return self.say_taken(tx, actor, contact, by, now).await;
        }
        contacts::lock(&mut tx, actor.workspace, &[contact]).await?;
        let mut now_there = one(&mut tx, actor, contact).await?;
        let still_live = contacts::live(&mut tx, actor.workspace, &[contact]).await?.len() == 1;
        if !still_live || now_there.person != known.person {
            return Err(Error::conflict(
                "Someone else changed this contact at the same moment. Nothing of yours was saved; look at it again.",
            ));
        }
        let mut before = Before {
            field,
            before: value_of(&known, field).to_owned(),
            after: value.clone(),
            origin: now_there.origins.get(&field.to_string()).copied(),
            gained: wanted.iter().filter(|key| !had.contains_key(*key)).map(hex::write).collect(),
            addresses: Vec::new(),
            handed: Vec::new(),
            do_not_contact: now_there.do_not_contact,
            shared_mailbox: now_there.shared_mailbox,
        };
        set(&mut now_there, field, &value, Some(Origin { kind: SourceKind::Manual, id: actor.user.0, at: now }));
        if field == ContactField::Person(PersonField::Email) && !wanted.is_empty() {
            now_there.shared_mailbox = false;
        }
        // whoever asked not to be written to at that address is this person now (R8)
        now_there.do_not_contact |= !consent::suppressed(&mut tx, actor.workspace, &wanted).await?.is_empty();
        let lost: Vec<(KeyBytes, _)> = old_keys.into_iter().filter(|(key, _)| !new_keys.contains(key)).collect();
        let keys: Vec<KeyBytes> = lost.iter().map(|(key, _)| *key).collect();
        let heirs = people::heirs(&mut tx, actor.workspace, &keys, |id| id == contact, rules).await?;
        let owners = identities::owners(&mut tx, actor.workspace, &keys).await?;
        let own: Vec<_> = lost.into_iter().filter(|(key, _)| owners.get(key) == Some(&contact)).collect();
        let (handed, kept): (Vec<_>, Vec<_>) = own.into_iter().partition(|(key, _)| heirs.contains_key(key));
        let to: Vec<_> = handed.iter().map(|(key, _)| (*key, heirs.get(key).copied())).collect();
        identities::settle(&mut tx, actor.workspace, &to).await?;
        before.handed = to.iter().filter_map(|(key, heir)| Some((hex::write(key), (*heir)?))).collect();
        before.addresses = keep_old(&mut tx, actor, contact, &kept, &before.before, now).await?;
        let folded = people::folded(&now_there.person);
        groups::keep(&mut tx, actor.workspace, &groups, std::slice::from_ref(&now_there)).await?;
        contacts::update(&mut tx, actor.workspace, vec![(now_there, folded)], now).await?;
        suspects::want_matching(&mut tx, actor.workspace, &[contact]).await?;
        let word = field.to_string();
        let detail = Detail {
            field: Some(field),
            before: before.before.clone(),
            after: value,
            change: Some(change),
            ..Detail::default()
        };
        let kept = [(contact, serde_json::to_string(&before)?)];
        let id = (actor.workspace, change);
        contact_changes::add(&mut tx, id, actor.user, ("edit", &word), &kept, now).await?;
        let events = history::events(event, &[contact], history::EDIT, &detail)?;
        contact_history::add(&mut tx, actor.workspace, actor.user, events, now).await?;
        audit::record(&mut tx, self.event(actor, "contact.edit", contact.to_string(), &word)).await?;
        tx.commit().await?;
        Ok(Edited::Saved { change })
    }

    /// Nothing is written but that these two may be one person.
    async fn say_taken(
        &self,
        mut tx: Tx,
        actor: &Actor,
        contact: ContactId,
        by: ContactId,
        now: i64,
    ) -> Result<Edited> {
        let name = one(&mut tx, actor, by).await?.person.display_name();
        suspects::note(&mut tx, actor.workspace, (contact, by), "sharedIdentifiers", now).await?;
        audit::record(&mut tx, self.event(actor, "contact.conflict", contact.to_string(), &by.to_string())).await?;
        tx.commit().await?;
        Ok(Edited::Taken { by, name })
    }
}

/// Keeps the identifiers that an edit replaced as further addresses, so that the next import of them finds the person.
/// Says which were not kept before.
async fn keep_old(
    tx: &mut Tx,
    actor: &Actor,
    contact: ContactId,
    lost: &[(KeyBytes, domain::import::Matched)],
    text: &str,
    now: i64,
) -> Result<Vec<String>> {
    let addresses: Vec<Address> = lost
        .iter()
        .map(|(key, kind)| Address { contact, key: *key, kind: kind.word(), value: text.to_owned() })
        .collect();
    let added = contacts::add_addresses(tx, actor.workspace, addresses, now).await?;
    Ok(added.iter().map(|(_, key)| hex::write(key)).collect())
}

/// A contact that is known to be there.
pub(super) async fn one(tx: &mut Tx, actor: &Actor, contact: ContactId) -> Result<Contact> {
    contacts::among(tx, actor.workspace, &[contact]).await?.pop().ok_or(Error::NotFound("contact"))
}

/// The value as it is kept, or why it cannot be.
async fn usable_value(
    tx: &mut Tx,
    actor: &Actor,
    field: ContactField,
    value: &str,
    rules: EmailRules,
) -> Result<String> {
    let refused = |why: String| Error::from(Problem::field(field.to_string(), why));
    let person_field = match field {
        ContactField::Custom(id) => {
            let known = fields::list(tx, actor.workspace).await?;
            let found = known.iter().find(|f| f.id == id).ok_or(Error::NotFound("field"))?;
            let place = team::workspace_by_id(tx, actor.workspace).await?.ok_or(Error::NotFound("workspace"))?;
            return typed_value(found, value, day_first(Some(&place.default_country))).map_err(refused);
        }
        ContactField::Person(field) => field,
    };
    person_value(person_field, value, rules).map_err(refused)
}

/// A value of a person's field as it is kept, or a sentence about why it cannot be.
pub(crate) fn person_value(field: PersonField, value: &str, rules: EmailRules) -> std::result::Result<String, String> {
    let value = matching::trim_invisible(value).into_owned();
    if matching::is_blank(&value) {
        return Ok(String::new());
    }
    if value.contains('\0') || value.chars().count() > custom::VALUE_CHARACTERS {
        return Err(format!("Use at most {} characters of text.", custom::VALUE_CHARACTERS));
    }
    match (field, LinkedInKey::parse(&value)) {
        (PersonField::Email, _) => match EmailKey::parse_with(&value, rules) {
            Ok(_) => Ok(matching::clean_email(&value)),
            Err(error) => Err(format!("This is no email address: {error}.")),
        },
        (PersonField::LinkedinUrl, Ok(LinkedInKey::SalesNavigator(_))) => {
            Err("This is a Sales Navigator address: put it under Sales Navigator URL.".to_owned())
        }
        (PersonField::LinkedinUrlSalesNav, Ok(LinkedInKey::Profile(_))) => {
            Err("This is a public profile: put it under LinkedIn URL.".to_owned())
        }
        (PersonField::LinkedinUrl | PersonField::LinkedinUrlSalesNav, Err(error)) => {
            Err(format!("This is no LinkedIn profile: {error}."))
        }
        _ => Ok(value),
    }
}
