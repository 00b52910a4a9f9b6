//! Addresses, telephone numbers, profiles and employers.

use strsim::osa_distance;

use super::compare::Sums;
use super::comparison::{Feature, Level};
use super::frequencies::{Frequencies, TermKind};
use super::mailbox;
use super::model::{Chances, Weight, company as company_model, contact as contact_model};
use super::profile::{Field, Profile};
use super::similarity::{Nearness, texts};
use crate::is_free_mail;

/// Compares addresses, numbers and profiles; says how the addresses came out, and with how many bits.
pub(super) fn contact(
    one: &Profile,
    other: &Profile,
    frequencies: &Frequencies,
    sums: &mut Sums,
) -> Option<(Level, f64)> {
    let email = emails(one, other, frequencies);
    if let Some((level, weight)) = email {
        sums.add(Feature::Email, level, weight);
    }
    if let Some((level, weight)) = phones(one, other, frequencies) {
        sums.add(Feature::Phone, level, weight);
    }
    if let Some((level, weight)) = profiles(one, other, frequencies) {
        sums.add(Feature::LinkedIn, level, weight);
    }
    email.map(|(level, weight)| (level, weight.bits))
}

/// The nearest of all pairs of values, or nothing where one side has none.
fn nearest<'a>(
    one: impl Iterator<Item = &'a str>,
    other: impl Iterator<Item = &'a str> + Clone,
    compare: impl Fn(&'a str, &'a str) -> Option<(Level, Weight)>,
) -> Option<(Level, Weight)> {
    let pairs = one.flat_map(|value| other.clone().map(move |second| (value, second)));
    // Of two that say equally much the better level, so that the order of values does not show.
    pairs.filter_map(|(value, second)| compare(value, second)).reduce(|best, next| {
        let better = next.1.bits > best.1.bits || next.1.bits == best.1.bits && next.0 < best.0;
        if better { next } else { best }
    })
}

fn emails(one: &Profile, other: &Profile, frequencies: &Frequencies) -> Option<(Level, Weight)> {
    nearest(one.values(Field::Emails), other.values(Field::Emails), |address, second| {
        let same = address == second;
        if mailbox::is_role(address) || mailbox::is_role(second) {
            // An office mailbox beside a personal one is no different address of the person.
            return same.then_some((Level::Generic, Weight::NONE));
        }
        let folded = mailbox::fold_mailbox(address);
        if same || folded == mailbox::fold_mailbox(second) {
            let weight =
                shared(contact_model::EMAIL, contact_model::EMAIL_SHARED, TermKind::Mailbox, &folded, frequencies);
            return Some(match weight {
                None => (Level::Generic, Weight::NONE),
                Some(weight) if same => (Level::Same, weight),
                Some(weight) => (Level::Variant, weight.less(contact_model::EMAIL_VARIANT_LESS)),
            });
        }
        Some(near_addresses(address, second, one, other, frequencies))
    })
}

/// Two addresses that are not the same mailbox.
fn near_addresses(
    address: &str,
    second: &str,
    one: &Profile,
    other: &Profile,
    frequencies: &Frequencies,
) -> (Level, Weight) {
    let ((_, domain), (_, second_domain)) = (mailbox::split(address), mailbox::split(second));
    let (local, second_local) = (mailbox::local_letters(address), mailbox::local_letters(second));
    if local == second_local && local.chars().count() >= 5 {
        if is_near_domain(domain, second_domain) {
            return (Level::Typo, typo_weight(frequencies));
        }
        let of_names = [one, other].iter().any(|person| is_made_of_names(&local, person));
        let nameless =
            [one, other].iter().any(|person| person.names_from_email() || person.text(Field::Last).is_empty());
        let weight = if of_names && !nameless { contact_model::LOCAL_PART_OF_NAMES } else { contact_model::LOCAL_PART };
        return (Level::SameLocalPart, weight.weight());
    }
    if is_typo(&local, &second_local, domain, second_domain) {
        return (Level::Typo, typo_weight(frequencies));
    }
    (Level::Different, contact_model::EMAIL_DIFFERENT.weight())
}

/// Whether two domains are one mistyped, or one company's in two countries (`acme.com`, `acme.de`).
fn is_near_domain(domain: &str, second: &str) -> bool {
    let (label, second_label) = (first_label(domain), first_label(second));
    let same_label = label == second_label && label.len() >= 4;
    let is_free = is_free_mail(domain) && is_free_mail(second);
    let edits = if domain.len().abs_diff(second.len()) <= 3 { osa_distance(domain, second) } else { usize::MAX };
    !is_free && (same_label || edits <= domain.len().min(second.len()) / 6)
}

fn first_label(domain: &str) -> &str {
    domain.split('.').next().unwrap_or_default()
}

/// Whether one address looks like the other mistyped.
///
/// At providers of free mailboxes a digit is what tells `john.smith1@` from `john.smith2@`.
fn is_typo(local: &str, second_local: &str, domain: &str, second_domain: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|character| character.is_alphabetic()).collect::<String>();
    if is_free_mail(domain) && is_free_mail(second_domain) && letters(local) == letters(second_local) {
        return false;
    }
    if local.len().abs_diff(second_local.len()) > 2 || domain.len().abs_diff(second_domain.len()) > 2 {
        return false;
    }
    let length = local.chars().count().min(second_local.chars().count());
    let edits = osa_distance(local, second_local);
    let domain_edits = if domain == second_domain { 0 } else { osa_distance(domain, second_domain) };
    let allowed = if length >= 8 { 2 } else { usize::from(length >= 5) };
    edits <= allowed
        && (domain_edits == 0
            || domain_edits <= 2 && domain.len().min(second_domain.len()) >= 10 && edits + domain_edits <= 3)
}

fn typo_weight(frequencies: &Frequencies) -> Weight {
    // About as many others have a like address as have a like name in their company: one in five people has one.
    contact_model::EMAIL_TYPO.by_chance(0.2 / frequencies.population()).weight()
}

fn is_made_of_names(local: &str, person: &Profile) -> bool {
    let holds = |field: Field| {
        let mut words = person.text(field).split(' ').filter(|word| word.chars().count() >= 3);
        words.any(|word| local.contains(word))
    };
    holds(Field::First) || holds(Field::Last)
}

fn phones(one: &Profile, other: &Profile, frequencies: &Frequencies) -> Option<(Level, Weight)> {
    nearest(one.values(Field::Phones), other.values(Field::Phones), |number, second| {
        if number == second {
            let weight =
                shared(contact_model::PHONE, contact_model::PHONE_SHARED, TermKind::Phone, number, frequencies);
            return Some(weight.map_or((Level::Generic, Weight::NONE), |weight| (Level::Same, weight)));
        }
        Some(if osa_distance(number, second) == 1 {
            (Level::Typo, contact_model::PHONE_TYPO.weight())
        } else {
            (Level::Different, contact_model::PHONE_DIFFERENT.weight())
        })
    })
}

fn profiles(one: &Profile, other: &Profile, frequencies: &Frequencies) -> Option<(Level, Weight)> {
    nearest(one.values(Field::LinkedIn), other.values(Field::LinkedIn), |profile, second| {
        if profile == second {
            let weight = shared(
                contact_model::LINKEDIN,
                contact_model::LINKEDIN_SHARED,
                TermKind::LinkedIn,
                profile,
                frequencies,
            );
            return Some(weight.map_or((Level::Generic, Weight::NONE), |weight| (Level::Same, weight)));
        }
        // The first letter is the kind: a public profile and a Sales Navigator link cannot be compared.
        let comparable = profile.get(..1) == second.get(..1);
        comparable.then(|| (Level::Different, contact_model::LINKEDIN_DIFFERENT.weight()))
    })
}

/// The weight of a value that should be one person's own; `None` when so many have it that it is nobody's.
///
/// Of the first pairs with a value, `first_share` is two people. The more people have a value, the more of them
/// are others: the share grows with the square of their number until it is one.
fn shared(
    chances: Chances,
    first_share: f64,
    kind: TermKind,
    value: &str,
    frequencies: &Frequencies,
) -> Option<Weight> {
    if frequencies.count(kind, value) >= contact_model::GENERIC_FROM {
        return None;
    }
    let others = frequencies.others(kind, value, 1.0);
    let strangers = others * (first_share * others * others).min(1.0);
    Some(chances.by_chance(strangers / frequencies.population()).agreement())
}

/// Compares employers by name and by domain, whichever agrees better: they are one piece of evidence.
pub(super) fn company(
    one: &Profile,
    other: &Profile,
    frequencies: &Frequencies,
    email: Option<(Level, f64)>,
    sums: &mut Sums,
) {
    let by_name = compare_companies(one.text(Field::Company), other.text(Field::Company), frequencies);
    let (domain, second) = (one.text(Field::Domain), other.text(Field::Domain));
    // Whoever has an equal address at a company is there, too: the company was counted with the address.
    let counted_already = match email {
        Some((Level::Same | Level::Variant | Level::Typo, bits)) => bits.max(0.0),
        _ => 0.0,
    };
    let by_domain = common_domain(one, other).map(|common| {
        // A look-up has the counts of these two domains at hand, not of others a person has addresses at.
        let is_counted = common == domain || common == second;
        let share = if is_counted { frequencies.share(TermKind::Domain, common, company_model::EXPECTED) } else { 0.0 };
        (Level::Same, company_model::SAME.by_chance(share.max(company_model::EXPECTED)).agreement())
    });
    let best = match (by_name, by_domain) {
        // The rarer of two agreements.
        (Some(name), Some(domain)) => Some(if domain.1.bits > name.1.bits { domain } else { name }),
        (name, domain) => name.or(domain),
    };
    let best = best.or_else(|| {
        let named = [(one, second), (other, domain)].iter().any(|(person, domain)| names_domain(person, domain));
        let unlike = !domain.is_empty() && !second.is_empty() && domain != second;
        match (named, unlike) {
            (true, _) => Some((Level::Similar, company_model::SIMILAR.weight())),
            // Groups have many domains: half of what another name says.
            (false, true) => Some((Level::Different, company_model::DIFFERENT.weight().times(0.5))),
            _ => None,
        }
    });
    // Whoever shares a mailbox is no stranger for a company that is written or missing in another way.
    let against = |weight: Weight| weight.bits < 0.0 && counted_already > 0.0;
    if let Some((level, weight)) = best.filter(|(_, weight)| !against(*weight)) {
        // The greater of the two in full, of the lesser a part.
        let counted = (counted_already / weight.bits.abs().max(f64::MIN_POSITIVE)).min(1.0);
        let weight = weight.times(1.0 - (1.0 - company_model::BESIDE_EMAIL) * counted);
        sums.add(Feature::Company, level, weight);
    }
}

/// The least company domain that both have, as stated or behind an address.
///
/// All addresses count: an address that both have must never make the company look different.
fn common_domain<'a>(one: &'a Profile, other: &'a Profile) -> Option<&'a str> {
    fn domains(person: &Profile) -> impl Iterator<Item = &str> {
        let behind = person.values(Field::Emails).map(|address| mailbox::split(address).1);
        let own = behind.filter(|domain| !is_free_mail(domain));
        own.chain(std::iter::once(person.text(Field::Domain)).filter(|domain| !domain.is_empty()))
    }
    domains(one).filter(|domain| domains(other).any(|second| second == *domain)).min()
}

fn compare_companies(one: &str, other: &str, frequencies: &Frequencies) -> Option<(Level, Weight)> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let share = |name: &str| frequencies.share(TermKind::Company, name, company_model::EXPECTED);
    Some(match texts(one, other) {
        Nearness::Same => (Level::Same, company_model::SAME.by_chance(share(one)).agreement()),
        Nearness::Spelling => (Level::Variant, company_model::SAME.by_chance(share(one).max(share(other))).agreement()),
        Nearness::Typo => (Level::Typo, company_model::SIMILAR.weight()),
        Nearness::Part => (Level::Part, company_model::SIMILAR.weight()),
        _ => (Level::Different, company_model::DIFFERENT.weight()),
    })
}

/// Whether the company of a person who shows no domain is the label of the other's domain.
fn names_domain(person: &Profile, domain: &str) -> bool {
    let company = person.text(Field::Company);
    let label = domain.split('.').next().unwrap_or_default();
    person.text(Field::Domain).is_empty()
        && company.len() >= 4
        && label.chars().filter(|character| *character != '-').eq(company.chars().filter(|character| *character != ' '))
}
