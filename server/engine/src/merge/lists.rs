//! The Merged and Separated lists, newest first, by keyset.

use domain::Act;
use domain::ids::ContactId;
use domain::merge::{ListPage, MergedRow, SeparatedRow};
use store::{merges, separated};

use crate::{Actor, Engine, Error, Result};

/// Lines of a page.
const PAGE: usize = 50;

impl Engine {
    /// Merges that stand, newest first; `cursor` is the `next` of the page before.
    ///
    /// # Errors
    /// When the cursor is not one of ours.
    pub async fn list_merged(&self, actor: &Actor, cursor: Option<&str>) -> Result<ListPage<MergedRow>> {
        actor.may(Act::Look)?;
        let before = cursor.map(|text| text.parse().map_err(|_| stale())).transpose()?;
        let mut tx = self.store().read().await?;
        let mut rows = merges::list(&mut tx, actor.workspace, before, PAGE as i64 + 1).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
        Ok(ListPage { rows, next })
    }

    /// Pairs that are kept apart, newest first; `cursor` is the `next` of the page before.
    ///
    /// # Errors
    /// When the cursor is not one of ours.
    pub async fn list_separated(&self, actor: &Actor, cursor: Option<&str>) -> Result<ListPage<SeparatedRow>> {
        actor.may(Act::Look)?;
        let after = cursor.map(position).transpose()?;
        let mut tx = self.store().read().await?;
        let mut rows = separated::list(&mut tx, actor.workspace, after, PAGE as i64 + 1).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more).map(|row| format!("{}.{}.{}", row.at, row.first.0, row.second.0));
        Ok(ListPage { rows, next })
    }
}

fn stale() -> Error {
    Error::refused("This page of the list is gone. Open the list again.")
}

fn position(text: &str) -> Result<separated::Position> {
    let numbers: Vec<i64> =
        text.split('.').map(str::parse).collect::<std::result::Result<_, _>>().map_err(|_| stale())?;
    match numbers[..] {
        [at, first, second] => Ok(separated::Position { at, first: ContactId(first), second: ContactId(second) }),
        _ => Err(stale()),
    }
}
