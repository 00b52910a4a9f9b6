//! Where the duplicates came from (A77): the tags of the people who were left out, each a filter of the list.

use domain::ids::ImportId;
use leptos::prelude::*;

use crate::components::Icon;
use crate::format::num;
use crate::server_fns::kept_out::get_import_row_tags;

/// The tags that most people of the left-out rows carry; nothing where nobody carries one. `href` is where a tag (or
/// none) leads.
#[component]
pub fn TagFilter<F>(
    import: Memo<Option<ImportId>>,
    /// The tag that is chosen; empty for none.
    tag: Signal<String>,
    href: F,
) -> impl IntoView
where
    F: Fn(&str) -> Option<String> + Copy + Send + Sync + 'static,
{
    let tags = Resource::new(
        move || import.get(),
        |import| async move {
            match import {
                Some(import) => get_import_row_tags(import).await.unwrap_or_default(),
                None => Vec::new(),
            }
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let tags = tags.await;
                (!tags.is_empty())
                    .then(|| {
                        let chips = tags
                            .into_iter()
                            .map(|one| {
                                let (name, to) = (one.name.clone(), one.name.clone());
                                let is_chosen = move || tag.with(|tag| *tag == name);
                                let chosen = is_chosen.clone();
                                view! {
                                    <a
                                        class="chip"
                                        href=move || href(if chosen() { "" } else { &to })
                                        aria-current=move || is_chosen().then_some("true")
                                    >
                                        <Icon name="tag"/>
                                        {one.name}
                                        " "
                                        <span class="num">{num(one.rows)}</span>
                                    </a>
                                }
                            })
                            .collect_view();
                        view! {
                            <div class="toolbar">
                                <span class="muted sm">"Left out, by tag:"</span>
                                <nav class="row" aria-label="Tag">{chips}</nav>
                            </div>
                        }
                    })
            })}
        </Transition>
    }
    .into_any()
}
