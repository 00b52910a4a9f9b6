#![doc = include_str!("../README.md")]

pub mod audit;
pub mod campaigns;
pub mod changes;
pub mod checks;
pub mod consent;
pub mod contact_changes;
pub mod contact_history;
pub mod contact_list;
pub mod contacts;
mod db;
mod dialect;
mod error;
pub mod fields;
pub mod forms;
pub mod groups;
pub mod identities;
mod ids;
pub mod import_rows;
pub mod import_undo;
pub mod imports;
pub mod jobs;
pub mod lead_list;
pub mod leads;
pub mod match_keys;
pub mod merges;
pub mod namesakes;
mod paging;
pub mod person_tables;
pub mod picture;
pub mod separated;
mod sql;
pub mod suspects;
mod suspects_kept;
pub mod sweep;
pub mod tags;
pub mod team;
pub mod test_database;
pub mod to_match;
pub mod waiting;

pub use db::{Store, Tx};
pub use dialect::Dialect;
pub use error::Error;
pub use ids::Ids;
pub use paging::Position;
pub use sql::{Arg, DbRow, Sql};

/// What every statement of this crate returns.
pub type Result<T> = std::result::Result<T, Error>;
