//! Decisions about suspects, saved one by one or together, and taken back the same way.

use domain::Act;
use domain::ids::ContactId;
use domain::merge::{MergeChoices, MergeRefused, PairToMerge};
use domain::suspect::{Band, Decided, Decision, TakenBack};
use store::suspects::Suspect;
use store::{audit, namesakes, suspects};

use super::pairs::pair_of;
use crate::{Actor, Engine, Error, Result};

/// Decisions saved together at most, and pairs in all of them: what a person can have looked at.
const MOST: usize = 5_000;
/// Clusters merged in one go by the bulk act.
const BULK: i64 = 1_000;

impl Engine {
    /// Saves decisions in their order. One that cannot be done is listed and does not stop the others.
    ///
    /// # Errors
    /// When the caller may not decide, or brings more than anyone can have looked at.
    pub async fn decide_suspects(&self, actor: &Actor, decisions: &[Decision]) -> Result<Decided> {
        actor.may(Act::HandleDuplicates)?;
        let pairs: usize = decisions
            .iter()
            .map(|decision| match decision {
                Decision::Merge(pairs) => pairs.len(),
                Decision::Separate(pairs) => pairs.len(),
                Decision::KeepNamesakes(_) => 1,
            })
            .sum();
        if decisions.len() > MOST || pairs > MOST {
            return Err(Error::refused("These are more decisions than can be saved at once. Save some of them first."));
        }
        self.decide_each(actor, decisions).await
    }

    async fn decide_each(&self, actor: &Actor, decisions: &[Decision]) -> Result<Decided> {
        let mut decided = Decided::default();
        let mut merges = Vec::new();
        for decision in decisions {
            match decision {
                Decision::Merge(pairs) => merges.extend(pairs.iter().cloned()),
                Decision::Separate(pairs) => self.separate_each(actor, pairs, &mut decided).await?,
                Decision::KeepNamesakes(key) => {
                    self.keep_namesakes(actor, key, true).await?;
                    decided.namesakes.push(key.clone());
                }
            }
        }
        if !merges.is_empty() {
            let done = self.merge_many(actor, &merges).await?;
            decided.batch = done.batch;
            decided.merged = done.merged.len() as u64;
            decided.refused.extend(done.refused);
        }
        Ok(decided)
    }

    async fn separate_each(
        &self,
        actor: &Actor,
        pairs: &[(ContactId, ContactId)],
        decided: &mut Decided,
    ) -> Result<()> {
        for (first, second) in pairs {
            match self.separate(actor, *first, *second).await {
                Ok(()) => decided.separated.push((*first, *second)),
                Err(error) if error.is_refusal() => decided.refused.push(MergeRefused {
                    first: *first,
                    second: *second,
                    why: error.into_problem().message,
                }),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn keep_namesakes(&self, actor: &Actor, key: &str, apart: bool) -> Result<()> {
        let number: i64 = key.parse().map_err(|_| Error::NotFound("name"))?;
        let mut tx = self.store().write().await?;
        if !namesakes::keep(&mut tx, actor.workspace, number, apart).await? {
            return Err(Error::NotFound("name"));
        }
        let action = if apart { "suspects.keepNamesakes" } else { "suspects.askNamesakes" };
        audit::record(&mut tx, self.event(actor, action, key.to_owned(), "")).await?;
        Ok(tx.commit().await?)
    }

    /// Takes decisions back that were saved together.
    ///
    /// # Errors
    /// When the caller may not decide.
    pub async fn take_back_decisions(&self, actor: &Actor, decided: &Decided) -> Result<TakenBack> {
        actor.may(Act::HandleDuplicates)?;
        let mut back = TakenBack::default();
        if decided.batch != 0 {
            let done = self.undo_batch(actor, decided.batch).await?;
            back.merges = done.undone.len() as u64;
            back.kept.extend(done.refused);
            let kept = done.undone.into_iter().flat_map(|report| report.kept);
            back.kept.extend(kept.map(|kept| format!("{}: {}", kept.what, kept.why)));
        }
        for (first, second) in &decided.separated {
            match self.undo_separate(actor, *first, *second).await {
                Ok(()) => back.pairs += 1,
                Err(error) if error.is_refusal() => back.kept.push(error.into_problem().message),
                Err(error) => return Err(error),
            }
        }
        for key in &decided.namesakes {
            self.keep_namesakes(actor, key, false).await?;
        }
        Ok(back)
    }

    /// Merges every cluster all of whose pairs are obvious, each into its oldest contact. Who is in a cluster follows
    /// from its pairs, which may have changed since it got its number. `expected` is how many the person saw: when there
    /// are others by now, nothing is done.
    ///
    /// # Errors
    /// When the list has changed since it was shown.
    pub async fn merge_obvious(&self, actor: &Actor, expected: u64) -> Result<Decided> {
        actor.may(Act::HandleDuplicates)?;
        let mut tx = self.store().read().await?;
        let [obvious, ..] = suspects::count_open(&mut tx, actor.workspace).await?;
        if obvious != expected {
            return Err(Error::conflict(
                "The list of obvious ones has changed since it was shown, so nothing was merged. Look at it again.",
            ));
        }
        let found = suspects::clusters(&mut tx, actor.workspace, Band::Obvious, &[], None, BULK).await?;
        let ids: Vec<ContactId> = found.into_iter().map(|(_, cluster)| cluster).collect();
        let pairs = suspects::of_clusters(&mut tx, actor.workspace, &ids).await?;
        let mut ids: Vec<ContactId> =
            pairs.iter().flat_map(|p| [ContactId(p.first_contact_id), ContactId(p.second_contact_id)]).collect();
        ids.sort_unstable();
        ids.dedup();
        let apart = suspects::separated_among(&mut tx, actor.workspace, &ids).await?;
        drop(tx);
        let merges = oldest_first(&pairs, &apart.into_iter().map(|(a, b, _)| (a, b)).collect::<Vec<_>>());
        let pairs = merges.into_iter().map(|(first, second)| PairToMerge {
            first: ContactId(first),
            second: ContactId(second),
            choices: MergeChoices::default(),
        });
        self.decide_each(actor, &[Decision::Merge(pairs.collect())]).await
    }
}

/// The merges that make one of each cluster of some pairs: the oldest with every other. Nobody of two clusters, and no
/// two who are kept apart.
fn oldest_first(pairs: &[Suspect], apart: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let pairs: Vec<matching::Pair> = pairs.iter().filter_map(pair_of).collect();
    let clusters = matching::cluster(&pairs, apart);
    clusters
        .iter()
        .filter_map(|cluster| cluster.ids.split_first())
        .flat_map(|(oldest, others)| others.iter().map(move |other| (*oldest, *other)))
        .collect()
}
