//! Every statement of the store, on both databases by the same functions.

mod campaigns_and_leads;
mod contacts_page;
mod fields;
mod groups;
mod identities_and_people;
mod imports_and_jobs;
mod schema;
mod support;
mod undo;
