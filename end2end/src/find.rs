//! What a person looks for on a page: words, and things with a name. While a modal dialog is open, only in it.

use anyhow::bail;
use serde_json::json;
use thirtyfour::{Key, WebElement};

use crate::{Browser, LOOK, PATIENCE};

/// Buttons.
pub const BUTTON: &str = "button, summary";
/// Links.
pub const LINK: &str = "a";
/// Fields, named by their labels.
pub const FIELD: &str = "input:not([type=file]), select, textarea";
/// Cards and checkboxes with their words, as a person clicks them.
pub const CARD: &str = "label";

/// Where a person can look now.
const SCOPE: &str = "const scope = [...document.querySelectorAll('dialog:modal')].pop() ?? document.body;
    const flat = text => (text ?? '').replace(/\\s+/g, ' ').trim();";

/// The visible thing of this kind whose name starts so; of several the one with the shortest name.
const FIND: &str = "
    const [kind, words] = arguments;
    const name = e => flat(e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText);
    return [...scope.querySelectorAll(kind)]
        .filter(e => e.checkVisibility() && !e.disabled && e.ariaDisabled !== 'true' && name(e).startsWith(words))
        .sort((a, b) => name(a).length - name(b).length)[0] ?? null;";

impl Browser {
    /// The words on the page, or of the modal dialog.
    ///
    /// # Errors
    /// When the browser does not say.
    pub async fn text(&self) -> anyhow::Result<String> {
        self.value(&format!("{SCOPE} return flat(scope.innerText)"), &[]).await
    }

    /// Waits until these words can be read.
    ///
    /// # Errors
    /// When they do not appear.
    pub async fn see(&self, words: &str) -> anyhow::Result<()> {
        let script = format!("{SCOPE} return flat(scope.innerText).includes(arguments[0])");
        self.until(&format!("the words “{words}”"), &script, &[json!(words)]).await
    }

    /// Waits until these words cannot be read.
    ///
    /// # Errors
    /// When they stay.
    pub async fn see_no(&self, words: &str) -> anyhow::Result<()> {
        let script = format!("{SCOPE} return !flat(scope.innerText).includes(arguments[0])");
        self.until(&format!("“{words}” to go"), &script, &[json!(words)]).await
    }

    /// Waits for a thing that can be used: see [`BUTTON`], [`LINK`], [`FIELD`], [`CARD`], or any selector.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn find(&self, kind: &str, words: &str) -> anyhow::Result<WebElement> {
        let start = tokio::time::Instant::now();
        loop {
            if let Some(element) = self.look(kind, words).await {
                return Ok(element);
            }
            if start.elapsed() > PATIENCE {
                bail!("waited in vain for {kind} “{words}”");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn look(&self, kind: &str, words: &str) -> Option<WebElement> {
        let found = self.driver.execute(format!("{SCOPE}{FIND}"), vec![json!(kind), json!(words)]).await.ok()?;
        if found.json().is_null() { None } else { found.element().ok() }
    }

    /// Clicks it, with the mouse: what lies under something else is not clicked.
    ///
    /// # Errors
    /// When it cannot be clicked.
    pub async fn click(&self, kind: &str, words: &str) -> anyhow::Result<()> {
        let start = tokio::time::Instant::now();
        loop {
            match self.find(kind, words).await?.click().await {
                Ok(()) => return Ok(()),
                // it moved or was drawn anew between look and click
                Err(_) if start.elapsed() < PATIENCE => tokio::time::sleep(LOOK).await,
                Err(error) => bail!("{kind} “{words}” cannot be clicked: {error}"),
            }
        }
    }

    /// Writes into a field, in place of what is there.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn fill(&self, label: &str, text: &str) -> anyhow::Result<()> {
        let field = self.find(FIELD, label).await?;
        field.click().await?;
        field.send_keys(Key::Control + "a").await?;
        field.send_keys(Key::Delete + text).await?;
        Ok(())
    }

    /// Chooses from a list, as by typing what is wanted.
    ///
    /// # Errors
    /// When there is no such list, or it has no such option.
    pub async fn choose(&self, label: &str, option: &str) -> anyhow::Result<()> {
        self.find(FIELD, label).await?.send_keys(option).await?;
        let script = format!(
            "{SCOPE} return [...scope.querySelectorAll('select')].some(s => s.selectedOptions[0]?.innerText === arguments[0])"
        );
        self.until(&format!("the option “{option}”"), &script, &[json!(option)]).await
    }

    /// What the focus is on: its name, or its tag when it has none.
    ///
    /// # Errors
    /// When the browser does not say.
    pub async fn focus(&self) -> anyhow::Result<String> {
        let script = "const e = document.activeElement;
            return flat(e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText) || e.tagName";
        self.value(&format!("{SCOPE}{script}"), &[]).await
    }

    /// Presses Tab until the focus is on something whose name starts so.
    ///
    /// # Errors
    /// When the focus comes round without having been there.
    pub async fn tab_to(&self, words: &str) -> anyhow::Result<()> {
        let mut seen = Vec::new();
        for _ in 0..120 {
            let now = self.focus().await?;
            if now.starts_with(words) {
                return Ok(());
            }
            seen.push(now.chars().take(40).collect::<String>());
            self.press(String::from(Key::Tab.value())).await?;
        }
        bail!("Tab never came to “{words}”; it was on: {}", seen.join(" | "))
    }
}
