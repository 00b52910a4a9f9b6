//! HTTP: the router, what surrounds every request, and the few routes that are not pages.

mod accept;
mod attempts;
mod body;
mod client;
mod contacts;
mod forms;
mod headers;
mod imports;
mod pages;
mod problem;
mod sign_in;
mod trace;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderName};
use axum::middleware;
use axum::routing::{get, post, put};
use engine::Engine;
use leptos::config::LeptosOptions;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::services::ServeDir;
use tracing::Instrument as _;

pub use accept::{Limits, accept};

/// What every handler can reach.
#[derive(Clone, axum::extract::FromRef)]
pub struct State {
    /// The use cases.
    pub engine: Engine,
    /// Where the site's files are, and how they are called.
    pub options: LeptosOptions,
    /// How many sign-ins were tried from where.
    #[from_ref(skip)]
    pub attempts: attempts::Attempts,
    /// How many registration forms were sent from where.
    #[from_ref(skip)]
    pub posts: attempts::Attempts,
    /// What the session cookie is called and whether it is for https only.
    pub cookie: sign_in::CookieStyle,
}

/// A server function takes JSON of at most so many bytes; files have a route of their own.
const CALL_BYTES: usize = 256 * 1024;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A registration form is not longer.
const FORM_BYTES: usize = 64 * 1024;

/// How this server is reached.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reached {
    /// Browsers reach it by https.
    pub https: bool,
    /// A proxy stands in front of it and says who asks.
    pub behind_proxy: bool,
}

/// Every route of the server.
pub fn router(engine: Engine, options: LeptosOptions, reached: Reached) -> Router {
    // Not for the routes, which the app's own router knows: this is what makes ready the executor that pages run on.
    let _ = leptos_axum::generate_route_list(app::App);
    let state = State {
        engine,
        attempts: attempts::Attempts::new(sign_in::TRIES),
        posts: attempts::Attempts::new(forms::POSTS),
        cookie: sign_in::CookieStyle { https: reached.https },
        options: options.clone(),
    };
    let root = options.site_root.to_string();
    let package = format!("/{}", options.site_pkg_dir);
    let uploads =
        Router::new().route("/imports/{import}/file", put(imports::upload)).layer(DefaultBodyLimit::disable());
    let files = Router::new().nest_service(&package, ServeDir::new(format!("{root}{package}")));
    // outside of everything that asks who is signed in
    let public = Router::new()
        .route("/forms/{token}", get(forms::show).post(forms::send))
        .route("/forms/{token}/thanks", get(forms::thanks))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(middleware::from_fn_with_state(body::Bound::of(FORM_BYTES), body::whole))
        .with_state(state.clone());
    let all = Router::new()
        .route("/sign-in", post(sign_in::sign_in).get(pages::page_or_file))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/set-up", post(sign_in::set_up).get(pages::page_or_file))
        .route("/call/{*function}", post(pages::call))
        .route("/contacts.csv", get(contacts::file))
        .route("/imports/{import}/progress", get(imports::progress))
        .route("/imports/{import}/rows.csv", get(imports::rows))
        .layer(DefaultBodyLimit::max(CALL_BYTES))
        .layer(middleware::from_fn_with_state(body::Bound::of(CALL_BYTES), body::whole))
        .merge(uploads)
        // pages last: they are whatever the app's own router knows
        .fallback(pages::page_or_file)
        .layer(middleware::from_fn_with_state(state.clone(), sign_in::recognise))
        .with_state(state)
        // a public form has no session to protect, and comes from frames that browsers call another site
        .layer(CsrfLayer::new())
        .merge(files)
        .merge(public)
        .layer(
            ServiceBuilder::new()
                .map_request(trace::without_foreign_id)
                .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
                .layer(PropagateRequestIdLayer::new(REQUEST_ID))
                .layer(middleware::from_fn(trace::spanned))
                .layer(middleware::from_fn(headers::secure))
                .layer(CatchPanicLayer::custom(problem::panicked_outside))
                .layer(CompressionLayer::new())
                .layer(middleware::from_fn(keep_going)),
        );
    if reached.behind_proxy { all.layer(middleware::from_fn(client::behind_proxy)) } else { all }
}

/// The id of a request: of our making, or of a proxy's, if it is one that can stand in a log and in a sentence.
fn request_id(headers: &HeaderMap) -> String {
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    let plain = id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if plain { id.to_owned() } else { String::new() }
}

/// A closed browser tab drops the request; what it asked for is finished all the same, so no write is cut in half. What
/// is logged meanwhile carries the id of the request.
async fn keep_going(request: axum::extract::Request, next: middleware::Next) -> axum::response::Response {
    let id = request_id(request.headers());
    match tokio::spawn(next.run(request).in_current_span()).await {
        Ok(response) => response,
        Err(_) => {
            // the panic itself was printed where it happened
            tracing::error!("a handler panicked");
            problem::panicked(id)
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn an_id_that_cannot_stand_in_a_log_is_none() {
        for (sent, id) in [
            ("0b1f7a52-9c1e-4a57-8a53-0d5f1c3d2b10", "0b1f7a52-9c1e-4a57-8a53-0d5f1c3d2b10"),
            ("proxy_7.3", "proxy_7.3"),
            ("two words", ""),
            ("<script>", ""),
            (&"a".repeat(65), ""),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_str(sent).unwrap());
            assert_eq!(request_id(&headers), id);
        }
        assert_eq!(request_id(&HeaderMap::new()), "");
    }
}
