//! What was deleted lately and can be brought back.

use domain::Act;
use domain::contact::Deletion;
use domain::ids::ContactId;
use store::{contact_changes, contacts};

use super::KEPT_MS;
use crate::{Actor, Engine, Result};

impl Engine {
    /// The deletions of the last thirty days, newest first.
    ///
    /// # Errors
    /// As the database says.
    pub async fn list_deletions(&self, actor: &Actor) -> Result<Vec<Deletion>> {
        actor.may(Act::Look)?;
        let since = self.now() - KEPT_MS;
        let mut tx = self.store().read().await?;
        let found = contact_changes::deletions(&mut tx, actor.workspace).await?;
        let ids: Vec<ContactId> = found.iter().map(|(_, first)| *first).collect();
        let people = contacts::among(&mut tx, actor.workspace, &ids).await?;
        Ok(found
            .into_iter()
            .filter(|(deletion, _)| deletion.at >= since)
            .map(|(mut deletion, first)| {
                deletion.first =
                    people.iter().find(|c| c.id == first).map(|c| c.person.display_name()).unwrap_or_default();
                deletion
            })
            .collect())
    }
}
