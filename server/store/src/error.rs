//! What can go wrong below a use case.

/// A fault of the database, sorted by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique constraint refused the row: somebody else was first. The user sees "already exists".
    #[error("the row exists already")]
    Conflict,
    /// The database asks to try the transaction again (deadlock, serialization failure, busy). The user sees nothing
    /// unless the retries run out, then "busy, nothing was changed".
    #[error("the database was busy")]
    Busy(#[source] sqlx::Error),
    /// The disk is full. The user sees that what was saved is safe.
    #[error("no space left for the database")]
    Full(#[source] sqlx::Error),
    /// The schema could not be brought up to date. The operator sees it at start.
    #[error("the database could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// What stands in a column is not what this version writes there.
    #[error("unreadable value in {0}")]
    Unreadable(&'static str),
    /// Anything else. The user sees a request id.
    #[error("database error")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return match error {
                sqlx::Error::PoolTimedOut => Error::Busy(error),
                _ => Error::Database(error),
            };
        };
        if database.is_unique_violation() {
            return Error::Conflict;
        }
        // PostgreSQL: SQLSTATE; SQLite: result code, extended ones carry the plain one in the low byte.
        match database.code().as_deref() {
            Some("40001" | "40P01" | "55P03") => Error::Busy(error),
            Some("53100") => Error::Full(error),
            Some(code) => match code.parse::<u32>().map(|c| c & 0xff) {
                Ok(5 | 6) if code.len() < 5 => Error::Busy(error),
                Ok(13) if code.len() < 5 => Error::Full(error),
                _ => Error::Database(error),
            },
            None => Error::Database(error),
        }
    }
}
