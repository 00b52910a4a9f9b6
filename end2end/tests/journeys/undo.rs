//! An import with identifiers of the team's choice, and taking it back (R5, R13).

use anyhow::Result;
use end2end::{BUTTON, CARD, LINK, Prepared, Server, walk};

use crate::wizard::{go_on, open, run, sign_in, summary_says, upload};

const ENTER: &str = "\u{e007}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_taken_back_but_for_what_changed_since() -> Result<()> {
    let there = [Prepared { campaign: "Fair", people: 0..20, status: "toLaunch" }];
    let server = Server::prepared("undo", &there).await?;
    walk("undo", &server, async |b| {
        sign_in(b).await?;
        // a field of the team's own, with too few values to identify anyone
        b.click(LINK, "Fields").await?;
        b.click("main button", "Add field").await?;
        b.fill("Name", "Newsletter").await?;
        b.choose("Type", "Yes or no").await?;
        b.click(BUTTON, "Add field").await?;
        b.see("Field “Newsletter” added.").await?;
        b.click(LINK, "Campaigns").await?;
        b.click(LINK, "Fair").await?;
        b.see("1–20 of 20").await?;
        open(b).await?;
        // twenty who are there get another company, ten are new
        let mut file = "Email;First name;Last name;Company;Newsletter\n".to_owned();
        for i in 0..30 {
            file.push_str(&format!("person{i:04}@company{i}.example;Ada{i:04};;Renamed {i};yes\n"));
        }
        upload(b, &server.files.file("renamed.csv", file)?, "30 rows, 5 columns").await?;
        go_on(b, "Fields").await?;
        b.see("Unique identifiers").await?;
        b.click(BUTTON, "Identifier").await?;
        let off = "return [...document.querySelectorAll('#new-identifier label')]
            .filter(label => label.control.disabled).map(label => label.innerText.trim()).join()";
        b.until_is("what cannot identify anyone", off, &[], &serde_json::json!("Newsletter")).await?;
        b.pictures("identifiers").await?;
        b.axe("unique identifiers").await?;
        b.click(CARD, "First name").await?;
        b.click("#new-identifier label", "Company").await?;
        b.click(BUTTON, "Add").await?;
        b.find(BUTTON, "Remove Company and First name").await?;
        b.see("People who share an address under other identifiers stay apart").await?;
        b.pictures("chosen").await?;
        b.click(BUTTON, "Use the usual ones").await?;
        b.see_no("People who share an address").await?;
        for step in ["Cleaning and AI", "Duplicates"] {
            go_on(b, step).await?;
        }
        run(b).await?;
        summary_says(b, ["30", "0", "0", "0"], "30").await?;
        b.pictures("summary").await?;
        b.click(BUTTON, "Done").await?;
        b.see("Lead list 30").await?;

        // one of the new ones is changed by hand: that stays
        b.click(LINK, "Contacts").await?;
        b.fill("Search contacts", "ada0025").await?;
        b.see("1–1 of 1").await?;
        b.click("#contacts tbody a", "Ada0025").await?;
        b.see("shared by every campaign").await?;
        b.click(BUTTON, "Edit Company").await?;
        b.fill("Company", "By hand").await?;
        b.press(ENTER).await?;
        b.see("Company changed.").await?;

        b.click(LINK, "Imports").await?;
        b.see("renamed.csv").await?;
        b.pictures("history").await?;
        b.click(BUTTON, "Undo this import: renamed.csv").await?;
        b.see("Everything that the 30 imported rows").await?;
        b.pictures("question").await?;
        b.axe("undo an import").await?;
        b.click(BUTTON, "Undo this import").await?;
        b.see("9 contacts and 10 leads removed").await?;
        b.see("Undone by Mara Lindqvist").await?;
        b.click(LINK, "renamed.csv").await?;
        b.see("This import was undone").await?;
        b.see("Ada0025").await?;
        b.pictures("undone").await?;
        b.axe("an import that was undone").await?;
        b.click(LINK, "Contacts").await?;
        b.see("1–21 of 21").await?;
        b.fill("Search contacts", "ada0003").await?;
        b.see("Company 3").await?;
        b.see_no("Renamed 3").await
    })
    .await
}
