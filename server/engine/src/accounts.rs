//! Set-up, sign-in and sessions.

use std::sync::atomic::Ordering;

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use domain::ids::{UserId, WorkspaceId};
use domain::{Problem, ProblemKind, Role};
use matching::EmailKey;
use sha2::{Digest, Sha256};
use store::team::{self, AccountKind};

use crate::random::random_hex;
use crate::{Actor, Engine, Error, Result};

/// How long a session lasts: 30 days, in milliseconds.
const SESSION_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Fewer characters than this are guessed too soon (NIST SP 800-63B asks for at least 8).
const PASSWORD_CHARACTERS: usize = 10;

/// What to do about a demo account outside of a demo.
pub const DEMO_REFUSED: &str = "this data has the demo account, whose password everyone knows: it may sign in only where \
    the server was started with --demo on a loopback address. For your own work choose another folder with --data";

/// What the set-up page asks for.
#[derive(Debug, Clone)]
pub struct NewWorkspace {
    /// The workspace's name.
    pub workspace: String,
    /// The owner's name.
    pub name: String,
    /// The owner's address.
    pub email: String,
    /// The owner's password.
    pub password: String,
}

/// A fresh session: the token goes into the cookie and is stored nowhere.
#[derive(Clone)]
pub struct SignedIn {
    /// 256 random bits in hexadecimal.
    pub token: String,
    /// How long it is good for, in seconds.
    pub max_age: i64,
}

impl Engine {
    /// Whether nobody can sign in yet, so that the set-up page opens.
    ///
    /// # Errors
    /// As the database says.
    pub async fn needs_set_up(&self) -> Result<bool> {
        Ok(!team::anyone(&mut self.store().read().await?).await?)
    }

    /// Whether workspaces are here already that the command line made: whoever sets up becomes their owner.
    ///
    /// # Errors
    /// As the database says.
    pub async fn adopts_workspaces(&self) -> Result<bool> {
        Ok(!team::workspaces(&mut self.store().read().await?).await?.is_empty())
    }

    /// Whether there is an account whose password everyone knows.
    ///
    /// # Errors
    /// As the database says.
    pub async fn has_demo_account(&self) -> Result<bool> {
        Ok(team::any_demo(&mut self.store().read().await?).await?)
    }

    /// Makes the first account, and signs it in: the owner of a new workspace, or of those that the command line made
    /// before anyone was here, which keep their names.
    ///
    /// # Errors
    /// Refuses when somebody was first, or a field cannot be used; the problem's field says which.
    pub async fn set_up(&self, new: NewWorkspace) -> Result<SignedIn> {
        if !self.needs_set_up().await? {
            return Err(taken());
        }
        let user = self.new_user(&new, AccountKind::Person).await?;
        let id = WorkspaceId(self.store().reserve("workspace", 1).await?);
        let now = self.now();
        let mut tx = self.store().write().await?;
        team::lock_set_up(&mut tx).await?;
        if team::anyone(&mut tx).await? {
            return Err(taken());
        }
        team::add_user(&mut tx, &user, now).await?;
        let mut workspaces = team::workspaces(&mut tx).await?;
        if workspaces.is_empty() {
            team::add_workspace(&mut tx, &new_workspace(id, &new.workspace)?, now).await?;
            workspaces.push(id);
        }
        for workspace in &workspaces {
            team::add_member(&mut tx, *workspace, user.id, Role::Owner, now).await?;
        }
        tx.commit().await?;
        let first = workspaces.first().copied().ok_or(Error::Fault("nothing was set up"))?;
        self.start_session(user.id, first).await
    }

    pub(crate) async fn create_workspace(
        &self,
        new: &NewWorkspace,
        kind: AccountKind,
    ) -> Result<(UserId, WorkspaceId)> {
        let user = self.new_user(new, kind).await?;
        let workspace = new_workspace(WorkspaceId(self.store().reserve("workspace", 1).await?), &new.workspace)?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        team::add_user(&mut tx, &user, now).await?;
        team::add_workspace(&mut tx, &workspace, now).await?;
        team::add_member(&mut tx, workspace.id, user.id, Role::Owner, now).await?;
        tx.commit().await?;
        Ok((user.id, workspace.id))
    }

    async fn new_user(&self, new: &NewWorkspace, kind: AccountKind) -> Result<team::NewUser> {
        if new.password.chars().count() < PASSWORD_CHARACTERS {
            let message = format!("Choose a password of at least {PASSWORD_CHARACTERS} characters.");
            return Err(Problem::field("password", message).into());
        }
        let email = EmailKey::parse(&new.email)
            .map_err(|e| Problem::field("email", format!("This email address cannot be used: {e}.")))?;
        Ok(team::NewUser {
            id: UserId(self.store().reserve("user_account", 1).await?),
            email: new.email.trim().to_owned(),
            email_key: *email.key().as_bytes(),
            name: if new.name.trim().is_empty() { "Owner" } else { new.name.trim() }.to_owned(),
            password_hash: self.hash(new.password.clone()).await?,
            kind,
        })
    }

    /// By what tries to sign in to one account are counted, however its address is written; none for what is no address.
    pub fn account_key(email: &str) -> Option<[u8; 16]> {
        EmailKey::parse(email).ok().map(|key| *key.key().as_bytes())
    }

    /// Signs someone in; none when address and password do not belong together. It takes as long for an address that
    /// nobody has. An account whose password everyone knows signs in to a demo only.
    ///
    /// # Errors
    /// As the database says.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Option<SignedIn>> {
        let user = match EmailKey::parse(email) {
            Ok(key) => team::user_by_email(&mut self.store().read().await?, key.key().as_bytes()).await?,
            Err(_) => None,
        };
        let hash = user.as_ref().map(|u| u.password_hash.clone());
        if !self.verify(password.to_owned(), hash).await? {
            return Ok(None);
        }
        let Some(user) = user else { return Ok(None) };
        if user.is_demo() && !self.is_demo() {
            tracing::warn!("{DEMO_REFUSED}");
            return Ok(None);
        }
        let user = UserId(user.id);
        // the connection goes back before another is asked for
        let membership = team::membership(&mut self.store().read().await?, user).await?;
        match membership {
            Some((workspace, _)) => Ok(Some(self.start_session(user, workspace).await?)),
            None => Ok(None),
        }
    }

    async fn start_session(&self, user: UserId, workspace: WorkspaceId) -> Result<SignedIn> {
        let token = random_hex::<32>()?;
        let now = self.now();
        let mut tx = self.store().write().await?;
        team::add_session(&mut tx, &token_hash(&token), user, workspace, now, now + SESSION_MS).await?;
        tx.commit().await?;
        Ok(SignedIn { token, max_age: SESSION_MS / 1000 })
    }

    /// Who stands behind a cookie.
    ///
    /// # Errors
    /// As the database says.
    pub async fn actor(&self, token: &str) -> Result<Option<Actor>> {
        let demo = self.is_demo();
        let member = team::session(&mut self.store().read().await?, &token_hash(token), self.now(), demo).await?;
        Ok(member.map(Actor::from))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// As the database says.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        let mut tx = self.store().write().await?;
        team::end_session(&mut tx, &token_hash(token)).await?;
        Ok(tx.commit().await?)
    }

    /// The owner of a workspace by its name, for the command line; none when there is no such workspace.
    ///
    /// # Errors
    /// As the database says.
    pub async fn find_owner_of(&self, workspace_name: &str) -> Result<Option<Actor>> {
        let mut tx = self.store().read().await?;
        let Some(workspace) = team::workspace_by_name(&mut tx, workspace_name).await? else { return Ok(None) };
        let owner = team::first_member(&mut tx, workspace.id, Role::Owner).await?;
        let (user, user_name) = owner.ok_or(Error::Fault("a workspace has no owner"))?;
        let (workspace, workspace_name) = (workspace.id, workspace_name.to_owned());
        Ok(Some(Actor { user, workspace, role: Role::Owner, user_name, workspace_name }))
    }

    /// The owner of a workspace by its name, for the command line; made when there is no such workspace.
    ///
    /// # Errors
    /// As the database says.
    pub async fn owner_of(&self, workspace_name: &str) -> Result<Actor> {
        if let Some(owner) = self.find_owner_of(workspace_name).await? {
            return Ok(owner);
        }
        let word = random_hex::<16>()?;
        let user_name = "Command line".to_owned();
        // nobody knows this password: the workspace is for the command line until someone sets up or is invited
        let new = NewWorkspace {
            workspace: workspace_name.to_owned(),
            name: user_name.clone(),
            email: format!("owner-{}@onefold.invalid", &word[..12]),
            password: word,
        };
        let (user, workspace) = self.create_workspace(&new, AccountKind::CommandLine).await?;
        Ok(Actor { user, workspace, role: Role::Owner, user_name, workspace_name: workspace_name.to_owned() })
    }

    fn is_demo(&self) -> bool {
        self.0.demo.load(Ordering::Relaxed)
    }

    async fn hash(&self, password: String) -> Result<String> {
        self.hashing(move || {
            Argon2::default()
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|_| Error::Fault("the password could not be hashed"))
        })
        .await
    }

    async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.hashing(move || {
            let Some(hash) = hash else {
                // the same work for an address that nobody has
                let _ = Argon2::default().hash_password(password.as_bytes());
                return Ok(false);
            };
            let hash = PasswordHash::new(&hash).map_err(|_| Error::Fault("a stored password hash is unreadable"))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn hashing<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _turn = self.0.hashing.acquire().await.map_err(|_| Error::Fault("closing"))?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Fault("hashing was interrupted"))?
    }
}

/// The refusal of whoever comes second.
fn taken() -> Error {
    Problem {
        fields: vec![("taken".to_owned(), String::new())],
        ..Problem::new(ProblemKind::Conflict, "This installation is set up already. Sign in instead.")
    }
    .into()
}

fn new_workspace(id: WorkspaceId, name: &str) -> Result<team::Workspace> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Problem::field("workspace", "Give the workspace a name.").into());
    }
    Ok(team::Workspace::new(id, name))
}

fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
