//! The contacts page: one filter, turned into SQL in one place, that list, count, export and bulk acts share.

use domain::SourceKind;
use domain::contact::{ContactFilter, ContactSort, InCampaign};
use domain::ids::{ContactId, WorkspaceId};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use crate::contacts::{CONTACT, CONTACT_COLUMNS, Contact};
use crate::{Arg, Position, Result, Sql, Tx};

/// One line of the contacts page as it is stored.
#[derive(Debug, Clone)]
pub struct ListedContact {
    /// The contact.
    pub contact: Contact,
    /// When it was added, Unix milliseconds.
    pub added_at: i64,
    /// What the name column sorts by.
    pub name_key: String,
    /// What the company column sorts by.
    pub company_key: String,
}

impl<'r, R: Row> FromRow<'r, R> for ListedContact
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let n = CONTACT_COLUMNS;
        Ok(ListedContact {
            contact: Contact::from_row(row)?,
            added_at: row.try_get(n)?,
            name_key: row.try_get(n + 1)?,
            company_key: row.try_get(n + 2)?,
        })
    }
}

/// A filter whose texts are folded the way the columns are.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    words: Vec<String>,
    tags: Vec<String>,
    sources: Vec<SourceKind>,
    campaign: Option<InCampaign>,
    do_not_contact: bool,
    suspects: bool,
}

impl Folded {
    /// Folds a filter with the function that folded the columns.
    pub fn new(filter: &ContactFilter, fold: impl Fn(&str) -> String) -> Self {
        Folded {
            words: fold(&filter.search).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect(),
            tags: filter.tags.iter().map(|t| fold(t)).collect(),
            sources: filter.sources.clone(),
            campaign: filter.campaign,
            do_not_contact: filter.do_not_contact,
            suspects: filter.suspects,
        }
    }

    /// Whether everyone matches, so that the total is the answer.
    pub fn is_all(&self) -> bool {
        let Folded { words, tags, sources, campaign, do_not_contact, suspects } = self;
        let narrowed = campaign.is_some() || *do_not_contact || *suspects;
        words.is_empty() && tags.is_empty() && sources.is_empty() && !narrowed
    }

    /// The conditions after `WHERE`: live contacts of the workspace that match.
    fn of(&self, mut sql: Sql, workspace: WorkspaceId) -> Sql {
        sql = sql
            .push(" FROM contact c WHERE c.workspace_id = ")
            .arg(workspace.0)
            .push(" AND c.merged_into IS NULL AND c.deleted_at IS NULL")
            .and_holds_all("c.search", &self.words);
        if self.do_not_contact {
            sql = sql.push(" AND c.do_not_contact = 1");
        }
        if !self.tags.is_empty() {
            sql = sql
                .push(
                    " AND EXISTS (SELECT 1 FROM contact_tag ct JOIN tag t ON t.id = ct.tag_id \
                     WHERE ct.workspace_id = ",
                )
                .arg(workspace.0)
                .push(" AND ct.contact_id = c.id AND t.name_key IN ")
                .list(self.tags.iter().map(String::as_str))
                .push(")");
        }
        if !self.sources.is_empty() {
            sql = sql
                .push(" AND EXISTS (SELECT 1 FROM contact_source cs WHERE cs.workspace_id = ")
                .arg(workspace.0)
                .push(" AND cs.contact_id = c.id AND cs.kind IN ")
                .list(self.sources.iter().map(|s| s.word()))
                .push(")");
        }
        sql = match self.campaign {
            None => sql,
            Some(InCampaign::None) => sql
                .push(" AND NOT EXISTS (SELECT 1 FROM lead l WHERE l.workspace_id = ")
                .arg(workspace.0)
                .push(" AND l.contact_id = c.id)"),
            Some(InCampaign::One(campaign)) => sql
                .push(" AND EXISTS (SELECT 1 FROM lead l WHERE l.workspace_id = ")
                .arg(workspace.0)
                .push(" AND l.contact_id = c.id AND l.campaign_id = ")
                .arg(campaign.0)
                .push(")"),
        };
        if self.suspects {
            sql = sql
                .push(" AND (EXISTS (SELECT 1 FROM suspect s WHERE s.workspace_id = ")
                .arg(workspace.0)
                .push(
                    " AND s.first_contact_id = c.id AND s.state = 'open') \
                     OR EXISTS (SELECT 1 FROM suspect s WHERE s.workspace_id = ",
                )
                .arg(workspace.0)
                .push(" AND s.second_contact_id = c.id AND s.state = 'open'))");
        }
        sql
    }
}

/// Lines after a position (or from the start) in the direction given.
#[derive(Debug, Clone)]
pub struct Window<'a> {
    /// Which contacts.
    pub filter: &'a Folded,
    /// In which order.
    pub sort: ContactSort,
    /// Descending.
    pub descending: bool,
    /// Lines after this one.
    pub after: Option<Position>,
    /// At most so many.
    pub limit: i64,
}

fn listed() -> Sql {
    Sql::new("SELECT ").push(CONTACT).push(", c.created_at, c.name_key, c.company_key")
}

/// The lines of a window.
///
/// # Errors
/// As the database says.
pub async fn window(tx: &mut Tx, workspace: WorkspaceId, window: &Window<'_>) -> Result<Vec<ListedContact>> {
    let mut sql = window.filter.of(listed(), workspace);
    let key = match window.sort {
        ContactSort::Added => "c.id",
        ContactSort::Name => "(c.name_key, c.id)",
        ContactSort::Company => "(c.company_key, c.id)",
    };
    if let Some(position) = &window.after {
        sql = sql.push(" AND ").push(key).push(if window.descending { " < " } else { " > " });
        sql = match window.sort {
            ContactSort::Added => sql.arg(position.id),
            ContactSort::Name | ContactSort::Company => {
                sql.list([Arg::from(position.key.as_str()), position.id.into()])
            }
        };
    }
    sql = sql.push(match (window.sort, window.descending) {
        (ContactSort::Added, false) => " ORDER BY c.id",
        (ContactSort::Added, true) => " ORDER BY c.id DESC",
        (ContactSort::Name, false) => " ORDER BY c.name_key, c.id",
        (ContactSort::Name, true) => " ORDER BY c.name_key DESC, c.id DESC",
        (ContactSort::Company, false) => " ORDER BY c.company_key, c.id",
        (ContactSort::Company, true) => " ORDER BY c.company_key DESC, c.id DESC",
    });
    tx.all(sql.push(" LIMIT ").arg(window.limit)).await
}

/// One live contact as the list shows it.
///
/// # Errors
/// As the database says.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: ContactId) -> Result<Option<ListedContact>> {
    tx.optional(Folded::default().of(listed(), workspace).push(" AND c.id = ").arg(id.0)).await
}

/// Live contacts of this folded name, oldest first.
///
/// # Errors
/// As the database says.
pub async fn of_name(tx: &mut Tx, workspace: WorkspaceId, name_key: &str, limit: i64) -> Result<Vec<ContactId>> {
    let sql = Folded::default().of(Sql::new("SELECT c.id"), workspace).push(" AND c.name_key = ").arg(name_key);
    let rows: Vec<(i64,)> = tx.all(sql.push(" ORDER BY c.id LIMIT ").arg(limit)).await?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}

/// How many contacts match, counted.
///
/// # Errors
/// As the database says.
pub async fn count(tx: &mut Tx, workspace: WorkspaceId, filter: &Folded) -> Result<u64> {
    let (n,): (i64,) = tx.one(filter.of(Sql::new("SELECT count(*)"), workspace)).await?;
    Ok(n.cast_unsigned())
}

/// Contacts that match, after an id, in order of arrival.
///
/// # Errors
/// As the database says.
pub async fn pick_matching(
    tx: &mut Tx,
    workspace: WorkspaceId,
    filter: &Folded,
    after: ContactId,
    limit: i64,
) -> Result<Vec<ContactId>> {
    let sql = filter.of(Sql::new("SELECT c.id"), workspace).push(" AND c.id > ").arg(after.0);
    let rows: Vec<(i64,)> = tx.all(sql.push(" ORDER BY c.id LIMIT ").arg(limit)).await?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}
