//! Pages, components and server functions: everything the browser may compile.
#![expect(missing_docs, reason = "the macros of server functions and components make public items that nobody wrote")]

mod failure;
pub mod server_fns;

pub use failure::Failure;
