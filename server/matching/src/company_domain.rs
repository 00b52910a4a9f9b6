//! The domain that tells which company a person belongs to.

use crate::EmailKey;
use crate::email::canonical_domain;
use crate::free_mail::is_free_mail;
use crate::text::trim_invisible;

/// Sites where a company has a page of its own: the address of that page says nothing about its domain.
const HOSTS_OF_PAGES: &[&str] = &[
    "angel.co",
    "crunchbase.com",
    "facebook.com",
    "fb.com",
    "github.com",
    "glassdoor.com",
    "instagram.com",
    "linkedin.com",
    "linktr.ee",
    "medium.com",
    "pinterest.com",
    "tiktok.com",
    "twitter.com",
    "vk.com",
    "wikipedia.org",
    "x.com",
    "xing.com",
    "youtube.com",
];

/// The registrable domain behind an address or a website: `acme.co.uk` for `https://shop.acme.co.uk/about`.
///
/// In ASCII lower case. `None` for providers of free mailboxes, for a page on somebody else's site, and
/// for what is no domain: none of them says which company it is.
pub fn company_domain(email_or_website: &str) -> Option<String> {
    let text = trim_invisible(email_or_website);
    let (host, has_path) = match EmailKey::parse(&text) {
        Ok(email) if !text.contains("://") => (email.domain().to_owned(), false),
        // Several addresses, or a damaged one: what follows the @ is anybody's domain.
        Err(_) if text.contains('@') && !text.contains("://") => return None,
        _ => {
            let (host, path) = host_and_path(&text);
            (canonical_domain(host).ok()?, !path.trim_matches('/').is_empty())
        }
    };
    let domain = registrable(&host)?;
    let is_page = has_path && HOSTS_OF_PAGES.contains(&domain);
    (!is_page && !is_free_mail(domain) && !is_free_mail(&host)).then(|| domain.to_owned())
}

/// The part of a host that somebody registered, below a suffix of the public list.
fn registrable(host: &str) -> Option<&str> {
    let domain = psl::domain(host.as_bytes())?;
    if !domain.suffix().is_known() {
        return None;
    }
    std::str::from_utf8(domain.as_bytes()).ok()
}

/// Takes a website apart without asking for a scheme, which most cells leave out.
fn host_and_path(website: &str) -> (&str, &str) {
    let rest = website.split_once("://").map_or(website, |(_, rest)| rest).trim_start_matches('/');
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    (host.split(':').next().unwrap_or_default().trim(), path)
}
