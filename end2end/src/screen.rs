//! Size, theme and pictures.

use anyhow::ensure;
use serde_json::json;

use crate::Browser;
use crate::folder::results;

/// What the person's system prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark words on a light ground.
    Light,
    /// Light words on a dark ground.
    Dark,
}

impl Theme {
    /// As the media query says it.
    pub fn word(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

impl Browser {
    /// The size of the page, in pixels.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn size(&self, width: u32, height: u32) -> anyhow::Result<()> {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
        self.until_is("the size", "return window.innerWidth", &[], &json!(width)).await
    }

    /// The theme of the system; motion is always reduced, so that pictures are still.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn theme(&self, theme: Theme) -> anyhow::Result<()> {
        let features = json!([
            { "name": "prefers-color-scheme", "value": theme.word() },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        let media = json!({ "media": "", "features": features });
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
        let script = "return matchMedia(`(prefers-color-scheme: ${arguments[0]})`).matches";
        self.until("the theme", script, &[json!(theme.word())]).await
    }

    /// Saves `target/end2end/JOURNEY-NAME.png`.
    ///
    /// # Errors
    /// When the browser or the disk refuse.
    pub async fn picture(&self, name: &str) -> anyhow::Result<()> {
        let path = results()?.join(format!("{}-{name}.png", self.name));
        Ok(self.driver.screenshot(&path).await?)
    }

    /// Saves the page as the browser has it now, `target/end2end/JOURNEY-NAME.html`.
    ///
    /// # Errors
    /// When the browser or the disk refuse.
    pub async fn source(&self, name: &str) -> anyhow::Result<()> {
        let path = results()?.join(format!("{}-{name}.html", self.name));
        Ok(std::fs::write(path, self.driver.source().await?)?)
    }

    /// Saves three pictures: light and dark at 1440, and on a phone of 360, where nothing may stick out.
    ///
    /// # Errors
    /// When something sticks out at 360.
    pub async fn pictures(&self, name: &str) -> anyhow::Result<()> {
        self.picture(&format!("{name}-light")).await?;
        self.theme(Theme::Dark).await?;
        self.picture(&format!("{name}-dark")).await?;
        self.theme(Theme::Light).await?;
        self.size(360, 780).await?;
        self.picture(&format!("{name}-360")).await?;
        let fits = self.check_width(name).await;
        self.size(1440, 900).await?;
        fits
    }

    /// Whether neither page nor dialog has to be scrolled sideways.
    ///
    /// # Errors
    /// With what sticks out.
    pub async fn check_width(&self, name: &str) -> anyhow::Result<()> {
        let script = "
            const dialog = [...document.querySelectorAll('dialog:modal')].pop();
            const boxes = [document.documentElement, document.querySelector('main'), dialog, dialog?.querySelector('.dialog-body')];
            const wide = boxes.filter(box => box && box.scrollWidth > box.clientWidth);
            const width = document.documentElement.clientWidth;
            const inside = e => { for (let p = e.parentElement; p; p = p.parentElement) {
                if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX) && !boxes.includes(p)) return true; }
                return false; };
            const out = wide.length === 0 ? [] : [...(dialog ?? document.body).querySelectorAll('*')]
                .filter(e => e.getBoundingClientRect().right > width + 1 && !inside(e)).slice(0, 5);
            const line = e => `${e.tagName}.${e.getAttribute('class')} to ${Math.round(e.getBoundingClientRect().right)}`;
            return wide.map(box => `${box.tagName}.${box.getAttribute('class')} ${box.scrollWidth} > ${box.clientWidth}`).concat(out.map(line));";
        let wide: Vec<String> = self.value(script, &[]).await?;
        ensure!(wide.is_empty(), "{name} sticks out sideways: {}", wide.join(", "));
        Ok(())
    }
}
