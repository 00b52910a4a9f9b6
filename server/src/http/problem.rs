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

/// The answer when a handler panicked: the log has the panic under this id.
pub fn panicked(id: String) -> Response<Body> {
    let message = "Something went wrong on the server. Reload the page to see what is saved.";
    let problem = Problem::new(ProblemKind::Internal, message);
    Refusal(problem.of_request(Some(id).filter(|id| !id.is_empty()))).into_response()
}

/// The answer when something around the handlers panicked; the request id stands in its header.
pub fn panicked_outside(_: Box<dyn Any + Send + 'static>) -> Response<Body> {
    panicked(String::new())
}
