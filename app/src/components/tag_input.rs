use domain::tag::{TAGS_AT_ONCE, tags_problem};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::{Icon, focus_after};

/// A list of tags with room to type another: Enter or a comma adds it, its cross takes one away. What cannot be added
/// stays typed, with the reason.
#[component]
pub fn TagInput(
    #[prop(into)] id: String,
    #[prop(into)] tags: Signal<Vec<String>>,
    #[prop(into)] on_change: Callback<Vec<String>>,
    #[prop(default = "Add a tag")] placeholder: &'static str,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let problem_id = StoredValue::new(format!("{id}-problem"));
    let input_id = StoredValue::new(id.clone());
    let add = move || {
        let (list, rest, why) = with_typed(tags.get_untracked(), &text.get_untracked());
        let more = tags.with_untracked(|before| list.len() > before.len());
        text.set(rest);
        problem.set(why);
        if more {
            on_change.run(list);
        }
    };
    let remove = move |tag: &str| {
        problem.set(None);
        on_change.run(tags.get_untracked().into_iter().filter(|known| known != tag).collect());
        focus_after(input_id.get_value());
    };
    let key = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | ",") {
            event.prevent_default();
            add();
        }
    };
    let typed = move |event| {
        problem.set(None);
        text.set(event_target_value(&event));
    };
    let full = Memo::new(move |_| tags.with(|tags| tags.len() >= TAGS_AT_ONCE));
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
                placeholder=placeholder
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=move || problem.with(Option::is_some).then(|| problem_id.get_value())
                prop:value=move || text.get()
                on:input=typed
                on:keydown=key
                on:blur=move |_| add()
            />
        </div>
        {move || {
            problem
                .get()
                .map(|why| view! { <p class="field-error" id=problem_id.get_value() role="alert"><Icon name="warning"/>{why}</p> })
        }}
        <Show when=move || full.get()>
            <p class="hint">{format!("{TAGS_AT_ONCE} tags: that is the most.")}</p>
        </Show>
    }
}

/// The tags with what was typed; what could not be added, and why.
fn with_typed(mut list: Vec<String>, typed: &str) -> (Vec<String>, String, Option<String>) {
    let (mut rest, mut why) = (Vec::new(), None);
    for tag in typed.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if list.iter().any(|known| known == tag) {
            continue;
        }
        list.push(tag.to_owned());
        if let Some(sentence) = tags_problem(&list) {
            list.pop();
            rest.push(tag);
            why.get_or_insert(sentence);
        }
    }
    (list, rest.join(", "), why)
}

#[cfg(test)]
mod tests {
    use domain::tag::TAG_CHARACTERS;

    use super::*;

    #[test]
    fn what_cannot_be_added_stays_typed() {
        let (list, rest, why) = with_typed(vec!["a".to_owned()], " b, a,, c ");
        assert_eq!((list, rest.as_str(), why), (["a", "b", "c"].map(str::to_owned).to_vec(), "", None));
        let long = "x".repeat(TAG_CHARACTERS + 1);
        let (list, rest, why) = with_typed(Vec::new(), &format!("{long}, fair"));
        assert_eq!((list, rest), (vec!["fair".to_owned()], long));
        assert!(why.unwrap().contains("60 characters"));
        let most: Vec<String> = (0..TAGS_AT_ONCE).map(|i| i.to_string()).collect();
        let (list, rest, why) = with_typed(most.clone(), "one more");
        assert_eq!((list, rest.as_str()), (most, "one more"));
        assert!(why.unwrap().starts_with("20 tags are the most"));
    }
}
