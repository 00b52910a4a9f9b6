//! Every page: axe in light and dark, and nothing that sticks out at 360 pixels.

use anyhow::Result;
use end2end::{BUTTON, Browser, LINK, Prepared, Server, list, walk};

use crate::wizard::{go_on, new_campaign, on_step, open, policies_say, run, sign_in, summary_says, upload};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_workspace() -> Result<()> {
    let leads = [
        Prepared { campaign: "Busy", people: 0..60, status: "inProgress" },
        Prepared { campaign: "Waiting", people: 100..130, status: "toLaunch" },
    ];
    let server = Server::prepared("axe", &leads).await?;
    walk("axe", &server, async |b| {
        let mut findings = Findings::default();
        sign_in(b).await?;
        findings.page(b, "campaigns").await?;
        b.click("main button", "New campaign").await?;
        findings.page(b, "new campaign").await?;
        b.click(BUTTON, "Cancel").await?;
        b.click(LINK, "Busy").await?;
        b.see("1–50 of 60").await?;
        findings.page(b, "lead list").await?;
        b.click("#leads thead label", "").await?;
        b.see("50 selected").await?;
        findings.page(b, "lead list with a selection").await?;
        b.click("#leads tbody a", "Ada0059").await?;
        b.see("In this campaign").await?;
        findings.page(b, "side panel").await?;

        b.click(LINK, "Contacts").await?;
        b.see("1–50 of 90").await?;
        findings.page(b, "contacts").await?;
        b.click("#contacts thead label", "").await?;
        b.see("50 selected").await?;
        findings.page(b, "contacts with a selection").await?;
        b.click("#contacts tbody a", "Ada0129").await?;
        b.see("shared by every campaign").await?;
        b.click(BUTTON, "Show 13 empty fields").await?;
        b.click(BUTTON, "Add Job title").await?;
        b.see("Save").await?;
        findings.page(b, "contact").await?;
        b.click(BUTTON, "Close panel").await?;
        b.click("main button", "Add contact").await?;
        b.fill("Email", "person0001@company1.example").await?;
        b.see("adding will update this contact").await?;
        findings.page(b, "add a contact").await?;
        b.click(BUTTON, "Cancel").await?;
        b.click("main button", "Import").await?;
        on_step(b, "Upload").await?;
        findings.page(b, "import of contacts").await?;
        b.click(BUTTON, "Close").await?;

        b.click(LINK, "Campaigns").await?;
        b.at("/campaigns").await?;
        new_campaign(b, "Next").await?;
        findings.page(b, "empty campaign").await?;
        open(b).await?;
        findings.page(b, "step 1").await?;
        upload(b, &server.files.file("axe.csv", list((0..60).chain(100..140)))?, "100 rows, 5 columns").await?;
        findings.page(b, "step 1 with a file").await?;
        go_on(b, "Fields").await?;
        findings.page(b, "step 2").await?;
        go_on(b, "Cleaning and AI").await?;
        findings.page(b, "step 3").await?;
        go_on(b, "Duplicates").await?;
        policies_say(b, [(100, 0, 0), (40, 60, 0), (10, 90, 0)]).await?;
        findings.page(b, "step 4").await?;
        run(b).await?;
        summary_says(b, ["40", "0", "60", "0"], "100").await?;
        findings.page(b, "summary").await?;
        b.click(LINK, "View details").await?;
        b.see("60 rows to look at").await?;
        findings.page(b, "details").await?;
        b.click("main a", "axe.csv").await?;
        b.see("Import finished").await?;
        findings.page(b, "summary as a page").await?;
        b.go("/imports").await?;
        b.see("40 imported, 60 excluded").await?;
        findings.page(b, "imports").await?;
        // the browser notes each answer that is no success
        b.forgive("the server responded with a status of 404");
        b.go("/nothing/here").await?;
        findings.page(b, "not found").await?;
        findings.end()
    })
    .await
}
