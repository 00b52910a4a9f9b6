//! Everyone of the workspace: finding, changing where it stands, fields of one's own, deleting, adding by hand.

use anyhow::{Result, ensure};
use end2end::{BUTTON, Browser, LINK, Prepared, Server, walk};
use serde_json::json;

use crate::wizard::sign_in;

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// What the page says the value of a field is.
async fn field_says(b: &Browser, label: &str, value: &str) -> Result<()> {
    let script = "return [...document.querySelectorAll('.facts.editable dt')]
        .find(dt => dt.innerText === arguments[0])?.nextElementSibling.querySelector('.held')?.innerText";
    b.until_is(&format!("the field {label}"), script, &[json!(label)], &json!(value)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contacts_are_found_changed_and_brought_back() -> Result<()> {
    let there = [
        Prepared { campaign: "Fair", people: 0..80, status: "toLaunch" },
        Prepared { campaign: "Other", people: 70..90, status: "inProgress" },
    ];
    let server = Server::prepared("contacts", &there).await?;
    walk("contacts", &server, async |b| {
        sign_in(b).await?;
        b.click(LINK, "Contacts").await?;
        b.see("1–50 of 90").await?;
        b.pictures("list").await?;

        // pages, search, filters
        b.click(LINK, "Next").await?;
        b.see("51–90 of 90").await?;
        b.fill("Search contacts", "ada007").await?;
        b.see("1–10 of 10").await?;
        b.click("[popovertarget=filter-campaign]", "").await?;
        b.click("#filter-campaign button", "Other").await?;
        b.see("1–10 of 10").await?;
        b.see("2 campaigns").await?;
        b.click(BUTTON, "Remove filter: Campaign is Other").await?;
        b.fill("Search contacts", "").await?;
        b.see("1–50 of 90").await?;
        b.click(BUTTON, "Do not contact").await?;
        b.see("No contact matches").await?;
        b.click(LINK, "Show all contacts").await?;
        b.see("1–50 of 90").await?;

        // a field of the team's own; the browser notes each answer that is no success
        b.forgive("the server responded with a status of 500");
        b.click(LINK, "Fields").await?;
        b.see("No fields of your own yet").await?;
        b.click("main button", "Add field").await?;
        b.fill("Name", "Email").await?;
        b.click(BUTTON, "Add field").await?;
        b.see("Every contact has “Email” already").await?;
        b.fill("Name", "Tier").await?;
        b.choose("Type", "Single choice").await?;
        b.fill("Options, one a line", "Gold\nSilver").await?;
        b.pictures("field").await?;
        b.click(BUTTON, "Add field").await?;
        b.see("Field “Tier” added.").await?;
        b.see("Gold, Silver").await?;

        // one contact, by its link; edited by keyboard alone
        b.click(LINK, "Contacts").await?;
        b.fill("Search contacts", "ada0003").await?;
        b.see("1–1 of 1").await?;
        b.click("#contacts tbody a", "Ada0003").await?;
        b.see("shared by every campaign").await?;
        field_says(b, "Company", "Company 3").await?;
        b.tab_to("Edit Company: Company 3").await?;
        b.press(ENTER).await?;
        b.until_is("the focus in the field", "return document.activeElement.value", &[], &json!("Company 3")).await?;
        b.press("Nonsense").await?;
        b.press(ESCAPE).await?;
        field_says(b, "Company", "Company 3").await?;
        ensure!(b.focus().await?.starts_with("Edit Company"), "the focus is on {}", b.focus().await?);
        b.press(ENTER).await?;
        b.until_is("the focus in the field", "return document.activeElement.value", &[], &json!("Company 3")).await?;
        b.press("Company 3 Ltd").await?;
        b.press(ENTER).await?;
        field_says(b, "Company", "Company 3 Ltd").await?;
        b.see("Company changed.").await?;
        b.until(
            "the focus back",
            "return (document.activeElement.getAttribute('aria-label') ?? '').startsWith('Edit Company')",
            &[],
        )
        .await?;
        b.click(".toasts button", "Undo").await?;
        field_says(b, "Company", "Company 3").await?;
        b.see("Change of Company taken back").await?;

        // the field that was just made
        b.click(BUTTON, "Add Tier").await?;
        b.choose("Tier", "Gold").await?;
        b.click(BUTTON, "Save").await?;
        field_says(b, "Tier", "Gold").await?;
        b.see("Tier changed.").await?;
        b.pictures("panel").await?;

        // an address of someone else
        b.click(BUTTON, "Edit Email").await?;
        b.fill("Email", "PERSON0004@company4.example").await?;
        b.pictures("edit").await?;
        b.click(BUTTON, "Save").await?;
        b.see("This belongs to Ada0004 Eriksen").await?;
        b.click(BUTTON, "Cancel").await?;
        field_says(b, "Email", "person0003@company3.example").await?;
        b.click(BUTTON, "Close panel").await?;
        b.fill("Search contacts", "").await?;
        b.click(BUTTON, "Duplicates open").await?;
        b.see("1–2 of 2").await?;
        b.click(BUTTON, "Duplicates open").await?;
        b.see("1–50 of 90").await?;

        // deleting, and taking it back twice: from the toast and from the list of deletions
        b.fill("Search contacts", "ada007").await?;
        b.see("1–10 of 10").await?;
        b.click("#contacts thead label", "").await?;
        b.see("10 selected").await?;
        b.click("main button", "Delete").await?;
        b.see("10 contacts deleted, with 20 leads.").await?;
        b.click(".toasts button", "Undo").await?;
        b.see("Taken back for 10 contacts.").await?;
        b.see("1–10 of 10").await?;
        b.click("#contacts thead label", "").await?;
        b.see("10 selected").await?;
        b.click("main button", "Delete").await?;
        b.see("No contact matches").await?;
        b.click(LINK, "Recently deleted").await?;
        b.see("and 9 more").await?;
        b.pictures("deleted").await?;
        b.click(BUTTON, "Bring back 10 contacts").await?;
        b.see("Taken back for 10 contacts.").await?;
        b.see("Taken back").await?;
        b.click(LINK, "Contacts").await?;
        b.see("1–50 of 90").await
    })
    .await
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
        b.see("Ada0001 Bergqvist was here already and is updated").await?;
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
