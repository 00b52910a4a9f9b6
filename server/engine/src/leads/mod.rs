//! The lead list: pages, one lead, bulk acts, edits of a variable, and their undo.

pub(crate) mod change;
mod edit;
pub(crate) mod guard;
mod list;
mod recent;
mod undo;

use domain::Problem;

use crate::Error;

/// How often a batch is tried again whose people somebody else changed or held.
pub(crate) const TRIES: usize = 5;

/// Somebody changed what was looked at before it was locked: the same transaction again sees it.
pub(crate) fn moved() -> Error {
    Error::Store(store::Error::Conflict)
}

/// Whether the same transaction may well work when it is tried again.
pub(crate) fn may_try_again(error: &Error) -> bool {
    matches!(error, Error::Store(error) if error.is_busy() || matches!(error, store::Error::Conflict))
}

/// The answer when an act ends before its last batch: what was done until then stands, and can be taken back.
fn cut_off(error: Error, done: u64, done_words: &str) -> Error {
    let again = may_try_again(&error);
    if done == 0 {
        let busy = "Someone else is changing these leads right now. Nothing was changed; try again in a moment.";
        return if again { Error::conflict(busy) } else { error };
    }
    let kind = error.into_problem().kind;
    Error::Refused(Problem::new(
        kind,
        format!(
            "This was cut off after {done} leads: those {done_words}, the others did not change. Do it again for the \
             rest, or look under Recent changes in the campaign's menu."
        ),
    ))
}
