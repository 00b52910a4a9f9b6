//! The lead list: finding, marking, deleting and taking back.

use anyhow::Result;
use end2end::{BUTTON, Browser, LINK, Prepared, Server, walk};
use serde_json::json;

use crate::wizard::sign_in;

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// What the panel says a field or a variable is.
async fn panel_says(b: &Browser, label: &str, value: &str) -> Result<()> {
    let script = "return [...document.querySelectorAll('.facts.editable dt')]
        .find(dt => dt.innerText === arguments[0])?.nextElementSibling.querySelector('.held')?.innerText";
    b.until_is(&format!("{label} in the panel"), script, &[json!(label)], &json!(value)).await
}

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_to_leads_is_listed_and_taken_back() -> Result<()> {
    let there = [
        Prepared { campaign: "Fair", people: 0..60, status: "inProgress" },
        Prepared { campaign: "Other", people: 0..10, status: "toLaunch" },
    ];
    let server = Server::prepared("lead_changes", &there).await?;
    walk("lead_changes", &server, async |b| {
        sign_in(b).await?;
        b.click(LINK, "Fair").await?;
        b.see("1–50 of 60").await?;

        // nothing yet
        b.click(BUTTON, "More actions").await?;
        b.click("#campaign-menu a", "Recent changes").await?;
        b.see("Nothing was changed in the last thirty days").await?;
        b.click(".crumbs a", "Fair").await?;

        // ten leads end here, and go on in another campaign
        b.fill("Search leads", "ada000").await?;
        b.see("1–10 of 10").await?;
        b.click("#leads thead label", "").await?;
        b.click(BUTTON, "Set status").await?;
        b.click("#bulk-status button", "Done").await?;
        b.see("10 leads set to Done.").await?;
        b.fill("Search leads", "ada0003").await?;
        b.see("1–1 of 1").await?;

        // a variable and a field of one of them, in the panel
        b.click("#leads tbody a", "Ada0003").await?;
        panel_says(b, "Icebreaker", "About 3").await?;
        b.tab_to("Edit Icebreaker: About 3").await?;
        b.press(ENTER).await?;
        b.until_is("the focus in the variable", "return document.activeElement.value", &[], &json!("About 3")).await?;
        b.press("Nonsense").await?;
        b.press(ESCAPE).await?;
        panel_says(b, "Icebreaker", "About 3").await?;
        b.press(ENTER).await?;
        b.until_is("the focus in the variable", "return document.activeElement.value", &[], &json!("About 3")).await?;
        b.press("Your talk in Hall 7").await?;
        b.pictures("variable").await?;
        b.press(ENTER).await?;
        panel_says(b, "Icebreaker", "Your talk in Hall 7").await?;
        b.see("Icebreaker changed.").await?;
        b.until(
            "the focus back",
            "return (document.activeElement.getAttribute('aria-label') ?? '').startsWith('Edit Icebreaker')",
            &[],
        )
        .await?;
        b.click(BUTTON, "Edit Company: Company 3").await?;
        b.fill("Company", "Company 3 Ltd").await?;
        b.press(ENTER).await?;
        panel_says(b, "Company", "Company 3 Ltd").await?;
        b.see("Company changed.").await?;
        b.click(BUTTON, "Close panel").await?;

        b.click(LINK, "Campaigns").await?;
        b.click(LINK, "Other").await?;
        b.see("1–10 of 10").await?;
        b.fill("Search leads", "ada0004").await?;
        b.see("1–1 of 1").await?;
        b.click("#leads thead label", "").await?;
        b.click(BUTTON, "Set status").await?;
        b.click("#bulk-status button", "In progress").await?;
        b.see("1 lead set to In progress.").await?;

        // long after the toast is gone
        b.click(LINK, "Campaigns").await?;
        b.click(LINK, "Fair").await?;
        b.click(BUTTON, "More actions").await?;
        b.click("#campaign-menu a", "Recent changes").await?;
        for words in ["Variable “Icebreaker” changed", "Ada0003", "Set to", "10 leads", "Mara Lindqvist"] {
            b.see(words).await?;
        }
        b.axe("recent changes").await?;
        b.pictures("recent").await?;
        b.click(BUTTON, "Take back: Variable “Icebreaker” changed").await?;
        b.see("Taken back for 1 lead.").await?;
        b.click(BUTTON, "Take back: Set to Done").await?;
        b.see("Taken back for 9 leads. 1 lead was left as now").await?;
        b.see("Taken back").await?;
        b.reload().await?;
        b.until(
            "nothing is left to take back",
            "return document.querySelectorAll('#changes td button').length === 0",
            &[],
        )
        .await?;
        b.click(".crumbs a", "Fair").await?;
        b.click("[popovertarget=filter-status]", "").await?;
        b.click("#filter-status label", "Done").await?;
        b.press(ESCAPE).await?;
        b.see("1–1 of 1").await?;
        b.see("Ada0004").await
    })
    .await
}

/// In a wide table the head stays while the lines go, and whatever has the focus is below it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_head_of_a_wide_table_stays() -> Result<()> {
    let there = [Prepared { campaign: "Fair", people: 0..60, status: "toLaunch" }];
    let server = Server::prepared("lead_wide", &there).await?;
    walk("lead_wide", &server, async |b| {
        sign_in(b).await?;
        b.click(LINK, "Fair").await?;
        b.see("1–50 of 60").await?;
        b.click("[popovertarget=columns]", "").await?;
        for column in ["Phone", "City", "Country", "Industry"] {
            b.click("#columns label", column).await?;
        }
        b.press(ESCAPE).await?;
        b.until("a wide table", "return document.querySelector('#leads').classList.contains('wide')", &[]).await?;
        b.until(
            "the head where the table begins",
            "const frame = document.querySelector('#leads');
             frame.scrollTop = 400;
             const gap = frame.querySelector('thead th').getBoundingClientRect().top - frame.getBoundingClientRect().top;
             return frame.scrollTop === 400 && Math.abs(gap) < 3",
            &[],
        )
        .await?;
        b.until(
            "the focus below the head",
            "const frame = document.querySelector('#leads');
             frame.querySelectorAll('tbody a')[3].focus();
             const head = frame.querySelector('thead th').getBoundingClientRect().bottom;
             return document.activeElement.getBoundingClientRect().top >= head",
            &[],
        )
        .await?;
        b.pictures("wide").await
    })
    .await
}
