//! One variable of one lead, changed by hand.

use std::collections::BTreeMap;

use domain::ids::{CampaignId, ChangeId, LeadId, WorkspaceId};
use domain::lead::Changed;
use domain::{Act, Problem, custom};
use serde::{Deserialize, Serialize};
use store::lead_list::{self, Picked};
use store::{Tx, audit, campaigns, changes, leads, merges};

use super::{TRIES, cut_off, guard, may_try_again};
use crate::{Actor, Engine, Error, Result};

/// The word by which `bulk_change` knows an edit of a variable.
pub(super) const VARIABLE: &str = "variable";

/// What an edit wrote; what stood before is kept with the lead.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Edit {
    /// The variable.
    pub name: String,
    /// What stands there since; empty when it was cleared.
    pub after: String,
}

impl Engine {
    /// Changes one of the campaign's variables for one lead. An empty value clears it: someone did that on purpose, and
    /// can take it back with `undo_change`.
    ///
    /// # Errors
    /// Refuses a value that is too long, a variable that the campaign does not have, and a lead that is gone.
    pub async fn edit_variable(&self, actor: &Actor, lead: LeadId, name: &str, value: &str) -> Result<Changed> {
        actor.may(Act::EditCampaigns)?;
        let value = usable(value)?;
        let change = ChangeId(self.store().reserve("bulk_change", 1).await?);
        let edit = Edit { name: name.to_owned(), after: value };
        let mut tries = 0;
        loop {
            match self.try_edit(actor, lead, change, &edit).await {
                Err(error) if may_try_again(&error) && tries < TRIES => tries += 1,
                Err(error) => return Err(cut_off(error, 0, "")),
                Ok(count) => return Ok(Changed { change, count, kept: 0, ended: 0 }),
            }
        }
    }

    async fn try_edit(&self, actor: &Actor, lead: LeadId, change: ChangeId, edit: &Edit) -> Result<u64> {
        let workspace = actor.workspace;
        let now = self.now();
        let mut tx = self.store().write().await?;
        // a lead that became one with another is still found under its old number
        let lead = merges::lead_now(&mut tx, workspace, lead).await?.unwrap_or(lead);
        let (campaign, _) = lead_list::get(&mut tx, workspace, lead).await?.ok_or(Error::NotFound("lead"))?;
        if !campaigns::variables(&mut tx, workspace, campaign).await?.contains(&edit.name) {
            return Err(Error::NotFound("variable"));
        }
        let seen = lead_list::pick(&mut tx, workspace, campaign, &[lead]).await?;
        let picked = guard::locked(&mut tx, workspace, campaign, &seen).await?;
        let found = picked.first().ok_or(Error::NotFound("lead"))?;
        let mut values = read(&found.variables)?;
        if values.get(&edit.name).map_or("", String::as_str) == edit.after {
            return Ok(0);
        }
        set(&mut values, &edit.name, &edit.after);
        let detail = serde_json::to_string(edit)?;
        changes::add(&mut tx, workspace, change, campaign, actor.user, (VARIABLE, &detail), now).await?;
        changes::keep(&mut tx, workspace, change, &picked).await?;
        leads::set_variables(&mut tx, workspace, vec![(lead, serde_json::to_string(&values)?)], now).await?;
        campaigns::touch(&mut tx, workspace, campaign, now).await?;
        audit::record(&mut tx, self.event(actor, "lead.edit", lead.to_string(), &edit.name)).await?;
        tx.commit().await?;
        Ok(1)
    }
}

/// Writes what stood before an edit where its value still stands. Says of how many leads.
pub(super) async fn take_back(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    edit: &Edit,
    kept: &[Picked],
    now: i64,
) -> Result<u64> {
    let ids: Vec<LeadId> = kept.iter().map(|lead| LeadId(lead.id)).collect();
    let mut back = Vec::new();
    for lead in lead_list::pick(tx, workspace, campaign, &ids).await? {
        let mut values = read(&lead.variables)?;
        let Some(before) = kept.iter().find(|known| known.id == lead.id) else { continue };
        if values.get(&edit.name).map_or("", String::as_str) != edit.after {
            continue;
        }
        let before = read(&before.variables)?.remove(&edit.name).unwrap_or_default();
        set(&mut values, &edit.name, &before);
        back.push((LeadId(lead.id), serde_json::to_string(&values)?));
    }
    let count = back.len() as u64;
    leads::set_variables(tx, workspace, back, now).await?;
    Ok(count)
}

fn read(json: &str) -> Result<BTreeMap<String, String>> {
    Ok(serde_json::from_str(json)?)
}

fn set(values: &mut BTreeMap<String, String>, name: &str, value: &str) {
    if value.is_empty() {
        values.remove(name);
    } else {
        values.insert(name.to_owned(), value.to_owned());
    }
}

/// The value as it is kept, or why it cannot be.
fn usable(value: &str) -> Result<String> {
    let value = matching::trim_invisible_lines(value);
    if matching::is_blank(&value) {
        return Ok(String::new());
    }
    if value.contains('\0') || value.chars().count() > custom::VALUE_CHARACTERS {
        let words = format!("Use at most {} characters of text.", custom::VALUE_CHARACTERS);
        return Err(Problem::field("value", words).into());
    }
    Ok(value.into_owned())
}
