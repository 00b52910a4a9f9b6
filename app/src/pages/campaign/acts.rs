//! Acts on leads with their toasts; they belong to the app, so that an undo works when its page is gone.

use domain::ids::{CampaignId, ChangeId};
use domain::lead::{Changed, LeadChange, LeadSelection};
use leptos::task::spawn_local;

use crate::components::{Toasts, use_toasts};
use crate::format::counted;
use crate::server_fns::leads::{change_leads, undo_change};
use crate::state::{Refresh, use_refresh};

/// Changes leads and takes changes back.
#[derive(Clone, Copy)]
pub struct LeadActs {
    toasts: Toasts,
    refresh: Refresh,
}

/// The acts of this app.
pub fn use_lead_acts() -> LeadActs {
    LeadActs { toasts: use_toasts(), refresh: use_refresh() }
}

impl LeadActs {
    /// Sets a status, tags or deletes, says what was done and offers to take it back; `then` runs when it was.
    pub fn change(
        self,
        campaign: CampaignId,
        selection: LeadSelection,
        change: LeadChange,
        then: impl FnOnce() + 'static,
    ) {
        spawn_local(async move {
            match change_leads(campaign, selection, change.clone()).await {
                Ok(done) => {
                    then();
                    self.refresh.ring();
                    let text = changed(&change, &done);
                    if done.count == 0 {
                        self.toasts.say(text);
                    } else {
                        self.offer(text, done.change);
                    }
                }
                Err(failure) => {
                    self.toasts.fail(&failure);
                    // The list on the screen is out of date, or a part of it was changed: show what there is now.
                    self.refresh.ring();
                }
            }
        });
    }

    /// Says what was done, with Undo.
    pub fn offer(self, text: String, change: ChangeId) {
        self.toasts.offer(text, "Undo", move || self.undo(change));
    }

    /// Takes a change back.
    pub fn undo(self, change: ChangeId) {
        spawn_local(async move {
            match undo_change(change).await {
                Ok(done) => self.toasts.say(undone(&done)),
                Err(failure) => self.toasts.fail(&failure),
            }
            self.refresh.ring();
        });
    }
}

/// What a bulk act did.
fn changed(change: &LeadChange, done: &Changed) -> String {
    let leads = counted(done.count, "lead", "leads");
    let mut text = match change {
        LeadChange::Status(status) => format!("{leads} set to {}.", status.label()),
        LeadChange::AddTag(tag) => format!("Tag “{tag}” added to the people of {leads}."),
        LeadChange::RemoveTag(tag) => format!("Tag “{tag}” taken from the people of {leads}."),
        LeadChange::Delete => format!("{leads} deleted."),
    };
    if done.kept > 0 {
        text.push_str(&format!(
            " {} left as before: in progress in another campaign, not to be contacted, or changed meanwhile.",
            counted(done.kept, "lead was", "leads were"),
        ));
    }
    text
}

/// What taking a bulk act back did.
fn undone(done: &Changed) -> String {
    let mut text = format!("Taken back for {}.", counted(done.count, "lead", "leads"));
    if done.ended > 0 {
        text.push_str(&format!(
            " {} back as Done: in progress in another campaign, or not to be contacted.",
            counted(done.ended, "of them came", "of them came"),
        ));
    }
    if done.kept > 0 {
        text.push_str(&format!(
            " {} left as now: changed since, in progress in another campaign, or not to be contacted.",
            counted(done.kept, "lead was", "leads were"),
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undo_says_what_did_not_go_back() {
        let done = |count, kept, ended| undone(&Changed { change: ChangeId(1), count, kept, ended });
        assert_eq!(done(3, 0, 0), "Taken back for 3 leads.");
        assert!(done(2, 1, 0).contains("1 lead was left as now"));
        assert!(done(2, 0, 1).contains("1 of them came back as Done"));
    }
}
