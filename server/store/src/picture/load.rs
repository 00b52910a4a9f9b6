//! Reads everything that stands about some people.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{CampaignId, ContactId, ImportId, LeadId, UserId, WorkspaceId};
use sqlx::FromRow;

use super::{
    AddressRow, ContactRow, Key, LeadRow, Pair, Picture, Present, SeparatedRow, SourceRow, SuppressionRow, SuspectRow,
    TagRow, WaitingRow,
};
use crate::campaigns::read_status;
use crate::{Arg, Error, Result, Sql, Tx, consent, contacts, identities};

/// id, campaign, contact, status, variables, import, added at
type StoredLead = (i64, i64, i64, String, String, Option<i64>, i64);

fn args(ids: &[ContactId]) -> Vec<Arg> {
    ids.iter().map(|id| id.0.into()).collect()
}

/// Where some contacts stand: who took each in, when it was deleted, when it came in.
///
/// # Errors
/// As the database says.
pub async fn standing(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<BTreeMap<ContactId, (Option<ContactId>, Option<i64>, i64)>> {
    let before = Sql::new("SELECT id, merged_into, deleted_at, created_at FROM contact WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND id IN ");
    let rows: Vec<(i64, Option<i64>, Option<i64>, i64)> = tx.among(before, args(ids), "").await?;
    Ok(rows.into_iter().map(|(id, into, deleted, at)| (ContactId(id), (into.map(ContactId), deleted, at))).collect())
}

/// Whom some contacts have taken in, by id.
///
/// # Errors
/// As the database says.
pub async fn absorbed(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Vec<ContactId>> {
    let before = Sql::new("SELECT id FROM contact WHERE workspace_id = ").arg(workspace.0).push(" AND merged_into IN ");
    let rows: Vec<(i64,)> = tx.among(before, args(ids), " ORDER BY id").await?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}

/// Everything about these people but their identifiers, which `load_identifiers` adds; of those they are paired with,
/// and of `others`, the contact itself and who it is now.
///
/// # Errors
/// As the database says.
pub async fn load(tx: &mut Tx, workspace: WorkspaceId, people: &[ContactId], others: &[ContactId]) -> Result<Picture> {
    let mut picture = Picture::default();
    own_rows(tx, workspace, people, &mut picture).await?;
    leads(tx, workspace, people, &mut picture).await?;
    pairs(tx, workspace, people, &mut picture).await?;
    let mut ids: BTreeSet<ContactId> = people.iter().chain(others).copied().collect();
    let suspects = picture.suspects.iter().map(|(key, row)| (key, row.origin.as_ref()));
    let separated = picture.separated.iter().map(|(key, row)| (key, row.origin.as_ref()));
    for (key, origin) in suspects.chain(separated) {
        ids.extend([key.0, key.1]);
        ids.extend(origin.into_iter().flat_map(|(a, b)| [*a, *b]));
    }
    while !ids.is_empty() {
        let wanted: Vec<ContactId> = ids.into_iter().collect();
        contact_rows(tx, workspace, &wanted, &mut picture).await?;
        ids = wanted.iter().filter_map(|id| picture.contacts.get(id)?.merged_into).collect();
        ids.retain(|id| !picture.contacts.contains_key(id));
    }
    Ok(picture)
}

async fn contact_rows(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId], picture: &mut Picture) -> Result<()> {
    let standing = standing(tx, workspace, ids).await?;
    for contact in contacts::among(tx, workspace, ids).await? {
        let Some(&(merged_into, deleted_at, created_at)) = standing.get(&contact.id) else { continue };
        let row = ContactRow {
            person: contact.person,
            custom: contact.custom,
            origins: contact.origins,
            do_not_contact: contact.do_not_contact,
            shared_mailbox: contact.shared_mailbox,
            merged_into,
            deleted_at,
            created_at,
        };
        picture.contacts.insert(contact.id, row);
    }
    Ok(())
}

async fn own_rows(tx: &mut Tx, workspace: WorkspaceId, people: &[ContactId], picture: &mut Picture) -> Result<()> {
    let from = |select: &'static str| Sql::new(select).arg(workspace.0).push(" AND contact_id IN ");
    let addresses: Vec<(i64, Vec<u8>, String, String, i64)> = tx
        .among(
            from("SELECT contact_id, key, kind, value, created_at FROM contact_address WHERE workspace_id = "),
            args(people),
            "",
        )
        .await?;
    for (contact, bytes, kind, value, created_at) in addresses {
        picture.addresses.insert((ContactId(contact), key(bytes)?), AddressRow { kind, value, created_at });
    }
    let sources: Vec<(i64, String, i64, i64)> = tx
        .among(
            from("SELECT contact_id, kind, source_id, created_at FROM contact_source WHERE workspace_id = "),
            args(people),
            "",
        )
        .await?;
    for (contact, kind, id, created_at) in sources {
        picture.sources.insert((ContactId(contact), kind, id), SourceRow { created_at });
    }
    let tags: Vec<(i64, i64, Option<i64>)> = tx
        .among(from("SELECT contact_id, tag_id, import_id FROM contact_tag WHERE workspace_id = "), args(people), "")
        .await?;
    for (contact, tag, import) in tags {
        picture.tags.insert((ContactId(contact), tag), TagRow { import: import.map(ImportId) });
    }
    let groups: Vec<(Vec<u8>, i64)> =
        tx.among(from("SELECT key, contact_id FROM group_key WHERE workspace_id = "), args(people), "").await?;
    for (bytes, contact) in groups {
        picture.group_keys.insert((key(bytes)?, ContactId(contact)), Present {});
    }
    let waiting: Vec<(i64, i64, i64, i64, i64, i64)> = tx
        .among(
            from(
                "SELECT campaign_id, contact_id, import_id, row_number, actor_id, created_at FROM waiting_lead \
                 WHERE workspace_id = ",
            ),
            args(people),
            "",
        )
        .await?;
    for (campaign, contact, import, row, actor, created_at) in waiting {
        let row = WaitingRow { import: ImportId(import), row, actor: UserId(actor), created_at };
        picture.waiting.insert((CampaignId(campaign), ContactId(contact)), row);
    }
    Ok(())
}

async fn leads(tx: &mut Tx, workspace: WorkspaceId, people: &[ContactId], picture: &mut Picture) -> Result<()> {
    let before = Sql::new(
        "SELECT id, campaign_id, contact_id, status, variables, import_id, created_at FROM lead WHERE workspace_id = ",
    )
    .arg(workspace.0)
    .push(" AND contact_id IN ");
    let rows: Vec<StoredLead> = tx.among(before, args(people), "").await?;
    for (id, campaign, contact, status, variables, import, created_at) in rows {
        let row = LeadRow {
            campaign: CampaignId(campaign),
            contact: ContactId(contact),
            status: read_status(&status)?,
            variables: serde_json::from_str(&variables).map_err(|_| Error::Unreadable("lead.variables"))?,
            import: import.map(ImportId),
            created_at,
        };
        picture.leads.insert(LeadId(id), row);
    }
    let before = Sql::new("SELECT lead_id, into_lead_id FROM merged_lead WHERE workspace_id = ")
        .arg(workspace.0)
        .push(" AND into_lead_id IN ");
    let rows: Vec<(i64, i64)> = tx.among(before, picture.leads.keys().map(|id| id.0.into()).collect(), "").await?;
    picture.merged_leads.extend(rows.into_iter().map(|(lead, into)| (LeadId(lead), LeadId(into))));
    Ok(())
}

#[derive(FromRow)]
struct StoredSuspect {
    first_contact_id: i64,
    second_contact_id: i64,
    state: String,
    reason: String,
    import_id: Option<i64>,
    created_at: i64,
    band: String,
    weight: i64,
    probability: i64,
    parts: String,
    cluster_id: i64,
    updated_at: i64,
    first_origin_id: i64,
    second_origin_id: i64,
}

async fn pairs(tx: &mut Tx, workspace: WorkspaceId, people: &[ContactId], picture: &mut Picture) -> Result<()> {
    for side in [" AND first_contact_id IN ", " AND second_contact_id IN "] {
        let before = Sql::new(
            "SELECT first_contact_id, second_contact_id, state, reason, import_id, created_at, band, weight, \
             probability, parts, cluster_id, updated_at, first_origin_id, second_origin_id FROM suspect WHERE workspace_id = ",
        )
        .arg(workspace.0)
        .push(side);
        let rows: Vec<StoredSuspect> = tx.among(before, args(people), "").await?;
        for row in rows {
            let suspect = SuspectRow {
                state: row.state,
                reason: row.reason,
                import: row.import_id.map(ImportId),
                created_at: row.created_at,
                band: row.band,
                weight: row.weight,
                probability: row.probability,
                parts: row.parts,
                cluster: row.cluster_id,
                updated_at: row.updated_at,
                origin: origin(row.first_origin_id, row.second_origin_id),
            };
            picture.suspects.insert((ContactId(row.first_contact_id), ContactId(row.second_contact_id)), suspect);
        }
        let before = Sql::new(
            "SELECT first_contact_id, second_contact_id, weight, actor_id, created_at, first_origin_id, \
             second_origin_id FROM separated_pair WHERE workspace_id = ",
        )
        .arg(workspace.0)
        .push(side);
        let rows: Vec<(i64, i64, i64, i64, i64, i64, i64)> = tx.among(before, args(people), "").await?;
        for (first, second, weight, actor, created_at, one, other) in rows {
            let actor = UserId(actor);
            let separated = SeparatedRow { weight, actor, created_at, origin: origin(one, other) };
            picture.separated.insert((ContactId(first), ContactId(second)), separated);
        }
    }
    Ok(())
}

/// Adds who owns these identifiers, and which of them nobody writes to.
///
/// # Errors
/// As the database says.
pub async fn load_identifiers(tx: &mut Tx, workspace: WorkspaceId, keys: &[Key], picture: &mut Picture) -> Result<()> {
    let bytes: Vec<[u8; 16]> = keys.iter().map(|key| key.0).collect();
    let owners = identities::owners(tx, workspace, &bytes).await?;
    picture.identities = owners.into_iter().map(|(key, owner)| (Key(key), owner)).collect();
    let rows = consent::origins(tx, workspace, &bytes).await?;
    picture.suppressions =
        rows.into_iter().map(|(key, origin, created_at)| (Key(key), SuppressionRow { origin, created_at })).collect();
    Ok(())
}

/// The pair that a row was about first; 0 says that it is about the contacts that it names.
fn origin(first: i64, second: i64) -> Option<Pair> {
    (first != 0).then_some((ContactId(first), ContactId(second)))
}

fn key(bytes: Vec<u8>) -> Result<Key> {
    bytes.try_into().map(Key).map_err(|_| Error::Unreadable("a key"))
}
