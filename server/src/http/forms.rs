//! The public pages of registration forms. No session is looked at and no cookie set: they may stand in a frame of any
//! other site.

use std::net::SocketAddr;
use std::time::Instant;

use app::public_form::{CONSENT, Filled, NONCE, TRAP, form_page, notice_page, thanks_page};
use axum::Form;
use axum::extract::{ConnectInfo, Path, State as FromState};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::ProblemKind;
use domain::form::Registration;
use engine::Registered;

use super::State;

/// Forms that one address may send within a minute: an office behind one address has several people.
pub const POSTS: u32 = 20;
/// Nothing but the form's own style and post; any site may frame it.
pub const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors *",
);

/// The form, with a number of its own.
pub async fn show(FromState(state): FromState<State>, Path(token): Path<String>) -> Response {
    match state.engine.public_form(&token).await {
        Ok(Some(form)) => page(StatusCode::OK, form_page(&state.options, &form, &Filled::default())),
        Ok(None) => gone(&state),
        Err(error) => failed(&state, error),
    }
}

/// Takes what was sent. Whoever it was about, the answer is the same.
pub async fn send(
    FromState(state): FromState<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(token): Path<String>,
    Form(inputs): Form<Vec<(String, String)>>,
) -> Response {
    let value = |name: &str| inputs.iter().find(|(input, _)| input == name).map_or("", |(_, text)| text.as_str());
    let done = Redirect::to(&format!("/forms/{token}/thanks")).into_response();
    if !value(TRAP).is_empty() {
        return done;
    }
    let (nonce, agreed) = (value(NONCE).to_owned(), value(CONSENT).to_owned());
    let sent = Registration { nonce, agreed, answers: inputs };
    if !state.posts.allow(peer.ip(), Instant::now()) {
        let words = "Too many forms came from your network. Wait a minute, then send this again.";
        return again(&state, &token, StatusCode::TOO_MANY_REQUESTS, sent, words, Vec::new()).await;
    }
    match state.engine.register(&token, &sent).await {
        Ok(Registered::Done) => done,
        Ok(Registered::Invalid(wrong)) => {
            let words = "Some answers need another look. Nothing was sent yet.";
            again(&state, &token, StatusCode::UNPROCESSABLE_ENTITY, sent, words, wrong).await
        }
        Err(error) => {
            if error.into_problem().kind == ProblemKind::NotFound {
                return gone(&state);
            }
            let words = "That did not work just now. Send it again: it counts once.";
            again(&state, &token, StatusCode::SERVICE_UNAVAILABLE, sent, words, Vec::new()).await
        }
    }
}

/// The form once more, with what was typed and the same number.
async fn again(
    state: &State,
    token: &str,
    status: StatusCode,
    sent: Registration,
    note: &'static str,
    wrong: Vec<(String, String)>,
) -> Response {
    match state.engine.public_form(token).await {
        Ok(Some(form)) => page(status, form_page(&state.options, &form, &Filled { sent, note, wrong })),
        Ok(None) => gone(state),
        Err(error) => failed(state, error),
    }
}

/// What is said afterwards; also when the form was closed meanwhile, because what was sent was taken.
pub async fn thanks(FromState(state): FromState<State>, Path(token): Path<String>) -> Response {
    let form = state.engine.public_form(&token).await.unwrap_or_default();
    page(StatusCode::OK, thanks_page(&state.options, form.map(|form| form.thanks).unwrap_or_default().as_str()))
}

fn page(status: StatusCode, html: String) -> Response {
    let headers =
        [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, headers, Html(html)).into_response()
}

fn gone(state: &State) -> Response {
    let words = "This form takes no registrations any more, or its address is not complete.";
    page(StatusCode::NOT_FOUND, notice_page(&state.options, "No form here", words))
}

fn failed(state: &State, error: engine::Error) -> Response {
    error.into_problem();
    let words = "Something went wrong on our side. Go back and try again in a moment: what you send counts once.";
    page(StatusCode::SERVICE_UNAVAILABLE, notice_page(&state.options, "That did not work", words))
}
