//! The mailbox an address means, whatever it was typed like.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use crate::case::{lower_identifier, narrow};
use crate::invisible::is_invisible;
use crate::{Key, KeyKind};

/// An address in the form that two addresses are compared in; holding one proves that the text is an address.
///
/// The local part is NFC in lower case, the domain is ASCII in lower case. It is not what one writes to a
/// person or sends mail to: that is [`clean_email`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct EmailKey(String);

/// What a workspace chose to treat as one mailbox, beyond what is true of every provider.
#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
pub struct EmailRules {
    /// Google delivers `j.doe+news@googlemail.com` to `jdoe@gmail.com`: make them one key.
    pub fold_gmail: bool,
}

/// Why a text is not an address, as a sentence fragment for the person who imported it.
///
/// No message repeats the address: they end up in logs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Error)]
pub enum EmailError {
    /// Nothing visible in the cell.
    #[error("the address is empty")]
    Empty,
    /// A word, a name, a telephone number.
    #[error("the address has no @")]
    NoAt,
    /// `a@x.com; b@y.com`: nobody can say which of them is this person.
    #[error("there are several addresses in one cell")]
    SeveralAddresses,
    /// `Ann Lee ann@x.com`, `ann@x.com Work`: without their spaces the words would be an address that nobody has.
    #[error("there are other words beside the address in the cell")]
    OtherWords,
    /// `a@b@x.com`, which no separator explains.
    #[error("the address has more than one @")]
    SeveralAts,
    /// `@x.com`.
    #[error("there is nothing before the @")]
    EmptyLocal,
    /// `jane@`.
    #[error("there is nothing after the @")]
    EmptyDomain,
    /// A NUL or another control character, which is damage and not typing.
    #[error("the address contains a control character")]
    ControlCharacter,
    /// A bracket, a colon, an unfinished quote before the @.
    #[error("the part before the @ contains a character that is not allowed there")]
    LocalCharacter,
    /// `.jane@`, `jane.@`, `ja..ne@`.
    #[error("a dot stands at the wrong place before the @")]
    LocalDots,
    /// A quoted part that needs its quotes, such as `"jane doe"@`: hardly any mail system takes it.
    #[error("the quoted part before the @ is not supported")]
    QuotedLocal,
    /// More than 64 bytes before the @.
    #[error("the part before the @ is longer than 64 characters")]
    LocalTooLong,
    /// `jane@localhost`.
    #[error("the domain has no dot")]
    DomainWithoutDot,
    /// Labels that no domain can have: empty, too long, with wrong hyphens or signs, or a bare IP address.
    #[error("the domain is not valid")]
    Domain,
    /// More than 254 bytes in all, which no mail server takes.
    #[error("the address is longer than 254 characters")]
    TooLong,
}

impl EmailKey {
    /// Reads an address under the default rules.
    ///
    /// # Errors
    /// When the text is not exactly one address; the error says why.
    pub fn parse(raw: &str) -> Result<Self, EmailError> {
        Self::parse_with(raw, EmailRules::default())
    }

    /// Reads an address under the rules of a workspace.
    ///
    /// # Errors
    /// When the text is not exactly one address; the error says why.
    pub fn parse_with(raw: &str, rules: EmailRules) -> Result<Self, EmailError> {
        let visible = visible_text(raw);
        if visible.is_empty() {
            return Err(EmailError::Empty);
        }
        if visible.chars().any(char::is_control) {
            return Err(EmailError::ControlCharacter);
        }
        let peeled = peel(&visible)?;
        let (local, domain) = split(peeled)?;
        let local = canonical_local(&local)?;
        let domain = canonical_domain(&domain)?;
        let (local, domain) = if rules.fold_gmail { fold_gmail(local, domain) } else { (local, domain) };
        if local.is_empty() {
            return Err(EmailError::EmptyLocal);
        }
        if local.len() > 64 {
            return Err(EmailError::LocalTooLong);
        }
        let address = format!("{local}@{domain}");
        if address.len() > 254 {
            return Err(EmailError::TooLong);
        }
        Ok(Self(address))
    }

    /// The canonical address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The canonical domain, for suppression lists by domain.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The fingerprint that says whose mailbox this is.
    pub fn key(&self) -> Key {
        Key::of(KeyKind::Email, &self.0)
    }
}

/// The address as it is shown and mailed to: what is around it is removed, the letter case stays.
///
/// Gone are invisible characters, spaces, `mailto:`, the display name and its `<>`, and trailing `.`, `,`
/// and `;`; full-width letters become plain ones. A text that is not one address is only trimmed.
pub fn clean_email(raw: &str) -> String {
    let visible = visible_text(raw);
    match peel(&visible).map(split) {
        Ok(Ok((local, domain))) => format!("{local}@{domain}"),
        _ => visible,
    }
}

/// The text without invisible characters, every space a plain one, full-width ASCII narrow, in NFC.
fn visible_text(raw: &str) -> String {
    let characters = raw
        .chars()
        .filter(|character| !is_invisible(*character))
        .map(|character| if character.is_whitespace() { ' ' } else { narrow(character) });
    let composed: String = characters.nfc().collect();
    composed.trim().to_owned()
}

/// Bytes of the longest text in which an address is looked for: one with a display name is far shorter.
const LONGEST_TEXT: usize = 1_000;

/// Takes off what stands around an address: trailing marks, `mailto:`, quotes, `<>` and the display name.
fn peel(visible: &str) -> Result<&str, EmailError> {
    if visible.len() > LONGEST_TEXT {
        return Err(EmailError::TooLong);
    }
    let mut text = visible;
    loop {
        let before = text.len();
        text = text.trim().trim_end_matches(['.', ',', ';', '。', '｡', ' ']);
        text = without_mailto(text);
        for quote in ["\"", "'"] {
            let inner = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
            text = inner.filter(|inner| inner.contains('@')).unwrap_or(text);
        }
        text = without_display_name(text)?;
        if text.len() == before {
            return Ok(text);
        }
    }
}

fn without_mailto(text: &str) -> &str {
    match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => {
            let address = &text[7..];
            address.split_once('?').map_or(address, |(address, _)| address)
        }
        _ => text,
    }
}

/// `Jane Doe <jane@x.com>` → `jane@x.com`. A second address beside the brackets is refused, unless the
/// display name only repeats the address, as mail programs do.
fn without_display_name(text: &str) -> Result<&str, EmailError> {
    let Some(before_end) = text.strip_suffix('>') else {
        return Ok(text);
    };
    let Some((name, address)) = before_end.rsplit_once('<') else {
        return Ok(text);
    };
    let name = name.trim().trim_matches(['"', '\'']);
    let repeats = lower_identifier(name) == lower_identifier(without_mailto(address.trim()).trim());
    if !repeats && name.split([',', ';', ' ', '<', '>', '/', '|']).any(looks_like_address) {
        return Err(EmailError::SeveralAddresses);
    }
    Ok(address)
}

fn looks_like_address(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'', '<', '>', '(', ')']);
    word.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.trim_end_matches('.').contains('.'))
}

/// Splits at the last `@` and removes the spaces that are left inside, unless they part words from the address.
fn split(peeled: &str) -> Result<(String, String), EmailError> {
    let (local, domain) = peeled.rsplit_once('@').ok_or(EmailError::NoAt)?;
    let is_quoted = local.starts_with('"') && local.ends_with('"') && local.len() > 1;
    if local.contains('@') && !is_quoted {
        let first_at = local.find('@').unwrap_or(0);
        let separated = local[first_at..].contains([',', ';', ' ', '/', '|', '<', '>']);
        return Err(if separated { EmailError::SeveralAddresses } else { EmailError::SeveralAts });
    }
    if is_quoted && local.contains(' ') {
        return Err(EmailError::QuotedLocal);
    }
    let (local, domain) = (words(local), words(domain));
    // one slip of the space bar inside is a slip; two words before a third are a name beside an address
    if local.len() > 2 || ends_early(&domain) {
        return Err(EmailError::OtherWords);
    }
    Ok((local.concat(), domain.concat()))
}

/// What stands between spaces, but for those around dots, which part nothing.
fn words(part: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in part.split(' ').filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(last) if last.ends_with('.') || word.starts_with('.') => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// Whether the first word is a domain already and the words together are none: `acme.com Work`.
fn ends_early(words: &[String]) -> bool {
    let known = |domain: &str| {
        canonical_domain(domain)
            .is_ok_and(|ascii| psl::suffix(ascii.as_bytes()).is_some_and(|suffix| suffix.is_known()))
    };
    words.len() > 1 && words[0].trim_matches('.').contains('.') && !known(&words.concat())
}

fn canonical_local(local: &str) -> Result<String, EmailError> {
    let unquoted = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let is_quoted = unquoted.is_some();
    let canonical = lower_identifier(unquoted.unwrap_or(local));
    let as_quoted = |error| {
        if is_quoted { EmailError::QuotedLocal } else { error }
    };
    if canonical.is_empty() {
        return Err(as_quoted(EmailError::EmptyLocal));
    }
    if !canonical.chars().all(|character| character == '.' || is_local_character(character)) {
        return Err(as_quoted(EmailError::LocalCharacter));
    }
    if canonical.split('.').any(str::is_empty) {
        return Err(as_quoted(EmailError::LocalDots));
    }
    Ok(canonical)
}

/// The characters of an unquoted local part: RFC 5322's `atext`, and with RFC 6531 all beyond ASCII.
fn is_local_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(character) || !character.is_ascii()
}

/// A domain in ASCII and lower case by UTS #46, if it can be one on the internet.
pub(crate) fn canonical_domain(domain: &str) -> Result<String, EmailError> {
    let domain = domain.trim_end_matches(['.', '。', '｡']);
    if domain.is_empty() {
        return Err(EmailError::EmptyDomain);
    }
    // STD3 leaves letters, digits and hyphens; the length check refuses empty labels and those over 63.
    let ascii = Uts46::new()
        .to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify)
        .map_err(|_| EmailError::Domain)?;
    let (_, top_level) = ascii.rsplit_once('.').ok_or(EmailError::DomainWithoutDot)?;
    if top_level.len() < 2 || top_level.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(EmailError::Domain);
    }
    Ok(ascii.into_owned())
}

fn fold_gmail(local: String, domain: String) -> (String, String) {
    if domain != "gmail.com" && domain != "googlemail.com" {
        return (local, domain);
    }
    let mailbox = local.split('+').next().unwrap_or_default();
    (mailbox.replace('.', ""), "gmail.com".to_owned())
}
