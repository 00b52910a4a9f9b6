//! What the database knows of the people of some rows, in a handful of set-based queries.

use std::collections::{HashMap, HashSet};

use domain::ids::{CampaignId, ContactId, LeadId, WorkspaceId};
use store::contacts::Contact;
use store::identities::KeyBytes;
use store::leads::Membership;
use store::{Tx, consent, contacts, groups, identities, leads};

use super::plan::{Incoming, Plan};
use crate::merge::found_by;
use crate::{Result, people};

/// People looked at who have the same values: the oldest counts, and the next ones should it change within a batch.
const HOLDERS: usize = 8;

/// What the look-ups found for a batch.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Who owns an identifier.
    pub owners: HashMap<KeyBytes, ContactId>,
    /// Who has the values of a set of fields, the oldest first.
    pub holders: HashMap<KeyBytes, Vec<ContactId>>,
    /// By which of these people stay found whatever becomes of their values: they have them by a merge.
    pub inherited: HashSet<(KeyBytes, ContactId)>,
    /// The people.
    pub contacts: HashMap<ContactId, Contact>,
    /// The campaigns they are in.
    pub members: HashMap<ContactId, Vec<Membership>>,
    /// Their leads in this campaign, with the variables as JSON.
    pub variables: HashMap<ContactId, (LeadId, String)>,
    /// Suppressed identifiers.
    pub suppressed: HashSet<KeyBytes>,
    /// Identifiers deleted here before.
    pub deleted: HashSet<KeyBytes>,
}

/// Everyone that the look-ups found, in the order in which people are locked.
pub(super) fn people_of(
    owners: &HashMap<KeyBytes, ContactId>,
    holders: &HashMap<KeyBytes, Vec<ContactId>>,
) -> Vec<ContactId> {
    let mut ids: Vec<ContactId> = owners.values().chain(holders.values().flatten()).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Who has the values of the sets of fields of some rows.
pub(super) async fn holders(
    tx: &mut Tx,
    workspace: WorkspaceId,
    rows: &[Incoming],
) -> Result<HashMap<KeyBytes, Vec<ContactId>>> {
    let mut keys: Vec<KeyBytes> =
        rows.iter().filter(|r| r.refused.is_none()).flat_map(|r| r.groups.iter().copied()).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut holders: HashMap<KeyBytes, Vec<ContactId>> = HashMap::new();
    if !keys.is_empty() {
        for (key, who) in groups::holders(tx, workspace, &keys).await? {
            let list = holders.entry(key).or_default();
            if list.len() < HOLDERS {
                list.push(who);
            }
        }
    }
    Ok(holders)
}

/// The identifiers of some rows, each once, in the order in which everyone locks them.
pub(super) fn sorted_keys(rows: &[Incoming]) -> Vec<KeyBytes> {
    let mut keys: Vec<KeyBytes> =
        rows.iter().filter(|r| r.refused.is_none()).flat_map(|r| r.keys.iter().map(|(_, k)| *k)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

impl Known {
    /// Looks up everything about the owners of these identifiers. `owners` were found (and, for writing, locked) first.
    pub async fn load(
        tx: &mut Tx,
        workspace: WorkspaceId,
        campaign: Option<CampaignId>,
        keys: &[KeyBytes],
        (mut owners, holders): (HashMap<KeyBytes, ContactId>, HashMap<KeyBytes, Vec<ContactId>>),
        updates: bool,
        plan: &Plan,
    ) -> Result<Self> {
        let ids = people_of(&owners, &holders);
        let contacts: HashMap<ContactId, Contact> =
            contacts::among(tx, workspace, &ids).await?.into_iter().map(|c| (c.id, c)).collect();
        // an address that several share belongs to one of them only, perhaps to somebody else
        let shared = contacts.values().filter(|c| c.shared_mailbox);
        let shared: Vec<KeyBytes> =
            shared.flat_map(|c| people::keys(&c.person, plan.email_rules())).map(|(_, key)| key).collect();
        if !shared.is_empty() {
            for (key, owner) in identities::owners(tx, workspace, &shared).await? {
                owners.entry(key).or_insert(owner);
            }
        }
        let variables = match campaign {
            Some(campaign) if updates => leads::variables(tx, workspace, campaign, &ids).await?,
            _ => HashMap::new(),
        };
        let inherited = match plan.groups().is_empty() {
            true => HashSet::new(),
            false => found_by::inherited(tx, workspace, plan.groups(), &ids).await?.into_iter().collect(),
        };
        Ok(Known {
            contacts,
            inherited,
            members: leads::memberships(tx, workspace, &ids).await?,
            variables,
            suppressed: consent::suppressed(tx, workspace, keys).await?,
            deleted: consent::deleted(tx, workspace, campaign, keys).await?,
            owners,
            holders,
        })
    }
}
