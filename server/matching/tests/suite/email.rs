//! A69: spellings of one mailbox share a key, different mailboxes do not, and what is no address says why.

use matching::{EmailError, EmailKey, EmailRules, clean_email};

/// The canonical form, and the spellings that mean it.
const SAME: &[(&str, &[&str])] = &[
    (
        "jane.doe@example.com",
        &[
            "jane.doe@example.com",
            "Jane.Doe@Example.com",
            "JANE.DOE@EXAMPLE.COM",
            " jane.doe@example.com",
            "jane.doe@example.com ",
            "\tjane.doe@example.com\r\n",
            "jane.doe @ example.com",
            "jane.doe@ example.com",
            "jane . doe@example . com",
            "jane.d oe@exam ple.com",
            "\u{a0}jane.doe@example.com\u{a0}",
            "\u{3000}jane.doe@example.com",
            "jane.doe@example.com\u{2009}",
            "jane.doe@example.com\u{202f}",
            "jane.\u{200b}doe@example.com",
            "\u{feff}jane.doe@example.com",
            "jane.doe@exam\u{ad}ple.com",
            "\u{200e}jane.doe@example.com\u{200f}",
            "\u{202a}jane.doe@example.com\u{202c}",
            "\u{2066}jane.doe@example.com\u{2069}",
            "jane.doe\u{2060}@example.com",
            "jane.doe@example.com.",
            "jane.doe@example.com,",
            "jane.doe@example.com;",
            "jane.doe@example.com ; ",
            "jane.doe@example.com.,;",
            "jane.doe@example.com。",
            "mailto:jane.doe@example.com",
            "MAILTO:jane.doe@example.com",
            "MailTo: jane.doe@example.com",
            "mailto:jane.doe@example.com?subject=Hello",
            "<jane.doe@example.com>",
            "<mailto:jane.doe@example.com>",
            "Jane Doe <jane.doe@example.com>",
            "Jane Doe<jane.doe@example.com>",
            "\"Doe, Jane\" <jane.doe@example.com>",
            "Doe, Jane <Jane.Doe@Example.com>;",
            "Jane @ Acme <jane.doe@example.com>",
            "jane.doe@example.com <jane.doe@example.com>",
            "Jane.Doe@example.com<mailto:jane.doe@example.com>",
            "'jane.doe@example.com'",
            "\"jane.doe@example.com\"",
            "\"jane.doe\"@example.com",
            "jane.doe@example.com",
            "jane.doe@example.com",
            "jane.doe@example。com",
            "jane.doe@EXAMPLE.com",
        ],
    ),
    ("jane+news@example.com", &["jane+news@example.com", "Jane+News@example.com"]),
    ("o'brien@example.ie", &["o'brien@example.ie", "O'Brien@Example.IE"]),
    ("a@b.co", &["a@b.co", "A@B.CO"]),
    (
        "jürgen@xn--mller-kva.de",
        &["jürgen@müller.de", "JÜRGEN@MÜLLER.DE", "ju\u{308}rgen@mu\u{308}ller.de", "Jürgen@XN--MLLER-KVA.de"],
    ),
    ("jane@xn--strae-oqa.de", &["jane@straße.de", "jane@STRAßE.de"]),
    (
        "ipek@example.com.tr",
        &["ipek@example.com.tr", "IPEK@example.com.tr", "İPEK@EXAMPLE.COM.TR", "i\u{307}pek@example.com.tr"],
    ),
    ("οδυσσευσ@example.gr", &["ΟΔΥΣΣΕΥΣ@example.gr", "οδυσσευς@example.gr", "οδυσσευσ@example.gr"]),
    ("用户@xn--fsqu00a.com", &["用户@例子.com", "用户@例子。com"]),
    ("почта@xn--e1afmkfd.xn--p1ai", &["ПОЧТА@пример.рф", "почта@Пример.РФ"]),
    ("jane_doe-1@mail.example.co.uk", &["Jane_Doe-1@Mail.Example.Co.UK"]),
];

/// Two mailboxes that a careless rule would make one.
const DIFFERENT: &[(&str, &str)] = &[
    ("jane.doe@gmail.com", "janedoe@gmail.com"),
    ("jane+a@gmail.com", "jane@gmail.com"),
    ("jane@googlemail.com", "jane@gmail.com"),
    ("straße@example.de", "strasse@example.de"),
    ("jane@straße.de", "jane@strasse.de"),
    ("ırmak@example.com", "irmak@example.com"),
    ("müller@example.de", "muller@example.de"),
    ("jane@example.com", "jane@example.co"),
    ("jane@mail.example.com", "jane@example.com"),
];

const REFUSED: &[(&str, EmailError)] = &[
    ("", EmailError::Empty),
    ("  \u{a0}\u{200b}\u{feff} ", EmailError::Empty),
    ("jane", EmailError::NoAt),
    ("n/a", EmailError::NoAt),
    ("-", EmailError::NoAt),
    ("\"\"", EmailError::NoAt),
    ("\"", EmailError::NoAt),
    ("<>", EmailError::NoAt),
    ("jane.doe at example.com", EmailError::NoAt),
    ("@", EmailError::EmptyLocal),
    ("jane@", EmailError::EmptyDomain),
    ("jane@.", EmailError::EmptyDomain),
    ("@example.com", EmailError::EmptyLocal),
    ("\"\"@example.com", EmailError::QuotedLocal),
    ("jane@localhost", EmailError::DomainWithoutDot),
    ("jane@example", EmailError::DomainWithoutDot),
    ("jane@.com", EmailError::Domain),
    ("jane@example..com", EmailError::Domain),
    ("jane@-example.com", EmailError::Domain),
    ("jane@example-.com", EmailError::Domain),
    ("jane@exa_mple.com", EmailError::Domain),
    ("jane@exam!ple.com", EmailError::Domain),
    ("jane@127.0.0.1", EmailError::Domain),
    ("jane@[127.0.0.1]", EmailError::Domain),
    ("jane@example.c", EmailError::Domain),
    ("jane@example.com/contact", EmailError::Domain),
    (".jane@example.com", EmailError::LocalDots),
    ("jane.@example.com", EmailError::LocalDots),
    ("ja..ne@example.com", EmailError::LocalDots),
    ("ja(ne@example.com", EmailError::LocalCharacter),
    ("name:jane@example.com", EmailError::LocalCharacter),
    ("\"jane@example.com", EmailError::LocalCharacter),
    ("\"jane doe\"@example.com", EmailError::QuotedLocal),
    ("\"jane@home\"@example.com", EmailError::QuotedLocal),
    ("jane\0@example.com", EmailError::ControlCharacter),
    ("jane@example.com\u{7}", EmailError::ControlCharacter),
    ("a@b@example.com", EmailError::SeveralAts),
    ("a@x.com; b@y.com", EmailError::SeveralAddresses),
    ("a@x.com, b@y.com", EmailError::SeveralAddresses),
    ("a@x.com,b@y.com;", EmailError::SeveralAddresses),
    ("a@x.com b@y.com", EmailError::SeveralAddresses),
    ("a@x.com\nb@y.com", EmailError::SeveralAddresses),
    ("a@x.com / b@y.com", EmailError::SeveralAddresses),
    ("a@x.com|b@y.com", EmailError::SeveralAddresses),
    ("Ann <a@x.com>, Bob <b@y.com>", EmailError::SeveralAddresses),
    ("a@x.com, Bob <b@y.com>", EmailError::SeveralAddresses),
    ("<a@x.com> <b@y.com>", EmailError::SeveralAddresses),
    ("ann@acme.com Work", EmailError::OtherWords),
    ("ann@acme.com (work)", EmailError::OtherWords),
    ("ann@acme.co.uk Work Mobile", EmailError::OtherWords),
    ("ann@intern.acme Work", EmailError::OtherWords),
    ("Ann Lee ann@acme.com", EmailError::OtherWords),
    ("e-mail of Ann: ann@acme.com", EmailError::OtherWords),
];

#[test]
fn spellings_of_one_mailbox_share_a_key() {
    for (canonical, spellings) in SAME {
        for spelling in *spellings {
            let email = EmailKey::parse(spelling).unwrap_or_else(|error| panic!("{spelling:?}: {error}"));
            assert_eq!(email.as_str(), *canonical, "{spelling:?}");
            assert_eq!(email.key(), EmailKey::parse(canonical).unwrap().key());
        }
    }
}

#[test]
fn different_mailboxes_stay_apart() {
    for (one, other) in DIFFERENT {
        assert_ne!(EmailKey::parse(one).unwrap().key(), EmailKey::parse(other).unwrap().key(), "{one} {other}");
    }
}

#[test]
fn what_is_no_address_says_why() {
    for (text, error) in REFUSED {
        assert_eq!(EmailKey::parse(text), Err(*error), "{text:?}");
        let sentence = error.to_string();
        assert!(sentence.len() > 10 && !sentence.ends_with('.'), "{sentence}");
    }
}

#[test]
fn lengths_end_where_mail_servers_end() {
    let local = |length| format!("{}@example.com", "a".repeat(length));
    assert!(EmailKey::parse(&local(64)).is_ok());
    assert_eq!(EmailKey::parse(&local(65)), Err(EmailError::LocalTooLong));
    let label = "b".repeat(63);
    let long = |length| format!("{}@{label}.{label}.{label}.com", "a".repeat(length));
    assert!(EmailKey::parse(&long(58)).is_ok());
    assert_eq!(EmailKey::parse(&long(59)), Err(EmailError::TooLong));
    assert_eq!(EmailKey::parse(&format!("a@{label}b.com")), Err(EmailError::Domain));
}

#[test]
fn a_workspace_may_fold_gmail() {
    let rules = EmailRules { fold_gmail: true };
    for spelling in ["jane.doe@gmail.com", "JaneDoe+news@googlemail.com", "j.a.n.e.d.o.e+a+b@gmail.com"] {
        assert_eq!(EmailKey::parse_with(spelling, rules).unwrap().as_str(), "janedoe@gmail.com");
    }
    let elsewhere = EmailKey::parse_with("jane.doe+news@example.com", rules).unwrap();
    assert_eq!(elsewhere.as_str(), "jane.doe+news@example.com");
    assert_eq!(EmailKey::parse_with("+news@gmail.com", rules), Err(EmailError::EmptyLocal));
}

#[test]
fn the_address_to_mail_keeps_its_letter_case() {
    for (raw, clean) in [
        ("  Jane Doe <Jane.Doe@Example.com>;", "Jane.Doe@Example.com"),
        ("mailto:Jane@Example.com", "Jane@Example.com"),
        ("Jane\u{200b}@Example.com.", "Jane@Example.com"),
        ("Jane@Müller.de", "Jane@Müller.de"),
        ("not an  address", "not an  address"),
        ("a@x.com; b@y.com", "a@x.com; b@y.com"),
        (" \u{200b}", ""),
    ] {
        assert_eq!(clean_email(raw), clean);
    }
}

#[test]
fn the_domain_is_what_follows_the_last_at() {
    assert_eq!(EmailKey::parse("Jane@Mail.Müller.de").unwrap().domain(), "mail.xn--mller-kva.de");
}
