//! What the import wizard, the summary and the history ask for and get.

mod acts;
mod identifiers;
mod settings;
mod views;

pub use acts::{AddHere, RemovedThere, RowActs};
/// The largest file that an import takes, in bytes. The browser refuses a larger one before it sends a byte of it.
pub const LARGEST_FILE: u64 = 250_000_000;

pub use identifiers::{
    Identifies, effective_identifiers, group_problem, mapped_fields, may_identify, sorted_group, usual_identifiers,
};
pub use settings::{
    AgainRows, ColumnMapping, DetectionChange, DraftChange, HeaderChange, ImportSettings, MappingProblem, Target,
    UseCaseChoice, WizardStep, mapping_problems,
};
pub use views::{
    BeforeAfter, ColumnView, DraftView, DryRun, DryRunState, ExcludedBy, FileView, ImportPage, ImportState,
    ImportSummary, ImportView, InputView, KeptPage, KeptView, Matched, PolicyPreview, Progress, ReasonCount,
    RowExample, RowPage, RowQuery, RowTag, RowView, SourceRate, UndoView, UseCaseKind, UseCaseView,
};
