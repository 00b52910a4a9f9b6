//! What Duplication Handling shows.

use std::collections::{BTreeSet, HashMap};

use domain::ids::{ContactId, WorkspaceId};
use domain::suspect::{
    Band, NamesakeEntry, ScanState, SuspectCounts, SuspectEntry, SuspectPage, SuspectPair, SuspectPart, SuspectPerson,
    SuspectQuery, SuspectSection, SuspectState,
};
use domain::{Act, PersonField};
use store::contacts::{self, Contact};
use store::suspects::Suspect;
use store::{Tx, jobs, match_keys, namesakes, suspects, to_match};

use super::{from_millionths, thresholds};
use crate::work::{MATCH, SCAN};
use crate::{Actor, Engine, Error, Result};

/// Entries of a band when all bands are shown.
const SOME: i64 = 15;
/// Entries of a page of one band.
const PAGE: i64 = 50;
/// People named of those who share a name.
const NAMED: i64 = 8;

impl Engine {
    /// A page of suspects.
    ///
    /// # Errors
    /// When the place to go on from is none.
    pub async fn list_suspects(&self, actor: &Actor, query: &SuspectQuery) -> Result<SuspectPage> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let words: Vec<String> = matching::fold_search(&query.search).split_whitespace().map(str::to_owned).collect();
        let mut sections = Vec::new();
        let bands = query.band.map_or_else(|| Band::ALL.to_vec(), |band| vec![band]);
        let limit = if query.band.is_some() { PAGE } else { SOME };
        for band in bands {
            let after = query.after.as_deref().filter(|_| query.band.is_some());
            sections.push(match band {
                Band::Name => names(&mut tx, actor.workspace, &words, after, limit).await?,
                band => entries(&mut tx, actor.workspace, band, &words, after, limit).await?,
            });
        }
        Ok(SuspectPage { counts: counts(&mut tx, actor.workspace).await?, sections })
    }

    /// How much there is to decide and whether people are being compared now: little enough to ask for again and again.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn suspect_state(&self, actor: &Actor) -> Result<SuspectState> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let settings = match_keys::settings(&mut tx, actor.workspace).await?;
        let limits = thresholds(&settings);
        let pending = async |tx: &mut Tx, kind| jobs::is_pending(tx, actor.workspace, kind, actor.workspace.0).await;
        let scan = ScanState {
            scanned_at: settings.scanned_at,
            running: pending(&mut tx, SCAN).await? || pending(&mut tx, MATCH).await?,
            waiting: to_match::count(&mut tx, actor.workspace).await?,
            contacts: match_keys::count_live(&mut tx, actor.workspace).await?,
        };
        Ok(SuspectState {
            counts: counts(&mut tx, actor.workspace).await?,
            scan,
            review_from: limits.review,
            obvious_from: limits.obvious,
        })
    }

    /// Open pairs after one, with the addresses of the two; at most a thousand. For going through all of them.
    ///
    /// # Errors
    /// As the database says.
    pub async fn open_pairs(
        &self,
        actor: &Actor,
        after: Option<(ContactId, ContactId)>,
    ) -> Result<Vec<(SuspectPair, [String; 2])>> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let after = after.unwrap_or((ContactId(0), ContactId(0)));
        let found = suspects::after(&mut tx, actor.workspace, after, 1_000).await?;
        let mut people = people(&mut tx, actor.workspace, &found).await?;
        let mut email = |id| people.get_mut(&id).map_or_else(String::new, |p| p.email.clone());
        found
            .iter()
            .map(|row| Ok((pair(row)?, [row.first_contact_id, row.second_contact_id].map(&mut email))))
            .collect()
    }

    /// How many decisions wait, for the badge in the navigation.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn count_suspects(&self, actor: &Actor) -> Result<u64> {
        actor.may(Act::Look)?;
        Ok(counts(&mut self.store().read().await?, actor.workspace).await?.open())
    }

    /// Sets from which probability on pairs are listed and obvious.
    ///
    /// # Errors
    /// Refuses what is no probability, or an obvious that is below review.
    pub async fn set_match_thresholds(&self, actor: &Actor, review: f64, obvious: f64) -> Result<()> {
        actor.may(Act::HandleDuplicates)?;
        if !(0.05..=0.999).contains(&review) || !(review..=0.9999).contains(&obvious) {
            return Err(Error::refused(
                "Review has to be between 5 and 99.9 %, and obvious at least as high. Nothing was changed.",
            ));
        }
        let mut tx = self.store().write().await?;
        let (review, obvious) = (super::millionths(review), super::millionths(obvious));
        match_keys::set_thresholds(&mut tx, actor.workspace, review, obvious).await?;
        let words = format!("{review} {obvious}");
        store::audit::record(&mut tx, self.event(actor, "suspects.thresholds", actor.workspace.to_string(), &words))
            .await?;
        tx.commit().await?;
        self.ask_scan(actor).await
    }
}

async fn counts(tx: &mut Tx, workspace: WorkspaceId) -> Result<SuspectCounts> {
    let [obvious, review, name] = suspects::count_open(tx, workspace).await?;
    let (separated, merged) = suspects::count_decided(tx, workspace).await?;
    Ok(SuspectCounts { obvious, review, name, separated, merged })
}

async fn entries(
    tx: &mut Tx,
    workspace: WorkspaceId,
    band: Band,
    words: &[String],
    after: Option<&str>,
    limit: i64,
) -> Result<SuspectSection> {
    let after = after.map(|text| numbers::<2>(text).map(|[p, c]| (p, ContactId(c)))).transpose()?;
    let mut found = suspects::clusters(tx, workspace, band, words, after, limit + 1).await?;
    let next = cut(&mut found, limit).map(|(probability, cluster)| format!("{probability}_{}", cluster.0));
    let ids: Vec<ContactId> = found.iter().map(|(_, cluster)| *cluster).collect();
    let pairs = suspects::of_clusters(tx, workspace, &ids).await?;
    let people = people(tx, workspace, &pairs).await?;
    let mut by_cluster: HashMap<i64, Vec<Suspect>> = HashMap::new();
    for pair in pairs {
        by_cluster.entry(pair.cluster_id).or_default().push(pair);
    }
    let entries = ids
        .into_iter()
        .filter_map(|cluster| entry(cluster, band, by_cluster.remove(&cluster.0)?, &people).transpose())
        .collect::<Result<Vec<_>>>()?;
    Ok(SuspectSection { band, entries, namesakes: Vec::new(), next })
}

async fn names(
    tx: &mut Tx,
    workspace: WorkspaceId,
    words: &[String],
    after: Option<&str>,
    limit: i64,
) -> Result<SuspectSection> {
    // the names that many people have come first, on the first page
    let mut namesakes = Vec::new();
    if after.is_none() && words.is_empty() {
        for name in namesakes::open(tx, workspace, None, limit).await? {
            let ids = match_keys::people_of(tx, workspace, name.key, NAMED).await?;
            let some = contacts::among(tx, workspace, &ids).await?.iter().map(person).collect();
            namesakes.push(NamesakeEntry {
                key: name.key.to_string(),
                name: name.name,
                people: name.people.cast_unsigned(),
                some,
            });
        }
    }
    let after = after.map(|text| numbers::<3>(text).map(|[p, a, b]| (p, ContactId(a), ContactId(b)))).transpose()?;
    let mut found = suspects::name_pairs(tx, workspace, words, after, limit + 1).await?;
    let next = cut(&mut found, limit)
        .map(|last| format!("{}_{}_{}", last.probability, last.first_contact_id, last.second_contact_id));
    let people = people(tx, workspace, &found).await?;
    let entries = found
        .into_iter()
        .filter_map(|pair| entry(ContactId(pair.first_contact_id), Band::Name, vec![pair], &people).transpose())
        .collect::<Result<Vec<_>>>()?;
    Ok(SuspectSection { band: Band::Name, entries, namesakes, next })
}

/// Cuts a list that was read one too far, and says after what the next page begins.
fn cut<T: Clone>(found: &mut Vec<T>, limit: i64) -> Option<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if found.len() <= limit {
        return None;
    }
    found.truncate(limit);
    found.last().cloned()
}

fn numbers<const N: usize>(text: &str) -> Result<[i64; N]> {
    let numbers: Vec<i64> = text.split('_').map_while(|part| part.parse().ok()).collect();
    numbers.try_into().map_err(|_| Error::refused("There is no page after this place. Go back to the first page."))
}

async fn people(tx: &mut Tx, workspace: WorkspaceId, pairs: &[Suspect]) -> Result<HashMap<i64, SuspectPerson>> {
    let ids: BTreeSet<ContactId> =
        pairs.iter().flat_map(|p| [ContactId(p.first_contact_id), ContactId(p.second_contact_id)]).collect();
    let found = contacts::among(tx, workspace, &ids.into_iter().collect::<Vec<_>>()).await?;
    Ok(found.iter().map(|c| (c.id.0, person(c))).collect())
}

pub(super) fn person(contact: &Contact) -> SuspectPerson {
    SuspectPerson {
        id: contact.id,
        name: contact.person.display_name(),
        email: contact.person.get(PersonField::Email).to_owned(),
        company: contact.person.get(PersonField::CompanyName).to_owned(),
    }
}

/// An entry of the list; none when one of its people is gone.
fn entry(
    cluster: ContactId,
    band: Band,
    pairs: Vec<Suspect>,
    people: &HashMap<i64, SuspectPerson>,
) -> Result<Option<SuspectEntry>> {
    let ids: BTreeSet<i64> = pairs.iter().flat_map(|p| [p.first_contact_id, p.second_contact_id]).collect();
    let Some(people) = ids.iter().map(|id| people.get(id).cloned()).collect::<Option<Vec<_>>>() else {
        return Ok(None);
    };
    let pairs = pairs.iter().map(pair).collect::<Result<Vec<_>>>()?;
    Ok(Some(SuspectEntry { cluster, people, pairs, band }))
}

fn pair(row: &Suspect) -> Result<SuspectPair> {
    let parts: Vec<SuspectPart> = serde_json::from_str(&row.parts)?;
    Ok(SuspectPair {
        first: ContactId(row.first_contact_id),
        second: ContactId(row.second_contact_id),
        bits: parts.iter().map(|p| p.bits).sum(),
        parts,
        probability: from_millionths(row.probability),
        band: row.band.parse().map_err(|_| Error::Fault("a stored band is unreadable"))?,
        shared_row: row.reason != suspects::SCORE,
    })
}
