//! Addresses as evidence about people: who may share one, and which are variants of one.

use super::fold::fold_value;
use crate::{EmailKey, EmailRules};

/// What is before the @ of mailboxes that belong to an office and not to a person, in letters alone; sorted.
const ROLES: &[&str] = &[
    "abuse",
    "accounting",
    "accounts",
    "accountspayable",
    "admin",
    "administracion",
    "administration",
    "administrator",
    "ap",
    "bestellung",
    "billing",
    "biuro",
    "booking",
    "bookings",
    "buchhaltung",
    "business",
    "careers",
    "comercial",
    "commercial",
    "compliance",
    "compras",
    "contabilidad",
    "contact",
    "contacto",
    "contactus",
    "contato",
    "customercare",
    "customerservice",
    "direction",
    "director",
    "donotreply",
    "dsgvo",
    "einkauf",
    "email",
    "empfang",
    "empleo",
    "enquiries",
    "enquiry",
    "events",
    "export",
    "facturacion",
    "factures",
    "feedback",
    "finance",
    "gdpr",
    "general",
    "hallo",
    "hello",
    "help",
    "helpdesk",
    "hola",
    "hostmaster",
    "hotel",
    "hr",
    "inbox",
    "info",
    "informacion",
    "information",
    "inquiries",
    "invoice",
    "invoices",
    "it",
    "jobs",
    "kancelaria",
    "kontakt",
    "kundenservice",
    "legal",
    "mail",
    "mailbox",
    "management",
    "marketing",
    "media",
    "newsletter",
    "noreply",
    "office",
    "operations",
    "order",
    "orders",
    "partners",
    "payroll",
    "personal",
    "poczta",
    "post",
    "postmaster",
    "praxis",
    "press",
    "presse",
    "privacy",
    "purchasing",
    "recepcion",
    "reception",
    "rechnung",
    "recruiting",
    "recruitment",
    "reservations",
    "rh",
    "rrhh",
    "sales",
    "secretaria",
    "secretariat",
    "security",
    "sekretariat",
    "service",
    "shop",
    "soporte",
    "spam",
    "sprzedaz",
    "staff",
    "studio",
    "subscriptions",
    "supplier",
    "support",
    "team",
    "tech",
    "technik",
    "test",
    "ufficio",
    "vendas",
    "ventas",
    "verkauf",
    "vertrieb",
    "web",
    "webmaster",
    "welcome",
    "zentrale",
];

/// One mailbox under every address that reaches it: without `+tag`, and at Google without dots.
///
/// Stronger than [`EmailKey`], which keeps them apart (R3): here it only makes suspects. Dots are folded at
/// every provider, since hardly any gives `jane.doe` and `janedoe` to two people.
pub(super) fn fold_mailbox(address: &str) -> String {
    let (local, domain) = split(address);
    let local = local.split('+').next().unwrap_or_default();
    let local: String = local.chars().filter(|character| !matches!(character, '.' | '_' | '-')).collect();
    let domain = if domain == "googlemail.com" { "gmail.com" } else { domain };
    format!("{local}@{domain}")
}

/// The canonical address of what was typed, or the folded text where it is no address but says something.
pub(super) fn canonical(typed: &str) -> Option<String> {
    EmailKey::parse_with(typed, EmailRules::default()).ok().map(|email| email.as_str().to_owned())
}

/// The two sides of a canonical address.
pub(super) fn split(address: &str) -> (&str, &str) {
    address.rsplit_once('@').unwrap_or((address, ""))
}

/// Whether an address belongs to an office: `info@`, `sales.uk@`, `office2@`. Several people read it.
pub(super) fn is_role(address: &str) -> bool {
    let (local, _) = split(address);
    let mut words = local.split(|character: char| !character.is_alphabetic()).filter(|word| !word.is_empty());
    // One word of an office is enough at the front; `jan.mail@` is a person.
    let Some(first) = words.next() else { return true };
    let joined: String = local.chars().filter(|character| character.is_alphabetic()).collect();
    is_listed(first) && words.all(|word| word.chars().count() <= 3 || is_listed(word)) || is_listed(&joined)
}

fn is_listed(word: &str) -> bool {
    ROLES.binary_search(&word).is_ok()
}

/// The names that a person wrote into an address, `jane.doe84@` → (`jane`, `doe`), where it shows two words.
///
/// For records that carry nothing but an address.
pub(super) fn names_in(address: &str) -> Option<(String, String)> {
    if is_role(address) {
        return None;
    }
    let (local, _) = split(address);
    let local = local.split('+').next().unwrap_or_default();
    let words: Vec<&str> = local.split(['.', '_']).collect();
    let [first, last] = words.as_slice() else { return None };
    let (first, last) = (fold_value(first), fold_value(last));
    let is_name = |word: &str| word.chars().count() >= 2 && word.chars().all(char::is_alphabetic);
    let last = last.trim_end_matches(|character: char| character.is_ascii_digit()).to_owned();
    (is_name(&first) && is_name(&last)).then_some((first, last))
}

/// What is before the @ without separators, tag and accents, as its owner takes it along to another provider.
pub(super) fn local_letters(address: &str) -> String {
    let (local, _) = split(address);
    let local = local.split('+').next().unwrap_or_default();
    local.chars().filter(|character| character.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_sorted() {
        assert!(ROLES.is_sorted());
    }

    #[test]
    fn knows_mailboxes_of_offices() {
        for role in
            ["info@x.com", "sales.uk@x.com", "office2@x.com", "no-reply@x.com", "customer.service@x.com", "123@x.com"]
        {
            assert!(is_role(role), "{role}");
        }
        for person in ["jane.doe@x.com", "ita@x.com", "jan.mail@x.com", "infoman@x.com"] {
            assert!(!is_role(person), "{person}");
        }
    }

    #[test]
    fn folds_what_reaches_the_same_mailbox() {
        assert_eq!(fold_mailbox("jane.doe+news@googlemail.com"), "janedoe@gmail.com");
        assert_eq!(fold_mailbox("jane_doe@acme.com"), fold_mailbox("jane.doe@acme.com"));
    }

    #[test]
    fn reads_names_where_an_address_shows_them() {
        assert_eq!(names_in("jane.doe84@x.com"), Some(("jane".to_owned(), "doe".to_owned())));
        assert_eq!(names_in("jdoe@x.com"), None);
        assert_eq!(names_in("sales.team@x.com"), None);
    }
}
