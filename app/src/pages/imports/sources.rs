//! Where duplicates come from (A77): a bar for each source tag, with its numbers in the same table.

use domain::import::SourceRate;
use leptos::prelude::*;

use crate::format::num;

/// The rates of the largest sources; nothing while no import has a tag.
#[component]
pub fn Sources(sources: Vec<SourceRate>) -> impl IntoView {
    if sources.iter().all(|source| source.tag.is_none()) {
        return None;
    }
    let lines =
        sources.into_iter().filter(|source| source.rows > 0).map(|source| view! { <Line source/> }).collect_view();
    Some(view! {
        <details class="sources pad">
            <summary class="link sm">"Duplicates by source"</summary>
            <table>
                <caption class="hint">"Share of the rows that a duplicate check left out, by the tags of the newest 500 imports"</caption>
                <thead>
                    <tr><th scope="col">"Source"</th><th scope="col">"Left out"</th><th scope="col" class="r">"Rows"</th></tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </details>
    })
}

#[component]
fn Line(source: SourceRate) -> impl IntoView {
    let SourceRate { tag, rows, duplicates } = source;
    let name = tag.unwrap_or_else(|| "Without a tag".to_owned());
    let width = (duplicates * 1_000 / rows).to_string();
    let line = format!("{}% ({})", duplicates * 100 / rows, num(duplicates));
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>
                <svg class="rate-bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="is-dup" x="0" y="0" width=width height="8"></rect>
                </svg>
                <span class="num">{line}</span>
            </td>
            <td class="r num">{num(rows)}</td>
        </tr>
    }
}
