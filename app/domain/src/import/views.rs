//! What the screens show of an import.

use serde::{Deserialize, Serialize};

use super::acts::RowActs;
use super::settings::{ImportSettings, MappingProblem, Target, WizardStep};
use crate::ids::{CampaignId, ContactId, ImportId};
use crate::lead::OtherCampaign;
use crate::words::words;
use crate::{CustomField, DuplicatePolicy, Outcome, OutcomeCounts};

words! {
    /// Where an import stands.
    ImportState, "import state", {
        /// In the wizard.
        Draft = "draft",
        /// Waits for a worker.
        Queued = "queued",
        /// Rows are being taken.
        Running = "running",
        /// Every row has its outcome.
        Done = "done",
        /// Could not go on; what was done is safe.
        Failed = "failed",
        /// Someone stopped it; what was done is safe.
        Stopped = "stopped",
        /// Taken back.
        Undone = "undone",
    }
}

impl ImportState {
    /// What a person calls it on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            ImportState::Draft => "Draft",
            ImportState::Queued => "Waiting",
            ImportState::Running => "Running",
            ImportState::Done => "Done",
            ImportState::Failed => "Failed",
            ImportState::Stopped => "Stopped",
            ImportState::Undone => "Undone",
        }
    }

    /// Whether the server is working on it.
    pub const fn is_busy(self) -> bool {
        matches!(self, ImportState::Queued | ImportState::Running)
    }
}

words! {
    /// Which identifier said that a row is someone who is here.
    Matched, "identifier", {
        /// The address.
        Email = "email",
        /// The LinkedIn profile.
        Linkedin = "linkedinUrl",
        /// The Sales Navigator profile.
        SalesNavigator = "linkedinUrlSalesNav",
        /// Other fields that were chosen for the import.
        Chosen = "chosen",
    }
}

impl Matched {
    /// What a person calls it on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Matched::Email => "Email",
            Matched::Linkedin => "LinkedIn URL",
            Matched::SalesNavigator => "Sales Navigator URL",
            Matched::Chosen => "the chosen fields",
        }
    }
}

/// One column of the file, as step 2 shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    /// The header.
    pub name: String,
    /// The first three values that are not empty.
    pub samples: Vec<String>,
    /// What the header (or the memory of the same headers) suggests.
    pub suggested: Target,
}

/// The uploaded file, as step 1 shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    /// The name it had on the person's machine.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Data records.
    pub rows: u64,
    /// Its columns.
    pub columns: Vec<ColumnView>,
    /// The encoding's word.
    pub encoding: String,
    /// The delimiter; none for a workbook.
    pub delimiter: Option<char>,
    /// The line of the header, from 1; none when the file has no header.
    pub header_row: Option<u64>,
    /// The sheet that is read, of a workbook.
    pub sheet: Option<String>,
    /// The sheets to choose from.
    pub sheets: Vec<String>,
    /// The first rows.
    pub first_rows: Vec<Vec<String>>,
    /// Sentences about what is odd in the file, the first few.
    pub problems: Vec<String>,
    /// How many there are in all.
    pub problem_count: u64,
    /// Whether the columns were remembered from an earlier file with the same headers.
    pub remembered: bool,
}

/// A draft as the wizard shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftView {
    /// Which import.
    pub id: ImportId,
    /// Where the leads go; none makes contacts only.
    pub campaign: Option<(CampaignId, String)>,
    /// Where the import stands; a wizard is for drafts only.
    pub state: ImportState,
    /// The step the person was on.
    pub step: WizardStep,
    /// What they chose.
    pub settings: ImportSettings,
    /// What keeps step 2 from going on.
    pub problems: Vec<MappingProblem>,
    /// The file, once it is there.
    pub file: Option<FileView>,
    /// The team's own fields, to send columns to.
    pub fields: Vec<CustomField>,
    /// When the draft was last saved, Unix milliseconds.
    pub saved_at: i64,
}

words! {
    /// The four kinds of use case (A33).
    UseCaseKind, "kind of use case", {
        /// Tidies what is there.
        Clean = "clean",
        /// Adds what can be found out.
        Enrich = "enrich",
        /// Puts it in another form.
        Transform = "transform",
        /// Writes something for the person.
        Personalize = "personalize",
    }
}

/// One input of a use case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputView {
    /// What it needs, in words.
    pub label: String,
    /// Whether it can run without.
    pub required: bool,
    /// The column it takes; none when not matched.
    pub column: Option<usize>,
}

/// One value before and after a use case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeforeAfter {
    /// As it stands in the file.
    pub before: String,
    /// As it would be imported.
    pub after: String,
}

/// A use case of step 3 (or a cleaning rule of step 2), with what it would do to this file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseCaseView {
    /// Its name in the registry.
    pub id: String,
    /// What it does, in a few words.
    pub title: String,
    /// What it needs and writes, in a sentence.
    pub sentence: String,
    /// Which of the four kinds.
    pub kind: UseCaseKind,
    /// What it needs.
    pub inputs: Vec<InputView>,
    /// The fields it writes.
    pub writes: Vec<String>,
    /// Whether it runs.
    pub on: bool,
    /// Why it cannot, when it cannot.
    pub problem: Option<String>,
    /// Up to three values it would change.
    pub examples: Vec<BeforeAfter>,
    /// How many of the sample's rows it would change.
    pub changed: u64,
    /// How many rows the sample has.
    pub of: u64,
}

/// One row as an example of an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowExample {
    /// Number of the data record, from 1.
    pub row: u64,
    /// Whom it is about, as the file writes them.
    pub who: String,
    /// What would become of it.
    pub outcome: Outcome,
    /// Why, in a sentence.
    pub why: String,
}

/// What one policy would do to the whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyPreview {
    /// Which policy.
    pub policy: DuplicatePolicy,
    /// What would become of the rows.
    pub counts: OutcomeCounts,
    /// The first rows it would leave out, up to three of each outcome.
    pub examples: Vec<RowExample>,
    /// Leads to import that are not begun yet elsewhere (R15).
    pub pending_elsewhere: u64,
}

/// What an import would do, counted over the whole file by the code that does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRun {
    /// Data rows of the file.
    pub rows: u64,
    /// One per policy, in the order of `DuplicatePolicy::ALL`.
    pub policies: Vec<PolicyPreview>,
    /// People of the file who were deleted here before.
    pub deleted: u64,
    /// People of the file who must not be contacted.
    pub suppressed: u64,
}

impl DryRun {
    /// What a policy would do.
    pub fn of(&self, policy: DuplicatePolicy) -> Option<&PolicyPreview> {
        self.policies.iter().find(|p| p.policy == policy)
    }
}

/// Where the dry run stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DryRunState {
    /// Rows are being counted.
    Running {
        /// Rows done.
        done: u64,
        /// Rows in all.
        rows: u64,
    },
    /// Here it is.
    Ready(DryRun),
    /// It could not be done; the sentence says why.
    Refused(String),
}

/// How far a running import is; what the event stream sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Where it stands.
    pub state: ImportState,
    /// Rows done.
    pub done: u64,
    /// Rows in all.
    pub rows: u64,
    /// What became of the rows done.
    pub counts: OutcomeCounts,
    /// Milliseconds it has been running.
    pub elapsed: i64,
}

/// An import as history and summary show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// Which import.
    pub id: ImportId,
    /// The file's name.
    pub file_name: String,
    /// Where the leads went.
    pub campaign: Option<(CampaignId, String)>,
    /// Where it stands.
    pub state: ImportState,
    /// What the person chose.
    pub settings: ImportSettings,
    /// Who.
    pub by: String,
    /// Data rows of the file.
    pub rows: u64,
    /// Rows done.
    pub done: u64,
    /// What became of them.
    pub counts: OutcomeCounts,
    /// Imported leads that are not begun yet elsewhere (R15).
    pub pending_elsewhere: u64,
    /// Values that did not fit their field and were left out.
    pub skipped_values: u64,
    /// When it was started in the wizard, Unix milliseconds.
    pub created_at: i64,
    /// When it ended, Unix milliseconds.
    pub finished_at: Option<i64>,
    /// Why it could not go on.
    pub problem: Option<String>,
    /// Why it cannot be undone, in words; none when it can, or was.
    pub undo_refusal: Option<String>,
    /// How far it is taken back, once someone asked for it.
    pub undo: Option<UndoView>,
}

/// How many duplicates one source brought: a tag that imports gave to their people (A77), or none of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRate {
    /// The tag; none for imports that gave none.
    pub tag: Option<String>,
    /// Rows that have their outcome.
    pub rows: u64,
    /// Rows that a duplicate check left out.
    pub duplicates: u64,
}

/// An import that is taken back (R13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoView {
    /// Who asked.
    pub by: String,
    /// When, Unix milliseconds.
    pub asked_at: i64,
    /// When it ended; none while it runs.
    pub finished_at: Option<i64>,
    /// Rows taken back.
    pub done: u64,
    /// Contacts removed.
    pub contacts: u64,
    /// Leads removed.
    pub leads: u64,
    /// Values restored.
    pub restored: u64,
    /// Things kept, because they changed since.
    pub kept: u64,
    /// Why it could not go on; asking again goes on.
    pub problem: Option<String>,
}

/// Something that stayed as it is when an import was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptView {
    /// Whose, while they are there.
    pub contact: Option<ContactId>,
    /// Whom it is about, in words.
    pub who: String,
    /// What was kept.
    pub what: String,
    /// Why.
    pub why: String,
}

/// One page of what stayed as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPage {
    /// At most 50 lines.
    pub rows: Vec<KeptView>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// One page of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPage {
    /// The imports, newest first.
    pub rows: Vec<ImportView>,
    /// Where the next page starts, if there is one.
    pub next: Option<ImportId>,
}

/// How many rows had one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonCount {
    /// The outcome.
    pub outcome: Outcome,
    /// The reason in words.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// How many rows one campaign kept out (A66).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcludedBy {
    /// Which campaign.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// Its owner.
    pub owner: String,
    /// How many rows.
    pub count: u64,
}

/// The summary of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSummary {
    /// The import.
    pub import: ImportView,
    /// Its rows by reason, for the lines under the counts.
    pub reasons: Vec<ReasonCount>,
    /// The campaigns that kept rows out, most first.
    pub excluded_by: Vec<ExcludedBy>,
    /// What a looser policy would import of the rows left out, when nearly all were (A66).
    pub looser: Vec<(DuplicatePolicy, u64)>,
}

/// Which rows View details shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowQuery {
    /// Of which import.
    pub import: ImportId,
    /// Only these outcomes; none means all that did not simply go in.
    pub outcomes: Vec<Outcome>,
    /// Words that the person's name or address must contain.
    pub search: String,
    /// A tag that the person must carry; empty for everyone.
    pub tag: String,
    /// Rows after this number.
    pub after: u64,
}

/// How many rows that were left out are about people who carry a tag: where duplicates came from (A77).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowTag {
    /// The tag.
    pub name: String,
    /// The rows.
    pub rows: u64,
}

/// One row in View details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowView {
    /// Number of the data record, from 1.
    pub row: u64,
    /// Whom it is about, as the file writes them.
    pub who: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, in a sentence.
    pub why: String,
    /// Which identifier matched.
    pub matched: Option<Matched>,
    /// The campaign it met, with status and owner.
    pub met: Option<OtherCampaign>,
    /// What can be done about it; only on a page of View details, for rows that a duplicate check left out.
    pub acts: Option<RowActs>,
}

/// One page of View details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPage {
    /// At most 50 rows, in file order.
    pub rows: Vec<RowView>,
    /// How many rows match.
    pub matching: u64,
    /// The number to go on after, if there are more.
    pub next: Option<u64>,
}
