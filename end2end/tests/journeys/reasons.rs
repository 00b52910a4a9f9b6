//! The file of reasons: downloaded, and imported again as it is.

use anyhow::{Result, ensure};
use end2end::{BUTTON, LINK, Prepared, Server, list, walk};
use serde_json::json;

use crate::wizard::{go_on, new_campaign, open, policies_say, run, sign_in, summary_says, to_duplicates, upload};

const ENTER: &str = "\u{e007}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rows_left_out_import_again() -> Result<()> {
    let there = [Prepared { campaign: "Busy", people: 0..30, status: "inProgress" }];
    let server = Server::prepared("reasons", &there).await?;
    walk("reasons", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, "Next").await?;
        open(b).await?;
        let mut rows = list((0..30).chain(100..150));
        rows.push_str("Nobody;Knows;;None;no address\n");
        upload(b, &server.files.file("mixed.csv", rows)?, "81 rows, 5 columns").await?;
        to_duplicates(b).await?;
        policies_say(b, [(80, 0, 1), (50, 30, 1), (50, 30, 1)]).await?;
        b.click(BUTTON, "Examples of what does not simply go in").await?;
        let causes =
            "return [...document.querySelectorAll('dialog .examples .cause')].map(cause => cause.innerText.replace(/\\s+/g, ' ').trim())";
        b.until_is("the causes", causes, &[], &json!(["In progress elsewhere 30", "Failed 1"])).await?;
        run(b).await?;
        summary_says(b, ["50", "0", "30", "1"], "81").await?;

        let path = "return document.querySelector('dialog:modal a[download]').getAttribute('href')";
        let path: String = b.value(path, &[]).await?;
        let script = "return fetch(arguments[0], { credentials: 'same-origin' }).then(answer => answer.text())";
        let file: String = b.value(script, &[json!(path)]).await?;
        let lines: Vec<&str> = file.trim_start_matches('\u{feff}').lines().collect();
        ensure!(lines.len() == 32, "a header and 31 rows, not {}: {file}", lines.len());
        for column in ["First name", "Last name", "Email", "Company", "Icebreaker", "Import reason"] {
            ensure!(lines[0].contains(column), "no column {column} in {}", lines[0]);
        }
        ensure!(lines[1].contains("person0000@company0.example"), "{}", lines[1]);
        ensure!(lines[1].contains("Busy"), "the reason names the campaign: {}", lines[1]);

        b.click(BUTTON, "Done").await?;
        b.click(LINK, "Campaigns").await?;
        b.see("New campaign").await?;
        new_campaign(b, "Again").await?;
        open(b).await?;
        upload(b, &server.files.file("rows.csv", &file)?, "31 rows, 6 columns").await?;
        go_on(b, "Fields").await?;
        b.see("5 of 6 are imported").await?;
        go_on(b, "Cleaning and AI").await?;
        go_on(b, "Duplicates").await?;
        policies_say(b, [(30, 0, 1), (0, 30, 1), (0, 30, 1)]).await?;
        b.click("label", "Don’t import leads that are already in this campaign").await?;
        run(b).await?;
        summary_says(b, ["30", "0", "0", "1"], "31").await?;
        b.see("30 created").await
    })
    .await
}

/// A68: what can be done about a row that was left out, row by row.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_left_out_is_made_room_for_or_waits() -> Result<()> {
    let there = [Prepared { campaign: "Busy", people: 0..2, status: "inProgress" }];
    let server = Server::prepared("left-out", &there).await?;
    walk("left-out", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, "Next").await?;
        open(b).await?;
        upload(b, &server.files.file("left-out.csv", list((0..2).chain(100..101)))?, "3 rows, 5 columns").await?;
        to_duplicates(b).await?;
        run(b).await?;
        summary_says(b, ["1", "0", "2", "0"], "3").await?;
        b.click(LINK, "View details").await?;
        b.at("/imports/").await?;
        b.see("2 rows to look at").await?;
        b.pictures("row-acts").await?;
        b.axe("what can be done about a row").await?;

        // removed there, and the removal taken back
        b.click(BUTTON, "Remove there: Ada0000 Abara from Busy").await?;
        b.see("Ada0000 Abara removed from Busy.").await?;
        b.see("Add here").await?;
        b.click(BUTTON, "Undo").await?;
        b.see("Put back into the campaign.").await?;
        b.find(BUTTON, "Remove there: Ada0000 Abara from Busy").await?;

        // by keyboard: she waits, does not, and waits again
        b.tab_to("Add here when it ends: Ada0001 Bergqvist in Busy").await?;
        b.press(ENTER).await?;
        b.see("Waits for Busy").await?;
        b.click(BUTTON, "Don’t wait for Ada0001 Bergqvist any longer").await?;
        b.see_no("Waits for Busy").await?;
        b.click(BUTTON, "Add here when it ends: Ada0001 Bergqvist in Busy").await?;
        b.see("Waits for Busy").await?;
        b.reload().await?;
        b.see("Waits for Busy").await?;

        // Busy lets her go: she comes in with the next look of the worker
        b.click(BUTTON, "Remove there: Ada0001 Bergqvist from Busy").await?;
        b.see("Ada0001 Bergqvist removed from Busy.").await?;
        b.click(LINK, "Campaigns").await?;
        b.click(LINK, "Next").await?;
        b.see("Lead list 2").await?;
        b.see("person0001@company1.example").await
    })
    .await
}
