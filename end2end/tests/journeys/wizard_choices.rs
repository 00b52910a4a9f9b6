//! Choices of the wizard that are made in passing, where the focus goes, and imports that nobody looks at.

use anyhow::{Result, ensure};
use end2end::{BUTTON, Browser, FIELD, LINK, PERSON, Server, list, walk};
use serde_json::json;

use crate::wizard::{
    go_on, new_campaign, on_step, open, policies_say, run, sign_in, summary_says, to_duplicates, upload,
};

const ESCAPE: &str = "\u{e00c}";
/// Rows of a list that is still running when a person leaves it.
const LONG: usize = 5_000;

async fn target_is(b: &Browser, column: &str, target: &str) -> Result<()> {
    let script =
        "return document.querySelector(`[aria-label=\"Field for ${arguments[0]}\"]`)?.selectedOptions[0].innerText";
    b.until_is(&format!("the field for {column}"), script, &[json!(column)], &json!(target)).await
}

/// Waits until the focus is on the element with this id or label.
async fn focus_is(b: &Browser, name: &str) -> Result<()> {
    let script = "const e = document.activeElement; return e.id || e.getAttribute('aria-label')";
    b.until_is("the focus", script, &[], &json!(name)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_chosen_in_passing_counts() -> Result<()> {
    let server = Server::prepared("passing", &[]).await?;
    walk("passing", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, "In passing").await?;
        open(b).await?;
        upload(b, &server.files.file("passing.csv", list(0..20))?, "20 rows, 5 columns").await?;
        b.click(BUTTON, "Discard draft").await?;
        focus_is(b, "keep-draft").await?;
        b.click(BUTTON, "Keep").await?;
        focus_is(b, "discard-draft").await?;
        go_on(b, "Fields").await?;

        // a name that is typed, without Add
        b.find(FIELD, "Field for Company").await?.send_keys("N").await?;
        focus_is(b, "variable-3").await?;
        b.press("Firm").await?;
        go_on(b, "Cleaning and AI").await?;
        b.click(BUTTON, "Back").await?;
        on_step(b, "Fields").await?;
        target_is(b, "Company", "Variable: Firm").await?;

        // no name: the step says so and waits
        b.find(FIELD, "Field for Company").await?.send_keys("N").await?;
        focus_is(b, "variable-3").await?;
        b.fill("Name of the new variable", "").await?;
        b.see("Name the new variable for “Company”, or choose another field for it.").await?;
        let off = "return [...document.querySelectorAll('dialog footer button')].pop().disabled";
        b.until("Continue to be off", off, &[]).await?;
        b.press(ESCAPE).await?;
        focus_is(b, "target-3").await?;
        target_is(b, "Company", "Variable: Firm").await?;
        b.click(BUTTON, "Identifier").await?;
        b.click("fieldset button", "Cancel").await?;
        focus_is(b, "add-identifier").await?;
        go_on(b, "Cleaning and AI").await?;

        // Skip runs nothing, whatever is on
        let switched = "const all = [...document.querySelectorAll('dialog input.switch')];
            return all.length ? all.filter(one => one.checked).length : null";
        b.click("label[for=tidyNames]", "").await?;
        b.until_is("the switch", switched, &[], &json!(1)).await?;
        b.see("Draft saved").await?;
        b.click(BUTTON, "Skip").await?;
        on_step(b, "Duplicates").await?;
        b.see("Draft saved").await?;
        b.click(BUTTON, "Back").await?;
        on_step(b, "Cleaning and AI").await?;
        b.until_is("every switch", switched, &[], &json!(0)).await?;
        go_on(b, "Duplicates").await?;

        // a tag is taken whole or not at all
        b.fill("Tags for these leads", &"x".repeat(61)).await?;
        b.press(",").await?;
        b.see("A tag has at most 60 characters; this one has 61.").await?;
        b.fill("Tags for these leads", "Fair").await?;
        b.press(",").await?;
        b.find(BUTTON, "Remove tag Fair").await?;
        b.fill("Tags for these leads", "Spring").await?;
        b.press(",").await?;
        b.click(BUTTON, "Remove tag Fair").await?;
        focus_is(b, "import-tags").await?;
        b.see_no("Fair").await?;
        policies_say(b, [(20, 0, 0); 3]).await?;
        run(b).await?;
        summary_says(b, ["20", "0", "0", "0"], "20").await?;
        focus_is(b, "Summary").await?;
        b.see_no("Download").await?;
        b.click(BUTTON, "Done").await?;
        b.see("Lead list 20").await?;
        b.click(LINK, "Imports").await?;
        b.click(BUTTON, "Duplicates by source").await?;
        b.see("Spring 0% (0) 20").await?;
        b.click(BUTTON, "All settings").await?;
        b.see("Email, or LinkedIn URL, or Sales Navigator URL").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_hears_of_the_end() -> Result<()> {
    let server = Server::prepared("leaving", &[]).await?;
    walk("leaving", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, "Left alone").await?;
        open(b).await?;
        upload(b, &server.files.file("leaving.csv", list(0..LONG))?, "5,000 rows, 5 columns").await?;
        to_duplicates(b).await?;
        run(b).await?;
        focus_is(b, "Progress").await?;
        b.click(BUTTON, "Close").await?;
        b.until("the dialog to go", "return !document.querySelector('dialog')", &[]).await?;
        b.click(LINK, "Contacts").await?;
        b.at("/contacts").await?;
        b.see("Import finished: 5,000 imported, 0 excluded.").await?;
        b.click(BUTTON, "Show summary").await?;
        b.at("/imports/").await?;
        b.see("Imported by").await?;
        b.see("5,000 created").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contacts_are_imported_without_a_campaign() -> Result<()> {
    let server = Server::prepared("only-contacts", &[]).await?;
    walk("only-contacts", &server, async |b| {
        sign_in(b).await?;
        b.click(LINK, "Contacts").await?;
        b.at("/contacts").await?;
        b.click("main button", "Import").await?;
        on_step(b, "Upload").await?;
        b.see("Import contacts").await?;
        upload(b, &server.files.file("people.csv", list(0..12))?, "12 rows, 5 columns").await?;
        b.see("Draft saved").await?;
        let path = b.path().await?;
        ensure!(path.starts_with("/contacts/import/"), "the wizard is at {path}");
        b.click(BUTTON, "Close").await?;
        b.until("the dialog to go", "return !document.querySelector('dialog')", &[]).await?;

        // the draft is found again, from the history and from its own page
        b.click(LINK, "Imports").await?;
        b.at("/imports").await?;
        b.click("main a", "people.csv").await?;
        b.at("/contacts/import/").await?;
        on_step(b, "Upload").await?;
        b.go(&path.replace("/contacts/import/", "/imports/")).await?;
        b.see(&format!("Begun by {PERSON}")).await?;
        b.click(LINK, "Resume the draft").await?;
        b.at("/contacts/import/").await?;
        on_step(b, "Upload").await?;
        to_duplicates(b).await?;
        b.click(BUTTON, "Import contacts").await?;
        summary_says(b, ["12", "0", "0", "0"], "12").await?;
        b.click(BUTTON, "Done").await?;
        b.see("1–12 of 12").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sample_people_are_there_at_once() -> Result<()> {
    let server = Server::prepared("sample", &[]).await?;
    walk("sample", &server, async |b| {
        sign_in(b).await?;
        b.see("No campaigns yet").await?;
        b.click("main button", "Load sample data").await?;
        summary_says(b, ["8", "0", "0", "0"], "8").await?;
        b.click(BUTTON, "Done").await?;
        b.see("Sample campaign").await?;
        b.see("Lead list 8").await?;
        b.see("1–8 of 8").await
    })
    .await
}
