use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use crate::Failure;

/// What a form was refused for: sentences, each with the name of the input it is about.
#[derive(Clone, Copy)]
pub struct FormProblem(RwSignal<Vec<(String, String)>>);

impl FormProblem {
    /// Nothing is wrong yet.
    pub fn none() -> Self {
        FormProblem(RwSignal::new(Vec::new()))
    }

    /// A refusal of the server; one that names no input is about `else_about`. The form may be gone by then.
    pub fn refuse(self, failure: &Failure, else_about: &str) {
        if failure.0.fields.is_empty() {
            self.say(else_about, failure.to_string());
        } else {
            self.0.try_set(failure.0.fields.clone());
        }
    }

    /// Something else that is wrong.
    pub fn say(self, about: &str, words: String) {
        self.0.try_set(vec![(about.to_owned(), words)]);
    }

    /// Something was typed: the sentence is about what stood there before.
    pub fn clear(self) {
        self.0.set(Vec::new());
    }

    /// The sentence about this input.
    pub fn about(self, name: impl Into<String>) -> Signal<Option<String>> {
        let name = name.into();
        self.of(move |about| about == name)
    }

    /// The sentence about anything but these inputs, which stands below them all.
    pub fn about_none_of(self, names: Vec<String>) -> Signal<Option<String>> {
        self.of(move |about| !names.iter().any(|name| name == about))
    }

    fn of(self, wanted: impl Fn(&str) -> bool + Send + Sync + 'static) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.0.with(|wrong| wrong.iter().find(|(about, _)| wanted(about)).map(|(_, words)| words.clone()))
        })
    }
}

/// Whether an input is wrong, as its `aria-invalid` says it.
pub fn invalid(wrong: Signal<Option<String>>) -> Signal<Option<&'static str>> {
    Signal::derive(move || wrong.with(|wrong| wrong.is_some().then_some("true")))
}

/// The sentence about one input, or about the form. When it appears, the first that is wrong gets the focus: the input that
/// is described by it, or else the sentence itself.
#[component]
pub fn FieldError(
    /// For the `aria-describedby` of its input.
    #[prop(into)]
    id: String,
    wrong: Signal<Option<String>>,
) -> impl IntoView {
    let node = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        if wrong.with(Option::is_some)
            && let Some(sentence) = node.get()
        {
            // the input is marked as wrong in this round of effects too
            request_animation_frame(move || focus_what_is_wrong(&sentence));
        }
    });
    view! { <p class="field-error" id=id role="alert" tabindex="-1" node_ref=node>{move || wrong.get()}</p> }
}

fn focus_what_is_wrong(sentence: &Element) {
    let form = sentence.closest("form").ok().flatten();
    let first = form.and_then(|form| form.query_selector(".field-error:not(:empty)").ok().flatten());
    if first.is_some_and(|first| first != *sentence) {
        return;
    }
    let input = document().query_selector(&format!("[aria-describedby~='{}']", sentence.id())).ok().flatten();
    let target = input.unwrap_or_else(|| sentence.clone());
    if let Ok(target) = target.dyn_into::<HtmlElement>() {
        let _ = target.focus();
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use domain::{Problem, ProblemKind};

    use super::*;

    #[test]
    fn each_input_has_its_own_sentence_and_the_form_has_the_rest() {
        Owner::new().with(|| {
            let problem = FormProblem::none();
            let (name, rest) =
                (problem.about("name"), problem.about_none_of(vec!["name".to_owned(), "kind".to_owned()]));
            let fields =
                [("name", "Too long."), ("kind", "Unknown.")].map(|(about, words)| (about.into(), words.into()));
            let refused = Problem { fields: fields.into(), ..Problem::new(ProblemKind::Invalid, "Too long.") };
            problem.refuse(&Failure(refused), "name");
            assert_eq!((name.get(), rest.get()), (Some("Too long.".to_owned()), None));
            problem.refuse(&Failure(Problem::new(ProblemKind::Busy, "Later.")), "form");
            assert_eq!((name.get(), rest.get()), (None, Some("Later.".to_owned())));
            problem.clear();
            assert_eq!((name.get(), rest.get()), (None, None));
        });
    }
}
