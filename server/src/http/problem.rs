//! Refusals as HTTP answers.

use std::any::Any;

use axum::Json;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use domain::{Problem, ProblemKind};

/// A use case's refusal, as JSON with the status that fits.
pub struct Refusal(Problem);

impl From<engine::Error> for Refusal {
    fn from(error: engine::Error) -> Self {
        Refusal(error.into_problem())
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Refusal(problem)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> axum::response::Response {
        let status = match self.0.kind {
            ProblemKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            ProblemKind::SignedOut => StatusCode::UNAUTHORIZED,
            ProblemKind::Forbidden => StatusCode::FORBIDDEN,
            ProblemKind::NotFound => StatusCode::NOT_FOUND,
            ProblemKind::Conflict => StatusCode::CONFLICT,
            ProblemKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
            ProblemKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, Json(self.0)).into_response()
    }
}

/// The answer when a handler panicked; the log has the panic, the answer the request id in its header.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response<Body> {
    tracing::error!("a handler panicked");
    let message = "Something went wrong on the server. Reload the page to see what is saved.";
    Refusal(Problem::new(ProblemKind::Internal, message)).into_response()
}
