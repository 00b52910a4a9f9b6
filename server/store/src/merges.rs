//! Merges that were done, each with its journal: what undo needs.

use std::collections::HashMap;

use domain::ids::{ContactId, FieldId, LeadId, MergeId, UserId, WorkspaceId};
use domain::merge::MergedRow;
use domain::{Person, PersonField};
use sqlx::FromRow;

use crate::{Arg, Result, Sql, Tx};

/// A merge as it is stored.
#[derive(Debug, Clone)]
pub struct MergeEvent {
    /// Its id.
    pub id: MergeId,
    /// Who kept the id.
    pub survivor: ContactId,
    /// Who was taken in.
    pub loser: ContactId,
    /// What the reviewer chose: JSON.
    pub choices: String,
    /// The before-images: JSON.
    pub journal: String,
    /// When it was done.
    pub created_at: i64,
    /// When it was taken back.
    pub undone_at: Option<i64>,
}

#[derive(FromRow)]
struct Stored {
    id: i64,
    survivor_id: i64,
    loser_id: i64,
    choices: String,
    journal: String,
    created_at: i64,
    undone_at: Option<i64>,
}

const EVENT: &str =
    "SELECT id, survivor_id, loser_id, choices, journal, created_at, undone_at FROM merge_event WHERE workspace_id = ";

fn event(row: Stored) -> MergeEvent {
    MergeEvent {
        id: MergeId(row.id),
        survivor: ContactId(row.survivor_id),
        loser: ContactId(row.loser_id),
        choices: row.choices,
        journal: row.journal,
        created_at: row.created_at,
        undone_at: row.undone_at,
    }
}

/// Notes a merge; `batch` is the number that merges of one click share.
///
/// # Errors
/// As the database says.
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, merge: &MergeEvent, batch: i64, actor: UserId) -> Result<()> {
    let row = [
        Arg::from(merge.id.0),
        workspace.0.into(),
        merge.survivor.0.into(),
        merge.loser.0.into(),
        batch.into(),
        actor.0.into(),
        merge.choices.as_str().into(),
        merge.journal.as_str().into(),
        merge.created_at.into(),
    ];
    tx.execute(
        Sql::new(
            "INSERT INTO merge_event (id, workspace_id, survivor_id, loser_id, batch_id, actor_id, choices, journal, \
             created_at) VALUES ",
        )
        .list(row),
    )
    .await?;
    Ok(())
}

/// One merge.
///
/// # Errors
/// As the database says.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: MergeId) -> Result<Option<MergeEvent>> {
    Ok(tx.optional(Sql::new(EVENT).arg(workspace.0).push(" AND id = ").arg(id.0)).await?.map(event))
}

/// The merges that stand by which these contacts were taken in.
///
/// # Errors
/// As the database says.
pub async fn standing_of(tx: &mut Tx, workspace: WorkspaceId, losers: &[ContactId]) -> Result<Vec<MergeEvent>> {
    let before = Sql::new(EVENT).arg(workspace.0).push(" AND undone_at IS NULL AND loser_id IN ");
    let rows: Vec<Stored> = tx.among(before, losers.iter().map(|id| id.0.into()).collect(), " ORDER BY id").await?;
    Ok(rows.into_iter().map(event).collect())
}

/// Whom some contacts have taken in, each with the one of them that has it now.
///
/// # Errors
/// As the database says.
pub async fn taken_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contacts: &[ContactId],
) -> Result<Vec<(ContactId, ContactId)>> {
    let before = Sql::new("SELECT id, merged_into FROM contact WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND merged_into IN ");
    let rows: Vec<(i64, i64)> =
        tx.among(before, contacts.iter().map(|id| id.0.into()).collect(), " ORDER BY id").await?;
    Ok(rows.into_iter().map(|(id, into)| (ContactId(id), ContactId(into))).collect())
}

/// The merges of one click that stand, newest first.
///
/// # Errors
/// As the database says.
pub async fn of_batch(tx: &mut Tx, workspace: WorkspaceId, batch: i64) -> Result<Vec<MergeId>> {
    let rows: Vec<(i64,)> = tx
        .all(
            Sql::new("SELECT id FROM merge_event WHERE undone_at IS NULL AND workspace_id = ")
                .arg(workspace.0)
                .push(" AND batch_id = ")
                .arg(batch)
                .push(" ORDER BY id DESC"),
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| MergeId(id)).collect())
}

/// Writes the journal of a merge that was done anew on other ground.
///
/// # Errors
/// As the database says.
pub async fn set_journal(tx: &mut Tx, workspace: WorkspaceId, id: MergeId, journal: &str) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE merge_event SET journal = $1 WHERE workspace_id = $2 AND id = $3")
            .bind(journal)
            .bind(workspace.0)
            .bind(id.0),
    )
    .await?;
    Ok(())
}

/// Marks a merge as taken back.
///
/// # Errors
/// As the database says.
pub async fn set_undone(tx: &mut Tx, workspace: WorkspaceId, id: MergeId, now: i64) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE merge_event SET undone_at = $1 WHERE workspace_id = $2 AND id = $3")
            .bind(now)
            .bind(workspace.0)
            .bind(id.0),
    )
    .await?;
    Ok(())
}

/// The name of a contact whose three naming columns were read.
pub(crate) fn name_of(first: String, last: String, email: &str) -> String {
    let mut person = Person::default();
    person.set(PersonField::FirstName, first);
    person.set(PersonField::LastName, last);
    person.set(PersonField::Email, email);
    person.display_name()
}

#[derive(FromRow)]
struct Listed {
    id: i64,
    batch_id: i64,
    survivor_id: i64,
    s_first: String,
    s_last: String,
    s_email: String,
    loser_id: i64,
    l_first: String,
    l_last: String,
    l_email: String,
    who: String,
    created_at: i64,
}

/// Merges that stand, newest first, before an id. Those of people who were deleted for good, whom they had taken in
/// included, can be taken back no longer and are not listed.
///
/// # Errors
/// As the database says.
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, before: Option<MergeId>, limit: i64) -> Result<Vec<MergedRow>> {
    let mut sql = Sql::new(
        "SELECT m.id, m.batch_id, m.survivor_id, s.first_name AS s_first, s.last_name AS s_last, s.email AS s_email, \
         m.loser_id, l.first_name AS l_first, l.last_name AS l_last, l.email AS l_email, u.name AS who, m.created_at \
         FROM merge_event m JOIN contact s ON s.id = m.survivor_id JOIN contact l ON l.id = m.loser_id \
         JOIN user_account u ON u.id = m.actor_id \
         WHERE m.undone_at IS NULL AND l.deleted_at IS NULL AND m.workspace_id = ",
    )
    .arg(workspace.0);
    if let Some(before) = before {
        sql = sql.push(" AND m.id < ").arg(before.0);
    }
    let rows: Vec<Listed> = tx.all(sql.push(" ORDER BY m.id DESC LIMIT ").arg(limit)).await?;
    Ok(rows
        .into_iter()
        .map(|row| MergedRow {
            id: MergeId(row.id),
            batch: row.batch_id,
            survivor: ContactId(row.survivor_id),
            survivor_name: name_of(row.s_first, row.s_last, &row.s_email),
            survivor_email: row.s_email,
            loser: ContactId(row.loser_id),
            loser_name: name_of(row.l_first, row.l_last, &row.l_email),
            loser_email: row.l_email,
            by: row.who,
            at: row.created_at,
        })
        .collect())
}

/// How many merges stand, of those that are listed.
///
/// # Errors
/// As the database says.
pub async fn count(tx: &mut Tx, workspace: WorkspaceId) -> Result<u64> {
    let sql = Sql::new(
        "SELECT count(*) FROM merge_event m JOIN contact l ON l.id = m.loser_id \
         WHERE m.undone_at IS NULL AND l.deleted_at IS NULL AND m.workspace_id = ",
    );
    let (n,): (i64,) = tx.one(sql.arg(workspace.0)).await?;
    Ok(n.cast_unsigned())
}

/// Empties what merges, imports and bulk acts keep of contacts to be taken back: for people who were deleted for good. The
/// merges stand and the counts of the imports add up; what the rows said of the people is gone.
///
/// # Errors
/// As the database says.
pub async fn forget(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    const EMPTY: &str = "UPDATE merge_event SET journal = '{\"beneath\":[],\"changes\":{}}' WHERE workspace_id = ";
    const ROWS: &str = "UPDATE import_row SET before = NULL, who = '', search = '' WHERE workspace_id = ";
    const KEPT: &str = "UPDATE import_undo_kept SET who = '' WHERE workspace_id = ";
    const BULK: &str = "DELETE FROM bulk_change_lead WHERE workspace_id = ";
    for chunk in ids.chunks(500) {
        for (sql, column) in [
            (EMPTY, " AND survivor_id IN "),
            (EMPTY, " AND loser_id IN "),
            (ROWS, " AND contact_id IN "),
            (KEPT, " AND contact_id IN "),
            (BULK, " AND contact_id IN "),
        ] {
            let list = chunk.iter().map(|id| id.0);
            tx.execute(Sql::new(sql).arg(workspace.0).push(column).list(list)).await?;
        }
    }
    Ok(())
}

/// The names of the team's own fields.
///
/// # Errors
/// As the database says.
pub async fn field_names(tx: &mut Tx, workspace: WorkspaceId) -> Result<HashMap<FieldId, String>> {
    let rows: Vec<(i64, String)> =
        tx.all(Sql::new("SELECT id, name FROM field WHERE workspace_id = ").arg(workspace.0)).await?;
    Ok(rows.into_iter().map(|(id, name)| (FieldId(id), name)).collect())
}

/// What some leads became, those of them that became one with another.
///
/// # Errors
/// As the database says.
pub async fn leads_now(tx: &mut Tx, workspace: WorkspaceId, leads: &[LeadId]) -> Result<HashMap<LeadId, LeadId>> {
    let before = Sql::new("SELECT lead_id, into_lead_id FROM merged_lead WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND lead_id IN ");
    let rows: Vec<(i64, i64)> = tx.among(before, leads.iter().map(|id| id.0.into()).collect(), "").await?;
    Ok(rows.into_iter().map(|(lead, into)| (LeadId(lead), LeadId(into))).collect())
}

/// The lead that an old one became, if it became one.
///
/// # Errors
/// As the database says.
pub async fn lead_now(tx: &mut Tx, workspace: WorkspaceId, lead: LeadId) -> Result<Option<LeadId>> {
    let found: Option<(i64,)> = tx
        .optional(
            Sql::new("SELECT into_lead_id FROM merged_lead WHERE workspace_id = $1 AND lead_id = $2")
                .bind(workspace.0)
                .bind(lead.0),
        )
        .await?;
    Ok(found.map(|(id,)| LeadId(id)))
}
