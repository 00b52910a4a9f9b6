//! What several journeys do in the wizard.

use std::path::Path;

use anyhow::Result;
use end2end::{BUTTON, Browser, EMAIL, PASSWORD};
use serde_json::json;

/// What step 4 says of each policy.
const LIVE: &str = "return [...document.querySelectorAll('dialog label.card-radio')].map(card =>
    [...card.querySelectorAll('.live .l')].map(line => line.innerText.replace(/\\s+/g, ' ').trim()).join(', '))";

/// The four counts of a summary.
const COUNTS: &str = "return [...document.querySelectorAll('dl.counts dd.big')].map(count => count.innerText)";

/// Signs in as the owner of a prepared server.
pub async fn sign_in(b: &Browser) -> Result<()> {
    b.sign_in(EMAIL, PASSWORD).await
}

/// Makes a campaign and opens it.
pub async fn new_campaign(b: &Browser, name: &str) -> Result<()> {
    b.click("main button", "New campaign").await?;
    b.fill("Name", name).await?;
    b.click(BUTTON, "Create campaign").await?;
    b.at("/campaigns/").await?;
    b.until_is("the campaign's name", "return document.querySelector('h1')?.innerText", &[], &json!(name)).await?;
    b.see("No leads in this campaign yet").await
}

/// Opens the wizard from a campaign's page.
pub async fn open(b: &Browser) -> Result<()> {
    b.click("main button", "Import new leads").await?;
    on_step(b, "Upload").await
}

/// Waits for a step of the wizard.
pub async fn on_step(b: &Browser, name: &str) -> Result<()> {
    let script = "return document.querySelector('dialog:modal [aria-current=step]')?.innerText.trim()";
    b.until_is("the step of the wizard", script, &[], &json!(name)).await
}

/// Gives it a file and waits until its rows are counted: "500 rows, 5 columns".
pub async fn upload(b: &Browser, file: &Path, extent: &str) -> Result<()> {
    b.choose_file(file).await?;
    b.see(extent).await
}

/// Goes on, to the step of this name.
pub async fn go_on(b: &Browser, to: &str) -> Result<()> {
    // what is on its way to the server draws the step anew when it is there
    b.see("Draft saved").await?;
    b.click(BUTTON, "Continue").await?;
    on_step(b, to).await
}

/// From the first step with its file to the last, taking what is suggested.
pub async fn to_duplicates(b: &Browser) -> Result<()> {
    for step in ["Fields", "Cleaning and AI", "Duplicates"] {
        go_on(b, step).await?;
    }
    Ok(())
}

/// Waits until each policy, loosest first, says that so many rows would be created, left out and failed, and none
/// anything else.
pub async fn policies_say(b: &Browser, rows: [(u32, u32, u32); 3]) -> Result<()> {
    let lines = rows.map(|(created, left_out, failed)| {
        format!("{created} created, 0 updated, {left_out} left out, {failed} failed")
    });
    b.until_is("the counts of the three policies", LIVE, &[], &json!(lines)).await
}

/// Starts the import.
pub async fn run(b: &Browser) -> Result<()> {
    b.click(BUTTON, "Import leads").await
}

/// Waits for the summary: imported, duplicates, in progress elsewhere, failed, and the rows of the file.
pub async fn summary_says(b: &Browser, counts: [&str; 4], rows: &str) -> Result<()> {
    b.until(
        "the end of the import",
        "return document.querySelector('dialog:modal h1')?.innerText === 'Import finished'",
        &[],
    )
    .await?;
    b.until_is("the counts of the summary", COUNTS, &[], &json!(counts)).await?;
    b.see(&format!("{} = {rows} rows", counts.join(" + "))).await
}
