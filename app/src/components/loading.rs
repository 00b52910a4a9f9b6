use leptos::prelude::*;

/// Whether a list is being read again, for the `aria-busy` of the page around it: old rows stay, and a thin line says that
/// new ones are on their way once that takes a moment.
#[derive(Clone, Copy)]
pub struct Reading {
    pending: RwSignal<bool>,
    shown: RwSignal<bool>,
}

impl Reading {
    /// Nothing is being read.
    pub fn not_yet() -> Self {
        let (pending, shown) = (RwSignal::new(false), RwSignal::new(false));
        // only in the browser: the server writes a page when everything is read
        Effect::new(move |_| shown.set(pending.get()));
        Reading { pending, shown }
    }

    /// For the `set_pending` of the `Transition` around the list.
    pub fn setter(self) -> SignalSetter<bool> {
        self.pending.into()
    }

    /// For the `aria-busy` of the page.
    pub fn busy(self) -> Signal<Option<&'static str>> {
        Signal::derive(move || self.shown.get().then_some("true"))
    }
}

/// What stands in place of a list that nobody has read yet; appears once that takes a moment.
#[component]
pub fn Skeleton(
    /// What is being loaded, for those who do not see the bars: `Loading contacts…`.
    label: &'static str,
) -> impl IntoView {
    let line = |_| view! { <span class="skeleton"></span> };
    view! {
        <div class="skeletons" role="status">
            <span class="sr">{label}</span>
            {(0..8).map(line).collect_view()}
        </div>
    }
}
