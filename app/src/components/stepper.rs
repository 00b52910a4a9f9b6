use domain::import::WizardStep;
use leptos::prelude::*;

/// The numbered steps of the wizard; those before the current one can be gone back to.
#[component]
pub fn Stepper(
    #[prop(into)] current: Signal<WizardStep>,
    #[prop(into)] on_step: Callback<WizardStep>,
) -> impl IntoView {
    let step = move |step: WizardStep| {
        let done = move || step < current.get();
        view! {
            <li class:done=done aria-current=move || (step == current.get()).then_some("step")>
                {move || {
                    if done() {
                        view! { <button type="button" class="t" on:click=move |_| on_step.run(step)>{step.label()}</button> }
                            .into_any()
                    } else {
                        view! { <span class="t">{step.label()}</span> }.into_any()
                    }
                }}
            </li>
        }
    };
    view! {
        <ol class="stepper" aria-label="Steps">
            {WizardStep::ALL.iter().map(|&one| step(one)).collect_view()}
        </ol>
    }
}
