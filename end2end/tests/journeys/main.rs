//! The journeys, a file each. How they are run and how to add one: the README of the crate.

mod contacts;
mod duplicates;
mod every_page;
mod forms;
mod keyboard;
mod leads;
mod reasons;
mod set_up;
mod shortcuts;
mod story;
mod undo;
mod wizard;
mod wizard_choices;
mod wizard_drop;
mod wizard_files;
// the workbooks that the tests of `sheet` make; a journey needs some of it
#[allow(dead_code, reason = "shared with the tests of sheet")]
#[path = "../../../server/sheet/tests/support/workbook.rs"]
mod workbook;
