//! Pages of the lead list by keyset, and one lead.

use std::collections::BTreeMap;

use domain::Act;
use domain::ids::{CampaignId, LeadId};
use domain::lead::{LeadPage, LeadPanel, LeadQuery, LeadRow, LeadSort};
use store::lead_list::{self, Folded, ListedLead, Window};
use store::{Position, Tx, campaigns, contacts, leads, merges, tags};

use crate::paging::Turn;
use crate::{Actor, Engine, Error, Result};

impl Engine {
    /// One page of a campaign's leads, read by keyset in either direction.
    ///
    /// # Errors
    /// When there is no such campaign, or the cursor is not one of ours.
    pub async fn list_leads(&self, actor: &Actor, query: &LeadQuery) -> Result<LeadPage> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        self.campaign(&mut tx, actor, query.campaign).await?;
        let filter = Folded::new(&query.filter, matching::fold_search);
        let (matching, total) = count(&mut tx, actor, query.campaign, &filter).await?;
        let turn = Turn::read(query.cursor.as_deref())?;
        // newest first is the natural order of arrival; names and companies go from A to Z
        let descending = (query.sort == LeadSort::Added) != query.reverse;
        let window = Window {
            filter: &filter,
            sort: query.sort,
            descending: descending != turn.backwards(),
            after: turn.after(),
            limit: turn.limit(),
        };
        let lines = lead_list::window(&mut tx, actor.workspace, query.campaign, &window).await?;
        let page = turn.page(lines, |line| position(query.sort, line));
        let rows = self.lead_rows(&mut tx, actor, page.lines).await?;
        Ok(LeadPage { matching, total, first: page.first, next: page.next, previous: page.previous, rows })
    }

    /// Everything the side panel shows of one lead.
    ///
    /// # Errors
    /// When there is no such lead.
    pub async fn get_lead(&self, actor: &Actor, lead: LeadId) -> Result<LeadPanel> {
        actor.may(Act::Look)?;
        let mut tx = self.store().read().await?;
        // a lead that became one with another is still found under its old number
        let lead = merges::lead_now(&mut tx, actor.workspace, lead).await?.unwrap_or(lead);
        let (campaign, line) = lead_list::get(&mut tx, actor.workspace, lead).await?.ok_or(Error::NotFound("lead"))?;
        let contact = line.contact;
        let row = self.lead_rows(&mut tx, actor, vec![line]).await?.pop().ok_or(Error::NotFound("lead"))?;
        let addresses = contacts::addresses(&mut tx, actor.workspace, &[contact]).await?;
        let addresses = addresses.into_iter().map(|(_, _, value)| value).collect();
        let others = leads::elsewhere(&mut tx, actor.workspace, contact, campaign).await?;
        let sources = contacts::sources(&mut tx, actor.workspace, contact).await?;
        let variables = campaigns::variables(&mut tx, actor.workspace, campaign).await?;
        // a connection is given back before another is asked for
        drop(tx);
        let contact = self.get_contact(actor, contact).await?;
        Ok(LeadPanel { row, contact, variables, addresses, others, sources })
    }

    async fn lead_rows(&self, tx: &mut Tx, actor: &Actor, lines: Vec<ListedLead>) -> Result<Vec<LeadRow>> {
        let mut tags =
            tags::of_contacts(tx, actor.workspace, &lines.iter().map(|l| l.contact).collect::<Vec<_>>()).await?;
        lines
            .into_iter()
            .map(|line| {
                let variables: BTreeMap<String, String> = serde_json::from_str(&line.variables)?;
                Ok(LeadRow {
                    id: line.id,
                    contact: line.contact,
                    person: line.person,
                    status: line.status,
                    do_not_contact: line.do_not_contact,
                    tags: tags.remove(&line.contact).unwrap_or_default(),
                    variables: variables.into_iter().collect(),
                    added_at: line.added_at,
                })
            })
            .collect()
    }
}

/// How many leads match, and how many there are: from the counters wherever they can say.
pub(super) async fn count(tx: &mut Tx, actor: &Actor, campaign: CampaignId, filter: &Folded) -> Result<(u64, u64)> {
    let counts = campaigns::counts(tx, actor.workspace, campaign).await?;
    let total = counts.iter().map(|(_, n)| n).sum();
    let matching = if filter.is_by_status_only() {
        let wanted = |s| filter.statuses.is_empty() || filter.statuses.contains(s);
        counts.iter().filter(|(s, _)| wanted(s)).map(|(_, n)| n).sum()
    } else {
        lead_list::count(tx, actor.workspace, campaign, filter).await?
    };
    Ok((matching, total))
}

/// Where a line stands.
fn position(sort: LeadSort, line: &ListedLead) -> Position {
    let key = match sort {
        LeadSort::Added => "",
        LeadSort::Name => &line.name_key,
        LeadSort::Company => &line.company_key,
    };
    Position { key: key.to_owned(), id: line.id.0 }
}
