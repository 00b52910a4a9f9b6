//! The connection: a closed enum of the two databases, and everything above it written once.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Arguments, AssertSqlSafe, ConnectOptions, Postgres, Sqlite, Transaction};

use crate::dialect::Dialect;
use crate::ids::Ids;
use crate::sql::{Arg, DbRow, Sql, rows_per_statement};
use crate::{Error, Result};

/// Readers beside the one writer of SQLite, and the connections to PostgreSQL.
const CONNECTIONS: u32 = 8;

#[derive(Clone)]
enum Db {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres(PgPool),
}

/// The database of an installation. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    db: Db,
    ids: Arc<Ids>,
}

/// A transaction: the only way to run a statement. Dropped without `commit`, it leaves nothing.
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    /// Opens `sqlite://PATH` (made if it is not there) or `postgres://…` and brings the schema up to date.
    ///
    /// # Errors
    /// When the database cannot be reached, or was written by a newer version.
    pub async fn open(url: &str) -> Result<Self> {
        let db = if url.starts_with("postgres") { open_postgres(url).await? } else { open_sqlite(url).await? };
        Ok(Store { db, ids: Arc::new(Ids::default()) })
    }

    /// Which of the two it is.
    pub fn dialect(&self) -> Dialect {
        match self.db {
            Db::Sqlite { .. } => Dialect::Sqlite,
            Db::Postgres(_) => Dialect::Postgres,
        }
    }

    /// A transaction that only reads; it sees one state from its first statement on.
    ///
    /// # Errors
    /// When no connection is free in time.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match &self.db {
            Db::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Db::Postgres(pool) => {
                Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        })
    }

    /// A transaction that writes. On SQLite it holds the one write lock from the start, so keep it short.
    ///
    /// # Errors
    /// When the write lock is not free in time.
    pub async fn write(&self) -> Result<Tx> {
        Ok(match &self.db {
            Db::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Reserves `count` ids of a table and returns the first; outside of any other transaction, so that nobody waits.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reserve(&self, table: &'static str, count: i64) -> Result<i64> {
        self.ids.reserve(self, table, count).await
    }

    /// Waits until every connection is given back, then closes them.
    pub async fn close(&self) {
        match &self.db {
            Db::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(url: &str) -> Result<Db> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        // 64 MiB of pages for the writer; the readers share the memory map.
        .pragma("cache_size", "-65536")
        .pragma("mmap_size", "268435456")
        .pragma("temp_store", "memory")
        // rows come from a thread of their own: with room for fifty, two threads wake each other all the time
        .row_buffer_size(4_096)
        // a statement of a thousand rows is no line for a log
        .disable_statement_logging();
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options.clone())
        .await?;
    sqlx::migrate!("../../migrations/sqlite").run(&write).await?;
    let read = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .connect_with(options.pragma("cache_size", "-8192").pragma("query_only", "1"))
        .await?;
    Ok(Db::Sqlite { write, read })
}

async fn open_postgres(url: &str) -> Result<Db> {
    // A batch waits at most so long for the people another batch holds; nothing runs for minutes.
    let options = PgConnectOptions::from_str(url)?
        .options([("lock_timeout", "10s"), ("statement_timeout", "60s")])
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options)
        .await?;
    sqlx::migrate!("../../migrations/postgres").run(&pool).await?;
    Ok(Db::Postgres(pool))
}

macro_rules! arguments {
    ($type:ty, $args:expr) => {{
        let mut out = <$type>::default();
        for arg in $args {
            match arg {
                Arg::Int(value) => out.add(value),
                Arg::Text(value) => out.add(value),
                Arg::Bytes(value) => out.add(value),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        out
    }};
}

macro_rules! run {
    ($self:ident, $sql:ident, $query:ident, $method:ident) => {{
        let text = AssertSqlSafe($self.dialect().placeholders($sql.text));
        match $self {
            Tx::Sqlite(tx) => sqlx::$query(text, arguments!(SqliteArguments, $sql.args)).$method(&mut **tx).await?,
            Tx::Postgres(tx) => sqlx::$query(text, arguments!(PgArguments, $sql.args)).$method(&mut **tx).await?,
        }
    }};
}

impl Tx {
    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self {
            Tx::Sqlite(_) => Dialect::Sqlite,
            Tx::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Every row of a query.
    ///
    /// # Errors
    /// As the database says.
    pub async fn all<T: DbRow>(&mut self, sql: Sql) -> Result<Vec<T>> {
        Ok(run!(self, sql, query_as_with, fetch_all))
    }

    /// The one row of a query, if there is one.
    ///
    /// # Errors
    /// As the database says.
    pub async fn optional<T: DbRow>(&mut self, sql: Sql) -> Result<Option<T>> {
        Ok(run!(self, sql, query_as_with, fetch_optional))
    }

    /// The one row of a query that always has one, such as a count.
    ///
    /// # Errors
    /// As the database says.
    pub async fn one<T: DbRow>(&mut self, sql: Sql) -> Result<T> {
        Ok(run!(self, sql, query_as_with, fetch_one))
    }

    /// Runs a statement and says how many rows it touched.
    ///
    /// # Errors
    /// As the database says; `Error::Conflict` when a unique constraint refused it.
    pub async fn execute(&mut self, sql: Sql) -> Result<u64> {
        let text = AssertSqlSafe(self.dialect().placeholders(sql.text));
        Ok(match self {
            Tx::Sqlite(tx) => {
                sqlx::query_with(text, arguments!(SqliteArguments, sql.args)).execute(&mut **tx).await?.rows_affected()
            }
            Tx::Postgres(tx) => {
                sqlx::query_with(text, arguments!(PgArguments, sql.args)).execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// Inserts rows, as many a statement as the databases bind: `insert` ends before the values, `tail` follows them.
    ///
    /// # Errors
    /// As the database says.
    pub async fn insert(&mut self, insert: &'static str, rows: Vec<Vec<Arg>>, tail: &'static str) -> Result<u64> {
        let Some(columns) = rows.first().map(Vec::len) else { return Ok(0) };
        let mut touched = 0;
        let mut rows = rows.into_iter();
        loop {
            let chunk: Vec<Vec<Arg>> = rows.by_ref().take(rows_per_statement(columns)).collect();
            if chunk.is_empty() {
                return Ok(touched);
            }
            touched += self.execute(Sql::new(insert).push(" VALUES ").rows(chunk).push(tail)).await?;
        }
    }

    /// Changes many rows by what a list says of each, as many a statement as the databases bind: `update` ends with
    /// `SET …`, where `v.column1`, `v.column2` … are the values of the list, and `after` names the list and joins it. Both
    /// databases give the columns of a list these names.
    ///
    /// # Errors
    /// As the database says.
    pub async fn update_from(
        &mut self,
        update: Sql,
        rows: Vec<Vec<Arg>>,
        (after, arg): (&'static str, Arg),
    ) -> Result<u64> {
        let Some(columns) = rows.first().map(Vec::len) else { return Ok(0) };
        let mut touched = 0;
        let mut rows = rows.into_iter();
        loop {
            let chunk: Vec<Vec<Arg>> = rows.by_ref().take(rows_per_statement(columns)).collect();
            if chunk.is_empty() {
                return Ok(touched);
            }
            let sql = update.clone().push(" FROM (VALUES ").rows(chunk).push(")").push(after).arg(arg.clone());
            touched += self.execute(sql).await?;
        }
    }

    /// The rows whose column is one of many values, asked in chunks: `before` ends with `IN`, `after` follows.
    ///
    /// # Errors
    /// As the database says.
    pub async fn among<T: DbRow>(&mut self, before: Sql, values: Vec<Arg>, after: &'static str) -> Result<Vec<T>> {
        let mut found = Vec::new();
        for chunk in values.chunks(1_000) {
            found.extend(self.all(before.clone().list(chunk.iter().cloned()).push(after)).await?);
        }
        Ok(found)
    }

    /// Makes everything of this transaction lasting: all of it or none.
    ///
    /// # Errors
    /// As the database says; then nothing of it is there.
    pub async fn commit(self) -> Result<()> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({:?})", self.dialect())
    }
}

impl Error {
    /// Whether the same transaction may well work when it is tried again.
    pub fn is_busy(&self) -> bool {
        matches!(self, Error::Busy(_))
    }
}
