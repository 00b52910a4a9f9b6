//! Contacts: one row a person.

use domain::ids::{ContactId, ImportId, WorkspaceId};
use domain::lead::SourceView;
use domain::{CustomValues, Origins, Person, PersonField, SourceKind};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use crate::{Arg, Result, Sql, Tx};

/// A contact as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// The person's fields.
    pub person: Person,
    /// The team's own fields.
    pub custom: CustomValues,
    /// Where values came from that did not come with the contact.
    pub origins: Origins,
    /// Nothing may be sent to this person.
    pub do_not_contact: bool,
    /// Others have the same address by the team's choice, so this contact owns no identity for it (R16).
    pub shared_mailbox: bool,
}

impl Contact {
    /// Someone of whom nothing is known yet.
    pub fn new(id: ContactId) -> Self {
        Contact {
            id,
            person: Person::default(),
            custom: CustomValues::default(),
            origins: Origins::default(),
            do_not_contact: false,
            shared_mailbox: false,
        }
    }
}

/// What search and sorting look at; computed by `matching`, stored beside the fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Folded {
    /// Name, address and company, folded.
    pub search: String,
    /// Family name, then given name, folded.
    pub name: String,
    /// Company, folded.
    pub company: String,
}

/// The columns of the person fields, in the order of `PersonField::ALL`.
pub(crate) const FIELDS: &str = "email, first_name, last_name, company_name, company_domain, job_title, phone, \
    linkedin_url, linkedin_url_sales_nav, industry, city, postcode, street, country, timezone, date_of_birth, picture, \
    preferred_contact_method, contact_owner, external_id";

/// The same columns of the table alias `c`.
pub(crate) const CONTACT: &str = "c.id, c.do_not_contact, c.email, c.first_name, c.last_name, c.company_name, \
    c.company_domain, c.job_title, c.phone, c.linkedin_url, c.linkedin_url_sales_nav, c.industry, c.city, c.postcode, \
    c.street, c.country, c.timezone, c.date_of_birth, c.picture, c.preferred_contact_method, c.contact_owner, \
    c.external_id, c.custom, c.origins, c.shared_mailbox";

/// How many columns `CONTACT` has.
pub(crate) const CONTACT_COLUMNS: usize = 5 + PersonField::COUNT;

impl<'r, R: Row> FromRow<'r, R> for Contact
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let mut person = Person::default();
        for (i, &field) in PersonField::ALL.iter().enumerate() {
            person.set(field, row.try_get::<String, _>(i + 2)?);
        }
        let after = 2 + PersonField::COUNT;
        Ok(Contact {
            id: ContactId(row.try_get(0)?),
            do_not_contact: row.try_get::<i64, _>(1)? != 0,
            person,
            custom: read_json(&row.try_get::<String, _>(after)?)?,
            origins: read_json(&row.try_get::<String, _>(after + 1)?)?,
            shared_mailbox: row.try_get::<i64, _>(after + 2)? != 0,
        })
    }
}

/// Almost everyone's is `{}`, which is not worth a parser.
fn read_json<T: Default + serde::de::DeserializeOwned>(text: &str) -> sqlx::Result<T> {
    if text == "{}" {
        Ok(T::default())
    } else {
        serde_json::from_str(text).map_err(|e| sqlx::Error::Decode(Box::new(e)))
    }
}

/// A map of texts as JSON; what cannot fail is not worth an error.
fn json(value: &impl serde::Serialize) -> Arg {
    Arg::from(serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned()))
}

/// Adds new contacts, in the order given.
///
/// # Errors
/// As the database says.
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, contacts: Vec<(Contact, Folded)>, now: i64) -> Result<()> {
    let rows = contacts
        .into_iter()
        .map(|(contact, folded)| {
            let mut row = vec![
                Arg::from(contact.id.0),
                workspace.0.into(),
                contact.do_not_contact.into(),
                contact.shared_mailbox.into(),
            ];
            row.extend(PersonField::ALL.iter().map(|&f| Arg::from(contact.person.get(f))));
            row.extend([folded.search, folded.name, folded.company].map(Arg::from));
            row.extend([json(&contact.custom), json(&contact.origins), now.into(), now.into()]);
            row
        })
        .collect();
    tx.insert(
        "INSERT INTO contact (id, workspace_id, do_not_contact, shared_mailbox, email, first_name, last_name, company_name, \
         company_domain, job_title, phone, linkedin_url, linkedin_url_sales_nav, industry, city, postcode, street, \
         country, timezone, date_of_birth, picture, preferred_contact_method, contact_owner, external_id, search, \
         name_key, company_key, custom, origins, created_at, updated_at)",
        rows,
        "",
    )
    .await?;
    Ok(())
}

/// Writes contacts that are there already, whole; each is given once.
///
/// # Errors
/// As the database says.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, contacts: Vec<(Contact, Folded)>, now: i64) -> Result<()> {
    let rows = contacts
        .into_iter()
        .map(|(contact, folded)| {
            let mut row = vec![Arg::from(contact.id.0)];
            row.extend(PersonField::ALL.iter().map(|&f| Arg::from(contact.person.get(f))));
            row.extend([folded.search, folded.name, folded.company].map(Arg::from));
            row.extend([json(&contact.custom), json(&contact.origins)]);
            row.extend([Arg::from(contact.do_not_contact), contact.shared_mailbox.into()]);
            row
        })
        .collect();
    let before = Sql::new("UPDATE contact SET (")
        .push(FIELDS)
        .push(", search, name_key, company_key, custom, origins, do_not_contact, shared_mailbox, updated_at) = (")
        .push(
            "v.column2, v.column3, v.column4, v.column5, v.column6, v.column7, v.column8, v.column9, v.column10, \
             v.column11, v.column12, v.column13, v.column14, v.column15, v.column16, v.column17, v.column18, \
             v.column19, v.column20, v.column21, v.column22, v.column23, v.column24, v.column25, v.column26, \
             v.column27, v.column28, ",
        )
        .arg(now)
        .push(")");
    let after = (" AS v WHERE contact.id = v.column1 AND contact.workspace_id = ", Arg::from(workspace.0));
    tx.update_from(before, rows, after).await?;
    Ok(())
}

/// Some contacts, by id.
///
/// # Errors
/// As the database says.
pub async fn among(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<Contact>> {
    let before = Sql::new("SELECT ")
        .push(CONTACT)
        .push(" FROM contact c WHERE c.workspace_id = ")
        .arg(workspace.0)
        .push(" AND c.id IN ");
    tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await
}

/// Locks people until commit: two batches may have come to one person by different identifiers. Call it after
/// `identities::claim`, with the ids sorted: identifiers first, then people, everyone in one order.
///
/// # Errors
/// As the database says.
pub async fn lock(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    debug_assert!(ids.is_sorted());
    let Some(after) = tx.dialect().lock_in_id_order() else { return Ok(()) };
    let before = Sql::new("SELECT id FROM contact WHERE workspace_id = ").arg(workspace.0).push(" AND id IN ");
    let _: Vec<(i64,)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), after).await?;
    Ok(())
}

/// Live contacts after an id, in order; for going through everyone who is somebody.
///
/// # Errors
/// As the database says.
pub async fn after(tx: &mut Tx, workspace: WorkspaceId, after: ContactId, limit: i64) -> Result<Vec<Contact>> {
    let sql = Sql::new("SELECT ")
        .push(CONTACT)
        .push(" FROM contact c WHERE c.workspace_id = ")
        .arg(workspace.0)
        .push(" AND c.merged_into IS NULL AND c.deleted_at IS NULL AND c.id > ")
        .arg(after.0)
        .push(" ORDER BY c.id LIMIT ")
        .arg(limit);
    tx.all(sql).await
}

/// How many contacts a workspace has: neither merged into others nor deleted.
///
/// # Errors
/// As the database says.
pub async fn count(tx: &mut Tx, workspace: WorkspaceId) -> Result<u64> {
    let sql =
        Sql::new("SELECT count(*) FROM contact WHERE workspace_id = $1 AND merged_into IS NULL AND deleted_at IS NULL");
    let (n,): (i64,) = tx.one(sql.bind(workspace.0)).await?;
    Ok(n.cast_unsigned())
}

/// What a contact's id leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct State {
    /// The contact that took this one in.
    pub merged_into: Option<i64>,
    /// When it was deleted; 0 when it can come back no longer.
    pub deleted_at: Option<i64>,
    /// When it was added.
    pub created_at: i64,
}

impl State {
    /// Whether it is somebody: neither merged nor deleted.
    pub fn is_live(&self) -> bool {
        self.merged_into.is_none() && self.deleted_at.is_none()
    }
}

/// What an id leads to, if it ever was a contact of this workspace.
///
/// # Errors
/// As the database says.
pub async fn state(tx: &mut Tx, workspace: WorkspaceId, id: ContactId) -> Result<Option<State>> {
    tx.optional(
        Sql::new("SELECT merged_into, deleted_at, created_at FROM contact WHERE workspace_id = $1 AND id = $2")
            .bind(workspace.0)
            .bind(id.0),
    )
    .await
}

/// Those of some contacts that are neither merged nor deleted, in order.
///
/// # Errors
/// As the database says.
pub async fn live(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<ContactId>> {
    let before = Sql::new("SELECT id FROM contact WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND merged_into IS NULL AND deleted_at IS NULL AND id IN ");
    let rows: Vec<(i64,)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), " ORDER BY id").await?;
    let mut live: Vec<ContactId> = rows.into_iter().map(|(id,)| ContactId(id)).collect();
    live.sort_unstable();
    Ok(live)
}

/// Those of some contacts that are deleted and can come back, in order.
///
/// # Errors
/// As the database says.
pub async fn deleted(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<ContactId>> {
    let before = Sql::new("SELECT id FROM contact WHERE deleted_at > 0 AND workspace_id = ")
        .arg(workspace.0)
        .push(" AND id IN ");
    let rows: Vec<(i64,)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
    let mut deleted: Vec<ContactId> = rows.into_iter().map(|(id,)| ContactId(id)).collect();
    deleted.sort_unstable();
    Ok(deleted)
}

/// Marks contacts as deleted, or as there again.
///
/// # Errors
/// As the database says.
pub async fn set_deleted(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId], at: Option<i64>) -> Result<()> {
    for chunk in ids.chunks(1_000) {
        tx.execute(
            Sql::new("UPDATE contact SET deleted_at = ")
                .arg(at)
                .push(" WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND id IN ")
                .list(chunk.iter().map(|id| id.0)),
        )
        .await?;
    }
    Ok(())
}

/// # Errors
/// As the database says.
pub async fn remove_address(tx: &mut Tx, workspace: WorkspaceId, contact: ContactId, key: &[u8; 16]) -> Result<()> {
    tx.execute(
        Sql::new("DELETE FROM contact_address WHERE workspace_id = $1 AND contact_id = $2 AND key = $3")
            .bind(workspace.0)
            .bind(contact.0)
            .bind(key),
    )
    .await?;
    Ok(())
}

/// Marks people as not to be contacted. There is no opposite for any other path on purpose (R8).
///
/// # Errors
/// As the database says.
pub async fn set_do_not_contact(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    for chunk in ids.chunks(1_000) {
        tx.execute(
            Sql::new("UPDATE contact SET do_not_contact = 1 WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND id IN ")
                .list(chunk.iter().map(|id| id.0)),
        )
        .await?;
    }
    Ok(())
}

/// Takes the mark from someone who got it only with an address that was not theirs and that they have lost again.
/// Nobody else may call this (R8).
///
/// # Errors
/// As the database says.
pub async fn take_mark_back(tx: &mut Tx, workspace: WorkspaceId, id: ContactId) -> Result<()> {
    tx.execute(
        Sql::new("UPDATE contact SET do_not_contact = 0 WHERE workspace_id = $1 AND id = $2")
            .bind(workspace.0)
            .bind(id.0),
    )
    .await?;
    Ok(())
}

/// Everyone who shares an address with others by the team's choice (R16), the oldest first, with nothing but the fields
/// that say who they are: a key is made of them in Rust.
///
/// # Errors
/// As the database says.
pub async fn sharing(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(ContactId, Person)>> {
    let sql = Sql::new(
        "SELECT id, email, linkedin_url, linkedin_url_sales_nav FROM contact \
         WHERE shared_mailbox <> 0 AND merged_into IS NULL AND deleted_at IS NULL AND workspace_id = ",
    )
    .arg(workspace.0)
    .push(" ORDER BY id");
    let rows: Vec<(i64, String, String, String)> = tx.all(sql).await?;
    Ok(rows
        .into_iter()
        .map(|(id, email, profile, navigator)| {
            let mut person = Person::default();
            person.set(PersonField::Email, email);
            person.set(PersonField::LinkedinUrl, profile);
            person.set(PersonField::LinkedinUrlSalesNav, navigator);
            (ContactId(id), person)
        })
        .collect())
}

/// Those of some contacts who share an address with others by the team's choice.
///
/// # Errors
/// As the database says.
pub async fn sharing_among(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<ContactId>> {
    let before = Sql::new(
        "SELECT id FROM contact WHERE shared_mailbox <> 0 AND merged_into IS NULL AND deleted_at IS NULL \
         AND workspace_id = ",
    )
    .arg(workspace.0)
    .push(" AND id IN ");
    let rows: Vec<(i64,)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}

/// Who of those that share an address has one of these as a further one.
///
/// # Errors
/// As the database says.
pub async fn sharing_further(
    tx: &mut Tx,
    workspace: WorkspaceId,
    keys: &[[u8; 16]],
) -> Result<Vec<([u8; 16], ContactId)>> {
    let before = Sql::new(
        "SELECT a.key, a.contact_id FROM contact c \
         JOIN contact_address a ON a.workspace_id = c.workspace_id AND a.contact_id = c.id \
         WHERE c.shared_mailbox <> 0 AND c.merged_into IS NULL AND c.deleted_at IS NULL AND c.workspace_id = ",
    )
    .arg(workspace.0)
    .push(" AND a.key IN ");
    let rows: Vec<(Vec<u8>, i64)> = tx.among(before, keys.iter().map(Arg::from).collect(), "").await?;
    Ok(rows.into_iter().filter_map(|(key, id)| Some((key.try_into().ok()?, ContactId(id)))).collect())
}

/// Marks people as sharing an address with others by the team's choice (R16), or takes the mark from them.
///
/// # Errors
/// As the database says.
pub async fn set_shared_mailbox(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId], shared: bool) -> Result<()> {
    for chunk in ids.chunks(1_000) {
        tx.execute(
            Sql::new("UPDATE contact SET shared_mailbox = ")
                .arg(shared)
                .push(" WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" AND id IN ")
                .list(chunk.iter().map(|id| id.0)),
        )
        .await?;
    }
    Ok(())
}

/// A further address or profile of a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct Address {
    /// Whose.
    pub contact: ContactId,
    /// Its identity key.
    pub key: [u8; 16],
    /// Which kind, by the word of the identifier.
    pub kind: &'static str,
    /// As it was written.
    pub value: String,
}

/// Adds further addresses, each contact's once; says which were not there already.
///
/// # Errors
/// As the database says.
pub async fn add_addresses(
    tx: &mut Tx,
    workspace: WorkspaceId,
    addresses: Vec<Address>,
    now: i64,
) -> Result<Vec<(ContactId, [u8; 16])>> {
    let mut added = Vec::new();
    for chunk in addresses.chunks(1_000) {
        let rows = chunk.iter().map(|a| {
            vec![
                Arg::from(workspace.0),
                a.contact.0.into(),
                (&a.key).into(),
                a.kind.into(),
                a.value.as_str().into(),
                now.into(),
            ]
        });
        let rows: Vec<(i64, Vec<u8>)> = tx
            .all(
                Sql::new(
                    "INSERT INTO contact_address (workspace_id, contact_id, key, kind, value, created_at) VALUES ",
                )
                .rows(rows)
                .push(" ON CONFLICT DO NOTHING RETURNING contact_id, key"),
            )
            .await?;
        added.extend(rows.into_iter().filter_map(|(id, key)| Some((ContactId(id), key.try_into().ok()?))));
    }
    Ok(added)
}

/// Takes further addresses from contacts. Their identities are the caller's to settle.
///
/// # Errors
/// As the database says.
pub async fn remove_addresses(tx: &mut Tx, workspace: WorkspaceId, addresses: &[(ContactId, [u8; 16])]) -> Result<()> {
    for (contact, key) in addresses {
        tx.execute(
            Sql::new("DELETE FROM contact_address WHERE workspace_id = $1 AND contact_id = $2 AND key = $3")
                .bind(workspace.0)
                .bind(contact.0)
                .bind(key),
        )
        .await?;
    }
    Ok(())
}

/// The further addresses of some contacts.
///
/// # Errors
/// As the database says.
pub async fn addresses(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<Vec<(ContactId, String, String)>> {
    let before = Sql::new("SELECT contact_id, kind, value FROM contact_address WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND contact_id IN ");
    let rows: Vec<(i64, String, String)> =
        tx.among(before, ids.iter().map(|id| id.0.into()).collect(), " ORDER BY contact_id, key").await?;
    Ok(rows.into_iter().map(|(id, kind, value)| (ContactId(id), kind, value)).collect())
}

/// The identity keys of the further addresses of some contacts, with the words of their kinds.
///
/// # Errors
/// As the database says.
pub async fn address_keys(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<Vec<(ContactId, [u8; 16], String)>> {
    let before = Sql::new("SELECT contact_id, key, kind FROM contact_address WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND contact_id IN ");
    let rows: Vec<(i64, Vec<u8>, String)> = tx.among(before, ids.iter().map(|id| id.0.into()).collect(), "").await?;
    Ok(rows.into_iter().filter_map(|(id, key, kind)| Some((ContactId(id), key.try_into().ok()?, kind))).collect())
}

/// Notes by which way contacts came: which import, form or user. Says of how many that was not noted yet.
///
/// # Errors
/// As the database says.
pub async fn add_source(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (kind, source): (SourceKind, i64),
    contacts: &[ContactId],
    now: i64,
) -> Result<u64> {
    let rows = contacts
        .iter()
        .map(|id| vec![Arg::from(workspace.0), id.0.into(), kind.word().into(), source.into(), now.into()])
        .collect();
    let insert = "INSERT INTO contact_source (workspace_id, contact_id, kind, source_id, created_at)";
    tx.insert(insert, rows, " ON CONFLICT DO NOTHING").await
}

/// Where a contact came from, newest first.
///
/// # Errors
/// As the database says.
pub async fn sources(tx: &mut Tx, workspace: WorkspaceId, contact: ContactId) -> Result<Vec<SourceView>> {
    let rows: Vec<(i64, String, i64)> = tx
        .all(
            Sql::new(
                "SELECT i.id, i.file_name, s.created_at FROM contact_source s \
                 JOIN import i ON i.id = s.source_id AND i.workspace_id = s.workspace_id \
                 WHERE s.workspace_id = $1 AND s.contact_id = $2 AND s.kind = 'import' \
                 ORDER BY s.created_at DESC, i.id DESC LIMIT 50",
            )
            .bind(workspace.0)
            .bind(contact.0),
        )
        .await?;
    Ok(rows.into_iter().map(|(id, label, at)| SourceView { label, import: Some(ImportId(id)), at }).collect())
}
