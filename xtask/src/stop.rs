//! Ctrl-C: what was started is ended, in order, before xtask ends itself.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C (or SIGTERM, SIGHUP) only sets a flag. Everything that waits looks at it
/// and returns an error, so that servers are stopped and folders removed on the way out.
///
/// # Errors
/// When the system refuses a signal handler.
pub fn listen() -> anyhow::Result<()> {
    ctrlc::set_handler(|| REQUESTED.store(true, Ordering::SeqCst)).context("setting the signal handler")
}

/// Whether somebody asked to stop.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}
