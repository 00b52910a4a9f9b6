//! Registration forms: made by an admin, filled in by anyone, in a frame of another site too.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use anyhow::{Context as _, Result, ensure};
use end2end::{Answer, BUTTON, Browser, CARD, LINK, Server, get, post, walk};
use serde_json::json;

use crate::wizard::{new_campaign, open, run, sign_in, summary_says, to_duplicates, upload};

const CONSENT: &str = "Yes, write to me once a month.";

/// Makes a form and says at which path it stands.
async fn make(b: &Browser, campaign: &str) -> Result<String> {
    b.click(LINK, "Forms").await?;
    b.see("No forms yet").await?;
    b.axe("no forms").await?;
    b.click("main button", "New form").await?;
    // the browser notes each answer that is no success
    b.forgive("the server responded with a status of 500");
    b.click(BUTTON, "Make form").await?;
    b.see("Write a few words.").await?;
    b.fill("Name, for your team", "Website").await?;
    b.fill("Heading of the page", "Our letter").await?;
    b.fill("Text below the heading", "Once a month, what is new.\n\nNo more than that.").await?;
    b.click(CARD, "Company").await?;
    b.click(CARD, "Phone").await?;
    b.choose("Campaign", campaign).await?;
    b.fill("Text to agree to", CONSENT).await?;
    b.fill("Text afterwards", "See you soon.").await?;
    b.pictures("form").await?;
    b.axe("the form of a form").await?;
    b.click(BUTTON, "Make form").await?;
    b.see("Form “Website” is open.").await?;
    b.click(BUTTON, "Share Website").await?;
    b.pictures("share").await?;
    b.axe("share a form").await?;
    let address: String = b.value("return document.querySelector('#share-address').value", &[]).await?;
    let snippet: String = b.value("return document.querySelector('#share-snippet').value", &[]).await?;
    ensure!(snippet.starts_with(&format!("<iframe src=\"{address}\"")), "{snippet}");
    b.click(BUTTON, "Done").await?;
    Ok(address.split_once("/forms/").map(|(_, token)| format!("/forms/{token}")).unwrap_or_default())
}

/// A form sent with one address, a list imported with another: one person in the end, with one lead (B2).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_and_a_list_become_one_person() -> Result<()> {
    let server = Server::prepared("registration", &[]).await?;
    walk("registration", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, "Letter").await?;
        let path = make(b, "Letter").await?;

        b.show(&path).await?;
        b.see("No more than that.").await?;
        b.pictures("public").await?;
        b.axe("a public form").await?;
        let scripts: u64 = b.value("return document.querySelectorAll('script').length", &[]).await?;
        ensure!(scripts == 0, "a public form runs {scripts} scripts");
        b.fill("Email", "hanna.private@mail.example").await?;
        b.fill("First name", "Hanna").await?;
        b.fill("Last name", "Bergström").await?;
        b.fill("Phone", "0046 70 1234567").await?;
        b.click(CARD, CONSENT).await?;
        b.click(BUTTON, "Send").await?;
        b.see("See you soon.").await?;
        b.pictures("thanks").await?;
        b.axe("thanks").await?;

        b.go("/admin/forms").await?;
        b.see("Website").await?;
        b.until_is("the count", "return document.querySelector('#forms td.num').innerText.trim()", &[], &json!("1"))
            .await?;
        b.pictures("forms").await?;
        b.axe("forms").await?;
        b.click(LINK, "Campaigns").await?;
        b.click(LINK, "Letter").await?;
        b.see("Lead list 1").await?;
        open(b).await?;
        let list = "email,first name,last name,company,phone\n\
            hanna.bergstrom@lumen.example,Hanna,Bergstrom,Lumen Foods AB,+46 70 123 45 67\n\
            oskar.wieland@kantwerk.example,Oskar,Wieland,Kantwerk GmbH,\n";
        upload(b, &server.files.file("list.csv", list)?, "2 rows, 5 columns").await?;
        to_duplicates(b).await?;
        run(b).await?;
        summary_says(b, ["2", "0", "0", "0"], "2").await?;
        b.click(BUTTON, "Done").await?;
        b.see("Lead list 3").await?;

        b.click(LINK, "Duplication Handling").await?;
        b.see("hanna.private@mail.example").await?;
        b.click(BUTTON, "Preview Hanna").await?;
        b.see("one lead, no step repeated").await?;
        b.click(".compare button", "Merge").await?;
        b.see("Merged into one contact").await?;
        b.click(LINK, "Campaigns").await?;
        b.click(LINK, "Letter").await?;
        b.see("Lead list 2").await?;

        // where they came from, and what they agreed to
        b.click(LINK, "Contacts").await?;
        b.see("1–2 of 2").await?;
        b.click("#contacts tbody a", "Hanna").await?;
        b.see("Agreed on the form “Website”").await?;
        b.see(CONSENT).await?;
        b.see("Merged with Hanna").await?;
        b.pictures("history").await
    })
    .await
}

/// The value of an input of a page.
fn value_of(page: &Answer, input: &str) -> Result<String> {
    let (_, rest) = page.body.split_once(&format!("name=\"{input}\"")).context("a page without the input")?;
    let value = rest.split_once("value=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(value, _)| value);
    Ok(value.context("an input without a value")?.to_owned())
}

/// What a form answers, request by request, without a browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_answers_everyone_alike() -> Result<()> {
    let server = Server::prepared("alike", &[]).await?;
    let mut path = String::new();
    walk("alike", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, "Letter").await?;
        path = make(b, "Letter").await?;
        Ok(())
    })
    .await?;
    let (at, path) = (server.address.as_str(), path.as_str());
    let page = get(at, path, "").await?;
    ensure!(page.status == 200 && page.header("set-cookie").is_empty(), "{page:?}");
    ensure!(page.header("content-security-policy").contains("frame-ancestors *"), "{}", page.head);
    ensure!(page.header("x-frame-options").is_empty(), "{}", page.head);
    let shell = get(at, "/sign-in", "").await?;
    ensure!(shell.header("x-frame-options") == "DENY", "{}", shell.head);

    let (number, agreed) = (value_of(&page, "nonce")?, value_of(&page, "consent")?);
    let sent = |email: &'static str, more: &[(&'static str, &'static str)]| {
        let mut form = vec![("nonce", number.as_str()), ("email", email)];
        form.extend(more);
        form
    };
    let consent = ("consent", agreed.as_str());
    // not filled in properly: said by field, with what was typed
    let wrong = post(at, path, &sent("ann(at)x.example", &[("firstName", "\"><b>Ann")]), "").await?;
    ensure!(wrong.status == 422, "{wrong:?}");
    for words in ["This is no email address", "Tick this box", "&lt;b&gt;Ann", &number] {
        ensure!(wrong.body.contains(words), "{words}: {}", wrong.body);
    }
    // a program fills in everything
    let mut trapped = sent("bot@x.example", &[("homepage", "https://spam.example")]);
    trapped.push(consent);
    let trapped = post(at, path, &trapped, "").await?;
    // new, and sent once more
    let mut form = sent("ann@x.example", &[("firstName", "Ann")]);
    form.push(consent);
    // from a frame that the browser calls another site
    let first = post(at, path, &form, "Origin: null\r\nSec-Fetch-Site: cross-site\r\n").await?;
    let twice = post(at, path, &form, "").await?;
    // known by now, from a page of its own
    let other = value_of(&get(at, path, "").await?, "nonce")?;
    let known = post(at, path, &[("nonce", &other), ("email", "ANN@x.example"), consent], "").await?;
    for answer in [&trapped, &first, &twice, &known] {
        let said = (answer.status, answer.header("location"), answer.body.as_str());
        ensure!(said == (303, &*format!("{path}/thanks"), ""), "{answer:?}");
    }
    // a flood is held, and loses nothing that was typed
    let mut held = 0;
    for _ in 0..30 {
        let answer = post(at, path, &form, "").await?;
        if answer.status == 429 {
            held += 1;
            ensure!(answer.body.contains("value=\"ann@x.example\"") && answer.body.contains(&number), "{answer:?}");
        }
    }
    ensure!(held >= 10, "{held} of 30 were held");
    walk("alike-after", &server, async |b| {
        sign_in(b).await?;
        b.click(LINK, "Contacts").await?;
        b.see("1–1 of 1").await?;
        b.see("ann@x.example").await?;
        b.click(LINK, "Forms").await?;
        let count = "return document.querySelector('#forms td.num').innerText.trim()";
        b.until_is("the count", count, &[], &json!("2")).await?;
        b.click(BUTTON, "Actions for Website").await?;
        b.click(BUTTON, "Close").await?;
        b.see("takes nobody any more").await
    })
    .await?;
    for gone in [path, "/forms/00000000000000000000000000000000"] {
        let page = get(at, gone, "").await?;
        ensure!(page.status == 404 && page.body.contains("No form here"), "{page:?}");
    }
    // what was sent before it closed was taken
    let thanks = get(at, &format!("{path}/thanks"), "").await?;
    ensure!(thanks.status == 200 && thanks.body.contains("We have what you sent."), "{thanks:?}");
    let mut held = 0;
    for _ in 0..30 {
        held += u32::from(post(at, path, &form, "").await?.status != 404);
    }
    ensure!(held == 0, "{held} of 30 were taken by a form that is closed");
    server.check_log()
}

/// A page of another site that answers any request with this; it ends with the test's process.
fn other_site(html: String) -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(20) {
            let Ok(mut stream) = stream else { continue };
            let mut request = [0_u8; 4096];
            let _ = stream.read(&mut request);
            let length = html.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(html.as_bytes()));
        }
    });
    Ok(port)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_stands_in_a_frame_of_another_site() -> Result<()> {
    let server = Server::prepared("frame", &[]).await?;
    walk("frame", &server, async |b| {
        sign_in(b).await?;
        new_campaign(b, "Letter").await?;
        let path = make(b, "Letter").await?;
        let snippet = format!(
            "<iframe src=\"http://{}{path}\" title=\"Our letter\" width=\"600\" height=\"700\"></iframe>",
            server.address
        );
        let icon = "<link rel=\"icon\" href=\"data:,\">";
        let port =
            other_site(format!("<!DOCTYPE html><title>Another site</title>{icon}<h1>Another site</h1>{snippet}"))?;
        b.elsewhere(&format!("http://localhost:{port}/")).await?;
        b.see("Another site").await?;
        b.into_frame().await?;
        b.fill("Email", "ann@x.example").await?;
        b.click(CARD, CONSENT).await?;
        b.picture("filled").await?;
        b.click(BUTTON, "Send").await?;
        b.see("See you soon.").await?;
        b.go("/contacts").await?;
        b.see("ann@x.example").await
    })
    .await
}
