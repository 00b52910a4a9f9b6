//! The lead list: pages, one lead, bulk acts and their undo.

pub(crate) mod change;
mod list;
mod undo;
