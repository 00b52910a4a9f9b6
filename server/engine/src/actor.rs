//! Who asks: every use case takes one, and asks first whether they may.

use domain::ids::{UserId, WorkspaceId};
use domain::session::Session;
use domain::{Act, Role};

use crate::{Engine, Error, Result};

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

impl Engine {
    /// What the shell shows of the member.
    ///
    /// # Errors
    /// None today; the signature is that of every use case.
    pub async fn get_session(&self, actor: &Actor) -> Result<Session> {
        actor.may(Act::Look)?;
        Ok(Session {
            user_name: actor.user_name.clone(),
            role: actor.role,
            workspace_name: actor.workspace_name.clone(),
        })
    }
}
