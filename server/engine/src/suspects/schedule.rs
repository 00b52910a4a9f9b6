//! What the worker does without being asked: it compares people who wait for that, or all of them when the night has
//! come, and looks whether someone who waits for a campaign may come in.

use domain::ids::WorkspaceId;
use store::{jobs, match_keys, to_match};

use crate::work::{MATCH, SCAN, WAITING};
use crate::{Engine, Result};

/// Full scans are due at this time of the day, in milliseconds after midnight UTC.
const NIGHT: i64 = 2 * 60 * 60 * 1_000;
const DAY: i64 = 24 * 60 * 60 * 1_000;

impl Engine {
    /// Asks for the jobs that are due by themselves; says whether there were any.
    pub(crate) async fn ask_due(&self) -> Result<bool> {
        let now = self.now();
        let mut tx = self.store().read().await?;
        let waiting = to_match::workspaces(&mut tx).await?;
        let nightly = match_keys::to_scan(&mut tx, last_night(now)).await?;
        let to_come_in = store::waiting::to_look(&mut tx, now).await?;
        drop(tx);
        let mut asked = false;
        for (kind, workspaces) in [(MATCH, waiting), (SCAN, nightly), (WAITING, to_come_in)] {
            for workspace in workspaces {
                asked |= self.ask_if_idle(kind, workspace, now).await?;
            }
        }
        Ok(asked)
    }

    /// Asks for a job of a workspace unless one is at it already.
    async fn ask_if_idle(&self, kind: &'static str, workspace: WorkspaceId, now: i64) -> Result<bool> {
        if jobs::is_pending(&mut self.store().read().await?, workspace, kind, workspace.0).await? {
            return Ok(false);
        }
        let job = self.reserve_job().await?;
        let mut tx = self.store().write().await?;
        // someone else may ask at this moment
        jobs::ask_once(&mut tx, job, workspace, kind, workspace.0, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// The last time that a full scan was due. The first one waits for a night too: new people are compared as they come.
fn last_night(now: i64) -> i64 {
    (now - NIGHT).div_euclid(DAY) * DAY + NIGHT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_begins_at_two() {
        let day = 20_000 * DAY;
        assert_eq!(last_night(day + NIGHT), day + NIGHT);
        assert_eq!(last_night(day + NIGHT - 1), day - DAY + NIGHT);
        assert_eq!(last_night(day + DAY + NIGHT - 1), day + NIGHT);
    }
}
