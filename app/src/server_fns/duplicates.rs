//! Duplication Handling: suspects, decisions, what was decided.

use domain::ids::{ContactId, MergeId};
use domain::merge::{ListPage, MergeChoices, MergePreview, MergedRow, SeparatedRow, UndoReport};
use domain::suspect::{Decided, Decision, SuspectPage, SuspectQuery, SuspectState, TakenBack, TypedPerson, WhyNot};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::server;
use crate::Failure;

/// A page of suspects.
#[server(prefix = "/call", endpoint = "list_suspects", input = Json)]
pub async fn list_suspects(query: SuspectQuery) -> Result<SuspectPage, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_suspects(&actor, &query).await?)
}

/// How much there is to decide, and whether people are being compared.
#[server(prefix = "/call", endpoint = "get_suspect_state", input = Json)]
pub async fn get_suspect_state() -> Result<SuspectState, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.suspect_state(&actor).await?)
}

/// How many decisions wait.
#[server(prefix = "/call", endpoint = "count_suspects", input = Json)]
pub async fn count_suspects() -> Result<u64, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.count_suspects(&actor).await?)
}

/// What merging two contacts would do.
#[server(prefix = "/call", endpoint = "preview_merge", input = Json)]
pub async fn preview_merge(
    first: ContactId,
    second: ContactId,
    choices: MergeChoices,
) -> Result<MergePreview, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.preview_merge(&actor, first, second, &choices).await?)
}

/// Saves decisions.
#[server(prefix = "/call", endpoint = "decide_suspects", input = Json)]
pub async fn decide_suspects(decisions: Vec<Decision>) -> Result<Decided, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.decide_suspects(&actor, &decisions).await?)
}

/// Takes decisions back that were saved together.
#[server(prefix = "/call", endpoint = "take_back_decisions", input = Json)]
pub async fn take_back_decisions(decided: Decided) -> Result<TakenBack, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.take_back_decisions(&actor, &decided).await?)
}

/// Merges all that are obvious, as many as the person saw.
#[server(prefix = "/call", endpoint = "merge_obvious", input = Json)]
pub async fn merge_obvious(expected: u64) -> Result<Decided, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.merge_obvious(&actor, expected).await?)
}

/// Merges that stand, newest first.
#[server(prefix = "/call", endpoint = "list_merged", input = Json)]
pub async fn list_merged(cursor: Option<String>) -> Result<ListPage<MergedRow>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_merged(&actor, cursor.as_deref()).await?)
}

/// Pairs that are kept apart, newest first.
#[server(prefix = "/call", endpoint = "list_separated", input = Json)]
pub async fn list_separated(cursor: Option<String>) -> Result<ListPage<SeparatedRow>, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.list_separated(&actor, cursor.as_deref()).await?)
}

/// Takes a merge back.
#[server(prefix = "/call", endpoint = "undo_merge", input = Json)]
pub async fn undo_merge(merge: MergeId) -> Result<UndoReport, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.undo_merge(&actor, merge).await?)
}

/// Takes back that two contacts are two people.
#[server(prefix = "/call", endpoint = "undo_separate", input = Json)]
pub async fn undo_separate(first: ContactId, second: ContactId) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.undo_separate(&actor, first, second).await?)
}

/// Asks for a full scan.
#[server(prefix = "/call", endpoint = "ask_scan", input = Json)]
pub async fn ask_scan() -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.ask_scan(&actor).await?)
}

/// Sets from which probability on pairs are listed and obvious.
#[server(prefix = "/call", endpoint = "set_match_thresholds", input = Json)]
pub async fn set_match_thresholds(review: f64, obvious: f64) -> Result<(), Failure> {
    let (engine, actor) = server()?;
    Ok(engine.set_match_thresholds(&actor, review, obvious).await?)
}

/// Compares two typed people.
#[server(prefix = "/call", endpoint = "compare_typed_people", input = Json)]
pub async fn compare_typed_people(one: TypedPerson, other: TypedPerson) -> Result<WhyNot, Failure> {
    let (engine, actor) = server()?;
    Ok(engine.why_not(&actor, &one, &other).await?)
}
