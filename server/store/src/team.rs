//! Users, workspaces, members and sessions.

use std::collections::HashMap;

use domain::ids::{UserId, WorkspaceId};
use domain::{DuplicatePolicy, Role};
use sqlx::FromRow;

use crate::{Arg, Error, Result, Sql, Tx};

/// Who an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// Someone who signs in.
    Person,
    /// Everyone: its password is known, so it signs in to a demo only.
    Demo,
    /// Nobody: it owns what the command line made before anyone was here.
    CommandLine,
}

impl AccountKind {
    /// How it is stored.
    pub const fn word(self) -> &'static str {
        match self {
            AccountKind::Person => "person",
            AccountKind::Demo => "demo",
            AccountKind::CommandLine => "commandLine",
        }
    }
}

/// An account that is made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// The address, as it was typed.
    pub email: String,
    /// Its key.
    pub email_key: [u8; 16],
    /// What the person is called.
    pub name: String,
    /// The Argon2id hash of the password.
    pub password_hash: String,
    /// Who it is for.
    pub kind: AccountKind,
}

/// Someone who can sign in.
#[derive(Debug, Clone, FromRow)]
pub struct User {
    /// Their id.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// The Argon2id hash of their password.
    pub password_hash: String,
    /// Who the account is for.
    pub kind: String,
}

impl User {
    /// Whether everyone knows the password.
    pub fn is_demo(&self) -> bool {
        self.kind == AccountKind::Demo.word()
    }
}

/// A workspace with the settings that imports follow.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// ISO code for phone numbers without a country; empty for none.
    pub default_country: String,
    /// What the wizard proposes.
    pub default_policy: DuplicatePolicy,
    /// Whether Gmail's dots and `+tags` are folded in email keys (R3).
    pub fold_gmail: bool,
}

impl Workspace {
    /// A workspace with the settings that a new one has.
    pub fn new(id: WorkspaceId, name: &str) -> Self {
        Workspace {
            id,
            name: name.to_owned(),
            default_country: String::new(),
            default_policy: DuplicatePolicy::Active,
            fold_gmail: false,
        }
    }
}

/// Who stands behind a session.
#[derive(Debug, Clone)]
pub struct SessionMember {
    /// The user.
    pub user: UserId,
    /// Their name.
    pub user_name: String,
    /// The workspace they are in.
    pub workspace: WorkspaceId,
    /// Its name.
    pub workspace_name: String,
    /// What they are there.
    pub role: Role,
}

/// Whether anyone can sign in at all; if not, the set-up page opens.
///
/// # Errors
/// As the database says.
pub async fn anyone(tx: &mut Tx) -> Result<bool> {
    let sql = Sql::new("SELECT id FROM user_account WHERE kind <> 'commandLine' LIMIT 1");
    Ok(tx.optional::<(i64,)>(sql).await?.is_some())
}

/// Whether there is an account whose password everyone knows.
///
/// # Errors
/// As the database says.
pub async fn any_demo(tx: &mut Tx) -> Result<bool> {
    let sql = Sql::new("SELECT id FROM user_account WHERE kind = 'demo' LIMIT 1");
    Ok(tx.optional::<(i64,)>(sql).await?.is_some())
}

/// Lets nobody else set up until commit. Its ids must have been reserved before, so that there is something to hold.
///
/// # Errors
/// As the database says.
pub async fn lock_set_up(tx: &mut Tx) -> Result<()> {
    let lock = tx.dialect().for_update();
    let sql = Sql::new("SELECT next FROM id_block WHERE name = 'user_account'").push(lock);
    let _: Option<(i64,)> = tx.optional(sql).await?;
    Ok(())
}

/// The user with this email key.
///
/// # Errors
/// As the database says.
pub async fn user_by_email(tx: &mut Tx, email_key: &[u8; 16]) -> Result<Option<User>> {
    tx.optional(Sql::new("SELECT id, name, password_hash, kind FROM user_account WHERE email_key = $1").bind(email_key))
        .await
}

/// Adds a user.
///
/// # Errors
/// `Error::Conflict` when the address is taken.
pub async fn add_user(tx: &mut Tx, user: &NewUser, now: i64) -> Result<()> {
    let row = [
        Arg::from(user.id.0),
        user.email.as_str().into(),
        (&user.email_key).into(),
        user.name.as_str().into(),
        user.password_hash.as_str().into(),
        user.kind.word().into(),
        now.into(),
    ];
    tx.execute(
        Sql::new("INSERT INTO user_account (id, email, email_key, name, password_hash, kind, created_at) VALUES ")
            .list(row),
    )
    .await?;
    Ok(())
}

/// Adds a workspace.
///
/// # Errors
/// As the database says.
pub async fn add_workspace(tx: &mut Tx, workspace: &Workspace, now: i64) -> Result<()> {
    let row = [
        Arg::from(workspace.id.0),
        workspace.name.as_str().into(),
        workspace.default_country.as_str().into(),
        workspace.default_policy.word().into(),
        workspace.fold_gmail.into(),
        now.into(),
    ];
    tx.execute(
        Sql::new("INSERT INTO workspace (id, name, default_country, default_policy, fold_gmail, created_at) VALUES ")
            .list(row),
    )
    .await?;
    Ok(())
}

/// Makes a user a member.
///
/// # Errors
/// `Error::Conflict` when they are one already.
pub async fn add_member(tx: &mut Tx, workspace: WorkspaceId, user: UserId, role: Role, now: i64) -> Result<()> {
    let row = [Arg::from(workspace.0), user.0.into(), role.word().into(), now.into()];
    tx.execute(Sql::new("INSERT INTO member (workspace_id, user_id, role, created_at) VALUES ").list(row)).await?;
    Ok(())
}

const WORKSPACE: &str = "SELECT id, name, default_country, default_policy, fold_gmail FROM workspace WHERE ";

fn workspace(row: (i64, String, String, String, i64)) -> Result<Workspace> {
    Ok(Workspace {
        id: WorkspaceId(row.0),
        name: row.1,
        default_country: row.2,
        default_policy: row.3.parse().map_err(|_| Error::Unreadable("workspace.default_policy"))?,
        fold_gmail: row.4 != 0,
    })
}

/// A workspace by id.
///
/// # Errors
/// As the database says.
pub async fn workspace_by_id(tx: &mut Tx, id: WorkspaceId) -> Result<Option<Workspace>> {
    tx.optional(Sql::new(WORKSPACE).push("id = ").arg(id.0)).await?.map(workspace).transpose()
}

/// The oldest workspace of this name; names are for people, so only the command line looks one up.
///
/// # Errors
/// As the database says.
pub async fn workspace_by_name(tx: &mut Tx, name: &str) -> Result<Option<Workspace>> {
    tx.optional(Sql::new(WORKSPACE).push("name = ").arg(name).push(" ORDER BY id LIMIT 1"))
        .await?
        .map(workspace)
        .transpose()
}

/// Every workspace's id, for checks.
///
/// # Errors
/// As the database says.
pub async fn workspaces(tx: &mut Tx) -> Result<Vec<WorkspaceId>> {
    let rows: Vec<(i64,)> = tx.all(Sql::new("SELECT id FROM workspace ORDER BY id")).await?;
    Ok(rows.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}

/// The first member of a workspace with this role.
///
/// # Errors
/// As the database says.
pub async fn first_member(tx: &mut Tx, workspace: WorkspaceId, role: Role) -> Result<Option<(UserId, String)>> {
    let row: Option<(i64, String)> = tx
        .optional(
            Sql::new(
                "SELECT u.id, u.name FROM member m JOIN user_account u ON u.id = m.user_id \
                 WHERE m.workspace_id = $1 AND m.role = $2 ORDER BY m.user_id LIMIT 1",
            )
            .bind(workspace.0)
            .bind(role.word()),
        )
        .await?;
    Ok(row.map(|(id, name)| (UserId(id), name)))
}

/// The names of a workspace's members, by user.
///
/// # Errors
/// As the database says.
pub async fn user_names(tx: &mut Tx, workspace: WorkspaceId) -> Result<HashMap<UserId, String>> {
    let rows: Vec<(i64, String)> = tx
        .all(
            Sql::new(
                "SELECT u.id, u.name FROM member m JOIN user_account u ON u.id = m.user_id WHERE m.workspace_id = ",
            )
            .arg(workspace.0),
        )
        .await?;
    Ok(rows.into_iter().map(|(id, name)| (UserId(id), name)).collect())
}

/// The first workspace of a user, with their role there.
///
/// # Errors
/// As the database says.
pub async fn membership(tx: &mut Tx, user: UserId) -> Result<Option<(WorkspaceId, Role)>> {
    let row: Option<(i64, String)> = tx
        .optional(
            Sql::new("SELECT workspace_id, role FROM member WHERE user_id = $1 ORDER BY workspace_id LIMIT 1")
                .bind(user.0),
        )
        .await?;
    row.map(|(id, role)| Ok((WorkspaceId(id), role.parse().map_err(|_| Error::Unreadable("member.role"))?))).transpose()
}

/// Starts a session; the caller keeps the token, the table its hash.
///
/// # Errors
/// As the database says.
pub async fn add_session(
    tx: &mut Tx,
    token_hash: &[u8],
    user: UserId,
    workspace: WorkspaceId,
    now: i64,
    expires_at: i64,
) -> Result<()> {
    let row = [Arg::from(token_hash), user.0.into(), workspace.0.into(), now.into(), expires_at.into()];
    tx.execute(
        Sql::new("INSERT INTO session (token_hash, user_id, workspace_id, created_at, expires_at) VALUES ").list(row),
    )
    .await?;
    tx.execute(Sql::new("DELETE FROM session WHERE expires_at < ").arg(now)).await?;
    Ok(())
}

/// Who stands behind a token that has not expired; `demo` says whether it may be one whose password everyone knows.
///
/// # Errors
/// As the database says.
pub async fn session(tx: &mut Tx, token_hash: &[u8], now: i64, demo: bool) -> Result<Option<SessionMember>> {
    let row: Option<(i64, String, i64, String, String)> = tx
        .optional(
            Sql::new(
                "SELECT u.id, u.name, w.id, w.name, m.role FROM session s \
                 JOIN user_account u ON u.id = s.user_id JOIN workspace w ON w.id = s.workspace_id \
                 JOIN member m ON m.user_id = s.user_id AND m.workspace_id = s.workspace_id \
                 WHERE s.token_hash = $1 AND s.expires_at > $2",
            )
            .bind(token_hash)
            .bind(now)
            .push(if demo { "" } else { " AND u.kind <> 'demo'" }),
        )
        .await?;
    row.map(|(user, user_name, workspace, workspace_name, role)| {
        Ok(SessionMember {
            user: UserId(user),
            user_name,
            workspace: WorkspaceId(workspace),
            workspace_name,
            role: role.parse().map_err(|_| Error::Unreadable("member.role"))?,
        })
    })
    .transpose()
}

/// Ends a session.
///
/// # Errors
/// As the database says.
pub async fn end_session(tx: &mut Tx, token_hash: &[u8]) -> Result<()> {
    tx.execute(Sql::new("DELETE FROM session WHERE token_hash = ").arg(token_hash)).await?;
    Ok(())
}
