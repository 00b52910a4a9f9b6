//! Headless Chromium with a profile of its own.

use std::process::Stdio;
use std::sync::Mutex;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use thirtyfour::common::capabilities::desiredcapabilities::Capabilities;
use thirtyfour::{By, Key, WebDriver};
use tokio::process::{Child, Command};

use crate::folder::Folder;
use crate::http::post;
use crate::server::wait_for_line;
use crate::{LOOK, PATIENCE, Theme, variable};

/// A browser on one server.
pub struct Browser {
    pub(crate) driver: WebDriver,
    /// The journey, for the names of pictures.
    pub(crate) name: String,
    /// Host and port of the server.
    pub(crate) address: String,
    forgiven: Mutex<Vec<String>>,
    _process: Child,
    _profile: Folder,
}

impl Browser {
    /// Opens one: its own driver on a free port, a fresh profile, 1440 × 900, light, motion reduced.
    ///
    /// # Errors
    /// When driver or browser do not start.
    pub async fn open(name: &str, address: &str) -> anyhow::Result<Browser> {
        let profile = Folder::new(&format!("{name}-profile"))?;
        let mut process = Command::new(variable("ONEFOLD_CHROMEDRIVER")?)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("the driver of the browser could not be started")?;
        let port = wait_for_line(&mut process, "started successfully on port ").await?;
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1440,900",
        ];
        let mut args = args.map(str::to_owned).to_vec();
        args.push(format!("--user-data-dir={}", profile.path().display()));
        let mut wishes = Capabilities::new();
        wishes.set("browserName", "chrome")?;
        wishes.set("goog:chromeOptions", json!({ "binary": variable("ONEFOLD_CHROMIUM")?, "args": args }))?;
        wishes.set("goog:loggingPrefs", json!({ "browser": "ALL" }))?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{}", port.trim_end_matches('.')), wishes)
            .await
            .context("the browser did not start")?;
        let browser = Browser {
            driver,
            name: name.to_owned(),
            address: address.to_owned(),
            forgiven: Mutex::default(),
            _process: process,
            _profile: profile,
        };
        browser.size(1440, 900).await?;
        browser.theme(Theme::Light).await?;
        Ok(browser)
    }

    /// Closes it.
    pub async fn quit(self) {
        let _ = self.driver.quit().await;
    }

    /// Goes to a path of the server and waits until the page is live.
    ///
    /// # Errors
    /// When it does not become live.
    pub async fn go(&self, path: &str) -> anyhow::Result<()> {
        self.driver.goto(format!("http://{}{path}", self.address)).await?;
        self.hydrated().await
    }

    /// Goes to a path of the server that is a page without a script.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn show(&self, path: &str) -> anyhow::Result<()> {
        self.elsewhere(&format!("http://{}{path}", self.address)).await
    }

    /// Goes to any address, such as one of another site.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn elsewhere(&self, address: &str) -> anyhow::Result<()> {
        Ok(self.driver.goto(address).await?)
    }

    /// Looks into the only frame of the page, until it goes to another one.
    ///
    /// # Errors
    /// When there is none.
    pub async fn into_frame(&self) -> anyhow::Result<()> {
        Ok(self.driver.enter_frame(0).await?)
    }

    /// Signs in and shows the campaigns: by a form that the harness posts, so that journeys need not each fill it in.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn sign_in(&self, email: &str, password: &str) -> anyhow::Result<()> {
        let form = [("email", email), ("password", password)];
        let answer = post(&self.address, "/sign-in", &form, "").await?;
        ensure!(answer.header("location") == "/campaigns", "signing in was refused: {}", answer.head);
        let cookie = answer.cookie();
        let (name, value) = cookie.split_once('=').context("a session")?;
        let cookie =
            json!({ "name": name, "value": value, "url": format!("http://{}", self.address), "httpOnly": true });
        self.driver.cdp().send_raw("Network.setCookie", cookie).await?;
        self.go("/campaigns").await
    }

    /// Loads the page again and waits until it is live.
    ///
    /// # Errors
    /// When it does not become live.
    pub async fn reload(&self) -> anyhow::Result<()> {
        self.driver.refresh().await?;
        self.hydrated().await
    }

    /// Waits until the script has taken the page over.
    ///
    /// # Errors
    /// When it does not.
    pub async fn hydrated(&self) -> anyhow::Result<()> {
        self.until("the page is live", "return document.documentElement.hasAttribute('data-hydrated')", &[]).await
    }

    /// Path and query of the page.
    ///
    /// # Errors
    /// When the browser does not say.
    pub async fn path(&self) -> anyhow::Result<String> {
        self.value("return location.pathname + location.search", &[]).await
    }

    /// Waits for a page whose path starts so, live.
    ///
    /// # Errors
    /// When another page stays.
    pub async fn at(&self, path: &str) -> anyhow::Result<()> {
        let what = format!("the page {path}");
        self.until(&what, "return location.pathname.startsWith(arguments[0])", &[json!(path)]).await?;
        self.hydrated().await
    }

    /// What a script returns, as soon as it does: one that fails because the thing it reads is not drawn yet is asked
    /// again, as long as our patience lasts.
    ///
    /// # Errors
    /// When it keeps failing, or returns something else.
    pub async fn value<T: serde::de::DeserializeOwned>(&self, script: &str, args: &[Value]) -> anyhow::Result<T> {
        let start = tokio::time::Instant::now();
        loop {
            match self.driver.execute(script, args.to_vec()).await {
                Ok(found) => return Ok(serde_json::from_value(found.json().clone())?),
                Err(_) if start.elapsed() < PATIENCE => tokio::time::sleep(LOOK).await,
                Err(error) => return Err(error).context("a script of the journey"),
            }
        }
    }

    /// Waits until a script returns true; looks again and again, as long as our patience lasts.
    ///
    /// # Errors
    /// With `what`, when it does not.
    pub async fn until(&self, what: &str, script: &str, args: &[Value]) -> anyhow::Result<()> {
        self.until_is(what, script, args, &json!(true)).await
    }

    /// Waits until a script returns this very value.
    ///
    /// # Errors
    /// With `what` and the value seen last, when it does not.
    pub async fn until_is(&self, what: &str, script: &str, args: &[Value], wanted: &Value) -> anyhow::Result<()> {
        let start = tokio::time::Instant::now();
        let mut seen = Value::Null;
        loop {
            // a page on its way answers with an error
            if let Ok(found) = self.driver.execute(script, args.to_vec()).await {
                seen = found.json().clone();
                if seen == *wanted {
                    return Ok(());
                }
            }
            ensure!(start.elapsed() < PATIENCE, "waited in vain for: {what}\nwanted: {wanted}\nseen:   {seen}");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Gives a file to the page's file field, as the browser's own dialog would.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn choose_file(&self, file: &std::path::Path) -> anyhow::Result<()> {
        let input = self.driver.find(By::Css("input[type=file]")).await?;
        Ok(input.send_keys(file.display().to_string()).await?)
    }

    /// Presses keys wherever the focus is.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn press(&self, keys: impl AsRef<str>) -> anyhow::Result<()> {
        Ok(self.driver.action_chain().send_keys(keys.as_ref()).perform().await?)
    }

    /// Presses a key while Ctrl is held, wherever the focus is.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn press_with_control(&self, key: &str) -> anyhow::Result<()> {
        let control = Key::Control.value();
        Ok(self.driver.action_chain().key_down(control).send_keys(key).key_up(control).perform().await?)
    }

    /// Opens a tab and goes to a path in it.
    ///
    /// # Errors
    /// When it does not become live.
    pub async fn new_tab(&self, path: &str) -> anyhow::Result<()> {
        let tab = self.driver.new_tab().await?;
        self.driver.switch_to_window(tab).await?;
        self.go(path).await
    }

    /// Goes back to the first tab.
    ///
    /// # Errors
    /// When there is none.
    pub async fn first_tab(&self) -> anyhow::Result<()> {
        let tab = self.driver.windows().await?.into_iter().next().context("there is a tab")?;
        Ok(self.driver.switch_to_window(tab).await?)
    }

    /// Lets a line of the console pass that holds these words: what a journey provokes on purpose.
    pub fn forgive(&self, words: &str) {
        if let Ok(mut forgiven) = self.forgiven.lock() {
            forgiven.push(words.to_owned());
        }
    }

    /// Whether the console holds no warning and no error.
    ///
    /// # Errors
    /// With what it holds.
    pub async fn check_console(&self) -> anyhow::Result<()> {
        let forgiven = self.forgiven.lock().map(|forgiven| forgiven.clone()).unwrap_or_default();
        let lines = self.driver.browser_log().await?;
        let bad: Vec<String> = lines
            .into_iter()
            .filter(|line| matches!(line.level.as_str(), "SEVERE" | "WARNING"))
            .filter(|line| !forgiven.iter().any(|words| line.message.contains(words)))
            .map(|line| format!("{}: {}", line.level, line.message))
            .collect();
        ensure!(bad.is_empty(), "the console holds\n{}", bad.join("\n"));
        Ok(())
    }
}
