//! Databases for tests: each test owns one.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Error, Result};

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
