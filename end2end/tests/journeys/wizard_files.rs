//! Other files than a plain list: a workbook with several sheets, and one so long that a person stops it.

use anyhow::{Result, ensure};
use end2end::{BUTTON, FIELD, Server, list, walk};

use crate::wizard::{go_on, new_campaign, open, policies_say, run, sign_in, summary_says, to_duplicates, upload};
use crate::workbook::{row, workbook};

/// Rows of the long list: enough batches that a person's click lies between two of them.
const LONG: usize = 3_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_of_a_workbook_is_chosen() -> Result<()> {
    let server = Server::prepared("workbook", &[]).await?;
    walk("workbook", &server, async |b| {
        let notes = [row(1, &["Remark", "By"]), row(2, &["Call on Monday", "Sam"])].concat();
        let line = |n: u32| row(n, &[&format!("Ines{n}"), &format!("ines{n}@firm.example"), "Firm AG"]);
        let people = row(1, &["First name", "Work email", "Firma"]) + (2..=31).map(line).collect::<String>().as_str();
        let file = workbook(&[("Notes", &notes), ("People", &people)], "");
        sign_in(b).await?;
        new_campaign(b, "From a workbook").await?;
        open(b).await?;
        upload(b, &server.files.file("people.xlsx", file)?, "1 row, 2 columns").await?;
        b.see("sheet Notes").await?;
        b.click(BUTTON, "Change").await?;
        b.find(FIELD, "Sheet").await?.send_keys("People").await?;
        b.see("30 rows, 3 columns").await?;
        b.pictures("workbook").await?;
        go_on(b, "Fields").await?;
        b.see("3 of 3 are imported").await?;
        go_on(b, "Cleaning and AI").await?;
        go_on(b, "Duplicates").await?;
        policies_say(b, [(30, 0, 0); 3]).await?;
        run(b).await?;
        summary_says(b, ["30", "0", "0", "0"], "30").await?;
        b.click(BUTTON, "Done").await?;
        b.see("ines31@firm.example").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_import_is_stopped_and_resumed() -> Result<()> {
    let server = Server::prepared("long", &[]).await?;
    walk("long", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, "A long list").await?;
        open(b).await?;
        upload(b, &server.files.file("long.csv", list(0..LONG))?, "3,000 rows, 5 columns").await?;
        to_duplicates(b).await?;
        run(b).await?;
        b.see("So far").await?;
        b.click(BUTTON, "Stop").await?;
        b.until(
            "the import to stop",
            "return document.querySelector('dialog:modal h1')?.innerText === 'Import stopped'",
            &[],
        )
        .await?;
        let done = "return Number(document.querySelector('dialog:modal dl.counts dd.big').innerText.replace(/,/g, ''))";
        let done: usize = b.value(done, &[]).await?;
        ensure!(done > 0 && done < LONG, "it stopped after {done} rows");
        b.pictures("stopped").await?;
        b.click(BUTTON, "Resume").await?;
        summary_says(b, ["3,000", "0", "0", "0"], "3,000").await?;
        b.see("3,000 created").await?;
        b.click(BUTTON, "Done").await?;
        b.see("Lead list 3,000").await
    })
    .await
}
