//! What was deleted lately: for thirty days each deletion can be taken back.

use domain::Act;
use domain::contact::Deletion;
use leptos::prelude::*;
use leptos_meta::Title;

use super::acts::use_contact_acts;
use crate::components::{ActButton, Badge, Empty, FailureBanner, Reading, Skeleton, Time};
use crate::format::{counted, num};
use crate::server_fns::contacts::list_deletions;
use crate::state::{use_refresh, use_session};

/// Deletions of contacts, newest first.
#[component]
pub fn DeletedPage() -> impl IntoView {
    let refresh = use_refresh();
    let deletions = Resource::new(move || refresh.follow(), |_| list_deletions());
    let reading = Reading::not_yet();
    view! {
        <Title text="Recently deleted"/>
        <main class="main" id="main" tabindex="-1" aria-busy=reading.busy()>
            <header class="page-head">
                <nav class="crumbs" aria-label="Breadcrumb">
                    <ol>
                        <li><a href="/contacts">"Contacts"</a></li>
                        <li><span aria-current="page">"Recently deleted"</span></li>
                    </ol>
                </nav>
                <h1>"Recently deleted"</h1>
            </header>
            <Transition set_pending=reading.setter() fallback=|| view! { <Skeleton label="Loading deletions…"/> }>
                {move || deletions.get().map(|deletions| match deletions {
                    Ok(deletions) if deletions.is_empty() => view! {
                        <Empty title="Nothing was deleted in the last thirty days">
                            "Contacts that someone deletes are listed here, and can be brought back with their campaigns, tags and history. Until then, imports leave them out."
                        </Empty>
                    }
                    .into_any(),
                    Ok(deletions) => view! { <Lines deletions/> }.into_any(),
                    Err(failure) => view! { <div class="pad"><FailureBanner failure/></div> }.into_any(),
                })}
            </Transition>
        </main>
    }
}

#[component]
fn Lines(deletions: Vec<Deletion>) -> impl IntoView {
    view! {
        <p class="pad mb3 muted">"For thirty days a deletion can be taken back: the people return with their campaigns, tags and history. After that they are gone."</p>
        <div class="table-wrap" role="region" aria-label="Deletions" tabindex="0">
            <table class="table">
                <caption>"Deletions of the last thirty days"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="w-full">"Who"</th>
                        <th scope="col" class="p2">"Deleted by"</th>
                        <th scope="col" class="p1">"When"</th>
                        <th scope="col"><span class="sr">"Undo"</span></th>
                    </tr>
                </thead>
                <tbody>{deletions.into_iter().map(|deletion| view! { <Line deletion/> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(deletion: Deletion) -> impl IntoView {
    let acts = use_contact_acts();
    let refusal = use_session().refusal(Act::EditContacts);
    let Deletion { change, actor, at, contacts, first, undone } = deletion;
    let who = match contacts {
        1 => first.clone(),
        n => format!("{first} and {} more", num(n - 1)),
    };
    let act = if undone {
        view! { <Badge class="ended" icon="undo" text="Taken back"/> }.into_any()
    } else {
        let label = format!("Bring back {}", counted(contacts, "contact", "contacts"));
        view! {
            <ActButton id=format!("bring-back-{change}") refusal class="btn sm" icon="undo" label on_press=move |()| acts.undo(change)>"Bring back"</ActButton>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">{who}</th>
            <td class="p2 muted">{actor}</td>
            <td class="p1 muted"><Time at/></td>
            <td class="r">{act}</td>
        </tr>
    }
}
