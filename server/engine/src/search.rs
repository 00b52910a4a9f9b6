//! A search of the whole workspace, for the palette.

use domain::contact::{ContactFilter, ContactSort};
use domain::found::{Found, FoundCampaign, FoundContact};
use domain::{Act, PersonField};
use store::campaigns;
use store::contact_list::{self, Folded, Window};

use crate::{Actor, Engine, Result};

/// So many of each kind.
const SHOWN: usize = 8;

impl Engine {
    /// The first campaigns and contacts that match; nothing for an empty search.
    ///
    /// # Errors
    /// As the database says.
    pub async fn search(&self, actor: &Actor, search: &str) -> Result<Found> {
        actor.may(Act::Look)?;
        let wanted = matching::fold_search(search);
        if wanted.is_empty() {
            return Ok(Found::default());
        }
        let mut tx = self.store().read().await?;
        let mut found = Vec::new();
        for archived in [false, true] {
            let listed = campaigns::list(&mut tx, actor.workspace, archived).await?;
            let matching = listed.into_iter().filter(|one| matching::fold_search(&one.name).contains(&wanted));
            found.extend(matching.map(|one| FoundCampaign { id: one.id, name: one.name, archived }));
        }
        found.truncate(SHOWN);
        let filter = ContactFilter { search: search.to_owned(), ..ContactFilter::default() };
        let filter = Folded::new(&filter, matching::fold_search);
        let (sort, limit) = (ContactSort::Added, SHOWN as i64);
        let window = Window { filter: &filter, sort, descending: true, after: None, limit };
        let listed = contact_list::window(&mut tx, actor.workspace, &window).await?;
        let contacts = listed.into_iter().map(|line| FoundContact {
            id: line.contact.id,
            name: line.contact.person.display_name(),
            email: line.contact.person.get(PersonField::Email).to_owned(),
            company: line.contact.person.get(PersonField::CompanyName).to_owned(),
        });
        Ok(Found { campaigns: found, contacts: contacts.collect() })
    }
}
