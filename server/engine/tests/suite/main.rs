//! Stories and properties of the use cases, on both databases.

mod bulk;
mod campaigns;
mod concurrent;
mod contact_deletions;
mod contact_edits;
mod contacts;
mod deleted;
mod dump;
mod fields;
mod forms;
mod identifiers;
mod imports;
mod intake;
mod kept_out;
mod merge;
mod merge_histories;
mod merge_races;
mod merge_undo;
mod model;
mod reasons;
mod resume;
mod separate;
mod support;
mod suspects;
mod undo_import;
mod wizard;
