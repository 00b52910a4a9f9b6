//! The one error a server function returns.

use domain::{Problem, ProblemKind};
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why a call did not work: a refusal of the engine, or a fault on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub Problem);

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let (kind, message) = match error {
            ServerFnErrorErr::Request(_) => (
                ProblemKind::Busy,
                "The server did not answer. Nothing was changed; check the connection and try again.",
            ),
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => (
                ProblemKind::Invalid,
                "The server could not read this request. Nothing was changed; reload the page and try again.",
            ),
            _ => (
                ProblemKind::Internal,
                "Something went wrong between this page and the server. Reload the page to see what is saved.",
            ),
        };
        Failure(Problem::new(kind, message))
    }
}

#[cfg(feature = "ssr")]
impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        Failure(error.into_problem())
    }
}
