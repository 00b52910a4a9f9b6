//! The journeys, a file each. How they are run and how to add one: the README of the crate.

mod contacts;
mod duplicates;
mod every_page;
mod keyboard;
mod leads;
mod reasons;
mod set_up;
mod story;
mod wizard;
mod wizard_drop;
mod wizard_files;
#[path = "../../../server/sheet/tests/support/workbook.rs"]
mod workbook;
