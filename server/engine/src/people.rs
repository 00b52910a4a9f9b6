//! The identifiers of a person, and what search and sorting look at: computed in one place for every path (R1).

use std::collections::HashMap;

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

/// Who inherits identifiers whose owner loses them: the oldest of those who share the address by the team's choice
/// (R16). `leaving` inherit nothing. Whoever takes identifiers from a contact that is marked as sharing asks this.
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
    for contact in contacts::sharing(tx, workspace).await?.iter().filter(|c| !leaving(c.id)) {
        for (_, key) in keys(&contact.person, rules).iter().filter(|(_, key)| lost.contains(key)) {
            heirs.entry(*key).or_insert(contact.id);
        }
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
