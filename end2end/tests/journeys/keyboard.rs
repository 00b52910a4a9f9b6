//! The whole wizard without a mouse.

use anyhow::{Result, ensure};
use end2end::{Browser, Prepared, Server, list, walk};
use serde_json::json;

use crate::wizard::{on_step, policies_say, sign_in, summary_says};

const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";
const DOWN: &str = "\u{e015}";
const UP: &str = "\u{e013}";
const ESCAPE: &str = "\u{e00c}";

/// Goes to a thing by Tab and presses a key on it.
async fn press_on(b: &Browser, words: &str, key: &str) -> Result<()> {
    b.tab_to(words).await?;
    b.press(key).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wizard_by_keyboard_alone() -> Result<()> {
    let there = [Prepared { campaign: "Busy", people: 0..20, status: "inProgress" }];
    let server = Server::prepared("keyboard", &there).await?;
    walk("keyboard", &server, async |b| {
        sign_in(b).await?;
        press_on(b, "New campaign", ENTER).await?;
        b.until_is("the focus in the dialog", "return document.activeElement.id", &[], &json!("ask-text")).await?;
        b.press("Keys").await?;
        b.press(ENTER).await?;
        b.see("No leads in this campaign yet").await?;

        press_on(b, "Import new leads", ENTER).await?;
        on_step(b, "Upload").await?;
        // Esc closes and gives the focus back; the draft is kept
        b.press(ESCAPE).await?;
        b.until("the dialog to go", "return !document.querySelector('dialog')", &[]).await?;
        ensure!(b.focus().await?.starts_with("Import new leads"), "the focus is on {}", b.focus().await?);
        b.press(ENTER).await?;
        on_step(b, "Upload").await?;

        b.tab_to("Create and update leads").await?;
        b.press(DOWN).await?;
        let mode = "return document.querySelector('input[name=mode]:checked').value";
        b.until_is("the mode by arrow", mode, &[], &json!("createOnly")).await?;
        b.press(UP).await?;
        b.until_is("the mode by arrow", mode, &[], &json!("createAndUpdate")).await?;
        b.choose_file(&server.files.file("keys.csv", list(0..60))?).await?;
        b.see("60 rows, 5 columns").await?;
        press_on(b, "Continue", ENTER).await?;
        on_step(b, "Fields").await?;
        press_on(b, "Field for Company", "Company d").await?;
        let company =
            "return document.querySelector('[aria-label=\"Field for Company\"]').selectedOptions[0].innerText";
        b.until_is("the field by typing", company, &[], &json!("Company domain")).await?;
        press_on(b, "Continue", ENTER).await?;
        on_step(b, "Cleaning and AI").await?;
        press_on(b, "Back", SPACE).await?;
        on_step(b, "Fields").await?;
        press_on(b, "Continue", SPACE).await?;
        on_step(b, "Cleaning and AI").await?;
        press_on(b, "Continue", ENTER).await?;
        on_step(b, "Duplicates").await?;
        policies_say(b, [(60, 0, 0), (40, 20, 0), (40, 20, 0)]).await?;
        b.tab_to("Don’t import leads currently in progress").await?;
        b.press(UP).await?;
        let policy = "return document.querySelector('input[name=policy]:checked').value";
        b.until_is("the policy by arrow", policy, &[], &json!("campaign")).await?;
        b.tab_to("Tags for these leads").await?;
        b.press("By hand,").await?;
        b.see("By hand").await?;
        press_on(b, "Import leads", ENTER).await?;
        summary_says(b, ["60", "0", "0", "0"], "60").await?;
        press_on(b, "Done", ENTER).await?;
        b.see("Lead list 60").await
    })
    .await
}
