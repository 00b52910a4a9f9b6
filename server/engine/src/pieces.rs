//! Files that are handed on while they are written: the pieces come in order, and one that breaks off says so.

use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};

use crate::{Error, Result};

/// The pieces of a file; an error is the last of them, and without it the file is whole.
pub type Pieces<T = Vec<u8>> = mpsc::Receiver<Result<T>>;

/// A reader who takes nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Threads that read uploaded files for whoever downloads; the others wait, so that imports find threads.
static THREADS: Semaphore = Semaphore::const_new(4);

/// Whether somebody took the piece.
pub(crate) async fn hand_on<T>(send: &mpsc::Sender<Result<T>>, piece: Result<T>) -> bool {
    matches!(tokio::time::timeout(PATIENCE, send.send(piece)).await, Ok(Ok(())))
}

/// Hands on why a file broke off, if it did: whoever takes it must not believe that it is whole.
pub(crate) async fn end<T>(send: &mpsc::Sender<Result<T>>, ended: Result<()>, what: &'static str) {
    if let Err(error) = ended {
        tracing::error!(?error, what, "a file broke off");
        hand_on(send, Err(error)).await;
    }
}

/// Does work with a file that blocks, when one of the few threads for it is free.
pub(crate) async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _permit = THREADS.acquire().await.map_err(|_| Error::Fault("the threads for downloads are gone"))?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Fault("reading for a download was interrupted"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_reader_who_takes_nothing_is_given_up() {
        let (send, mut receive) = mpsc::channel(1);
        assert!(hand_on(&send, Ok(1)).await, "there is room for one");
        assert!(!hand_on(&send, Ok(2)).await, "nobody takes the first");
        assert!(matches!(receive.recv().await, Some(Ok(1))));
        end(&send, Err(Error::Fault("broken")), "numbers").await;
        drop(send);
        assert!(matches!(receive.recv().await, Some(Err(_))));
        assert!(receive.recv().await.is_none());
    }
}
