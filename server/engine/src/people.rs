//! The identifiers of a person, and what search and sorting look at: computed in one place for every path (R1).

use std::collections::{HashMap, HashSet};

use domain::ids::{ContactId, WorkspaceId};
use domain::import::Matched;
use domain::{Person, PersonField};
use matching::{EmailKey, EmailRules, LinkedInKey};
use store::Tx;
use store::contacts::{self, Folded};
use store::identities::KeyBytes;

use crate::Result;

/// The identity keys of a person's own fields, in the order they are tried.
pub(crate) fn keys(person: &Person, rules: EmailRules) -> Vec<(Matched, KeyBytes)> {
    let mut keys = Vec::new();
    if let Ok(email) = EmailKey::parse_with(person.get(PersonField::Email), rules) {
        keys.push((Matched::Email, *email.key().as_bytes()));
    }
    for field in [PersonField::LinkedinUrl, PersonField::LinkedinUrlSalesNav] {
        if let Ok(profile) = LinkedInKey::parse(person.get(field)) {
            let key = (kind(&profile), *profile.key().as_bytes());
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

/// The fields that say who someone is.
pub(crate) const IDENTIFYING: [PersonField; 3] =
    [PersonField::Email, PersonField::LinkedinUrl, PersonField::LinkedinUrlSalesNav];

/// Whether the value of a field is this identifier.
pub(crate) fn is_key_of(person: &Person, field: PersonField, key: KeyBytes, rules: EmailRules) -> bool {
    let mut only = Person::default();
    only.set(field, person.get(field));
    keys(&only, rules).iter().any(|(_, k)| *k == key)
}

/// The identity keys of a person's own fields, each with the text it was computed from.
pub(crate) fn keyed_values(person: &Person, rules: EmailRules) -> Vec<(Matched, KeyBytes, String)> {
    let mut out = Vec::new();
    for (kind, key) in keys(person, rules) {
        // a Sales Navigator address may stand in the field of the public profile, and the other way round
        let field = IDENTIFYING.into_iter().find(|field| is_key_of(person, *field, key, rules));
        out.push((kind, key, field.map_or("", |field| person.get(field)).to_owned()));
    }
    out
}

/// Who inherits identifiers whose owner loses them: the oldest of those who share the address by the team's choice
/// (R16), be it their first or a further one. `leaving` inherit nothing. Whoever takes identifiers from a contact that is marked as sharing asks this.
pub(crate) async fn heirs(
    tx: &mut Tx,
    workspace: WorkspaceId,
    lost: &[KeyBytes],
    leaving: impl Fn(ContactId) -> bool,
    rules: EmailRules,
) -> Result<HashMap<KeyBytes, ContactId>> {
    let mut heirs = HashMap::new();
    if lost.is_empty() {
        return Ok(heirs);
    }
    let wanted: HashSet<KeyBytes> = lost.iter().copied().collect();
    let mut sharing = contacts::sharing_further(tx, workspace, lost).await?;
    for (id, person) in contacts::sharing(tx, workspace).await? {
        let own = keys(&person, rules).into_iter().map(|(_, key)| key).filter(|key| wanted.contains(key));
        sharing.extend(own.map(|key| (key, id)));
    }
    for (key, id) in sharing.into_iter().filter(|(_, id)| !leaving(*id)) {
        heirs.entry(key).and_modify(|heir: &mut ContactId| *heir = id.min(*heir)).or_insert(id);
    }
    Ok(heirs)
}

/// Which identifier a LinkedIn address is.
pub(crate) fn kind(profile: &LinkedInKey) -> Matched {
    match profile {
        LinkedInKey::Profile(_) => Matched::Linkedin,
        LinkedInKey::SalesNavigator(_) => Matched::SalesNavigator,
    }
}

/// The field that shows an identifier.
pub(crate) fn field_of(matched: Matched) -> PersonField {
    match matched {
        // a chosen set of fields is no identity key, so nobody asks for its field
        Matched::Email | Matched::Chosen => PersonField::Email,
        Matched::Linkedin => PersonField::LinkedinUrl,
        Matched::SalesNavigator => PersonField::LinkedinUrlSalesNav,
    }
}

/// The folded columns of a person.
pub(crate) fn folded(person: &Person) -> Folded {
    let get = |field| person.get(field);
    let name = matching::fold_search(&format!("{} {}", get(PersonField::LastName), get(PersonField::FirstName)));
    let company = matching::fold_search(get(PersonField::CompanyName));
    let rest = matching::fold_search(&format!("{} {}", get(PersonField::FirstName), get(PersonField::Email)));
    Folded { search: format!("{rest} {name} {company}"), name, company }
}
