//! Everyone of the workspace: finding, changing where it stands, fields of one's own, deleting, adding by hand.

use anyhow::Result;
use end2end::{BUTTON, Browser, LINK, Prepared, Server, walk};
use serde_json::json;

use crate::wizard::sign_in;

/// What the page says the value of a field is.
async fn field_says(b: &Browser, label: &str, value: &str) -> Result<()> {
    let script = "return [...document.querySelectorAll('.facts.editable dt')]
        .find(dt => dt.innerText === arguments[0])?.nextElementSibling.querySelector('.held')?.innerText";
    b.until_is(&format!("the field {label}"), script, &[json!(label)], &json!(value)).await
}

/// B6: the match is shown while typing, and the same address merges.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn someone_added_by_hand() -> Result<()> {
    let there = [Prepared { campaign: "Fair", people: 0..3, status: "toLaunch" }];
    let server = Server::prepared("add", &there).await?;
    walk("add", &server, async |b| {
        sign_in(b).await?;
        b.click(LINK, "Contacts").await?;
        b.see("1–3 of 3").await?;
        b.click("main button", "Add contact").await?;
        b.fill("First name", "Ada0002").await?;
        b.fill("Last name", "LINDSTROM").await?;
        b.see("same name, different address (person0002@company2.example)").await?;
        b.fill("Email", "Person0001@company1.example").await?;
        b.see("in 1 campaign: adding will update this contact").await?;
        b.fill("Phone", "+46 8 555 01 42").await?;
        b.fill("Last name", "").await?;
        b.fill("First name", "").await?;
        b.see_no("same name").await?;
        b.pictures("match").await?;
        b.click(BUTTON, "Update contact").await?;
        b.see("Ada0001 Lindström was here already and is updated").await?;
        b.see("1–3 of 3").await?;
        b.click("#contacts tbody a", "Ada0001").await?;
        field_says(b, "Phone", "+46 8 555 01 42").await?;
        field_says(b, "First name", "Ada0001").await?;
        b.click(".toasts button", "Undo").await?;
        field_says(b, "Phone", "Add").await?;
        b.click(BUTTON, "Close panel").await?;

        b.click("main button", "Add contact").await?;
        b.fill("First name", "Eve").await?;
        b.forgive("the server responded with a status of 500");
        b.click(BUTTON, "Add contact").await?;
        b.see("Write an email address or a LinkedIn URL").await?;
        b.fill("Email", "eve@new.example").await?;
        b.choose("Campaign", "Fair").await?;
        b.fill("Tags", "By hand").await?;
        b.click(BUTTON, "Add contact").await?;
        b.see("Eve added.").await?;
        b.see("1–4 of 4").await?;
        b.see("By hand").await?;
        b.click(".toasts button", "Undo").await?;
        b.see("The contact is gone again.").await?;
        b.see("1–3 of 3").await
    })
    .await
}
