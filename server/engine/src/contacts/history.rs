//! What happened to a contact: events, sources and merges as one list.

use domain::contact::{ContactField, HistoryLine, HistoryWhat, SourceLine};
use domain::ids::{ChangeId, ContactId, UserId};
use domain::{CustomField, SourceKind};
use serde::{Deserialize, Serialize};
use store::contact_history::{self, Event, NewEvent};
use store::{Tx, contact_changes, contacts, team};

use crate::{Actor, Engine, Result};

/// The words of events.
pub(super) const EDIT: &str = "edit";
pub(super) const EDIT_UNDONE: &str = "editUndone";
pub(super) const TAG: &str = "tag";
pub(super) const UNTAG: &str = "untag";
pub(super) const DELETE: &str = "delete";
pub(super) const RESTORE: &str = "restore";
/// Somebody agreed to the text of a form.
pub(crate) const AGREED: &str = "agreed";
/// Somebody waited for a campaign: they came in, or it is over without.
pub(crate) const WAITED: &str = "waited";
pub(crate) const WAITED_IN_VAIN: &str = "waitedInVain";
/// What two people had to do with each other; the detail of these is the id of the other.
pub(crate) const MERGE: &str = "merge";
pub(crate) const MERGED_INTO: &str = "mergedInto";
pub(crate) const UNDO_MERGE: &str = "undoMerge";
pub(crate) const UNDO_MERGED_INTO: &str = "undoMergedInto";
pub(crate) const SEPARATE: &str = "separate";
pub(crate) const UNDO_SEPARATE: &str = "undoSeparate";

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
    /// What somebody agreed to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub agreed: String,
    /// The form on which they did.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub form: String,
    /// The campaign that somebody waited for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub campaign: String,
}

impl Engine {
    /// Ids for so many events. Ask before you begin to write.
    pub(super) async fn reserve_events(&self, count: usize) -> Result<i64> {
        Ok(contact_history::reserve(self.store(), count).await?)
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
                // the detail of an event between two people is no JSON
                let mut detail: Detail = serde_json::from_str(&event.detail).unwrap_or_default();
                // what was done to someone who was taken in is taken back after the merge, not through it
                detail.change = detail.change.filter(|_| event.contact_id == contact.0);
                (event, detail)
            })
            .collect();
        let other = |event: &Event| event.detail.parse::<ContactId>().ok();
        let taken_in = contact_history::taken_in(tx, actor.workspace, contact).await?;
        let ids: Vec<ContactId> = taken_in
            .iter()
            .map(|merge| ContactId(merge.loser_id))
            .chain(events.iter().filter_map(|(event, _)| other(event)))
            .collect();
        let others = contacts::among(tx, actor.workspace, &ids).await?;
        let name_of =
            |id: ContactId| others.iter().find(|c| c.id == id).map(|c| c.person.display_name()).unwrap_or_default();
        let changes: Vec<ChangeId> = events.iter().filter_map(|(_, detail)| detail.change).collect();
        let open = contact_changes::open(tx, actor.workspace, &changes).await?;
        let mut lines: Vec<HistoryLine> = events
            .into_iter()
            .filter_map(|(event, detail)| {
                let whom = other(&event).map(name_of).unwrap_or_default();
                let what = what(&event.kind, detail, whom, fields, &open)?;
                Some(HistoryLine { what, actor: name(event.actor_id), at: event.created_at })
            })
            .collect();
        lines.extend(sources.iter().filter(|source| source.kind != SourceKind::Merge).map(|source| HistoryLine {
            what: HistoryWhat::Came(source.clone()),
            actor: String::new(),
            at: source.at,
        }));
        lines.extend(taken_in.iter().map(|merge| {
            let other = ContactId(merge.loser_id);
            let what = HistoryWhat::TookIn { other, name: name_of(other), undone: merge.undone_at.is_some() };
            HistoryLine { what, actor: name(merge.actor_id), at: merge.created_at }
        }));
        lines.sort_by_key(|line| std::cmp::Reverse(line.at));
        lines.truncate(100);
        Ok(lines)
    }
}

/// What became of somebody's wait for a campaign.
pub(crate) fn wait_ended(id: i64, contact: ContactId, campaign: &str, came: bool) -> Result<NewEvent> {
    let detail = serde_json::to_string(&Detail { campaign: campaign.to_owned(), ..Detail::default() })?;
    Ok(NewEvent { id, contact, kind: if came { WAITED } else { WAITED_IN_VAIN }, detail })
}

/// The same event for some contacts, with ids from `first` on.
pub(super) fn events(first: i64, contacts: &[ContactId], kind: &'static str, detail: &Detail) -> Result<Vec<NewEvent>> {
    let detail = serde_json::to_string(detail)?;
    let event = |(contact, id): (&ContactId, i64)| NewEvent { id, contact: *contact, kind, detail: detail.clone() };
    Ok(contacts.iter().zip(first..).map(event).collect())
}

/// None for what the merges and sources say already, and for what the other side of a merge says.
fn what(kind: &str, detail: Detail, whom: String, fields: &[CustomField], open: &[ChangeId]) -> Option<HistoryWhat> {
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
        AGREED => HistoryWhat::Agreed { text: detail.agreed, form: detail.form },
        WAITED => HistoryWhat::Waited { campaign: detail.campaign, came: true },
        WAITED_IN_VAIN => HistoryWhat::Waited { campaign: detail.campaign, came: false },
        UNDO_MERGE => HistoryWhat::MergeUndone { name: whom },
        SEPARATE => HistoryWhat::Separated { name: whom },
        UNDO_SEPARATE => HistoryWhat::SeparationUndone { name: whom },
        MERGE | MERGED_INTO | UNDO_MERGED_INTO => return None,
        other => HistoryWhat::Other(other.to_owned()),
    })
}
