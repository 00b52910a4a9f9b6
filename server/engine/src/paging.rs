//! Pages of a list by keyset, in either direction: what the lead list and the contacts share.

use store::Position;

use crate::{Error, Result};

/// Lines of a page.
pub(crate) const PAGE: usize = 50;

/// Where a page starts: how many lines are before it, which way it is read, and the line it starts after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    before: u64,
    backwards: bool,
    position: Position,
}

/// A page that was asked for: how to read it, and then what to say about it.
pub(crate) struct Turn(Option<Cursor>);

/// The lines of a page and the ways on.
pub(crate) struct Page<Line> {
    /// At most `PAGE` lines, in the order of the list.
    pub lines: Vec<Line>,
    /// The position of the first line, from 1; 0 when there is none.
    pub first: u64,
    /// Where the next page starts.
    pub next: Option<String>,
    /// Where the page before starts.
    pub previous: Option<String>,
}

impl Turn {
    /// The page of a cursor that an earlier page gave; none is the first.
    pub fn read(cursor: Option<&str>) -> Result<Self> {
        Ok(Turn(cursor.map(Cursor::read).transpose()?))
    }

    /// Whether the lines are read against the order of the list.
    pub fn backwards(&self) -> bool {
        self.0.as_ref().is_some_and(|cursor| cursor.backwards)
    }

    /// The line after which to read.
    pub fn after(&self) -> Option<Position> {
        self.0.as_ref().map(|cursor| cursor.position.clone())
    }

    /// How many lines to ask for: one more than a page says whether there is another.
    pub fn limit(&self) -> i64 {
        PAGE as i64 + 1
    }

    /// The page of the lines that were read so; `position` says where a line stands.
    pub fn page<Line>(&self, mut lines: Vec<Line>, position: impl Fn(&Line) -> Position) -> Page<Line> {
        let more = lines.len() > PAGE;
        lines.truncate(PAGE);
        let backwards = self.backwards();
        if backwards {
            lines.reverse();
        }
        let count = lines.len() as u64;
        let before = match &self.0 {
            None => 0,
            Some(c) if c.backwards && !more => 0,
            Some(c) if c.backwards => c.before.saturating_sub(count),
            Some(c) => c.before,
        };
        let has_previous = if backwards { more } else { self.0.is_some() };
        let has_next = backwards || more;
        let cursor = |line: &Line, before, backwards| Cursor { before, backwards, position: position(line) }.write();
        let next = lines.last().filter(|_| has_next).map(|line| cursor(line, before + count, false));
        let previous = lines.first().filter(|_| has_previous).map(|line| cursor(line, before, true));
        Page { first: if count == 0 { 0 } else { before + 1 }, next, previous, lines }
    }
}

impl Cursor {
    /// `b` or `f`, the lines before, the id, the sort key: opaque to the browser.
    fn write(&self) -> String {
        let Cursor { before, backwards, position } = self;
        format!("{}.{before}.{}.{}", if *backwards { 'b' } else { 'f' }, position.id, position.key)
    }

    fn read(text: &str) -> Result<Self> {
        let mut parts = text.splitn(4, '.');
        let mut next =
            || parts.next().ok_or_else(|| Error::refused("This page of the list is gone. Open the list again."));
        let backwards = next()? == "b";
        let before = next()?.parse();
        let id = next()?.parse();
        let key = next()?.to_owned();
        match (before, id) {
            (Ok(before), Ok(id)) => Ok(Cursor { before, backwards, position: Position { key, id } }),
            _ => Err(Error::refused("This page of the list is gone. Open the list again.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_written() {
        let cursor = Cursor { before: 50, backwards: true, position: Position { key: "lee. ann".to_owned(), id: 7 } };
        assert_eq!(Cursor::read(&cursor.write()).unwrap(), cursor);
        for broken in ["", "f", "f.1.2", "f.x.2.", "f.1.x.k"] {
            assert!(Cursor::read(broken).is_err(), "{broken}");
        }
    }
}
