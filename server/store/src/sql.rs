//! A statement: literal pieces of SQL and the values bound to it. Only `&'static str` can become SQL.

use sqlx::FromRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

/// A row that can be read from either database; `#[derive(FromRow)]` satisfies it.
pub trait DbRow: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> DbRow for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A value bound to a placeholder: the three types that both databases store alike.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// BIGINT: ids, times in milliseconds, flags as 0 and 1.
    Int(Option<i64>),
    /// TEXT, also for JSON.
    Text(Option<String>),
    /// BYTEA or BLOB: keys and hashes.
    Bytes(Option<Vec<u8>>),
}

macro_rules! arg_from {
    ($($from:ty => $variant:ident, $map:expr);+ $(;)?) => { $(
        impl From<$from> for Arg {
            fn from(value: $from) -> Self { Arg::$variant(Some($map(value))) }
        }
        impl From<Option<$from>> for Arg {
            fn from(value: Option<$from>) -> Self { Arg::$variant(value.map($map)) }
        }
    )+ };
}
arg_from! {
    i64 => Int, |v| v;
    bool => Int, i64::from;
    String => Text, |v| v;
    &str => Text, |v: &str| v.to_owned();
    Vec<u8> => Bytes, |v| v;
    &[u8] => Bytes, |v: &[u8]| v.to_vec();
    &[u8; 16] => Bytes, |v: &[u8; 16]| v.to_vec();
}

/// A statement under construction.
#[derive(Debug, Clone, Default)]
pub struct Sql {
    pub(crate) text: String,
    pub(crate) args: Vec<Arg>,
}

impl Sql {
    /// Starts with literal SQL; its placeholders `$1`, `$2` … are filled by `bind` in order.
    pub fn new(text: &'static str) -> Self {
        Sql { text: text.to_owned(), args: Vec::new() }
    }

    /// Adds literal SQL.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Fills the next placeholder that the text has already.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Arg>) -> Self {
        self.args.push(value.into());
        self
    }

    /// Adds a placeholder and its value.
    #[must_use]
    pub fn arg(mut self, value: impl Into<Arg>) -> Self {
        self.args.push(value.into());
        self.placeholder(self.args.len());
        self
    }

    /// Adds `(…, …)` with a value each. An empty list becomes `(NULL)`, which nothing equals.
    #[must_use]
    pub fn list<T: Into<Arg>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        let mut separator = "(";
        for value in values {
            self.text.push_str(separator);
            self = self.arg(value);
            separator = ", ";
        }
        self.text.push_str(if separator == "(" { "(NULL)" } else { ")" });
        self
    }

    /// Adds `(…), (…)`: one parenthesis a row.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Arg>>) -> Self {
        let mut separator = "";
        for row in rows {
            self.text.push_str(separator);
            self = self.list(row);
            separator = ", ";
        }
        self
    }

    /// Adds ` AND column LIKE …` for each word: all of them must be in the column. Both sides are folded already, and
    /// `%` and `_` of the user are text.
    #[must_use]
    pub fn and_holds_all<'w>(mut self, column: &'static str, words: impl IntoIterator<Item = &'w String>) -> Self {
        for word in words {
            let pattern = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            self = self.push(" AND ").push(column).push(" LIKE ").arg(format!("%{pattern}%")).push(" ESCAPE '\\'");
        }
        self
    }

    fn placeholder(&mut self, number: usize) {
        use std::fmt::Write;
        let _ = write!(self.text, "${number}");
    }
}

/// How many rows of so many values one statement takes: SQLite binds at most 32,766.
pub(crate) fn rows_per_statement(columns: usize) -> usize {
    (30_000 / columns.max(1)).clamp(1, 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_on() {
        let sql = Sql::new("SELECT 1 WHERE a = $1 AND b IN ").bind(7_i64).list([1_i64, 2]).push(" AND c = ").arg("x");
        assert_eq!(sql.text, "SELECT 1 WHERE a = $1 AND b IN ($2, $3) AND c = $4");
        assert_eq!(sql.args.len(), 4);
        assert_eq!(Sql::new("a IN ").list(Vec::<i64>::new()).text, "a IN (NULL)");
        let held = Sql::new("1 = 1").and_holds_all("c.search", &["50%".to_owned()]);
        assert_eq!(held.text, "1 = 1 AND c.search LIKE $1 ESCAPE '\\'");
        assert_eq!(held.args, [Arg::from("%50\\%%")]);
        assert_eq!(Sql::new("V ").rows([vec![1_i64.into()], vec![2_i64.into()]]).text, "V ($1), ($2)");
    }
}
