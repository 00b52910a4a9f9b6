//! Keys on every page: their list, making something new, and the palette, without a mouse.

use anyhow::{Result, ensure};
use end2end::{BUTTON, Browser, FIELD, Prepared, Server, walk};
use serde_json::json;

use crate::wizard::sign_in;

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";
const UP: &str = "\u{e013}";

async fn no_dialog(b: &Browser) -> Result<()> {
    b.until("the dialog to go", "return !document.querySelector('dialog')", &[]).await
}

async fn focus_is(b: &Browser, id: &str) -> Result<()> {
    b.until_is("the focus", "return document.activeElement.id", &[], &json!(id)).await
}

/// Opens the palette and types.
async fn palette(b: &Browser, words: &str) -> Result<()> {
    b.press_with_control("k").await?;
    focus_is(b, "palette-text").await?;
    b.press(words).await
}

/// Waits until this line is the one that Enter chooses.
async fn chosen(b: &Browser, words: &str) -> Result<()> {
    let script = "const id = document.activeElement.getAttribute('aria-activedescendant');
        return document.getElementById(id).querySelector('.grow').innerText";
    b.until_is("the line of the palette", script, &[], &json!(words)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_has_its_keys_and_the_palette() -> Result<()> {
    let there = [
        Prepared { campaign: "Busy", people: 0..20, status: "inProgress" },
        Prepared { campaign: "Waiting", people: 100..110, status: "toLaunch" },
    ];
    let server = Server::prepared("shortcuts", &there).await?;
    walk("shortcuts", &server, async |b| {
        sign_in(b).await?;
        // the list of keys is that of this page
        b.press("?").await?;
        b.see("New campaign").await?;
        b.see("Every page").await?;
        b.axe("keys").await?;
        b.pictures("keys").await?;
        b.press(ESCAPE).await?;
        no_dialog(b).await?;

        b.press("c").await?;
        focus_is(b, "ask-text").await?;
        b.press(ESCAPE).await?;
        no_dialog(b).await?;
        ensure!(b.focus().await?.starts_with("New campaign"), "the focus is on {}", b.focus().await?);
        b.press("jj").await?;
        let second = "return document.activeElement === document.querySelectorAll('tbody .name > a')[1]";
        b.until("the focus on the second line", second, &[]).await?;
        b.press("k").await?;
        let first = "return document.activeElement === document.querySelectorAll('tbody .name > a')[0]";
        b.until("the focus on the first line", first, &[]).await?;

        // to a contact, by what they are called
        palette(b, "ada0003").await?;
        chosen(b, "Ada0003 Dvořák").await?;
        b.axe("palette").await?;
        b.pictures("palette").await?;
        b.press(ENTER).await?;
        b.at("/contacts/ctc_").await?;
        b.see("shared by every campaign").await?;
        focus_is(b, "main").await?;
        // Esc closes the panel; the palette finds campaigns and pages too
        b.press(ESCAPE).await?;
        b.until_is("the list", "return location.pathname", &[], &json!("/contacts")).await?;
        palette(b, "wait").await?;
        chosen(b, "Waiting").await?;
        b.press(ENTER).await?;
        b.see("Lead list 10").await?;
        palette(b, "").await?;
        chosen(b, "Campaigns").await?;
        b.press(UP).await?;
        chosen(b, "Sign out").await?;
        b.press(DOWN).await?;
        b.press(DOWN).await?;
        b.press(DOWN).await?;
        b.press(DOWN).await?;
        chosen(b, "Imports").await?;
        b.press(ENTER).await?;
        b.at("/imports").await?;
        b.see("prepared-0.csv").await?;
        b.press("j").await?;
        b.until("the focus on an import", first, &[]).await?;
        b.press(ENTER).await?;
        b.at("/imports/imp_").await?;
        b.see("Import finished").await?;

        // letters stay letters where someone types; the palette opens from there and gives the focus back
        b.go("/contacts").await?;
        b.see("1–30 of 30").await?;
        b.press("/").await?;
        focus_is(b, "search").await?;
        b.press("?cj").await?;
        b.until_is("what was typed", "return document.activeElement.value", &[], &json!("?cj")).await?;
        palette(b, "nobody is called so").await?;
        b.see("Nothing is called “nobody is called so”.").await?;
        b.axe("palette without a line").await?;
        b.press_with_control("k").await?;
        no_dialog(b).await?;
        focus_is(b, "search").await?;
        b.fill("Search contacts", "").await?;
        b.see("1–30 of 30").await?;

        // a command of this page
        palette(b, "add con").await?;
        chosen(b, "Add contact").await?;
        b.press(ENTER).await?;
        focus_is(b, "add-email").await?;
        // what is missing gets the focus again
        b.forgive("the server responded with a status of 500");
        b.click(BUTTON, "Add contact").await?;
        b.see("Write an email address or a LinkedIn URL").await?;
        focus_is(b, "add-email").await?;
        b.press(ESCAPE).await?;
        no_dialog(b).await?;

        // switched off: a letter does nothing, the palette still opens
        palette(b, "single keys").await?;
        chosen(b, "Switch single keys off").await?;
        b.press(ENTER).await?;
        no_dialog(b).await?;
        b.press("?c").await?;
        palette(b, "shortcuts").await?;
        chosen(b, "Show the keyboard shortcuts").await?;
        b.press(ENTER).await?;
        b.see("Every page").await?;
        ensure!(!b.find(FIELD, "Single keys").await?.is_selected().await?, "single keys are off");
        b.click(FIELD, "Single keys").await?;
        b.click(BUTTON, "Close").await?;
        no_dialog(b).await?;
        b.press("?").await?;
        b.see("Every page").await?;
        b.press(ESCAPE).await?;
        no_dialog(b).await
    })
    .await
}
