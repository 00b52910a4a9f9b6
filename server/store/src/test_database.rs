//! Databases for tests: each test owns one.

use domain::ids::{ContactId, ImportId, WorkspaceId};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Error, Result, Sql, Tx, contacts};

/// Makes an empty database on a PostgreSQL server and returns its address. For tests and measurements.
///
/// # Errors
/// When the server cannot be reached, or the name is taken.
pub async fn create_postgres(server: &str, name: &str) -> Result<String> {
    let mut connection = PgConnection::connect(server).await?;
    let safe: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {safe}"))).execute(&mut connection).await?;
    connection.close().await?;
    let (address, query) = server.split_once('?').map_or((server, String::new()), |(a, q)| (a, format!("?{q}")));
    let (host, _) = address.rsplit_once('/').ok_or(Error::Unreadable("the server's address"))?;
    Ok(format!("{host}/{safe}{query}"))
}

/// Puts something else in the place of an import's settings, such as what nobody can read.
///
/// # Errors
/// As the database says.
pub async fn set_settings(tx: &mut Tx, workspace: WorkspaceId, import: ImportId, settings: &str) -> Result<()> {
    let sql = Sql::new("UPDATE import SET settings = $1 WHERE workspace_id = $2 AND id = $3");
    tx.execute(sql.bind(settings).bind(workspace.0).bind(import.0)).await?;
    Ok(())
}

/// Everything that a workspace knows about people, a line per row, without the times of the last change: two states are
/// the same when their lines are. For tests of undo.
///
/// # Errors
/// As the database says.
pub async fn people(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let mut after = ContactId(0);
    loop {
        let page = contacts::after(tx, workspace, after, 1_000).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        lines.extend(page.iter().map(|c| format!("contact {c:?}")));
    }
    macro_rules! rows {
        ($row:ty, $name:literal, $sql:literal) => {
            let rows: Vec<$row> = tx.all(Sql::new($sql).arg(workspace.0)).await?;
            lines.extend(rows.iter().map(|row| format!(concat!($name, " {:?}"), row)));
        };
    }
    rows!(
        (i64, Option<i64>, Option<i64>, i64),
        "standing",
        "SELECT id, merged_into, deleted_at, created_at FROM contact WHERE workspace_id = "
    );
    rows!((Vec<u8>, i64), "identity", "SELECT key, contact_id FROM identity WHERE workspace_id = ");
    rows!((Vec<u8>, i64), "group_key", "SELECT key, contact_id FROM group_key WHERE workspace_id = ");
    rows!(
        (i64, Vec<u8>, String, String, i64),
        "address",
        "SELECT contact_id, key, kind, value, created_at FROM contact_address WHERE workspace_id = "
    );
    rows!(
        (i64, String, i64, i64),
        "source",
        "SELECT contact_id, kind, source_id, created_at FROM contact_source WHERE workspace_id = "
    );
    rows!(
        (i64, i64, Option<i64>),
        "tag",
        "SELECT contact_id, tag_id, import_id FROM contact_tag WHERE workspace_id = "
    );
    rows!(
        (i64, i64, i64, String, String, Option<i64>, i64),
        "lead",
        "SELECT id, campaign_id, contact_id, status, variables, import_id, created_at FROM lead WHERE workspace_id = "
    );
    rows!(
        (i64, String, i64),
        "count",
        "SELECT campaign_id, status, leads FROM lead_count WHERE leads <> 0 AND workspace_id = "
    );
    rows!(
        (Vec<u8>, i64, i64, i64),
        "tombstone",
        "SELECT key, campaign_id, change_id, created_at FROM tombstone WHERE workspace_id = "
    );
    rows!(
        (i64, i64, String),
        "suspect",
        "SELECT first_contact_id, second_contact_id, state FROM suspect WHERE workspace_id = "
    );
    rows!(
        (i64, i64, i64, i64),
        "waiting",
        "SELECT campaign_id, contact_id, import_id, row_number FROM waiting_lead WHERE workspace_id = "
    );
    rows!((Vec<u8>,), "suppression", "SELECT key FROM suppression WHERE workspace_id = ");
    lines.sort();
    Ok(lines)
}
