//! What happened to a contact: events, sources and merges as one list.

use domain::contact::{ContactField, HistoryLine, HistoryWhat, SourceLine};
use domain::ids::{ChangeId, ContactId, UserId};
use domain::{CustomField, SourceKind};
use serde::{Deserialize, Serialize};
use store::contact_history::{self, Event, NewEvent};
use store::{Tx, contact_changes, contacts, team};

use crate::{Actor, Engine, Result};

/// The words of events; other rooms have words of their own.
pub(super) const EDIT: &str = "edit";
pub(super) const EDIT_UNDONE: &str = "editUndone";
pub(super) const TAG: &str = "tag";
pub(super) const UNTAG: &str = "untag";
pub(super) const DELETE: &str = "delete";
pub(super) const RESTORE: &str = "restore";

/// What an event keeps beside its word.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Detail {
    /// The field of an edit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<ContactField>,
    /// What stood there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// What stands there since.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// The name of a tag.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tag: String,
    /// The handle for undo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeId>,
}

impl Engine {
    /// Ids for so many events. Ask before you begin to write.
    pub(super) async fn reserve_events(&self, count: usize) -> Result<i64> {
        Ok(self.store().reserve("contact_event", i64::try_from(count).unwrap_or(i64::MAX)).await?)
    }

    /// The history of a contact, newest first.
    pub(super) async fn contact_history(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        contact: ContactId,
        sources: &[SourceLine],
        fields: &[CustomField],
    ) -> Result<Vec<HistoryLine>> {
        let names = team::user_names(tx, actor.workspace).await?;
        let name = |id: i64| names.get(&UserId(id)).cloned().unwrap_or_default();
        let events: Vec<(Event, Detail)> = contact_history::events(tx, actor.workspace, contact)
            .await?
            .into_iter()
            .map(|event| {
                // an event of another room has another detail
                let detail = serde_json::from_str(&event.detail).unwrap_or_default();
                (event, detail)
            })
            .collect();
        let changes: Vec<ChangeId> = events.iter().filter_map(|(_, detail)| detail.change).collect();
        let open = contact_changes::open(tx, actor.workspace, &changes).await?;
        let mut lines: Vec<HistoryLine> = events
            .into_iter()
            .filter_map(|(event, detail)| {
                let what = what(&event.kind, detail, fields, &open)?;
                Some(HistoryLine { what, actor: name(event.actor_id), at: event.created_at })
            })
            .collect();
        lines.extend(sources.iter().filter(|source| source.kind != SourceKind::Merge).map(|source| HistoryLine {
            what: HistoryWhat::Came(source.clone()),
            actor: String::new(),
            at: source.at,
        }));
        let taken_in = contact_history::taken_in(tx, actor.workspace, contact).await?;
        let ids: Vec<ContactId> = taken_in.iter().map(|merge| ContactId(merge.loser_id)).collect();
        let others = contacts::among(tx, actor.workspace, &ids).await?;
        lines.extend(taken_in.iter().map(|merge| {
            let other = ContactId(merge.loser_id);
            let name_of = others.iter().find(|c| c.id == other).map(|c| c.person.display_name()).unwrap_or_default();
            let what = HistoryWhat::TookIn { other, name: name_of, undone: merge.undone_at.is_some() };
            HistoryLine { what, actor: name(merge.actor_id), at: merge.created_at }
        }));
        lines.sort_by_key(|line| std::cmp::Reverse(line.at));
        lines.truncate(100);
        Ok(lines)
    }
}

/// The same event for some contacts, with ids from `first` on.
pub(super) fn events(first: i64, contacts: &[ContactId], kind: &'static str, detail: &Detail) -> Result<Vec<NewEvent>> {
    let detail = serde_json::to_string(detail)?;
    let event = |(contact, id): (&ContactId, i64)| NewEvent { id, contact: *contact, kind, detail: detail.clone() };
    Ok(contacts.iter().zip(first..).map(event).collect())
}

/// None for what the merges and sources say already.
fn what(kind: &str, detail: Detail, fields: &[CustomField], open: &[ChangeId]) -> Option<HistoryWhat> {
    let label = || match detail.field {
        Some(ContactField::Person(field)) => field.label().to_owned(),
        Some(ContactField::Custom(id)) => {
            fields.iter().find(|f| f.id == id).map_or_else(|| "A field that was removed".to_owned(), |f| f.name.clone())
        }
        None => String::new(),
    };
    Some(match kind {
        EDIT => HistoryWhat::Edited {
            label: label(),
            change: detail.change.filter(|change| open.contains(change)),
            before: detail.before,
            after: detail.after,
        },
        EDIT_UNDONE => HistoryWhat::EditUndone { label: label(), value: detail.after },
        TAG => HistoryWhat::Tagged(detail.tag),
        UNTAG => HistoryWhat::Untagged(detail.tag),
        DELETE => HistoryWhat::Deleted,
        RESTORE => HistoryWhat::Restored,
        "merge" => return None,
        other => HistoryWhat::Other(other.to_owned()),
    })
}
