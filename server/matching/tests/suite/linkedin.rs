//! A19, A69: links to one profile share a key, whichever page or program they were copied from.

use matching::{LinkedInError, LinkedInKey};

const SAME_PROFILE: &[(&str, &[&str])] = &[
    (
        "jane-doe-123",
        &[
            "https://www.linkedin.com/in/jane-doe-123",
            "https://www.linkedin.com/in/jane-doe-123/",
            "http://www.linkedin.com/in/jane-doe-123",
            "HTTPS://WWW.LINKEDIN.COM/IN/JANE-DOE-123/",
            "https://linkedin.com/in/jane-doe-123",
            "https://uk.linkedin.com/in/jane-doe-123",
            "https://de.linkedin.com/in/Jane-Doe-123",
            "https://m.linkedin.com/in/jane-doe-123",
            "https://www.linkedin.com:443/in/jane-doe-123",
            "www.linkedin.com/in/jane-doe-123",
            "linkedin.com/in/jane-doe-123",
            "//linkedin.com/in/jane-doe-123",
            "in/jane-doe-123",
            "/in/Jane-Doe-123/",
            " https://www.linkedin.com/in/jane-doe-123 ",
            "\u{feff}https://www.linkedin.com/in/jane-doe-123\u{200b}",
            "https://www.linkedin.com/in/jane-\u{ad}doe-123",
            "https://www.linkedin.com/in/jane-doe-123?trk=people-guest",
            "https://www.linkedin.com/in/jane-doe-123/?originalSubdomain=uk",
            "https://www.linkedin.com/in/jane-doe-123#experience",
            "https://www.linkedin.com/in/jane-doe-123?utm=100%&x=%E2%9",
            "https%3A%2F%2Fwww.linkedin.com%2Fin%2Fjane-doe-123%3Ftrk%3Dx",
            "https://www.linkedin.com/in/jane-doe-123/en",
            "https://www.linkedin.com/in/jane-doe-123/de/?locale=de_DE",
            "https://www.linkedin.com/in/jane-doe-123/details/experience/",
            "https://www.linkedin.com/in/jane-doe-123/overlay/contact-info/",
            "https://www.linkedin.com//in//jane-doe-123//",
            "https://www.linkedin.com/in/jane%2Ddoe%2D123",
            "https://www.linkedin.com/in/jane%252Ddoe-123",
            "https%3A%2F%2Fwww.linkedin.com%2Fin%2Fjane-doe-123",
            "https://www.linkedin.com/mwlite/in/jane-doe-123",
            "https://www.linkedin.com/comm/in/jane-doe-123?midToken=x",
            "<https://www.linkedin.com/in/jane-doe-123>",
            "\"linkedin.com/in/jane-doe-123\"",
            "https://www.linkedin.com/in/jane-doe-123,",
            "https://www.linkedin.com/in/jane-doe-123;",
        ],
    ),
    (
        "jürgen-müller",
        &[
            "https://de.linkedin.com/in/jürgen-müller",
            "https://de.linkedin.com/in/J%C3%BCrgen-M%C3%BCller",
            "https://de.linkedin.com/in/j%25C3%25BCrgen-m%25C3%25BCller/",
            "https://de.linkedin.com/in/ju\u{308}rgen-mu\u{308}ller",
            "https://de.linkedin.com/in/JU%CC%88RGEN-MU%CC%88LLER",
        ],
    ),
    ("山田太郎", &["linkedin.com/in/山田太郎", "linkedin.com/in/%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E"]),
    ("ipek-işık", &["linkedin.com/in/İpek-İşık", "linkedin.com/in/%C4%B0pek-i%C5%9F%C4%B1k"]),
];

const SAME_LEAD: &[&str] = &[
    "https://www.linkedin.com/sales/lead/ACwAAAbC123",
    "https://www.linkedin.com/sales/lead/ACwAAAbC123,NAME_SEARCH,aB1d",
    "https://www.linkedin.com/sales/lead/ACwAAAbC123%2CNAME_SEARCH%2CaB1d?_ntb=x%3D%3D",
    "HTTPS://LinkedIn.com/Sales/Lead/ACwAAAbC123/",
    "https://www.linkedin.com/sales/people/ACwAAAbC123",
    "https://www.linkedin.com/sales/people/ACwAAAbC123,NAME_SEARCH,zzzz#x",
    "linkedin.com/sales/people/ACwAAAbC123,undefined",
    "sales/lead/ACwAAAbC123",
];

const REFUSED: &[(&str, LinkedInError)] = &[
    ("", LinkedInError::Empty),
    (" \u{200b}\u{a0}", LinkedInError::Empty),
    ("\"\"", LinkedInError::Empty),
    ("jane-doe", LinkedInError::NotLinkedIn),
    ("n/a", LinkedInError::NotLinkedIn),
    ("https://example.com/in/jane", LinkedInError::NotLinkedIn),
    ("https://linkedin.com.example.com/in/jane", LinkedInError::NotLinkedIn),
    ("https://notlinkedin.com/in/jane", LinkedInError::NotLinkedIn),
    ("https://example.com/?u=linkedin.com/in/jane", LinkedInError::NotLinkedIn),
    ("https://lnkd.in/abcd", LinkedInError::NotLinkedIn),
    ("https://in/jane", LinkedInError::NotLinkedIn),
    ("https://www.linkedin.com/company/acme", LinkedInError::CompanyPage),
    ("linkedin.com/school/mit/", LinkedInError::CompanyPage),
    ("linkedin.com/showcase/acme-labs", LinkedInError::CompanyPage),
    ("linkedin.com/sales/company/123", LinkedInError::CompanyPage),
    ("https://www.linkedin.com", LinkedInError::NotAProfile),
    ("https://www.linkedin.com/pub/jane-doe/1/2/3", LinkedInError::NotAProfile),
    ("https://www.linkedin.com/profile/view?id=123", LinkedInError::NotAProfile),
    ("https://www.linkedin.com/feed/update/urn:li:activity:1", LinkedInError::NotAProfile),
    ("https://www.linkedin.com/posts/jane-doe_hello", LinkedInError::NotAProfile),
    ("https://www.linkedin.com/sales/search/people?query=x", LinkedInError::NotAProfile),
    ("https://www.linkedin.com/in/", LinkedInError::NoSlug),
    ("https://www.linkedin.com/in/?trk=x", LinkedInError::NoSlug),
    ("linkedin.com/sales/lead/", LinkedInError::NoSlug),
    ("linkedin.com/sales/lead/,NAME_SEARCH", LinkedInError::NoSlug),
    ("linkedin.com/in/-", LinkedInError::Slug),
    ("linkedin.com/in/jane doe", LinkedInError::Slug),
    ("linkedin.com/in/%E9t%E9", LinkedInError::Slug),
    ("linkedin.com/in/jane\0", LinkedInError::Slug),
    ("linkedin.com/in/100%", LinkedInError::Slug),
    ("linkedin.com/in/ann, linkedin.com/in/bob", LinkedInError::Slug),
    ("https://linkedin.com/in/ann https://linkedin.com/in/bob", LinkedInError::Slug),
    ("linkedin.com/sales/lead/ACw AAA", LinkedInError::Slug),
];

#[test]
fn links_to_one_profile_share_a_key() {
    for (slug, links) in SAME_PROFILE {
        for link in *links {
            let profile = LinkedInKey::parse(link).unwrap_or_else(|error| panic!("{link:?}: {error}"));
            assert_eq!(profile, LinkedInKey::Profile((*slug).to_owned()), "{link:?}");
            assert_eq!(profile.url(), format!("https://www.linkedin.com/in/{slug}"));
            assert_eq!(LinkedInKey::parse(&profile.url()).unwrap().key(), profile.key());
        }
    }
}

#[test]
fn a_sales_navigator_lead_is_a_kind_of_its_own() {
    for link in SAME_LEAD {
        let lead = LinkedInKey::parse(link).unwrap_or_else(|error| panic!("{link:?}: {error}"));
        assert_eq!(lead, LinkedInKey::SalesNavigator("ACwAAAbC123".to_owned()), "{link:?}");
        assert_eq!(LinkedInKey::parse(&lead.url()).unwrap(), lead);
    }
    let lead = LinkedInKey::parse("linkedin.com/sales/lead/acwaaabc123").unwrap();
    let other_case = LinkedInKey::parse(SAME_LEAD[0]).unwrap();
    let profile = LinkedInKey::parse("linkedin.com/in/acwaaabc123").unwrap();
    assert_ne!(lead.key(), other_case.key());
    assert_ne!(lead.key(), profile.key());
    assert_eq!(lead.as_str(), profile.as_str());
}

#[test]
fn what_is_no_profile_says_why() {
    for (text, error) in REFUSED {
        assert_eq!(LinkedInKey::parse(text), Err(*error), "{text:?}");
    }
}
