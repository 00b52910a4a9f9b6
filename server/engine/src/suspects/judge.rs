//! How two contacts are judged: by the matcher, and by what the team has said of their mailboxes.

use std::collections::{BTreeSet, HashMap};

use domain::PersonField;
use domain::ids::WorkspaceId;
use matching::{Band, Comparison, EmailKey, EmailRules, Frequencies, Key, Profile, Thresholds};
use store::contacts::{self, Contact};
use store::{Tx, team};

use super::pairs::Found;
use super::parts;
use crate::Result;

/// Contacts as the matcher compares them.
#[derive(Default)]
pub(super) struct Folded {
    /// Each, in the order they came.
    pub profiles: Vec<Profile>,
    /// Who of them shares a mailbox with others by the team's choice (R16).
    pub sharing: Sharing,
}

/// Those who share a mailbox with others by the team's choice, by contact; they are few.
#[derive(Default)]
pub(super) struct Sharing(HashMap<i64, Sharer>);

struct Sharer {
    mails: BTreeSet<Key>,
    /// The same person without addresses.
    bare: Profile,
}

/// Folds contacts, in their order; their further addresses count as much as the first.
pub(super) async fn folded(tx: &mut Tx, workspace: WorkspaceId, people: &[Contact]) -> Result<Folded> {
    let ids: Vec<_> = people.iter().map(|c| c.id).collect();
    let mut further: HashMap<_, Vec<(String, String)>> = HashMap::new();
    for (id, kind, value) in contacts::addresses(tx, workspace, &ids).await? {
        further.entry(id).or_default().push((kind, value));
    }
    let place = team::workspace_by_id(tx, workspace).await?;
    let country = place.map(|place| place.default_country).filter(|country| !country.is_empty());
    let mut folded = Folded::default();
    for contact in people {
        let person = person(contact, further.remove(&contact.id).unwrap_or_default());
        folded.profiles.push(Profile::within(&person, country.as_deref()));
        if contact.shared_mailbox {
            folded.sharing.0.insert(contact.id.0, Sharer::of(person, country.as_deref()));
        }
    }
    Ok(folded)
}

fn person(contact: &Contact, further: Vec<(String, String)>) -> matching::Person {
    let get = |field| contact.person.get(field).to_owned();
    let mut person = matching::Person {
        id: contact.id.0,
        first_name: get(PersonField::FirstName),
        last_name: get(PersonField::LastName),
        emails: vec![get(PersonField::Email)],
        company_name: get(PersonField::CompanyName),
        company_domain: get(PersonField::CompanyDomain),
        phones: vec![get(PersonField::Phone)],
        linkedin_urls: vec![get(PersonField::LinkedinUrl), get(PersonField::LinkedinUrlSalesNav)],
        city: get(PersonField::City),
        postcode: get(PersonField::Postcode),
        street: get(PersonField::Street),
        country: get(PersonField::Country),
        date_of_birth: get(PersonField::DateOfBirth),
    };
    for (kind, value) in further {
        if kind == PersonField::Email.word() { &mut person.emails } else { &mut person.linkedin_urls }.push(value);
    }
    person
}

impl Sharer {
    fn of(person: matching::Person, country: Option<&str>) -> Self {
        // as wide as any workspace reads addresses
        let rules = EmailRules { fold_gmail: true };
        let keys = person.emails.iter().filter_map(|mail| EmailKey::parse_with(mail, rules).ok());
        let mails = keys.map(|mail| mail.key()).collect();
        Sharer { mails, bare: Profile::within(&matching::Person { emails: Vec::new(), ..person }, country) }
    }
}

impl Sharing {
    /// Takes others in.
    pub fn extend(&mut self, others: Sharing) {
        self.0.extend(others.0);
    }

    /// The pairs that share a mailbox, in order.
    pub fn pairs(&self) -> BTreeSet<(i64, i64)> {
        let mut by_mail: HashMap<Key, Vec<i64>> = HashMap::new();
        for (id, sharer) in &self.0 {
            for mail in &sharer.mails {
                by_mail.entry(*mail).or_default().push(*id);
            }
        }
        let mut pairs = BTreeSet::new();
        for ids in by_mail.into_values() {
            for one in &ids {
                pairs.extend(ids.iter().filter(|other| one < other).map(|other| (*one, *other)));
            }
        }
        pairs
    }

    /// Compares two. A mailbox that the team lets both have says nothing about them, and they are never obvious: it
    /// was said before that they are two.
    pub fn judge(
        &self,
        one: &Profile,
        other: &Profile,
        frequencies: &Frequencies,
        thresholds: &Thresholds,
    ) -> Comparison {
        let (Some(a), Some(b)) = (self.0.get(&one.id()), self.0.get(&other.id())) else {
            return matching::compare(one, other, frequencies, thresholds);
        };
        if a.mails.is_disjoint(&b.mails) {
            return matching::compare(one, other, frequencies, thresholds);
        }
        let mut comparison = matching::compare(&a.bare, &b.bare, frequencies, thresholds);
        comparison.band = comparison.band.map(|band| if band == Band::Obvious { Band::Review } else { band });
        comparison
    }
}

/// What pairs are judged by.
pub(super) struct Judge<'a> {
    pub sharing: &'a Sharing,
    pub frequencies: &'a Frequencies,
    pub thresholds: &'a Thresholds,
}

impl Judge<'_> {
    /// The pair, if it is listed. What somebody said is listed for review at least (`must`); people who are namesakes
    /// and no more are listed together instead (`grouped`).
    pub fn found(&self, one: &Profile, other: &Profile, must: bool, grouped: bool) -> Result<Option<Found>> {
        let comparison = self.sharing.judge(one, other, self.frequencies, self.thresholds);
        let band = match comparison.band {
            Some(Band::Name) if grouped && !must => None,
            Some(Band::Name) | None if must => Some(Band::Review),
            band => band,
        };
        let Some(band) = band else { return Ok(None) };
        Ok(Some(Found {
            first: one.id().min(other.id()),
            second: one.id().max(other.id()),
            bits: comparison.bits,
            probability: comparison.probability,
            band,
            parts: serde_json::to_string(&parts(&comparison))?,
        }))
    }
}
