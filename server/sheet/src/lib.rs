#![doc = include_str!("../README.md")]

mod columns;
mod csv;
mod detect;
mod dialect;
mod encoding;
mod error;
pub mod export;
mod inspect;
mod limits;
mod magic;
mod problem;
mod rows;
mod xlsx;

pub use dialect::{Dialect, Encoding, Format, HeaderChoice, Overrides};
pub use error::SheetError;
pub use inspect::{Inspection, inspect};
pub use limits::Limits;
pub use problem::{FileProblem, ProblemKind, RowProblem};
pub use rows::{Record, Rows, open};
