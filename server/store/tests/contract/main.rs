//! Every statement of the store, on both databases by the same functions.

mod campaigns_and_leads;
mod contacts_page;
mod fields;
mod forms;
mod groups;
mod identities_and_people;
mod imports_and_jobs;
mod merges;
mod schema;
mod support;
mod suspects;
mod undo;
