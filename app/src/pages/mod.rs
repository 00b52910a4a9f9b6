//! A folder per route: each loads its data and lays out components.

pub mod campaign;
pub mod campaigns;
pub mod contacts;
pub mod duplicates;
pub mod fields;
pub mod forms;
pub mod import;
pub mod imports;
pub mod not_found;
pub mod set_up;
pub mod sign_in;
