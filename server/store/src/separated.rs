//! Pairs that someone said are two people (R16).

use domain::ids::{ContactId, WorkspaceId};
use domain::merge::SeparatedRow;
use sqlx::FromRow;

use crate::merges::name_of;
use crate::{Arg, Result, Sql, Tx};

/// A place in the list: when, and which pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// When it was decided.
    pub at: i64,
    /// The contact with the smaller number.
    pub first: ContactId,
    /// The other.
    pub second: ContactId,
}

#[derive(FromRow)]
struct Listed {
    first_id: i64,
    a_first: String,
    a_last: String,
    a_email: String,
    second_id: i64,
    b_first: String,
    b_last: String,
    b_email: String,
    who: String,
    created_at: i64,
    first_origin_id: i64,
    second_origin_id: i64,
}

/// How many pairs are kept apart, of those that are listed.
///
/// # Errors
/// As the database says.
pub async fn count(tx: &mut Tx, workspace: WorkspaceId) -> Result<u64> {
    let sql = Sql::new(
        "SELECT count(*) FROM separated_pair p JOIN contact a ON a.id = p.first_contact_id \
         JOIN contact b ON b.id = p.second_contact_id \
         WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL AND p.workspace_id = ",
    );
    let (n,): (i64,) = tx.one(sql.arg(workspace.0)).await?;
    Ok(n.cast_unsigned())
}

/// Separated pairs, newest first, after a position. A pair of someone who is deleted waits until they are back.
///
/// # Errors
/// As the database says.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<SeparatedRow>> {
    let mut sql = Sql::new(
        "SELECT p.first_contact_id AS first_id, a.first_name AS a_first, a.last_name AS a_last, a.email AS a_email, \
         p.second_contact_id AS second_id, b.first_name AS b_first, b.last_name AS b_last, b.email AS b_email, \
         u.name AS who, p.created_at, p.first_origin_id, p.second_origin_id FROM separated_pair p \
         JOIN contact a ON a.id = p.first_contact_id JOIN contact b ON b.id = p.second_contact_id \
         JOIN user_account u ON u.id = p.actor_id \
         WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL AND p.workspace_id = ",
    )
    .arg(workspace.0);
    if let Some(after) = after {
        sql = sql.push(" AND (p.created_at, p.first_contact_id, p.second_contact_id) < ").list([
            Arg::from(after.at),
            after.first.0.into(),
            after.second.0.into(),
        ]);
    }
    let rows: Vec<Listed> = tx
        .all(
            sql.push(" ORDER BY p.created_at DESC, p.first_contact_id DESC, p.second_contact_id DESC LIMIT ")
                .arg(limit),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| SeparatedRow {
            first: ContactId(row.first_id),
            first_name: name_of(row.a_first, row.a_last, &row.a_email),
            first_email: row.a_email,
            second: ContactId(row.second_id),
            second_name: name_of(row.b_first, row.b_last, &row.b_email),
            second_email: row.b_email,
            by: row.who,
            at: row.created_at,
            said_of: (row.first_origin_id != 0)
                .then_some((ContactId(row.first_origin_id), ContactId(row.second_origin_id))),
        })
        .collect())
}
