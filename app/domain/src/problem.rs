//! The one shape in which a refusal reaches a person.

use serde::{Deserialize, Serialize};

/// Why something was refused, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProblemKind {
    /// What was sent cannot be used as it is.
    Invalid,
    /// Nobody is signed in.
    SignedOut,
    /// The member's role does not allow it.
    Forbidden,
    /// There is no such thing in this workspace.
    NotFound,
    /// Something else changed meanwhile.
    Conflict,
    /// Too much at once; later is fine.
    Busy,
    /// A fault of ours; the log knows more under the request id.
    Internal,
}

/// A refusal: what happened, where, what is safe and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// Why, for programs.
    pub kind: ProblemKind,
    /// The sentence for the person.
    pub message: String,
    /// The inputs it is about, each with its own sentence.
    #[serde(default)]
    pub fields: Vec<(String, String)>,
}

impl Problem {
    /// A refusal about the whole request.
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Problem { kind, message: message.into(), fields: Vec::new() }
    }

    /// A refusal about one input.
    pub fn field(name: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        Problem { kind: ProblemKind::Invalid, fields: vec![(name.into(), message.clone())], message }
    }
}
