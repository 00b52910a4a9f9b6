//! One journey: a browser on a server, checked at the end.

use crate::{Browser, Server};

/// Opens a browser on `server` and lets `body` walk. At the end the browser's console and the server's log must hold no
/// error; a journey that fails leaves a picture and the page itself, `target/end2end/NAME-failed.png` and `.html`.
///
/// # Errors
/// What `body` says, or what was written to the console or the log.
pub async fn walk<F>(name: &str, server: &Server, body: F) -> anyhow::Result<()>
where
    F: AsyncFnOnce(&Browser) -> anyhow::Result<()>,
{
    let browser = Browser::open(name, &server.address).await?;
    let mut walked = body(&browser).await;
    if walked.is_ok() {
        walked = browser.check_console().await.and_then(|()| server.check_log());
    }
    if let Err(error) = &mut walked {
        let place = browser.path().await.unwrap_or_default();
        let text: String = browser.text().await.unwrap_or_default().chars().take(2_000).collect();
        let console = browser.check_console().await.err().map(|e| e.to_string()).unwrap_or_default();
        let _ = browser.picture("failed").await;
        let _ = browser.source("failed").await;
        let whole = std::mem::replace(error, anyhow::anyhow!(""));
        *error = whole.context(format!("journey {name} at {place}, which shows: {text}\n{console}"));
    }
    browser.quit().await;
    walked
}
