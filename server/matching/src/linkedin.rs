//! The LinkedIn profile a link means, whichever page or program it was copied from.

use percent_encoding::percent_decode_str;
use thiserror::Error;

use crate::case::{lower_identifier, narrow};
use crate::invisible::is_invisible;
use crate::{Key, KeyKind};

/// A profile in the form that two links are compared in.
///
/// The two kinds never equal each other: LinkedIn gives no way to compute one from the other.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum LinkedInKey {
    /// The slug of `/in/SLUG`, decoded, in lower case.
    Profile(String),
    /// The id of a Sales Navigator lead; its letter case means something and stays.
    SalesNavigator(String),
}

/// Why a text is not a link to a person, as a sentence fragment for the person who imported it.
///
/// No message repeats the link: they end up in logs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Error)]
pub enum LinkedInError {
    /// Nothing visible in the cell.
    #[error("the LinkedIn link is empty")]
    Empty,
    /// Another site, or a bare word.
    #[error("this is not a link to linkedin.com")]
    NotLinkedIn,
    /// `/company/`, `/school/`, `/showcase/`: an organisation, which would join all its people into one.
    #[error("this is the page of a company, not of a person")]
    CompanyPage,
    /// `/pub/`, `/posts/`, `/feed/`, a search: on LinkedIn, but not `/in/` and not Sales Navigator.
    #[error("this LinkedIn page is not a profile (its link contains /in/)")]
    NotAProfile,
    /// `linkedin.com/in/` and nothing after it.
    #[error("the name of the profile is missing at the end of the link")]
    NoSlug,
    /// More than any link to a person has.
    #[error("the LinkedIn link is longer than 2,000 characters")]
    TooLong,
    /// Spaces, brackets, two links in one cell, or bytes that are no text.
    #[error("the name of the profile contains characters that LinkedIn does not use")]
    Slug,
}

impl LinkedInKey {
    /// Reads a link, with or without `https://`, or just `in/slug`.
    ///
    /// # Errors
    /// When the text does not lead to one person's profile; the error says why.
    pub fn parse(raw: &str) -> Result<Self, LinkedInError> {
        // what follows is how the profile was found; cut before decoding, for it may hold anything
        let link = raw.split(['?', '#']).next().unwrap_or_default();
        if link.len() > LONGEST_LINK {
            return Err(LinkedInError::TooLong);
        }
        let decoded = decode(link)?;
        let text = decoded
            .trim_matches(|character: char| character.is_whitespace() || matches!(character, '<' | '>' | '"' | '\''));
        let text = text.trim_end_matches(['.', ',', ';', ' ', '>', '"', '\'']);
        if text.is_empty() {
            return Err(LinkedInError::Empty);
        }
        let location = text.split(['?', '#']).next().unwrap_or_default();
        let path = path_on_linkedin(location).ok_or(LinkedInError::NotLinkedIn)?;
        let segments: Vec<&str> = path.split('/').map(str::trim).filter(|part| !part.is_empty()).collect();
        let lower: Vec<String> = segments.iter().map(|part| part.to_ascii_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        // The mobile site and the links in LinkedIn's mails put a word before the usual path.
        let prefix = usize::from(matches!(lower.first(), Some(&("mwlite" | "comm"))));
        match &lower[prefix..] {
            ["in"] => Err(LinkedInError::NoSlug),
            // What follows the slug is a language or a tab of the same profile.
            ["in", ..] => profile(segments[prefix + 1]),
            ["sales", "lead" | "people"] => Err(LinkedInError::NoSlug),
            ["sales", "lead" | "people", ..] => sales_navigator(segments[prefix + 2]),
            ["company" | "school" | "showcase" | "organization", ..] | ["sales", "company" | "account", ..] => {
                Err(LinkedInError::CompanyPage)
            }
            _ => Err(LinkedInError::NotAProfile),
        }
    }

    /// The slug or the id.
    pub fn as_str(&self) -> &str {
        match self {
            LinkedInKey::Profile(slug) => slug,
            LinkedInKey::SalesNavigator(id) => id,
        }
    }

    /// The fingerprint that says whose profile this is.
    pub fn key(&self) -> Key {
        match self {
            LinkedInKey::Profile(slug) => Key::of(KeyKind::LinkedIn, slug),
            LinkedInKey::SalesNavigator(id) => Key::of(KeyKind::SalesNavigator, id),
        }
    }

    /// A tidy link for a person to open.
    pub fn url(&self) -> String {
        match self {
            LinkedInKey::Profile(slug) => format!("https://www.linkedin.com/in/{slug}"),
            LinkedInKey::SalesNavigator(id) => format!("https://www.linkedin.com/sales/lead/{id}"),
        }
    }
}

/// Bytes of the longest text that is read as a link.
const LONGEST_LINK: usize = 2_000;

/// Bytes of the longest name or id of a profile; LinkedIn's own are 100 letters at most.
const LONGEST_NAME: usize = 500;

/// Times that a link may have been encoded; exports encode twice.
const DECODINGS: usize = 3;

/// Undoes percent-encoding until none is left, and drops what cannot be seen. What is still encoded after that is refused
/// with the `%` in the name.
fn decode(raw: &str) -> Result<String, LinkedInError> {
    let visible = |text: &str| text.chars().filter(|character| !is_invisible(*character)).map(narrow).collect();
    let mut text: String = visible(raw);
    for _ in 0..DECODINGS {
        if !text.contains('%') {
            return Ok(text);
        }
        let decoded = percent_decode_str(&text).decode_utf8().map_err(|_| LinkedInError::Slug)?;
        if decoded.len() == text.len() {
            return Ok(text);
        }
        text = visible(&decoded);
    }
    Ok(text)
}

/// What follows the host, if the host is LinkedIn's or is left out before `in/` and `sales/`.
fn path_on_linkedin(location: &str) -> Option<&str> {
    let lower = location.to_ascii_lowercase();
    let scheme = ["https://", "http://", "//"].into_iter().find(|scheme| lower.starts_with(scheme));
    let rest = &location[scheme.map_or(0, str::len)..];
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.trim().to_ascii_lowercase();
    let host = host.strip_suffix(":443").or(host.strip_suffix(":80")).unwrap_or(&host);
    let host = host.trim_end_matches('.');
    if host == "linkedin.com" || host.strip_suffix(".linkedin.com").is_some_and(is_subdomain) {
        return Some(path);
    }
    if scheme.is_some() {
        return None;
    }
    let bare = rest.trim_start_matches('/');
    let first = bare.split('/').next().unwrap_or_default().trim();
    let is_path = bare.contains('/') && (first.eq_ignore_ascii_case("in") || first.eq_ignore_ascii_case("sales"));
    is_path.then_some(bare)
}

/// `www`, `uk`, `de`, `m`, …: LinkedIn serves every profile under all of them.
fn is_subdomain(labels: &str) -> bool {
    labels.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
        && !labels.split('.').any(str::is_empty)
}

fn profile(segment: &str) -> Result<LinkedInKey, LinkedInError> {
    let lower = lower_identifier(segment);
    let slug = lower.trim_end_matches(['.', ',', ';', ' ']);
    let allowed = |character: char| match character {
        '-' | '_' | '.' | '~' | '!' | '(' | ')' | '*' | '+' | '&' => true,
        other if other.is_ascii() => other.is_ascii_alphanumeric(),
        other => !other.is_whitespace() && !other.is_control(),
    };
    let names_someone = slug.chars().any(|character| character.is_alphanumeric() || !character.is_ascii());
    if slug.len() > LONGEST_NAME || !slug.chars().all(allowed) || !names_someone {
        return Err(LinkedInError::Slug);
    }
    Ok(LinkedInKey::Profile(slug.to_owned()))
}

/// `ACwAAA…,NAME_SEARCH,abcd` → the id before the first comma; the rest is how the lead was found.
fn sales_navigator(segment: &str) -> Result<LinkedInKey, LinkedInError> {
    let id = segment.split(',').next().unwrap_or_default().trim();
    if id.is_empty() {
        return Err(LinkedInError::NoSlug);
    }
    if id.len() > LONGEST_NAME || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        return Err(LinkedInError::Slug);
    }
    Ok(LinkedInKey::SalesNavigator(id.to_owned()))
}
