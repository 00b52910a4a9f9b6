//! Two addresses of one person: found, compared, merged, taken back, kept apart.

use std::path::Path;

use anyhow::Result;
use end2end::{BUTTON, Browser, CARD, LINK, Server, walk};
use serde_json::json;

use crate::wizard::{go_on, new_campaign, open, run, sign_in, summary_says, upload};

/// How many entries wait, as the badge in the navigation says.
const BADGE: &str = "return document.querySelector('.nav a[href=\"/admin/duplicates\"] .count')?.firstChild.data ?? ''";

/// Who keeps the id, as an open preview says.
const SURVIVES: &str = "return [...document.querySelectorAll('.compare th')]
    .find(head => head.innerText.includes('Survives'))?.querySelector('b').innerText ?? ''";

/// The entry that has the focus.
const AT: &str = "return document.activeElement?.closest('.pair-card')?.querySelector('h3').textContent ?? ''";

/// The entries from above.
const ENTRIES: &str = "return [...document.querySelectorAll('.pair-card h3')].map(head => head.textContent)";

/// Imports a list into the campaign that is open.
async fn import(b: &Browser, file: &Path, extent: &str, rows: &str) -> Result<()> {
    open(b).await?;
    upload(b, file, extent).await?;
    for step in ["Fields", "Cleaning and AI", "Duplicates"] {
        go_on(b, step).await?;
    }
    b.click(CARD, "Don’t import leads that are already in this campaign").await?;
    run(b).await?;
    summary_says(b, [rows, "0", "0", "0"], rows).await?;
    b.click(BUTTON, "Done").await
}

/// One person under two addresses, a household, and two who only have a name in common.
const FIRST: &str = "email,first name,last name,company,phone\n\
    hanna.bergstrom@lumen.example,Hanna,Bergström,Lumen Foods AB,+46 70 123 45 67\n\
    oskar.wieland@kantwerk.example,Oskar,Wieland,Kantwerk GmbH,+49 30 901820 11\n\
    john@north.example,John,Smith,North Ltd,\n";
const SECOND: &str = "email,first name,last name,company,phone,job title\n\
    hanna.private@mail.example,Hanna,Bergstrom,Lumen Foods,0046 70 1234567,Head of Operations\n\
    oskar.wieland+fair@kantwerk.example,Oskar,Wieland,Kantwerk,+49 30 901820 11,\n\
    js@south.example,john,SMITH,South Ltd,,\n";

async fn two_lists(b: &Browser, server: &Server) -> Result<()> {
    sign_in(b).await?;
    new_campaign(b, "One person, one contact").await?;
    import(b, &server.files.file("first.csv", FIRST)?, "3 rows, 5 columns", "3").await?;
    import(b, &server.files.file("second.csv", SECOND)?, "3 rows, 6 columns", "3").await?;
    b.see("Lead list 6").await?;
    b.click(LINK, "Duplication Handling").await?;
    b.at("/admin/duplicates").await?;
    b.see("Hanna Bergström").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_addresses_become_one_contact_and_two_again() -> Result<()> {
    let server = Server::prepared("duplicates", &[]).await?;
    walk("duplicates", &server, async |b| {
        two_lists(b, &server).await?;
        b.see("Same name only").await?;
        b.until_is("the badge", BADGE, &[], &json!("3")).await?;
        b.pictures("suspects").await?;
        b.axe("suspects").await?;

        b.click(BUTTON, "Preview Hanna Bergström").await?;
        b.see("Survives").await?;
        b.see("Head of Operations").await?;
        b.see("one lead, no step repeated").await?;
        b.pictures("preview").await?;
        b.axe("preview of a merge").await?;
        b.size(360, 780).await?;
        b.check_width("preview of a merge").await?;
        b.pictures("preview-360").await?;
        b.size(1440, 900).await?;
        b.click(".compare button", "Merge").await?;
        b.see("Merged into one contact").await?;
        b.until_is("the badge", BADGE, &[], &json!("2")).await?;
        b.see_no("hanna.private@mail.example").await?;

        // one lead in the campaign, with the newer title
        b.click(LINK, "Campaigns").await?;
        b.click(LINK, "One person, one contact").await?;
        b.see("Lead list 5").await?;
        b.see("Hanna").await?;

        // the list of merges, and the way back
        b.click(LINK, "Duplication Handling").await?;
        b.click(LINK, "Merged").await?;
        b.see("hanna.private@mail.example").await?;
        b.pictures("merged").await?;
        b.axe("merged").await?;
        b.click(BUTTON, "Undo merge of").await?;
        b.see("two contacts again, as before").await?;
        b.click(LINK, "Suspects").await?;
        b.see("hanna.private@mail.example").await?;
        b.click(LINK, "Campaigns").await?;
        b.click(LINK, "One person, one contact").await?;
        b.see("Lead list 6").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_kept_apart_stays_apart() -> Result<()> {
    let server = Server::prepared("separate", &[]).await?;
    walk("separate", &server, async |b| {
        two_lists(b, &server).await?;
        b.click(BUTTON, "Preview Hanna Bergström").await?;
        b.click(BUTTON, "Flip").await?;
        b.until_is("the other one to survive", SURVIVES, &[], &json!("Hanna Bergstrom")).await?;
        // the list is read again at the end of a scan; what is open and picked in it stays
        b.click(BUTTON, "Scan again").await?;
        b.see("Last scan").await?;
        b.until_is("the other one to survive still", SURVIVES, &[], &json!("Hanna Bergstrom")).await?;
        b.click(BUTTON, "Separate Hanna Bergström").await?;
        b.see("1 pair kept apart").await?;
        b.see_no("hanna.private@mail.example").await?;
        b.click(BUTTON, "Scan again").await?;
        b.see("Last scan").await?;
        b.see_no("hanna.private@mail.example").await?;
        b.until_is("the badge", BADGE, &[], &json!("2")).await?;
        b.click(LINK, "Separated").await?;
        b.see("hanna.private@mail.example").await?;
        b.pictures("separated").await?;
        b.axe("separated").await?;
        b.click(BUTTON, "Ask again about").await?;
        b.see("They are suspects again").await?;
        b.click(LINK, "Suspects").await?;
        b.see("hanna.private@mail.example").await?;

        // why not?
        b.click(BUTTON, "Why not?").await?;
        b.fill("First name", "Ann").await?;
        b.fill("Email", "ann@acme.example").await?;
        b.click(BUTTON, "Compare").await?;
        b.see("They would not be listed").await?;
        b.axe("why not").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn obvious_ones_are_merged_together_after_a_sample() -> Result<()> {
    let server = Server::prepared("bulk", &[]).await?;
    walk("bulk", &server, async |b| {
        two_lists(b, &server).await?;
        b.click(BUTTON, "Merge all 2").await?;
        b.see("Hanna Bergström (hanna.bergstrom@lumen.example)").await?;
        b.pictures("merge-all").await?;
        b.axe("merge all").await?;
        b.click(BUTTON, "Merge all 2").await?;
        b.see("2 contacts merged into others").await?;
        b.until_is("the badge", BADGE, &[], &json!("1")).await?;
        b.click(BUTTON, "Undo the last").await?;
        b.see("Taken back: 2 decisions").await?;
        b.until_is("the badge", BADGE, &[], &json!("3")).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_by_keyboard_are_staged_and_saved_together() -> Result<()> {
    let server = Server::prepared("staged", &[]).await?;
    walk("staged", &server, async |b| {
        two_lists(b, &server).await?;
        b.tab_to("Stage decisions").await?;
        b.press(" ").await?;
        b.press("j").await?;
        b.press("p").await?;
        b.see("Survives").await?;
        b.press("p").await?;
        b.press("m").await?;
        b.see("1 decision not saved").await?;
        b.press("s").await?;
        b.see("2 decisions not saved").await?;
        b.pictures("staged").await?;
        // they outlive the page
        b.click(LINK, "Contacts").await?;
        b.at("/contacts").await?;
        b.click(LINK, "Duplication Handling").await?;
        b.see("Staged: merge").await?;
        b.click(BUTTON, "Save 2 decisions").await?;
        b.see("Merged into one contact, 1 pair kept apart").await?;
        b.until_is("the badge", BADGE, &[], &json!("1")).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_by_keyboard_go_on_to_the_next() -> Result<()> {
    let server = Server::prepared("by-key", &[]).await?;
    walk("by-key", &server, async |b| {
        two_lists(b, &server).await?;
        b.until_is("the badge", BADGE, &[], &json!("3")).await?;
        let entries: Vec<String> = b.value(ENTRIES, &[]).await?;
        b.press("j").await?;
        b.until_is("the first entry", AT, &[], &json!(entries[0])).await?;
        b.press("m").await?;
        b.see("Merged into one contact").await?;
        b.until_is("the next entry", AT, &[], &json!(entries[1])).await?;
        b.press("s").await?;
        b.see("1 pair kept apart").await?;
        b.until_is("the last entry", AT, &[], &json!(entries[2])).await?;
        b.press("u").await?;
        b.see("Taken back: 1 decision").await?;
        b.until_is("the badge", BADGE, &[], &json!("2")).await
    })
    .await
}
