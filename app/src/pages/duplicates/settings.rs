//! From which probability on a pair is listed.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::desk::use_desk;
use crate::components::use_toasts;
use crate::server_fns::duplicates::set_match_thresholds;
use crate::state::use_refresh;

/// The two thresholds as a form.
#[component]
pub fn Thresholds(review_from: f64, obvious_from: f64) -> impl IntoView {
    let desk = use_desk();
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let show = |probability: f64| format!("{}", (probability * 1_000.0).round() / 10.0);
    let review = RwSignal::new(show(review_from));
    let obvious = RwSignal::new(show(obvious_from));
    let error = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let read = |text: String| text.trim().replace(',', ".").parse::<f64>().map(|n| n / 100.0);
        let (Ok(review), Ok(obvious)) = (read(review.get_untracked()), read(obvious.get_untracked())) else {
            error.set(Some("Give both as numbers, such as 50 and 99.".to_owned()));
            return;
        };
        spawn_local(async move {
            match set_match_thresholds(review, obvious).await {
                Ok(()) => {
                    error.try_set(None);
                    toasts.say("Saved. Everyone is compared again with it.");
                    refresh.ring();
                }
                Err(failure) => _ = error.try_set(Some(failure.0.message)),
            }
        });
    };
    let field = |id: &'static str, label: &'static str, value: RwSignal<String>| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input
                    class="input"
                    id=id
                    inputmode="decimal"
                    autocomplete="off"
                    prop:value=value
                    aria-describedby="threshold-error"
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </div>
        }
    };
    view! {
        <form class="stack-sm pad-sm" on:submit=submit>
            <p class="hint">"How many of a hundred such pairs are one person, in percent."</p>
            {field("review-from", "Review from", review)}
            {field("obvious-from", "Obvious from", obvious)}
            <p class="field-error" id="threshold-error" role="alert">{move || error.get()}</p>
            <button type="submit" class="btn primary" title=move || desk.refusal.get_value() disabled=move || desk.off()>"Save"</button>
        </form>
    }
    .into_any()
}
