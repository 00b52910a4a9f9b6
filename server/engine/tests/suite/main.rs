//! Stories and properties of the use cases, on both databases.

mod bulk;
mod campaigns;
mod concurrent;
mod contacts;
mod deleted;
mod fields;
mod identifiers;
mod imports;
mod intake;
mod model;
mod reasons;
mod resume;
mod support;
mod undo_import;
mod wizard;
