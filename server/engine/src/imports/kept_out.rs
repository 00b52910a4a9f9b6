//! What can be done about a row that a duplicate check left out (A68): take the person out of the campaign that kept
//! the row out, let them wait until it is done with them, or no longer wait.
//!
//! Taking somebody out makes room. It leaves tombstones in the campaign that they were taken out of, as every deletion
//! does, so that no import brings them back there; in the import's own campaign it leaves none: the very file whose row
//! asked for it could not bring them in.

use std::collections::{HashMap, HashSet};

use domain::ids::{CampaignId, ContactId, ImportId};
use domain::import::{AddHere, ImportSettings, ImportState, RemovedThere, RowActs};
use domain::{Act, Outcome};
use store::campaigns::Campaign;
use store::contacts::Contact;
use store::import_rows::{self, ImportRow};
use store::imports::{self, Import};
use store::leads::{self, Membership};
use store::waiting::{self, Waiting};
use store::{Tx, audit, campaigns, contacts, picture};

use super::decide::{Elsewhere, Rules, blocked};
use crate::{Actor, Engine, Error, Result};

/// The people of some rows as they stand now.
struct People {
    here: Campaign,
    rules: Rules,
    /// Who each contact is by now.
    now: HashMap<ContactId, ContactId>,
    /// Those of them who are somebody.
    live: HashMap<ContactId, Contact>,
    members: HashMap<ContactId, Vec<Membership>>,
    waiting: HashSet<ContactId>,
    /// What the campaigns are called.
    names: HashMap<CampaignId, String>,
}

impl Engine {
    /// What can be done about some rows of an import, by number.
    pub(super) async fn row_acts(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        import: &Import,
        rows: &[ImportRow],
    ) -> Result<HashMap<u64, RowActs>> {
        let rows: Vec<(&ImportRow, ContactId)> =
            rows.iter().filter(|row| is_left_out(row)).filter_map(|row| Some((row, row.contact()?))).collect();
        let Some(here) = import.campaign.filter(|_| !rows.is_empty() && import.state != ImportState::Undone) else {
            return Ok(HashMap::new());
        };
        let here = self.campaign(tx, actor, here).await?;
        let ids: Vec<ContactId> = rows.iter().map(|(_, id)| *id).collect();
        let people = People::load(tx, actor, import, here, &ids).await?;
        let acts = rows.into_iter().filter_map(|(row, contact)| people.acts(import.id, row, contact));
        Ok(acts.map(|acts| (acts.row, acts)).collect())
    }

    /// Takes the person of a row out of the campaign that kept the row out. The answer can be taken back as any deletion
    /// of leads.
    ///
    /// # Errors
    /// When there is no such row, or the campaign does not have the person any more.
    pub async fn remove_there(
        &self,
        actor: &Actor,
        import: ImportId,
        row: u64,
        campaign: CampaignId,
    ) -> Result<RemovedThere> {
        actor.may(Act::EditCampaigns)?;
        let mut tx = self.store().read().await?;
        let (found, kept) = left_out_row(&mut tx, actor, import, row).await?;
        let here = self.campaign(&mut tx, actor, found.campaign.ok_or(Error::NotFound("campaign"))?).await?.id;
        let who = now(&mut tx, actor, &kept).await?;
        let members = leads::memberships(&mut tx, actor.workspace, &[who]).await?.remove(&who).unwrap_or_default();
        let there = members.iter().find(|m| m.campaign == campaign && kept_by(&kept, here) == campaign);
        let gone = || Error::conflict("The campaign does not have this person any more. Nothing was changed.");
        let lead = there.ok_or_else(gone)?.id;
        drop(tx);
        let changed = self.take_lead_out(actor, campaign, lead, campaign != here).await?;
        if changed.count == 0 {
            return Err(gone());
        }
        let mut tx = self.store().write().await?;
        waiting::look_now(&mut tx, actor.workspace, who, self.now()).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(RemovedThere { changed, acts: self.acts_of(actor, import, row).await? })
    }

    /// Lets the person of a row wait until nothing keeps them out any more; then the row is taken as it would have been.
    /// Asked twice is asked once.
    ///
    /// # Errors
    /// When there is no such row, or waiting would bring nobody in.
    pub async fn wait_to_come_in(&self, actor: &Actor, import: ImportId, row: u64) -> Result<Option<RowActs>> {
        actor.may(Act::Import)?;
        let mut tx = self.store().read().await?;
        let (_, kept) = left_out_row(&mut tx, actor, import, row).await?;
        let who = now(&mut tx, actor, &kept).await?;
        drop(tx);
        let at = self.now();
        let mut tx = self.store().write().await?;
        // people first, then the import: everyone locks in one order
        contacts::lock(&mut tx, actor.workspace, &[who]).await?;
        let found =
            imports::get_for_update(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        if found.state == ImportState::Undone {
            return Err(Error::conflict("This import was undone, so none of its rows come in any more."));
        }
        let (_, kept) = left_out_row(&mut tx, actor, import, row).await?;
        let here = self.campaign(&mut tx, actor, found.campaign.ok_or(Error::NotFound("campaign"))?).await?;
        let people = People::load(&mut tx, actor, &found, here, &[who]).await?;
        if let Some(why) = people.why_not(who) {
            return Err(Error::conflict(why));
        }
        let waiting = Waiting {
            campaign_id: people.here.id.0,
            contact_id: who.0,
            import_id: import.0,
            row_number: kept.row_number,
            actor_id: actor.user.0,
        };
        if waiting::add(&mut tx, actor.workspace, &waiting, at).await? {
            let detail = people.here.id.to_string();
            audit::record(&mut tx, self.event(actor, "lead.wait", who.to_string(), &detail)).await?;
        }
        tx.commit().await?;
        self.wake_worker();
        self.acts_of(actor, import, row).await
    }

    /// The person of a row no longer waits.
    ///
    /// # Errors
    /// When there is no such row, or the person does not wait.
    pub async fn stop_waiting(&self, actor: &Actor, import: ImportId, row: u64) -> Result<Option<RowActs>> {
        actor.may(Act::Import)?;
        let mut tx = self.store().read().await?;
        let found = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let kept = one_row(&mut tx, actor, import, row).await?;
        let who = now(&mut tx, actor, &kept).await?;
        drop(tx);
        let here = found.campaign.ok_or(Error::NotFound("campaign"))?;
        let mut tx = self.store().write().await?;
        if waiting::remove(&mut tx, actor.workspace, here, &[who]).await?.is_empty() {
            return Err(Error::conflict("This person does not wait any more: the wait has just ended."));
        }
        audit::record(&mut tx, self.event(actor, "lead.unwait", who.to_string(), &here.to_string())).await?;
        tx.commit().await?;
        self.acts_of(actor, import, row).await
    }

    async fn acts_of(&self, actor: &Actor, import: ImportId, row: u64) -> Result<Option<RowActs>> {
        let mut tx = self.store().read().await?;
        let found = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let kept = one_row(&mut tx, actor, import, row).await?;
        Ok(self.row_acts(&mut tx, actor, &found, &[kept]).await?.remove(&row))
    }
}

async fn one_row(tx: &mut Tx, actor: &Actor, import: ImportId, row: u64) -> Result<ImportRow> {
    let number = i64::try_from(row).unwrap_or(i64::MAX);
    let found = import_rows::among(tx, actor.workspace, import, &[number]).await?;
    found.into_iter().next().ok_or(Error::NotFound("row"))
}

/// An import with a row that it left out because of a campaign.
async fn left_out_row(tx: &mut Tx, actor: &Actor, import: ImportId, row: u64) -> Result<(Import, ImportRow)> {
    let found = imports::get(tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
    let kept = one_row(tx, actor, import, row).await?;
    if !is_left_out(&kept) || found.campaign.is_none() {
        return Err(Error::conflict("No campaign keeps this row out any more. Look at the list again."));
    }
    Ok((found, kept))
}

/// Who the person of a row is by now.
async fn now(tx: &mut Tx, actor: &Actor, row: &ImportRow) -> Result<ContactId> {
    let met = row.contact().ok_or(Error::NotFound("contact"))?;
    let standing = picture::standing(tx, actor.workspace, &[met]).await?;
    let (into, ..) = standing.get(&met).ok_or(Error::NotFound("contact"))?;
    Ok(into.unwrap_or(met))
}

/// Whether a campaign kept the row out.
fn is_left_out(row: &ImportRow) -> bool {
    let outcome = row.outcome.parse();
    matches!(outcome, Ok(Outcome::ActiveElsewhere | Outcome::DuplicateInWorkspace | Outcome::DuplicateInCampaign))
}

/// The campaign that kept a row out: another, or the one that it was to go to.
fn kept_by(row: &ImportRow, here: CampaignId) -> CampaignId {
    row.campaign().unwrap_or(here)
}

impl People {
    async fn load(tx: &mut Tx, actor: &Actor, import: &Import, here: Campaign, ids: &[ContactId]) -> Result<People> {
        let workspace = actor.workspace;
        let settings: ImportSettings = serde_json::from_str(&import.settings)?;
        let standing = picture::standing(tx, workspace, ids).await?;
        let now: HashMap<ContactId, ContactId> =
            standing.into_iter().map(|(id, (into, ..))| (id, into.unwrap_or(id))).collect();
        let mut roots: Vec<ContactId> = now.values().copied().collect();
        roots.sort_unstable();
        roots.dedup();
        let live = contacts::live(tx, workspace, &roots).await?;
        let members = leads::memberships(tx, workspace, &live).await?;
        let mut places: Vec<CampaignId> = members.values().flatten().map(|m| m.campaign).collect();
        places.sort_unstable();
        places.dedup();
        Ok(People {
            rules: Rules::new(&settings, true),
            waiting: waiting::among(tx, workspace, here.id, &live).await?,
            names: campaigns::among(tx, workspace, &places).await?.into_iter().map(|c| (c.id, c.name)).collect(),
            live: contacts::among(tx, workspace, &live).await?.into_iter().map(|c| (c.id, c)).collect(),
            now,
            members,
            here,
        })
    }

    fn members(&self, who: ContactId) -> &[Membership] {
        self.members.get(&who).map_or(&[][..], Vec::as_slice)
    }

    fn name(&self, campaign: CampaignId) -> String {
        self.names.get(&campaign).cloned().unwrap_or_default()
    }

    fn is_in(&self, who: ContactId, campaign: CampaignId) -> bool {
        self.members(who).iter().any(|m| m.campaign == campaign)
    }

    /// What keeps somebody out by the rules of the import, as they stand now.
    fn blocked(&self, who: ContactId) -> Option<(Outcome, CampaignId)> {
        let others = self.members(who).iter().filter(|m| m.campaign != self.here.id);
        let elsewhere: Vec<Elsewhere> =
            others.map(|m| Elsewhere { campaign: m.campaign, status: m.status, archived: m.archived }).collect();
        blocked(&elsewhere, &self.rules).map(|(outcome, _, by)| (outcome, by.campaign))
    }

    fn acts(&self, import: ImportId, row: &ImportRow, contact: ContactId) -> Option<RowActs> {
        let who = *self.now.get(&contact)?;
        let person = &self.live.get(&who)?.person;
        let there = kept_by(row, self.here.id);
        let there = self.is_in(who, there).then(|| (there, self.name(there)));
        let add = self.add(who);
        if there.is_none() && add == AddHere::No {
            return None;
        }
        Some(RowActs { import, row: row.row_number.unsigned_abs(), name: person.display_name(), there, add })
    }

    fn add(&self, who: ContactId) -> AddHere {
        let blocker = self.blocked(who);
        if self.waiting.contains(&who) {
            return match blocker {
                _ if self.here.archived_at.is_some() => AddHere::Archived,
                Some((_, campaign)) => AddHere::Waits(self.name(campaign)),
                None => AddHere::Coming,
            };
        }
        match blocker {
            _ if self.why_not(who).is_some() => AddHere::No,
            Some((_, campaign)) => AddHere::WhenEnded(self.name(campaign)),
            None => AddHere::Now,
        }
    }

    /// Why waiting would bring nobody in, in a sentence.
    fn why_not(&self, who: ContactId) -> Option<String> {
        let Some(contact) = self.live.get(&who) else {
            return Some("This person was deleted here. Restore them under Contacts first.".to_owned());
        };
        let (name, here) = (contact.person.display_name(), &self.here.name);
        if self.is_in(who, self.here.id) {
            return Some(format!("{name} is in {here} already."));
        }
        if contact.do_not_contact {
            return Some(format!("{name} must not be contacted, so they would not come in."));
        }
        if self.here.archived_at.is_some() {
            return Some(format!("{here} is archived. Bring it back first."));
        }
        let never = matches!(self.blocked(who), Some((outcome, _)) if outcome != Outcome::ActiveElsewhere);
        never.then(|| {
            format!(
                "This import lets nobody in who is in any campaign, so the wait for {name} would not end. Remove them \
                 there, or import the rows under another policy."
            )
        })
    }
}
