//! What can be taken back for thirty days is gone after them.

use std::collections::BTreeMap;

use domain::CustomValues;
use domain::ids::{ContactId, FieldId, UserId, WorkspaceId};
use store::{audit, changes, contact_changes, contacts, fields, merges, sweep};

use crate::contacts::KEPT_MS;
use crate::{Engine, Result, groups};

/// Rows that one transaction touches.
const BATCH: i64 = 200;
/// An upload is through by then.
const FILE_MS: i64 = 24 * 60 * 60 * 1_000;

/// What a sweep has taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Deleted contacts, with those that had been merged into them.
    pub contacts: u64,
    /// Removed fields, with what people had in them.
    pub fields: u64,
    /// Acts that can be taken back no longer.
    pub changes: u64,
    /// Uploaded files that no import has.
    pub files: u64,
}

impl Engine {
    /// Takes away what was deleted more than thirty days ago, and the files of uploads that came to nothing. Idempotent: it may be cut off anywhere and be asked for
    /// by several servers at once.
    ///
    /// # Errors
    /// As the database says.
    pub async fn sweep(&self) -> Result<Swept> {
        let before = self.now() - KEPT_MS;
        let mut swept = Swept { contacts: self.sweep_contacts(before).await?, ..Swept::default() };
        swept.files = self.sweep_uploads(self.now() - FILE_MS).await?;
        let removed = fields::removed_before(&mut self.store().read().await?, before).await?;
        for (workspace, field) in removed {
            self.sweep_field(workspace, field).await?;
            swept.fields += 1;
        }
        loop {
            let mut tx = self.store().write().await?;
            let forgotten = contact_changes::forget(&mut tx, before, BATCH).await?;
            tx.commit().await?;
            swept.changes += forgotten;
            if forgotten == 0 {
                break;
            }
        }
        loop {
            let mut tx = self.store().write().await?;
            let forgotten = changes::forget(&mut tx, before, BATCH).await?;
            tx.commit().await?;
            swept.changes += forgotten.changes;
            if !forgotten.more {
                return Ok(swept);
            }
        }
    }

    async fn sweep_contacts(&self, before: i64) -> Result<u64> {
        let mut count = 0;
        loop {
            let mut tx = self.store().write().await?;
            let mut found: BTreeMap<WorkspaceId, Vec<ContactId>> = BTreeMap::new();
            for (workspace, id) in sweep::long_deleted(&mut tx, before, BATCH).await? {
                found.entry(workspace).or_default().push(id);
            }
            if found.is_empty() {
                return Ok(count);
            }
            for (workspace, mut ids) in found {
                ids.extend(sweep::merged_into(&mut tx, workspace, &ids).await?);
                ids.sort_unstable();
                sweep::empty(&mut tx, workspace, &ids).await?;
                merges::forget(&mut tx, workspace, &ids).await?;
                count += ids.len() as u64;
                let detail = ids.len().to_string();
                audit::record(&mut tx, self.by_the_server(workspace, "contacts.purge", &detail)).await?;
            }
            tx.commit().await?;
        }
    }

    async fn sweep_field(&self, workspace: WorkspaceId, field: FieldId) -> Result<()> {
        let mut after = ContactId(0);
        loop {
            let mut tx = self.store().write().await?;
            let groups = groups::load(&mut tx, workspace, false).await?;
            let found = fields::having(&mut tx, workspace, field, after, BATCH).await?;
            let Some((last, _)) = found.last() else {
                fields::forget(&mut tx, workspace, field).await?;
                audit::record(&mut tx, self.by_the_server(workspace, "field.purge", &field.to_string())).await?;
                return Ok(tx.commit().await?);
            };
            after = *last;
            let ids: Vec<ContactId> = found.iter().map(|(id, _)| *id).collect();
            let mut cleared = Vec::with_capacity(found.len());
            for (id, custom) in found {
                let mut values: CustomValues = serde_json::from_str(&custom)?;
                values.remove(&field);
                cleared.push((id, serde_json::to_string(&values)?));
            }
            fields::write_values(&mut tx, workspace, cleared).await?;
            let there = contacts::among(&mut tx, workspace, &ids).await?;
            groups::keep(&mut tx, workspace, &groups, &there).await?;
            tx.commit().await?;
        }
    }

    fn by_the_server<'a>(&self, workspace: WorkspaceId, action: &'static str, detail: &'a str) -> audit::Event<'a> {
        let subject = workspace.to_string();
        audit::Event { workspace, actor: UserId(0), action, subject, detail, at: self.now() }
    }
}
