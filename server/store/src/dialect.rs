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

    /// The text with the placeholders that this database takes fastest.
    ///
    /// To SQLite `$7` is a name: it looks each one up in a list of all names before it, once to parse and once to bind,
    /// so that a statement of 30,000 takes seconds. A plain `?` has no name. Both count on from the left, so only
    /// a text that uses each placeholder once and in order may be written so.
    pub(crate) fn placeholders(self, text: String) -> String {
        match self {
            Dialect::Sqlite => unnamed(&text).unwrap_or(text),
            Dialect::Postgres => text,
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

/// The text with `?` for `$1`, `$2` …; none when one is used twice or out of order.
fn unnamed(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut count = 0_usize;
    let mut quoted = false;
    let mut rest = text;
    while let Some(at) = rest.find(['$', '\'']) {
        out.push_str(&rest[..at]);
        let found = &rest[at..];
        if found.starts_with('\'') || quoted {
            quoted ^= found.starts_with('\'');
            out.push_str(&found[..1]);
            rest = &found[1..];
            continue;
        }
        let digits = found[1..].bytes().take_while(u8::is_ascii_digit).count();
        count += 1;
        if found[1..=digits].parse() != Ok(count) {
            return None;
        }
        out.push('?');
        rest = &found[1 + digits..];
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_in_order_lose_their_names() {
        let same = |text: &str| Dialect::Sqlite.placeholders(text.to_owned());
        assert_eq!(same("INSERT INTO t VALUES ($1, $2), ($3, $4)"), "INSERT INTO t VALUES (?, ?), (?, ?)");
        assert_eq!(same("a = $1 AND b = '$2' AND c = $2"), "a = ? AND b = '$2' AND c = ?");
        assert_eq!(same("it''s '$9' $1"), "it''s '$9' ?");
        for kept in ["a = $2 AND b = $1", "a = $1 AND b = $1", "a = $x"] {
            assert_eq!(same(kept), kept);
        }
        assert_eq!(Dialect::Postgres.placeholders("a = $1".to_owned()), "a = $1");
    }
}
