//! Ids are 64-bit integers in the database and carry a prefix wherever a person or a program sees them.

/// Text that is not an id of the kind it was read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not an id of the kind {0}…")]
pub struct NotAnId(pub &'static str);

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, concat!($prefix, "_{}"), self.0) }
        }
        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.strip_prefix(concat!($prefix, "_")).and_then(|n| n.parse().ok()).map($name).ok_or(NotAnId($prefix))
            }
        }
        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> { text.parse() }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String { id.to_string() }
        }
    )+ };
}

ids! {
    /// Someone who can sign in.
    UserId = "usr",
    /// A team's base: the wall between tenants.
    WorkspaceId = "wsp",
    /// A campaign.
    CampaignId = "cam",
    /// A person, once per workspace.
    ContactId = "ctc",
    /// One contact's membership in one campaign.
    LeadId = "lea",
    /// One file (or form, or refresh) brought in.
    ImportId = "imp",
    /// A bulk change that can be taken back.
    ChangeId = "chg",
    /// A field of the team's own.
    FieldId = "fld",
    /// A public page that people register on.
    FormId = "frm",
    /// One contact taken into another.
    MergeId = "mrg",
    /// A piece of work that runs on the server.
    JobId = "job",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_written_and_refuses_other_kinds() {
        assert_eq!(LeadId(42).to_string(), "lea_42");
        assert_eq!("lea_42".parse(), Ok(LeadId(42)));
        assert_eq!("ctc_42".parse::<LeadId>(), Err(NotAnId("lea")));
        assert_eq!(serde_json::to_string(&ContactId(7)).unwrap(), "\"ctc_7\"");
    }
}
