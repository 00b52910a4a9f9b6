//! A52: who may not become active in a campaign. Asked whenever a lead becomes active, whatever brings that about.

use std::collections::{HashMap, HashSet};

use domain::ids::{CampaignId, ContactId, LeadId, WorkspaceId};
use domain::{DuplicatePolicy, LeadStatus, StatusClass};
use store::lead_list::{self, Picked};
use store::{Tx, contacts, leads, team};

use super::moved;
use crate::{Error, Result};

/// The people of leads, each once, in the order in which everyone locks them.
pub(crate) fn people_of(batch: &[Picked]) -> Vec<ContactId> {
    let mut people: Vec<ContactId> = batch.iter().map(|lead| ContactId(lead.contact_id)).collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// The status a lead was read with.
///
/// # Errors
/// When it is none of ours.
pub(crate) fn status_of(lead: &Picked) -> Result<LeadStatus> {
    lead.status.parse().map_err(|_| Error::Fault("a stored status is unreadable"))
}

/// Locks the people of leads and reads the leads again: whoever merges or imports them waits, or was before us. No
/// identifier is claimed here, so that people alone, in id order, are a part of everyone's order.
///
/// # Errors
/// `moved` when a lead went to someone else before its person was locked.
pub(crate) async fn locked(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    batch: &[Picked],
) -> Result<Vec<Picked>> {
    let people = people_of(batch);
    contacts::lock(tx, workspace, &people).await?;
    let ids: Vec<LeadId> = batch.iter().map(|lead| LeadId(lead.id)).collect();
    let now = lead_list::pick(tx, workspace, campaign, &ids).await?;
    if now.iter().any(|lead| people.binary_search(&ContactId(lead.contact_id)).is_err()) {
        return Err(moved());
    }
    Ok(now)
}

/// Those of some locked people who must not be contacted, or whom another campaign is writing to, where the workspace's
/// policy forbids two.
///
/// # Errors
/// As the database says.
pub(crate) async fn who_may_not(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    people: &[ContactId],
) -> Result<HashSet<ContactId>> {
    let place = team::workspace_by_id(tx, workspace).await?.ok_or(Error::Fault("the workspace is gone"))?;
    let there = contacts::among(tx, workspace, people).await?;
    let mut refused: HashSet<ContactId> = there.into_iter().filter(|c| c.do_not_contact).map(|c| c.id).collect();
    let members = if place.default_policy == DuplicatePolicy::Campaign {
        HashMap::new()
    } else {
        leads::memberships(tx, workspace, people).await?
    };
    let busy = |m: &leads::Membership| m.campaign != campaign && !m.archived && m.status.class() == StatusClass::Active;
    refused.extend(members.into_iter().filter(|(_, m)| m.iter().any(busy)).map(|(id, _)| id));
    Ok(refused)
}
