//! Which contacts are listed. The choice stands in the address.

use domain::SourceKind;
use domain::contact::{ContactChoices, ContactFilter, InCampaign};
use leptos::prelude::*;

use super::view::ContactsView;
use super::words;
use crate::components::{FilterChip, FilterMenu, Icon, Menu, MenuItem};

/// What is chosen as chips that can be removed, and the menus to choose from.
#[component]
pub fn Filters(view: Memo<ContactsView>, choices: ContactChoices, go: Callback<ContactsView>) -> impl IntoView {
    let filter = Memo::new(move |_| view.with(|view| view.query.filter.clone()));
    let set = Callback::new(move |change: fn(&mut ContactFilter)| go.run(view.get_untracked().filtered(change)));
    let narrow = Callback::new(move |filter: ContactFilter| go.run(view.get_untracked().filtered(|old| *old = filter)));
    let tags = Memo::new(move |_| filter.with(|filter| filter.tags.clone()));
    let sources = Memo::new(move |_| {
        filter.with(|filter| filter.sources.iter().map(|source| source.word().to_owned()).collect::<Vec<_>>())
    });
    let set_tag = move |(tag, on): (String, bool)| {
        let mut filter = filter.get_untracked();
        filter.tags.retain(|known| *known != tag);
        if on {
            filter.tags.push(tag);
        }
        narrow.run(filter);
    };
    let set_source = move |(word, on): (String, bool)| {
        let Ok(source) = word.parse::<SourceKind>() else { return };
        let mut filter = filter.get_untracked();
        filter.sources.retain(|known| *known != source);
        if on {
            filter.sources.push(source);
        }
        narrow.run(filter);
    };
    let set_campaign = move |campaign: Option<InCampaign>| {
        narrow.run(ContactFilter { campaign, ..filter.get_untracked() });
    };
    let names = StoredValue::new(choices.campaigns.clone());
    let campaign_name = move |campaign: InCampaign| match campaign {
        InCampaign::None => "none".to_owned(),
        InCampaign::One(id) => names.with_value(|names| {
            names
                .iter()
                .find(|(known, _)| *known == id)
                .map_or_else(|| "an archived one".to_owned(), |(_, name)| name.clone())
        }),
    };
    let sources_of = |filter: &ContactFilter| {
        filter.sources.iter().map(|&source| words::source(source)).collect::<Vec<_>>().join(" or ")
    };
    let chips = move || {
        let now = filter.get();
        view! {
            {(!now.tags.is_empty()).then(|| view! { <FilterChip name="Tag" value=now.tags.join(" or ") on_remove=move |()| set.run(|filter| filter.tags.clear())/> })}
            {(!now.sources.is_empty()).then(|| view! { <FilterChip name="Source" value=sources_of(&now) on_remove=move |()| set.run(|filter| filter.sources.clear())/> })}
            {now.campaign.map(|campaign| view! { <FilterChip name="Campaign" value=campaign_name(campaign) on_remove=move |()| set.run(|filter| filter.campaign = None)/> })}
        }
    };
    let campaign_line = move |(id, name): (domain::ids::CampaignId, String)| {
        view! { <MenuItem menu="filter-campaign" on_choose=move |()| set_campaign(Some(InCampaign::One(id)))>{name}</MenuItem> }
    };
    let toggle = move |on: fn(&ContactFilter) -> bool,
                       flip: fn(&mut ContactFilter),
                       icon: &'static str,
                       words: &'static str| {
        view! {
            <button type="button" class="chip" aria-pressed=move || filter.with(on).to_string() on:click=move |_| set.run(flip)>
                <Icon name=icon/>{words}
            </button>
        }
    };
    let known_sources = [SourceKind::Import, SourceKind::Form, SourceKind::Manual];
    view! {
        {chips}
        {(!choices.tags.is_empty()).then(|| view! {
            <FilterMenu
                id="filter-tag"
                icon="tag"
                name="Tag"
                label="Show contacts with any of these tags"
                options=choices.tags.into_iter().map(|tag| (tag.clone(), tag)).collect()
                chosen=tags
                on_change=set_tag
            />
        })}
        <FilterMenu
            id="filter-source"
            icon="import"
            name="Source"
            label="Show contacts that came in by any of these ways"
            options=known_sources.into_iter().map(|source| (source.word().to_owned(), words::source(source).to_owned())).collect()
            chosen=sources
            on_change=set_source
        />
        <Menu id="filter-campaign" icon="campaign" class="chip dashed" text=|| "Campaign">
            <ul aria-label="Show contacts of this campaign">
                <MenuItem menu="filter-campaign" on_choose=move |()| set_campaign(Some(InCampaign::None))>"In no campaign"</MenuItem>
                {choices.campaigns.into_iter().map(campaign_line).collect_view()}
            </ul>
        </Menu>
        {toggle(|filter| filter.do_not_contact, |filter| filter.do_not_contact = !filter.do_not_contact, "ban", "Do not contact")}
        {toggle(|filter| filter.suspects, |filter| filter.suspects = !filter.suspects, "duplicates", "Duplicates open")}
    }
}
