//! The page of a registration form: for anyone, in any browser, inside of any other site. Plain HTML that the server
//! writes; no script runs on it and the wasm knows nothing of it.

use domain::FieldKind;
use domain::PersonField;
use domain::contact::ContactField;
use domain::form::{PublicForm, Question, Registration};
use leptos::prelude::*;

/// The name of an input that people do not see: whoever fills it in is a program.
pub const TRAP: &str = "homepage";
/// The name of the box below the text to agree to.
pub const CONSENT: &str = "consent";
/// The name of the page's own number.
pub const NONCE: &str = "nonce";

/// What stands in the form when it is shown: nothing, or what was sent and cannot be used yet.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// The answers, and the number of the page that they were typed on; empty for a fresh page.
    pub sent: Registration,
    /// A sentence about the whole; empty for a fresh page.
    pub note: &'static str,
    /// What is wrong, by the name of the input.
    pub wrong: Vec<(String, String)>,
}

impl Filled {
    fn wrong(&self, name: &str) -> Option<String> {
        self.wrong.iter().find(|(about, _)| about == name).map(|(_, why)| why.clone())
    }
}

/// The form.
pub fn form_page(options: &LeptosOptions, form: &PublicForm, filled: &Filled) -> String {
    let note =
        (!filled.note.is_empty()).then(|| view! { <div class="banner fail" role="alert"><p>{filled.note}</p></div> });
    let questions = form.questions.iter().map(|question| field(question, filled)).collect_view();
    let consent = (!form.consent.is_empty()).then(|| {
        let wrong = filled.wrong(CONSENT);
        view! {
            <div class="field">
                <label class="check">
                    <input type="checkbox" name=CONSENT value=form.consent_print.clone() required checked=filled.sent.agreed == form.consent_print aria-describedby="consent-error" aria-invalid=wrong.is_some().then_some("true")/>
                    <span class="lines-kept">{form.consent.clone()}</span>
                </label>
                <p class="field-error" id="consent-error">{wrong}</p>
            </div>
        }
    });
    let nonce = if filled.sent.nonce.is_empty() { form.nonce.clone() } else { filled.sent.nonce.clone() };
    let body = view! {
        <main class="form-page stack" id="main">
            <h1>{form.title.clone()}</h1>
            {paragraphs(&form.intro)}
            {note}
            <form class="stack" method="post" action=format!("/forms/{}", form.token)>
                <input type="hidden" name=NONCE value=nonce/>
                {questions}
                <div class="trap" aria-hidden="true">
                    <label for="form-trap">"Leave this empty"</label>
                    <input id="form-trap" name=TRAP type="text" tabindex="-1" autocomplete="off"/>
                </div>
                {consent}
                <p><button type="submit" class="btn primary">"Send"</button></p>
            </form>
        </main>
    };
    document(options, &form.title, body.into_any())
}

/// What is said afterwards.
pub fn thanks_page(options: &LeptosOptions, words: &str) -> String {
    let words = if words.is_empty() { "We have what you sent." } else { words };
    let body = view! { <main class="form-page stack" id="main"><h1>"Thank you"</h1>{paragraphs(words)}</main> };
    document(options, "Thank you", body.into_any())
}

/// A page that says something instead of a form.
pub fn notice_page(options: &LeptosOptions, title: &str, words: &str) -> String {
    let body = view! { <main class="form-page stack" id="main"><h1>{title.to_owned()}</h1>{paragraphs(words)}</main> };
    document(options, title, body.into_any())
}

fn document(options: &LeptosOptions, title: &str, body: AnyView) -> String {
    let (title, style) = (title.to_owned(), format!("/{}/{}.css", options.site_pkg_dir, options.output_name));
    let page = view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=style/>
                <title>{title}</title>
            </head>
            <body>{body}</body>
        </html>
    };
    page.to_html()
}

fn paragraphs(text: &str) -> impl IntoView {
    text.split("\n\n")
        .filter(|part| !part.is_empty())
        .map(|part| view! { <p class="lines-kept">{part.to_owned()}</p> })
        .collect_view()
}

/// A question with its input; what is wrong with the answer stands below it.
fn field(question: &Question, filled: &Filled) -> AnyView {
    let name = question.field.to_string();
    let (id, error_id) = (format!("form-{name}"), format!("form-{name}-error"));
    let value = filled.sent.answer(question);
    let wrong = filled.wrong(&name);
    let invalid = wrong.is_some().then_some("true");
    let required = question.required;
    let label = question.label.clone();
    let optional = (!required).then(|| view! { <span class="muted">" (optional)"</span> });
    let error = view! { <p class="field-error" id=error_id.clone()>{wrong}</p> };
    let chosen = |options: Vec<(String, String)>| {
        let options = options
            .into_iter()
            .map(|(word, label)| view! { <option selected=word == value value=word.clone()>{label}</option> })
            .collect_view();
        view! {
            <select class="select" id=id.clone() name=name.clone() required=required aria-describedby=error_id.clone() aria-invalid=invalid>
                <option value="">"Choose"</option>
                {options}
            </select>
        }
        .into_any()
    };
    let same = |options: &[String]| options.iter().map(|option| (option.clone(), option.clone())).collect();
    let input = match question.kind {
        FieldKind::Choices => {
            let ticked: Vec<&str> = domain::custom::split_choices(&value).collect();
            let boxes = question
                .options
                .iter()
                .map(|option| {
                    let on = ticked.contains(&option.as_str());
                    view! {
                        <label class="check">
                            <input type="checkbox" name=name.clone() value=option.clone() checked=on/>
                            <span>{option.clone()}</span>
                        </label>
                    }
                })
                .collect_view();
            return view! {
                <fieldset class="field plain-group" aria-describedby=error_id>
                    <legend class="label">{label}{optional}</legend>
                    {boxes}
                    {error}
                </fieldset>
            }
            .into_any();
        }
        FieldKind::Choice => chosen(same(&question.options)),
        FieldKind::YesNo => chosen(vec![("yes".to_owned(), "Yes".to_owned()), ("no".to_owned(), "No".to_owned())]),
        kind => {
            let (of_type, fills) = typed(question.field, kind);
            view! { <input class="input" id=id.clone() name=name.clone() type=of_type autocomplete=fills maxlength="2000" required=required value=value.clone() aria-describedby=error_id.clone() aria-invalid=invalid/> }
            .into_any()
        }
    };
    view! { <div class="field"><label for=id>{label}{optional}</label>{input}{error}</div> }.into_any()
}

/// The type of an input, and what the browser may offer for it.
fn typed(field: ContactField, kind: FieldKind) -> (&'static str, &'static str) {
    let ContactField::Person(field) = field else {
        return match kind {
            FieldKind::Date => ("date", "off"),
            // a link that starts without https is completed by us, and refused by a browser
            FieldKind::Url => ("text", "off"),
            _ => ("text", "off"),
        };
    };
    match field {
        PersonField::Email => ("email", "email"),
        PersonField::FirstName => ("text", "given-name"),
        PersonField::LastName => ("text", "family-name"),
        PersonField::CompanyName => ("text", "organization"),
        PersonField::JobTitle => ("text", "organization-title"),
        PersonField::Phone => ("tel", "tel"),
        PersonField::Street => ("text", "street-address"),
        PersonField::Postcode => ("text", "postal-code"),
        PersonField::City => ("text", "address-level2"),
        PersonField::Country => ("text", "country-name"),
        PersonField::DateOfBirth => ("date", "bday"),
        _ => ("text", "off"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> PublicForm {
        let question = |field, kind, options: &[&str]| Question {
            field,
            label: "A <b>label</b>".to_owned(),
            kind,
            options: options.iter().map(|o| (*o).to_owned()).collect(),
            required: false,
        };
        let own = |n| ContactField::Custom(domain::ids::FieldId(n));
        PublicForm {
            token: "t".to_owned(),
            title: "</title><script>alert(1)</script>".to_owned(),
            intro: "one\n\ntwo".to_owned(),
            questions: vec![
                question(ContactField::Person(PersonField::Email), FieldKind::Text, &[]),
                question(own(1), FieldKind::Choices, &["Gold", "\"><img src=x onerror=alert(1)>"]),
                question(own(2), FieldKind::YesNo, &[]),
            ],
            consent: "I <i>agree</i>".to_owned(),
            consent_print: "c0ffee".to_owned(),
            thanks: String::new(),
            nonce: "0".to_owned(),
        }
    }

    #[test]
    fn what_the_team_and_a_stranger_wrote_is_text() {
        let options = LeptosOptions::builder().output_name("onefold").build();
        let answers = vec![
            ("email".to_owned(), "\"><script>alert(2)</script>".to_owned()),
            ("fld_1".to_owned(), "Gold".to_owned()),
            ("fld_2".to_owned(), "no".to_owned()),
        ];
        let sent = Registration { nonce: "n".to_owned(), answers, agreed: "an older text".to_owned() };
        let wrong = vec![("email".to_owned(), "No <address>.".to_owned())];
        let page = form_page(&options, &form(), &Filled { sent, note: "Look again.", wrong });
        for never in ["<script>", "<b>label", "<img", "<i>agree", "<address>"] {
            assert!(!page.contains(never), "{never} in {page}");
        }
        assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
        assert!(page.contains("&lt;address&gt;"), "{page}");
        assert_eq!(page.matches(" checked").count(), 1, "what was ticked stays ticked: {page}");
        assert_eq!(page.matches(" selected").count(), 1, "what was chosen stays chosen: {page}");
        assert!(thanks_page(&options, "").contains("We have what you sent."));
    }
}
