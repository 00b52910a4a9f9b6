//! Where a page of a list starts.

/// A place in a list: the sort key and the id of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The folded name or company; empty when sorted by arrival.
    pub key: String,
    /// The line's id.
    pub id: i64,
}
