//! What became of each row of an import.

use domain::Outcome;
use domain::ids::{CampaignId, ContactId, ImportId, WorkspaceId};
use sqlx::FromRow;

use crate::{Arg, Result, Sql, Tx};

/// One row's outcome as it is stored.
#[derive(Debug, Clone, Default, PartialEq, FromRow)]
pub struct ImportRow {
    /// Number of the data record, from 1.
    pub row_number: i64,
    /// The outcome's word.
    pub outcome: String,
    /// Why, for the sentence: a code, or for a failed row the sentence itself.
    pub reason: String,
    /// Whom it is about, as the file writes them; empty for rows that simply went in.
    pub who: String,
    /// The same, folded: what search looks in.
    pub search: String,
    /// The person it met or became.
    pub contact_id: Option<i64>,
    /// The identifier that matched.
    pub matched: Option<String>,
    /// The campaign that kept it out.
    pub campaign_id: Option<i64>,
    /// Where the person stands there.
    pub status: Option<String>,
    /// What stood before, as JSON; none where nothing was changed.
    pub before: Option<String>,
}

const COLUMNS: &str = "row_number, outcome, reason, who, search, contact_id, matched, campaign_id, status, before";

/// Writes the rows of a batch.
///
/// # Errors
/// As the database says.
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, import: ImportId, rows: Vec<ImportRow>) -> Result<()> {
    write(tx, workspace, import, rows, "").await
}

/// Writes rows anew that were decided once more since.
///
/// # Errors
/// As the database says.
pub async fn replace(tx: &mut Tx, workspace: WorkspaceId, import: ImportId, rows: Vec<ImportRow>) -> Result<()> {
    let tail = " ON CONFLICT (workspace_id, import_id, row_number) DO UPDATE SET outcome = excluded.outcome, \
                reason = excluded.reason, who = excluded.who, search = excluded.search, \
                contact_id = excluded.contact_id, matched = excluded.matched, campaign_id = excluded.campaign_id, \
                status = excluded.status, before = excluded.before";
    write(tx, workspace, import, rows, tail).await
}

async fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    rows: Vec<ImportRow>,
    tail: &'static str,
) -> Result<()> {
    let rows = rows
        .into_iter()
        .map(|r| {
            vec![
                Arg::from(workspace.0),
                import.0.into(),
                r.row_number.into(),
                r.outcome.into(),
                r.reason.into(),
                r.who.into(),
                r.search.into(),
                r.contact_id.into(),
                r.matched.into(),
                r.campaign_id.into(),
                r.status.into(),
                r.before.into(),
            ]
        })
        .collect();
    tx.insert(
        "INSERT INTO import_row (workspace_id, import_id, row_number, outcome, reason, who, search, contact_id, \
         matched, campaign_id, status, before)",
        rows,
        tail,
    )
    .await?;
    Ok(())
}

/// Some rows by their numbers, in file order.
///
/// # Errors
/// As the database says.
pub async fn among(tx: &mut Tx, workspace: WorkspaceId, import: ImportId, numbers: &[i64]) -> Result<Vec<ImportRow>> {
    let before = Sql::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM import_row WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND import_id = ")
        .arg(import.0)
        .push(" AND row_number IN ");
    tx.among(before, numbers.iter().map(|n| (*n).into()).collect(), " ORDER BY row_number").await
}

/// Which rows are meant.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Any of these outcomes.
    pub outcomes: Vec<Outcome>,
    /// Words that must be in the search column, folded.
    pub words: Vec<String>,
    /// A tag, folded, that the person as they are now must carry.
    pub tag: Option<String>,
}

fn which(mut sql: Sql, which: &Which) -> Sql {
    if !which.outcomes.is_empty() {
        sql = sql.push(" AND outcome IN ").list(which.outcomes.iter().map(|o| o.word()));
        if which.outcomes.iter().all(|o| o.is_detail()) {
            // so that the partial index is seen to serve
            sql = sql.push(" AND outcome <> 'created' AND outcome <> 'updated' AND outcome <> 'unchanged'");
        }
    }
    if let Some(tag) = &which.tag {
        sql = sql
            .push(
                " AND EXISTS (SELECT 1 FROM contact p JOIN contact_tag ct ON ct.workspace_id = p.workspace_id \
                 AND ct.contact_id = COALESCE(p.merged_into, p.id) JOIN tag t ON t.id = ct.tag_id \
                 WHERE p.workspace_id = import_row.workspace_id AND p.id = import_row.contact_id AND t.name_key = ",
            )
            .arg(tag.as_str())
            .push(")");
    }
    sql.and_holds_all("search", &which.words)
}

/// The tags that most people of the rows with these outcomes carry, with the number of rows.
///
/// # Errors
/// As the database says.
pub async fn tags(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    outcomes: &[Outcome],
    limit: i64,
) -> Result<Vec<(String, i64)>> {
    tx.all(
        Sql::new(
            "SELECT t.name, count(*) FROM import_row r JOIN contact p ON p.id = r.contact_id \
             AND p.workspace_id = r.workspace_id JOIN contact_tag ct ON ct.workspace_id = p.workspace_id \
             AND ct.contact_id = COALESCE(p.merged_into, p.id) JOIN tag t ON t.id = ct.tag_id \
             WHERE r.outcome <> 'created' AND r.outcome <> 'updated' AND r.outcome <> 'unchanged' \
             AND r.workspace_id = ",
        )
        .arg(workspace.0)
        .push(" AND r.import_id = ")
        .arg(import.0)
        .push(" AND r.outcome IN ")
        .list(outcomes.iter().map(|outcome| outcome.word()))
        .push(" GROUP BY t.name, t.name_key ORDER BY count(*) DESC, t.name_key LIMIT ")
        .arg(limit),
    )
    .await
}

/// Rows after a number, in file order.
///
/// # Errors
/// As the database says.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    rows: &Which,
    after: i64,
    limit: i64,
) -> Result<Vec<ImportRow>> {
    let sql = Sql::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM import_row WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND import_id = ")
        .arg(import.0)
        .push(" AND row_number > ")
        .arg(after);
    tx.all(which(sql, rows).push(" ORDER BY row_number LIMIT ").arg(limit)).await
}

/// Rows before a number, newest first: the order in which an import is taken back.
///
/// # Errors
/// As the database says.
pub async fn back(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    before: i64,
    limit: i64,
) -> Result<Vec<ImportRow>> {
    tx.all(
        Sql::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM import_row WHERE workspace_id = ")
            .arg(workspace.0)
            .push(" AND import_id = ")
            .arg(import.0)
            .push(" AND row_number < ")
            .arg(before)
            .push(" ORDER BY row_number DESC LIMIT ")
            .arg(limit),
    )
    .await
}

/// How many rows match.
///
/// # Errors
/// As the database says.
pub async fn count(tx: &mut Tx, workspace: WorkspaceId, import: ImportId, rows: &Which) -> Result<u64> {
    let sql = Sql::new("SELECT count(*) FROM import_row WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND import_id = ")
        .arg(import.0);
    let (n,): (i64,) = tx.one(which(sql, rows)).await?;
    Ok(n.cast_unsigned())
}

/// What kept rows out or made them fail: outcome, reason, campaign and status, with how many rows each.
///
/// # Errors
/// As the database says.
pub async fn groups(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
) -> Result<Vec<(String, String, Option<i64>, Option<String>, i64)>> {
    tx.all(
        Sql::new(
            // a repeat names its row, so that each would be a group of its own
            "SELECT outcome, CASE WHEN outcome = 'duplicate_in_file' THEN '' ELSE reason END AS why, campaign_id, \
             status, count(*) FROM import_row WHERE workspace_id = $1 AND import_id = $2 \
             AND outcome <> 'created' AND outcome <> 'updated' AND outcome <> 'unchanged' \
             GROUP BY outcome, CASE WHEN outcome = 'duplicate_in_file' THEN '' ELSE reason END, campaign_id, status \
             ORDER BY count(*) DESC, outcome LIMIT 5000",
        )
        .bind(workspace.0)
        .bind(import.0),
    )
    .await
}

/// How many rows have each outcome, recounted; for checks.
///
/// # Errors
/// As the database says.
pub async fn recount(tx: &mut Tx, workspace: WorkspaceId, import: ImportId) -> Result<Vec<(String, i64)>> {
    tx.all(
        Sql::new(
            "SELECT outcome, count(*) FROM import_row WHERE workspace_id = $1 AND import_id = $2 GROUP BY outcome",
        )
        .bind(workspace.0)
        .bind(import.0),
    )
    .await
}

impl ImportRow {
    /// The person, typed.
    pub fn contact(&self) -> Option<ContactId> {
        self.contact_id.map(ContactId)
    }

    /// The campaign, typed.
    pub fn campaign(&self) -> Option<CampaignId> {
        self.campaign_id.map(CampaignId)
    }
}
