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

/// Compares addresses, numbers and profiles; says how the addresses came out.
pub(super) fn contact(one: &Profile, other: &Profile, frequencies: &Frequencies, sums: &mut Sums) -> Option<Level> {
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
    email.map(|(level, _)| level)
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
    let label = |domain: &'_ str| domain.split('.').next().map(str::len).unwrap_or_default();
    let same_label = label(domain) >= 4 && domain.get(..=label(domain)) == second.get(..=label(domain));
    let is_free = is_free_mail(domain) && is_free_mail(second);
    let edits = if domain.len().abs_diff(second.len()) <= 3 { osa_distance(domain, second) } else { usize::MAX };
    !is_free && (same_label || edits <= domain.len().min(second.len()) / 6)
}

/// Whether one address looks like the other mistyped.
///
/// At providers of free mailboxes a digit is what tells `john.smith1@` from `john.smith2@`.
fn is_typo(local: &str, second_local: &str, domain: &str, second_domain: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|character| character.is_alphabetic()).collect::<String>();
    if is_free_mail(domain) && letters(local) == letters(second_local) {
        return false;
    }
    if local.len().abs_diff(second_local.len()) > 2 || domain.len().abs_diff(second_domain.len()) > 2 {
        return false;
    }
    let length = local.chars().count().min(second_local.chars().count());
    let edits = osa_distance(local, second_local);
    let domain_edits = if domain == second_domain { 0 } else { osa_distance(domain, second_domain) };
    let allowed = if length >= 8 { 2 } else { usize::from(length >= 5) };
    edits <= allowed && (domain_edits == 0 || domain_edits <= 2 && domain.len() >= 10 && edits + domain_edits <= 3)
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
    email: Option<Level>,
    sums: &mut Sums,
) {
    let by_name = compare_companies(one.text(Field::Company), other.text(Field::Company), frequencies);
    let (domain, second) = (one.text(Field::Domain), other.text(Field::Domain));
    // Whoever has an equal address at a company is there, too: the company was counted with the address.
    let counted_already = matches!(email, Some(Level::Same | Level::Variant | Level::Typo));
    let by_domain = (!domain.is_empty() && domain == second).then(|| {
        let share = frequencies.share(TermKind::Domain, domain, company_model::EXPECTED);
        (Level::Same, company_model::SAME.by_chance(share).agreement())
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
    if let Some((level, weight)) = best {
        let weight = if counted_already { weight.times(company_model::BESIDE_EMAIL) } else { weight };
        sums.add(Feature::Company, level, weight);
    }
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
