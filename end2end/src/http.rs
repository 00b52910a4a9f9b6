//! The few requests that a browser without the script would make.

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The header lines.
    pub head: String,
    /// The rest.
    pub body: String,
}

impl Answer {
    /// The value of a header, empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let line = |line: &'_ str| line.split_once(':').is_some_and(|(known, _)| known.eq_ignore_ascii_case(name));
        self.head.lines().find(|l| line(l)).and_then(|line| line.split_once(':')).map_or("", |(_, value)| value.trim())
    }

    /// The session, as a `Cookie` header sends it back.
    pub fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
    }
}

/// Asks for a page.
///
/// # Errors
/// When there is no answer.
pub async fn get(address: &str, path: &str, cookie: &str) -> anyhow::Result<Answer> {
    ask(address, &format!("GET {path} HTTP/1.0\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n")).await
}

/// Sends a form; `more` is further header lines, each with its line end.
///
/// # Errors
/// When there is no answer.
pub async fn post(address: &str, path: &str, form: &[(&str, &str)], more: &str) -> anyhow::Result<Answer> {
    let body = form.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&");
    let length = body.len();
    let kind = "Content-Type: application/x-www-form-urlencoded";
    ask(
        address,
        &format!("POST {path} HTTP/1.0\r\nHost: {address}\r\n{kind}\r\nContent-Length: {length}\r\n{more}\r\n{body}"),
    )
    .await
}

async fn ask(address: &str, request: &str) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    tokio::time::timeout(crate::PATIENCE, stream.read_to_end(&mut bytes)).await.context("no answer in time")??;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").context("an answer without a head")?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("an answer without a status")?;
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

fn escape(value: &str) -> String {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
