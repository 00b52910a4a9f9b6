//! Why a use case refused or failed, and the sentence the person reads.

use domain::{Problem, ProblemKind, Role};

/// Business refusals are variants; faults keep their cause for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    SignedOut,
    /// The role does not allow it.
    #[error("the role {0} does not allow it")]
    Forbidden(Role),
    /// There is no such thing in this workspace; said alike for things of other workspaces.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// What was sent cannot be used; the problem is the answer.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// The uploaded file cannot be read; its sentence is the answer.
    #[error(transparent)]
    Sheet(#[from] sheet::SheetError),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A file of ours could not be read or written.
    #[error("{what}: {source}")]
    File {
        /// What was being done.
        what: String,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// What we stored cannot be read back.
    #[error("stored JSON is unreadable")]
    Json(#[from] serde_json::Error),
    /// Something of ours is wrong.
    #[error("{0}")]
    Fault(&'static str),
}

impl Error {
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Error::Refused(Problem::new(ProblemKind::Invalid, message))
    }

    /// What was there and is not any more.
    pub(crate) fn gone(message: impl Into<String>) -> Self {
        Error::Refused(Problem::new(ProblemKind::NotFound, message))
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Error::Refused(Problem::new(ProblemKind::Conflict, message))
    }

    /// Whether the person can do something about it: it was refused, or is not there.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Error::Refused(_) | Error::NotFound(_))
    }

    pub(crate) fn file(what: impl Into<String>, source: &std::io::Error) -> Self {
        Error::File { what: what.into(), source: std::io::Error::new(source.kind(), source.to_string()) }
    }

    /// The answer for the person. This is the one place where internal text is dropped and logged.
    pub fn into_problem(self) -> Problem {
        match self {
            Error::SignedOut => {
                Problem::new(ProblemKind::SignedOut, "You are signed out. Sign in again; nothing was changed.")
            }
            Error::Forbidden(role) => Problem::new(
                ProblemKind::Forbidden,
                format!(
                    "Your role here is {}, which does not allow this. Ask an admin of the workspace.",
                    role.label()
                ),
            ),
            Error::NotFound(what) => Problem::new(
                ProblemKind::NotFound,
                format!("There is no such {what} in this workspace. It may have been deleted; go back to the list."),
            ),
            Error::Refused(problem) => problem,
            Error::Sheet(error) => Problem::field("file", error.to_string()),
            Error::Store(error) if error.is_busy() => {
                tracing::warn!(?error, "database busy");
                Problem::new(
                    ProblemKind::Busy,
                    "The database is busy. Nothing of this was changed; try again in a moment.",
                )
            }
            Error::Store(error @ store::Error::Full(_)) => {
                tracing::error!(?error, "disk full");
                Problem::new(
                    ProblemKind::Busy,
                    "The server's disk is full. What was saved before is safe, this was not saved; \
                     tell whoever runs the server.",
                )
            }
            other => {
                tracing::error!(error = ?other, "use case failed");
                Problem::new(
                    ProblemKind::Internal,
                    "Something went wrong on the server and nothing of this was changed. Try again; \
                     if it happens again, tell whoever runs the server.",
                )
            }
        }
    }
}
