//! The history of imports, the summary of one, and its rows that did not simply go in.

mod again;
mod details;
mod history;
mod paging;
mod row_acts;
mod rows;
mod sources;
mod summary_page;
mod tag_filter;
mod undo;

pub use again::LooserPolicies;
pub use details::RowDetailsPage;
pub use history::ImportsPage;
pub use paging::Place;
pub use summary_page::ImportSummaryPage;
