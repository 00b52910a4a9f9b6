//! What can be done to a campaign, from the list and from its own page.

use domain::campaign::{Archived, CampaignRow, Unarchived};
use domain::ids::CampaignId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::components::{AskText, Confirm, Toasts, use_toasts};
use crate::format::counted;
use crate::server_fns::campaigns::{archive_campaign, create_campaign, rename_campaign, unarchive_campaign};
use crate::state::{Refresh, use_refresh};

/// The dialog that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asking {
    /// For the name of a new campaign.
    Create,
    /// For another name.
    Rename(CampaignRow),
    /// Whether so many active leads should be ended with the campaign (A78).
    EndAndArchive(CampaignRow, u64),
}

/// Archives and brings back; asks through `asking` where a person has to decide.
#[derive(Clone, Copy)]
pub struct Acts {
    asking: RwSignal<Option<Asking>>,
    refresh: Refresh,
    toasts: Toasts,
}

/// The acts of a page that shows `CampaignActs` with the same signal.
pub fn use_campaign_acts(asking: RwSignal<Option<Asking>>) -> Acts {
    Acts { asking, refresh: use_refresh(), toasts: use_toasts() }
}

impl Acts {
    /// Archives; with `end_active` the active leads become done first.
    pub fn archive(self, row: CampaignRow, end_active: bool) {
        let Acts { asking, refresh, toasts } = self;
        spawn_local(async move {
            match archive_campaign(row.id, end_active).await {
                Ok(Archived::HasActive(leads)) => asking.set(Some(Asking::EndAndArchive(row, leads))),
                Ok(Archived::Done) => {
                    asking.set(None);
                    refresh.ring();
                    let text = format!("“{}” is archived.", row.name);
                    if end_active {
                        toasts.say(format!("{text} Its active leads were ended."));
                    } else {
                        toasts.offer(text, "Undo", move || bring_back(row.id, row.name.clone(), refresh, toasts));
                    }
                }
                Err(failure) => {
                    asking.set(None);
                    toasts.fail(&failure);
                }
            }
        });
    }

    /// Brings an archived campaign back.
    pub fn unarchive(self, row: CampaignRow) {
        bring_back(row.id, row.name, self.refresh, self.toasts);
    }
}

fn bring_back(campaign: CampaignId, name: String, refresh: Refresh, toasts: Toasts) {
    spawn_local(async move {
        match unarchive_campaign(campaign).await {
            Ok(Unarchived { ended }) => {
                refresh.ring();
                let mut text = format!("“{name}” is open again.");
                if ended > 0 {
                    text.push_str(&format!(
                        " {} ended: in progress in another campaign, or not to be contacted.",
                        counted(ended, "active lead was", "active leads were"),
                    ));
                }
                toasts.say(text);
            }
            Err(failure) => toasts.fail(&failure),
        }
    });
}

/// The dialogs of `Asking`.
#[component]
pub fn CampaignActs(asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let acts = use_campaign_acts(asking);
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let close = move |()| {
        asking.set(None);
        error.set(None);
    };
    let navigate = use_navigate();
    let create = Callback::new(move |name: String| {
        let navigate = navigate.clone();
        busy.set(true);
        spawn_local(async move {
            let created = create_campaign(name).await;
            busy.set(false);
            match created {
                Ok(campaign) => {
                    close(());
                    acts.refresh.ring();
                    navigate(&format!("/campaigns/{campaign}"), NavigateOptions::default());
                }
                Err(failure) => error.set(Some(failure.0.message)),
            }
        });
    });
    let rename = Callback::new(move |(campaign, name): (CampaignId, String)| {
        busy.set(true);
        spawn_local(async move {
            let renamed = rename_campaign(campaign, name.clone()).await;
            busy.set(false);
            match renamed {
                Ok(()) => {
                    close(());
                    acts.refresh.ring();
                    acts.toasts.say(format!("The campaign is called “{name}” now."));
                }
                Err(failure) => error.set(Some(failure.0.message)),
            }
        });
    });
    move || {
        asking.get().map(|asking| match asking {
            Asking::Create => view! {
                <AskText title="New campaign" label="Name" hint="Your team sees this name when an import meets its leads." yes="Create campaign" error busy on_yes=create on_close=close/>
            }
            .into_any(),
            Asking::Rename(row) => view! {
                <AskText title="Rename campaign" label="Name" value=row.name.clone() yes="Rename" error busy on_yes=move |name| rename.run((row.id, name)) on_close=close/>
            }
            .into_any(),
            Asking::EndAndArchive(row, leads) => {
                let text = format!(
                    "{} still active in “{}”. Archiving ends them: nobody is written to from this campaign any more, and they count as ended for imports into other campaigns.",
                    counted(leads, "lead is", "leads are"),
                    row.name,
                );
                view! {
                    <Confirm title="End active leads and archive?" text yes="End them and archive" on_yes=move |()| acts.archive(row.clone(), true) on_close=close/>
                }
                .into_any()
            }
        })
    }
}
