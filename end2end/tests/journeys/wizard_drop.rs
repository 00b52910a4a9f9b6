//! The wizard with the mouse: a file dropped onto it, a reload in the middle, a second tab, and files it refuses.

use anyhow::Result;
use end2end::{BUTTON, Browser, CARD, FIELD, Server, list, walk};
use serde_json::json;

use crate::wizard::{go_on, new_campaign, on_step, open, policies_say, run, sign_in, summary_says};

/// Drops files as a hand would, one right after the other: over a place, then onto it. Says whether the browser was kept
/// from showing them itself.
const DROP: &str = "
    const [place, names, content] = arguments;
    return names.map(name => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([content], name));
        const send = type => document.querySelector(place)
            .dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
        send('dragenter');
        const kept = !send('dragover');
        return !send('drop') && kept;
    }).every(kept => kept)";

/// Drops a file onto the zone.
async fn drop_file(b: &Browser, name: &str, content: &str) -> Result<()> {
    drop_on(b, ".drop-zone", &[name], content).await
}

async fn drop_on(b: &Browser, place: &str, names: &[&str], content: &str) -> Result<()> {
    let what = "the page to take a file that is dragged over it";
    b.until(what, DROP, &[json!(place), json!(names), json!(content)]).await
}

const MODE: &str = "return document.querySelector('input[name=mode]:checked')?.value";
const COMPANY: &str =
    "return document.querySelector('[aria-label=\"Field for Company\"]')?.selectedOptions[0].innerText";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_outlives_the_page() -> Result<()> {
    let server = Server::prepared("drop", &[]).await?;
    walk("drop", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, "Dropped").await?;
        open(b).await?;
        b.click(CARD, "Create new leads only").await?;
        drop_file(b, "dropped.csv", &list(0..40)).await?;
        b.see("40 rows, 5 columns").await?;
        b.see("Draft saved").await?;
        b.reload().await?;
        on_step(b, "Upload").await?;
        b.see("dropped.csv").await?;
        b.until_is("the mode that was chosen", MODE, &[], &json!("createOnly")).await?;

        go_on(b, "Fields").await?;
        let field = b.find(FIELD, "Field for Company").await?;
        field.send_keys("City").await?;
        b.until_is("the field that was chosen", COMPANY, &[], &json!("City")).await?;
        b.see("Draft saved").await?;
        b.reload().await?;
        on_step(b, "Fields").await?;
        b.until_is("the field after the reload", COMPANY, &[], &json!("City")).await?;
        go_on(b, "Cleaning and AI").await?;
        b.see("Draft saved").await?;

        let path = b.path().await?;
        b.new_tab(&path).await?;
        on_step(b, "Cleaning and AI").await?;
        go_on(b, "Duplicates").await?;
        policies_say(b, [(40, 0, 0); 3]).await?;
        b.fill("Tags for these leads", "Fair 2026").await?;
        b.press(",").await?;
        b.see("Draft saved").await?;
        b.first_tab().await?;
        b.reload().await?;
        on_step(b, "Duplicates").await?;
        b.see("Fair 2026").await?;

        for step in ["Cleaning and AI", "Fields"] {
            b.click(BUTTON, "Back").await?;
            on_step(b, step).await?;
        }
        b.until_is("the field on the way back", COMPANY, &[], &json!("City")).await?;
        b.click(BUTTON, "Back").await?;
        on_step(b, "Upload").await?;
        b.see("40 rows, 5 columns").await?;
        b.until_is("the mode on the way back", MODE, &[], &json!("createOnly")).await?;
        for step in ["Fields", "Cleaning and AI", "Duplicates"] {
            go_on(b, step).await?;
        }
        b.see("Fair 2026").await?;
        run(b).await?;
        summary_says(b, ["40", "0", "0", "0"], "40").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_list_is_refused_with_a_sentence() -> Result<()> {
    let server = Server::prepared("refused", &[]).await?;
    walk("refused", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, "Refused").await?;
        open(b).await?;
        drop_file(b, "list.docx", "whatever").await?;
        b.see("“list.docx” is not a list this page can read.").await?;
        drop_file(b, "empty.csv", "").await?;
        b.see("“empty.csv” is empty.").await?;
        // the browser notes each answer that is no success
        b.forgive("the server responded with a status of 422");
        drop_file(b, "report.csv", "%PDF-1.7\n%\u{e2}\u{e3}\n1 0 obj\n").await?;
        b.see("This is a PDF document, not a table.").await?;
        b.pictures("pdf").await?;
        drop_file(b, "quote.csv", "Email,Name\na@x.example,Ann\nb@x.example,\"Bob\nc@x.example,Cem\n").await?;
        b.see("The quote that opens on line 3, column 2, is never closed").await?;
        drop_file(b, "header.csv", "Email;Name\n").await?;
        b.see("No rows were found").await?;
        drop_file(b, "good.csv", &list(0..3)).await?;
        b.see("3 rows, 5 columns").await?;
        b.see_no("No rows were found").await?;
        go_on(b, "Fields").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_dropped_beside_the_zone_stays_in_the_app() -> Result<()> {
    let server = Server::prepared("beside", &[]).await?;
    walk("beside", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, "Beside").await?;
        open(b).await?;
        drop_on(b, "dialog header", &["head.csv"], &list(0..3)).await?;
        b.see("3 rows, 5 columns").await?;
        b.see("head.csv").await?;
        // the second comes while the first is on its way
        drop_on(b, "dialog footer", &["first.csv", "second.csv"], &list(0..400)).await?;
        b.see("400 rows, 5 columns").await?;
        b.see("first.csv").await?;
        b.see_no("second.csv").await?;
        go_on(b, "Fields").await?;
        drop_on(b, "dialog header", &["late.csv"], &list(0..5)).await?;
        go_on(b, "Cleaning and AI").await?;
        drop_on(b, "html", &["late.csv"], &list(0..5)).await?;
        for step in ["Fields", "Upload"] {
            b.click(BUTTON, "Back").await?;
            on_step(b, step).await?;
        }
        b.see("first.csv").await
    })
    .await
}
