//! Two people side by side, and what merging them would give (B12).

use std::collections::BTreeMap;

use domain::LeadStatus;
use domain::merge::{
    FieldKey, FieldPreview, LeadPreview, MergeChoices, MergePerson, MergePreview, PairToMerge, Side, Survivor,
};
use domain::suspect::{Decision, SuspectPair};
use leptos::prelude::*;

use super::desk::use_desk;
use crate::components::{Banner, FailureBanner, Icon, StatusBadge, Time};
use crate::format::counted;
use crate::server_fns::duplicates::preview_merge;

/// The comparison of a pair, with its own choices; computed by what will merge them.
#[component]
pub fn Compare(pair: SuspectPair, key: String) -> impl IntoView {
    let (first, second) = (pair.first, pair.second);
    let choices = use_desk().picked(first, second);
    let preview = LocalResource::new(move || preview_merge(first, second, choices.get()));
    view! {
        <div class="compare">
            <Transition fallback=|| view! { <p class="pad-sm muted" role="status">"Comparing…"</p> }>
                {move || {
                    preview.get().map(|found| match found {
                        Ok(preview) => view! { <Table preview choices pair=pair.clone() key=key.clone()/> }.into_any(),
                        Err(failure) => view! { <div class="pad-sm"><FailureBanner failure/></div> }.into_any(),
                    })
                }}
            </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Table(preview: MergePreview, choices: RwSignal<MergeChoices>, pair: SuspectPair, key: String) -> impl IntoView {
    let MergePreview { survivor, loser, fields, leads, tags, addresses, do_not_contact, warnings, refusal, .. } =
        preview;
    let title = survivor.name.clone();
    let (differing, equal): (Vec<_>, Vec<_>) = fields.into_iter().partition(|field| field.differs);
    let caption = format!("{} and {} side by side", survivor.name, loser.name);
    let flip = {
        let loser = loser.id;
        move |_| choices.set(MergeChoices { survivor: Survivor::Is(loser), fields: BTreeMap::new() })
    };
    let rows = differing.into_iter().map(|field| view! { <FieldRow field choices/> }).collect_view();
    let leads = leads.into_iter().map(|lead| view! { <LeadRow lead/> }).collect_view();
    let banners = warnings.into_iter().map(|text| view! { <Banner class="warn">{text}</Banner> }).collect_view();
    let refused =
        refusal.clone().map(|text| view! { <Banner class="fail" title="These two cannot be merged">{text}</Banner> });
    view! {
        {refused}
        {banners}
        <table>
            <caption class="sr">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">
                        <button type="button" class="btn sm" data-act="flip" title="Let the other one keep the id" on:click=flip>
                            <Icon name="flip"/>
                            "Flip"
                        </button>
                    </th>
                    <PersonHead person=survivor survives=true/>
                    <PersonHead person=loser survives=false/>
                    <th scope="col" class="after">
                        <span class="top"><b>"After merge"</b></span>
                        "Newer filled values win unless you pick"
                    </th>
                </tr>
            </thead>
            <tbody>
                {rows}
                {leads}
                {line("Tags", tags.join(", "))}
                {line("Further addresses", addresses.join(", "))}
                {do_not_contact.then(|| line("Consent", "Do not contact".to_owned()))}
            </tbody>
        </table>
        {(!equal.is_empty()).then(|| view! { <Equal fields=equal/> })}
        <Foot title pair choices key refused=refusal.is_some()/>
    }
    .into_any()
}

/// A line that is the same for both: what the person will have.
fn line(name: &'static str, value: String) -> Option<AnyView> {
    if value.is_empty() {
        return None;
    }
    Some(
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td></td>
                <td></td>
                <td class="after">{value}</td>
            </tr>
        }
        .into_any(),
    )
}

#[component]
fn PersonHead(person: MergePerson, survives: bool) -> impl IntoView {
    view! {
        <th scope="col">
            <span class="top">
                <b>{person.name}</b>
                {survives.then(|| view! { <span class="tag">"Survives"</span> })}
            </span>
            "Here since "<Time at=person.created_at day=true/>
            {person.do_not_contact.then_some(", do not contact")}
        </th>
    }
}

#[component]
fn FieldRow(field: FieldPreview, choices: RwSignal<MergeChoices>) -> impl IntoView {
    let FieldPreview { field, label, survivor, loser, result, from, .. } = field;
    let picked = choices.with_untracked(|choices| choices.fields.contains_key(&field));
    let empty = survivor.is_empty() || loser.is_empty();
    let why = match (picked, empty) {
        (_, true) => Some("empty never overwrites"),
        (true, _) => Some("picked by you"),
        (_, _) if field == FieldKey::Person(domain::PersonField::Email) => {
            Some("the other address is kept, both find the person")
        }
        _ => None,
    };
    let name = format!("pick-{field}");
    let cell = |side: Side, value: String| view! { <Choice side value from label=label.clone() name=name.clone() field choices/> };
    let (left, right) = (cell(Side::Survivor, survivor), cell(Side::Loser, loser));
    view! {
        <tr>
            <th scope="row">{label.clone()}</th>
            {left}
            {right}
            <td class="after">{result}{why.map(|why| view! { <span class="why">{why}</span> })}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Choice(
    side: Side,
    value: String,
    from: Side,
    label: String,
    name: String,
    field: FieldKey,
    choices: RwSignal<MergeChoices>,
) -> impl IntoView {
    if value.is_empty() {
        return view! { <td><span class="none">"empty"</span></td> }.into_any();
    }
    let which = match side {
        Side::Survivor => "the survivor’s",
        Side::Loser => "the other’s",
    };
    let pick = move |_| {
        choices.update(|choices| {
            choices.fields.insert(field, side);
        });
    };
    view! {
        <td>
            <label>
                <input type="radio" name=name checked=side == from aria-label=format!("{label}: {which}, {value}") on:change=pick/>
                <span>{value}</span>
            </label>
        </td>
    }
    .into_any()
}

#[component]
fn LeadRow(lead: LeadPreview) -> impl IntoView {
    let badge = |status: Option<LeadStatus>| match status {
        Some(status) => view! { <StatusBadge status/> }.into_any(),
        None => view! { <span class="none">"not in it"</span> }.into_any(),
    };
    let both = lead.survivor.is_some() && lead.loser.is_some();
    let why = match (lead.paused, both) {
        (true, _) => Some("paused: another campaign is writing to this person"),
        (_, true) => Some("one lead, no step repeated"),
        _ => None,
    };
    view! {
        <tr>
            <th scope="row"><a class="link" href=format!("/campaigns/{}", lead.campaign)>{lead.name}</a></th>
            <td>{badge(lead.survivor)}</td>
            <td>{badge(lead.loser)}</td>
            <td class="after"><StatusBadge status=lead.result/>{why.map(|why| view! { <span class="why">{why}</span> })}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Equal(fields: Vec<FieldPreview>) -> impl IntoView {
    let names: Vec<String> = fields.iter().map(|field| field.label.to_lowercase()).collect();
    let values = fields
        .into_iter()
        .map(|field| view! { <div><dt>{field.label}</dt><dd>{field.result}</dd></div> })
        .collect_view();
    view! {
        <details>
            <summary>
                <b>{counted(names.len() as u64, "equal field", "equal fields")}</b>": "{names.join(", ")}
            </summary>
            <dl class="facts">{values}</dl>
        </details>
    }
    .into_any()
}

#[component]
fn Foot(
    title: String,
    pair: SuspectPair,
    choices: RwSignal<MergeChoices>,
    key: String,
    refused: bool,
) -> impl IntoView {
    let desk = use_desk();
    let (first, second) = (pair.first, pair.second);
    let separate = {
        let (key, title) = (key.clone(), title.clone());
        move |_| desk.decide(key.clone(), format!("keep apart {title}"), Decision::Separate(vec![(first, second)]))
    };
    let merge = move |_| {
        let pair = PairToMerge { first, second, choices: choices.get_untracked() };
        desk.decide(key.clone(), format!("merge {title}"), Decision::Merge(vec![pair]));
    };
    let keys = [("j k", "move"), ("1 2", "who survives"), ("s", "separate"), ("m", "merge"), ("u", "undo")];
    view! {
        <footer>
            <span class="keys">
                {keys.map(|(key, act)| view! { <span><span class="kbd">{key}</span>{act}</span> }).collect_view()}
            </span>
            <span class="spacer"></span>
            <button type="button" class="btn" data-act="separate" disabled=move || desk.off() on:click=separate>
                <Icon name="separate"/>
                "Separate"
            </button>
            <button type="button" class="btn primary" data-act="merge" disabled=move || desk.off() || refused on:click=merge>
                <Icon name="merge"/>
                "Merge"
            </button>
        </footer>
    }
    .into_any()
}
