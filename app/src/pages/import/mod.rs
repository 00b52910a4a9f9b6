//! The import wizard (A24): a dialog of four steps over the campaign, then the running import, then its summary.
//!
//! The draft lives on the server; a reload or a second tab opens the step that was last seen.

mod cleaning;
mod detected;
mod draft;
mod drop;
mod duplicates;
mod fields;
mod frame;
mod identifiers;
mod mapping_row;
mod policies;
mod progress;
mod select;
mod start;
mod summary;
mod timing;
mod transfer;
mod upload;
mod use_cases;
mod watch;
pub mod words;

use domain::ids::{CampaignId, ImportId};
use domain::import::{DraftView, FileView, ImportState, ImportSummary, UseCaseView, WizardStep};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::components::{Dialog, FailureBanner};
use crate::server_fns::imports::{get_draft, get_import_summary, use_cases};
use crate::state::{no_such_page, use_id, use_refresh};
use cleaning::CleaningStep;
use draft::Draft;
use duplicates::DuplicatesStep;
use fields::FieldsStep;
pub use progress::RunningImport;
pub use start::{ImportContacts, LoadSample};
pub use summary::{SummaryBody, SummaryFoot, has_details};
pub use timing::sleep;
use upload::UploadStep;
pub use watch::{ImportWatch, use_import_watch};

/// Where the wizard is. A step carries what is settled before it opens and does not change while it is open.
#[derive(Clone, PartialEq)]
enum Step {
    /// 1/4: nothing is known yet.
    Upload,
    /// 2/4: there is a file.
    Fields(FileView),
    /// 3/4: every column has its place.
    Cleaning(FileView),
    /// 4/4: what will be imported is settled; into which campaign.
    Duplicates(Option<(CampaignId, String)>),
    /// The server is taking the rows.
    Running,
    /// Every row that was taken has its outcome.
    Over,
}

impl Step {
    /// The step a draft is on: the one last seen, or the first that still lacks something.
    fn of(draft: &DraftView) -> Step {
        match draft.state {
            ImportState::Draft => {}
            ImportState::Queued | ImportState::Running => return Step::Running,
            ImportState::Done | ImportState::Failed | ImportState::Stopped | ImportState::Undone => return Step::Over,
        }
        let Some(file) = draft.file.clone().filter(|file| file.rows > 0) else { return Step::Upload };
        match draft.step {
            WizardStep::Upload => Step::Upload,
            WizardStep::Fields => Step::Fields(file),
            WizardStep::Cleaning | WizardStep::Duplicates if !draft.problems.is_empty() => Step::Fields(file),
            WizardStep::Cleaning => Step::Cleaning(file),
            WizardStep::Duplicates => Step::Duplicates(draft.campaign.clone()),
        }
    }
}

/// The address of an import's wizard: over its campaign, or over the contacts when it has none.
pub fn import_path(campaign: Option<CampaignId>, import: ImportId) -> String {
    match campaign {
        Some(campaign) => format!("/campaigns/{campaign}/import/{import}"),
        None => format!("/contacts/import/{import}"),
    }
}

/// Where an import's dialog leads back to: the lead list, or the contacts when there is no campaign.
pub fn home_path(campaign: Option<CampaignId>) -> String {
    campaign.map_or_else(|| "/contacts".to_owned(), |campaign| format!("/campaigns/{campaign}"))
}

/// What the page needs at once, loaded as one: server and browser match resources by the order they are made in, so
/// none may be made below a part that has to arrive first.
#[derive(Clone, Serialize, Deserialize)]
struct Loaded {
    draft: DraftView,
    /// On the steps that show them.
    use_cases: Option<Vec<UseCaseView>>,
    /// Of an import that is over.
    summary: Option<ImportSummary>,
}

async fn load(import: ImportId) -> Result<Loaded, Failure> {
    let draft = get_draft(import).await?;
    let (mut cases, mut summary) = (None, None);
    match Step::of(&draft) {
        Step::Fields(_) | Step::Cleaning(_) => cases = Some(use_cases(import).await?),
        Step::Over => summary = Some(get_import_summary(import).await?),
        Step::Upload | Step::Duplicates(_) | Step::Running => {}
    }
    Ok(Loaded { draft, use_cases: cases, summary })
}

fn title(campaign: Option<CampaignId>) -> &'static str {
    if campaign.is_some() { "Import leads" } else { "Import contacts" }
}

/// The page of the wizard.
#[component]
pub fn ImportPage() -> impl IntoView {
    let import = use_id::<ImportId>("import");
    let loaded =
        Resource::new(move || import.get(), |import| async move { load(import.ok_or_else(no_such_page)?).await });
    let campaign = use_id::<CampaignId>("campaign");
    view! {
        <Title text=move || title(campaign.get())/>
        <Transition>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(loaded) => view! { <Wizard loaded/> }.into_any(),
                    Err(failure) => view! { <NotShown failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// The dialog of an import that cannot be shown, such as a draft that was discarded in another tab.
#[component]
fn NotShown(failure: Failure) -> impl IntoView {
    let campaign = use_id::<CampaignId>("campaign");
    let navigate = use_navigate();
    let close = Callback::new(move |()| navigate(&home_path(campaign.get_untracked()), Default::default()));
    view! {
        <Dialog labelled_by=frame::TITLE_ID class="small" on_close=close>
            <frame::PlainHead title=title(campaign.get_untracked()) close/>
            <div class="dialog-body"><FailureBanner failure/></div>
            <footer>
                <span class="spacer"></span>
                <button type="button" class="btn primary" on:click=move |_| close.run(())>"Back"</button>
            </footer>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Wizard(loaded: Loaded) -> impl IntoView {
    let Loaded { draft: view, use_cases, summary } = loaded;
    let campaign = view.campaign.clone();
    let draft = Draft::new(view);
    draft.first_cases.set_value(use_cases);
    draft.first_summary.set_value(summary);
    let step = Memo::new(move |_| draft.view.with(Step::of));
    // One dialog from the first step to the summary: it only gets narrower once the steps are behind.
    let class = Signal::derive(move || match step.get() {
        Step::Running | Step::Over => "narrow",
        Step::Upload | Step::Fields(_) | Step::Cleaning(_) | Step::Duplicates(_) => "",
    });
    let home = StoredValue::new(home_path(campaign.as_ref().map(|(id, _)| *id)));
    let navigate = use_navigate();
    let close = Callback::new(move |()| {
        draft.take_names();
        navigate(&home.get_value(), Default::default());
    });
    view! {
        <Dialog labelled_by=frame::TITLE_ID class on_close=close>
            {move || match step.get() {
                Step::Upload => view! { <UploadStep draft close/> }.into_any(),
                Step::Fields(file) => view! { <FieldsStep draft close file/> }.into_any(),
                Step::Cleaning(file) => view! { <CleaningStep draft close file/> }.into_any(),
                Step::Duplicates(campaign) => view! { <DuplicatesStep draft close campaign/> }.into_any(),
                Step::Running => view! { <RunningStep draft close/> }.into_any(),
                Step::Over => view! { <OverStep draft close/> }.into_any(),
            }}
        </Dialog>
    }
    .into_any()
}

#[component]
fn RunningStep(draft: Draft, close: Callback<()>) -> impl IntoView {
    let name = draft.view.with_untracked(|view| view.file.as_ref().map(|file| file.name.clone()));
    let title = name.map_or_else(|| "Importing".to_owned(), |name| format!("Importing {name}"));
    let over = Callback::new(move |()| {
        draft.moved.set_value(true);
        leptos::task::spawn_local(draft.reload());
    });
    view! {
        <frame::PlainHead title close/>
        <RunningImport import=draft.id over leave=close focus=draft.moved.get_value()/>
    }
    .into_any()
}

#[component]
fn OverStep(draft: Draft, close: Callback<()>) -> impl IntoView {
    let state = draft.view.with_untracked(|view| view.state);
    // A small file is done before its progress was ever shown: the list below has to be read again here too.
    let refresh = use_refresh();
    Effect::new(move |_| {
        if draft.moved.get_value() {
            refresh.ring();
        }
    });
    let again = Callback::new(move |()| {
        draft.moved.set_value(true);
        leptos::task::spawn_local(draft.reload());
    });
    view! {
        <frame::PlainHead title=words::over_title(state).to_owned() close/>
        <summary::SummaryInDialog draft resumed=again done=close/>
    }
    .into_any()
}
