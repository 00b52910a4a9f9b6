//! What was done to a campaign's leads lately, and can be taken back.

use domain::Act;
use domain::ids::{CampaignId, ChangeId, ContactId};
use domain::lead::{RecentAct, RecentChange};
use store::changes::{self, Recent};
use store::{contacts, tags};

use super::edit::{self, Edit};
use crate::contacts::KEPT_MS;
use crate::{Actor, Engine, Error, Result};

impl Engine {
    /// The bulk acts and edits of the last thirty days on a campaign's leads, newest first: also those that were cut
    /// off.
    ///
    /// # Errors
    /// When there is no such campaign.
    pub async fn list_recent_changes(&self, actor: &Actor, campaign: CampaignId) -> Result<Vec<RecentChange>> {
        actor.may(Act::Look)?;
        let since = self.now() - KEPT_MS;
        let mut tx = self.store().read().await?;
        self.campaign(&mut tx, actor, campaign).await?;
        let found = changes::recent(&mut tx, actor.workspace, campaign, since).await?;
        let tags: Vec<i64> = found.iter().filter_map(|change| change.detail.parse().ok()).collect();
        let tags = tags::names_of(&mut tx, actor.workspace, &tags).await?;
        let tag = |change: &Recent| change.detail.parse().ok().and_then(|id: i64| tags.get(&id)).cloned();
        let single: Vec<ChangeId> = found.iter().filter(|c| c.leads == 1).map(|c| ChangeId(c.id)).collect();
        let whose = changes::only_people(&mut tx, actor.workspace, &single).await?;
        let people: Vec<ContactId> = whose.values().copied().collect();
        let people = contacts::among(&mut tx, actor.workspace, &people).await?;
        found
            .into_iter()
            .map(|change| {
                let what = match change.kind.as_str() {
                    "status" => RecentAct::Status(
                        change.detail.parse().map_err(|_| Error::Fault("a stored status is unreadable"))?,
                    ),
                    "addTag" => RecentAct::AddTag(tag(&change).unwrap_or_default()),
                    "removeTag" => RecentAct::RemoveTag(tag(&change).unwrap_or_default()),
                    edit::VARIABLE => RecentAct::Variable(serde_json::from_str::<Edit>(&change.detail)?.name),
                    _ => RecentAct::Delete,
                };
                let person = whose.get(&ChangeId(change.id)).and_then(|id| people.iter().find(|c| c.id == *id));
                Ok(RecentChange {
                    change: ChangeId(change.id),
                    what,
                    leads: change.leads.cast_unsigned(),
                    whom: person.map(|contact| contact.person.display_name()).filter(|name| !name.is_empty()),
                    by: change.actor,
                    at: change.created_at,
                    undone: change.undone_at.is_some(),
                })
            })
            .collect()
    }
}
