//! Stories and properties of the use cases, on both databases.

mod bulk;
mod campaigns;
mod concurrent;
mod deleted;
mod dump;
mod imports;
mod merge;
mod merge_histories;
mod merge_races;
mod merge_undo;
mod model;
mod reasons;
mod resume;
mod separate;
mod support;
mod wizard;
