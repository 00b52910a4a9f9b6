//! The only place that knows what differs between the two databases; each function here has a test in the contract
//! suite.

use crate::Sql;

/// Which database a statement runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded, one writer at a time.
    Sqlite,
    /// A server, many writers.
    Postgres,
}

impl Dialect {
    /// The end of an upsert of identities that also locks the rows that exist, until commit. SQLite's one writer holds
    /// the whole database already, so there nothing needs to be written to lock it.
    pub(crate) const fn lock_existing_identity(self) -> &'static str {
        match self {
            Dialect::Sqlite => " ON CONFLICT DO NOTHING",
            Dialect::Postgres => " ON CONFLICT (workspace_id, key) DO UPDATE SET contact_id = identity.contact_id",
        }
    }

    /// The end of a query that locks contacts until commit, in the one order of everyone; none where the one writer
    /// holds the whole database already.
    pub(crate) const fn lock_in_id_order(self) -> Option<&'static str> {
        match self {
            Dialect::Sqlite => None,
            Dialect::Postgres => Some(" ORDER BY id FOR UPDATE"),
        }
    }

    /// The end of a query whose row nobody else may change until commit.
    pub(crate) const fn for_update(self) -> &'static str {
        match self {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE",
        }
    }

    /// The end of a query whose row may be held by many at once, but changed by nobody until they commit.
    pub(crate) const fn for_share(self) -> &'static str {
        match self {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR SHARE",
        }
    }

    /// The end of the query that picks a job: workers pass over the one that another is taking.
    pub(crate) const fn skip_locked(self) -> &'static str {
        match self {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// The query that checks the file (or cluster) itself; one text row, `ok` when all is well.
    pub(crate) fn integrity_check(self) -> Sql {
        Sql::new(match self {
            Dialect::Sqlite => "SELECT integrity_check FROM pragma_integrity_check LIMIT 1",
            Dialect::Postgres => "SELECT 'ok'",
        })
    }

    /// How many references point nowhere. PostgreSQL never lets one in.
    pub(crate) fn broken_references(self) -> Sql {
        Sql::new(match self {
            Dialect::Sqlite => "SELECT count(*) FROM pragma_foreign_key_check",
            Dialect::Postgres => "SELECT CAST(0 AS BIGINT)",
        })
    }
}
