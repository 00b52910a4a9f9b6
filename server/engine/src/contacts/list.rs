//! Pages of the contacts by keyset, what their filters choose from, and one contact.

use domain::Act;
use domain::contact::{
    ContactChoices, ContactField, ContactPage, ContactPanel, ContactQuery, ContactRow, ContactSort, FieldOrigin,
};
use domain::ids::{CampaignId, ContactId};
use store::contact_list::{self, Folded, ListedContact, Window};
use store::{Position, Tx, campaigns, consent, contact_history, contacts, fields, leads, tags};

use crate::leads::change::keys_of;
use crate::paging::Turn;
use crate::{Actor, Engine, Error, Result};

impl Engine {
    /// One page of the workspace's contacts, read by keyset in either direction.
    ///
    /// # Errors
    /// When the cursor is not one of ours.
    pub async fn list_contacts(&self, actor: &Actor, query: &ContactQuery) -> Result<ContactPage> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let filter = Folded::new(&query.filter, matching::fold_search);
        let (matching, total) = count(&mut tx, actor, &filter).await?;
        let turn = Turn::read(query.cursor.as_deref())?;
        // newest first is the natural order of arrival; names and companies go from A to Z
        let descending = (query.sort == ContactSort::Added) != query.reverse;
        let window = Window {
            filter: &filter,
            sort: query.sort,
            descending: descending != turn.backwards(),
            after: turn.after(),
            limit: turn.limit(),
        };
        let lines = contact_list::window(&mut tx, actor.workspace, &window).await?;
        let page = turn.page(lines, |line| position(query.sort, line));
        let rows = contact_rows(&mut tx, actor, page.lines).await?;
        Ok(ContactPage { matching, total, first: page.first, next: page.next, previous: page.previous, rows })
    }

    /// The tags, campaigns and fields that filters, columns and the panel choose from.
    ///
    /// # Errors
    /// As the database says.
    pub async fn get_contact_choices(&self, actor: &Actor) -> Result<ContactChoices> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let open = campaigns::list(&mut tx, actor.workspace, false).await?;
        Ok(ContactChoices {
            tags: tags::names(&mut tx, actor.workspace).await?,
            campaigns: open.into_iter().map(|campaign| (campaign.id, campaign.name)).collect(),
            fields: fields::list(&mut tx, actor.workspace).await?,
        })
    }

    /// Everything the side panel shows of one contact; of one that was merged, the contact that took it in.
    ///
    /// # Errors
    /// When there is no such contact, or it was deleted.
    pub async fn get_contact(&self, actor: &Actor, contact: ContactId) -> Result<ContactPanel> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        let id = live_contact(&mut tx, actor, contact).await?;
        let line = contact_list::get(&mut tx, actor.workspace, id).await?.ok_or(Error::NotFound("contact"))?;
        let origins = line.contact.origins.clone();
        let row = contact_rows(&mut tx, actor, vec![line]).await?.pop().ok_or(Error::NotFound("contact"))?;
        let came = contact_history::sources(&mut tx, actor.workspace, id).await?;
        let mut asked: Vec<_> = came.iter().map(|(kind, id, _)| (*kind, *id)).collect();
        asked.extend(origins.values().map(|origin| (origin.kind, origin.id)));
        asked.sort_unstable();
        asked.dedup();
        let names = contact_history::source_names(&mut tx, actor.workspace, &asked).await?;
        let sources: Vec<_> = came.into_iter().map(|(kind, id, at)| names.line(kind, id, at)).collect();
        let origins = origins
            .iter()
            .filter_map(|(word, origin)| {
                let field: ContactField = word.parse().ok()?;
                Some(FieldOrigin { field, source: names.line(origin.kind, origin.id, origin.at) })
            })
            .collect();
        let known = fields::list(&mut tx, actor.workspace).await?;
        let keys: Vec<_> = keys_of(&mut tx, actor.workspace, &[id]).await?.remove(&id).unwrap_or_default();
        let addresses = contacts::addresses(&mut tx, actor.workspace, &[id]).await?;
        let history = self.contact_history(&mut tx, actor, id, &sources, &known).await?;
        Ok(ContactPanel {
            // an address that became the first one again is among the further ones still
            addresses: addresses
                .into_iter()
                .map(|(_, _, value)| value)
                .filter(|value| !row.person.known().any(|(_, own)| own == value))
                .collect(),
            fields: known,
            tags: tags::names(&mut tx, actor.workspace).await?,
            campaigns: leads::elsewhere(&mut tx, actor.workspace, id, CampaignId(0)).await?,
            suppressions: consent::origins(&mut tx, actor.workspace, &keys).await?,
            sources,
            origins,
            history,
            row,
        })
    }
}

/// Follows merges to the contact that is somebody.
pub(super) async fn live_contact(tx: &mut Tx, actor: &Actor, contact: ContactId) -> Result<ContactId> {
    let mut id = contact;
    // paths are compressed when contacts are merged, so this is one step; the bound is for a damaged database
    for _ in 0..64 {
        let state = contacts::state(tx, actor.workspace, id).await?.ok_or(Error::NotFound("contact"))?;
        if state.is_live() {
            return Ok(id);
        }
        if state.deleted_at.is_some() {
            return Err(Error::gone(
                "This contact was deleted. For thirty days after that it can be brought back: \
                 see Recently deleted on the Contacts page.",
            ));
        }
        id = ContactId(state.merged_into.unwrap_or_default());
    }
    Err(Error::Fault("a merged contact leads in a circle"))
}

/// How many contacts match, and how many there are.
pub(super) async fn count(tx: &mut Tx, actor: &Actor, filter: &Folded) -> Result<(u64, u64)> {
    let total = contacts::count(tx, actor.workspace).await?;
    let matching = if filter.is_all() { total } else { contact_list::count(tx, actor.workspace, filter).await? };
    Ok((matching, total))
}

/// Lines with the tags and campaigns of their people, in one query each.
pub(super) async fn contact_rows(tx: &mut Tx, actor: &Actor, lines: Vec<ListedContact>) -> Result<Vec<ContactRow>> {
    let ids: Vec<ContactId> = lines.iter().map(|line| line.contact.id).collect();
    let mut tags = tags::of_contacts(tx, actor.workspace, &ids).await?;
    let mut campaigns = leads::campaign_names(tx, actor.workspace, &ids).await?;
    Ok(lines
        .into_iter()
        .map(|ListedContact { contact, added_at, .. }| ContactRow {
            id: contact.id,
            tags: tags.remove(&contact.id).unwrap_or_default(),
            campaigns: campaigns.remove(&contact.id).unwrap_or_default(),
            person: contact.person,
            custom: contact.custom,
            do_not_contact: contact.do_not_contact,
            shared_mailbox: contact.shared_mailbox,
            added_at,
        })
        .collect())
}

/// Where a line stands.
pub(super) fn position(sort: ContactSort, line: &ListedContact) -> Position {
    let key = match sort {
        ContactSort::Added => "",
        ContactSort::Name => &line.name_key,
        ContactSort::Company => &line.company_key,
    };
    Position { key: key.to_owned(), id: line.contact.id.0 }
}
