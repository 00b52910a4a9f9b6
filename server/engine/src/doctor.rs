//! Checks the invariants of a whole installation; the tests call it after everything that writes.

use std::collections::{HashMap, HashSet};

use domain::ids::{ContactId, WorkspaceId};
use matching::EmailRules;
use store::{checks, contacts, identities, picture, team};

use crate::{Engine, Result, groups, people};

/// Contacts checked at a time.
const PAGE: i64 = 2_000;

impl Engine {
    /// What is wrong, a sentence each; empty when all is well.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn doctor(&self) -> Result<Vec<String>> {
        let mut tx = self.store().read().await?;
        let mut wrong = checks::database(&mut tx).await?;
        wrong.extend(checks::orphans(&mut tx).await?);
        for workspace in team::workspaces(&mut tx).await? {
            wrong.extend(self.workspace(&mut tx, workspace).await?);
        }
        Ok(wrong)
    }

    /// What is wrong in one workspace.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn doctor_of(&self, workspace: WorkspaceId) -> Result<Vec<String>> {
        self.workspace(&mut self.store().read().await?, workspace).await
    }

    async fn workspace(&self, tx: &mut store::Tx, workspace: WorkspaceId) -> Result<Vec<String>> {
        let mut wrong = checks::counters(tx, workspace).await?;
        wrong.extend(checks::imports(tx, workspace).await?);
        wrong.extend(checks::merges(tx, workspace).await?);
        wrong.extend(self.identities(tx, workspace).await?);
        wrong.extend(checks::gone(tx, workspace).await?);
        wrong.extend(group_keys(tx, workspace).await?);
        Ok(wrong)
    }

    /// I1: every identifier of every live contact is owned by it alone, and nothing else is owned. Where the contact
    /// shares a mailbox, someone else may own one, or nobody.
    async fn identities(&self, tx: &mut store::Tx, workspace: WorkspaceId) -> Result<Vec<String>> {
        let rules =
            EmailRules { fold_gmail: team::workspace_by_id(tx, workspace).await?.is_some_and(|w| w.fold_gmail) };
        let mut wrong = Vec::new();
        let mut after = ContactId(0);
        let mut expected = 0_usize;
        loop {
            let mut page = contacts::after(tx, workspace, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            // who was merged or deleted owns nothing: what identifies them is the survivor's, or nobody's
            let standing = picture::standing(tx, workspace, &page.iter().map(|c| c.id).collect::<Vec<_>>()).await?;
            page.retain(|c| matches!(standing.get(&c.id), Some((None, None, _))));
            let mut keys: HashMap<ContactId, HashSet<identities::KeyBytes>> = HashMap::new();
            for contact in &page {
                let own = people::keys(&contact.person, rules).into_iter().map(|(_, key)| key);
                keys.entry(contact.id).or_default().extend(own);
            }
            let ids: Vec<ContactId> = page.iter().map(|c| c.id).collect();
            let addresses = contacts::address_keys(tx, workspace, &ids).await?;
            for (id, key, _) in &addresses {
                keys.entry(*id).or_default().insert(*key);
            }
            let owners =
                identities::owners(tx, workspace, &keys.values().flatten().copied().collect::<Vec<_>>()).await?;
            let shared: HashSet<ContactId> = page.iter().filter(|c| c.shared_mailbox).map(|c| c.id).collect();
            for (id, keys) in keys {
                for key in keys {
                    match owners.get(&key) {
                        Some(owner) if *owner == id => expected += 1,
                        // seen apart by the team's choice (R16): it belongs to one of them, or to one who is gone
                        _ if shared.contains(&id) => {}
                        Some(owner) => wrong.push(format!("I1: {id} has an identifier that belongs to {owner}")),
                        None => wrong.push(format!("I1: {id} has an identifier that nobody owns")),
                    }
                }
            }
        }
        let stored = checks::identity_count(tx, workspace).await?;
        if wrong.is_empty() && i64::try_from(expected).unwrap_or(i64::MAX) != stored {
            wrong.push(format!("I1: {workspace} stores {stored} identifiers, its contacts have {expected}"));
        }
        Ok(wrong)
    }
}

/// I1: whoever is somebody has the keys of their values, and those they have by their merges, in every set of fields that
/// imports recognise people by.
async fn group_keys(tx: &mut store::Tx, workspace: WorkspaceId) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let all = groups::registered(tx, workspace).await?;
    let filled = store::groups::list(tx, workspace).await?;
    if filled.is_empty() || filled.iter().any(|(_, done)| !done) {
        return Ok(wrong);
    }
    let mut after = ContactId(0);
    loop {
        let page = contacts::after(tx, workspace, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(wrong) };
        after = last.id;
        let ids: Vec<ContactId> = page.iter().map(|c| c.id).collect();
        let gone = store::import_undo::gone(tx, workspace, &ids).await?;
        let mut stored: HashMap<ContactId, HashSet<identities::KeyBytes>> = HashMap::new();
        for (key, id) in store::groups::of(tx, workspace, &ids).await? {
            stored.entry(id).or_default().insert(key);
        }
        let mut now: HashMap<ContactId, HashSet<identities::KeyBytes>> = HashMap::new();
        for (key, id) in groups::found_by(tx, workspace, &all, &page).await? {
            now.entry(id).or_default().insert(key);
        }
        for contact in page.iter().filter(|c| !gone.contains_key(&c.id)) {
            if stored.remove(&contact.id).unwrap_or_default() != now.remove(&contact.id).unwrap_or_default() {
                wrong.push(format!("I1: {} has other keys than its values give it", contact.id));
            }
        }
    }
}
