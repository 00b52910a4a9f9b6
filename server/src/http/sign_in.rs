//! Sign-in, sign-out, set-up, and who a request comes from.

use std::net::SocketAddr;
use std::time::Instant;

use axum::Form;
use axum::extract::{ConnectInfo, Request, State as FromState};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::ProblemKind;
use engine::{Actor, Engine, NewWorkspace, SignedIn};
use serde::Deserialize;

use super::State;

/// What the set-up page's address says where a workspace is here already.
const ADOPTS: &str = "here=1";

/// Tries from one network, or at one account, within a minute; then it waits.
pub const TRIES: u32 = 10;

/// The session cookie. `__Host-` binds it to this host and to https; browsers refuse that name without TLS.
#[derive(Debug, Clone, Copy)]
pub struct CookieStyle {
    /// Whether browsers reach this server by https.
    pub https: bool,
}

impl CookieStyle {
    fn name(self) -> &'static str {
        if self.https { "__Host-onefold" } else { "onefold" }
    }

    fn make(self, value: String, max_age: i64) -> Cookie<'static> {
        Cookie::build((self.name(), value))
            .path("/")
            .http_only(true)
            .secure(self.https)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::seconds(max_age))
            .build()
    }
}

/// The sign-in form.
#[derive(Deserialize)]
pub struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// Signs in and goes on to where the person wanted to be.
pub async fn sign_in(
    FromState(state): FromState<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    jar: CookieJar,
    Form(form): Form<Credentials>,
) -> Response {
    let next = local(&form.next);
    let back =
        |problem: &str| Redirect::to(&format!("/sign-in?problem={problem}&next={}", encode(&next))).into_response();
    let account = Engine::account_key(&form.email);
    let now = Instant::now();
    if !state.attempts.allow(peer.ip(), now) || account.is_some_and(|key| !state.attempts.allow_at(key, now)) {
        return back("busy");
    }
    match state.engine.sign_in(&form.email, &form.password).await {
        Ok(Some(signed_in)) => {
            state.attempts.succeeded(peer.ip(), account);
            welcome(&state, jar, signed_in, &next).await
        }
        Ok(None) => back("wrong"),
        Err(error) => {
            tracing::error!(?error, "sign-in failed");
            back("busy")
        }
    }
}

/// The set-up form.
#[derive(Deserialize)]
pub struct SetUp {
    /// Not asked for where the command line has made one.
    #[serde(default)]
    workspace: String,
    name: String,
    email: String,
    password: String,
}

/// Makes the first workspace and its owner. Pressed twice, the second signs in to what the first has made.
pub async fn set_up(
    FromState(state): FromState<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    jar: CookieJar,
    Form(form): Form<SetUp>,
) -> Response {
    if !state.attempts.allow(peer.ip(), Instant::now()) {
        return Redirect::to("/set-up?problem=busy").into_response();
    }
    let (email, password) = (form.email.clone(), form.password.clone());
    let new = NewWorkspace { workspace: form.workspace, name: form.name, email: form.email, password: form.password };
    match state.engine.set_up(new).await {
        Ok(signed_in) => welcome(&state, jar, signed_in, "/campaigns").await,
        Err(error) => {
            let problem = error.into_problem();
            if problem.kind == ProblemKind::Conflict
                && let Ok(Some(signed_in)) = state.engine.sign_in(&email, &password).await
            {
                return welcome(&state, jar, signed_in, "/campaigns").await;
            }
            let word = problem.fields.first().map_or("busy", |(field, _)| field.as_str());
            Redirect::to(&format!("/set-up?problem={word}")).into_response()
        }
    }
}

/// A new session; the one before, if any, ends (nobody can plant a session to be signed in to).
async fn welcome(state: &State, jar: CookieJar, signed_in: SignedIn, next: &str) -> Response {
    if let Some(old) = jar.get(state.cookie.name())
        && let Err(error) = state.engine.sign_out(old.value()).await
    {
        tracing::warn!(?error, "an old session could not be ended");
    }
    let cookie = state.cookie.make(signed_in.token, signed_in.max_age);
    (jar.add(cookie), Redirect::to(next)).into_response()
}

/// Ends the session.
pub async fn sign_out(FromState(state): FromState<State>, jar: CookieJar) -> Response {
    if let Some(cookie) = jar.get(state.cookie.name())
        && let Err(error) = state.engine.sign_out(cookie.value()).await
    {
        tracing::error!(?error, "a session could not be ended");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    (jar.remove(state.cookie.make(String::new(), 0)), Redirect::to("/sign-in")).into_response()
}

/// Finds out who asks, and leads those who are not signed in to the page where they can.
pub async fn recognise(
    FromState(state): FromState<State>,
    jar: CookieJar,
    mut request: Request,
    next: Next,
) -> Response {
    let actor = match jar.get(state.cookie.name()) {
        None => None,
        Some(cookie) => match state.engine.actor(cookie.value()).await {
            Ok(actor) => actor,
            Err(error) => return super::problem::Refusal::from(error).into_response(),
        },
    };
    if let Some(elsewhere) = lead_elsewhere(&state.engine, &actor, request.method(), request.uri()).await {
        return elsewhere;
    }
    request.extensions_mut().insert(actor);
    next.run(request).await
}

async fn lead_elsewhere(engine: &Engine, actor: &Option<Actor>, method: &Method, uri: &Uri) -> Option<Response> {
    let path = uri.path();
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if method != Method::GET || is_file || path.ends_with("/progress") {
        return None;
    }
    match (actor, path) {
        (Some(_), "/sign-in" | "/set-up" | "/") => Some(Redirect::to("/campaigns").into_response()),
        (Some(_), _) => None,
        (None, _) => {
            let set_up = engine.needs_set_up().await.unwrap_or(false);
            match (set_up, path) {
                (true, "/set-up") => name_what_is_here(engine, uri).await,
                (false, "/sign-in") => None,
                (true, _) => Some(Redirect::to("/set-up").into_response()),
                (false, "/" | "/set-up") => Some(Redirect::to("/sign-in").into_response()),
                (false, _) => {
                    let wanted = uri.path_and_query().map_or("/", |p| p.as_str());
                    Some(Redirect::to(&format!("/sign-in?next={}", encode(wanted))).into_response())
                }
            }
        }
    }
}

/// The set-up page asks for no workspace where the command line has made one: its address says so.
async fn name_what_is_here(engine: &Engine, uri: &Uri) -> Option<Response> {
    let query = uri.query().unwrap_or_default();
    let told = query.split('&').any(|part| part == ADOPTS);
    if told == engine.adopts_workspaces().await.unwrap_or(told) {
        return None;
    }
    let others = query.split('&').filter(|part| !part.is_empty() && *part != ADOPTS);
    let parts: Vec<&str> = others.chain(Some(ADOPTS).filter(|_| !told)).collect();
    Some(Redirect::to(&format!("/set-up?{}", parts.join("&"))).into_response())
}

/// A path of this site, whatever somebody put into the form. Browsers drop some characters of an address and read others
/// as a slash, so it must be a path as it stands.
fn local(next: &str) -> String {
    let plain = next.starts_with('/') && !next.starts_with("//");
    let uri = next.parse::<Uri>().ok().filter(|uri| uri.scheme().is_none() && uri.authority().is_none());
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    match uri.as_ref().and_then(Uri::path_and_query).filter(|_| plain && !next.contains(odd)) {
        Some(path) => path.to_string(),
        None => "/campaigns".to_owned(),
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        for foreign in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "evil"]
        {
            assert_eq!(local(foreign), "/campaigns");
        }
        // a browser drops these, wherever they stand, and then reads another host
        let controls = (0..32).chain(127..160).filter_map(char::from_u32).chain([' ', '\u{2028}', '\u{a0}']);
        for odd in controls {
            for foreign in [format!("/{odd}/evil.example"), format!("{odd}//evil.example"), format!("/a{odd}")] {
                assert_eq!(local(&foreign), "/campaigns", "{foreign:?}");
            }
        }
        assert_eq!(local("/imports?x=1&y=%2F%2Fa"), "/imports?x=1&y=%2F%2Fa");
        assert_eq!(local("/contacts#a"), "/contacts");
        assert_eq!(encode("/a?b=c d"), "/a%3Fb%3Dc%20d");
    }
}
