//! The rows that did not simply go in, as a CSV of the original columns plus the reason: it imports again as it is.

use domain::ids::ImportId;
use domain::import::{ImportState, RowView};
use domain::{Act, Outcome};
use sheet::export::escape_cell;
use store::import_rows::{self, Which};
use store::imports;
use tokio::sync::mpsc;

use super::reader::Source;
use crate::{Actor, Engine, Error, Result};

/// The header of the column that is added; suggested as "don't import" when the file comes back.
pub(super) const REASON_COLUMN: &str = "Import reason";

/// Rows asked for at a time.
const PAGE: i64 = 1_000;
/// Bytes of a piece that is handed on.
const PIECE: usize = 64 * 1024;

impl Engine {
    /// Starts writing the rows with these outcomes (none: all that did not simply go in); the pieces come in order.
    ///
    /// # Errors
    /// When there is no such import.
    pub async fn reasons_file(
        &self,
        actor: &Actor,
        import: ImportId,
        outcomes: Vec<Outcome>,
    ) -> Result<mpsc::Receiver<Vec<u8>>> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let found = imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        if found.state == ImportState::Draft {
            return Err(Error::conflict("This import has not been started, so it has no results yet."));
        }
        drop(tx);
        let run = self.load_run(actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let outcomes = if outcomes.is_empty() {
            Outcome::ALL.iter().copied().filter(|o| o.is_detail()).collect()
        } else {
            outcomes
        };
        let (send_rows, receive_rows) = mpsc::channel(2);
        let (send_pieces, receive_pieces) = mpsc::channel(4);
        let source = run.source;
        tokio::task::spawn_blocking(move || write_file(&source, receive_rows, &send_pieces));
        let (engine, actor) = (self.clone(), actor.clone());
        tokio::spawn(async move {
            let which = Which { outcomes, ..Which::default() };
            if let Err(error) = engine.send_rows(&actor, import, &which, &send_rows).await {
                tracing::error!(?error, "the file of reasons broke off");
            }
        });
        Ok(receive_pieces)
    }

    /// Every row of an import in file order, in pages; for the command line.
    ///
    /// # Errors
    /// When there is no such import.
    pub async fn all_rows(&self, actor: &Actor, import: ImportId) -> Result<mpsc::Receiver<Vec<RowView>>> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        imports::get(&mut tx, actor.workspace, import).await?.ok_or(Error::NotFound("import"))?;
        let (send, receive) = mpsc::channel(2);
        let (engine, actor) = (self.clone(), actor.clone());
        tokio::spawn(async move {
            if let Err(error) = engine.send_rows(&actor, import, &Which::default(), &send).await {
                tracing::error!(?error, "the rows broke off");
            }
        });
        Ok(receive)
    }

    async fn send_rows(
        &self,
        actor: &Actor,
        import: ImportId,
        which: &Which,
        send: &mpsc::Sender<Vec<RowView>>,
    ) -> Result<()> {
        let mut after = 0;
        loop {
            let mut tx = self.store().read().await?;
            let page = import_rows::page(&mut tx, actor.workspace, import, which, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.row_number;
            let rows = self.row_views(&mut tx, actor, page).await?;
            drop(tx);
            if send.send(rows).await.is_err() {
                return Ok(());
            }
        }
    }
}

/// Goes through the file beside the rows, both in file order.
fn write_file(source: &Source, mut rows: mpsc::Receiver<Vec<RowView>>, send: &mpsc::Sender<Vec<u8>>) {
    let Ok(mut records) = sheet::open(&source.path, &source.dialect, &source.limits) else { return };
    let mut csv = csv::WriterBuilder::new().from_writer("\u{feff}".as_bytes().to_vec());
    let header = records.columns().iter().map(|c| escape_cell(c).into_owned()).chain([REASON_COLUMN.to_owned()]);
    let mut sound = csv.write_record(header.collect::<Vec<_>>()).is_ok();
    while sound && let Some(page) = rows.blocking_recv() {
        for row in page {
            let Some(Ok(record)) = records.by_ref().find(|r| r.as_ref().map_or(true, |r| r.number == row.row)) else {
                return;
            };
            let why = format!("{}: {}", row.outcome.label(), row.why);
            let cells =
                record.fields.iter().map(String::as_str).chain([why.as_str()]).map(|c| escape_cell(c).into_owned());
            sound &= csv.write_record(cells.collect::<Vec<_>>()).is_ok() && csv.flush().is_ok();
            if csv.get_ref().len() >= PIECE {
                let Ok(piece) = csv.into_inner() else { return };
                if send.blocking_send(piece).is_err() {
                    return;
                }
                csv = csv::WriterBuilder::new().from_writer(Vec::new());
            }
        }
    }
    if let Ok(piece) = csv.into_inner() {
        let _ = send.blocking_send(piece);
    }
}
