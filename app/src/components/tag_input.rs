use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::Icon;

/// A list of tags with room to type another: Enter or a comma adds it, its cross takes one away.
#[component]
pub fn TagInput(
    #[prop(into)] id: String,
    #[prop(into)] tags: Signal<Vec<String>>,
    #[prop(into)] on_change: Callback<Vec<String>>,
    #[prop(default = "Add a tag")] placeholder: &'static str,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let add = move || {
        let mut list = tags.get_untracked();
        let typed = text.get_untracked();
        let before = list.len();
        for tag in typed.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
            if !list.iter().any(|known| known == tag) {
                list.push(tag.to_owned());
            }
        }
        text.set(String::new());
        if list.len() > before {
            on_change.run(list);
        }
    };
    let remove = move |tag: &str| {
        on_change.run(tags.get_untracked().into_iter().filter(|known| known != tag).collect());
    };
    let key = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | ",") {
            event.prevent_default();
            add();
        }
    };
    view! {
        <div class="tag-input">
            <For each=move || tags.get() key=String::clone let:tag>
                <span class="tag">
                    {tag.clone()}
                    <button type="button" aria-label=format!("Remove tag {tag}") on:click=move |_| remove(&tag)>
                        <Icon name="x"/>
                    </button>
                </span>
            </For>
            <input
                class="input"
                id=id
                type="text"
                autocomplete="off"
                maxlength="100"
                placeholder=placeholder
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
                on:keydown=key
                on:blur=move |_| add()
            />
        </div>
    }
}
