//! What pages share: who is signed in, and the bell that rings when something was changed.

use domain::session::Session;
use domain::{Act, Role};
use leptos::prelude::*;
use leptos::web_sys::KeyboardEvent;
use leptos_router::hooks::use_params_map;

use crate::Failure;

/// The signed-in member, as every page inside the layout may read it: it is there before the page is.
#[derive(Debug, Clone)]
pub struct SessionState(pub Session);

/// The member of the layout around this page.
pub fn use_session() -> SessionState {
    expect_context()
}

impl SessionState {
    /// Whether the member may do it.
    pub fn may(&self, act: Act) -> bool {
        self.0.role.may(act)
    }

    /// Why a control is off, for `ActButton`; none when the member may.
    pub fn refusal(&self, act: Act) -> Option<String> {
        (!self.may(act)).then(|| refusal(self.0.role, act))
    }
}

fn refusal(role: Role, act: Act) -> String {
    let what = match act {
        Act::Look => "this is not shown to you",
        Act::EditCampaigns | Act::Import | Act::EditContacts => "you may look, but not change anything",
        Act::HandleDuplicates => "only owners and admins may decide about duplicates",
        Act::ManageFields => "only owners and admins may change fields",
        Act::ManageForms => "only owners and admins may change forms",
    };
    format!("Your role here is {}: {what}.", role.label())
}

/// What is computed of a resource. In the browser it is a memo. On the server it is computed at every look: a memo there
/// may not have heard yet that the resource arrived when the page is written on another thread, and the browser would
/// find other elements than it expects.
pub fn computed<T>(compute: impl Fn() -> T + Send + Sync + 'static) -> Signal<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    #[cfg(feature = "ssr")]
    return Signal::derive(compute);
    #[cfg(not(feature = "ssr"))]
    return Memo::new(move |_| compute()).into();
}

/// Rings after a write: lists that follow it read again. It belongs to the app, so an undo may ring it after its page
/// is gone.
#[derive(Clone, Copy)]
pub struct Refresh(RwSignal<u32>);

impl Refresh {
    /// One for the whole app, in context.
    pub fn provide() {
        provide_context(Refresh(RwSignal::new(0)));
    }

    /// Something was changed on the server.
    pub fn ring(&self) {
        self.0.update(|n| *n = n.wrapping_add(1));
    }

    /// For the source of a resource that should read again.
    pub fn follow(&self) -> u32 {
        self.0.get()
    }
}

/// The app's bell.
pub fn use_refresh() -> Refresh {
    expect_context()
}

/// An id in the address of this page, such as `use_id::<CampaignId>("campaign")`.
pub fn use_id<Id>(name: &'static str) -> Memo<Option<Id>>
where
    Id: std::str::FromStr + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str(name).and_then(|text| text.parse().ok())))
}

/// The refusal of an address that holds no id.
pub fn no_such_page() -> Failure {
    Failure(domain::Problem::new(
        domain::ProblemKind::NotFound,
        "There is nothing at this address. Check the link, or go back to the list.",
    ))
}

/// Whether a key may act as a shortcut now: not with a modifier, not inside inputs, dialogs and popovers.
pub fn may_press(event: &KeyboardEvent) -> bool {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let typing = document().active_element().is_some_and(|element| {
        let takes_letters = !matches!(element.get_attribute("type").as_deref(), Some("checkbox" | "radio"));
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") && takes_letters
    });
    let busy = document().query_selector("dialog[open], .menu:popover-open").ok().flatten().is_some();
    !typing && !busy
}

const KEYS: &str = "onefold.keys";

/// Whether single keys act as shortcuts in this browser (they can be switched off). Ask only in the browser.
pub fn single_keys() -> bool {
    let stored = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(KEYS).ok().flatten());
    stored.as_deref() != Some("off")
}

/// Switches single keys on or off in this browser.
pub fn set_single_keys(on: bool) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(KEYS, if on { "on" } else { "off" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 4] = [Role::Owner, Role::Admin, Role::Member, Role::Viewer];
    const ACTS: [Act; 7] = [
        Act::Look,
        Act::EditCampaigns,
        Act::Import,
        Act::HandleDuplicates,
        Act::EditContacts,
        Act::ManageFields,
        Act::ManageForms,
    ];

    /// A reason is read by someone who may do other things: it must not deny them those.
    #[test]
    fn a_refusal_is_true_of_the_role_that_reads_it() {
        for role in ROLES {
            let changes_something = ACTS.iter().any(|&act| act != Act::Look && role.may(act));
            for act in ACTS.into_iter().filter(|&act| !role.may(act)) {
                let words = refusal(role, act);
                assert!(words.contains(role.label()), "{words}");
                assert!(!(changes_something && words.contains("not change anything")), "{words}");
                let trusted = [Role::Member, Role::Viewer].iter().all(|&other| !other.may(act));
                assert_eq!(words.contains("only owners and admins"), trusted, "{words}");
            }
        }
    }
}
