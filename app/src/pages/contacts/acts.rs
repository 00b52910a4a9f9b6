//! Acts on contacts with their toasts; they belong to the app, so that an undo works when its page is gone.

use domain::ProblemKind;
use domain::contact::{ContactChange, ContactSelection};
use domain::ids::ChangeId;
use leptos::task::spawn_local;

use super::words;
use crate::components::{Toasts, use_toasts};
use crate::server_fns::contacts::{change_contacts, undo_contact_change};
use crate::state::{Refresh, use_refresh};

/// Changes contacts and takes changes back.
#[derive(Clone, Copy)]
pub struct ContactActs {
    toasts: Toasts,
    refresh: Refresh,
}

/// The acts of this app.
pub fn use_contact_acts() -> ContactActs {
    ContactActs { toasts: use_toasts(), refresh: use_refresh() }
}

impl ContactActs {
    /// Tags or deletes, says what was done and offers to take it back; `then` runs when it was.
    pub fn change(self, selection: ContactSelection, change: ContactChange, then: impl FnOnce() + 'static) {
        spawn_local(async move {
            match change_contacts(selection, change.clone()).await {
                Ok(done) => {
                    then();
                    self.refresh.ring();
                    let text = words::changed(&change, &done);
                    if done.count == 0 {
                        self.toasts.say(text);
                    } else {
                        self.offer(text, done.change);
                    }
                }
                Err(failure) => {
                    self.toasts.fail(&failure);
                    // The list on the screen is out of date: show what there is now.
                    if failure.0.kind == ProblemKind::Conflict {
                        self.refresh.ring();
                    }
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
            match undo_contact_change(change).await {
                Ok(undone) => {
                    self.refresh.ring();
                    self.toasts.say(words::undone(&undone));
                }
                Err(failure) => self.toasts.fail(&failure),
            }
        });
    }
}
