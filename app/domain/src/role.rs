//! Roles and what they allow; the engine asks before it loads anything.

use crate::words::words;

words! {
    /// What a member of a workspace is.
    Role, "role", {
        /// Set the workspace up; may do everything.
        Owner = "owner",
        /// May do everything but remove the owner.
        Admin = "admin",
        /// Runs campaigns and imports lists.
        Member = "member",
        /// May look.
        Viewer = "viewer",
    }
}

/// Something a member may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// See campaigns, leads and imports.
    Look,
    /// Create, rename, archive campaigns; change, tag and delete leads.
    EditCampaigns,
    /// Bring lists in.
    Import,
    /// Say who is one person and who is not: merge, separate, and take both back.
    HandleDuplicates,
}

impl Role {
    /// Whether a member of this role may do it.
    pub const fn may(self, act: Act) -> bool {
        match act {
            Act::Look => true,
            Act::EditCampaigns | Act::Import => !matches!(self, Role::Viewer),
            // it is in the Admin menu: it touches people of every campaign
            Act::HandleDuplicates => matches!(self, Role::Owner | Role::Admin),
        }
    }

    /// What a person calls it on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Role::Owner => "Owner",
            Role::Admin => "Admin",
            Role::Member => "Member",
            Role::Viewer => "Viewer",
        }
    }
}
