//! The palette: a combobox over pages, commands, campaigns and contacts.

use std::time::Duration;

use domain::Role;
use domain::found::Found;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::keys::{self, Does};
use super::{Over, html, run};
use crate::components::{Dialog, Icon};
use crate::format::counted;
use crate::server_fns::search::search;
use crate::state::use_session;

/// The pages of the navigation: address, icon, name.
const PAGES: [(&str, &str, &str); 7] = [
    ("/campaigns", "campaign", "Campaigns"),
    ("/contacts", "contacts", "Contacts"),
    ("/contacts/deleted", "undo", "Recently deleted"),
    ("/imports", "import", "Imports"),
    ("/admin/duplicates", "duplicates", "Duplication Handling"),
    ("/admin/fields", "fields", "Fields"),
    ("/admin/forms", "mail", "Forms"),
];

/// What choosing a line does.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Go {
    To(String),
    Do(Does),
    SingleKeys(bool),
    SignOut,
}

/// A line of the palette.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    group: &'static str,
    icon: &'static str,
    words: String,
    more: String,
    go: Go,
}

impl Line {
    fn new(group: &'static str, icon: &'static str, words: impl Into<String>, go: Go) -> Line {
        Line { group, icon, words: words.into(), more: String::new(), go }
    }
}

/// The lines for what was typed: of pages and commands those with these words, then what the server found for them.
fn lines(typed: &str, page: keys::Page, role: Role, single: bool, found: &Found) -> Vec<Line> {
    let own = page.keys.iter().filter(|one| matches!(one.does, Does::Create | Does::Search) && role.may(one.needs));
    let commands = own
        .map(|one| {
            let icon = if one.does == Does::Create { "plus" } else { "search" };
            Line::new("Commands", icon, one.words, Go::Do(one.does))
        })
        .chain([
            Line::new("Commands", "info", "Show the keyboard shortcuts", Go::Do(Does::Help)),
            match single {
                true => Line::new("Commands", "settings", "Switch single keys off", Go::SingleKeys(false)),
                false => Line::new("Commands", "settings", "Switch single keys on", Go::SingleKeys(true)),
            },
            Line::new("Commands", "arrow-right", "Sign out", Go::SignOut),
        ]);
    let pages = PAGES.map(|(path, icon, name)| Line::new("Pages", icon, name, Go::To(path.to_owned())));
    let wanted = typed.trim().to_lowercase();
    let campaigns = found.campaigns.iter().map(|one| Line {
        more: if one.archived { "archived".to_owned() } else { String::new() },
        ..Line::new("Campaigns", "campaign", one.name.clone(), Go::To(format!("/campaigns/{}", one.id)))
    });
    let contacts = found.contacts.iter().map(|one| {
        let more = [&one.email, &one.company].into_iter().filter(|text| !text.is_empty() && **text != one.name);
        Line {
            more: more.cloned().collect::<Vec<_>>().join(", "),
            ..Line::new("Contacts", "contacts", one.name.clone(), Go::To(format!("/contacts/{}", one.id)))
        }
    });
    let known = pages.into_iter().chain(commands).filter(|line| line.words.to_lowercase().contains(&wanted));
    known.chain(campaigns).chain(contacts).collect()
}

/// The dialog. The focus stays in its field; arrows go through the lines, Enter chooses.
#[component]
pub fn Palette(
    open: RwSignal<Option<Over>>,
    single: Signal<bool>,
    set_single: Callback<bool>,
    /// Set when the person goes to another page by it.
    went: StoredValue<bool>,
) -> impl IntoView {
    let (role, page) = (use_session().0.role, keys::here());
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(Ok(Found::default()));
    follow(typed, found);
    let all = Memo::new(move |_| {
        found.with(|found| {
            let nothing = Found::default();
            lines(&typed.get(), page, role, single.get(), found.as_ref().unwrap_or(&nothing))
        })
    });
    let active = RwSignal::new(0_usize);
    let at = Memo::new(move |_| active.get().min(all.with(Vec::len).saturating_sub(1)));
    Effect::new(move |_| {
        at.track();
        request_animation_frame(show_active);
    });
    let navigate = use_navigate();
    let choose = Callback::new(move |line: usize| {
        let Some(Line { go, .. }) = all.with_untracked(|all| all.get(line).cloned()) else { return };
        open.set(None);
        match go {
            Go::To(path) => {
                went.set_value(location().pathname().is_ok_and(|now| now != path));
                navigate(&path, NavigateOptions::default());
            }
            // once the dialog is gone and the focus is back
            Go::Do(does) => request_animation_frame(move || _ = run(does, open)),
            Go::SingleKeys(on) => set_single.run(on),
            Go::SignOut => {
                let button = document().query_selector("form[action='/sign-out'] button").ok().flatten();
                html(button).inspect(|button| button.click());
            }
        }
    });
    let key = move |event: KeyboardEvent| {
        let count = all.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => active.set((at.get_untracked() + 1) % count),
            "ArrowUp" if count > 0 => active.set((at.get_untracked() + count - 1) % count),
            "Enter" => choose.run(at.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    let some = move || all.with(|all| !all.is_empty());
    let now = move || some().then(|| format!("palette-{}", at.get()));
    view! {
        <Dialog labelled_by="palette-title" class="small palette" on_close=move |()| open.set(None)>
            <header>
                <h2 class="sr" id="palette-title">"Find anything"</h2>
                <div class="row keep">
                    <input
                        class="input"
                        id="palette-text"
                        type="text"
                        role="combobox"
                        autocomplete="off"
                        spellcheck="false"
                        maxlength="200"
                        placeholder="A page, a campaign, a contact"
                        aria-label="Find a page, a command, a campaign or a contact"
                        aria-autocomplete="list"
                        aria-controls="palette-lines"
                        aria-expanded=move || some().to_string()
                        aria-activedescendant=now
                        on:input=move |event| {
                            typed.set(event_target_value(&event));
                            active.set(0);
                        }
                        on:keydown=key
                    />
                    <button type="button" class="btn square ghost" aria-label="Close" on:click=move |_| open.set(None)><Icon name="x"/></button>
                </div>
            </header>
            <Lines all at choose/>
            <footer><Outcome typed all found/></footer>
        </Dialog>
    }
}

/// Asks the server, once the typing pauses; what it found before stays until then.
fn follow(typed: RwSignal<String>, found: RwSignal<Result<Found, String>>) {
    Effect::new(move |_| {
        let asked = typed.get();
        let ask = move || {
            spawn_local(async move {
                let answer = match asked.trim() {
                    "" => Ok(Found::default()),
                    words => search(words.to_owned()).await.map_err(|failure| failure.to_string()),
                };
                // an answer to what was typed before is no answer
                if typed.try_with_untracked(|now| *now == asked) == Some(true) {
                    found.try_set(answer);
                }
            });
        };
        let wait = set_timeout_with_handle(ask, Duration::from_millis(150));
        on_cleanup(move || {
            if let Ok(wait) = wait {
                wait.clear();
            }
        });
    });
}

#[component]
fn Lines(all: Memo<Vec<Line>>, at: Memo<usize>, choose: Callback<usize>) -> impl IntoView {
    let option = move |number: usize, Line { icon, words, more, .. }: Line| {
        let selected = move || (at.get() == number).to_string();
        view! {
            <div class="item" role="option" id=format!("palette-{number}") aria-selected=selected on:click=move |_| choose.run(number)>
                <Icon name=icon/>
                <span class="grow">{words}</span>
                <span class="faint">{more}</span>
            </div>
        }
    };
    let groups = move || {
        let numbered: Vec<(usize, Line)> = all.get().into_iter().enumerate().collect();
        let groups = numbered.chunk_by(|(_, one), (_, next)| one.group == next.group);
        let group = |lines: &[(usize, Line)]| {
            let name = lines[0].1.group;
            let lines = lines.iter().map(|(number, line)| option(*number, line.clone())).collect_view();
            view! { <div role="group" aria-label=name><p class="heading" aria-hidden="true">{name}</p>{lines}</div> }
        };
        groups.map(group).collect_view()
    };
    view! {
        // a press on the lines leaves the focus in the field
        <div class="dialog-body menu-lines" id="palette-lines" role="listbox" aria-label="Results" hidden=move || all.with(Vec::is_empty) on:mousedown=|event| event.prevent_default()>
            {groups}
        </div>
    }
}

/// How many lines there are, for those who do not see them, or why there are none.
#[component]
fn Outcome(typed: RwSignal<String>, all: Memo<Vec<Line>>, found: RwSignal<Result<Found, String>>) -> impl IntoView {
    let words = move || {
        if let Err(why) = found.get() {
            return why;
        }
        match all.with(Vec::len) {
            0 => format!("Nothing is called “{}”.", typed.get().trim()),
            n => counted(n as u64, "result", "results"),
        }
    };
    view! { <p class="hint" role="status">{words}</p> }
}

fn show_active() {
    if let Some(line) = document().query_selector("#palette-lines [aria-selected=true]").ok().flatten() {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        line.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

#[cfg(test)]
mod tests {
    use domain::found::{FoundCampaign, FoundContact};
    use domain::ids::{CampaignId, ContactId};

    use super::*;

    fn words(lines: &[Line]) -> Vec<&str> {
        lines.iter().map(|line| line.words.as_str()).collect()
    }

    #[test]
    fn the_palette_offers_what_fits_and_what_the_member_may() {
        let page = keys::page("/contacts", "");
        let found = Found {
            campaigns: vec![FoundCampaign { id: CampaignId(7), name: "Contact us".to_owned(), archived: true }],
            contacts: vec![FoundContact {
                id: ContactId(9),
                name: "ann@x.example".to_owned(),
                email: "ann@x.example".to_owned(),
                company: "Lumen".to_owned(),
            }],
        };
        let all = lines(" CONTACT", page, Role::Member, true, &found);
        assert_eq!(words(&all), ["Contacts", "Add contact", "Contact us", "ann@x.example"]);
        assert_eq!(all[2].more, "archived");
        assert_eq!((all[3].more.as_str(), &all[3].go), ("Lumen", &Go::To("/contacts/ctc_9".to_owned())));
        let viewer = lines("", page, Role::Viewer, false, &Found::default());
        assert!(!words(&viewer).contains(&"Add contact"));
        assert!(words(&viewer).contains(&"Switch single keys on"));
    }
}
