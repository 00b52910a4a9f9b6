//! What can be done about one row that a duplicate check left out (A68): remove the person there, add them here when the
//! other campaign is done with them, or no longer wait.

use domain::Act;
use domain::ids::CampaignId;
use domain::import::{AddHere, RemovedThere, RowActs as Acts};
use domain::lead::Changed;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Icon, Toasts, use_toasts};
use crate::server_fns::kept_out::{remove_there, stop_waiting, wait_to_come_in};
use crate::server_fns::leads::undo_change;
use crate::state::{Refresh, use_refresh, use_session};

/// The buttons of one row, which follow what the person did to it.
#[component]
pub fn RowActs(acts: Acts) -> impl IntoView {
    let row = Row {
        acts: RwSignal::new(Some(acts)),
        said: RwSignal::new(String::new()),
        place: NodeRef::new(),
        toasts: use_toasts(),
        refresh: use_refresh(),
    };
    let session = use_session();
    let (no_import, no_edit) = (session.refusal(Act::Import), session.refusal(Act::EditCampaigns));
    let shown = move || {
        row.acts.get().map(|acts| {
            let there = acts.there.clone().map(|(campaign, there)| {
                let label = format!("Remove there: {} from {there}", acts.name);
                let go = Callback::new(move |()| row.remove(campaign));
                view! { <Button icon="x" text="Remove there" label why=no_edit.clone() go/> }
            });
            let add = acts.add.clone();
            view! { {there}<Add add name=acts.name row why=no_import.clone()/> }
        })
    };
    view! {
        <span class="row tight row-acts" role="group" aria-label="What to do" tabindex="-1" node_ref=row.place>
            {shown}
            <span class="sub" role="status">{move || row.said.get()}</span>
        </span>
    }
    .into_any()
}

/// A row on the screen.
#[derive(Clone, Copy)]
struct Row {
    acts: RwSignal<Option<Acts>>,
    /// What was just done, for those who do not see the buttons change.
    said: RwSignal<String>,
    place: NodeRef<html::Span>,
    toasts: Toasts,
    refresh: Refresh,
}

impl Row {
    /// The row as it stands after an act. The button that was pressed is gone: the focus stays with the row.
    fn now(self, acts: Option<Acts>, said: String) {
        self.acts.try_set(acts);
        self.said.try_set(said);
        if let Some(place) = self.place.try_get_untracked().flatten() {
            let _ = place.focus();
        }
    }

    fn remove(self, campaign: CampaignId) {
        let Some(Acts { import, row, name, there, .. }) = self.acts.get_untracked() else { return };
        let there = there.map(|(_, there)| there).unwrap_or_default();
        spawn_local(async move {
            match remove_there(import, row, campaign).await {
                Ok(RemovedThere { changed, acts }) => {
                    self.now(acts, String::new());
                    offer_undo(format!("{name} removed from {there}."), changed, self.toasts, self.refresh);
                }
                Err(failure) => self.refused(&failure),
            }
        });
    }

    fn wait(self) {
        let Some(Acts { import, row, name, .. }) = self.acts.get_untracked() else { return };
        spawn_local(async move {
            match wait_to_come_in(import, row).await {
                Ok(acts) => {
                    let said = match acts.as_ref().map(|acts| &acts.add) {
                        Some(AddHere::Waits(_)) => format!("{name} waits."),
                        _ => format!("{name} comes in within a minute."),
                    };
                    self.now(acts, said);
                }
                Err(failure) => self.refused(&failure),
            }
        });
    }

    fn stop(self) {
        let Some(Acts { import, row, name, .. }) = self.acts.get_untracked() else { return };
        spawn_local(async move {
            match stop_waiting(import, row).await {
                Ok(acts) => self.now(acts, format!("{name} no longer waits.")),
                Err(failure) => self.refused(&failure),
            }
        });
    }

    /// The row is not any more what the screen shows: read it again.
    fn refused(self, failure: &crate::Failure) {
        self.toasts.fail(failure);
        self.refresh.ring();
    }
}

/// The page may be gone when someone takes it back: nothing here belongs to it.
fn offer_undo(text: String, changed: Changed, toasts: Toasts, refresh: Refresh) {
    toasts.offer(text, "Undo", move || {
        spawn_local(async move {
            match undo_change(changed.change).await {
                Ok(Changed { count: 0, .. }) => toasts.say("They are in the campaign again already."),
                Ok(Changed { ended: 1.., .. }) => toasts.say(
                    "Put back into the campaign as Done: in progress in another campaign, or not to be contacted.",
                ),
                Ok(_) => toasts.say("Put back into the campaign."),
                Err(failure) => toasts.fail(&failure),
            }
            refresh.ring();
        });
    });
}

#[component]
fn Add(add: AddHere, name: String, row: Row, why: Option<String>) -> impl IntoView {
    let wait = Callback::new(move |()| row.wait());
    let stop = Callback::new(move |()| row.stop());
    let waits = |text: String, why: Option<String>| {
        let label = format!("Don’t wait for {name} any longer");
        view! {
            <span class="sub"><Icon name="clock"/>{text}</span>
            <Button icon="x" text="Don’t wait" label why go=stop/>
        }
        .into_any()
    };
    match add {
        AddHere::No => ().into_any(),
        AddHere::Now => {
            let label = format!("Add here: {name}");
            view! { <Button icon="plus" text="Add here" label why go=wait/> }.into_any()
        }
        AddHere::WhenEnded(there) => {
            let label = format!("Add here when it ends: {name} in {there}");
            view! { <Button icon="clock" text="Add here when it ends" label why go=wait/> }.into_any()
        }
        AddHere::Waits(there) => waits(format!("Waits for {there}"), why),
        AddHere::Archived => waits("Waits until this campaign is no longer archived".to_owned(), why),
        AddHere::Coming => waits("Comes in within a minute".to_owned(), why),
    }
}

/// A button whose name says about whom; off, with the reason, for those who may not.
#[component]
fn Button(
    icon: &'static str,
    text: &'static str,
    label: String,
    why: Option<String>,
    go: Callback<()>,
) -> impl IntoView {
    let off = why.is_some();
    let title = why.clone();
    view! {
        <button type="button" class="btn sm" aria-label=label disabled=off title=title on:click=move |_| go.run(())>
            <Icon name=icon/>
            {text}
        </button>
        {why.map(|why| view! { <span class="sr">{why}</span> })}
    }
    .into_any()
}
