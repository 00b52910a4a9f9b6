//! The one error a server function returns.

use domain::{Problem, ProblemKind};
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why a call did not work: a refusal of the engine, or a fault on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", .0.words())]
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

/// The id of the request that is being answered, which the server puts into the context of pages and calls.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

#[cfg(feature = "ssr")]
impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        let id = leptos::prelude::use_context::<RequestId>().map(|RequestId(id)| id).filter(|id| !id.is_empty());
        Failure(error.into_problem().of_request(id))
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos::prelude::*;

    use super::*;

    #[test]
    fn a_fault_carries_the_id_of_its_request() {
        let owner = Owner::new();
        owner.with(|| {
            provide_context(RequestId("7f3a".to_owned()));
            let Failure(fault) = engine::Error::Fault("a test").into();
            assert_eq!(fault.request.as_deref(), Some("7f3a"));
            let Failure(refusal) = engine::Error::NotFound("contact").into();
            assert_eq!(refusal.request, None);
        });
    }
}
