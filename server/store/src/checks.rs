//! What `onefold doctor` and the tests look for: each check says in a sentence what is wrong, or nothing.

use std::collections::HashMap;

use domain::ids::{CampaignId, ImportId, WorkspaceId};

use crate::{Result, Sql, Tx};

/// I11: the file itself, and references that point nowhere.
///
/// # Errors
/// As the database says.
pub async fn database(tx: &mut Tx) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let check = tx.dialect().integrity_check();
    let (text,): (String,) = tx.one(check).await?;
    if text != "ok" {
        wrong.push(format!("I11: the database file is damaged: {text}"));
    }
    let check = tx.dialect().broken_references();
    let (broken,): (i64,) = tx.one(check).await?;
    if broken != 0 {
        wrong.push(format!("I11: {broken} references point nowhere"));
    }
    Ok(wrong)
}

/// I6: rows whose owner is not there, or belongs to another workspace. One query a pair of tables.
///
/// # Errors
/// As the database says.
pub async fn orphans(tx: &mut Tx) -> Result<Vec<String>> {
    const PAIRS: &[(&str, &str)] = &[
        (
            "identity",
            "SELECT count(*) FROM identity x LEFT JOIN contact y ON y.id = x.contact_id AND y.workspace_id = x.workspace_id WHERE y.id IS NULL",
        ),
        (
            "lead and contact",
            "SELECT count(*) FROM lead x LEFT JOIN contact y ON y.id = x.contact_id AND y.workspace_id = x.workspace_id WHERE y.id IS NULL",
        ),
        (
            "lead and campaign",
            "SELECT count(*) FROM lead x LEFT JOIN campaign y ON y.id = x.campaign_id AND y.workspace_id = x.workspace_id WHERE y.id IS NULL",
        ),
        (
            "contact_tag",
            "SELECT count(*) FROM contact_tag x LEFT JOIN contact y ON y.id = x.contact_id AND y.workspace_id = x.workspace_id LEFT JOIN tag t ON t.id = x.tag_id AND t.workspace_id = x.workspace_id WHERE y.id IS NULL OR t.id IS NULL",
        ),
        (
            "contact_address",
            "SELECT count(*) FROM contact_address x LEFT JOIN contact y ON y.id = x.contact_id AND y.workspace_id = x.workspace_id WHERE y.id IS NULL",
        ),
        (
            "waiting_lead",
            "SELECT count(*) FROM waiting_lead x LEFT JOIN contact y ON y.id = x.contact_id AND y.workspace_id = x.workspace_id LEFT JOIN campaign c ON c.id = x.campaign_id AND c.workspace_id = x.workspace_id LEFT JOIN import i ON i.id = x.import_id AND i.workspace_id = x.workspace_id WHERE y.id IS NULL OR c.id IS NULL OR i.id IS NULL",
        ),
        (
            "import_row",
            "SELECT count(*) FROM import_row x LEFT JOIN import y ON y.id = x.import_id AND y.workspace_id = x.workspace_id WHERE y.id IS NULL",
        ),
    ];
    let mut wrong = Vec::new();
    for (name, query) in PAIRS {
        let (n,): (i64,) = tx.one(Sql::new(query)).await?;
        if n != 0 {
            wrong.push(format!("I6: {n} rows of {name} have lost their owner or belong to another workspace"));
        }
    }
    Ok(wrong)
}

/// I7: the lead counters against a recount.
///
/// # Errors
/// As the database says.
pub async fn counters(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<String>> {
    let kept: Vec<(i64, String, i64)> = tx
        .all(
            Sql::new("SELECT campaign_id, status, leads FROM lead_count WHERE leads <> 0 AND workspace_id = ")
                .arg(workspace.0),
        )
        .await?;
    let real: Vec<(i64, String, i64)> = tx
        .all(
            Sql::new("SELECT campaign_id, status, count(*) FROM lead WHERE workspace_id = ")
                .arg(workspace.0)
                .push(" GROUP BY campaign_id, status"),
        )
        .await?;
    let mut differ: HashMap<(i64, String), (i64, i64)> = HashMap::new();
    for (campaign, status, n) in kept {
        differ.entry((campaign, status)).or_default().0 = n;
    }
    for (campaign, status, n) in real {
        differ.entry((campaign, status)).or_default().1 = n;
    }
    let mut wrong: Vec<String> = differ
        .into_iter()
        .filter(|(_, (kept, real))| kept != real)
        .map(|((campaign, status), (kept, real))| {
            format!("I7: {} shows {kept} leads as {status}, there are {real}", CampaignId(campaign))
        })
        .collect();
    wrong.sort();
    Ok(wrong)
}

/// I3: finished imports whose rows, counts and file do not add up.
///
/// # Errors
/// As the database says.
pub async fn imports(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<String>> {
    let rows: Vec<(i64, i64, i64, String, String, i64)> = tx
        .all(
            Sql::new(
                "SELECT i.id, i.total_rows, i.done_rows, i.counts, i.state, \
                 (SELECT count(*) FROM import_row r WHERE r.workspace_id = i.workspace_id AND r.import_id = i.id) \
                 FROM import i WHERE i.state <> 'draft' AND i.workspace_id = ",
            )
            .arg(workspace.0)
            .push(" ORDER BY i.id"),
        )
        .await?;
    let mut wrong = Vec::new();
    for (id, total, done, counts, state, written) in rows {
        let id = ImportId(id);
        let counts: domain::OutcomeCounts =
            serde_json::from_str(&counts).map_err(|_| crate::Error::Unreadable("import.counts"))?;
        if i64::try_from(counts.total()).unwrap_or(i64::MAX) != written {
            wrong.push(format!("I3: {id} counts {} rows and has written {written}", counts.total()));
        }
        if state == "done" && (written != total || done < total) {
            wrong.push(format!("I3: {id} is done, its file has {total} rows, {written} have an outcome"));
        }
        for (outcome, n) in crate::import_rows::recount(tx, workspace, id).await? {
            let shown = outcome.parse().map(|o| counts.of(o)).unwrap_or(u64::MAX);
            if shown != n.cast_unsigned() {
                wrong.push(format!("I7: {id} shows {shown} rows as {outcome}, there are {n}"));
            }
        }
    }
    Ok(wrong)
}

/// Who was merged or deleted has no leads, no open suspects, and owns nothing.
///
/// # Errors
/// As the database says.
pub async fn gone(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<String>> {
    const OF_THE_GONE: &[(&str, &str)] = &[
        (
            "leads",
            "SELECT count(*) FROM contact c JOIN lead x ON x.workspace_id = c.workspace_id AND x.contact_id = c.id \
             WHERE (c.merged_into IS NOT NULL OR c.deleted_at IS NOT NULL) AND c.workspace_id = ",
        ),
        (
            "identifiers",
            "SELECT count(*) FROM identity x JOIN contact c ON c.id = x.contact_id \
             WHERE (c.merged_into IS NOT NULL OR c.deleted_at IS NOT NULL) AND c.workspace_id = ",
        ),
        (
            "open suspects",
            "SELECT count(*) FROM suspect x JOIN contact c ON c.id IN (x.first_contact_id, x.second_contact_id) \
             WHERE x.state = 'open' AND (c.merged_into IS NOT NULL OR c.deleted_at IS NOT NULL) AND c.workspace_id = ",
        ),
    ];
    let mut wrong = Vec::new();
    for (name, query) in OF_THE_GONE {
        let (n,): (i64,) = tx.one(Sql::new(query).arg(workspace.0)).await?;
        if n != 0 {
            wrong.push(format!("I6: {n} {name} belong to contacts that were merged or deleted"));
        }
    }
    Ok(wrong)
}

/// Merged contacts: redirects end at someone, whoever was merged owns nothing any more, and no pair waits for a
/// decision that was made.
///
/// # Errors
/// As the database says.
pub async fn merges(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<String>> {
    const CHECKS: &[(&str, &str)] = &[
        (
            "contacts are merged into one that is merged itself, or is not there",
            "SELECT count(*) FROM contact x LEFT JOIN contact y ON y.id = x.merged_into AND y.workspace_id = x.workspace_id WHERE x.merged_into IS NOT NULL AND (y.id IS NULL OR y.merged_into IS NOT NULL) AND x.workspace_id = ",
        ),
        (
            "contacts are merged without a merge that stands, or by more than one",
            "SELECT count(*) FROM contact x WHERE x.merged_into IS NOT NULL AND (SELECT count(*) FROM merge_event m WHERE m.workspace_id = x.workspace_id AND m.loser_id = x.id AND m.undone_at IS NULL) <> 1 AND x.workspace_id = ",
        ),
        (
            "merges stand whose two contacts are not one person",
            "SELECT count(*) FROM merge_event m JOIN contact l ON l.id = m.loser_id JOIN contact s ON s.id = m.survivor_id WHERE m.undone_at IS NULL AND (l.merged_into IS NULL OR l.merged_into <> COALESCE(s.merged_into, s.id)) AND m.workspace_id = ",
        ),
        (
            "identifiers belong to a contact that was merged",
            "SELECT count(*) FROM identity x JOIN contact y ON y.id = x.contact_id AND y.merged_into IS NOT NULL WHERE x.workspace_id = ",
        ),
        (
            "contacts may be written to although one of their identifiers is suppressed",
            "SELECT count(*) FROM identity x JOIN suppression s ON s.workspace_id = x.workspace_id AND s.key = x.key JOIN contact c ON c.id = x.contact_id WHERE c.do_not_contact = 0 AND c.shared_mailbox = 0 AND x.workspace_id = ",
        ),
        (
            "leads belong to a contact that was merged",
            "SELECT count(*) FROM lead x JOIN contact y ON y.id = x.contact_id AND y.merged_into IS NOT NULL WHERE x.workspace_id = ",
        ),
        (
            "sets of identifying fields belong to a contact that was merged",
            "SELECT count(*) FROM group_key x JOIN contact y ON y.id = x.contact_id AND y.merged_into IS NOT NULL WHERE x.workspace_id = ",
        ),
        (
            "leads that became one lead to a lead that became another",
            "SELECT count(*) FROM merged_lead x JOIN merged_lead y ON y.workspace_id = x.workspace_id AND y.lead_id = x.into_lead_id WHERE x.workspace_id = ",
        ),
        (
            "open suspects have a contact that was merged or deleted",
            "SELECT count(*) FROM suspect x JOIN contact a ON a.id = x.first_contact_id JOIN contact b ON b.id = x.second_contact_id WHERE x.state = 'open' AND (a.merged_into IS NOT NULL OR b.merged_into IS NOT NULL OR a.deleted_at IS NOT NULL OR b.deleted_at IS NOT NULL) AND x.workspace_id = ",
        ),
        (
            "open suspects are kept apart and nothing new speaks for them",
            "SELECT count(*) FROM suspect x JOIN separated_pair y ON y.workspace_id = x.workspace_id AND y.first_contact_id = x.first_contact_id AND y.second_contact_id = x.second_contact_id WHERE x.state = 'open' AND x.weight < y.weight + 3000 AND x.workspace_id = ",
        ),
        (
            "separated pairs have a contact that was merged",
            "SELECT count(*) FROM separated_pair x JOIN contact a ON a.id = x.first_contact_id JOIN contact b ON b.id = x.second_contact_id WHERE (a.merged_into IS NOT NULL OR b.merged_into IS NOT NULL) AND x.workspace_id = ",
        ),
        (
            "pairs are the wrong way round",
            "SELECT (SELECT count(*) FROM suspect s WHERE s.workspace_id = w.id AND s.first_contact_id >= s.second_contact_id) + (SELECT count(*) FROM separated_pair p WHERE p.workspace_id = w.id AND p.first_contact_id >= p.second_contact_id) FROM workspace w WHERE w.id = ",
        ),
    ];
    let mut wrong = Vec::new();
    for (what, query) in CHECKS {
        let (n,): (i64,) = tx.one(Sql::new(query).arg(workspace.0)).await?;
        if n != 0 {
            wrong.push(format!("I1, I4, I6: {n} {what}"));
        }
    }
    Ok(wrong)
}

/// How many identities a workspace has.
///
/// # Errors
/// As the database says.
pub async fn identity_count(tx: &mut Tx, workspace: WorkspaceId) -> Result<i64> {
    let (n,): (i64,) = tx.one(Sql::new("SELECT count(*) FROM identity WHERE workspace_id = ").arg(workspace.0)).await?;
    Ok(n)
}
