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
    /// Decide who is one person: merge, separate, and take either back.
    HandleDuplicates,
    /// Add, change, tag and delete contacts.
    EditContacts,
    /// Say which fields of their own the team's contacts have.
    ManageFields,
    /// Make public forms and say where they lead.
    ManageForms,
}

impl Role {
    /// Whether a member of this role may do it.
    pub const fn may(self, act: Act) -> bool {
        match act {
            Act::Look => true,
            Act::EditCampaigns | Act::Import | Act::EditContacts => !matches!(self, Role::Viewer),
            Act::HandleDuplicates | Act::ManageFields | Act::ManageForms => matches!(self, Role::Owner | Role::Admin),
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
