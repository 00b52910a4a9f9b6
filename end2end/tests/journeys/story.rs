//! The story of A51: a second campaign with people of the first, under each of the three policies.

use anyhow::Result;
use end2end::{BUTTON, Browser, CARD, LINK, PERSON, Prepared, Server, list, walk};
use serde_json::json;

use crate::wizard::{go_on, new_campaign, open, policies_say, run, sign_in, summary_says, to_duplicates, upload};

const FIRST: &str = "Q4 Outreach Campaign";
const SECOND: &str = "Re-engagement Campaign";
/// What step 4 says of the 600, loosest policy first: created, left out, failed.
const LIVE: [(u32, u32, u32); 3] = [(600, 0, 0), (400, 200, 0), (250, 350, 0)];

/// The first campaign: 200 in progress, 100 done, 200 to launch.
const THERE: [Prepared<'static>; 3] = [
    Prepared { campaign: FIRST, people: 0..200, status: "inProgress" },
    Prepared { campaign: FIRST, people: 200..300, status: "done" },
    Prepared { campaign: FIRST, people: 300..500, status: "toLaunch" },
];

/// 350 of the first campaign and 250 whom nobody knows.
fn six_hundred() -> String {
    list((0..350).chain(1000..1250))
}

/// Up to step 4 of the second campaign's import.
async fn prepare(b: &Browser, server: &Server) -> Result<()> {
    sign_in(b).await?;
    b.see(FIRST).await?;
    new_campaign(b, SECOND).await?;
    open(b).await?;
    upload(b, &server.files.file("six-hundred.csv", six_hundred())?, "600 rows, 5 columns").await?;
    to_duplicates(b).await?;
    policies_say(b, LIVE).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_campaign_takes_five_hundred() -> Result<()> {
    let server = Server::prepared("first", &[]).await?;
    walk("first", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, FIRST).await?;
        b.pictures("empty-campaign").await?;
        open(b).await?;
        for mode in ["Create and update leads", "Create new leads only", "Update existing leads only"] {
            b.see(mode).await?;
        }
        b.pictures("step-1").await?;
        upload(b, &server.files.file("first.csv", list(0..500))?, "500 rows, 5 columns").await?;
        b.see("Detected: Semicolon · UTF-8 · header in row 1").await?;
        b.pictures("step-1-file").await?;
        go_on(b, "Fields").await?;
        b.see("5 of 5 are imported").await?;
        b.pictures("step-2").await?;
        go_on(b, "Cleaning and AI").await?;
        b.pictures("step-3").await?;
        go_on(b, "Duplicates").await?;
        policies_say(b, [(500, 0, 0); 3]).await?;
        b.pictures("step-4").await?;
        run(b).await?;
        summary_says(b, ["500", "0", "0", "0"], "500").await?;
        b.see_no("excluded").await?;
        b.pictures("summary").await?;
        b.click(BUTTON, "Done").await?;
        b.see("Lead list 500").await?;
        b.see("1–50 of 500").await?;
        b.pictures("lead-list").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_progress_elsewhere_stays_out() -> Result<()> {
    let server = Server::prepared("active", &THERE).await?;
    walk("active", &server, async |b| {
        prepare(b, &server).await?;
        b.until("the workspace's own policy", "return document.querySelector('input[value=active]').checked", &[])
            .await?;
        b.see("50 of the leads to import are still “to launch” elsewhere").await?;
        b.pictures("step-4").await?;
        run(b).await?;
        summary_says(b, ["400", "0", "200", "0"], "600").await?;
        b.see("200 leads were excluded").await?;
        b.see("200 are in progress in another campaign").await?;
        b.pictures("summary").await?;

        b.click(LINK, "View details").await?;
        b.at("/imports/").await?;
        b.see("200 rows to look at").await?;
        b.see("1–50 of 200").await?;
        let met = "return [...document.querySelectorAll('table.details tbody tr')].filter(row =>
            [...arguments, 'In progress elsewhere'].every(words => row.textContent.includes(words))).length";
        b.until_is("campaign and owner in each row", met, &[json!(FIRST), json!(PERSON)], &json!(50)).await?;
        b.pictures("details").await?;
        for range in ["51–100 of 200", "101–150 of 200", "151–200 of 200"] {
            b.click(LINK, "Next").await?;
            b.see(range).await?;
        }
        b.fill("Name or email", "person0007").await?;
        b.see("1–1 of 1").await?;
        // what is shown is what is imported again
        b.fill("Name or email", "").await?;
        b.see("1–50 of 200").await?;

        b.click(BUTTON, "Import these under another policy").await?;
        b.click(BUTTON, "Import 200 rows, leaving out only who is already in this campaign").await?;
        summary_says(b, ["200", "0", "0", "0"], "200").await?;
        b.see("200 created").await?;
        b.click(BUTTON, "Done").await?;
        b.see("Lead list 600").await?;
        b.click(LINK, "Imports").await?;
        b.see("400 imported, 200 excluded").await?;
        b.see("200 imported, 0 excluded").await?;
        b.pictures("imports").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_people_again() -> Result<()> {
    let server = Server::prepared("campaign", &THERE).await?;
    walk("campaign", &server, async |b| {
        prepare(b, &server).await?;
        b.click(CARD, "Don’t import leads that are already in this campaign").await?;
        run(b).await?;
        summary_says(b, ["600", "0", "0", "0"], "600").await?;
        b.see("600 created").await?;
        b.see_no("excluded").await?;
        b.click(BUTTON, "Done").await?;
        b.see("Lead list 600").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn never_anyone_twice() -> Result<()> {
    let server = Server::prepared("workspace", &THERE).await?;
    walk("workspace", &server, async |b| {
        prepare(b, &server).await?;
        b.click(CARD, "Don’t import leads that are already part of any campaign in your workspace").await?;
        b.see("Ignore archived campaigns").await?;
        run(b).await?;
        summary_says(b, ["250", "350", "0", "0"], "600").await?;
        b.see("350 leads were excluded").await?;
        b.see("350 are in some campaign already").await?;
        b.pictures("summary").await?;
        b.reload().await?;
        summary_says(b, ["250", "350", "0", "0"], "600").await?;

        // the same list once more: all of it is in some campaign by now
        b.click(BUTTON, "Done").await?;
        b.click(LINK, "Campaigns").await?;
        b.see("New campaign").await?;
        new_campaign(b, "Third Campaign").await?;
        open(b).await?;
        upload(b, &server.files.file("again.csv", six_hundred())?, "600 rows, 5 columns").await?;
        to_duplicates(b).await?;
        policies_say(b, [LIVE[0], LIVE[1], (0, 600, 0)]).await?;
        b.click(CARD, "Don’t import leads that are already part of any campaign in your workspace").await?;
        run(b).await?;
        summary_says(b, ["0", "600", "0", "0"], "600").await?;
        b.see("Kept out by").await?;
        b.see("would import 400 of them").await?;
        b.see("would import 600 of them").await?;
        b.pictures("kept-out").await?;
        b.click(BUTTON, "Import 400 rows, leaving out only who is in progress in another campaign").await?;
        summary_says(b, ["400", "0", "200", "0"], "600").await
    })
    .await
}
