//! Who asks: every use case takes one, and asks first whether they may.

use domain::ids::{UserId, WorkspaceId};
use domain::session::Session;
use domain::{Act, Role};

use crate::{Error, Result};

/// A signed-in member of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user.
    pub user: UserId,
    /// The workspace they are in: every look-up carries it.
    pub workspace: WorkspaceId,
    /// What they are there.
    pub role: Role,
    /// Their name.
    pub user_name: String,
    /// The workspace's name.
    pub workspace_name: String,
}

impl Actor {
    /// Goes on only if the member may do it.
    ///
    /// # Errors
    /// `Error::Forbidden` with the role in words.
    pub(crate) fn may(&self, act: Act) -> Result<()> {
        if self.role.may(act) { Ok(()) } else { Err(Error::Forbidden(self.role)) }
    }
}

impl Actor {
    /// Whoever sends a public page: nobody of the team, so that the journal and the audit blame no member.
    pub(crate) fn public(workspace: WorkspaceId) -> Self {
        Actor::on_behalf(UserId(0), workspace)
    }

    /// Whom a job acts for: the member who asked for it.
    pub(crate) fn on_behalf(user: UserId, workspace: WorkspaceId) -> Self {
        Actor { user, workspace, role: Role::Member, user_name: String::new(), workspace_name: String::new() }
    }

    /// What the shell shows of the member.
    pub fn session(&self) -> Session {
        Session { user_name: self.user_name.clone(), role: self.role, workspace_name: self.workspace_name.clone() }
    }
}

impl From<store::team::SessionMember> for Actor {
    fn from(member: store::team::SessionMember) -> Self {
        Actor {
            user: member.user,
            workspace: member.workspace,
            role: member.role,
            user_name: member.user_name,
            workspace_name: member.workspace_name,
        }
    }
}
