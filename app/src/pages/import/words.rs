//! The sentences of the import screens, in one place.

use domain::import::{ImportState, ImportView, LARGEST_FILE, Progress, UndoView, UseCaseKind, WizardStep};
use domain::{Bucket, DuplicatePolicy, ImportMode, Outcome, OutcomeCounts, Overwrite};

use crate::components::{Segment, bucket_class};
use crate::format::{counted, num};

/// What a mode does to the people of a campaign.
pub const fn mode_consequence(mode: ImportMode) -> &'static str {
    match mode {
        ImportMode::CreateAndUpdate => {
            "New people are added. People already here get the new values, by the rule you set next."
        }
        ImportMode::CreateOnly => "New people are added. Nobody already in this campaign changes.",
        ImportMode::UpdateOnly => "Only leads of this campaign change. Unknown people are left out.",
    }
}

/// What a rule does to a value that is there already.
pub const fn overwrite_consequence(rule: Overwrite) -> &'static str {
    match rule {
        Overwrite::Overwrite => "The file’s value replaces the one that is there.",
        Overwrite::FillBlanks => "The file only fills what is empty.",
        Overwrite::Keep => "What is known stays as it is, also when it is empty.",
    }
}

/// One sentence about a policy (A50).
pub const fn policy_sentence(policy: DuplicatePolicy) -> &'static str {
    match policy {
        DuplicatePolicy::Campaign => {
            "Checks only this campaign. For writing to the same people again with another message."
        }
        DuplicatePolicy::Active => {
            "Blocks in progress, paused, reviewed and scheduled anywhere else. Lets finished people back in."
        }
        DuplicatePolicy::Workspace => "Blocks everyone who is in any campaign, whatever the status.",
    }
}

/// One worked example of a policy (A50).
pub const fn policy_example(policy: DuplicatePolicy) -> &'static str {
    match policy {
        DuplicatePolicy::Campaign => {
            "Maja is in progress in UK logistics. She is imported here too and hears from both."
        }
        DuplicatePolicy::Active => {
            "Maja is paused in UK logistics: left out. Emil is done in DACH chemicals: imported."
        }
        DuplicatePolicy::Workspace => "Emil finished DACH chemicals last year. He is left out.",
    }
}

/// A policy in a few words, where its whole label is too long.
pub const fn policy_short(policy: DuplicatePolicy) -> &'static str {
    match policy {
        DuplicatePolicy::Campaign => "this campaign only",
        DuplicatePolicy::Active => "in progress elsewhere",
        DuplicatePolicy::Workspace => "any campaign",
    }
}

/// What someone wants with an import, and the policy that does it (A72, A73).
pub const INTENTS: [(&str, DuplicatePolicy, &str); 3] = [
    (
        "write to the same people again, with another message",
        DuplicatePolicy::Campaign,
        "Choose the first: only people who are in this very campaign are left out.",
    ),
    (
        "write again to people whose campaign has ended",
        DuplicatePolicy::Active,
        "Choose the second: nobody hears from two campaigns at once, and finished people come back in.",
    ),
    (
        "never import anyone twice",
        DuplicatePolicy::Workspace,
        "Choose the third: whoever was in any campaign stays out.",
    ),
];

/// The name of a kind of use case.
pub const fn kind_label(kind: UseCaseKind) -> &'static str {
    match kind {
        UseCaseKind::Clean => "Clean",
        UseCaseKind::Enrich => "Enrich",
        UseCaseKind::Transform => "Transform",
        UseCaseKind::Personalize => "Personalize",
    }
}

/// The name of a count of the summary (A39–A42).
pub const fn bucket_label(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Imported => "Imported successfully",
        Bucket::Duplicates => "Excluded as duplicates",
        Bucket::ActiveElsewhere => "In progress in another campaign",
        Bucket::Failed => "Failed",
        Bucket::Suppressed => "Do not contact",
        Bucket::Rest => "Other reasons",
    }
}

/// What the lines under the four counts say.
pub const fn rest_label(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Suppressed => "Do not contact: nothing is ever sent to them",
        Outcome::SkippedDeleted => "Deleted here before, left out",
        Outcome::NoMatch => "Nobody here to update, left out",
        Outcome::IdentityConflict => "Needs review, identifiers point at two people",
        other => other.label(),
    }
}

/// The picture of an outcome, beside its word.
pub const fn outcome_icon(outcome: Outcome) -> &'static str {
    match outcome.bucket() {
        Bucket::Imported => "check-circle",
        Bucket::Duplicates => "duplicates",
        Bucket::ActiveElsewhere => "conflict",
        Bucket::Failed => "x-circle",
        Bucket::Suppressed => "ban",
        Bucket::Rest if matches!(outcome, Outcome::IdentityConflict) => "separate",
        Bucket::Rest => "minus",
    }
}

/// The encodings a person may choose, by word and name.
pub const ENCODINGS: [(&str, &str); 5] = [
    ("utf8", "UTF-8"),
    ("utf8Bom", "UTF-8 with BOM"),
    ("utf16Le", "UTF-16 LE"),
    ("utf16Be", "UTF-16 BE"),
    ("windows1252", "Windows-1252"),
];

/// The delimiters a person may choose.
pub const DELIMITERS: [(char, &str); 4] = [(',', "Comma"), (';', "Semicolon"), ('\t', "Tab"), ('|', "Pipe")];

/// The name of an encoding.
pub fn encoding_label(word: &str) -> String {
    ENCODINGS.iter().find(|(w, _)| *w == word).map_or_else(|| word.to_owned(), |(_, label)| (*label).to_owned())
}

/// The name of a delimiter.
pub fn delimiter_label(delimiter: char) -> String {
    DELIMITERS.iter().find(|(d, _)| *d == delimiter).map_or_else(|| delimiter.to_string(), |(_, l)| (*l).to_owned())
}

/// A size as people read it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(bytes, "byte", "bytes"),
        1_000..1_000_000 => format!("{} kB", num(bytes.div_ceil(1_000))),
        _ => format!("{}.{} MB", num(bytes / 1_000_000), bytes % 1_000_000 / 100_000),
    }
}

/// What a file may be, below the place that takes it.
pub fn file_hint() -> String {
    let most = LARGEST_FILE / 1_000_000;
    format!(
        "Click or drag a file here. CSV, TSV, TXT or XLSX, up to {most} MB. Nothing is imported before the last step."
    )
}

/// Why a file is not even sent; none when it may be.
pub fn file_refusal(name: &str, bytes: u64) -> Option<String> {
    let kind = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    if !matches!(kind.as_deref(), Some("csv" | "tsv" | "txt" | "xlsx")) {
        return Some(format!("“{name}” is not a list this page can read. Choose a CSV, TSV, TXT or XLSX file."));
    }
    if bytes == 0 {
        return Some(format!("“{name}” is empty. Choose a file with a header and at least one row."));
    }
    if bytes > LARGEST_FILE {
        let (is, most) = (size(bytes), size(LARGEST_FILE));
        return Some(format!(
            "“{name}” has {is}, and {most} is the most. Nothing was sent. Split the file and import the parts one by one."
        ));
    }
    None
}

/// What keeps a step from going on, for the place beside the button.
pub const fn step_hint(step: WizardStep) -> &'static str {
    match step {
        WizardStep::Upload => "Choose a file with at least one row to go on.",
        WizardStep::Fields => "Settle the columns to go on.",
        WizardStep::Cleaning | WizardStep::Duplicates => "",
    }
}

/// How long a running import still takes, once that can be said: nothing in its first two seconds.
pub fn time_left(progress: &Progress) -> Option<String> {
    let Progress { done, rows, elapsed, .. } = *progress;
    let elapsed = u64::try_from(elapsed).ok()?;
    if elapsed < 2_000 || done == 0 || done >= rows || done * 50 < rows {
        return None;
    }
    let seconds = elapsed.saturating_mul(rows - done) / done / 1_000;
    Some(match seconds {
        0..10 => "a few seconds left".to_owned(),
        10..60 => format!("about {} seconds left", seconds / 10 * 10),
        60..3_600 => format!("about {} left", counted(seconds.div_ceil(60), "minute", "minutes")),
        _ => format!("about {} left", counted(seconds.div_ceil(3_600), "hour", "hours")),
    })
}

/// One line of what a policy would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyLine {
    /// Its colour in the bar.
    pub class: &'static str,
    /// The picture beside it.
    pub icon: &'static str,
    /// How many.
    pub count: u64,
    /// What they would be, after the number.
    pub label: String,
}

/// What a policy would do, in the order of its lines: created, updated, left out and failed always, the rest where there
/// is some. They add up to the rows of the file.
pub fn policy_lines(counts: &OutcomeCounts) -> Vec<PolicyLine> {
    let line = |outcome: Outcome, count, label: &str| PolicyLine {
        class: bucket_class(outcome.bucket()),
        icon: outcome_icon(outcome),
        count,
        label: label.to_owned(),
    };
    let mut lines = vec![
        line(Outcome::Created, counts.of(Outcome::Created), "created"),
        line(Outcome::Updated, counts.of(Outcome::Updated), "updated"),
        line(Outcome::Unchanged, counts.of(Outcome::Unchanged), "unchanged"),
        line(Outcome::DuplicateInCampaign, counts.excluded(), "left out"),
        line(Outcome::Failed, counts.of(Outcome::Failed), "failed"),
    ];
    let rest = counts.all().filter(|(outcome, _)| matches!(outcome.bucket(), Bucket::Suppressed | Bucket::Rest));
    lines.extend(rest.map(|(outcome, n)| line(outcome, n, &outcome.label().to_lowercase())));
    let always = ["created", "updated", "left out", "failed"];
    lines.retain(|line| line.count > 0 || always.contains(&line.label.as_str()));
    lines
}

/// The parts of an outcome bar, in the order of the counts.
pub fn segments(counts: &OutcomeCounts) -> Vec<Segment> {
    Bucket::ALL
        .iter()
        .map(|&bucket| Segment {
            class: bucket_class(bucket),
            count: counts.bucket(bucket),
            label: bucket_label(bucket).to_lowercase(),
        })
        .collect()
}

/// One cause of the yellow banner.
pub fn exclusion(outcome: Outcome, n: u64) -> String {
    match outcome {
        Outcome::ActiveElsewhere => {
            counted(n, "is in progress in another campaign", "are in progress in another campaign")
        }
        Outcome::DuplicateInFile => {
            counted(n, "repeats an earlier row of this file", "repeat an earlier row of this file")
        }
        Outcome::DuplicateInCampaign => counted(n, "is in this campaign already", "are in this campaign already"),
        Outcome::DuplicateInWorkspace => counted(n, "is in some campaign already", "are in some campaign already"),
        other => format!("{} {}", num(n), other.label().to_lowercase()),
    }
}

/// What is said in passing when an import ended while nobody looked on.
pub fn end_of(progress: &Progress) -> String {
    let imported = num(progress.counts.bucket(Bucket::Imported));
    match progress.state {
        ImportState::Failed => format!("The import could not go on. {imported} leads were imported before."),
        ImportState::Stopped => format!("The import was stopped. {imported} leads were imported before."),
        _ => format!("Import finished: {imported} imported, {} excluded.", num(progress.counts.excluded())),
    }
}

/// The question before an import is undone.
pub fn undo_question(import: &ImportView) -> String {
    let rows = counted(import.counts.bucket(Bucket::Imported), "imported row", "imported rows");
    format!(
        "Everything that the {rows} of “{}” brought is taken back: new contacts and leads, replaced values, tags. What was \
         changed since stays as it is and is listed afterwards. To have it back, the file must be imported again.",
        import.file_name
    )
}

/// What came of an undo.
pub fn undo_result(undo: &UndoView) -> String {
    let (contacts, leads) = (counted(undo.contacts, "contact", "contacts"), counted(undo.leads, "lead", "leads"));
    let (values, kept) = (counted(undo.restored, "value", "values"), undo.kept);
    match kept {
        0 => format!("{contacts} and {leads} removed, {values} restored."),
        _ => format!("{contacts} and {leads} removed, {values} restored; {} kept.", num(kept)),
    }
}

/// What someone did with an import, before their name.
pub const fn by(state: ImportState) -> &'static str {
    match state {
        ImportState::Draft => "Begun by",
        ImportState::Queued | ImportState::Running => "Started by",
        ImportState::Failed | ImportState::Stopped | ImportState::Done | ImportState::Undone => "Imported by",
    }
}

/// The title of the dialog of an import that is not a draft any more.
pub const fn over_title(state: ImportState) -> &'static str {
    match state {
        ImportState::Failed => "Import could not go on",
        ImportState::Stopped => "Import stopped",
        ImportState::Undone => "Import taken back",
        ImportState::Draft => "Import not started",
        ImportState::Queued | ImportState::Running => "Import running",
        ImportState::Done => "Import finished",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_refused_before_a_byte_is_sent() {
        assert_eq!(file_refusal("list.CSV", 12), None);
        assert!(file_refusal("list.pdf", 12).unwrap().contains("XLSX"));
        assert!(file_refusal("list", 12).is_some());
        assert!(file_refusal("list.csv", 0).unwrap().contains("empty"));
        assert!(file_refusal("list.csv", 312_400_000).unwrap().contains("312.4 MB"));
    }

    #[test]
    fn a_policy_says_what_becomes_of_each_row() {
        let mut counts = OutcomeCounts::default();
        let said = |counts: &OutcomeCounts| {
            let lines = policy_lines(counts).into_iter().map(|line| format!("{} {}", line.count, line.label));
            lines.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(said(&counts), "0 created, 0 updated, 0 left out, 0 failed");
        for &outcome in Outcome::ALL {
            counts.add(outcome);
        }
        assert_eq!(
            said(&counts),
            "1 created, 1 updated, 1 unchanged, 4 left out, 1 failed, 1 do not contact, 1 deleted here before, \
             1 nobody to update, 1 needs review"
        );
        assert_eq!(policy_lines(&counts).iter().map(|line| line.count).sum::<u64>(), counts.total());
    }

    #[test]
    fn time_left_waits_until_it_is_stable() {
        let at = |done, elapsed| Progress {
            state: ImportState::Running,
            done,
            rows: 10_000,
            counts: OutcomeCounts::default(),
            elapsed,
        };
        assert_eq!(time_left(&at(100, 5_000)), None);
        assert_eq!(time_left(&at(5_000, 1_000)), None);
        assert_eq!(time_left(&at(5_000, 25_000)).as_deref(), Some("about 20 seconds left"));
        assert_eq!(time_left(&at(2_000, 60_000)).as_deref(), Some("about 4 minutes left"));
        assert_eq!(time_left(&at(10_000, 60_000)), None);
    }
}
