//! Campaigns: list, make, rename, archive.

use std::collections::HashMap;

use domain::campaign::{Archived, CampaignList, CampaignRow, CampaignView, ClassCounts, Unarchived};
use domain::ids::{CampaignId, ChangeId, ContactId};
use domain::{Act, LeadStatus, Problem, StatusClass};
use store::lead_list::{self, Picked};
use store::{audit, campaigns, changes, tags};

use crate::leads::change::move_counters;
use crate::leads::{TRIES, guard, may_try_again, moved};
use crate::{Actor, Engine, Error, Result};

/// Longer names break every table.
const NAME_CHARACTERS: usize = 120;

impl Engine {
    /// The campaigns whose name contains `search`, open or archived ones, with counts.
    ///
    /// # Errors
    /// As the database says.
    pub async fn list_campaigns(&self, actor: &Actor, search: &str, archived: bool) -> Result<CampaignList> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let (open, in_archive) = campaigns::totals(&mut tx, actor.workspace).await?;
        let counts: HashMap<CampaignId, ClassCounts> =
            campaigns::class_counts(&mut tx, actor.workspace).await?.into_iter().collect();
        let wanted = matching::fold_search(search);
        let rows = campaigns::list(&mut tx, actor.workspace, archived)
            .await?
            .into_iter()
            .filter(|c| matching::fold_search(&c.name).contains(&wanted))
            .map(|c| row(&c, counts.get(&c.id).copied().unwrap_or_default()))
            .collect();
        Ok(CampaignList { rows, open, archived: in_archive })
    }

    /// Makes a campaign that the caller owns.
    ///
    /// # Errors
    /// Refuses a name that cannot be used.
    pub async fn create_campaign(&self, actor: &Actor, name: &str) -> Result<CampaignId> {
        actor.may(Act::EditCampaigns)?;
        let name = usable_name(name)?;
        let id = CampaignId(self.store().reserve("campaign", 1).await?);
        let now = self.now();
        let mut tx = self.store().write().await?;
        let key = matching::fold_text(&name);
        campaigns::add(&mut tx, actor.workspace, id, &name, &key, actor.user, now).await?;
        audit::record(&mut tx, self.event(actor, "campaign.create", id.to_string(), "")).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The head of one campaign's page.
    ///
    /// # Errors
    /// When there is no such campaign.
    pub async fn get_campaign(&self, actor: &Actor, campaign: CampaignId) -> Result<CampaignView> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let found = self.campaign(&mut tx, actor, campaign).await?;
        let mut counts = ClassCounts::default();
        for (status, n) in campaigns::counts(&mut tx, actor.workspace, campaign).await? {
            counts.add(status.class(), n);
        }
        Ok(CampaignView {
            row: row(&found, counts),
            variables: campaigns::variables(&mut tx, actor.workspace, campaign).await?,
            tags: tags::names(&mut tx, actor.workspace).await?,
        })
    }

    /// Gives a campaign another name.
    ///
    /// # Errors
    /// Refuses a name that cannot be used.
    pub async fn rename_campaign(&self, actor: &Actor, campaign: CampaignId, name: &str) -> Result<()> {
        actor.may(Act::EditCampaigns)?;
        let name = usable_name(name)?;
        let mut tx = self.store().write().await?;
        self.campaign(&mut tx, actor, campaign).await?;
        let key = matching::fold_text(&name);
        campaigns::rename(&mut tx, actor.workspace, campaign, &name, &key, self.now()).await?;
        audit::record(&mut tx, self.event(actor, "campaign.rename", campaign.to_string(), "")).await?;
        Ok(tx.commit().await?)
    }

    /// Archives a campaign. Active leads are ended first when the caller says so (A78): an archived campaign has none.
    ///
    /// # Errors
    /// When there is no such campaign.
    pub async fn archive_campaign(&self, actor: &Actor, campaign: CampaignId, end_active: bool) -> Result<Archived> {
        actor.may(Act::EditCampaigns)?;
        let filter = active_leads();
        if end_active {
            self.set_status_of_matching(actor, campaign, &filter, LeadStatus::Done).await?;
        }
        let now = self.now();
        let mut tx = self.store().write().await?;
        // whoever is making leads active here right now is waited for, and then counted
        campaigns::lock(&mut tx, actor.workspace, campaign).await?;
        self.campaign(&mut tx, actor, campaign).await?;
        let left = lead_list::count(&mut tx, actor.workspace, campaign, &filter).await?;
        if left > 0 {
            return Ok(Archived::HasActive(left));
        }
        campaigns::set_archived(&mut tx, actor.workspace, campaign, Some(now), now).await?;
        audit::record(&mut tx, self.event(actor, "campaign.archive", campaign.to_string(), "")).await?;
        tx.commit().await?;
        Ok(Archived::Done)
    }

    /// Brings an archived campaign back. Leads that became active in it meanwhile, such as by an import, count again
    /// from now on: the guard is asked about them, and whose people it refuses are done (A52, A78). That can be taken
    /// back like a bulk act.
    ///
    /// # Errors
    /// When there is no such campaign.
    pub async fn unarchive_campaign(&self, actor: &Actor, campaign: CampaignId) -> Result<Unarchived> {
        actor.may(Act::EditCampaigns)?;
        let change = ChangeId(self.store().reserve("bulk_change", 1).await?);
        let mut tries = 0;
        loop {
            match self.try_unarchive(actor, campaign, change).await {
                Err(error) if may_try_again(&error) && tries < TRIES => tries += 1,
                Err(error) if may_try_again(&error) => {
                    return Err(Error::conflict(
                        "Someone is changing this campaign's leads right now. Nothing was changed; try again in a \
                         moment.",
                    ));
                }
                done => return done,
            }
        }
    }

    /// All in one transaction, however many leads are active: between two, another campaign could begin to write to
    /// their people.
    async fn try_unarchive(&self, actor: &Actor, campaign: CampaignId, change: ChangeId) -> Result<Unarchived> {
        let workspace = actor.workspace;
        let now = self.now();
        let filter = active_leads();
        let mut tx = self.store().write().await?;
        self.campaign(&mut tx, actor, campaign).await?;
        let seen = lead_list::pick_matching(&mut tx, workspace, campaign, &filter, 0, i64::MAX).await?;
        let mut active = guard::locked(&mut tx, workspace, campaign, &seen).await?;
        let refused = guard::who_may_not(&mut tx, workspace, campaign, &guard::people_of(&active)).await?;
        let may = |lead: &Picked| !refused.contains(&ContactId(lead.contact_id));
        let ended: Vec<Picked> = active.iter().filter(|lead| !may(lead)).cloned().collect();
        active.retain(may);
        if !ended.is_empty() {
            let done = LeadStatus::Done;
            changes::add(&mut tx, workspace, change, campaign, actor.user, ("status", done.word()), now).await?;
            changes::keep(&mut tx, workspace, change, &ended).await?;
            let ids: Vec<i64> = ended.iter().map(|lead| lead.id).collect();
            changes::set_status(&mut tx, workspace, &ids, None, done, now).await?;
            move_counters(&mut tx, actor, campaign, &ended, Some(done)).await?;
        }
        campaigns::lock(&mut tx, workspace, campaign).await?;
        let left = lead_list::pick_matching(&mut tx, workspace, campaign, &filter, 0, i64::MAX).await?;
        if !left.iter().map(|lead| lead.id).eq(active.iter().map(|lead| lead.id)) {
            return Err(moved());
        }
        campaigns::set_archived(&mut tx, workspace, campaign, None, now).await?;
        let detail = ended.len().to_string();
        audit::record(&mut tx, self.event(actor, "campaign.unarchive", campaign.to_string(), &detail)).await?;
        tx.commit().await?;
        Ok(Unarchived { ended: ended.len() as u64 })
    }

    /// The campaign of this name, for the command line.
    ///
    /// # Errors
    /// As the database says.
    pub async fn campaign_by_name(&self, actor: &Actor, name: &str) -> Result<Option<CampaignId>> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let found = campaigns::by_name(&mut tx, actor.workspace, &matching::fold_text(name)).await?;
        Ok(found.map(|c| c.id))
    }

    pub(crate) async fn campaign(
        &self,
        tx: &mut store::Tx,
        actor: &Actor,
        campaign: CampaignId,
    ) -> Result<campaigns::Campaign> {
        campaigns::get(tx, actor.workspace, campaign).await?.ok_or(Error::NotFound("campaign"))
    }

    pub(crate) fn event<'a>(
        &self,
        actor: &Actor,
        action: &'static str,
        subject: String,
        detail: &'a str,
    ) -> audit::Event<'a> {
        audit::Event { workspace: actor.workspace, actor: actor.user, action, subject, detail, at: self.now() }
    }
}

/// The filter of those whom somebody is writing to.
fn active_leads() -> lead_list::Folded {
    let statuses = LeadStatus::ALL.iter().copied().filter(|s| s.class() == StatusClass::Active).collect();
    lead_list::Folded { statuses, ..lead_list::Folded::default() }
}

fn row(campaign: &campaigns::Campaign, leads: ClassCounts) -> CampaignRow {
    CampaignRow {
        id: campaign.id,
        name: campaign.name.clone(),
        owner: campaign.owner.clone(),
        leads,
        updated_at: campaign.updated_at,
        archived: campaign.archived_at.is_some(),
    }
}

fn usable_name(name: &str) -> Result<String> {
    let name = matching::trim_invisible(name).into_owned();
    if name.is_empty() {
        return Err(Problem::field("name", "Give the campaign a name.").into());
    }
    if name.chars().count() > NAME_CHARACTERS || name.contains('\0') {
        return Err(Problem::field("name", format!("Use at most {NAME_CHARACTERS} characters for the name.")).into());
    }
    Ok(name)
}
