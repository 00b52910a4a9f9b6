//! Writes the difference between two pictures. Whoever calls holds the people's locks.

use std::collections::BTreeMap;

use domain::ids::{CampaignId, LeadId, WorkspaceId};
use domain::{LeadStatus, Person};

use super::{Changed, Changes, ContactRow, LeadRow};
use crate::contacts::{Contact, Folded};
use crate::{Arg, Error, Result, Sql, Tx, campaigns, consent, contacts, identities};

/// Writes what changed; `fold` computes the folded columns of a person.
///
/// # Errors
/// `Error::Conflict` when somebody took an identifier meanwhile that nobody had: try again.
pub async fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    changes: &Changes,
    fold: impl Fn(&Person) -> Folded,
    now: i64,
) -> Result<()> {
    write_contacts(tx, workspace, &changes.contacts, fold, now).await?;
    write_identities(tx, workspace, changes).await?;
    write_own_rows(tx, workspace, changes).await?;
    write_leads(tx, workspace, &changes.leads, now).await?;
    write_merged_leads(tx, workspace, &changes.merged_leads).await?;
    write_pairs(tx, workspace, changes).await?;
    let lifted: Vec<[u8; 16]> = changes.suppressions.iter().filter(|c| c.after.is_none()).map(|c| c.key.0).collect();
    consent::take_back_merged(tx, workspace, &lifted).await?;
    for change in &changes.suppressions {
        if let Some(row) = &change.after {
            consent::suppress(tx, workspace, &[change.key.0], &row.origin, row.created_at).await?;
        }
    }
    Ok(())
}

async fn write_contacts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    changed: &[Changed<domain::ids::ContactId, ContactRow>],
    fold: impl Fn(&Person) -> Folded,
    now: i64,
) -> Result<()> {
    for change in changed {
        let (Some(before), Some(after)) = (&change.before, &change.after) else {
            return Err(Error::Unreadable("a merge neither makes nor removes contacts"));
        };
        if before.merged_into != after.merged_into {
            tx.execute(
                Sql::new("UPDATE contact SET merged_into = $1, updated_at = $2 WHERE workspace_id = $3 AND id = $4")
                    .bind(after.merged_into.map(|id| id.0))
                    .bind(now)
                    .bind(workspace.0)
                    .bind(change.key.0),
            )
            .await?;
        }
        let values = |row: &ContactRow| ContactRow { merged_into: None, ..row.clone() };
        if values(before) != values(after) {
            let contact = Contact {
                id: change.key,
                person: after.person.clone(),
                custom: after.custom.clone(),
                origins: after.origins.clone(),
                do_not_contact: after.do_not_contact,
                shared_mailbox: after.shared_mailbox,
            };
            let folded = fold(&contact.person);
            contacts::update(tx, workspace, vec![(contact, folded)], now).await?;
        }
    }
    Ok(())
}

async fn write_identities(tx: &mut Tx, workspace: WorkspaceId, changes: &Changes) -> Result<()> {
    let moved: Vec<_> = changes.identities.iter().filter(|c| c.before.is_some()).map(|c| (c.key.0, c.after)).collect();
    identities::settle(tx, workspace, &moved).await?;
    let new = changes
        .identities
        .iter()
        .filter(|c| c.before.is_none())
        .filter_map(|c| Some(vec![Arg::from(workspace.0), (&c.key.0).into(), c.after?.0.into()]))
        .collect();
    tx.insert("INSERT INTO identity (workspace_id, key, contact_id)", new, "").await?;
    Ok(())
}

/// Takes rows away by their key and adds the new ones: for tables whose rows are never changed in place.
async fn replace<K, V>(
    tx: &mut Tx,
    delete: &'static str,
    insert: &'static str,
    changed: &[Changed<K, V>],
    key: impl Fn(&K) -> Vec<Arg>,
    row: impl Fn(&K, &V) -> Vec<Arg>,
) -> Result<()> {
    let gone: Vec<Vec<Arg>> = changed.iter().filter(|c| c.before.is_some()).map(|c| key(&c.key)).collect();
    for chunk in gone.chunks(500) {
        tx.execute(Sql::new(delete).push(" IN (VALUES ").rows(chunk.iter().cloned()).push(")")).await?;
    }
    let new = changed.iter().filter_map(|c| Some(row(&c.key, c.after.as_ref()?))).collect();
    tx.insert(insert, new, "").await?;
    Ok(())
}

async fn write_own_rows(tx: &mut Tx, workspace: WorkspaceId, changes: &Changes) -> Result<()> {
    let w = || Arg::from(workspace.0);
    replace(
        tx,
        "DELETE FROM contact_address WHERE (workspace_id, contact_id, key)",
        "INSERT INTO contact_address (workspace_id, contact_id, key, kind, value, created_at)",
        &changes.addresses,
        |(contact, key)| vec![w(), contact.0.into(), (&key.0).into()],
        |(contact, key), row| {
            vec![
                w(),
                contact.0.into(),
                (&key.0).into(),
                row.kind.as_str().into(),
                row.value.as_str().into(),
                row.created_at.into(),
            ]
        },
    )
    .await?;
    replace(
        tx,
        "DELETE FROM contact_source WHERE (workspace_id, contact_id, kind, source_id)",
        "INSERT INTO contact_source (workspace_id, contact_id, kind, source_id, created_at)",
        &changes.sources,
        |(contact, kind, id)| vec![w(), contact.0.into(), kind.as_str().into(), (*id).into()],
        |(contact, kind, id), row| {
            vec![w(), contact.0.into(), kind.as_str().into(), (*id).into(), row.created_at.into()]
        },
    )
    .await?;
    replace(
        tx,
        "DELETE FROM contact_tag WHERE (workspace_id, contact_id, tag_id)",
        "INSERT INTO contact_tag (workspace_id, contact_id, tag_id, import_id)",
        &changes.tags,
        |(contact, tag)| vec![w(), contact.0.into(), (*tag).into()],
        |(contact, tag), row| vec![w(), contact.0.into(), (*tag).into(), row.import.map(|i| i.0).into()],
    )
    .await?;
    replace(
        tx,
        "DELETE FROM group_key WHERE (workspace_id, key, contact_id)",
        "INSERT INTO group_key (workspace_id, key, contact_id)",
        &changes.group_keys,
        |(key, contact)| vec![w(), (&key.0).into(), contact.0.into()],
        |(key, contact), _| vec![w(), (&key.0).into(), contact.0.into()],
    )
    .await?;
    replace(
        tx,
        "DELETE FROM waiting_lead WHERE (workspace_id, campaign_id, contact_id)",
        // looked at soon: what kept the one waiting need not keep the other
        "INSERT INTO waiting_lead (workspace_id, campaign_id, contact_id, import_id, row_number, actor_id, created_at, \
         look_at)",
        &changes.waiting,
        |(campaign, contact)| vec![w(), campaign.0.into(), contact.0.into()],
        |(campaign, contact), row| {
            vec![
                w(),
                campaign.0.into(),
                contact.0.into(),
                row.import.0.into(),
                row.row.into(),
                row.actor.0.into(),
                row.created_at.into(),
                0_i64.into(),
            ]
        },
    )
    .await
}

/// Leads, and the counters that go with them.
async fn write_leads(
    tx: &mut Tx,
    workspace: WorkspaceId,
    changed: &[Changed<LeadId, LeadRow>],
    now: i64,
) -> Result<()> {
    // a lead that goes to another person leaves first, so that a campaign never holds one twice on the way
    let stays = |c: &&Changed<LeadId, LeadRow>| match (&c.before, &c.after) {
        (Some(before), Some(after)) => before.contact == after.contact,
        _ => false,
    };
    let leave: Vec<i64> = changed.iter().filter(|c| c.before.is_some() && !stays(c)).map(|c| c.key.0).collect();
    crate::changes::delete_leads(tx, workspace, &leave).await?;
    for change in changed.iter().filter(stays) {
        let Some(row) = &change.after else { continue };
        tx.execute(
            Sql::new(
                "UPDATE lead SET status = $1, variables = $2, import_id = $3, updated_at = $4 \
                 WHERE workspace_id = $5 AND id = $6",
            )
            .bind(row.status.word())
            .bind(variables(row)?)
            .bind(row.import.map(|i| i.0))
            .bind(now)
            .bind(workspace.0)
            .bind(change.key.0),
        )
        .await?;
    }
    let mut arrive = Vec::new();
    for change in changed.iter().filter(|c| !stays(c)) {
        let Some(row) = &change.after else { continue };
        arrive.push(vec![
            Arg::from(change.key.0),
            workspace.0.into(),
            row.campaign.0.into(),
            row.contact.0.into(),
            row.status.word().into(),
            variables(row)?.into(),
            row.import.map(|i| i.0).into(),
            row.created_at.into(),
            now.into(),
        ]);
    }
    tx.insert(
        "INSERT INTO lead (id, workspace_id, campaign_id, contact_id, status, variables, import_id, created_at, \
         updated_at)",
        arrive,
        "",
    )
    .await?;
    // by campaign, then by status: one order for everyone who counts
    let mut deltas: BTreeMap<CampaignId, BTreeMap<LeadStatus, i64>> = BTreeMap::new();
    for (row, n) in
        changed.iter().flat_map(|c| [(c.before.as_ref(), -1), (c.after.as_ref(), 1)]).filter_map(|(r, n)| Some((r?, n)))
    {
        *deltas.entry(row.campaign).or_default().entry(row.status).or_default() += n;
    }
    for (campaign, deltas) in deltas {
        let deltas: Vec<_> = deltas.into_iter().collect();
        campaigns::add_counts(tx, workspace, campaign, &deltas).await?;
    }
    Ok(())
}

fn variables(row: &LeadRow) -> Result<String> {
    serde_json::to_string(&row.variables).map_err(|_| Error::Unreadable("lead.variables"))
}

async fn write_merged_leads(tx: &mut Tx, workspace: WorkspaceId, changed: &[Changed<LeadId, LeadId>]) -> Result<()> {
    let w = || Arg::from(workspace.0);
    replace(
        tx,
        "DELETE FROM merged_lead WHERE (workspace_id, lead_id)",
        "INSERT INTO merged_lead (workspace_id, lead_id, into_lead_id)",
        changed,
        |lead| vec![w(), lead.0.into()],
        |lead, into| vec![w(), lead.0.into(), into.0.into()],
    )
    .await
}

async fn write_pairs(tx: &mut Tx, workspace: WorkspaceId, changes: &Changes) -> Result<()> {
    let w = || Arg::from(workspace.0);
    replace(
        tx,
        "DELETE FROM suspect WHERE (workspace_id, first_contact_id, second_contact_id)",
        "INSERT INTO suspect (workspace_id, first_contact_id, second_contact_id, state, reason, import_id, created_at, \
         band, weight, probability, parts, cluster_id, updated_at, first_origin_id, second_origin_id)",
        &changes.suspects,
        |(a, b)| vec![w(), a.0.into(), b.0.into()],
        |(a, b), row| {
            vec![
                w(),
                a.0.into(),
                b.0.into(),
                row.state.as_str().into(),
                row.reason.as_str().into(),
                row.import.map(|i| i.0).into(),
                row.created_at.into(),
                row.band.as_str().into(),
                row.weight.into(),
                row.probability.into(),
                row.parts.as_str().into(),
                row.cluster.into(),
                row.updated_at.into(),
                row.origin.map_or(0, |o| o.0.0).into(),
                row.origin.map_or(0, |o| o.1.0).into(),
            ]
        },
    )
    .await?;
    replace(
        tx,
        "DELETE FROM separated_pair WHERE (workspace_id, first_contact_id, second_contact_id)",
        "INSERT INTO separated_pair (workspace_id, first_contact_id, second_contact_id, weight, actor_id, created_at, \
         first_origin_id, second_origin_id)",
        &changes.separated,
        |(a, b)| vec![w(), a.0.into(), b.0.into()],
        |(a, b), row| {
            vec![
                w(),
                a.0.into(),
                b.0.into(),
                row.weight.into(),
                row.actor.0.into(),
                row.created_at.into(),
                row.origin.map_or(0, |o| o.0.0).into(),
                row.origin.map_or(0, |o| o.1.0).into(),
            ]
        },
    )
    .await
}
