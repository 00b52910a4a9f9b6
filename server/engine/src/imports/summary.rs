//! Progress, summary, View details and history.

use std::collections::{HashMap, HashSet};

use domain::ids::{CampaignId, ImportId};
use domain::import::{
    ExcludedBy, ImportPage, ImportSettings, ImportSummary, ImportView, Progress, ReasonCount, RowPage, RowQuery,
    RowTag, RowView, SourceRate,
};
use domain::lead::OtherCampaign;
use domain::{Act, Outcome};
use store::import_rows::{self, ImportRow, Which};
use store::imports::{self, Import};
use store::{Tx, campaigns, import_undo, team};

use super::{again, reasons, views};
use crate::{Actor, Engine, Error, Result};

/// Lines of a page.
const PAGE: usize = 50;
/// Tags by which the rows that were left out are grouped.
const TAGS: i64 = 10;
/// Imports that the rates of sources are counted over.
const NEWEST: i64 = 500;
/// Sources that are shown.
const SOURCES: usize = 8;
/// Above this share of rows left out, the summary says by whom and what a looser policy would do (A66).
const NEARLY_ALL: f64 = 0.9;

impl Engine {
    /// How far an import is.
    ///
    /// # Errors
    /// When there is no such import.
    pub async fn get_import_progress(&self, actor: &Actor, import: ImportId) -> Result<Progress> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let found = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let ended = found.finished_at.unwrap_or_else(|| self.now());
        Ok(Progress {
            state: found.state,
            done: found.counts.total(),
            rows: found.total_rows.unsigned_abs(),
            counts: found.counts,
            elapsed: found.started_at.map_or(0, |started| ended - started),
        })
    }

    /// The summary of an import.
    ///
    /// # Errors
    /// When there is no such import.
    pub async fn get_import_summary(&self, actor: &Actor, import: ImportId) -> Result<ImportSummary> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let found = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let groups = import_rows::groups(&mut tx, actor.workspace, import).await?;
        let mut reasons: Vec<ReasonCount> = Vec::new();
        let mut by_campaign: HashMap<CampaignId, u64> = HashMap::new();
        let mut kept_out = again::KeptOut::default();
        for (outcome, reason, campaign, status, count) in groups {
            let outcome: Outcome = outcome.parse().map_err(|_| Error::Fault("a stored outcome is unreadable"))?;
            let count = count.unsigned_abs();
            if let Some(campaign) = campaign {
                *by_campaign.entry(CampaignId(campaign)).or_default() += count;
            }
            if let Some(campaign) = campaign.filter(|_| again::is_by_policy(outcome, &reason)) {
                let place = (CampaignId(campaign), status.and_then(|s| s.parse().ok()));
                *kept_out.entry(place).or_default() += count;
            }
            // a repeat names its row: for the summary all repeats are one reason
            let reason = if outcome == Outcome::Failed { reason } else { outcome.label().to_owned() };
            match reasons.iter_mut().find(|r| r.outcome == outcome && r.reason == reason) {
                Some(known) => known.count += count,
                None => reasons.push(ReasonCount { outcome, reason, count }),
            }
        }
        let ids: Vec<CampaignId> = by_campaign.keys().copied().collect();
        let campaigns = campaigns::among(&mut tx, actor.workspace, &ids).await?;
        let archived: HashSet<CampaignId> =
            campaigns.iter().filter(|c| c.archived_at.is_some()).map(|c| c.id).collect();
        let mut excluded_by: Vec<ExcludedBy> = campaigns
            .into_iter()
            .map(|c| ExcludedBy { count: by_campaign[&c.id], id: c.id, name: c.name, owner: c.owner })
            .collect();
        excluded_by.sort_by(|a, b| b.count.cmp(&a.count).then(a.id.cmp(&b.id)));
        let looser = if nearly_all(&found) { again::looser(&found, &kept_out, &archived)? } else { Vec::new() };
        let import = self.import_view(&mut tx, actor, found).await?;
        Ok(ImportSummary { import, reasons, excluded_by, looser })
    }

    /// One page of View details.
    ///
    /// # Errors
    /// When there is no such import.
    pub async fn import_rows(&self, actor: &Actor, query: &RowQuery) -> Result<RowPage> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let import = imports::get(&mut tx, actor.workspace, query.import).await?.ok_or(Error::NotFound("import"))?;
        let outcomes = if query.outcomes.is_empty() {
            Outcome::ALL.iter().copied().filter(|o| o.is_detail()).collect()
        } else {
            query.outcomes.clone()
        };
        let which = which(outcomes, &query.search, &query.tag);
        let matching = import_rows::count(&mut tx, actor.workspace, query.import, &which).await?;
        let after = i64::try_from(query.after).unwrap_or(i64::MAX);
        let mut rows =
            import_rows::page(&mut tx, actor.workspace, query.import, &which, after, PAGE as i64 + 1).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more).map(|r| r.row_number.unsigned_abs());
        let mut acts = self.row_acts(&mut tx, actor, &import, &rows).await?;
        let mut rows = self.row_views(&mut tx, actor, rows).await?;
        rows.iter_mut().for_each(|row| row.acts = acts.remove(&row.row));
        Ok(RowPage { rows, matching, next })
    }

    /// The tags that most of the people carry whom a duplicate check left out: where the duplicates came from (A77).
    ///
    /// # Errors
    /// When there is no such import.
    pub async fn get_import_row_tags(&self, actor: &Actor, import: ImportId) -> Result<Vec<RowTag>> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let left_out: Vec<Outcome> = Outcome::ALL.iter().copied().filter(|outcome| outcome.is_exclusion()).collect();
        let found = import_rows::tags(&mut tx, actor.workspace, import, &left_out, TAGS).await?;
        Ok(found.into_iter().map(|(name, rows)| RowTag { name, rows: rows.unsigned_abs() }).collect())
    }

    /// Rows with the campaigns they met, in words.
    pub(super) async fn row_views(&self, tx: &mut Tx, actor: &Actor, rows: Vec<ImportRow>) -> Result<Vec<RowView>> {
        let mut ids: Vec<CampaignId> = rows.iter().filter_map(ImportRow::campaign).collect();
        ids.sort_unstable();
        ids.dedup();
        let campaigns: HashMap<CampaignId, campaigns::Campaign> =
            campaigns::among(tx, actor.workspace, &ids).await?.into_iter().map(|c| (c.id, c)).collect();
        rows.into_iter().map(|row| row_view(row, &campaigns)).collect()
    }

    /// One page of the history, newest first.
    ///
    /// # Errors
    /// As the database says.
    pub async fn list_imports(&self, actor: &Actor, after: Option<ImportId>) -> Result<ImportPage> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let mut found = imports::list(&mut tx, actor.workspace, after, PAGE as i64 + 1).await?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let mut rows = Vec::with_capacity(found.len());
        let ids: Vec<CampaignId> = found.iter().filter_map(|i| i.campaign).collect();
        let names: HashMap<CampaignId, String> =
            campaigns::among(&mut tx, actor.workspace, &ids).await?.into_iter().map(|c| (c.id, c.name)).collect();
        let users = team::user_names(&mut tx, actor.workspace).await?;
        let ids: Vec<ImportId> = found.iter().map(|i| i.id).collect();
        let mut undos = import_undo::among(&mut tx, actor.workspace, &ids).await?;
        for import in found {
            let campaign = import.campaign.and_then(|id| Some((id, names.get(&id)?.clone())));
            let undo = undos.remove(&import.id);
            rows.push(views::import(import, undo, campaign, &users)?);
        }
        let next = rows.last().filter(|_| more).map(|r: &ImportView| r.id);
        Ok(ImportPage { rows, next })
    }

    /// How many duplicates each source brought: the largest sources of the newest imports. An import with several tags
    /// counts for each of them.
    ///
    /// # Errors
    /// As the database says.
    pub async fn import_sources(&self, actor: &Actor) -> Result<Vec<SourceRate>> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let mut sources: Vec<SourceRate> = Vec::new();
        for (settings, counts) in imports::newest_counts(&mut tx, actor.workspace, NEWEST).await? {
            let settings: ImportSettings = serde_json::from_str(&settings)?;
            let mut tags: Vec<Option<String>> = settings.tags.into_iter().map(Some).collect();
            if tags.is_empty() {
                tags.push(None);
            }
            for tag in tags {
                let at = sources.iter().position(|source| source.tag == tag).unwrap_or_else(|| {
                    sources.push(SourceRate { tag, rows: 0, duplicates: 0 });
                    sources.len() - 1
                });
                sources[at].rows += counts.total();
                sources[at].duplicates += counts.excluded();
            }
        }
        sources.sort_by_key(|source| std::cmp::Reverse(source.rows));
        sources.truncate(SOURCES);
        Ok(sources)
    }

    async fn import_view(&self, tx: &mut Tx, actor: &Actor, import: Import) -> Result<ImportView> {
        let campaign = match import.campaign {
            Some(id) => Some((id, self.campaign(tx, actor, id).await?.name)),
            None => None,
        };
        let users = team::user_names(tx, actor.workspace).await?;
        let undo = import_undo::get(tx, actor.workspace, import.id).await?;
        views::import(import, undo, campaign, &users)
    }
}

/// The rows that View details shows.
pub(super) fn which(outcomes: Vec<Outcome>, search: &str, tag: &str) -> Which {
    let words = matching::fold_search(search).split_whitespace().map(str::to_owned).collect();
    let tag = Some(matching::fold_search(tag)).filter(|tag| !tag.is_empty());
    Which { outcomes, words, tag }
}

fn row_view(row: ImportRow, campaigns: &HashMap<CampaignId, campaigns::Campaign>) -> Result<RowView> {
    let unreadable = |_| Error::Fault("a stored row is unreadable");
    let outcome: Outcome = row.outcome.parse().map_err(unreadable)?;
    let matched = row.matched.as_deref().map(str::parse).transpose().map_err(unreadable)?;
    let status = row.status.as_deref().map(str::parse).transpose().map_err(unreadable)?;
    let met = row.campaign().and_then(|id| campaigns.get(&id)).zip(status).map(|(c, status)| OtherCampaign {
        id: c.id,
        name: c.name.clone(),
        owner: c.owner.clone(),
        status,
        archived: c.archived_at.is_some(),
    });
    Ok(RowView {
        row: row.row_number.unsigned_abs(),
        why: reasons::sentence(outcome, &row.reason, matched, met.as_ref()),
        who: row.who,
        outcome,
        matched,
        met,
        acts: None,
    })
}

/// Whether nearly everyone was left out: then the summary says what a looser policy would do (A66).
fn nearly_all(import: &Import) -> bool {
    let total = import.counts.total();
    total > 0 && (import.counts.excluded() as f64) > NEARLY_ALL * total as f64
}
