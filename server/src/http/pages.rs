//! Pages, rendered whole by the app, and the calls that pages make.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State as FromState};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::Actor;
use leptos::context::{provide_context, use_context};
use leptos::nonce::use_nonce;
use leptos_axum::ResponseOptions;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use super::{State, headers};

/// A server function: the app's own code, with the engine and the member in reach.
pub async fn call(
    FromState(state): FromState<State>,
    Extension(actor): Extension<Option<Actor>>,
    request: Request,
) -> impl IntoResponse {
    let id = super::request_id(request.headers());
    let context = move || {
        provide_context(state.engine.clone());
        provide_context(actor.clone());
        provide_context(app::RequestId(id.clone()));
    };
    leptos_axum::handle_server_fns_with_context(context, request).await
}

/// A file of the site if there is one of this name, else the page.
pub async fn page_or_file(
    FromState(state): FromState<State>,
    Extension(actor): Extension<Option<Actor>>,
    request: Request,
) -> Response {
    let is_file = request.uri().path().rsplit('/').next().is_some_and(|name| name.contains('.'));
    if is_file {
        let files = ServeDir::new(state.options.site_root.to_string()).append_index_html_on_directories(false);
        return match files.oneshot(request).await {
            Ok(response) => response.map(Body::new),
            Err(never) => match never {},
        };
    }
    let (engine, options) = (state.engine.clone(), state.options.clone());
    let id = super::request_id(request.headers());
    let context = move || {
        provide_context(engine.clone());
        provide_context(actor.clone());
        provide_context(app::RequestId(id.clone()));
    };
    let page = move || {
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
            && let Some(policy) = headers::page_policy(&nonce)
        {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
        app::shell(options.clone())
    };
    leptos_axum::render_app_async_with_context(context, page)(request).await
}
