//! “Why not?”: two typed people, and what the matcher says of them.

use std::collections::BTreeSet;

use domain::suspect::{SuspectPart, TypedPerson, WhyNot};
use domain::{Act, Person, PersonField};
use matching::{EmailRules, Profile};
use store::{match_keys, team};

use super::matching_job::frequencies;
use super::{band, thresholds};
use crate::{Actor, Engine, Result, people};

impl Engine {
    /// Compares two typed people as if they were contacts here.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn why_not(&self, actor: &Actor, one: &TypedPerson, other: &TypedPerson) -> Result<WhyNot> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let settings = match_keys::settings(&mut tx, actor.workspace).await?;
        let workspace = team::workspace_by_id(&mut tx, actor.workspace).await?;
        let rules = EmailRules { fold_gmail: workspace.as_ref().is_some_and(|w| w.fold_gmail) };
        let country = workspace.map(|w| w.default_country).filter(|country| !country.is_empty());
        let (a, b) = (profile(one, country.as_deref()), profile(other, country.as_deref()));
        let counts = frequencies(&mut tx, actor.workspace, &settings.match_mix, [&a, &b].into_iter()).await?;
        let comparison = matching::compare(&a, &b, &counts, &thresholds(&settings));
        let keys: BTreeSet<_> = a.blocking_keys().into_iter().collect();
        let identifiers = people::keys(&person(one), rules);
        let same = people::keys(&person(other), rules).into_iter().find(|key| identifiers.contains(key));
        Ok(WhyNot {
            parts: comparison.parts.iter().map(|p| SuspectPart { words: p.chip(), bits: p.bits }).collect(),
            bits: comparison.bits,
            probability: comparison.probability,
            band: comparison.band.map(band),
            same_identifier: same.map(|(kind, _)| kind.label().to_owned()),
            meets: b.blocking_keys().iter().any(|key| keys.contains(key)),
        })
    }
}

fn profile(typed: &TypedPerson, country: Option<&str>) -> Profile {
    let person = matching::Person {
        first_name: typed.first_name.clone(),
        last_name: typed.last_name.clone(),
        emails: vec![typed.email.clone()],
        company_name: typed.company.clone(),
        phones: vec![typed.phone.clone()],
        linkedin_urls: vec![typed.linkedin.clone()],
        city: typed.city.clone(),
        date_of_birth: typed.date_of_birth.clone(),
        ..matching::Person::default()
    };
    Profile::within(&person, country)
}

fn person(typed: &TypedPerson) -> Person {
    let mut person = Person::default();
    person.set(PersonField::Email, typed.email.as_str());
    person.set(PersonField::LinkedinUrl, typed.linkedin.as_str());
    person
}
