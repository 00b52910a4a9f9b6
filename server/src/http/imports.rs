//! The routes of an import that are not calls: upload, progress as events, the file of reasons.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State as FromState};
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::ids::ImportId;
use domain::import::DraftView;
use domain::{Outcome, Problem, ProblemKind};
use engine::{Actor, Engine, Error};
use futures::{Stream, StreamExt as _};
use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;

use super::problem::Refusal;

/// How often progress is sent while something happens.
const TICK: Duration = Duration::from_millis(300);
/// A client that sends nothing of its file for so long is let go.
const SILENCE: Duration = Duration::from_secs(60);

fn signed_in(actor: Option<Actor>) -> Result<Actor, Refusal> {
    actor.ok_or_else(|| Error::SignedOut.into())
}

fn import_id(text: &str) -> Result<ImportId, Refusal> {
    text.parse().map_err(|_| Error::NotFound("import").into())
}

/// The name of the file, as the person knows it.
#[derive(Deserialize)]
pub struct FileName {
    #[serde(default)]
    name: String,
}

/// Streams a file to its place and looks at it.
pub async fn upload(
    FromState(engine): FromState<Engine>,
    Extension(actor): Extension<Option<Actor>>,
    Path(import): Path<String>,
    Query(file): Query<FileName>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<DraftView>, Refusal> {
    let actor = signed_in(actor)?;
    let import = import_id(&import)?;
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > engine.max_upload_bytes()) {
        return Err(too_large(&engine));
    }
    // dropped before it is taken, it takes its file along
    let upload = engine.place_for_upload(&actor, import).await?;
    let bytes = receive(&engine, &upload.place(), body).await?;
    Ok(Json(engine.take_upload(&actor, import, upload, &file.name, bytes).await?))
}

async fn receive(engine: &Engine, place: &std::path::Path, body: Body) -> Result<u64, Refusal> {
    let fault = |error: std::io::Error| {
        tracing::error!(%error, "an upload could not be written");
        Refusal::from(Problem::field(
            "file",
            "The server could not store the file; its disk may be full. Nothing was imported; try again later.",
        ))
    };
    let mut file = tokio::io::BufWriter::new(tokio::fs::File::create(place).await.map_err(fault)?);
    let mut pieces = body.into_data_stream();
    let mut bytes = 0;
    loop {
        let piece = match tokio::time::timeout(SILENCE, pieces.next()).await {
            Ok(None) => break,
            Ok(Some(Ok(piece))) => piece,
            Ok(Some(Err(_))) | Err(_) => {
                return Err(Problem::field(
                    "file",
                    "The upload broke off. Nothing was imported; upload the file again.",
                )
                .into());
            }
        };
        bytes += piece.len() as u64;
        if bytes > engine.max_upload_bytes() {
            return Err(too_large(engine));
        }
        file.write_all(&piece).await.map_err(fault)?;
    }
    file.flush().await.map_err(fault)?;
    Ok(bytes)
}

fn too_large(engine: &Engine) -> Refusal {
    let limit = engine.max_upload_bytes() / 1_000_000;
    let message = format!("The file is larger than {limit} MB. Split it and upload the parts one after the other.");
    Problem::field("file", message).into()
}

/// Progress as server-sent events; the last event is the one that says how it ended.
pub async fn progress(
    FromState(engine): FromState<Engine>,
    Extension(actor): Extension<Option<Actor>>,
    Path(import): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let actor = signed_in(actor)?;
    let import = import_id(&import)?;
    engine.get_import_progress(&actor, import).await?;
    let events = futures::stream::unfold(Some(None), move |before| {
        let (engine, actor) = (engine.clone(), actor.clone());
        async move {
            let mut last = before?;
            loop {
                let now = engine.get_import_progress(&actor, import).await.ok()?;
                let ended = !now.state.is_busy();
                if last.as_ref() == Some(&(now.done, now.state)) && !ended {
                    tokio::time::sleep(TICK).await;
                    continue;
                }
                if last.is_some() && !ended {
                    tokio::time::sleep(TICK).await;
                }
                last = Some((now.done, now.state));
                let event = Event::default().json_data(&now).ok()?;
                return Some((Ok(event), if ended { None } else { Some(last) }));
            }
        }
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// Which rows the file of reasons holds.
#[derive(Deserialize)]
pub struct Which {
    #[serde(default)]
    outcomes: String,
}

/// The rows that did not simply go in, as a CSV that imports again.
pub async fn rows(
    FromState(engine): FromState<Engine>,
    Extension(actor): Extension<Option<Actor>>,
    Path(import): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Refusal> {
    let actor = signed_in(actor)?;
    let import = import_id(&import)?;
    let outcomes: Vec<Outcome> = which
        .outcomes
        .split(',')
        .filter(|word| !word.is_empty())
        .map(str::parse)
        .collect::<Result<_, domain::UnknownWord>>()
        .map_err(|error| Problem::new(ProblemKind::Invalid, error.to_string()))?;
    let pieces = engine.reasons_file(&actor, import, outcomes).await?;
    let body = Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(pieces));
    let name = format!("attachment; filename=\"onefold-{import}-rows.csv\"");
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}
