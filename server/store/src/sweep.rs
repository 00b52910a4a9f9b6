//! Emptying contacts that were deleted long ago.

use domain::PersonField;
use domain::ids::{ContactId, WorkspaceId};

use crate::contacts::FIELDS;
use crate::{Arg, Result, Sql, Tx};

/// Contacts that were deleted before a moment and are not emptied yet, with their workspaces.
///
/// # Errors
/// As the database says.
pub async fn long_deleted(tx: &mut Tx, before: i64, limit: i64) -> Result<Vec<(WorkspaceId, ContactId)>> {
    let rows: Vec<(i64, i64)> = tx
        .all(
            Sql::new(
                "SELECT workspace_id, id FROM contact WHERE deleted_at > 0 AND deleted_at < $1 \
                 ORDER BY deleted_at, workspace_id, id LIMIT $2",
            )
            .bind(before)
            .bind(limit),
        )
        .await?;
    Ok(rows.into_iter().map(|(workspace, id)| (WorkspaceId(workspace), ContactId(id))).collect())
}

/// The contacts that were merged into some others.
///
/// # Errors
/// As the database says.
pub async fn merged_into(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<ContactId>> {
    let before = Sql::new("SELECT id FROM contact WHERE workspace_id = ").arg(workspace.0).push(" AND merged_into IN ");
    let rows: Vec<(i64,)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), " ORDER BY id").await?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}

/// Takes everything from contacts but their ids, for good. The empty row stays: old links and the rows of imports still
/// lead to "someone who was deleted", and taking a row away makes the database look for references in every table that
/// leads to contacts, without an index that begins with the contact.
///
/// # Errors
/// As the database says.
pub async fn empty(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    const OWN: &[&str] = &[
        "DELETE FROM contact_address WHERE workspace_id = ",
        "DELETE FROM contact_source WHERE workspace_id = ",
        "DELETE FROM contact_tag WHERE workspace_id = ",
        "DELETE FROM contact_event WHERE workspace_id = ",
        "DELETE FROM contact_to_match WHERE workspace_id = ",
        "DELETE FROM group_key WHERE workspace_id = ",
        "DELETE FROM waiting_lead WHERE workspace_id = ",
    ];
    const PAIRS: &[(&str, &str)] = &[
        ("DELETE FROM suspect WHERE workspace_id = ", " AND first_contact_id IN "),
        ("DELETE FROM suspect WHERE workspace_id = ", " AND second_contact_id IN "),
        ("DELETE FROM separated_pair WHERE workspace_id = ", " AND first_contact_id IN "),
        ("DELETE FROM separated_pair WHERE workspace_id = ", " AND second_contact_id IN "),
    ];
    for chunk in ids.chunks(500) {
        let list = || chunk.iter().map(|id| id.0);
        for sql in OWN {
            tx.execute(Sql::new(sql).arg(workspace.0).push(" AND contact_id IN ").list(list())).await?;
        }
        for (sql, side) in PAIRS {
            tx.execute(Sql::new(sql).arg(workspace.0).push(side).list(list())).await?;
        }
        let mut values: Vec<Arg> = PersonField::ALL.iter().map(|_| Arg::from("")).collect();
        values.extend(["", "", "", "{}", "{}"].map(Arg::from));
        values.push(0_i64.into());
        tx.execute(
            Sql::new("UPDATE contact SET (")
                .push(FIELDS)
                .push(", search, name_key, company_key, custom, origins, deleted_at) = ")
                .list(values)
                .push(" WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND id IN ")
                .list(list()),
        )
        .await?;
    }
    Ok(())
}
