//! "Import these under another policy": a new import of just the rows that the policy kept out, from the same file.

use std::collections::{HashMap, HashSet};

use domain::ids::{CampaignId, ImportId, WorkspaceId};
use domain::import::{AgainRows, ImportSettings, ImportState, RowQuery, WizardStep};
use domain::{Act, DuplicatePolicy, LeadStatus, Outcome, StatusClass};
use store::import_rows::{self, ImportRow, Which};
use store::{Tx, campaigns, imports};

use super::summary;
use crate::{Actor, Engine, Error, Result};

/// Rows read at a time.
const PAGE: i64 = 5_000;

impl Engine {
    /// How many people of what View details shows each looser policy would let in.
    ///
    /// # Errors
    /// When there is no such import.
    pub async fn count_again(&self, actor: &Actor, shown: &RowQuery) -> Result<Vec<(DuplicatePolicy, u64)>> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let found = imports::get(&mut tx, actor.workspace, shown.import).await?.ok_or(Error::NotFound("import"))?;
        if found.state == ImportState::Draft || found.state.is_busy() {
            return Ok(Vec::new());
        }
        let kept_out = left_out(&mut tx, actor.workspace, shown.import, &meant(shown)).await?.kept_out;
        let ids: Vec<CampaignId> = kept_out.keys().map(|(campaign, _)| *campaign).collect();
        let archived: HashSet<CampaignId> = campaigns::among(&mut tx, actor.workspace, &ids)
            .await?
            .into_iter()
            .filter(|c| c.archived_at.is_some())
            .map(|c| c.id)
            .collect();
        looser(&found, &kept_out, &archived)
    }

    /// Makes and starts an import of rows that another left out, under another policy; no new upload. `shown` is what
    /// View details shows of them.
    ///
    /// # Errors
    /// When the policy left nobody out, the import has not ended, or its campaign is archived.
    pub async fn import_again(&self, actor: &Actor, shown: &RowQuery, policy: DuplicatePolicy) -> Result<ImportId> {
        actor.may(Act::Import)?;
        let workspace = actor.workspace;
        let id = ImportId(self.store().reserve("import", 1).await?);
        let job = self.reserve_job().await?;
        let mut tx = self.store().write().await?;
        let now = self.now();
        let first = imports::get_for_update(&mut tx, workspace, shown.import).await?;
        let first = first.ok_or(Error::NotFound("import"))?;
        if first.state == ImportState::Draft || first.state.is_busy() {
            return Err(Error::conflict("This import has not ended yet. Wait for it, then try again."));
        }
        let mut meant = meant(shown);
        let rows = left_out(&mut tx, workspace, shown.import, &meant).await?.rows;
        let Some(last) = rows.iter().max() else {
            return Err(Error::refused("The policy left nobody of these out, so there is nothing to import again."));
        };
        // should the first one go on later, the rows of this one stay the same
        meant.through = *last;
        let mut settings: ImportSettings = serde_json::from_str(&first.settings)?;
        settings.policy = policy;
        settings.again = Some(meant);
        let again = imports::Import {
            id,
            settings: serde_json::to_string(&settings)?,
            step: WizardStep::Duplicates,
            again_of: Some(shown.import),
            total_rows: i64::try_from(rows.len()).unwrap_or(i64::MAX),
            dry_run: String::new(),
            dry_run_key: String::new(),
            problem: String::new(),
            ..first
        };
        imports::add(&mut tx, workspace, id, again.campaign, actor.user, &again.settings, now).await?;
        imports::save_draft(&mut tx, workspace, &again, now).await?;
        self.queue(&mut tx, actor, &again, job).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(id)
    }
}

fn meant(shown: &RowQuery) -> AgainRows {
    let RowQuery { outcomes, search, tag, .. } = shown.clone();
    AgainRows { outcomes, search, tag, through: u64::MAX }
}

/// People whom a policy kept out: where they are, how they stand there, and how many of them.
pub(super) type KeptOut = HashMap<(CampaignId, Option<LeadStatus>), u64>;

/// How many of them each policy lets in that is looser than the one of the import. Without a campaign no policy plays a
/// part.
pub(super) fn looser(
    import: &imports::Import,
    kept_out: &KeptOut,
    archived: &HashSet<CampaignId>,
) -> Result<Vec<(DuplicatePolicy, u64)>> {
    let settings: ImportSettings = serde_json::from_str(&import.settings)?;
    // a campaign that is archived counts as ended (R10)
    let is_active = |(campaign, status): &(CampaignId, Option<LeadStatus>)| {
        status.is_none_or(|s| s.class() == StatusClass::Active) && !archived.contains(campaign)
    };
    let count = |policy: DuplicatePolicy| match policy {
        DuplicatePolicy::Campaign => kept_out.values().sum(),
        DuplicatePolicy::Active => kept_out.iter().filter(|(place, _)| !is_active(place)).map(|(_, n)| n).sum(),
        DuplicatePolicy::Workspace => 0,
    };
    let looser = DuplicatePolicy::ALL.iter().rev().filter(|p| **p < settings.policy && import.campaign.is_some());
    Ok(looser.map(|&policy| (policy, count(policy))).collect())
}

/// The rows that a policy kept out.
#[derive(Default)]
pub(super) struct LeftOut {
    /// Their numbers, and those of the rows that repeat them (R4: a repeat's values apply when the first one goes in).
    pub rows: HashSet<u64>,
    /// Whom they are about.
    kept_out: KeptOut,
}

/// The rows of an import that its policy kept out, of those that are meant.
pub(super) async fn left_out(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    meant: &AgainRows,
) -> Result<LeftOut> {
    let by_policy = [Outcome::ActiveElsewhere, Outcome::DuplicateInWorkspace, Outcome::Suppressed];
    let wanted = |outcome: &Outcome| meant.outcomes.is_empty() || meant.outcomes.contains(outcome);
    let outcomes: Vec<Outcome> = by_policy.into_iter().filter(wanted).collect();
    let mut found = LeftOut::default();
    if outcomes.is_empty() {
        return Ok(found);
    }
    let which = summary::which(outcomes, &meant.search, &meant.tag);
    each(tx, workspace, import, &which, |row| {
        let number = row.row_number.unsigned_abs();
        if let Some(campaign) = row.campaign().filter(|_| number <= meant.through && kept_out_by_policy(row)) {
            let status = row.status.as_deref().and_then(|s| s.parse().ok());
            *found.kept_out.entry((campaign, status)).or_default() += 1;
            found.rows.insert(number);
        }
    })
    .await?;
    let repeats = Which { outcomes: vec![Outcome::DuplicateInFile], ..Which::default() };
    let firsts = found.rows.clone();
    each(tx, workspace, import, &repeats, |row| {
        let number = row.row_number.unsigned_abs();
        let of = row.reason.strip_prefix("row:").and_then(|n| n.parse().ok());
        if number <= meant.through && of.is_some_and(|of: u64| firsts.contains(&of)) {
            found.rows.insert(number);
        }
    })
    .await?;
    Ok(found)
}

/// The rows of the file that such an import takes: those that it has taken, and after them those that are meant. Who
/// carries a tag, and what became of the first import's rows, may change while it is stopped.
pub(super) async fn rows_to_take(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: &imports::Import,
    first: ImportId,
) -> Result<HashSet<u64>> {
    let settings: ImportSettings = serde_json::from_str(&import.settings)?;
    let mut rows = left_out(tx, workspace, first, &settings.again.unwrap_or_default()).await?.rows;
    let mut taken = HashSet::new();
    each(tx, workspace, import.id, &Which::default(), |row| _ = taken.insert(row.row_number.unsigned_abs())).await?;
    let last = taken.iter().max().copied().unwrap_or(0);
    rows.retain(|number| *number > last);
    rows.extend(taken);
    Ok(rows)
}

/// Whether another policy may let the row in: one that is not to be contacted was perhaps left out as such.
pub(super) fn is_by_policy(outcome: Outcome, reason: &str) -> bool {
    match outcome {
        Outcome::Suppressed => reason == "blocked",
        Outcome::DuplicateInWorkspace => reason != "isContact",
        Outcome::ActiveElsewhere => true,
        _ => false,
    }
}

fn kept_out_by_policy(row: &ImportRow) -> bool {
    row.outcome.parse().is_ok_and(|outcome| is_by_policy(outcome, &row.reason))
}

async fn each(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    which: &Which,
    mut see: impl FnMut(&ImportRow),
) -> Result<()> {
    let mut after = 0;
    loop {
        let page = import_rows::page(tx, workspace, import, which, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.row_number;
        page.iter().for_each(&mut see);
    }
}
