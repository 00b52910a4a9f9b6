//! Sets of fields that imports recognise people by, beside the identities (R5). The one place where the keys of such
//! sets are made and kept: whoever writes contacts calls `load` before any other lock and `keep` after writing.

use domain::custom::CustomValues;
use domain::ids::{ContactId, WorkspaceId};
use domain::import::Target;
use domain::{Person, PersonField};
use matching::{EmailKey, EmailRules, Key, KeyKind, LinkedInKey, PhoneKey};
use store::contacts::{self, Contact};
use store::identities::KeyBytes;
use store::{Tx, groups, import_undo, picture, team};

use crate::fields::day_first;
use crate::merge::found_by;
use crate::{Engine, Error, Result};

/// Contacts that get their keys in one transaction.
const PAGE: i64 = 1_000;

/// Sets of fields, and how their values are compared in a workspace.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups {
    groups: Vec<(String, Vec<Target>)>,
    email: EmailRules,
    country: Option<String>,
}

impl Groups {
    /// These sets, compared as the workspace says.
    pub fn new(groups: &[Vec<Target>], email: EmailRules, country: &str) -> Self {
        let groups = groups
            .iter()
            .map(|group| {
                let group = domain::import::sorted_group(group);
                (words(&group), group)
            })
            .collect();
        Groups { groups, email, country: Some(country.to_owned()).filter(|c| !c.is_empty()) }
    }

    /// Whether there is no set at all.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The words by which the sets are registered.
    pub fn words(&self) -> Vec<String> {
        self.groups.iter().map(|(words, _)| words.clone()).collect()
    }

    /// The keys of someone in each set whose fields they all have: an empty value matches nobody (B9).
    pub fn keys(&self, person: &Person, custom: &CustomValues) -> Vec<KeyBytes> {
        self.groups.iter().filter_map(|(words, targets)| self.key(words, targets, person, custom)).collect()
    }

    /// What someone has in the fields of these sets: enough to make their keys again.
    pub fn values(&self, contact: &Contact) -> Box<[String]> {
        let value = |target: &Target| match target {
            Target::Field(field) => contact.person.get(*field).to_owned(),
            Target::Custom(id) => contact.custom.get(id).cloned().unwrap_or_default(),
            Target::Skip | Target::FullName | Target::Tags | Target::Variable(_) => String::new(),
        };
        self.targets().map(value).collect()
    }

    /// Gives someone what `values` said.
    pub fn give(&self, contact: &mut Contact, values: &[String]) {
        for (target, value) in self.targets().zip(values) {
            match target {
                Target::Field(field) => contact.person.set(*field, value.as_str()),
                Target::Custom(id) if !value.is_empty() => _ = contact.custom.insert(*id, value.clone()),
                Target::Custom(_) | Target::Skip | Target::FullName | Target::Tags | Target::Variable(_) => {}
            }
        }
    }

    fn targets(&self) -> impl Iterator<Item = &Target> {
        self.groups.iter().flat_map(|(_, targets)| targets)
    }

    fn key(&self, words: &str, targets: &[Target], person: &Person, custom: &CustomValues) -> Option<KeyBytes> {
        let mut text = words.to_owned();
        for target in targets {
            let value = match target {
                Target::Field(field) => self.canonical(*field, person.get(*field)),
                Target::Custom(id) => custom.get(id).map_or_else(String::new, |v| matching::fold_text(v)),
                Target::Skip | Target::FullName | Target::Tags | Target::Variable(_) => return None,
            };
            if value.is_empty() {
                return None;
            }
            text.push('\u{1f}');
            text.push_str(&value);
        }
        Some(*Key::of(KeyKind::Text, &text).as_bytes())
    }

    /// The form in which a value is compared.
    fn canonical(&self, field: PersonField, value: &str) -> String {
        let exact = match field {
            _ if value.is_empty() => return String::new(),
            PersonField::Email => EmailKey::parse_with(value, self.email).map(|k| k.as_str().to_owned()).ok(),
            PersonField::LinkedinUrl | PersonField::LinkedinUrlSalesNav => {
                LinkedInKey::parse(value).map(|k| k.as_str().to_owned()).ok()
            }
            PersonField::Phone => PhoneKey::parse(value, self.country.as_deref()).map(|k| k.e164().to_owned()).ok(),
            PersonField::DateOfBirth => matching::read_day(value, day_first(self.country.as_deref())),
            _ => None,
        };
        exact.unwrap_or_else(|| matching::fold_text(value))
    }
}

fn words(group: &[Target]) -> String {
    group.iter().map(Target::to_string).collect::<Vec<_>>().join(",")
}

/// Takes the workspace's lock, before any other, and reads its sets; `alone` where nobody else may write people until
/// commit.
pub(crate) async fn load(tx: &mut Tx, workspace: WorkspaceId, alone: bool) -> Result<Groups> {
    groups::lock(tx, workspace, alone).await?;
    registered(tx, workspace).await
}

/// The sets of a workspace, for looking only.
pub(crate) async fn registered(tx: &mut Tx, workspace: WorkspaceId) -> Result<Groups> {
    let place = team::workspace_by_id(tx, workspace).await?.ok_or(Error::Fault("the workspace is gone"))?;
    let mut all = Vec::new();
    for (words, _) in groups::list(tx, workspace).await? {
        let group: std::result::Result<Vec<Target>, _> = words.split(',').map(str::parse).collect();
        all.push(group.map_err(|_| Error::Fault("a stored set of identifiers is unreadable"))?);
    }
    Ok(Groups::new(&all, EmailRules { fold_gmail: place.fold_gmail }, &place.default_country))
}

/// Gives contacts the keys of their values as they are now, and those that they have by their merges. Every path that
/// writes contacts calls this in the same transaction, with the sets that `load` gave; only merges and their undo make
/// the keys of everyone concerned themselves. What was written of a contact that is merged counts for the survivor.
pub(crate) async fn keep(tx: &mut Tx, workspace: WorkspaceId, groups: &Groups, changed: &[Contact]) -> Result<()> {
    if groups.is_empty() || changed.is_empty() {
        return Ok(());
    }
    let ids: Vec<ContactId> = changed.iter().map(|c| c.id).collect();
    let standing = picture::standing(tx, workspace, &ids).await?;
    let into = |id: &ContactId| standing.get(id).and_then(|(into, ..)| *into);
    let mut people: Vec<Contact> = changed.iter().filter(|c| into(&c.id).is_none()).cloned().collect();
    let mut survivors: Vec<ContactId> = ids.iter().filter_map(into).filter(|id| !ids.contains(id)).collect();
    survivors.sort_unstable();
    survivors.dedup();
    people.extend(contacts::among(tx, workspace, &survivors).await?);
    let ids: Vec<ContactId> = people.iter().map(|c| c.id).collect();
    let keys: Vec<(KeyBytes, ContactId)> = found_by(tx, workspace, groups, &people).await?;
    Ok(groups::replace(tx, workspace, &ids, &keys).await?)
}

/// The keys by which people who are somebody are found.
pub(crate) async fn found_by(
    tx: &mut Tx,
    workspace: WorkspaceId,
    groups: &Groups,
    people: &[Contact],
) -> Result<Vec<(KeyBytes, ContactId)>> {
    let ids: Vec<ContactId> = people.iter().map(|c| c.id).collect();
    let mut keys = found_by::inherited(tx, workspace, groups, &ids).await?;
    for contact in people {
        keys.extend(groups.keys(&contact.person, &contact.custom).into_iter().map(|key| (key, contact.id)));
    }
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

impl Engine {
    /// Makes sure that everyone has their keys in these sets; the first use of a set goes over all contacts once, in
    /// short transactions.
    pub(crate) async fn fill_groups(&self, workspace: WorkspaceId, wanted: &Groups) -> Result<()> {
        let words = wanted.words();
        let filled = groups::list(&mut self.store().read().await?, workspace).await?;
        if words.iter().all(|w| filled.iter().any(|(f, done)| f == w && *done)) {
            return Ok(());
        }
        let count = i64::try_from(words.len()).unwrap_or(i64::MAX);
        let first = self.store().reserve("identifier_group", count).await?;
        let mut tx = self.store().write().await?;
        groups::lock(&mut tx, workspace, true).await?;
        for (fields, id) in words.iter().zip(first..) {
            groups::register(&mut tx, workspace, id, fields, self.now()).await?;
        }
        tx.commit().await?;
        let mut after = ContactId(0);
        loop {
            let mut tx = self.store().write().await?;
            let all = load(&mut tx, workspace, true).await?;
            let page = contacts::after(&mut tx, workspace, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            let ids: Vec<ContactId> = page.iter().map(|c| c.id).collect();
            let gone = import_undo::gone(&mut tx, workspace, &ids).await?;
            let live: Vec<Contact> = page.into_iter().filter(|c| !gone.contains_key(&c.id)).collect();
            keep(&mut tx, workspace, &all, &live).await?;
            tx.commit().await?;
        }
        let mut tx = self.store().write().await?;
        groups::set_filled(&mut tx, workspace, &words, self.now()).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::FieldId;

    fn someone(values: &[(PersonField, &str)]) -> Person {
        let mut person = Person::default();
        values.iter().for_each(|(field, value)| person.set(*field, *value));
        person
    }

    /// B9, B19, R3: all fields of a set must match, in their canonical forms; an empty one matches nobody.
    #[test]
    fn a_set_matches_when_every_field_does() {
        use PersonField::*;
        let field = Target::Field;
        let groups =
            Groups::new(&[vec![field(LastName), field(Phone), field(DateOfBirth)]], EmailRules::default(), "SE");
        let keys = |values: &[(PersonField, &str)]| groups.keys(&someone(values), &CustomValues::default());
        let one = keys(&[(LastName, "SMITH"), (Phone, "070-123 45 67"), (DateOfBirth, "1980-03-31")]);
        assert_eq!(one.len(), 1);
        assert_eq!(one, keys(&[(LastName, " smith "), (Phone, "+46 70 1234567"), (DateOfBirth, "31.03.1980")]));
        assert_ne!(one, keys(&[(LastName, "Smith"), (Phone, "+46701234567"), (DateOfBirth, "1980-03-30")]));
        assert!(keys(&[(LastName, "Smith"), (Phone, "+46701234567")]).is_empty());
    }

    /// A day is read as the workspace writes it, as by an import.
    #[test]
    fn a_day_means_what_it_means_in_the_country() {
        use PersonField::{DateOfBirth, LastName};
        let key = |country: &str, day: &str| {
            let set = vec![Target::Field(LastName), Target::Field(DateOfBirth)];
            Groups::new(&[set], EmailRules::default(), country)
                .keys(&someone(&[(LastName, "Smith"), (DateOfBirth, day)]), &CustomValues::default())
        };
        assert_eq!(key("US", "03/04/1980"), key("US", "1980-03-04"));
        assert_eq!(key("GB", "03/04/1980"), key("GB", "1980-04-03"));
        assert_eq!(key("", "03/04/1980"), key("", "1980-04-03"));
    }

    #[test]
    fn the_same_values_in_another_set_are_another_key() {
        let custom: CustomValues = [(FieldId(1), "A 1".to_owned()), (FieldId(2), "A 1".to_owned())].into();
        let of = |id| Groups::new(&[vec![Target::Custom(FieldId(id))]], EmailRules::default(), "");
        let person = Person::default();
        assert_eq!(of(1).keys(&person, &custom).len(), 1);
        assert_ne!(of(1).keys(&person, &custom), of(2).keys(&person, &custom));
    }
}
