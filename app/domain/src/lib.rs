#![doc = include_str!("../README.md")]

pub mod campaign;
pub mod contact;
pub mod custom;
pub mod field;
pub mod form;
pub mod found;
pub mod ids;
pub mod import;
pub mod lead;
pub mod merge;
pub mod outcome;
pub mod policy;
pub mod problem;
pub mod role;
pub mod session;
pub mod status;
pub mod suspect;
pub mod tag;
mod words;

pub use custom::{CustomField, CustomValues, FieldKind, Origin, Origins, SourceKind};
pub use field::{Person, PersonField};
pub use outcome::{Bucket, Outcome, OutcomeCounts};
pub use policy::{DuplicatePolicy, ImportMode, Overwrite};
pub use problem::{Problem, ProblemKind};
pub use role::{Act, Role};
pub use status::{LeadStatus, StatusClass};
pub use words::UnknownWord;
