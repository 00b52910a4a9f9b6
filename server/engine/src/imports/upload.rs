//! The file of a draft: it comes in, is looked at, and its columns are mapped; it goes when nobody has it any more.

use std::path::{Path, PathBuf};

use domain::ids::{ImportId, WorkspaceId};
use domain::import::{ColumnMapping, DraftView, ImportSettings, Target, usual_identifiers};
use domain::{Act, CustomField};
use matching::{Key, KeyKind};
use serde::{Deserialize, Serialize};
use sheet::{Inspection, Overrides};
use store::imports::{self, Import};
use store::{Tx, audit, fields};

use super::headers;
use crate::random::random_hex;
use crate::{Actor, Engine, Error, Result};

/// A place of our own naming for a file on its way in. The file is gone again when this is dropped, unless an import has
/// taken it.
#[derive(Debug)]
pub struct Upload {
    engine: Engine,
    name: String,
    kept: bool,
}

impl Upload {
    fn new(engine: &Engine) -> Result<Self> {
        let name = random_hex::<16>()?;
        engine.coming_in(|names| names.insert(name.clone()));
        Ok(Upload { engine: engine.clone(), name, kept: false })
    }

    /// Where the file may be written.
    pub fn place(&self) -> PathBuf {
        self.engine.upload_path(&self.name)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(self.place());
        }
        self.engine.coming_in(|names| names.remove(&self.name));
    }
}

/// Where the mapping of a file's columns begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mapping {
    /// As the same headers were mapped last time: the wizard shows it, and remembers what is chosen.
    Remembered,
    /// By the headers alone, where nobody looks at it first.
    ByHeader,
}

/// How columns with some headers were mapped.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Memory {
    columns: Vec<ColumnMapping>,
    #[serde(default)]
    first_filled: Vec<Target>,
}

impl Engine {
    /// Where an upload of a draft may be streamed to.
    ///
    /// # Errors
    /// When there is no such draft, or the caller may not import.
    pub async fn place_for_upload(&self, actor: &Actor, import: ImportId) -> Result<Upload> {
        actor.may(Act::Import)?;
        self.draft_row(actor, import).await?;
        Upload::new(self)
    }

    /// Takes a file that has been uploaded: looks at it and suggests where its columns go. A file that cannot be read
    /// is thrown away and the draft stays as it was.
    ///
    /// # Errors
    /// The sentence of the file's fault.
    pub async fn take_upload(
        &self,
        actor: &Actor,
        import: ImportId,
        upload: Upload,
        name: &str,
        bytes: u64,
    ) -> Result<DraftView> {
        self.take_in(actor, import, upload, (name, bytes), Mapping::Remembered).await
    }

    /// Takes a file where it lies, for the command line: its columns are mapped by their headers.
    ///
    /// # Errors
    /// The sentence of the file's fault.
    pub async fn take_file(&self, actor: &Actor, import: ImportId, file: &Path) -> Result<DraftView> {
        let name = file_name(file);
        let upload = self.place_for_upload(actor, import).await?;
        let copied = tokio::fs::copy(file, upload.place()).await;
        let bytes = copied.map_err(|e| Error::file("The file could not be read", &e))?;
        self.take_in(actor, import, upload, (&name, bytes), Mapping::ByHeader).await
    }

    /// Looking takes a while, so nothing is locked meanwhile, and afterwards only what depends on the file is changed:
    /// what else was chosen in the wizard by then stays.
    async fn take_in(
        &self,
        actor: &Actor,
        import: ImportId,
        mut upload: Upload,
        (name, bytes): (&str, u64),
        mapping: Mapping,
    ) -> Result<DraftView> {
        actor.may(Act::Import)?;
        self.draft_row(actor, import).await?;
        let inspection = self.look_at(upload.place(), Overrides::default()).await?;
        let mut tx = self.store().write().await?;
        let now = self.now();
        let mut found = self.locked_draft(&mut tx, actor, import).await?;
        let old = std::mem::replace(&mut found.file_path, upload.name.clone());
        found.file_name = name.chars().filter(|c| !c.is_control()).take(200).collect();
        found.file_bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        found.detection = String::new();
        found.again_of = None;
        self.take_inspection(&mut tx, actor, &mut found, &inspection, mapping).await?;
        imports::save_draft(&mut tx, actor.workspace, &found, now).await?;
        audit::record(&mut tx, self.event(actor, "import.upload", import.to_string(), "")).await?;
        let unused = self.unused_file(&mut tx, actor.workspace, &old).await?;
        tx.commit().await?;
        upload.kept = true;
        self.remove_file(unused).await;
        found.updated_at = now;
        self.view(&mut self.store().read().await?, actor, found).await
    }

    /// How a file is written, and what is in it.
    pub(super) async fn look_at(&self, path: PathBuf, overrides: Overrides) -> Result<Inspection> {
        let limits = self.0.limits;
        let looked = tokio::task::spawn_blocking(move || sheet::inspect(&path, &overrides, &limits)).await;
        Ok(looked.map_err(|_| Error::Fault("inspecting was interrupted"))??)
    }

    /// Changes what depends on the file, and nothing else.
    pub(super) async fn take_inspection(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        found: &mut Import,
        inspection: &Inspection,
        mapping: Mapping,
    ) -> Result<()> {
        let fields = fields::list(tx, actor.workspace).await?;
        let to_campaign = found.campaign.is_some();
        let remembered = match mapping {
            Mapping::Remembered => remembered(tx, actor.workspace, inspection, to_campaign, &fields).await?,
            Mapping::ByHeader => None,
        };
        let memory = remembered.unwrap_or_else(|| Memory {
            columns: suggested(inspection, to_campaign, &fields),
            first_filled: Vec::new(),
        });
        let mut settings: ImportSettings = serde_json::from_str(&found.settings)?;
        settings.columns = memory.columns;
        settings.first_filled = memory.first_filled;
        settings.identifiers = usual_identifiers();
        settings.use_cases.clear();
        settings.again = None;
        found.settings = serde_json::to_string(&settings)?;
        found.total_rows = i64::try_from(inspection.row_count).unwrap_or(i64::MAX);
        found.dry_run_key = String::new();
        found.inspection = serde_json::to_string(inspection)?;
        Ok(())
    }

    pub(crate) fn upload_path(&self, name: &str) -> PathBuf {
        self.0.uploads.join(name)
    }

    /// The file, when no import of the workspace has it.
    pub(super) async fn unused_file(&self, tx: &mut Tx, workspace: WorkspaceId, name: &str) -> Result<Option<PathBuf>> {
        let used = name.is_empty() || imports::has_file(tx, workspace, name).await?;
        Ok((!used).then(|| self.upload_path(name)))
    }

    /// Removes a file that is unused; one that stays behind is swept some day.
    pub(super) async fn remove_file(&self, file: Option<PathBuf>) {
        if let Some(file) = file {
            let _ = tokio::fs::remove_file(file).await;
        }
    }

    /// Removes files that no import has and that have lain there since before a moment: what a server that died left
    /// behind. Says how many.
    pub(crate) async fn sweep_uploads(&self, before: i64) -> Result<u64> {
        let folder = self.0.uploads.clone();
        let listed = tokio::task::spawn_blocking(move || old_files(&folder, before)).await;
        let listed = listed.map_err(|_| Error::Fault("listing the uploads was interrupted"))?;
        let mut names = listed.map_err(|e| Error::file("The folder of uploads could not be read", &e))?;
        // first those on their way in: whatever is none any more, its import names
        self.coming_in(|coming| names.retain(|name| !coming.contains(name)));
        let named = imports::files_among(&mut self.store().read().await?, &names).await?;
        names.retain(|name| !named.contains(name));
        for name in &names {
            self.remove_file(Some(self.upload_path(name))).await;
        }
        Ok(names.len() as u64)
    }
}

/// The name of a file as people know it.
pub(super) fn file_name(file: &Path) -> String {
    file.file_name().map_or_else(|| "file".to_owned(), |n| n.to_string_lossy().into_owned())
}

fn old_files(folder: &Path, before: i64) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(about) = entry.metadata() else { continue };
        let changed = about.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        let old = changed.is_some_and(|since| i64::try_from(since.as_millis()).is_ok_and(|at| at < before));
        if about.is_file() && old {
            names.extend(entry.file_name().into_string());
        }
    }
    Ok(names)
}

/// Where the columns of a file go by their headers.
pub(super) fn suggested(inspection: &Inspection, to_campaign: bool, fields: &[CustomField]) -> Vec<ColumnMapping> {
    headers::suggest(&inspection.columns, &inspection.sample, to_campaign, fields)
        .into_iter()
        .map(|target| ColumnMapping { target, overwrite: None })
        .collect()
}

/// How the same headers were mapped last time; a field that is gone is skipped.
async fn remembered(
    tx: &mut Tx,
    workspace: WorkspaceId,
    inspection: &Inspection,
    to_campaign: bool,
    fields: &[CustomField],
) -> Result<Option<Memory>> {
    let found = imports::remembered_columns(tx, workspace, &headers_key(inspection, to_campaign)).await?;
    let memory: Option<Memory> = found.map(|json| serde_json::from_str(&json)).transpose()?;
    let memory = memory.and_then(|Memory { columns, first_filled }| {
        Some(Memory { columns: headers::with_reasons(columns, &inspection.columns)?, first_filled })
    });
    Ok(memory.map(|mut memory| {
        let gone = |t: &Target| matches!(t, Target::Custom(id) if !fields.iter().any(|f| f.id == *id));
        memory.columns.iter_mut().filter(|c| gone(&c.target)).for_each(|c| c.target = Target::Skip);
        memory.first_filled.retain(|t| memory.columns.iter().filter(|c| c.target == *t).count() > 1);
        memory
    }))
}

/// Remembers how the columns of a draft were mapped.
pub(super) async fn remember(tx: &mut Tx, workspace: WorkspaceId, draft: &Import, now: i64) -> Result<()> {
    let inspection: Inspection = serde_json::from_str(&draft.inspection)?;
    let settings: ImportSettings = serde_json::from_str(&draft.settings)?;
    let columns = headers::without_reasons(&settings.columns, &inspection.columns);
    let memory = serde_json::to_string(&Memory { columns, first_filled: settings.first_filled })?;
    let key = headers_key(&inspection, draft.campaign.is_some());
    Ok(imports::remember_columns(tx, workspace, &key, &memory, now).await?)
}

/// The headers as they are remembered: for a campaign and without one, since only a campaign has variables. Our own file
/// of reasons is the file it was made from, with one column more.
fn headers_key(inspection: &Inspection, to_campaign: bool) -> [u8; 16] {
    let mut folded = vec![if to_campaign { "campaign" } else { "contacts" }.to_owned()];
    let columns = inspection.columns.iter().filter(|column| !sheet::export::is_reason_column(column));
    folded.extend(columns.map(|column| matching::fold_header(column)));
    *Key::of(KeyKind::Text, &folded.join("\u{1f}")).as_bytes()
}
