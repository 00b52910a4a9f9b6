//! Reads and normalises rows on a thread of its own, a few chunks ahead of whoever takes them: memory stays bounded,
//! and parsing overlaps with writing.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use sheet::{Dialect, Limits, SheetError};
use tokio::sync::mpsc;

use super::plan::{Incoming, Plan};
use crate::{Error, Result};

/// Rows of a chunk.
pub(super) const CHUNK: usize = 250;
/// Chunks that are read ahead.
const AHEAD: usize = 8;

/// What the reader needs to know of a file.
#[derive(Clone)]
pub(super) struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// How it is written.
    pub dialect: Dialect,
    /// What is too much.
    pub limits: Limits,
    /// Only these rows, when an import takes the left-out rows of another.
    pub only: Option<Arc<HashSet<u64>>>,
}

/// What the reading thread hands over.
enum Piece {
    Rows(Vec<Incoming>),
    Failed(SheetError),
    /// The whole file was read: only this says so, for a channel also closes when the thread dies.
    End,
}

/// The rows of a file, as they are read.
pub(super) struct Reading {
    pieces: mpsc::Receiver<Piece>,
    ended: bool,
}

impl Reading {
    /// The next rows; none behind the last.
    ///
    /// # Errors
    /// The reason why the file cannot be read on, also when nobody can name one.
    pub async fn next(&mut self) -> Result<Option<Vec<Incoming>>> {
        if self.ended {
            return Ok(None);
        }
        match self.pieces.recv().await {
            Some(Piece::Rows(rows)) => Ok(Some(rows)),
            Some(Piece::Failed(error)) => Err(error.into()),
            Some(Piece::End) => {
                self.ended = true;
                Ok(None)
            }
            None => {
                tracing::error!("the reader of a file broke off before its end");
                Err(Error::refused(
                    "The server broke off reading this file before its end. Rows that were taken before that are kept. \
                     Try again; if it happens again, tell whoever runs the server.",
                ))
            }
        }
    }
}

/// Starts reading a file.
pub(super) fn read(source: Source, plan: Arc<Plan>) -> Reading {
    let (send, pieces) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let last = match send_rows(&source, &plan, &send) {
            Ok(true) => Piece::End,
            // nobody listens any more: the job was stopped
            Ok(false) => return,
            Err(error) => Piece::Failed(error),
        };
        let _ = send.blocking_send(last);
    });
    Reading { pieces, ended: false }
}

/// Sends all rows in chunks; false when nobody takes them.
fn send_rows(source: &Source, plan: &Plan, send: &mpsc::Sender<Piece>) -> std::result::Result<bool, SheetError> {
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut failed = None;
    let mut wanted = source.only.as_ref().map(|only| only.len());
    for record in sheet::open(&source.path, &source.dialect, &source.limits)? {
        // nothing behind the last row that is wanted needs to be read
        if wanted == Some(0) {
            break;
        }
        match record {
            Ok(record) if source.only.as_ref().is_some_and(|only| !only.contains(&record.number)) => {}
            Ok(record) => {
                chunk.push(plan.read(&record));
                wanted = wanted.map(|left| left.saturating_sub(1));
            }
            // what was read before the fault is still good
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
        if chunk.len() == CHUNK {
            let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
            if send.blocking_send(Piece::Rows(full)).is_err() {
                return Ok(false);
            }
        }
    }
    let heard = send.blocking_send(Piece::Rows(chunk)).is_ok();
    failed.map_or(Ok(heard), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reader_that_dies_is_no_end_of_the_file() {
        let (send, pieces) = mpsc::channel(1);
        let mut reading = Reading { pieces, ended: false };
        send.send(Piece::Rows(vec![Incoming::default()])).await.ok();
        drop(send);
        assert_eq!(reading.next().await.unwrap().map(|rows| rows.len()), Some(1));
        assert!(reading.next().await.is_err());
    }

    #[tokio::test]
    async fn the_end_is_said_and_stays() {
        let (send, pieces) = mpsc::channel(1);
        let mut reading = Reading { pieces, ended: false };
        send.send(Piece::End).await.ok();
        drop(send);
        assert!(reading.next().await.unwrap().is_none());
        assert!(reading.next().await.unwrap().is_none());
    }
}
