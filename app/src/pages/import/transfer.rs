//! A file on its way to the server: the one request that is not a server function, because it reports how far it is.

use domain::import::DraftView;
use domain::{Problem, ProblemKind};
use gloo::events::EventListener;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{EventTarget, File, ProgressEvent, XmlHttpRequest};

use super::draft::Draft;

/// Where the file is.
#[derive(Clone, PartialEq)]
pub enum Upload {
    /// Nothing is going on.
    Idle,
    /// Bytes are being sent.
    Sending { name: String, sent: u64, total: u64 },
    /// Everything is sent; the server reads it.
    Reading { name: String },
    /// The server has it and could read it.
    Done,
    /// It was refused; the sentence says why.
    Refused(String),
}

impl Upload {
    /// Whether a request is under way.
    pub fn is_busy(&self) -> bool {
        matches!(self, Upload::Sending { .. } | Upload::Reading { .. })
    }
}

/// A running request with its listeners; dropping it ends both.
pub struct Transfer {
    request: XmlHttpRequest,
    _listeners: Vec<EventListener>,
}

impl Drop for Transfer {
    fn drop(&mut self) {
        let _ = self.request.abort();
    }
}

impl Transfer {
    /// Sends a file; `upload` follows it, and the draft is replaced by what the server answers.
    pub fn start(draft: Draft, upload: RwSignal<Upload>, file: &File) -> Transfer {
        let (name, total) = (file.name(), file.size() as u64);
        let request = match send(draft, file, &name) {
            Ok(request) => request,
            Err(request) => {
                upload.set(Upload::Refused(interrupted(&name)));
                return Transfer { request, _listeners: Vec::new() };
            }
        };
        upload.set(Upload::Sending { name: name.clone(), sent: 0, total });
        let mut listeners = Vec::new();
        if let Ok(sending) = request.upload() {
            let sent_name = name.clone();
            listeners.push(EventListener::new(&sending, "progress", move |event| {
                if let Some(event) = event.dyn_ref::<ProgressEvent>() {
                    let (sent, total) = (event.loaded() as u64, event.total() as u64);
                    upload.set(Upload::Sending { name: sent_name.clone(), sent, total });
                }
            }));
            let read_name = name.clone();
            listeners.push(EventListener::once(&sending, "load", move |_| {
                upload.set(Upload::Reading { name: read_name });
            }));
        }
        let target: &EventTarget = request.as_ref();
        let answered = request.clone();
        listeners.push(EventListener::once(target, "load", move |_| match answer(&answered) {
            Ok(view) => {
                draft.replace(view);
                upload.set(Upload::Done);
            }
            Err(problem) => upload.set(Upload::Refused(problem.message)),
        }));
        for end in ["error", "timeout"] {
            let name = name.clone();
            listeners.push(EventListener::once(target, end, move |_| upload.set(Upload::Refused(interrupted(&name)))));
        }
        Transfer { request, _listeners: listeners }
    }
}

fn send(draft: Draft, file: &File, name: &str) -> Result<XmlHttpRequest, XmlHttpRequest> {
    #[expect(clippy::expect_used, reason = "every browser that runs this has the request; there is no other way on")]
    let request = XmlHttpRequest::new().expect("a request");
    let name = String::from(js_sys::encode_uri_component(name));
    let sent = request
        .open_with_async("PUT", &format!("/imports/{}/file?name={name}", draft.id), true)
        .and_then(|()| request.set_request_header("content-type", "application/octet-stream"))
        .and_then(|()| request.send_with_opt_blob(Some(file)));
    match sent {
        Ok(()) => Ok(request),
        Err(_) => Err(request),
    }
}

fn answer(request: &XmlHttpRequest) -> Result<DraftView, Problem> {
    let status = request.status().unwrap_or(0);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    let unread = || {
        let sentence = match status {
            413 => "This file is larger than the server takes. Split it and import the parts one by one.",
            401 | 403 => "You are signed out, or may not import here. Reload the page; the draft is kept.",
            _ => "The server could not take this file. The draft is as it was; try again.",
        };
        Problem::new(ProblemKind::Internal, sentence)
    };
    match status {
        200..300 => serde_json::from_str(&text).map_err(|_| unread()),
        _ => Err(serde_json::from_str(&text).unwrap_or_else(|_| unread())),
    }
}

fn interrupted(name: &str) -> String {
    format!("The upload of “{name}” was interrupted. The draft is as it was; choose the file again.")
}
