//! 4/4: manage duplicates, with what each policy would do to the whole file, then import.

use domain::DuplicatePolicy;
use domain::ids::CampaignId;
use domain::import::{DraftChange, DryRun, DryRunState, WizardStep};
use domain::policy::{DeletedRows, SuppressedRows};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::Draft;
use super::frame::{BODY_ID, StepFrame};
use super::policies::{Policies, Recommendation};
use super::select::Select;
use super::timing::sleep;
use crate::components::{Banner, Icon, TagInput, focus_after};
use crate::format::{counted, num};
use crate::server_fns::imports::{change_draft, dry_run};

/// How often a running count is asked for, in milliseconds.
const POLL: i32 = 400;

/// The fourth step.
#[component]
pub fn DuplicatesStep(draft: Draft, close: Callback<()>, campaign: Option<(CampaignId, String)>) -> impl IntoView {
    let count = RwSignal::new(None::<DryRunState>);
    let tries = RwSignal::new(0_u32);
    follow_count(draft, count, tries);
    let started = RwSignal::new(false);
    Effect::new(move |_| {
        if draft.refused.with(Option::is_some) {
            started.set(false);
        }
    });
    let ready =
        Signal::derive(move || !started.get() && !count.with(|count| matches!(count, Some(DryRunState::Refused(_)))));
    let next = move |()| {
        started.set(true);
        draft.moved.set_value(true);
        draft.run();
    };
    let next_text = if campaign.is_some() { "Import leads" } else { "Import contacts" };
    let ready_count = Memo::new(move |_| match count.get() {
        Some(DryRunState::Ready(run)) => Some(run),
        _ => None,
    });
    view! {
        <StepFrame draft close step=WizardStep::Duplicates ready next next_text>
            <fieldset class="stack-sm">
                <legend class="section-title">"Manage duplicates"</legend>
                <Counting draft count tries/>
                <Policies draft count=ready_count campaign=campaign.map(|(_, name)| name)/>
                <IgnoreArchived draft/>
                <Recommendation draft/>
            </fieldset>
            <Pending draft count=ready_count/>
            <div class="split">
                <Tags draft/>
                <Exceptions draft count=ready_count/>
            </div>
        </StepFrame>
    }
    .into_any()
}

/// Asks for the count until it is there, and again after each choice that changes it, and at each try.
fn follow_count(draft: Draft, count: RwSignal<Option<DryRunState>>, tries: RwSignal<u32>) {
    let matters = Memo::new(move |_| {
        let mut settings = draft.view.with(|view| view.settings.clone());
        // Neither changes what would become of a row; all three policies are counted at once.
        settings.policy = DuplicatePolicy::Active;
        settings.tags.clear();
        settings
    });
    let turn = StoredValue::new(0_u64);
    Effect::new(move |_| {
        // Read, not only tracked: a memo that nobody read follows nothing itself.
        matters.with(|_| ());
        tries.track();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        spawn_local(async move {
            loop {
                let answer = dry_run(draft.id).await;
                if turn.try_get_value() != Some(mine) {
                    return;
                }
                match answer {
                    Ok(state) => {
                        let goes_on = matches!(state, DryRunState::Running { .. });
                        count.set(Some(state));
                        if !goes_on {
                            return;
                        }
                    }
                    Err(failure) => return count.set(Some(DryRunState::Refused(failure.to_string()))),
                }
                sleep(POLL).await;
                if turn.try_get_value() != Some(mine) {
                    return;
                }
            }
        });
    });
}

/// How far the count is; screen readers hear only that it began and what came of it.
#[component]
fn Counting(draft: Draft, count: RwSignal<Option<DryRunState>>, tries: RwSignal<u32>) -> impl IntoView {
    // The server keeps a count that failed until the step is entered again.
    let again = Callback::new(move |()| {
        count.set(None);
        focus_after(BODY_ID);
        spawn_local(async move {
            match change_draft(draft.id, DraftChange::Step(WizardStep::Duplicates)).await {
                Ok(_) => _ = tries.try_update(|tries| *tries += 1),
                Err(failure) => _ = count.try_set(Some(DryRunState::Refused(failure.to_string()))),
            }
        });
    });
    let spoken = Memo::new(move |_| match count.get() {
        None | Some(DryRunState::Running { .. }) => "Counting the whole file".to_owned(),
        Some(DryRunState::Ready(run)) => format!("Counted {}", counted(run.rows, "row", "rows")),
        Some(DryRunState::Refused(_)) => String::new(),
    });
    view! {
        <p class="sr" role="status">{move || spoken.get()}</p>
        {move || match count.get() {
            None => view! { <p class="hint mb3">"Counting the whole file…"</p> }.into_any(),
            Some(DryRunState::Running { done, rows }) => {
                view! { <p class="hint mb3 num">{format!("Counting… {} of {} rows", num(done), num(rows))}</p> }.into_any()
            }
            Some(DryRunState::Ready(run)) => {
                view! { <p class="hint mb3 num">{format!("Counted over all {}. Nothing is imported yet.", counted(run.rows, "row", "rows"))}</p> }
                    .into_any()
            }
            Some(DryRunState::Refused(sentence)) => {
                let action = view! {
                    <button type="button" class="btn sm" on:click=move |_| again.run(())><Icon name="refresh"/>"Count again"</button>
                };
                view! {
                    <Banner class="fail" alert=true title="The file could not be counted" action=action.into_any()>{sentence}</Banner>
                }
                .into_any()
            }
        }}
    }
    .into_any()
}

/// Archived campaigns block under `workspace`, unless someone says otherwise (R10).
#[component]
fn IgnoreArchived(draft: Draft) -> impl IntoView {
    let shown = Memo::new(move |_| draft.view.with(|view| view.settings.policy == DuplicatePolicy::Workspace));
    let checked = move || draft.view.with(|view| view.settings.ignore_archived);
    view! {
        <Show when=move || shown.get()>
            <label class="check">
                <input
                    type="checkbox"
                    checked=untrack(checked)
                    prop:checked=checked
                    on:change=move |event| draft.save(DraftChange::IgnoreArchived(event_target_checked(&event)))
                />
                "Ignore archived campaigns"
            </label>
        </Show>
    }
    .into_any()
}

/// What the chosen policy lets in although it waits elsewhere (R15).
#[component]
fn Pending(draft: Draft, count: Memo<Option<DryRun>>) -> impl IntoView {
    let pending = Memo::new(move |_| {
        let policy = draft.view.with(|view| view.settings.policy);
        count.with(|run| run.as_ref().and_then(|run| run.of(policy)).map_or(0, |preview| preview.pending_elsewhere))
    });
    move || {
        let n = pending.get();
        (n > 0).then(|| {
            let title = match n {
                1 => "1 of the leads to import is still “to launch” elsewhere".to_owned(),
                n => format!("{} of the leads to import are still “to launch” elsewhere", num(n)),
            };
            view! {
                <Banner icon="dashed" title>
                    "They don’t block now. They are checked again when either campaign launches."
                </Banner>
            }
        })
    }
}

#[component]
fn Tags(draft: Draft) -> impl IntoView {
    let tags = Signal::derive(move || draft.view.with(|view| view.settings.tags.clone()));
    view! {
        <div class="field">
            <label for="import-tags">"Tags for these leads"</label>
            <TagInput id="import-tags" tags on_change=move |tags| draft.save(DraftChange::Tags(tags))/>
            <p class="hint"><Icon name="tag"/>"A source tag shows later where a duplicate came from."</p>
        </div>
    }
    .into_any()
}

/// People who were deleted here before, and people not to contact: asked for only when the file has some (R8, R9).
#[component]
fn Exceptions(draft: Draft, count: Memo<Option<DryRun>>) -> impl IntoView {
    // A question that was asked stays while the file is counted again.
    let last = move |read: fn(&DryRun) -> u64| {
        Memo::new(move |before: Option<&u64>| {
            count.with(|run| run.as_ref().map(read)).or(before.copied()).unwrap_or_default()
        })
    };
    let (deleted, suppressed) = (last(|run| run.deleted), last(|run| run.suppressed));
    let deleted_label = Signal::derive(move || {
        format!("{} in the file: deleted here before", counted(deleted.get(), "person", "people"))
    });
    let suppressed_label = Signal::derive(move || {
        format!("{} in the file: must not be contacted", counted(suppressed.get(), "person", "people"))
    });
    let deleted_options =
        options([(DeletedRows::Skip.word(), "Leave them out"), (DeletedRows::Restore.word(), "Restore them")]);
    let suppressed_options = options([
        (SuppressedRows::Store.word(), "Import them, never send to them"),
        (SuppressedRows::LeaveOut.word(), "Leave them out"),
    ]);
    let deleted_now = Signal::derive(move || draft.view.with(|view| view.settings.deleted.word().to_owned()));
    let suppressed_now = Signal::derive(move || draft.view.with(|view| view.settings.suppressed.word().to_owned()));
    let set_deleted = move |word: String| {
        if let Ok(choice) = word.parse() {
            draft.save(DraftChange::Deleted(choice));
        }
    };
    let set_suppressed = move |word: String| {
        if let Ok(choice) = word.parse() {
            draft.save(DraftChange::Suppressed(choice));
        }
    };
    let asks_deleted = Memo::new(move |_| deleted.get() > 0);
    let asks_suppressed = Memo::new(move |_| suppressed.get() > 0);
    view! {
        <div class="stack">
            <Show when=move || asks_deleted.get()>
                <Select id="deleted" label=deleted_label options=deleted_options value=deleted_now on_change=set_deleted/>
            </Show>
            <Show when=move || asks_suppressed.get()>
                <Select
                    id="suppressed"
                    label=suppressed_label
                    options=suppressed_options
                    value=suppressed_now
                    on_change=set_suppressed
                />
            </Show>
        </div>
    }
    .into_any()
}

fn options<const N: usize>(list: [(&str, &str); N]) -> Signal<Vec<(String, String)>> {
    Signal::stored(list.map(|(word, label)| (word.to_owned(), label.to_owned())).to_vec())
}
