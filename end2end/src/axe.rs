//! Accessibility, as far as a program can judge it.

use anyhow::{Context as _, ensure};

use crate::{Browser, Theme, variable};

/// Runs axe on the whole page, with the rule on the size of targets, which is off by default.
const RUN: &str = "
    const done = arguments[0];
    axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }).then(
        result => done(result.violations.flatMap(v => v.nodes.map(node =>
            `${v.id} (${v.impact}): ${node.target.join(' ')}: ${node.any.concat(node.all, node.none).map(c => c.message).join('; ')}`))),
        error => done([String(error)]));";

impl Browser {
    /// Checks the page as it stands, in light and in dark.
    ///
    /// # Errors
    /// With every violation.
    pub async fn axe(&self, page: &str) -> anyhow::Result<()> {
        let there: bool = self.value("return 'axe' in window", &[]).await?;
        if !there {
            let file = variable("ONEFOLD_AXE")?;
            let source = std::fs::read_to_string(&file).with_context(|| format!("{file} cannot be read"))?;
            self.driver.execute(source, vec![]).await?;
        }
        let mut all = Vec::new();
        for theme in [Theme::Dark, Theme::Light] {
            self.theme(theme).await?;
            let found = self.driver.execute_async(RUN, vec![]).await?;
            let violations: Vec<String> = serde_json::from_value(found.json().clone())?;
            all.extend(violations.into_iter().map(|line| format!("{}: {line}", theme.word())));
        }
        ensure!(all.is_empty(), "axe on {page}:\n{}", all.join("\n"));
        Ok(())
    }
}
