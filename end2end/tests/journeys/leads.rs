//! The lead list: finding, marking, deleting and taking back.

use anyhow::Result;
use end2end::{BUTTON, LINK, Prepared, Server, walk};
use serde_json::json;

use crate::wizard::sign_in;

const STATUSES: &str = "return [...document.querySelectorAll('#leads tbody tr')].filter(row =>
    row.cells[2].innerText.trim() === arguments[0]).length";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_and_twenty_leads() -> Result<()> {
    let there = [
        Prepared { campaign: "Fair", people: 0..120, status: "toLaunch" },
        Prepared { campaign: "Other", people: 500..510, status: "inProgress" },
    ];
    let server = Server::prepared("leads", &there).await?;
    walk("leads", &server, async |b| {
        sign_in(b).await?;
        b.click(LINK, "Fair").await?;
        b.see("Lead list 120").await?;

        // pages
        b.see("1–50 of 120").await?;
        b.click(LINK, "Next").await?;
        b.see("51–100 of 120").await?;
        b.click(LINK, "Next").await?;
        b.see("101–120 of 120").await?;
        b.click(LINK, "Previous").await?;
        b.see("51–100 of 120").await?;

        // search
        b.fill("Search leads", "ada011").await?;
        b.see("1–10 of 10").await?;
        b.see("Ada0110").await?;
        b.reload().await?;
        b.see("1–10 of 10").await?;
        b.fill("Search leads", "nobody at all").await?;
        b.see("No lead matches").await?;
        b.click(LINK, "Show all leads").await?;
        b.see("1–50 of 120").await?;

        // one page of them, set to a status
        b.click("#leads thead label", "").await?;
        b.see("50 selected").await?;
        b.click(BUTTON, "Set status").await?;
        b.click("#bulk-status button", "Paused").await?;
        b.see("50 leads set to Paused.").await?;
        b.until_is("the statuses of the page", STATUSES, &[json!("Paused")], &json!(50)).await?;

        // the filter
        b.click("[popovertarget=filter-status]", "").await?;
        b.click("#filter-status label", "Paused").await?;
        b.see("1–50 of 50").await?;
        b.press("\u{e00c}").await?;
        b.click(BUTTON, "Remove filter: Status is Paused").await?;
        b.see("1–50 of 120").await?;

        // all that match, tagged
        b.fill("Search leads", "ada00").await?;
        b.see("1–50 of 100").await?;
        b.click("#leads thead label", "").await?;
        b.see("50 selected").await?;
        b.click(BUTTON, "Select all 100").await?;
        b.see("100 selected").await?;
        b.click(BUTTON, "Add tag").await?;
        b.fill("Tag", "Hall 7").await?;
        b.click(BUTTON, "Add to the selected people").await?;
        b.see("Tag “Hall 7” added to the people of 100 leads.").await?;
        b.pictures("tagged").await?;

        // deleting, and taking it back
        b.fill("Search leads", "ada000").await?;
        b.see("1–10 of 10").await?;
        b.click("#leads thead label", "").await?;
        b.see("10 selected").await?;
        b.click("main button", "Delete").await?;
        b.see("10 leads deleted.").await?;
        b.see("Lead list 110").await?;
        b.click(".toasts button", "Undo").await?;
        b.see("Taken back for 10 leads.").await?;
        b.see("Lead list 120").await?;
        b.see("1–10 of 10").await?;

        // one lead
        b.click("#leads tbody a", "Ada0003").await?;
        for words in [
            "In this campaign",
            "person0003@company3.example",
            "Hall 7",
            "About 3",
            "This person is in no other campaign.",
        ] {
            b.see(words).await?;
        }
        b.pictures("panel").await?;
        b.reload().await?;
        b.see("person0003@company3.example").await?;
        b.click(BUTTON, "Close panel").await?;
        b.see_no("In this campaign").await
    })
    .await
}
