//! The first visit, and the way in and out.

use anyhow::{Result, ensure};
use end2end::{BUTTON, EMAIL, PASSWORD, PERSON, Server, WORKSPACE, get, post, walk};

const WRONG: &str = "That email and password do not match an account here.";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_visit_makes_workspace_and_owner() -> Result<()> {
    let server = Server::start("set_up").await?;
    walk("set_up", &server, async |b| {
        b.go("/").await?;
        b.at("/set-up").await?;
        b.pictures("set-up").await?;
        b.fill("Workspace", WORKSPACE).await?;
        b.fill("Your name", PERSON).await?;
        b.fill("Email", EMAIL).await?;
        b.fill("Password", PASSWORD).await?;
        b.click(BUTTON, "Create workspace").await?;
        b.at("/campaigns").await?;
        b.see("No campaigns yet").await?;
        b.see(WORKSPACE).await?;
        b.pictures("no-campaigns").await?;

        b.click("[popovertarget=user-menu]", "").await?;
        b.see(&format!("{PERSON}, Owner")).await?;
        b.click(BUTTON, "Sign out").await?;
        b.at("/sign-in").await?;
        b.go("/imports").await?;
        b.at("/sign-in").await?;
        b.fill("Email", EMAIL).await?;
        b.fill("Password", "not this one").await?;
        b.click(BUTTON, "Sign in").await?;
        b.see(WRONG).await?;
        b.pictures("wrong-password").await?;
        b.hydrated().await?;
        b.fill("Email", EMAIL).await?;
        b.fill("Password", PASSWORD).await?;
        b.click(BUTTON, "Sign in").await?;
        // where the person wanted to be
        b.at("/imports").await?;
        b.see("No imports yet").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_forms_work_without_the_script() -> Result<()> {
    let server = Server::start("forms").await?;
    let at = server.address.as_str();
    let first = get(at, "/", "").await?;
    ensure!((first.status, first.header("location")) == (303, "/set-up"), "{first:?}");
    let page = get(at, "/set-up", "").await?;
    ensure!(page.status == 200 && page.body.contains("action=\"/set-up\""), "{page:?}");

    let form = |password| [("workspace", WORKSPACE), ("name", PERSON), ("email", EMAIL), ("password", password)];
    let foreign =
        post(at, "/set-up", &form(PASSWORD), "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n").await?;
    ensure!(foreign.status == 403, "a form of another site was taken: {foreign:?}");
    let short = post(at, "/set-up", &form("short"), "").await?;
    ensure!(short.header("location") == "/set-up?problem=password", "{short:?}");
    let short = get(at, "/set-up?problem=password", "").await?;
    ensure!(short.body.contains("The password needs at least 10 characters."), "{short:?}");

    let done = post(at, "/set-up", &form(PASSWORD), "").await?;
    ensure!((done.status, done.header("location")) == (303, "/campaigns"), "{done:?}");
    let flags = done.header("set-cookie");
    ensure!(flags.contains("HttpOnly") && flags.contains("SameSite=Lax"), "{flags}");
    let page = get(at, "/campaigns", &done.cookie()).await?;
    ensure!(page.status == 200 && page.body.contains("No campaigns yet"), "{page:?}");
    // sent twice it is harmless; somebody else comes too late
    let twice = post(at, "/set-up", &form(PASSWORD), "").await?;
    ensure!(twice.header("location") == "/campaigns", "{twice:?}");
    let late = post(at, "/set-up", &form("another password"), "").await?;
    ensure!(late.header("location") == "/set-up?problem=taken", "{late:?}");

    let wrong = post(at, "/sign-in", &[("email", EMAIL), ("password", "not this one"), ("next", "")], "").await?;
    ensure!(wrong.header("location").starts_with("/sign-in?problem=wrong"), "{wrong:?}");
    ensure!(get(at, "/sign-in?problem=wrong", "").await?.body.contains(WRONG));
    let right = post(at, "/sign-in", &[("email", EMAIL), ("password", PASSWORD), ("next", "/imports")], "").await?;
    ensure!(right.header("location") == "/imports", "{right:?}");
    let out = post(at, "/sign-out", &[], &format!("Cookie: {}\r\n", right.cookie())).await?;
    ensure!(out.header("location") == "/sign-in", "{out:?}");
    let after = get(at, "/campaigns", &right.cookie()).await?;
    ensure!(after.header("location") == "/sign-in?next=/campaigns", "{after:?}");
    server.check_log()
}
