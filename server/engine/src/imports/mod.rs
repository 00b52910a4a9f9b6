//! Imports: the wizard's draft, the dry run, the job that takes the rows, the summary.

mod again;
mod batch;
mod control;
mod decide;
mod draft;
mod dry_run;
mod headers;
mod intake;
mod journal;
mod kept_out;
mod kept_words;
mod known;
mod overlay;
mod plan;
mod reader;
mod reasons;
mod reasons_file;
mod run;
mod sample;
mod summary;
mod take_back;
mod trial;
mod unattended;
mod undo;
mod upload;
mod use_cases;
mod views;
mod waiting;
mod write;

pub use decide::{Decision, Elsewhere, Facts, Met, Rules, decide};
pub(crate) use headers::meanings;
pub use intake::{Intake, PersonUndone, TakenPerson};
pub(crate) use intake::{Ready, TRIES};
pub use trial::Goal;
pub use upload::Upload;
