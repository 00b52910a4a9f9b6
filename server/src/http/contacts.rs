//! The contacts as a file.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Query, State as FromState};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::contact::ContactFilter;
use engine::{Actor, Engine, Error};

use super::problem::Refusal;

/// The contacts that match the filter in the address, as a CSV that imports again.
pub async fn file(
    FromState(engine): FromState<Engine>,
    Extension(actor): Extension<Option<Actor>>,
    Query(params): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let actor = actor.ok_or(Error::SignedOut)?;
    let filter = ContactFilter::read(params.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let pieces = engine.contacts_file(&actor, &filter).await?;
    let body = Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(pieces));
    let name = "attachment; filename=\"onefold-contacts.csv\"";
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}
