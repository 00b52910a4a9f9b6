//! Every page: axe in light and dark, and nothing that sticks out at 360 pixels.

use anyhow::Result;
use end2end::{BUTTON, Browser, Server, walk};

use crate::wizard::sign_in;

/// Collects what is wrong, so that one run shows all of it.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    async fn page(&mut self, b: &Browser, name: &str) -> Result<()> {
        self.note(b.axe(name).await);
        b.size(360, 780).await?;
        self.note(b.check_width(name).await);
        self.note(b.axe(&format!("{name} at 360")).await);
        b.size(1440, 900).await
    }

    fn note(&mut self, found: Result<()>) {
        self.0.extend(found.err().map(|error| error.to_string()));
    }

    fn end(self) -> Result<()> {
        anyhow::ensure!(self.0.is_empty(), "{}", self.0.join("\n\n"));
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_before_the_sign_in() -> Result<()> {
    let fresh = Server::start("axe_fresh").await?;
    walk("axe_fresh", &fresh, async |b| {
        let mut findings = Findings::default();
        b.go("/set-up").await?;
        findings.page(b, "set-up").await?;
        findings.end()
    })
    .await?;
    let there = Server::prepared("axe_there", &[]).await?;
    walk("axe_there", &there, async |b| {
        let mut findings = Findings::default();
        b.go("/sign-in?problem=wrong").await?;
        findings.page(b, "sign-in").await?;
        sign_in(b).await?;
        findings.page(b, "no campaigns").await?;
        b.go("/imports").await?;
        findings.page(b, "no imports").await?;
        b.go("/contacts").await?;
        b.see("No contacts yet").await?;
        findings.page(b, "no contacts").await?;
        b.go("/contacts/deleted").await?;
        b.see("Nothing was deleted").await?;
        findings.page(b, "no deletions").await?;
        b.go("/admin/duplicates").await?;
        b.see("Nobody to compare yet").await?;
        findings.page(b, "no suspects").await?;
        for tab in ["separated", "merged"] {
            b.go(&format!("/admin/duplicates?tab={tab}")).await?;
            findings.page(b, tab).await?;
        }
        b.go("/admin/fields").await?;
        b.see("No fields of your own yet").await?;
        findings.page(b, "no fields").await?;
        b.click("main button", "Add field").await?;
        b.choose("Type", "Multiple choice").await?;
        findings.page(b, "add a field").await?;
        b.fill("Name", "Interests").await?;
        b.fill("Options, one a line", "Food\nWine").await?;
        b.click(BUTTON, "Add field").await?;
        b.see("Food, Wine").await?;
        findings.page(b, "fields").await?;
        findings.end()
    })
    .await
}
