//! Reads and normalises rows on a thread of its own, a few chunks ahead of whoever takes them: memory stays bounded,
//! and parsing overlaps with writing.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use sheet::{Dialect, Limits, SheetError};
use tokio::sync::mpsc;

use super::plan::{Incoming, Plan};

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

/// Starts reading; the channel ends with the file, or with the reason why it cannot be read on.
pub(super) fn read(source: Source, plan: Arc<Plan>) -> mpsc::Receiver<Result<Vec<Incoming>, SheetError>> {
    let (send, receive) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let rows = match sheet::open(&source.path, &source.dialect, &source.limits) {
            Ok(rows) => rows,
            Err(error) => {
                let _ = send.blocking_send(Err(error));
                return;
            }
        };
        let mut chunk = Vec::with_capacity(CHUNK);
        let mut wanted = source.only.as_ref().map(|only| only.len());
        for record in rows {
            // nothing after the last row that is wanted needs to be read
            if wanted == Some(0) {
                break;
            }
            match record {
                Ok(record) if source.only.as_ref().is_some_and(|only| !only.contains(&record.number)) => {}
                Ok(record) => {
                    chunk.push(plan.read(&record));
                    wanted = wanted.map(|left| left.saturating_sub(1));
                }
                Err(error) => {
                    // what was read before the fault is still good
                    let _ = send.blocking_send(Ok(chunk));
                    let _ = send.blocking_send(Err(error));
                    return;
                }
            }
            if chunk.len() == CHUNK
                && send.blocking_send(Ok(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK)))).is_err()
            {
                // nobody listens any more: the job was stopped
                return;
            }
        }
        let _ = send.blocking_send(Ok(chunk));
    });
    receive
}
