//! Suspects: finds contacts that may be one person, keeps their scores, shows them.

mod decide;
mod files;
mod list;
mod matching_job;
mod pairs;
mod scan;
mod schedule;
mod why_not;

pub use files::{FilePair, match_file};
pub use scan::ScanSummary;

use domain::PersonField;
use domain::suspect::{Band, SuspectPart};
use matching::{Comparison, Mix, Profile, Thresholds};
use store::Tx;
use store::contacts::{self, Contact};
use store::match_keys::Settings;
use store::team;

use crate::Result;

/// The folded features of contacts, in their order; their further addresses count as much as the first.
pub(super) async fn profiles(
    tx: &mut Tx,
    workspace: domain::ids::WorkspaceId,
    people: &[Contact],
) -> Result<Vec<Profile>> {
    let ids: Vec<_> = people.iter().map(|c| c.id).collect();
    let mut further: std::collections::HashMap<_, Vec<(String, String)>> = std::collections::HashMap::new();
    for (id, kind, value) in contacts::addresses(tx, workspace, &ids).await? {
        further.entry(id).or_default().push((kind, value));
    }
    let place = team::workspace_by_id(tx, workspace).await?;
    let country = place.map(|place| place.default_country).filter(|country| !country.is_empty());
    let profile = |c: &Contact| profile(c, further.remove(&c.id).unwrap_or_default(), country.as_deref());
    Ok(people.iter().map(profile).collect())
}

fn profile(contact: &Contact, further: Vec<(String, String)>, country: Option<&str>) -> Profile {
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
    Profile::within(&person, country)
}

/// The thresholds that a workspace chose, or the matcher's own.
pub(super) fn thresholds(settings: &Settings) -> Thresholds {
    let own = Thresholds::default();
    let chosen = |millionths: i64, own| if millionths == 0 { own } else { from_millionths(millionths) };
    Thresholds { review: chosen(settings.review_from, own.review), obvious: chosen(settings.obvious_from, own.obvious) }
}

/// A fraction as the database keeps it.
pub(super) fn millionths(fraction: f64) -> i64 {
    // between 0 and a million
    (fraction * 1e6).round() as i64
}

pub(super) fn from_millionths(stored: i64) -> f64 {
    stored as f64 / 1e6
}

/// The band in the words of the business.
pub(super) fn band(band: matching::Band) -> Band {
    match band {
        matching::Band::Obvious => Band::Obvious,
        matching::Band::Review => Band::Review,
        matching::Band::Name => Band::Name,
    }
}

/// The evidence for a screen.
pub(super) fn parts(comparison: &Comparison) -> Vec<SuspectPart> {
    comparison.parts.iter().map(|part| SuspectPart { words: part.chip(), bits: part.bits }).collect()
}

/// What the matcher expects of any two people, as the database keeps it.
fn write_mix(mix: Mix) -> Result<String> {
    Ok(serde_json::to_string(&[mix.duplicates, mix.relatives, mix.colleagues])?)
}

/// What the last full scan expected; without one, what the matcher expects anywhere.
fn read_mix(stored: &str) -> Result<Mix> {
    if stored.is_empty() {
        return Ok(Mix::default());
    }
    let [duplicates, relatives, colleagues] = serde_json::from_str(stored)?;
    Ok(Mix { duplicates, relatives, colleagues })
}
