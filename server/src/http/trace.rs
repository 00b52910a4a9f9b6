//! What the log says of a request: its method, its route and its number, which the answer carries too. Never the address
//! itself: what people look for is in there.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use super::REQUEST_ID;

/// A number that a client has made up would lead into the lines of another's request.
pub fn without_foreign_id(mut request: Request) -> Request {
    request.headers_mut().remove(REQUEST_ID);
    request
}

/// Everything that is logged on the way to the answer says for which request.
pub async fn spanned(request: Request, next: Next) -> Response {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    // pages are what no route is for
    let route = request.extensions().get::<MatchedPath>().map_or("page", MatchedPath::as_str);
    let span = tracing::info_span!("request", method = %request.method(), route, id);
    next.run(request).instrument(span).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::http::HeaderValue;
    use axum::routing::get;
    use tower::{ServiceBuilder, ServiceExt as _};
    use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

    #[tokio::test]
    async fn a_request_has_a_number_of_ours_and_its_span_has_no_query() {
        let seen = || async {
            let name = tracing::Span::current().metadata().map(|m| m.fields().to_string());
            name.unwrap_or_default()
        };
        let app = Router::new().route("/a/{b}", get(seen)).layer(
            ServiceBuilder::new()
                .map_request(without_foreign_id)
                .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
                .layer(PropagateRequestIdLayer::new(REQUEST_ID))
                .layer(axum::middleware::from_fn(spanned)),
        );
        let request = Request::builder().uri("/a/1?secret=x").header(REQUEST_ID, "mine").body(Body::empty()).unwrap();
        let subscriber = tracing_subscriber::fmt().with_writer(std::io::sink).finish();
        let answer = {
            use tracing::instrument::WithSubscriber as _;
            app.oneshot(request).with_subscriber(subscriber).await.unwrap()
        };
        let id: Option<&HeaderValue> = answer.headers().get(REQUEST_ID);
        assert!(id.is_some_and(|id| id != "mine" && id.len() > 20), "{id:?}");
        let body = axum::body::to_bytes(answer.into_body(), 1_000).await.unwrap();
        assert_eq!(std::str::from_utf8(&body).unwrap(), "{method, route, id}");
    }
}
