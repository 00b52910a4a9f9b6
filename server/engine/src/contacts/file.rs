//! Contacts as a CSV that imports again as it is.

use domain::contact::{ContactFilter, ContactSort};
use domain::{Act, CustomField, PersonField};
use sheet::export::escape_cell;
use store::contact_list::{self, Folded, ListedContact, Window};
use store::{fields, tags};
use tokio::sync::mpsc;

use super::list::position;
use crate::pieces::{Pieces, end, hand_on};
use crate::{Actor, Engine, Error, Result};

/// The header of the column that says to whom nothing may be sent.
pub(crate) const CONSENT_COLUMN: &str = "Do not contact";

/// Contacts asked for at a time.
const PAGE: i64 = 1_000;

impl Engine {
    /// Starts writing the contacts that match; the pieces come in order.
    ///
    /// # Errors
    /// As the database says.
    pub async fn contacts_file(&self, actor: &Actor, filter: &ContactFilter) -> Result<Pieces> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let fields = fields::list(&mut tx, actor.workspace).await?;
        drop(tx);
        let filter = Folded::new(filter, matching::fold_search);
        let (send, receive) = mpsc::channel(4);
        let (engine, actor) = (self.clone(), actor.clone());
        tokio::spawn(async move {
            end(&send, engine.send_contacts(&actor, &filter, &fields, &send).await, "contacts").await;
        });
        Ok(receive)
    }

    async fn send_contacts(
        &self,
        actor: &Actor,
        filter: &Folded,
        fields: &[CustomField],
        send: &mpsc::Sender<Result<Vec<u8>>>,
    ) -> Result<()> {
        let header = PersonField::ALL
            .iter()
            .map(|field| field.label())
            .chain(fields.iter().map(|field| field.name.as_str()))
            .chain(["Tags", CONSENT_COLUMN]);
        let mut piece = "\u{feff}".as_bytes().to_vec();
        piece.extend(lines([header.map(str::to_owned).collect()])?);
        let mut after = None;
        loop {
            if !hand_on(send, Ok(piece)).await {
                return Ok(());
            }
            let mut tx = self.store().read().await?;
            let window = Window { filter, sort: ContactSort::Added, descending: false, after, limit: PAGE };
            let page = contact_list::window(&mut tx, actor.workspace, &window).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(position(ContactSort::Added, last));
            let ids: Vec<_> = page.iter().map(|line| line.contact.id).collect();
            let mut tags = tags::of_contacts(&mut tx, actor.workspace, &ids).await?;
            drop(tx);
            piece = lines(page.into_iter().map(|line| {
                let tags = tags.remove(&line.contact.id).unwrap_or_default();
                cells(&line, fields, &tags)
            }))?;
        }
    }
}

fn cells(line: &ListedContact, fields: &[CustomField], tags: &[String]) -> Vec<String> {
    let contact = &line.contact;
    let own = PersonField::ALL.iter().map(|&field| contact.person.get(field).to_owned());
    let custom = fields.iter().map(|field| contact.custom.get(&field.id).cloned().unwrap_or_default());
    let silent = if contact.do_not_contact { "yes" } else { "no" };
    own.chain(custom).chain([tags.join("; "), silent.to_owned()]).collect()
}

/// Lines of CSV in which no spreadsheet runs a cell.
fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut csv = csv::WriterBuilder::new().from_writer(Vec::new());
    for row in rows {
        csv.write_record(row.iter().map(|cell| escape_cell(cell).into_owned()))
            .map_err(|_| Error::Fault("a line of CSV could not be written"))?;
    }
    csv.into_inner().map_err(|_| Error::Fault("a line of CSV could not be written"))
}
