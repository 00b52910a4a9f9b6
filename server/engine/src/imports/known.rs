//! What the database knows of the people of some rows, in a handful of set-based queries.

use std::collections::{HashMap, HashSet};

use domain::ids::{CampaignId, ContactId, LeadId, WorkspaceId};
use store::contacts::Contact;
use store::identities::KeyBytes;
use store::leads::Membership;
use store::{Tx, consent, contacts, leads};

use super::plan::Incoming;
use crate::Result;

/// What the look-ups found for a batch.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Who owns an identifier.
    pub owners: HashMap<KeyBytes, ContactId>,
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
        owners: HashMap<KeyBytes, ContactId>,
        updates: bool,
    ) -> Result<Self> {
        let mut ids: Vec<ContactId> = owners.values().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let contacts = contacts::among(tx, workspace, &ids).await?.into_iter().map(|c| (c.id, c)).collect();
        let variables = match campaign {
            Some(campaign) if updates => leads::variables(tx, workspace, campaign, &ids).await?,
            _ => HashMap::new(),
        };
        Ok(Known {
            contacts,
            members: leads::memberships(tx, workspace, &ids).await?,
            variables,
            suppressed: consent::suppressed(tx, workspace, keys).await?,
            deleted: consent::deleted(tx, workspace, campaign, keys).await?,
            owners,
        })
    }
}
