//! Who is signed in, as the screens need it.

use serde::{Deserialize, Serialize};

use crate::Role;

/// What the shell shows of the signed-in member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The member's name.
    pub user_name: String,
    /// Their role in the workspace.
    pub role: Role,
    /// The workspace's name.
    pub workspace_name: String,
}
