//! What the lead list shows, as its address says it: everything here can be shared as a link.

use domain::ids::{CampaignId, LeadId};
use domain::lead::{LeadFilter, LeadQuery, LeadSort};
use leptos_router::params::ParamsMap;

use crate::address::address;

/// Filter, order, page and open lead of one campaign's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListView {
    /// What the server is asked for.
    pub query: LeadQuery,
    /// The lead whose panel is open.
    pub lead: Option<LeadId>,
}

impl ListView {
    /// Reads the query of an address; what cannot be read is left out.
    pub fn read(campaign: CampaignId, params: &ParamsMap) -> Self {
        let words = |key: &str| params.get(key).unwrap_or_default();
        ListView {
            query: LeadQuery {
                campaign,
                filter: LeadFilter {
                    search: words("q"),
                    statuses: words("status").split('.').filter_map(|word| word.parse().ok()).collect(),
                    tags: params.get_all("tag").unwrap_or_default().into_iter().filter(|tag| !tag.is_empty()).collect(),
                },
                sort: words("sort").parse().unwrap_or(LeadSort::Added),
                reverse: params.get_str("reverse") == Some("1"),
                cursor: params.get("at").filter(|at| !at.is_empty()),
            },
            lead: words("lead").parse().ok(),
        }
    }

    /// The address that shows this.
    pub fn address(&self) -> String {
        let LeadQuery { campaign, filter, sort, reverse, cursor } = &self.query;
        let statuses: Vec<_> = filter.statuses.iter().map(|status| status.word()).collect();
        let statuses = statuses.join(".");
        let lead = self.lead.map(|lead| lead.to_string()).unwrap_or_default();
        let mut params = vec![
            ("q", filter.search.as_str()),
            ("status", statuses.as_str()),
            ("sort", if *sort == LeadSort::Added { "" } else { sort.word() }),
            ("reverse", if *reverse { "1" } else { "" }),
            ("at", cursor.as_deref().unwrap_or_default()),
            ("lead", lead.as_str()),
        ];
        params.extend(filter.tags.iter().map(|tag| ("tag", tag.as_str())));
        address(&format!("/campaigns/{campaign}"), &params)
    }

    /// The same list with another filter, from its first page.
    pub fn filtered(&self, change: impl FnOnce(&mut LeadFilter)) -> Self {
        let mut view = self.clone();
        view.query.cursor = None;
        change(&mut view.query.filter);
        view
    }

    /// The same leads by this order; chosen twice, it turns round.
    pub fn sorted(&self, sort: LeadSort) -> Self {
        let mut view = self.clone();
        view.query.reverse = view.query.sort == sort && !view.query.reverse;
        view.query.sort = sort;
        view.query.cursor = None;
        view
    }

    /// The same leads at another page.
    pub fn at(&self, cursor: String) -> Self {
        let mut view = self.clone();
        view.query.cursor = Some(cursor);
        view
    }

    /// The same list with this lead's panel open, or none.
    pub fn with_lead(&self, lead: Option<LeadId>) -> Self {
        ListView { lead, ..self.clone() }
    }

    /// How a column header says the order to those who do not see the arrow.
    pub fn aria_sort(&self, sort: LeadSort) -> &'static str {
        if self.query.sort != sort {
            return "none";
        }
        // Newest first is how "added" begins; names begin at A.
        if (sort == LeadSort::Added) == self.query.reverse { "ascending" } else { "descending" }
    }
}

#[cfg(test)]
mod tests {
    use domain::LeadStatus;

    use super::*;

    #[test]
    fn an_address_reads_back_as_written() {
        let mut params = ParamsMap::new();
        for (key, value) in [
            ("q", "ann lee"),
            ("status", "paused.done"),
            ("sort", "name"),
            ("reverse", "1"),
            ("lead", "lea_7"),
            ("tag", "VIP"),
            ("tag", "a, b"),
        ] {
            params.insert(key, value.to_owned());
        }
        let view = ListView::read(CampaignId(3), &params);
        assert_eq!(view.query.filter.statuses, [LeadStatus::Paused, LeadStatus::Done]);
        assert_eq!(view.query.filter.tags, ["VIP", "a, b"]);
        assert_eq!(
            view.address(),
            "/campaigns/cam_3?q=ann%20lee&status=paused.done&sort=name&reverse=1&lead=lea_7&tag=VIP&tag=a%2C%20b"
        );
        assert!(!view.sorted(LeadSort::Name).query.reverse);
        assert_eq!(view.aria_sort(LeadSort::Name), "descending");
        assert_eq!(view.aria_sort(LeadSort::Added), "none");
    }
}
