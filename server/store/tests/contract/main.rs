//! Every statement of the store, on both databases by the same functions.

mod campaigns_and_leads;
mod identities_and_people;
mod imports_and_jobs;
mod merges;
mod schema;
mod support;
