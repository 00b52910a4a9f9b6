//! The body of a request that is no file: read whole within a time, so that a client who sends it byte by byte holds
//! nothing but its own connection.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// How long a body may take, and how long it may be.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// From the headers to the last byte.
    pub within: Duration,
    /// In bytes.
    pub bytes: usize,
}

impl Bound {
    /// So many bytes within the usual time.
    pub const fn of(bytes: usize) -> Self {
        Bound { within: Duration::from_secs(30), bytes }
    }
}

/// Goes on once the body is there.
pub async fn whole(State(bound): State<Bound>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(bound.within, axum::body::to_bytes(body, bound.bytes)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(_)) => refuse(StatusCode::PAYLOAD_TOO_LARGE, "That is more than can be sent at once."),
        Err(_) => refuse(StatusCode::REQUEST_TIMEOUT, "That took too long to arrive. Send it again."),
    }
}

/// The rest of what is being sent is not read.
fn refuse(status: StatusCode, words: &'static str) -> Response {
    (status, [(header::CONNECTION, HeaderValue::from_static("close"))], words).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::routing::post;
    use tower::ServiceExt as _;

    fn app(within: Duration) -> Router {
        let bound = Bound { within, bytes: 8 };
        Router::new()
            .route("/", post(|text: String| async move { text }))
            .layer(axum::middleware::from_fn_with_state(bound, whole))
    }

    async fn status(within: Duration, body: Body) -> StatusCode {
        let request = Request::builder().method("POST").uri("/").body(body).unwrap();
        app(within).oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_refused() {
        let hour = Duration::from_secs(3_600);
        assert_eq!(status(hour, Body::from("12345678")).await, StatusCode::OK);
        assert_eq!(status(hour, Body::from("123456789")).await, StatusCode::PAYLOAD_TOO_LARGE);
        let never = futures::stream::pending::<Result<Vec<u8>, std::io::Error>>();
        assert_eq!(status(Duration::from_millis(20), Body::from_stream(never)).await, StatusCode::REQUEST_TIMEOUT);
    }
}
