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
    /// Of a fault of ours, the id under which the log knows more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

impl Problem {
    /// A refusal about the whole request.
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Problem { kind, message: message.into(), fields: Vec::new(), request: None }
    }

    /// A refusal about one input.
    pub fn field(name: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        Problem { kind: ProblemKind::Invalid, fields: vec![(name.into(), message.clone())], message, request: None }
    }

    /// The same fault with the id of the request; a refusal that is no fault of ours needs none.
    pub fn of_request(self, id: Option<String>) -> Self {
        let request = id.filter(|_| self.kind == ProblemKind::Internal);
        Problem { request, ..self }
    }

    /// The sentence, and what to quote to whoever can read the log.
    pub fn words(&self) -> String {
        match &self.request {
            Some(id) => format!("{} Quote {id} when you report this.", self.message),
            None => self.message.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_fault_of_ours_names_its_request() {
        let id = || Some("7f3a".to_owned());
        let fault = Problem::new(ProblemKind::Internal, "Something went wrong.").of_request(id());
        assert_eq!(fault.words(), "Something went wrong. Quote 7f3a when you report this.");
        let refusal = Problem::field("name", "A name is needed.").of_request(id());
        assert_eq!((refusal.words().as_str(), &refusal.request), ("A name is needed.", &None));
        let text = serde_json::to_string(&refusal).unwrap();
        assert!(!text.contains("request"), "{text}");
        assert_eq!(serde_json::from_str::<Problem>(&text).unwrap(), refusal);
    }
}
