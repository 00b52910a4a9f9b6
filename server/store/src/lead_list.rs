//! The lead list: one filter, turned into SQL in one place, that list, count and bulk acts share.

use domain::ids::{CampaignId, ContactId, LeadId, WorkspaceId};
use domain::lead::{LeadFilter, LeadSort};
use domain::{LeadStatus, Person};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use crate::campaigns::read_status;
use crate::contacts::{CONTACT, CONTACT_COLUMNS, Contact};
use crate::{Arg, Position, Result, Sql, Tx};

/// One line of the lead list as it is stored.
#[derive(Debug, Clone)]
pub struct ListedLead {
    /// The lead.
    pub id: LeadId,
    /// Whose.
    pub contact: ContactId,
    /// The person's fields.
    pub person: Person,
    /// Nothing may be sent to this person.
    pub do_not_contact: bool,
    /// Where the lead stands.
    pub status: LeadStatus,
    /// The campaign's variables, as a JSON object.
    pub variables: String,
    /// When it was added, Unix milliseconds.
    pub added_at: i64,
    /// What the name column sorts by.
    pub name_key: String,
    /// What the company column sorts by.
    pub company_key: String,
}

struct Raw(Contact, i64, String, String, i64, String, String);

impl<'r, R: Row> FromRow<'r, R> for Raw
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let n = CONTACT_COLUMNS;
        Ok(Raw(
            Contact::from_row(row)?,
            row.try_get(n)?,
            row.try_get(n + 1)?,
            row.try_get(n + 2)?,
            row.try_get(n + 3)?,
            row.try_get(n + 4)?,
            row.try_get(n + 5)?,
        ))
    }
}

/// A filter whose texts are folded the way the columns are.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// Every one of these words must be in the search column.
    pub words: Vec<String>,
    /// Any of these statuses.
    pub statuses: Vec<LeadStatus>,
    /// Any of these tags, by folded name.
    pub tags: Vec<String>,
}

impl Folded {
    /// Folds a filter with the function that folded the columns.
    pub fn new(filter: &LeadFilter, fold: impl Fn(&str) -> String) -> Self {
        Folded {
            words: fold(&filter.search).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect(),
            statuses: filter.statuses.clone(),
            tags: filter.tags.iter().map(|t| fold(t)).collect(),
        }
    }

    /// Whether the counters answer how many leads match.
    pub fn is_by_status_only(&self) -> bool {
        self.words.is_empty() && self.tags.is_empty()
    }

    fn apply(&self, mut sql: Sql, workspace: WorkspaceId) -> Sql {
        if !self.statuses.is_empty() {
            sql = sql.push(" AND l.status IN ").list(self.statuses.iter().map(|s| s.word()));
        }
        sql = sql.and_holds_all("c.search", &self.words);
        if !self.tags.is_empty() {
            sql = sql
                .push(
                    " AND EXISTS (SELECT 1 FROM contact_tag ct JOIN tag t ON t.id = ct.tag_id \
                     WHERE ct.workspace_id = ",
                )
                .arg(workspace.0)
                .push(" AND ct.contact_id = l.contact_id AND t.name_key IN ")
                .list(self.tags.iter().map(String::as_str))
                .push(")");
        }
        sql
    }
}

/// Lines after a position (or from the start) in the direction given, and whether a line came before.
#[derive(Debug, Clone)]
pub struct Window<'a> {
    /// Which leads.
    pub filter: &'a Folded,
    /// In which order.
    pub sort: LeadSort,
    /// Descending.
    pub descending: bool,
    /// Lines after this one.
    pub after: Option<Position>,
    /// At most so many.
    pub limit: i64,
}

/// The lines of a window.
///
/// # Errors
/// As the database says.
pub async fn window(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    window: &Window<'_>,
) -> Result<Vec<ListedLead>> {
    let mut sql = Sql::new("SELECT ")
        .push(CONTACT)
        .push(", l.id, l.status, l.variables, l.created_at, c.name_key, c.company_key")
        .push(" FROM lead l JOIN contact c ON c.id = l.contact_id WHERE l.workspace_id = ")
        .arg(workspace.0)
        .push(" AND l.campaign_id = ")
        .arg(campaign.0);
    sql = window.filter.apply(sql, workspace);
    let (key, compare) = match (window.sort, window.descending) {
        (LeadSort::Added, false) => ("l.id", ">"),
        (LeadSort::Added, true) => ("l.id", "<"),
        (LeadSort::Name, false) => ("(c.name_key, l.id)", ">"),
        (LeadSort::Name, true) => ("(c.name_key, l.id)", "<"),
        (LeadSort::Company, false) => ("(c.company_key, l.id)", ">"),
        (LeadSort::Company, true) => ("(c.company_key, l.id)", "<"),
    };
    if let Some(position) = &window.after {
        sql = sql.push(" AND ").push(key).push(" ").push(compare).push(" ");
        sql = match window.sort {
            LeadSort::Added => sql.arg(position.id),
            LeadSort::Name | LeadSort::Company => sql.list([Arg::from(position.key.as_str()), position.id.into()]),
        };
    }
    sql = sql.push(match (window.sort, window.descending) {
        (LeadSort::Added, false) => " ORDER BY l.id",
        (LeadSort::Added, true) => " ORDER BY l.id DESC",
        (LeadSort::Name, false) => " ORDER BY c.name_key, l.id",
        (LeadSort::Name, true) => " ORDER BY c.name_key DESC, l.id DESC",
        (LeadSort::Company, false) => " ORDER BY c.company_key, l.id",
        (LeadSort::Company, true) => " ORDER BY c.company_key DESC, l.id DESC",
    });
    let rows: Vec<Raw> = tx.all(sql.push(" LIMIT ").arg(window.limit)).await?;
    rows.into_iter().map(listed).collect()
}

/// One lead with its campaign.
///
/// # Errors
/// As the database says.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: LeadId) -> Result<Option<(CampaignId, ListedLead)>> {
    let campaign: Option<(i64,)> = tx
        .optional(
            Sql::new("SELECT campaign_id FROM lead WHERE workspace_id = $1 AND id = $2").bind(workspace.0).bind(id.0),
        )
        .await?;
    let Some((campaign,)) = campaign else { return Ok(None) };
    let row: Raw = tx
        .one(
            Sql::new("SELECT ")
                .push(CONTACT)
                .push(", l.id, l.status, l.variables, l.created_at, c.name_key, c.company_key")
                .push(" FROM lead l JOIN contact c ON c.id = l.contact_id WHERE l.workspace_id = ")
                .arg(workspace.0)
                .push(" AND l.id = ")
                .arg(id.0),
        )
        .await?;
    Ok(Some((CampaignId(campaign), listed(row)?)))
}

fn listed(Raw(contact, id, status, variables, added_at, name_key, company_key): Raw) -> Result<ListedLead> {
    Ok(ListedLead {
        id: LeadId(id),
        contact: contact.id,
        person: contact.person,
        do_not_contact: contact.do_not_contact,
        status: read_status(&status)?,
        variables,
        added_at,
        name_key,
        company_key,
    })
}

fn matching(select: &'static str, workspace: WorkspaceId, campaign: CampaignId, filter: &Folded) -> Sql {
    let join = if filter.words.is_empty() { "" } else { " JOIN contact c ON c.id = l.contact_id" };
    let sql = Sql::new(select)
        .push(" FROM lead l")
        .push(join)
        .push(" WHERE l.workspace_id = ")
        .arg(workspace.0)
        .push(" AND l.campaign_id = ")
        .arg(campaign.0);
    filter.apply(sql, workspace)
}

/// How many leads match, counted.
///
/// # Errors
/// As the database says.
pub async fn count(tx: &mut Tx, workspace: WorkspaceId, campaign: CampaignId, filter: &Folded) -> Result<u64> {
    let (n,): (i64,) = tx.one(matching("SELECT count(*)", workspace, campaign, filter)).await?;
    Ok(n.cast_unsigned())
}

/// A lead as bulk acts handle it.
#[derive(Debug, Clone, FromRow)]
pub struct Picked {
    /// The lead.
    pub id: i64,
    /// Whose.
    pub contact_id: i64,
    /// Where it stands.
    pub status: String,
    /// Its variables.
    pub variables: String,
    /// What brought it.
    pub import_id: Option<i64>,
    /// When it was added.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

const PICKED: &str = "SELECT l.id, l.contact_id, l.status, l.variables, l.import_id, l.created_at, l.updated_at";

/// Leads that match, after an id, in order of arrival.
///
/// # Errors
/// As the database says.
pub async fn pick_matching(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    filter: &Folded,
    after: i64,
    limit: i64,
) -> Result<Vec<Picked>> {
    let sql = matching(PICKED, workspace, campaign, filter).push(" AND l.id > ").arg(after);
    tx.all(sql.push(" ORDER BY l.id LIMIT ").arg(limit)).await
}

/// These leads, as far as the campaign has them.
///
/// # Errors
/// As the database says.
pub async fn pick(tx: &mut Tx, workspace: WorkspaceId, campaign: CampaignId, ids: &[LeadId]) -> Result<Vec<Picked>> {
    let before = matching(PICKED, workspace, campaign, &Folded::default()).push(" AND l.id IN ");
    tx.among(before, ids.iter().map(|id| id.0.into()).collect(), " ORDER BY l.id").await
}
